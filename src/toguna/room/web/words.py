"""The words of events, folded once for each build, so that a search only looks whether they hold a word.

Enters: events that may be passed on, organisations of the assessment. Leaves: the events with three columns
more. Called by `toguna.room.web.built`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import polars as pl

__all__ = ["ALL", "PLACE", "SIDES", "with_words"]

ALL, PLACE, SIDES = "words:all", "words:place", "words:sides"
"""Columns: words of everything, of the place, of the sides; a space stands around every word."""
_SIDES = ("side_a", "side_b", "responsibility")
_PLACE = ("place", "admin1", "admin2", "country")
_TEXT = ("event_id", "note", "event_type", "tactic", "target", "setting", *_SIDES, *_PLACE)
_NAMES = "names"


def with_words(events: pl.DataFrame, actors: Iterable[Mapping[str, Any]]) -> pl.DataFrame:
    """Add the columns of words; names and aliases of those who are blamed are among them."""
    return (
        events.with_columns(_called(events, actors))
        .with_columns(
            _folded(*_TEXT, _NAMES).alias(ALL),
            _folded(*_PLACE).alias(PLACE),
            _folded(*_SIDES).alias(SIDES),
        )
        .drop(_NAMES)
    )


def _folded(*columns: str) -> pl.Expr:
    """Join columns, without case and accents."""
    told = pl.concat_str(*columns, separator=" ", ignore_nulls=True).str.to_lowercase()
    bare = told.str.normalize("NFKD").str.replace_all(r"\p{M}+", "").str.replace_all("œ", "oe")
    return pl.lit(" ") + bare.str.replace_all(r"[^a-z0-9]+", " ") + pl.lit(" ")


def _called(events: pl.DataFrame, actors: Iterable[Mapping[str, Any]]) -> pl.Expr:
    """Return every name and alias of the organisations blamed, as one text for each event."""
    names = {a["id"]: " ".join([a["id"], *a["names"].values(), *a["aliases"]]) for a in actors}
    blamed = sorted({str(who) for who in events["perpetrators"].explode(empty_as_null=True).drop_nulls()})
    worded = pl.element()
    if blamed:
        told = [names.get(who, who) for who in blamed]
        worded = worded.replace_strict(blamed, told, default="", return_dtype=pl.String)
    return pl.col("perpetrators").list.eval(worded).list.join(" ").alias(_NAMES)
