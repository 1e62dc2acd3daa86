"""The tables of texts that were read in the room, and of the drafts that wait for a person.

The words of a text are sealed with a key of the home and stand here only while drafts of it are open, unless
whoever read it said that its licence allows keeping them. Moments are UTC, ISO. Changes go through
migrations.
"""

from __future__ import annotations

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from toguna.store.register.models import Base

__all__ = ["Reading", "ReadingChange", "ReadingDraft"]


class Reading(Base):
    """One text that was read: its source, its grades, and its words as long as they may be kept.

    `notes` is what the reader noted, as JSON: what a model said and the text did not bear out, without
    any word of either.
    """

    __tablename__ = "reading"
    __table_args__ = (Index("ix_reading_theatre", "theatre"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    uuid: Mapped[str] = mapped_column(String(36), unique=True)
    theatre: Mapped[str] = mapped_column(String(64))
    lang: Mapped[str] = mapped_column(String(8))
    published: Mapped[str | None] = mapped_column(String(10))
    source: Mapped[str] = mapped_column(Text)
    title: Mapped[str] = mapped_column(Text)
    reader: Mapped[str] = mapped_column(String(64))
    digest: Mapped[str] = mapped_column(String(64))
    words_sealed: Mapped[str | None] = mapped_column(Text)
    words_kept: Mapped[bool]
    reliability: Mapped[str] = mapped_column(String(1))
    credibility: Mapped[str] = mapped_column(String(1))
    sensitivity: Mapped[str] = mapped_column(String(16))
    read_by: Mapped[str] = mapped_column(String(64))
    read_at: Mapped[str] = mapped_column(String(40))
    notes: Mapped[str] = mapped_column(Text, server_default="[]")


class ReadingDraft(Base):
    """One draft of a text as it stands now; how it came to stand so is in `ReadingChange`.

    `told` is what the reader proposed, with spans, confidence and features; `decided` what the reviewer made
    of it. An accepted incident names the report (`submission_id`) that it became.
    """

    __tablename__ = "reading_draft"
    __table_args__ = (UniqueConstraint("reading_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    reading_id: Mapped[int] = mapped_column(ForeignKey("reading.id"))
    number: Mapped[int]
    kind: Mapped[str] = mapped_column(String(16))
    state: Mapped[str] = mapped_column(String(16))
    version: Mapped[int]
    told: Mapped[str] = mapped_column(Text)
    decided: Mapped[str] = mapped_column(Text)
    why: Mapped[str] = mapped_column(String(16))
    reason: Mapped[str] = mapped_column(Text)
    submission_id: Mapped[int | None] = mapped_column(ForeignKey("submission.id"))
    decided_by: Mapped[str] = mapped_column(String(64))
    decided_at: Mapped[str | None] = mapped_column(String(40))


class ReadingChange(Base):
    """One decision on a draft; never changed, never deleted while the text stands."""

    __tablename__ = "reading_change"
    __table_args__ = (UniqueConstraint("draft_id", "version"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    draft_id: Mapped[int] = mapped_column(ForeignKey("reading_draft.id"))
    version: Mapped[int]
    at: Mapped[str] = mapped_column(String(40))
    by: Mapped[str] = mapped_column(String(64))
    act: Mapped[str] = mapped_column(String(16))
    corrections: Mapped[str] = mapped_column(Text)
    reason: Mapped[str] = mapped_column(Text)
