"""Plans: which measures, where and when, under a budget, rules and honest doubt about effects.

Enters: draws of harm, need, priors of effects, costs, limits, rules. Leaves: a `Plan` with what it is worth,
what binds it and what would change it. Called by `toguna.room` and the command line.
"""
