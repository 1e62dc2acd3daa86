"""Forecasts of a theatre at a date: by country, area or cell, for deaths and incidents, with their record.

Enters: events known at a date, a theatre, a seed. Leaves: an `Outlook`. Called by `toguna.room`, the command
line and the replay; see `toguna.forecasts.outlook.outlook`.
"""
