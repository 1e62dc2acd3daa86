"""Build an assessment for the room, in a process of its own: ``python -m toguna.room.web.building``.

Enters: home, theatre, day. Leaves: a finished folder under HOME/room, and a pointer to it that is replaced in
one step: a reader finds the old assessment or the new one, never half of one. Called by the desk.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import sys
import time
from dataclasses import asdict
from datetime import UTC, date, datetime
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

from toguna.core.errors import TogunaError
from toguna.room.assess import write_assessment
from toguna.room.atomic import write_bytes
from toguna.room.briefing.files import compose_all, write_briefing
from toguna.room.folder import read_assessment
from toguna.room.situation import situation
from toguna.room.view import Question, View, look, windows_of
from toguna.room.web.built import DRAWINGS, EVENTS, PAGES, SHAPE
from toguna.room.web.changes import CHANGES, MOST, between, changes_noted
from toguna.room.web.prepared import prepare_pages
from toguna.room.web.proposals import write_proposals
from toguna.store.home import Home
from toguna.store.theatre import load_theatre

__all__ = ["build", "days_ready", "forget_unfinished", "pointer", "shelf"]

_UNFINISHED = ".building-"
_ABANDONED_SECONDS = 3600.0  # a build takes a minute; other rooms may build on the same home


def shelf(home: Home, theatre: str) -> Path:
    """Return where the built assessments of a theatre lie."""
    return home.path / "room" / theatre


def pointer(home: Home, theatre: str, as_of: date) -> Path:
    """Return the small file that names the newest assessment of a day."""
    return shelf(home, theatre) / f"{as_of}.json"


def days_ready(home: Home, theatre: str) -> list[date]:
    """List the days whose assessment stands ready, newest first."""
    return sorted(
        (date.fromisoformat(p.stem) for p in shelf(home, theatre).glob("????-??-??.json")), reverse=True
    )


def build(home: Home, theatre_name: str, as_of: date, *, stamp: str) -> Path:
    """Assess, compose, draw; return the folder.

    Parameters
    ----------
    stamp : str
        State of the data when the build was ordered; kept beside the pointer.
    """
    theatre = load_theatre(theatre_name)
    view = look(Question(theatre=theatre, windows=windows_of(theatre, as_of), home=home))
    assessment = situation(view, generated_at=datetime.now(UTC).isoformat(timespec="seconds"))
    place = shelf(home, theatre.name)
    place.mkdir(parents=True, exist_ok=True, mode=0o700)
    fresh = Path(mkdtemp(prefix=_UNFINISHED, dir=place))  # nobody's to read but the user's
    try:
        write_assessment(view, assessment, fresh)
        view.events.write_parquet(fresh / EVENTS)
        _compose(assessment, view, fresh)
        _note_changes(assessment, place, fresh)
        prepare_pages(view, assessment, fresh)
        write_proposals(view, assessment, fresh)
        done = place / f"{as_of}-{assessment['run']['digest'][:12]}-{fresh.name.rpartition('-')[2]}"
        fresh.rename(done)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
    said = {"folder": done.name, "shape": SHAPE, "stamp": stamp, "made_at": assessment["run"]["generated_at"]}
    write_bytes(pointer(home, theatre.name, as_of), json.dumps(said).encode())
    _forget_older(place, as_of, keep=done.name)
    return done


def _compose(assessment: dict[str, Any], view: View, fresh: Path) -> None:
    """Write the briefing, its sections and its drawings, in every language."""
    pages = {}
    (fresh / DRAWINGS).mkdir()
    for sheet in compose_all(assessment, view.events, view.question.theatre):
        code = sheet.lang.code
        write_briefing(sheet, fresh, as_of=view.question.as_of)
        for name, svg in sheet.drawings.items():
            (fresh / DRAWINGS / f"{name}.{code}.svg").write_text(svg, encoding="utf-8")
        told = asdict(sheet.briefing) | {"drawings": sorted(sheet.drawings)}
        pages[code] = told | {"sections": {s["id"]: s for s in sheet.briefing.sections}}
    (fresh / PAGES).write_text(json.dumps(pages, ensure_ascii=False), encoding="utf-8")


def _note_changes(assessment: dict[str, Any], place: Path, fresh: Path) -> None:
    """Write what is new against the assessment before, and keep what was new in it."""
    older = _before(place, assessment["as_of"])
    noted = [*changes_noted(older), *between(read_assessment(older), assessment)] if older else []
    (fresh / CHANGES).write_text(json.dumps(noted[-MOST:], ensure_ascii=False), encoding="utf-8")


def _before(place: Path, as_of: str) -> Path | None:
    """Return the folder of the newest assessment of the same or an earlier day."""
    for path in sorted(place.glob("????-??-??.json"), reverse=True):
        folder: Path = place / str(json.loads(path.read_text(encoding="utf-8"))["folder"])
        if path.stem <= as_of and (folder / PAGES).is_file():
            return folder
    return None


def forget_unfinished(home: Home, theatre: str) -> None:
    """Remove what builds left that were killed: whatever nobody wrote to for an hour."""
    before = time.time() - _ABANDONED_SECONDS
    for path in shelf(home, theatre).glob(f"{_UNFINISHED}*"):
        if max(p.stat().st_mtime for p in (path, *path.iterdir())) < before:
            shutil.rmtree(path, ignore_errors=True)


def _forget_older(place: Path, as_of: date, *, keep: str) -> None:
    """Remove all but the two newest folders of a day: a reader may still be in the one before."""
    older = [p for p in place.glob(f"{as_of}-*") if p.is_dir() and p.name != keep]
    for path in sorted(older, key=lambda p: p.stat().st_mtime)[:-1]:
        shutil.rmtree(path, ignore_errors=True)


def main(words: list[str] | None = None) -> int:
    """Run one build; what goes wrong is one line on stderr."""
    parser = argparse.ArgumentParser(prog="python -m toguna.room.web.building")
    for name in ("home", "theatre", "as-of", "stamp"):
        parser.add_argument(f"--{name}", required=True)
    asked = parser.parse_args(words)
    if hasattr(os, "nice"):
        os.nice(10)  # readers come first
    try:
        build(Home(Path(asked.home)), asked.theatre, date.fromisoformat(asked.as_of), stamp=asked.stamp)
    except TogunaError as error:
        print(error, file=sys.stderr)
        return error.exit_code
    return 0


if __name__ == "__main__":
    sys.exit(main())
