"""The tables of the register. Changes go through `migrations/versions`; a test compares the two.

Days are ISO text ("2015-11", too, where a statement may be vague); moments are UTC, ISO.
"""

from __future__ import annotations

from sqlalchemy import BigInteger, ForeignKey, Index, MetaData, String, Text, UniqueConstraint
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

__all__ = [
    "ActorName",
    "ActorRow",
    "Base",
    "FindingRow",
    "Ingestion",
    "LedgerEntry",
    "LinkStatement",
    "RelationRow",
    "Run",
]

_NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_name)s",
    "uq": "uq_%(table_name)s_%(column_0_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    """Base of every table."""

    metadata = MetaData(naming_convention=_NAMING)


class Ingestion(Base):
    """One release that was taken in, with its account as JSON."""

    __tablename__ = "ingestion"
    __table_args__ = (UniqueConstraint("source", "sha256"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    source: Mapped[str] = mapped_column(String(64))
    sha256: Mapped[str] = mapped_column(String(64))
    version: Mapped[str] = mapped_column(String(64))
    file_name: Mapped[str]
    published_at: Mapped[str | None] = mapped_column(String(10))
    ingested_at: Mapped[str] = mapped_column(String(40))
    account: Mapped[str]


class FindingRow(Base):
    """One finding of an ingestion."""

    __tablename__ = "finding"
    __table_args__ = (Index("ix_finding_ingestion_id", "ingestion_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    ingestion_id: Mapped[int] = mapped_column(ForeignKey("ingestion.id", ondelete="CASCADE"))
    code: Mapped[str] = mapped_column(String(64))
    severity: Mapped[str] = mapped_column(String(16))
    place: Mapped[str]
    row: Mapped[int | None]
    field: Mapped[str | None]
    found: Mapped[str]
    expected: Mapped[str]
    repair: Mapped[str]


class ActorRow(Base):
    """One organisation that users added to a theatre."""

    __tablename__ = "actor"
    __table_args__ = (UniqueConstraint("theatre", "code"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    theatre: Mapped[str] = mapped_column(String(64))
    code: Mapped[str] = mapped_column(String(64))
    kind: Mapped[str] = mapped_column(String(64))
    active_from: Mapped[str | None] = mapped_column(String(10))
    active_to: Mapped[str | None] = mapped_column(String(10))
    sources: Mapped[str]
    note: Mapped[str | None]
    recorded_at: Mapped[str] = mapped_column(String(40))


class ActorName(Base):
    """One name or spelling of an organisation."""

    __tablename__ = "actor_name"
    __table_args__ = (UniqueConstraint("actor_id", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    actor_id: Mapped[int] = mapped_column(ForeignKey("actor.id", ondelete="CASCADE"))
    name: Mapped[str]
    recorded_at: Mapped[str] = mapped_column(String(40))


class RelationRow(Base):
    """One dated, sourced statement about two actors that users added."""

    __tablename__ = "relation"
    __table_args__ = (Index("ix_relation_theatre", "theatre"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    theatre: Mapped[str] = mapped_column(String(64))
    actor_a: Mapped[str] = mapped_column(String(64))
    kind: Mapped[str] = mapped_column(String(64))
    actor_b: Mapped[str] = mapped_column(String(64))
    from_date: Mapped[str | None] = mapped_column(String(10))
    to_date: Mapped[str | None] = mapped_column(String(10))
    contested: Mapped[bool] = mapped_column(default=False)
    sources: Mapped[str]
    note: Mapped[str | None]
    recorded_at: Mapped[str] = mapped_column(String(40))


class Run(Base):
    """One assessment that was made: what went in, and the digest of what came out."""

    __tablename__ = "run"
    __table_args__ = (Index("ix_run_theatre", "theatre"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    theatre: Mapped[str] = mapped_column(String(64))
    as_of: Mapped[str] = mapped_column(String(10))
    digest: Mapped[str] = mapped_column(String(64))
    seed: Mapped[int] = mapped_column(BigInteger)
    code_version: Mapped[str] = mapped_column(String(64))
    inputs: Mapped[str]
    parameters: Mapped[str]
    folder: Mapped[str | None]
    made_at: Mapped[str] = mapped_column(String(40))


class LinkStatement(Base):
    """One statement that two events tell of the same incident, or do not; never changed, only followed."""

    __tablename__ = "link_statement"
    __table_args__ = (Index("ix_link_statement_theatre", "theatre"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    theatre: Mapped[str] = mapped_column(String(64))
    event_a: Mapped[str]
    event_b: Mapped[str]
    verdict: Mapped[str] = mapped_column(String(16))
    speaks: Mapped[str | None]
    stated_by: Mapped[str] = mapped_column(String(64))
    reason: Mapped[str]
    sources: Mapped[str]
    recorded_at: Mapped[str] = mapped_column(String(40))


class LedgerEntry(Base):
    """One entry of the ledger; never changed, never deleted: see `toguna.warnings.ledger`."""

    __tablename__ = "ledger_entry"
    __table_args__ = (UniqueConstraint("previous"), Index("ix_ledger_entry_subject", "subject"))

    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    theatre: Mapped[str] = mapped_column(String(64))
    subject: Mapped[str] = mapped_column(String(96))
    kind: Mapped[str] = mapped_column(String(32))
    by: Mapped[str] = mapped_column(String(200))
    happened_at: Mapped[str] = mapped_column(String(40))
    recorded_at: Mapped[str] = mapped_column(String(40))
    body: Mapped[str] = mapped_column(Text)
    previous: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64))
    signature: Mapped[str] = mapped_column(String(64))
