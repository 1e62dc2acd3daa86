"""What may come: baselines, trees, recurrence, ensembles. They come with the forecasting work."""
