"""Recurrence: how likely is another attack of a kind, in a place, within some months?

Enters: a `toguna.shifts.sample.Sample` of one population, what is asked, a date. Leaves: `Recurrence`
values, each with probability, interval, expected number, and the record of every model that competed.
Called by the verb `recurrence`; `toguna.forecasts.recurrence.recur.recur` is the way in.
"""
