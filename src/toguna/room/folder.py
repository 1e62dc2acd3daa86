"""The folder of an assessment: written whole or not at all, never over somebody's own files.

Enters: a folder name. Leaves: a finished folder, or what one holds. Called by `toguna.room.assess`
and by the verbs that read an assessment again.
"""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import polars as pl

from toguna.core.errors import DataError, UsageError

__all__ = ["ASSESSMENT", "EVENTS", "PACKAGE", "read_assessment", "read_events", "refuse_foreign", "swapped"]

ASSESSMENT, EVENTS = "assessment.json", "data/events.parquet"
PACKAGE = "datapackage.json"


def refuse_foreign(out: Path, mark: str = ASSESSMENT) -> None:
    """Refuse a folder that holds something else than what we wrote.

    Parameters
    ----------
    out : Path
        Folder to write.
    mark : str
        File by which our own folders are known: assessment.json, or datapackage.json for data files alone.

    Raises
    ------
    UsageError
        When `out` is a file, or a folder with content but without the mark.
    """
    if out.exists() and not out.is_dir():
        raise UsageError(f"{out} is a file; say a folder with --out.")
    if out.is_dir() and any(out.iterdir()) and not (out / mark).is_file():
        raise UsageError(f"{out} holds other files and no {mark}; say an empty or new folder with --out.")


@contextmanager
def swapped(out: Path) -> Iterator[Path]:
    """Give a new folder beside `out` to write in, and put it in the place of `out` at the end.

    When the writing fails, `out` stays as it was. What other people put into an earlier assessment stays
    there; only what an assessment writes is replaced.
    """
    refuse_foreign(out)
    place = out.absolute()
    place.parent.mkdir(parents=True, exist_ok=True)
    fresh = Path(tempfile.mkdtemp(prefix=f".{place.name}.", suffix=".writing", dir=place.parent))
    try:
        fresh.chmod(0o755)
        yield fresh
        _swap(fresh, place)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)


def _swap(fresh: Path, place: Path) -> None:
    old = fresh.with_suffix(".old")
    if place.exists():
        place.rename(old)
    try:
        fresh.rename(place)
    finally:
        if old.exists() and not place.exists():
            old.rename(place)
    if old.exists():
        _carry_over(old, place)
        shutil.rmtree(old, ignore_errors=True)


def _carry_over(old: Path, place: Path) -> None:
    """Move what an assessment did not write from its old folder to the new one."""
    pages = {ASSESSMENT, "data", *(path.name for path in old.glob("briefing.*"))}
    for folder, ours in ((Path(), pages), (Path("data"), _resources(old / "data"))):
        for path in sorted((old / folder).glob("*")):
            target = place / folder / path.name
            if path.name not in ours and not target.exists():
                path.rename(target)


def _resources(data: Path) -> set[str]:
    """Name the data files that an assessment wrote, from their own list."""
    try:
        listed = json.loads((data / PACKAGE).read_text(encoding="utf-8"))["resources"]
        return {PACKAGE, *(str(resource["path"]) for resource in listed)}
    except (OSError, ValueError, KeyError, TypeError):
        return {PACKAGE}


def read_assessment(folder: Path) -> dict[str, Any]:
    """Read the assessment in a folder, or say that there is none."""
    path = folder / ASSESSMENT
    if not path.is_file():
        raise UsageError(f"{folder} holds no {ASSESSMENT}: give the folder that `toguna assess` wrote.")
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (json.JSONDecodeError, UnicodeDecodeError) as error:
        raise DataError(f"{path} cannot be read as JSON ({error}); run `toguna assess` again.") from None
    if not isinstance(found, dict) or not {"theatre", "headline", "data", "shifts"} <= set(found):
        raise DataError(f"{path} is not an assessment; run `toguna assess` again.")
    return found


def read_events(folder: Path) -> pl.DataFrame:
    """Read the events that an assessment rests on."""
    path = folder / EVENTS
    if not path.is_file():
        raise UsageError(f"{folder} holds no {EVENTS}; run `toguna assess` again.")
    return pl.read_parquet(path)
