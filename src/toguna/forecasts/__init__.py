"""What may come: baselines, trees, and an ensemble that is weighed on past forecasts.

Enters: a `Panel` that ends at the origin. Leaves: `Forecast` (draws). Called by the benches and the
command line.
"""
