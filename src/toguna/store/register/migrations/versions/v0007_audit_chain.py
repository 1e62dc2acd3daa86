"""The audit is a chain: hash of the entry before, own hash, signature. Entries of before are sealed later."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision: str | None = "0006"
branch_labels: str | None = None
depends_on: str | None = None

_SEALS = ("previous", "hash", "signature")


def upgrade() -> None:
    """Add the columns; the key that signs is none of the database's, so they stay empty here."""
    for name in _SEALS:
        op.add_column("audit_entry", sa.Column(name, sa.String(64)))
    op.create_index("ix_audit_entry_previous", "audit_entry", ["previous"], unique=True)


def downgrade() -> None:
    """Drop the columns."""
    op.drop_index("ix_audit_entry_previous", "audit_entry")
    for name in reversed(_SEALS):
        op.drop_column("audit_entry", name)
