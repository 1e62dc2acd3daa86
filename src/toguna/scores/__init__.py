"""Proper scoring rules: pure numpy, no I/O. They come with the forecasts."""
