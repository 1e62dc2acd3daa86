"""The register: the SQL database of what people and runs wrote (SQLAlchemy 2, Alembic; SQLite or
PostgreSQL).

Called by `toguna.store.home`.
"""

from __future__ import annotations

# Imported for its tables: whoever lists them (migrations, copies of a home) must see all.
from toguna.store.register import account_tables as account_tables
from toguna.store.register import reading_tables as reading_tables
from toguna.store.register import report_tables as report_tables
from toguna.store.register.database import Register

__all__ = ["Register"]
