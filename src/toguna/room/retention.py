"""How long the room keeps what people left in it, and the deletion of what is older.

Enters: a home, the moment. Leaves: what is to go, or went. Called by ``toguna retain`` and, once a day, by
the room. Events, warnings and the ledger are never deleted: they are the memory of the house. The days stand
in the section `[retention]` of home.toml; what is not named there has its default.
"""

from __future__ import annotations

import shutil
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from toguna.accounts.audit import note
from toguna.accounts.auditchain import forget
from toguna.accounts.moments import written
from toguna.core.errors import StoreError
from toguna.room.reporting.photos import FOLDER as PHOTOS
from toguna.store.home import Home
from toguna.store.register.account_tables import (
    AccountLink,
    AccountSession,
    AccountToken,
    LoginFailures,
)
from toguna.store.register.reading_tables import Reading, ReadingDraft
from toguna.store.register.report_tables import Photo, Submission, SubmissionChange

__all__ = ["DEFAULTS", "Old", "retain", "settings_of"]

DEFAULTS = {
    "failed-log-ins": 30,
    "sessions": 30,
    "links": 30,
    "keys": 90,
    "reads": 730,
    "rejected-reports": 180,
    "words-of-texts": 30,
    "photos": 365,
    "days-stepped-to": 30,
}
"""Days. Sessions, links and keys count from the moment they end or were last used; photos from the review."""

_LEAST, _MOST = 1, 36500


@dataclass(frozen=True, slots=True)
class Old:
    """What of one kind is older than its days: kind, days, how many."""

    kind: str
    days: int
    n: int


def settings_of(home: Home) -> dict[str, int]:
    """Return the days of every kind.

    Raises
    ------
    StoreError
        home.toml names a kind that there is not, or something else than days.
    """
    file = home.path / "home.toml"
    try:
        told: dict[str, int] = tomllib.loads(file.read_text(encoding="utf-8")).get("retention", {})
    except FileNotFoundError:
        return dict(DEFAULTS)
    except (OSError, ValueError) as error:
        raise StoreError(f"{file} cannot be read: {error}.") from None
    for kind, days in told.items():
        sound = isinstance(days, int) and not isinstance(days, bool) and _LEAST <= days <= _MOST
        if kind not in DEFAULTS or not sound:
            raise StoreError(
                f"{file} holds retention.{kind} = {days!r}; expected a number of days from {_LEAST} to "
                f"{_MOST} for one of {', '.join(DEFAULTS)}."
            )
    return DEFAULTS | told


def retain(home: Home, now: datetime, *, do: bool, by: str = "") -> list[Old]:
    """Find what is older than its days, and delete it when `do` is set.

    Parameters
    ----------
    home : Home
        Whose register and files.
    now : datetime
        The moment, in UTC.
    do : bool
        Whether to delete; else only to say.
    by : str
        Who asks, for the audit; "" for the room itself.
    """
    days = settings_of(home)
    before = {kind: now - timedelta(days=n) for kind, n in days.items()}
    with home.register.write() as session:
        counted = {kind: _rows(session, kind, written(moment), do) for kind, moment in before.items()}
        counted["reads"] = forget(session, written(before["reads"]), at=written(now), do=do)
        gone = _photos(session, home, before=written(before["photos"]))
        counted["photos"] = len(gone)
        if do:
            _forget_photos(session, gone)
            told = ", ".join(f"{kind} {n}" for kind, n in counted.items() if n)
            if told:
                note(session, now, by, "retention", told)
    if do:  # after the commit: a file without its row is found again the next time
        _remove_files(home, gone)
    stepped = list(_stepped(home, now.date(), before["days-stepped-to"]))
    counted["days-stepped-to"] = len(stepped)
    for pointer in stepped if do else ():
        pointer.unlink(missing_ok=True)
        for folder in pointer.parent.glob(f"{pointer.stem}-*"):
            shutil.rmtree(folder, ignore_errors=True)
    return [Old(kind, days[kind], counted[kind]) for kind in DEFAULTS]


def _rows(session: Session, kind: str, before: str, do: bool) -> int:
    """Count, and delete, the rows of a kind that are older."""
    tables: dict[str, tuple[Any, Any]] = {
        "failed-log-ins": (LoginFailures, LoginFailures.last_at),
        "sessions": (AccountSession, AccountSession.seen_at),
        "links": (AccountLink, AccountLink.expires_at),
        "keys": (AccountToken, AccountToken.expires_at),
    }
    if kind == "rejected-reports":
        return _rejected(session, before, do)
    if kind == "words-of-texts":
        return _words(session, before, do)
    if kind not in tables:
        return 0
    table, moment = tables[kind]
    n = session.scalar(select(func.count()).select_from(table).where(moment < before)) or 0
    if do and n:
        session.execute(delete(table).where(moment < before))
    return n


def _rejected(session: Session, before: str, do: bool) -> int:
    """Delete rejected reports with everything that was said about them."""
    old = select(Submission.id).where(Submission.state == "rejected", Submission.reviewed_at < before)
    ids = list(session.scalars(old))
    if do and ids:
        became = ReadingDraft.submission_id.in_(ids)
        session.execute(update(ReadingDraft).where(became).values(submission_id=None))
        for table in (Photo, SubmissionChange):
            session.execute(delete(table).where(table.submission_id.in_(ids)))
        session.execute(delete(Submission).where(Submission.id.in_(ids)))
    return len(ids)


def _words(session: Session, before: str, do: bool) -> int:
    """Throw away the words of texts whose licence does not allow keeping them, decided on or not."""
    old = (Reading.read_at < before) & Reading.words_sealed.is_not(None) & Reading.words_kept.is_(False)
    n = session.scalar(select(func.count()).select_from(Reading).where(old)) or 0
    if do and n:
        session.execute(update(Reading).where(old).values(words_sealed=None))
    return n


def _photos(session: Session, home: Home, *, before: str) -> list[str]:
    """Name the photos that only reports reviewed long ago hold, and files that no report holds any more."""
    rows = session.execute(
        select(Photo.sha256, Submission.reviewed_at).join(Submission, Submission.id == Photo.submission_id)
    )
    newest: dict[str, bool] = {}
    for sha256, reviewed in rows:
        newest[sha256] = newest.get(sha256, True) and reviewed is not None and reviewed < before
    # A file whose report is being written has no row yet: only old ones are strays.
    strays = {p.stem for p in _photo_files(home) if _changed(p) < before} - newest.keys()
    return sorted({s for s, old in newest.items() if old} | strays)


def _changed(path: Path) -> str:
    return written(datetime.fromtimestamp(path.stat().st_mtime, UTC))


def _forget_photos(session: Session, gone: list[str]) -> None:
    if gone:
        session.execute(delete(Photo).where(Photo.sha256.in_(gone)))


def _photo_files(home: Home) -> Iterator[Path]:
    folder = home.path / PHOTOS
    return (path for path in folder.rglob("*") if path.is_file()) if folder.is_dir() else iter(())


def _remove_files(home: Home, gone: list[str]) -> None:
    named = set(gone)
    for path in list(_photo_files(home)):
        if path.stem in named:
            path.unlink(missing_ok=True)


def _stepped(home: Home, today: date, before: datetime) -> Iterator[Path]:
    """Name the built assessments of days that somebody stepped to, built long ago; never the newest day."""
    for shelf in sorted((home.path / "room").glob("*/")):
        pointers = sorted(shelf.glob("????-??-??.json"))
        for pointer in pointers[:-1]:
            if pointer.stat().st_mtime < before.timestamp() and pointer.stem != today.isoformat():
                yield pointer
