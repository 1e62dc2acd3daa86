"""What a reader noted of a text stays with its drafts: what a model said and the text did not bear out."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision: str | None = "0007"
branch_labels: str | None = None
depends_on: str | None = None


def upgrade() -> None:
    """Add the column; of texts that were read before nothing is known."""
    op.add_column("reading", sa.Column("notes", sa.Text, nullable=False, server_default="[]"))


def downgrade() -> None:
    """Drop the column."""
    op.drop_column("reading", "notes")
