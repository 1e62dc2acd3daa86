"""What a build prepares for pages beside the briefing: the index of events, likeness, histories, outlines.

Enters: a view and its assessment. Leaves: files in the folder of the build, and `Prepared`, which reads them.
Called by `building`; read through `Built`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import polars as pl
from threadpoolctl import threadpool_limits

from toguna.core.errors import StoreError
from toguna.events.gather import AS_PUBLISHED
from toguna.events.histories import histories
from toguna.room.alike import alike_of
from toguna.room.disclosure import classed
from toguna.room.search import Index, called_of, prepare
from toguna.room.view import View
from toguna.room.web.layers import LAYERS, layers
from toguna.room.web.outlines import OUTLINES, simplified
from toguna.sources.chronology import SOURCE as CHRONOLOGY
from toguna.store.areas import LEVELS

__all__ = ["MOST_ALIKE", "Prepared", "prepare_pages"]

SEARCH, ALIKE, HISTORIES = "search", "alike.json", "histories.parquet"
MOST_ALIKE = 300
"""The newest attacks of the main source for which likeness is worked out: each takes some 20 ms."""
_EARLIER = 5


def prepare_pages(view: View, assessment: Mapping[str, Any], out: Path) -> None:
    """Write everything that pages would take too long to work out."""
    question, collected = view.question, view.collected
    speaking = collected.linked.table.filter("speaks")["event_id"].to_list()
    called = called_of(assessment, question.theatre.tables["regions"])
    prepare(view.events, called, out / SEARCH, speaks=speaking)
    (out / ALIKE).write_text(json.dumps(_alike(view), ensure_ascii=False), encoding="utf-8")
    _histories(view).write_parquet(out / HISTORIES)
    (out / LAYERS).write_text(json.dumps(layers(view, assessment), ensure_ascii=False), encoding="utf-8")
    (out / OUTLINES).mkdir()
    for level in LEVELS:
        if areas := question.theatre.areas(level):
            (out / OUTLINES / f"{level}.geojson").write_bytes(simplified(areas))


def _alike(view: View) -> dict[str, Any]:
    """Work out for every attack compared which earlier ones are most like it."""
    if view.ahead is None or view.ahead.source is None or not view.ahead.events.height:
        return {}
    with threadpool_limits(limits=1):
        compared = view.ahead.compared
        newest = compared[0].sort("date_start", "event_id")["event_id"].tail(MOST_ALIKE).to_list()
        return {event: alike_of(view.collected, compared, event, most=_EARLIER).as_dict() for event in newest}


def _histories(view: View) -> pl.DataFrame:
    """Tell of sources without sensitive rows what their releases said of each event."""
    question, gathered = view.question, view.collected.gathered
    silent = {k.source for k in view.collected.kept_back} | classed(gathered)
    names = {a.source.partition(":")[0] for a in gathered.accounts if a.vintage == AS_PUBLISHED}
    home = question.home
    wanted = sorted(names - silent - {CHRONOLOGY.name}) if home else []
    return histories(home, wanted, as_of=question.as_of, theatre=question.theatre) if home else pl.DataFrame()


@dataclass(frozen=True)
class Prepared:
    """What a build prepared for pages.

    Parameters
    ----------
    folder : Path
        Folder of the build.
    """

    folder: Path

    @cached_property
    def search(self) -> Index:
        """The index of all events that members may read."""
        return Index(self.folder / SEARCH)

    @cached_property
    def layers(self) -> Mapping[str, Any]:
        """Fronts, forecasts, forces and drivers, see `toguna.room.web.layers`."""
        return self._read(LAYERS)

    @cached_property
    def _alike(self) -> dict[str, Any]:
        return self._read(ALIKE)

    def _read(self, name: str) -> dict[str, Any]:
        try:
            found: dict[str, Any] = json.loads((self.folder / name).read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise StoreError(
                f"{self.folder / name} cannot be read ({error}); remove the folder, it is built again."
            ) from None
        return found

    def alike(self, event_id: str) -> Mapping[str, Any] | None:
        """Return the earlier attacks most like one, None when that was not worked out."""
        found = self._alike.get(event_id)
        return found if isinstance(found, dict) else None

    @cached_property
    def _histories(self) -> pl.DataFrame:
        return pl.read_parquet(self.folder / HISTORIES)

    def history(self, event_id: str) -> list[dict[str, Any]]:
        """Return what each release told of an event, oldest first; empty when all told the same."""
        if not self._histories.height:
            return []
        return self._histories.filter(pl.col("event_id") == event_id).to_dicts()

    def outlines(self, level: str) -> bytes | None:
        """Return the outlines of a level as GeoJSON, None when the theatre has none."""
        path = self.folder / OUTLINES / f"{level}.geojson"
        return path.read_bytes() if level in LEVELS and path.is_file() else None
