"""What was done, what could be done, what it costs and whether it worked."""
