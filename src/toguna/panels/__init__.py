"""Events counted by area and month. They come with the forecasts."""
