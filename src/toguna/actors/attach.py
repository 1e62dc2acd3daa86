"""Puts actor ids in place of the names that events carry.

Enters: an event frame and a registry. Leaves: the frame with ids, and one finding for each name that
could not be settled. Called by the command line before shifts are measured.

Only exact, alias and folded matches are acted on. A fuzzy match is offered in the finding and left
to a person.
"""

from __future__ import annotations

from typing import Any

import polars as pl

from toguna.actors.registry import Registry
from toguna.actors.resolve import Match
from toguna.core.findings import Finding

__all__ = ["attach", "families", "kinds"]

_LIST = pl.List(pl.String())


def attach(events: pl.DataFrame, registry: Registry) -> tuple[pl.DataFrame, list[Finding]]:
    """Resolve the perpetrators of events to ids.

    Some sources write several organisations as one name, "A, B": where the whole is not known but one
    of the parts is, the parts are taken. Each distinct name is resolved once.

    Parameters
    ----------
    events : DataFrame, shape (N, columns of `EVENT_SCHEMA`)
        `perpetrators` may be null (not stated) and stays so.
    registry : Registry
        As of the date of the assessment.

    Returns
    -------
    DataFrame
        The same rows in the same order; unresolved names stay as they are.
    list of Finding
        One per unresolved name, sorted by name; all of severity "note".
    """
    said = (
        events.select("event_id", "source", name=pl.col("perpetrators").cast(_LIST))
        .explode("name")
        .drop_nulls("name")
    )
    parts = {name: _parts(name, registry) for name in said["name"].unique().sort().to_list()}
    matches = {p: registry.resolve(p) for pieces in parts.values() for p in pieces}
    said = said.with_columns(_translated(said.select(name=pl.concat_list("name"))["name"], parts))
    ids = {name: [_id(p, matches[p]) for p in pieces] for name, pieces in parts.items()}
    return events.with_columns(_translated(events["perpetrators"], ids)), _findings(said, matches)


def _parts(name: str, registry: Registry) -> list[str]:
    if registry.resolve(name).certain or "," not in name:
        return [name]
    pieces = [p.strip() for p in name.split(",") if p.strip()]
    return pieces if any(registry.resolve(p).certain for p in pieces) else [name]


def _id(name: str, match: Match) -> str:
    return match.actor_id if match.certain and match.actor_id else name


def _findings(said: pl.DataFrame, matches: dict[str, Match]) -> list[Finding]:
    """Write one finding per name that is not certain; `said` has one row per event and written name."""
    unsure = [name for name, match in matches.items() if not match.certain]
    where = (
        said.explode("name")
        .filter(pl.col("name").is_in(unsure))
        .group_by("name")
        .agg(
            pl.col("event_id").n_unique().alias("count"),
            pl.col("event_id").min().alias("first"),
            pl.col("source").drop_nulls().unique().sort().alias("sources"),
        )
        .sort("name")
    )
    return [_finding(row, matches[row["name"]]) for row in where.iter_rows(named=True)]


def _finding(row: dict[str, Any], match: Match) -> Finding:
    n = row["count"]
    near = ", ".join(f"{i} ({c:.2f})" for i, c in match.alternatives[:3])
    shared = bool(near) and match.how != "fuzzy"
    hint = (f"It can mean {near}" if shared else f"Nearest in spelling: {near}") if near else "None is near"
    return Finding(
        code="actor-ambiguous" if shared else "actor-unresolved",
        severity="note",
        table=", ".join(row["sources"]) or "events",
        row=None,
        field="perpetrators",
        found=f"{row['name']!r} in {n} event{'' if n == 1 else 's'} (first by id: {row['first']})",
        expected="a name of one listed actor",
        repair=f"{hint}. Add it to the aliases of the actor that is meant; the name was kept as it is.",
    )


def _translated(lists: pl.Series, mapping: dict[str, list[str]]) -> pl.Series:
    """Replace each member of each list by its values, without repeats; nulls and empties stay."""
    table = pl.DataFrame(
        {"name": list(mapping), "to": list(mapping.values())}, schema={"name": pl.String, "to": _LIST}
    )
    rows = pl.DataFrame({"name": lists.cast(_LIST)}).with_row_index("at")
    done = (
        rows.explode("name")
        .drop_nulls("name")
        .join(table, on="name", how="inner", maintain_order="left")
        .explode("to")
        .group_by("at", maintain_order=True)
        .agg(pl.col("to").drop_nulls().unique(maintain_order=True))
    )
    joined = rows.join(done, on="at", how="left", maintain_order="left")
    kept = pl.when(pl.col("to").is_null()).then(pl.col("name")).otherwise(pl.col("to"))
    return joined.select(kept.alias(lists.name))[lists.name]


def kinds(events: pl.DataFrame, registry: Registry) -> pl.Series:
    """Return for each event the distinct kinds of its perpetrators, sorted ("kinds", list of text).

    Events without perpetrators have null or an empty list, as they came. Attach ids first: a name
    the registry does not hold is of kind "unlisted".
    """
    names = events["perpetrators"].cast(_LIST).explode().drop_nulls().unique().to_list()
    found = _translated(events["perpetrators"], {n: [registry.kind(n)] for n in names})
    return found.list.sort().alias("kinds")


def families(events: pl.DataFrame, registry: Registry) -> pl.Series:
    """Return for each event the families its perpetrators belonged to on its first day, sorted.

    Named "families", list of text; null or empty where no perpetrator is named.
    """
    pairs = zip(events["perpetrators"].to_list(), events["date_start"].to_list(), strict=True)
    found = [
        names if names is None or day is None else sorted({registry.family(n, day) for n in names if n})
        for names, day in pairs
    ]
    return pl.Series("families", found, dtype=_LIST)
