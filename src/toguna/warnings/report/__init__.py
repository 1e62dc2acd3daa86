"""How warnings were answered, and what came after them. Called by ``toguna ledger report`` and the replay."""
