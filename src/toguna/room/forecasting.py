"""Forecasts of what was collected: made, held against the publish guard, kept.

Enters: what was collected for a question. Leaves: an `Outlook`, findings, the name of what was kept, scores
of what was kept earlier. Called by the verbs `forecast` and `score`; the assessment makes its own through
`toguna.room.ahead.ahead`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from toguna import __version__
from toguna.core.errors import UsageError
from toguna.forecasts.guard import Account, Draft, Record, guard
from toguna.forecasts.outlook.adjust import LEVEL
from toguna.forecasts.outlook.issue import draws_of, scored
from toguna.forecasts.outlook.layers import TARGETS, layers_of
from toguna.forecasts.outlook.outlook import Asked, Made, Outlook, Sources, counted_of, outlook
from toguna.forecasts.outlook.plain import records_of
from toguna.forecasts.outlook.span import last_day, month_name, span_of
from toguna.room.situation import inputs_of

if TYPE_CHECKING:
    from toguna.core.findings import Finding
    from toguna.room.view import Collected, Question
    from toguna.store.issued import Issued

__all__ = ["Judged", "against", "forecast_of", "judge", "keep"]


def forecast_of(known: Collected, question: Question, asked: Asked) -> Outlook:
    """Forecast the theatre of a question."""
    sources = Sources(known.reach, known.completeness)
    return outlook(
        known.events,
        question.theatre,
        as_of=question.as_of,
        seed=question.seed,
        asked=asked,
        sources=sources,
    )


def against(found: Outlook, known: Collected) -> tuple[Finding, ...]:
    """Say what stands against publishing, once for each level and target."""
    accounts = tuple(
        Account(
            f"{a.source} rows",
            a.read,
            {"accepted": a.accepted, "quarantined": a.quarantined, "superseded": a.superseded},
        )
        for a in known.gathered.accounts
        if a.source == found.source
    )
    return tuple(finding for made in found.made for finding in guard(_draft(made, found, accounts)))


def _draft(made: Made, found: Outlook, accounts: tuple[Account, ...]) -> Draft:
    forecast = made.forecast
    months = [forecast.origin + step for step in forecast.steps]
    finite = np.isfinite(forecast.draws).all(axis=2)
    cells = [(unit, month) for unit in forecast.units for month in months]
    given = [cell for cell, fine in zip(cells, finite.T.ravel(), strict=True) if fine]
    return Draft(
        f"{made.level}/{made.target}",
        last_day(forecast.origin),
        found.as_of,
        cells,
        given,
        (_record(made),),
        accounts,
    )


def _record(made: Made) -> Record:
    cases = made.record.cases
    inside = abs(cases.rank - 0.5) <= LEVEL / 2
    origins = np.unique(cases.origin)
    held = [int(inside[cases.origin == t].sum()) for t in origins]
    n = [int((cases.origin == t).sum()) for t in origins]
    return Record(f"all units, {made.level}", LEVEL, held, n)


def keep(found: Outlook, known: Collected, question: Question, asked: Asked) -> str:
    """Keep a forecast in the home, with everything it was made from; return its digest.

    Raises
    ------
    UsageError
        There is nothing to keep.
    """
    if question.home is None or found.span is None or not found.made:
        raise UsageError("there is no forecast to save.")
    facts = {
        "theatre": question.theatre.name,
        "as_of": found.as_of.isoformat(),
        "source": found.source,
        "origin": month_name(found.span.last),
        "origin_rests_on": found.span.why,
        "asked": {
            "level": asked.level,
            "targets": list(asked.targets),
            "months": asked.months,
            "draws": asked.size,
            "trees": asked.trees,
        },
        "sources": list(question.sources) if question.sources is not None else None,
        "viewpoint": question.viewpoint.name,
        "seed": found.seed,
        "code_version": __version__,
        "inputs": inputs_of(question, known, []),
        "records": records_of(found),
        "findings": [finding.as_dict() for finding in against(found, known)],
    }
    return question.home.forecasts.put(draws_of(found), facts)


@dataclass(frozen=True, slots=True)
class Judged:
    """A forecast that was issued, scored by what is known later.

    Parameters
    ----------
    issued : Issued
    until : str or None
        Last month known whole by then; None when no month after the origin is.
    rows : list of dict
        See `toguna.forecasts.outlook.issue.scored`.
    outside : dict
        Level/target -> what was counted in units that the forecast does not have.
    """

    issued: Issued
    until: str | None
    rows: list[dict[str, Any]]
    outside: dict[str, float]

    def as_dict(self) -> dict[str, Any]:
        """Return plain values for JSON."""
        named = ("as_of", "source", "origin", "seed", "code_version", "asked")
        about = {name: self.issued.facts.get(name) for name in named}
        return {
            "digest": self.issued.digest,
            **about,
            "until": self.until,
            "scores": self.rows,
            "outside": self.outside,
        }


def judge(issued: Issued, draws: pl.DataFrame, known: Collected, question: Question) -> Judged:
    """Score a kept forecast by what is known at a later date, in the same source."""
    source = str(issued.facts["source"])
    theatre = question.theatre
    here = counted_of(known.events, theatre, source)
    days = here.select(pl.coalesce("date_end", "date_start")).to_series()
    span = span_of(days, as_of=question.as_of, reach=known.reach.get(source))
    first = int(draws["month"].min()) if draws.height else 1  # type: ignore[arg-type]
    if span is None or span.last < first:
        return Judged(issued, None, [], {})
    last = min(span.last, int(draws["month"].max()))  # type: ignore[arg-type]
    layers = layers_of(here, theatre, months=(first, last), level=issued.facts["asked"]["level"])
    happened = pl.concat(
        [
            pl.DataFrame(
                {
                    "level": layer.level,
                    "target": target,
                    "unit": np.repeat(np.array(layer.units, dtype=object), last - first + 1).tolist(),
                    "month": np.tile(np.arange(first, last + 1), len(layer.units)),
                    "count": layer.counts[target].ravel(),
                }
            )
            for layer in layers
            for target in TARGETS
        ]
    )
    asked = draws.select("level", "target").unique()
    new = happened.join(asked, on=["level", "target"], how="semi").join(
        draws, on=["level", "target", "unit", "month"], how="anti"
    )
    outside = {
        f"{level}/{target}": float(own["count"].sum())
        for (level, target), own in new.group_by("level", "target", maintain_order=True)
        if own["count"].sum()
    }
    return Judged(issued, month_name(last), scored(draws, happened), outside)
