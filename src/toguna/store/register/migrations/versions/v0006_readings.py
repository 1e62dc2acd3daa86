"""Texts that are read in the room: where they are from, their drafts, what was decided on them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision: str | None = "0005"
branch_labels: str | None = None
depends_on: str | None = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "reading",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("uuid", sa.String(36), nullable=False),
        sa.Column("theatre", sa.String(64), nullable=False),
        sa.Column("lang", sa.String(8), nullable=False),
        sa.Column("published", sa.String(10)),
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("reader", sa.String(64), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("words_sealed", sa.Text),
        sa.Column("words_kept", sa.Boolean, nullable=False),
        sa.Column("reliability", sa.String(1), nullable=False),
        sa.Column("credibility", sa.String(1), nullable=False),
        sa.Column("sensitivity", sa.String(16), nullable=False),
        sa.Column("read_by", sa.String(64), nullable=False),
        sa.Column("read_at", sa.String(40), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_reading"),
        sa.UniqueConstraint("uuid", name="uq_reading_uuid"),
    )
    op.create_index("ix_reading_theatre", "reading", ["theatre"])
    _drafts()
    op.create_table(
        "reading_change",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("draft_id", sa.Integer, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("at", sa.String(40), nullable=False),
        sa.Column("by", sa.String(64), nullable=False),
        sa.Column("act", sa.String(16), nullable=False),
        sa.Column("corrections", sa.Text, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.ForeignKeyConstraint(
            ["draft_id"], ["reading_draft.id"], name="fk_reading_change_draft_id_reading_draft"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_reading_change"),
        sa.UniqueConstraint("draft_id", "version", name="uq_reading_change_draft_id"),
    )


def _drafts() -> None:
    op.create_table(
        "reading_draft",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("reading_id", sa.Integer, nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("told", sa.Text, nullable=False),
        sa.Column("decided", sa.Text, nullable=False),
        sa.Column("why", sa.String(16), nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("submission_id", sa.Integer),
        sa.Column("decided_by", sa.String(64), nullable=False),
        sa.Column("decided_at", sa.String(40)),
        sa.ForeignKeyConstraint(["reading_id"], ["reading.id"], name="fk_reading_draft_reading_id_reading"),
        sa.ForeignKeyConstraint(
            ["submission_id"], ["submission.id"], name="fk_reading_draft_submission_id_submission"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_reading_draft"),
        sa.UniqueConstraint("reading_id", "number", name="uq_reading_draft_reading_id"),
    )


def downgrade() -> None:
    """Drop the tables."""
    for table in ("reading_change", "reading_draft", "reading"):
        op.drop_table(table)
