"""The register: the SQL database of what people and runs wrote (SQLAlchemy 2, Alembic; SQLite or
PostgreSQL).

Called by `toguna.store.home`.
"""

from __future__ import annotations

from toguna.store.register.database import Register

__all__ = ["Register"]
