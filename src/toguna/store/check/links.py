"""Check that rows name things that exist: actors, wider events, areas; and that names are not shared.

Called by `toguna.store.check.pack`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import polars as pl

from toguna.core.findings import Finding
from toguna.core.text import fold
from toguna.store.areas import area_names
from toguna.store.check.cells import Row
from toguna.store.tables import TABLES

__all__ = ["check_links"]

_IDS = re.compile(r"[;+|]")


def check_links(frames: Mapping[str, pl.DataFrame], settings: Mapping[str, Any]) -> list[Finding]:
    """Check the links between the tables of a pack."""
    return [
        *_actors(frames),
        *_within(frames["incidents"]),
        *_aliases(frames["actors"]),
        *_areas(frames, settings),
    ]


def _rows(frame: pl.DataFrame, stem: str) -> list[Row]:
    return [Row(f"{stem}.csv", cells["row"], cells) for cells in frame.iter_rows(named=True)]


def _actors(frames: Mapping[str, pl.DataFrame]) -> list[Finding]:
    known = set(frames["actors"]["id"].drop_nulls())
    found = []
    for stem, table in TABLES.items():
        for column in table.actors:
            for row in _rows(frames[stem].filter(pl.col(column).is_not_null()), stem):
                ids = [part.strip() for part in _IDS.split(row.cells[column] or "")]
                found += [
                    row.finding(
                        "actor-unknown",
                        column,
                        found=f"'{actor}'" if actor else "an empty name between two marks",
                        expected="the id of an actor in actors.csv",
                        repair="Add the actor, or correct the id.",
                    )
                    for actor in ids
                    if actor not in known
                ]
    return found


def _within(incidents: pl.DataFrame) -> list[Finding]:
    ids = set(incidents["id"].drop_nulls())
    found = []
    for row in _rows(incidents.filter(pl.col("within").is_not_null()), "incidents"):
        wider = row.cells["within"]
        if wider not in ids or wider == row.cells["id"]:
            found.append(
                row.finding(
                    "within-unknown",
                    "within",
                    found=f"'{wider}'",
                    expected="the id of another incident, which contains this one",
                    repair="Correct the id, or leave the cell blank.",
                )
            )
    return found


def _aliases(actors: pl.DataFrame) -> list[Finding]:
    owners: dict[str, tuple[str, int]] = {}
    found = []
    for row in _rows(actors, "actors"):
        actor = row.cells["id"] or ""
        names = (row.cells["name"], *(row.cells["aliases"] or "").split(";"))
        for name in sorted({fold(n) for n in names if n and fold(n)}):
            owner, first = owners.setdefault(name, (actor, row.number))
            if owner != actor:
                found.append(
                    row.finding(
                        "alias-shared",
                        "aliases",
                        found=f"'{name}', which row {first} ({owner}) bears too",
                        expected="names that lead to one actor",
                        repair="Such a name is not resolved by itself; drop it from one of the two.",
                        severity="note",
                    )
                )
    return found


def _areas(frames: Mapping[str, pl.DataFrame], settings: Mapping[str, Any]) -> list[Finding]:
    areas = settings.get("areas", {})
    told = areas.get("adm1", {}) if isinstance(areas, Mapping) else {}
    names = area_names(frames["regions"], told.get("regions_level") if isinstance(told, Mapping) else None)
    countries = settings.get("countries", [])
    if not names.canonical or not isinstance(countries, list):
        return []
    home = frames["incidents"].filter(pl.col("country").is_in([str(c) for c in countries]))
    return [
        row.finding(
            "area-unknown",
            "admin1",
            found=f"'{row.cells['admin1']}'",
            expected="a name or other name in regions.csv",
            repair="Correct the spelling, or add it to alt_names.",
            severity="note",
        )
        for row in _rows(home.filter(pl.col("admin1").is_not_null()), "incidents")
        if names.find(row.cells["admin1"]) is None
    ]
