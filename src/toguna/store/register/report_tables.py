"""The tables of field reports that were sent through the room. Changes go through migrations.

No table says in the clear who reported: `reporter` is a code made with the key of the home, `reporter_sealed`
opens with that key alone. Texts were masked before they came here. Moments are UTC, ISO.
"""

from __future__ import annotations

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from toguna.store.register.models import Base

__all__ = ["Photo", "Submission", "SubmissionChange"]


class Submission(Base):
    """One field report as it stands now; how it came to stand so is in `SubmissionChange`."""

    __tablename__ = "submission"
    __table_args__ = (
        Index("ix_submission_theatre", "theatre", "state"),
        Index("ix_submission_reporter", "reporter"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    uuid: Mapped[str] = mapped_column(String(36), unique=True)
    theatre: Mapped[str] = mapped_column(String(64))
    state: Mapped[str] = mapped_column(String(16))
    version: Mapped[int]
    reporter: Mapped[str] = mapped_column(String(40))
    reporter_sealed: Mapped[str] = mapped_column(Text)
    lang: Mapped[str] = mapped_column(String(2))
    sent_at: Mapped[str] = mapped_column(String(40))
    received_at: Mapped[str] = mapped_column(String(40))
    answers: Mapped[str] = mapped_column(Text)
    digest: Mapped[str] = mapped_column(String(64))
    reason: Mapped[str] = mapped_column(Text)
    merged_into: Mapped[str | None] = mapped_column(String(200))
    reviewed_by: Mapped[str] = mapped_column(String(64))
    reviewed_at: Mapped[str | None] = mapped_column(String(40))


class SubmissionChange(Base):
    """One thing that happened to a report; never changed, never deleted.

    `answers` is the whole telling after the change, `known_on` the day from which the archive may tell it;
    both stand only where the change makes a telling of the archive.
    """

    __tablename__ = "submission_change"
    __table_args__ = (UniqueConstraint("submission_id", "version"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    submission_id: Mapped[int] = mapped_column(ForeignKey("submission.id"))
    version: Mapped[int]
    at: Mapped[str] = mapped_column(String(40))
    by: Mapped[str] = mapped_column(String(64))
    act: Mapped[str] = mapped_column(String(16))
    corrections: Mapped[str] = mapped_column(Text)
    reason: Mapped[str] = mapped_column(Text)
    answers: Mapped[str | None] = mapped_column(Text)
    known_on: Mapped[str | None] = mapped_column(String(10))


class Photo(Base):
    """One photo of a report; the file lies in the home under its digest."""

    __tablename__ = "submission_photo"
    __table_args__ = (UniqueConstraint("submission_id", "sha256"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    submission_id: Mapped[int] = mapped_column(ForeignKey("submission.id"))
    sha256: Mapped[str] = mapped_column(String(64))
    width: Mapped[int]
    height: Mapped[int]
    bytes: Mapped[int]
