"""Toguna: early warning and early response for conflict prevention."""

__version__ = "0.1.0"
