"""The entries of the ledger: warnings, decisions, lessons, one chain."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision: str | None = "0002"
branch_labels: str | None = None
depends_on: str | None = None


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "ledger_entry",
        sa.Column("seq", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("theatre", sa.String(64), nullable=False),
        sa.Column("subject", sa.String(96), nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("by", sa.String(200), nullable=False),
        sa.Column("happened_at", sa.String(40), nullable=False),
        sa.Column("recorded_at", sa.String(40), nullable=False),
        sa.Column("body", sa.Text, nullable=False),
        sa.Column("previous", sa.String(64), nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
        sa.Column("signature", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("seq", name="pk_ledger_entry"),
        sa.UniqueConstraint("previous", name="uq_ledger_entry_previous"),
    )
    op.create_index("ix_ledger_entry_subject", "ledger_entry", ["subject"])


def downgrade() -> None:
    """Drop the table."""
    op.drop_table("ledger_entry")
