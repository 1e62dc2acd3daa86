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
from dataclasses import asdict
from datetime import date
from pathlib import Path
from tempfile import mkdtemp

from toguna.core.errors import TogunaError
from toguna.room.assess import assess
from toguna.room.atomic import write_bytes
from toguna.room.briefing.files import compose_all, write_briefing
from toguna.room.folder import read_events
from toguna.room.view import Question, windows_of
from toguna.room.web.built import DRAWINGS, PAGES
from toguna.store.home import Home
from toguna.store.theatre import load_theatre

__all__ = ["build", "pointer", "shelf"]


def shelf(home: Home, theatre: str) -> Path:
    """Return where the built assessments of a theatre lie."""
    return home.path / "room" / theatre


def pointer(home: Home, theatre: str, as_of: date) -> Path:
    """Return the small file that names the newest assessment of a day."""
    return shelf(home, theatre) / f"{as_of}.json"


def build(home: Home, theatre_name: str, as_of: date, *, stamp: str) -> Path:
    """Assess, compose, draw; return the folder.

    Parameters
    ----------
    stamp : str
        State of the data when the build was ordered; kept beside the pointer.
    """
    theatre = load_theatre(theatre_name)
    question = Question(theatre=theatre, windows=windows_of(theatre, as_of), home=home)
    place = shelf(home, theatre.name)
    place.mkdir(parents=True, exist_ok=True)
    fresh = Path(mkdtemp(prefix=".building-", dir=place))
    try:
        assessment = assess(question, out=fresh, render=False)
        events, pages = read_events(fresh), {}
        (fresh / DRAWINGS).mkdir()
        for sheet in compose_all(assessment, events, theatre):
            code = sheet.lang.code
            write_briefing(sheet, fresh, as_of=as_of)
            for name, svg in sheet.drawings.items():
                (fresh / DRAWINGS / f"{name}.{code}.svg").write_text(svg, encoding="utf-8")
            told = asdict(sheet.briefing) | {"drawings": sorted(sheet.drawings)}
            pages[code] = told | {"sections": {s["id"]: s for s in sheet.briefing.sections}}
        (fresh / PAGES).write_text(json.dumps(pages, ensure_ascii=False), encoding="utf-8")
        fresh.chmod(0o700)
        done = place / f"{as_of}-{assessment['run']['digest'][:12]}-{fresh.name.rpartition('-')[2]}"
        fresh.rename(done)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
    said = {"folder": done.name, "stamp": stamp, "made_at": assessment["run"]["generated_at"]}
    write_bytes(pointer(home, theatre.name, as_of), json.dumps(said).encode())
    _forget_older(place, as_of, keep=done.name)
    return done


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
