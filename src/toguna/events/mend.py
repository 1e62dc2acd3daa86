"""Mend what can be mended for certain, and say so: nothing changes in silence, originals stand in findings.

Enters: events as a source says them, and what its cells could not be read as. Leaves: `Mended`. Called by
`toguna.events.admit` before the checks.

Three things are mended: letters decoded with the wrong alphabet, counts written as text, and ranges of deaths
that do not hold their own best estimate (decision 0017).
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import polars as pl

from toguna.core.findings import Finding
from toguna.core.mojibake import SUSPECT, mended
from toguna.events.checks.context import Context, Rule
from toguna.events.worded import Worded, worded

__all__ = ["Mended", "mend", "widen"]

_TEXTS = ("place", "admin1", "admin2", "side_a", "side_b", "note", "responsibility")
_COUNTS = (
    "best",
    "low",
    "high",
    "deaths_attackers",
    "deaths_civilians",
    "deaths_security",
    "deaths_international",
    "wounded",
    "hostages",
)
_REPAIRED = Rule(
    "text-repaired",
    "note",
    "letters in their own alphabet",
    "It was read as meant; save the file as UTF-8 so that nobody must guess.",
)
_EXPECTED = "a whole number, or nothing when unknown"
_TOLD = {
    "deaths-with-separators": Rule(
        "deaths-with-separators", "note", _EXPECTED, "It was read as a number; write digits only."
    ),
    "deaths-as-range": Rule(
        "deaths-as-range",
        "note",
        _EXPECTED,
        "Its ends were read as lowest and highest where these were blank, the best figure stays unknown; "
        "give each in its own column.",
    ),
    "deaths-as-bound": Rule(
        "deaths-as-bound",
        "note",
        _EXPECTED,
        "It was read as lowest or highest where that was blank, the best figure stays unknown; give each in "
        "its own column.",
    ),
    "deaths-about": Rule(
        "deaths-about", "note", _EXPECTED, "The figure it names was read as the estimate; write digits only."
    ),
    "deaths-in-words": Rule(
        "deaths-in-words",
        "note",
        _EXPECTED,
        "No number was made of it, the figure stays unknown; write one if the source gives one.",
    ),
}
_WIDENED = Rule(
    "deaths-range-widened",
    "note",
    "low <= best <= high",
    "The best estimate is used and the range was widened to hold it; correct the estimate that crosses.",
)


@dataclass(frozen=True, slots=True)
class Mended:
    """Rows with texts and counts read, the context without the cells that were, and what was done."""

    frame: pl.DataFrame
    context: Context
    findings: tuple[Finding, ...]


def mend(frame: pl.DataFrame, context: Context) -> Mended:
    """Read what is garbled or written as text, where that is certain."""
    frame, letters = _letters(frame, context)
    frame, left, counts = _counts(frame, context)
    return Mended(frame, replace(context, unreadable=left), (*letters, *counts))


def _letters(frame: pl.DataFrame, context: Context) -> tuple[pl.DataFrame, list[Finding]]:
    said: list[Finding] = []
    for name in _TEXTS:
        suspect = frame.filter(pl.col(name).str.contains(SUSPECT))
        if suspect.is_empty():
            continue
        known = {text: mended(text) for text in suspect[name].unique().sort()}
        sound = {old: new for old, new in known.items() if new is not None}
        rows = suspect.filter(pl.col(name).is_in(list(sound)))
        read = pl.format("'{}', read as '{}',", pl.col(name), pl.col(name).replace(sound))
        said += _REPAIRED.say(rows, context, name, read)
        frame = frame.with_columns(pl.col(name).replace(sound))
    return frame, said


def _counts(frame: pl.DataFrame, context: Context) -> tuple[pl.DataFrame, pl.DataFrame | None, list[Finding]]:
    cells = context.unreadable
    if cells is None or cells.is_empty():
        return frame, cells, []
    said: list[Finding] = []
    for name in _COUNTS:
        given = context.columns.get(name, name)
        mine = cells.filter(pl.col("field").is_in([given, name]))
        read = {text: worded(text, decimal=context.decimal) for text in mine["text"].unique().sort()}
        told = {text: _for(name, found) for text, found in read.items() if found is not None}
        if not told:
            continue
        done = mine.filter(pl.col("text").is_in(list(told)))
        said += _said(done.join(frame.select("row", "event_id"), on="row"), told, context, column=name)
        frame = _filled(frame, done, told, column=name)
        cells = cells.join(done, on=["row", "field"], how="anti")
    return frame, cells, said


def _for(column: str, found: Worded) -> Worded:
    """Take a range or a bound for what it is in the column of the best figure alone."""
    stated = column == "best" or found.best is not None
    return found if stated else Worded("deaths-in-words")


def _said(rows: pl.DataFrame, told: dict[str, Worded], context: Context, *, column: str) -> list[Finding]:
    found: list[Finding] = []
    for code, rule in _TOLD.items():
        mine = [text for text, word in told.items() if word.code == code]
        if mine:
            found += rule.say(
                rows.filter(pl.col("text").is_in(mine)), context, column, pl.format("'{}'", "text")
            )
    return found


def _filled(frame: pl.DataFrame, done: pl.DataFrame, told: dict[str, Worded], *, column: str) -> pl.DataFrame:
    """Fill blanks with what the texts state; low and high are stated by a text in `best` alone."""
    targets = {column: "best"} | ({"low": "low", "high": "high"} if column == "best" else {})
    for target, part in targets.items():
        values = {text: getattr(word, part) for text, word in told.items()}
        new = done.select("row", _new=pl.col("text").replace_strict(values, return_dtype=pl.Int64))
        frame = frame.join(new, on="row", how="left", maintain_order="left")
        frame = frame.with_columns(pl.coalesce(target, "_new").alias(target)).drop("_new")
    return frame


def widen(frame: pl.DataFrame, context: Context) -> tuple[pl.DataFrame, list[Finding]]:
    """Widen low or high to the best estimate when that lies beyond one of them, and within the other.

    A best estimate beyond both, and a low above a high without a best, are contradictions: they are left for
    the check of deaths out of order.
    """
    low, best, high = pl.col("low"), pl.col("best"), pl.col("high")
    below = (low > best).fill_null(value=False)
    above = (best > high).fill_null(value=False)
    rows = frame.filter(below != above)
    if rows.is_empty():
        return frame, []
    figures = (c.cast(pl.String).fill_null("unknown") for c in (low, best, high))
    said = _WIDENED.say(rows, context, "best", pl.format("low {}, best {}, high {}", *figures))
    one = below != above
    return frame.with_columns(
        low=pl.when(one & below).then(best).otherwise(low),
        high=pl.when(one & above).then(best).otherwise(high),
    ), said
