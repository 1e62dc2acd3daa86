"""Everything again as of a past date: backtests, lead times, false alarms. It comes with the forecasts."""
