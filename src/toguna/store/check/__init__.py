"""Say what is wrong with a theatre pack, row by row. Called by `toguna theatre check`."""

from __future__ import annotations

from toguna.store.check.pack import check_theatre

__all__ = ["check_theatre"]
