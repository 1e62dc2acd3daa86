"""Say sealed reports in the columns of an event.

Enters: a sealed frame and its mapping. Leaves: `Parsed`. Called by `toguna.sources.reports.source`.

Cells that a check must look at (a grade or a class that is unknown, no consent, a status of review) stand
among the unreadable ones, by the name of what they concern.
"""

from __future__ import annotations

import polars as pl

from toguna.core.grading import CREDIBILITY, NOT_JUDGED, RELIABILITY, SENSITIVITY, SEVERE, confidence
from toguna.core.names import EVENT_SCHEMA
from toguna.core.text import slug
from toguna.sources.protocol import UNREADABLE_SCHEMA, Parsed
from toguna.sources.reports.seal import CONSENT, KNOWN, REPORTER, ROOT
from toguna.sources.table.events import say
from toguna.sources.table.mapping import Mapping
from toguna.store.theatre import Theatre

__all__ = ["tell"]

_NOTHING = "nothing"


def tell(frame: pl.DataFrame, mapping: Mapping, theatre: Theatre | None = None) -> Parsed:
    """Say every report as an event; tellings of the same submission share an id."""
    parsed = say(frame, mapping, theatre)
    known = frame[KNOWN].str.to_date("%Y-%m-%d", strict=False)
    last = pl.max_horizontal("date_start", "date_end")
    events = parsed.events.with_columns(
        source=pl.lit("reports"), published_at=pl.coalesce(known, last), reporter=frame[REPORTER]
    )
    given = frame.select(
        published=events["published_at"], row=events["row"], root=frame[ROOT], own=_own(frame)
    )
    events = events.with_columns(event_id=_ids(given, mapping))
    events, odd = _graded(events, parsed.unreadable)
    refused = _said(frame, CONSENT, "consent", "no")
    graded = odd.filter(~pl.col("row").is_in(refused["row"].implode()))  # nothing is left to grade
    looked_at = [graded, refused, _reviewed(frame), _undated(known)]
    return Parsed(events, pl.concat(looked_at).sort("row", "field"), parsed.columns)


def _own(frame: pl.DataFrame) -> pl.Series:
    """Name each row: the server's number, which an edit keeps, else the first id of the submission."""
    row = pl.format("row-{}", pl.int_range(1, pl.len() + 1))
    number = [pl.col("_id")] if "_id" in frame.columns else []
    return frame.select(pl.coalesce(*number, pl.col(ROOT), row)).to_series()


def _ids(given: pl.DataFrame, mapping: Mapping) -> pl.Series:
    """Give the tellings of one submission the id of the one known first: later ones change nothing."""
    prefix = f"reports:{slug(mapping.name)}:" if slug(mapping.name) else "reports:"
    earliest = pl.col("own").sort_by("published", "row", nulls_last=True).first().over("root")
    by_root = pl.when(pl.col("root").is_null()).then("own").otherwise(earliest)
    named = given.with_columns(own=by_root)
    return named.select(prefix + pl.col("own")).to_series()


def _graded(events: pl.DataFrame, unreadable: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Bring grades and class into their words; what is missing or unknown counts as the most careful one."""
    cells = unreadable.filter(pl.col("field") != "credibility")
    odd = [unreadable.filter(pl.col("field") == "credibility")]
    letter, class_ = events["reliability"].str.to_uppercase(), events["sensitivity"].str.to_lowercase()
    good = {
        "reliability": letter.is_in(RELIABILITY).fill_null(value=False),
        "credibility": events["credibility"].is_in(CREDIBILITY).fill_null(value=False),
        "sensitivity": class_.is_in(SENSITIVITY).fill_null(value=False),
    }
    told = set(odd[0]["row"].to_list())
    for name, fine in good.items():
        text = events[name].cast(pl.String).fill_null(_NOTHING)
        rows = events.select("row", field=pl.lit(name), text=text).filter(~fine)
        odd.append(rows.filter(~pl.col("row").is_in(list(told))) if name == "credibility" else rows)
    reliability = letter.set(~good["reliability"], NOT_JUDGED[0])
    credibility = events["credibility"].set(~good["credibility"], NOT_JUDGED[1])
    trust = [confidence(r, c) for r, c in zip(reliability, credibility, strict=True)]
    events = events.with_columns(
        reliability=reliability,
        credibility=credibility,
        sensitivity=class_.set(~good["sensitivity"], SEVERE),
        confidence=pl.Series(trust, dtype=pl.String),
    )
    return events.select(EVENT_SCHEMA.names()).cast(EVENT_SCHEMA), pl.concat([cells, *odd])


def _said(frame: pl.DataFrame, column: str, field: str, text: str) -> pl.DataFrame:
    rows = frame.select(
        row=pl.int_range(1, pl.len() + 1, dtype=pl.Int64), field=pl.lit(field), text=pl.col(column)
    )
    return rows.filter(pl.col("text") == text).cast(UNREADABLE_SCHEMA)


def _reviewed(frame: pl.DataFrame) -> pl.DataFrame:
    """Tell the reports that whoever reviews the form did not approve."""
    if "_validation_status" not in frame.columns:
        return pl.DataFrame(schema=UNREADABLE_SCHEMA)
    status = frame["_validation_status"].str.to_lowercase().str.replace_all(r"[_\s]+", "-")
    refused = status.str.contains(r"not-approved|rejected|non-approuv").fill_null(value=False)
    held = status.str.contains(r"on-hold|hasissues|en-attente").fill_null(value=False)
    word = pl.when(refused).then(pl.lit("not approved")).when(held).then(pl.lit("on hold"))
    rows = frame.select(row=pl.int_range(1, pl.len() + 1, dtype=pl.Int64), field=pl.lit("review"), text=word)
    return rows.filter(pl.col("text").is_not_null()).cast(UNREADABLE_SCHEMA)


def _undated(known: pl.Series) -> pl.DataFrame:
    rows = pl.DataFrame({"row": known.is_null().arg_true().cast(pl.Int64) + 1})
    return rows.select("row", field=pl.lit("sent"), text=pl.lit(_NOTHING)).cast(UNREADABLE_SCHEMA)
