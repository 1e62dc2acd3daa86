"""The first tables: ingestions and their findings, actors, relations, runs."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision: str | None = None
branch_labels: str | None = None
depends_on: str | None = None


def upgrade() -> None:
    """Make the tables."""
    _ingestions()
    _actors()
    _relations_and_runs()


def downgrade() -> None:
    """Drop the tables."""
    for name in ("run", "relation", "actor_name", "actor", "finding", "ingestion"):
        op.drop_table(name)


def _ingestions() -> None:
    op.create_table(
        "ingestion",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("source", sa.String(64), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("version", sa.String(64), nullable=False),
        sa.Column("file_name", sa.String, nullable=False),
        sa.Column("published_at", sa.String(10)),
        sa.Column("ingested_at", sa.String(40), nullable=False),
        sa.Column("account", sa.String, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_ingestion"),
        sa.UniqueConstraint("source", "sha256", name="uq_ingestion_source"),
    )
    op.create_table(
        "finding",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("ingestion_id", sa.Integer, nullable=False),
        sa.Column("code", sa.String(64), nullable=False),
        sa.Column("severity", sa.String(16), nullable=False),
        sa.Column("place", sa.String, nullable=False),
        sa.Column("row", sa.Integer),
        sa.Column("field", sa.String),
        sa.Column("found", sa.String, nullable=False),
        sa.Column("expected", sa.String, nullable=False),
        sa.Column("repair", sa.String, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_finding"),
        sa.ForeignKeyConstraint(
            ["ingestion_id"], ["ingestion.id"], name="fk_finding_ingestion_id_ingestion", ondelete="CASCADE"
        ),
    )
    op.create_index("ix_finding_ingestion_id", "finding", ["ingestion_id"])


def _actors() -> None:
    op.create_table(
        "actor",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("theatre", sa.String(64), nullable=False),
        sa.Column("code", sa.String(64), nullable=False),
        sa.Column("kind", sa.String(64), nullable=False),
        sa.Column("active_from", sa.String(10)),
        sa.Column("active_to", sa.String(10)),
        sa.Column("sources", sa.String, nullable=False),
        sa.Column("note", sa.String),
        sa.Column("recorded_at", sa.String(40), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_actor"),
        sa.UniqueConstraint("theatre", "code", name="uq_actor_theatre"),
    )
    op.create_table(
        "actor_name",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("actor_id", sa.Integer, nullable=False),
        sa.Column("name", sa.String, nullable=False),
        sa.Column("recorded_at", sa.String(40), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_actor_name"),
        sa.ForeignKeyConstraint(
            ["actor_id"], ["actor.id"], name="fk_actor_name_actor_id_actor", ondelete="CASCADE"
        ),
        sa.UniqueConstraint("actor_id", "name", name="uq_actor_name_actor_id"),
    )


def _relations_and_runs() -> None:
    op.create_table(
        "relation",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("theatre", sa.String(64), nullable=False),
        sa.Column("actor_a", sa.String(64), nullable=False),
        sa.Column("kind", sa.String(64), nullable=False),
        sa.Column("actor_b", sa.String(64), nullable=False),
        sa.Column("from_date", sa.String(10)),
        sa.Column("to_date", sa.String(10)),
        sa.Column("contested", sa.Boolean, nullable=False),
        sa.Column("sources", sa.String, nullable=False),
        sa.Column("note", sa.String),
        sa.Column("recorded_at", sa.String(40), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_relation"),
    )
    op.create_index("ix_relation_theatre", "relation", ["theatre"])
    op.create_table(
        "run",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("theatre", sa.String(64), nullable=False),
        sa.Column("as_of", sa.String(10), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("seed", sa.BigInteger, nullable=False),
        sa.Column("code_version", sa.String(64), nullable=False),
        sa.Column("inputs", sa.String, nullable=False),
        sa.Column("parameters", sa.String, nullable=False),
        sa.Column("folder", sa.String),
        sa.Column("made_at", sa.String(40), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_run"),
    )
    op.create_index("ix_run_theatre", "run", ["theatre"])
