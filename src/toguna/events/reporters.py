"""Who reported how much, under which pseudonym: for the house only, to grade sources by their record.

Enters: a home. Leaves: one row for every pseudonym. Called by ``toguna reports list``. Nothing here leads to
a person; whoever runs the form knows which code is whose.
"""

from __future__ import annotations

from typing import Any

import polars as pl

from toguna.core.types import Snapshot
from toguna.events.admit import admit
from toguna.events.checks.context import Context
from toguna.sources import get_source
from toguna.sources.protocol import RawFile
from toguna.store.home import Home

__all__ = ["reporters"]


def reporters(home: Home) -> list[dict[str, Any]]:
    """List the pseudonyms of the newest export, and of the newest release of the room, most reports first.

    Returns
    -------
    list of dict
        reporter ("" for reports of nobody in particular), reports (accepted), kept_apart (quarantined), first
        and last day of an incident (ISO, None when no report has one), grades ("B2 3, F6 1").
    """
    newest = {snapshot.series: snapshot for snapshot in home.archive.snapshots("reports")}
    if not newest:
        return []
    told = pl.concat([_told(home, snapshot) for snapshot in newest.values()])
    return sorted(
        (_row(name, own) for (name,), own in told.group_by("reporter")),
        key=lambda row: (-row["reports"], row["reporter"]),
    )


def _told(home: Home, snapshot: Snapshot) -> pl.DataFrame:
    raw = RawFile(home.archive.read(snapshot), table=snapshot.file_name, published_at=snapshot.published_at)
    parsed = get_source("reports").parse(raw, theatre=None)
    context = Context(raw.table, parsed.unreadable, parsed.columns, raw.published_at)
    admission = admit(parsed.events, context)
    parts = [admission.accepted.with_columns(_good=True), admission.quarantined.with_columns(_good=False)]
    return pl.concat(parts).with_columns(reporter=pl.col("reporter").fill_null(""))


def _row(name: Any, own: pl.DataFrame) -> dict[str, Any]:
    good = own.filter("_good")
    first, last = good["date_start"].min(), good["date_start"].max()
    grades = good.select(pl.format("{}{}", "reliability", "credibility").alias("g"))["g"].value_counts()
    ordered = grades.sort("count", "g", descending=[True, False])
    return {
        "reporter": str(name),
        "reports": good.height,
        "kept_apart": own.height - good.height,
        "first": None if first is None else str(first),
        "last": None if last is None else str(last),
        "grades": ", ".join(f"{grade} {n}" for grade, n in ordered.iter_rows()),
    }
