"""The same incident submitted more than once to one source.

Enters: an event frame. Leaves: findings, and how many rows they concern; every row is kept. Called by
`toguna.room.view`.

Copies are not independent reports, so the weights of `score` do not hold between them. The threshold is
strict instead: same source, days, sides, deaths, kind and targets; at most 2 km apart; and every text that
both have (place, note) at least 90 % alike. Codes alone agree by chance, and by the custom of splitting one
toll evenly over villages at one point; so both must also have a note in words that at most one other day
shares, or a toll of at least 5 at a point and on a day that are not vague.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import polars as pl

from toguna.core.findings import Finding
from toguna.core.geography import distance_km
from toguna.core.text import fold

__all__ = ["repeated"]

ALIKE = 90.0
NEAR_KM = 2.0
TELLING_TOLL = 5
MOST_COMPARED = 200
MOST_NAMED = 100  # groups told one by one; the rest is counted
_EQUAL = (
    "source", "date_start", "date_end", "violence", "event_type", "tactic", "target", "side_a", "side_b",
    "best", "low", "high", "country",
)  # fmt: skip
_TEXTS = ("place", "note")


def repeated(events: pl.DataFrame) -> tuple[list[Finding], int]:
    """Find rows of one source that are likely copies of one another.

    Parameters
    ----------
    events : DataFrame
        Columns of `EVENT_SCHEMA`.

    Returns
    -------
    list of Finding
        ``likely-duplicate`` (note), one per group of copies; above 100 groups the rest in one finding.
    int
        Rows beyond the first of each group: what would fall away if all were copies.
    """
    groups = sorted(_groups(events), key=lambda rows: str(rows[0]["event_id"]))
    said = [_finding(rows) for rows in groups[:MOST_NAMED]]
    rest = groups[MOST_NAMED:]
    if rest:
        said.append(_rest(rest))
    return said, sum(len(rows) - 1 for rows in groups)


def _groups(events: pl.DataFrame) -> Iterator[list[dict[str, Any]]]:
    who = pl.col("perpetrators").cast(pl.List(pl.String)).list.sort().list.join(";")
    own_words = (pl.col("note").str.len_chars() > 20) & (
        pl.col("date_start").n_unique().over("source", "note") <= 2
    )
    sharp = (pl.col("date_prec").fill_null(1) <= 2) & (pl.col("where_prec").fill_null(1) <= 2)
    keyed = events.with_columns(_who=who.fill_null("")).filter(
        pl.col("within").is_null() & (own_words | (sharp & (pl.col("best") >= TELLING_TOLL)))
    )
    keys = [*_EQUAL, "_who"]
    several = keyed.filter(pl.struct(keys).is_duplicated())
    columns = [*keys, *_TEXTS, "event_id", "row", "lat", "lon", "admin1"]
    for _, same in several.select(columns).group_by(keys, maintain_order=True):
        yield from _copies(same.sort("event_id").to_dicts())


def _copies(rows: list[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    """Split rows with equal codes into groups of copies of their first.

    In a crowd only equal words at an equal point are found: comparing each with each would not end.
    """
    if len(rows) > MOST_COMPARED:
        crowd: dict[tuple[Any, ...], list[dict[str, Any]]] = {}
        for row in rows:
            point = (None if row[c] is None else round(row[c], 2) for c in ("lat", "lon"))
            crowd.setdefault((*point, row["admin1"], *(row[c] for c in _TEXTS)), []).append(row)
        yield from (same for same in crowd.values() if len(same) > 1)
        return
    left = rows
    while len(left) > 1:
        first, others = left[0], left[1:]
        copies = [first, *(r for r in others if _copy(first, r))]
        if len(copies) > 1:
            yield copies
        taken = {r["event_id"] for r in copies}
        left = [r for r in others if r["event_id"] not in taken]


def _copy(a: dict[str, Any], b: dict[str, Any]) -> bool:
    from rapidfuzz import fuzz

    placed = [None not in (r["lat"], r["lon"]) for r in (a, b)]
    if all(placed):
        if float(distance_km(a["lat"], a["lon"], b["lat"], b["lon"])) > NEAR_KM:
            return False
    elif any(placed) or a["admin1"] != b["admin1"]:
        return False
    texts = [(fold(a[c]), fold(b[c])) for c in _TEXTS if a[c] and b[c]]
    return all(fuzz.ratio(x, y) >= ALIKE for x, y in texts)


def _finding(rows: list[dict[str, Any]]) -> Finding:
    ids = [str(r["event_id"]) for r in rows]
    named = ", ".join(ids[:6]) + (f" and {len(ids) - 6} more" if len(ids) > 6 else "")
    return Finding(
        "likely-duplicate",
        "note",
        str(rows[0]["source"]),
        rows[1]["row"],
        "event_id",
        f"{len(ids)} rows that say the same: {named}",
        "one row per incident",
        "All were kept and counted. If they are copies, leave all but one out of the file.",
    )


def _rest(groups: list[list[dict[str, Any]]]) -> Finding:
    sources = ", ".join(sorted({str(rows[0]["source"]) for rows in groups}))
    return Finding(
        "likely-duplicate",
        "note",
        sources,
        None,
        "event_id",
        f"{len(groups)} more groups of rows that say the same, {sum(map(len, groups))} rows",
        "one row per incident",
        "All were kept and counted. Leave copies out of the file.",
    )
