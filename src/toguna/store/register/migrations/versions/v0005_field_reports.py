"""Field reports that are sent through the room: as they stand, what happened to them, their photos."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision: str | None = "0004"
branch_labels: str | None = None
depends_on: str | None = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "submission",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("uuid", sa.String(36), nullable=False),
        sa.Column("theatre", sa.String(64), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("reporter", sa.String(40), nullable=False),
        sa.Column("reporter_sealed", sa.Text, nullable=False),
        sa.Column("lang", sa.String(2), nullable=False),
        sa.Column("sent_at", sa.String(40), nullable=False),
        sa.Column("received_at", sa.String(40), nullable=False),
        sa.Column("answers", sa.Text, nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("merged_into", sa.String(200)),
        sa.Column("reviewed_by", sa.String(64), nullable=False),
        sa.Column("reviewed_at", sa.String(40)),
        sa.PrimaryKeyConstraint("id", name="pk_submission"),
        sa.UniqueConstraint("uuid", name="uq_submission_uuid"),
    )
    op.create_index("ix_submission_theatre", "submission", ["theatre", "state"])
    op.create_index("ix_submission_reporter", "submission", ["reporter"])
    _owned(
        "submission_change",
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("at", sa.String(40), nullable=False),
        sa.Column("by", sa.String(64), nullable=False),
        sa.Column("act", sa.String(16), nullable=False),
        sa.Column("corrections", sa.Text, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("answers", sa.Text),
        sa.Column("known_on", sa.String(10)),
        sa.UniqueConstraint("submission_id", "version", name="uq_submission_change_submission_id"),
    )
    _owned(
        "submission_photo",
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("width", sa.Integer, nullable=False),
        sa.Column("height", sa.Integer, nullable=False),
        sa.Column("bytes", sa.Integer, nullable=False),
        sa.UniqueConstraint("submission_id", "sha256", name="uq_submission_photo_submission_id"),
    )


def _owned(table: str, *columns: sa.schema.SchemaItem) -> None:
    op.create_table(
        table,
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("submission_id", sa.Integer, nullable=False),
        *columns,
        sa.ForeignKeyConstraint(
            ["submission_id"], ["submission.id"], name=f"fk_{table}_submission_id_submission"
        ),
        sa.PrimaryKeyConstraint("id", name=f"pk_{table}"),
    )


def downgrade() -> None:
    """Drop the tables."""
    for table in ("submission_photo", "submission_change", "submission"):
        op.drop_table(table)
