"""An assessment made ready for the room: its folder, its sections in every language, its drawings.

Enters: a folder that `toguna.room.web.building` wrote. Leaves: `Built`, read only. Called by the desk.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import polars as pl

from toguna.actors.registry import Registry
from toguna.core.errors import StoreError
from toguna.room.folder import read_assessment, read_events
from toguna.room.web.alarms import incidents_of
from toguna.room.web.changes import changes_noted
from toguna.room.web.prepared import Prepared
from toguna.room.web.proposals import proposals_in
from toguna.warnings.types import Warning

__all__ = ["DRAWINGS", "EVENTS", "PAGES", "SHAPE", "Built"]

SHAPE = 1
"""What a built folder holds; one of another shape, of another version of the program, is built anew."""

PAGES, DRAWINGS = "room.json", "drawings"
EVENTS = "events.parquet"  # all that members may read; data/ holds only what may be passed on


@dataclass(frozen=True)
class Built:
    """What was found on a day, ready to be shown.

    Parameters
    ----------
    folder : Path
        The assessment's files, the briefing's among them.
    assessment : dict
        As written to assessment.json.
    pages : dict
        By language: `title`, `subtitle`, `facts`, `sections` (blocks by id), `last_line`, `words`.
    """

    folder: Path
    assessment: Mapping[str, Any]
    pages: Mapping[str, Mapping[str, Any]]

    @classmethod
    def read(cls, folder: Path) -> Built:
        """Read what was built, or say what is wrong with it."""
        try:
            pages = json.loads((folder / PAGES).read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise StoreError(
                f"{folder / PAGES} cannot be read ({error}); remove the folder, it is built again."
            ) from None
        return cls(folder, read_assessment(folder), pages)

    @property
    def digest(self) -> str:
        """Digest of everything that went in; the same for the same data, seed and code."""
        return str(self.assessment["run"]["digest"])

    @cached_property
    def events(self) -> pl.DataFrame:
        """Events that the assessment rests on, those of sources that may not be passed on among them."""
        return pl.read_parquet(self.folder / EVENTS)

    @cached_property
    def shown(self) -> pl.DataFrame:
        """Events that may be passed on, as they may be: those of the data files, in the order of days."""
        return read_events(self.folder).sort("date_start", "event_id", "source", "row")

    @cached_property
    def changes(self) -> list[dict[str, Any]]:
        """What became new from one assessment to the next, oldest first; see `toguna.room.web.changes`."""
        return changes_noted(self.folder)

    @cached_property
    def prepared(self) -> Prepared:
        """The index of events and what else was prepared for pages."""
        return Prepared(self.folder)

    @cached_property
    def proposals(self) -> tuple[Warning, ...] | None:
        """What the rules propose, loudest first; None where a build of an earlier version left no word."""
        return proposals_in(self.folder)

    @cached_property
    def alarms(self) -> dict[str, dict[str, Any]]:
        """For every alarm the search that finds its incidents; empty where no event shows it."""
        return {s["id"]: incidents_of(s, self.events) for s in self.assessment["shifts"]}

    @cached_property
    def registries(self) -> dict[tuple[int, ...], Registry]:
        """Organisations known on the day, by the state of what users added; see `pages.actors`."""
        return {}

    @cached_property
    def asked_for(self) -> dict[tuple[str, ...], Any]:
        """What was worked out since because somebody asked, by what it is; it ends with the assessment."""
        return {}

    def section(self, name: str, lang: str) -> Mapping[str, Any] | None:
        """Return a section of the briefing, or None when it has nothing to say."""
        found = self.pages[lang]["sections"].get(name)
        return found if isinstance(found, Mapping) else None

    def drawing(self, name: str, lang: str) -> Path | None:
        """Return the file of a drawing, or None when there is none."""
        if name not in self.pages[lang]["drawings"]:
            return None
        return self.folder / DRAWINGS / f"{name}.{lang}.svg"
