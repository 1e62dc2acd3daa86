"""Turning points: what a warning should have come before. From the events by rule, or from sourced rows.

Enters: events of a population, or a table of the pack. Leaves: onsets of areas, turning points. Called
by the chain of looks (onsets) and by `toguna.replay.score`. Definitions: docs/methods/replay.md.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np

from toguna.shifts.sample import Sample

__all__ = ["QUIET_DAYS", "TurningPoint", "onsets", "turning_points"]

QUIET_DAYS = 365
LEAST_QUIET = 30
"""Shorter pauses are not listed as onsets at all."""

SAME_DAYS = 31
"""A stated turning point stands for an onset of its area that is at most so far off."""


@dataclass(frozen=True, slots=True)
class TurningPoint:
    """One dated change.

    Parameters
    ----------
    day : date
        Its first day.
    area : str or None
        First-level area, where there is one.
    title : dict
        What it is, by language; empty for one found by rule.
    rests_on : tuple of str
        The event that shows it, or the pages of its row.
    quiet_days : int or None
        Days without an event in the area before it, or since the record began; None for a stated one.
    first : bool
        Whether the area had no event on record before.
    """

    day: date
    area: str | None
    title: Mapping[str, str]
    rests_on: tuple[str, ...]
    quiet_days: int | None = None
    first: bool = False

    def as_dict(self) -> dict[str, Any]:
        """Return plain values for JSON."""
        plain = {"area": self.area, "title": dict(self.title), "rests_on": list(self.rests_on)}
        return {"day": self.day.isoformat(), **plain, "quiet_days": self.quiet_days, "first": self.first}


def onsets(sample: Sample, areas: Collection[str] | None = None) -> list[dict[str, Any]]:
    """List the events before which their area was quiet for `LEAST_QUIET` days or more.

    Parameters
    ----------
    sample : Sample
        Events of a population, sorted by day.
    areas : collection of str, optional
        First-level areas to look at; None = all.

    Returns
    -------
    list of dict
        ``area``, ``day``, ``quiet_days`` (since the record began when ``first``), ``first``, ``event_id``;
        by day, then area.
    """
    coded, found = sample.coded["admin1"], []
    began = int(sample.day[0]) if len(sample) else 0
    for code, area in enumerate(coded.names):
        if areas is not None and area not in areas:
            continue
        rows = np.flatnonzero(coded.codes == code)
        quiet = np.diff(sample.day[rows], prepend=began)
        for k in np.flatnonzero(quiet >= LEAST_QUIET):
            row = int(rows[k])
            found.append(
                {
                    "area": area,
                    "day": date.fromordinal(int(sample.day[row])).isoformat(),
                    "quiet_days": int(quiet[k]),
                    "first": bool(k == 0),
                    "event_id": str(sample.ids[row]),
                }
            )
    return sorted(found, key=lambda onset: (onset["day"], onset["area"]))


def turning_points(
    found: Sequence[Mapping[str, Any]],
    stated: Sequence[Mapping[str, Any]] = (),
    *,
    quiet_days: int = QUIET_DAYS,
) -> list[TurningPoint]:
    """Choose the turning points among onsets, and add those that the pack states.

    Parameters
    ----------
    found : sequence of mapping
        What `onsets` returned.
    stated : sequence of mapping
        Rows of turning_points.csv: ``date``, ``admin1``, ``title``, ``title_fr``, ``source_urls``.
    quiet_days : int
        Days without an event that make the next one a turning point.
    """
    rows = [_stated(row) for row in stated]
    said = {(point.area, point.day) for point in rows}
    by_rule = [
        TurningPoint(
            date.fromisoformat(o["day"]), o["area"], {}, (o["event_id"],), o["quiet_days"], o["first"]
        )
        for o in found
        if o["quiet_days"] >= quiet_days
    ]
    kept = [
        p for p in by_rule if not any(a == p.area and abs((d - p.day).days) <= SAME_DAYS for a, d in said)
    ]
    return sorted([*rows, *kept], key=lambda point: (point.day, point.area or ""))


def _stated(row: Mapping[str, Any]) -> TurningPoint:
    title = {"en": str(row["title"]), "fr": str(row.get("title_fr") or row["title"])}
    pages = tuple(str(row["source_urls"] or "").split())
    return TurningPoint(date.fromisoformat(str(row["date"])), row.get("admin1") or None, title, pages)
