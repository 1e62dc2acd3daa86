"""Statements about which events tell of the same incident."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision: str | None = "0001"
branch_labels: str | None = None
depends_on: str | None = None


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "link_statement",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("theatre", sa.String(64), nullable=False),
        sa.Column("event_a", sa.String, nullable=False),
        sa.Column("event_b", sa.String, nullable=False),
        sa.Column("verdict", sa.String(16), nullable=False),
        sa.Column("speaks", sa.String),
        sa.Column("stated_by", sa.String(64), nullable=False),
        sa.Column("reason", sa.String, nullable=False),
        sa.Column("sources", sa.String, nullable=False),
        sa.Column("recorded_at", sa.String(40), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_link_statement"),
    )
    op.create_index("ix_link_statement_theatre", "link_statement", ["theatre"])


def downgrade() -> None:
    """Drop the table."""
    op.drop_table("link_statement")
