"""The ledger from warning to decision, action and outcome. It comes with the response work."""
