"""What is being done about the violence: timing, coverage, threats over time, and the check of protection.

Enters: what was collected for a question. Leaves: the entries `response_timing`, `threat_priority` and
`protection` of an assessment. Called by `situation` and by `toguna responses`.

All figures are of the main source alone: sources overlap and are never added. Nothing here says what a
measure caused.
"""

from __future__ import annotations

import zlib
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from toguna.core.text import fold
from toguna.responses.attacks import Attacks, attacks_of
from toguna.responses.coverage import Coverage, coverage
from toguna.responses.protection import Protection, protection
from toguna.responses.register import Response, responses
from toguna.responses.threats import OF_KIND, RUNNING, Threats, harm_of, threats
from toguna.responses.timing import Timing, Trigger, timing
from toguna.room.standing import entries_by
from toguna.shifts.population import main_source
from toguna.warnings.states import fold as fold_entries

if TYPE_CHECKING:
    from toguna.actors.registry import Registry
    from toguna.room.view import Collected, Question
    from toguna.store.theatre import Theatre

__all__ = ["FOLLOWING", "Doing", "doing"]

FOLLOWING = 180
"""Days after a change of rank in which a measure counts as following it."""
MEASURES = ("deaths", "events")


@dataclass(frozen=True)
class Doing:
    """What is being done, as found.

    Parameters
    ----------
    source : str or None
        The source all figures are of; None without events.
    responses : tuple of Response
        As of the date.
    where : dict of str to str
        Response id to first-level area; "" for the whole theatre.
    timing : Timing
        Before or after violence.
    coverage : Coverage
        Areas covered and areas struck.
    threats : dict of str to Threats
        By measure of harm.
    protection : Protection
        Posts and harm.
    left_out : int
        Events dated too vaguely to stand before or after a measure.
    """

    source: str | None
    responses: tuple[Response, ...]
    where: dict[str, str]
    timing: Timing
    coverage: Coverage
    threats: dict[str, Threats]
    protection: Protection
    left_out: int

    def as_dict(self) -> dict[str, Any]:
        """Return the three entries of an assessment."""
        return {
            "response_timing": {
                "source": self.source,
                "left_out": self.left_out,
                **self.timing.as_dict(),
                "coverage": self.coverage.as_dict(),
            },
            "threat_priority": {
                "source": self.source,
                "following_days": FOLLOWING,
                **{name: self._ranked(found) for name, found in self.threats.items()},
            },
            "protection": {"source": self.source, **self.protection.as_dict()},
        }

    def _ranked(self, found: Threats) -> dict[str, Any]:
        told = found.as_dict()
        told["changes"] = [
            {**change, **self._followed(_known(change["month"]))} for change in told["changes"]
        ]
        return told

    def _followed(self, day: date) -> dict[str, Any]:
        """Say which measures began after a change of rank could be known, and how many before it."""
        span = timedelta(days=FOLLOWING)
        taken = [r for r in self.responses if not r.recommendation]
        after = [r for r in taken if day < r.date_start <= day + span]
        return {
            "known": day.isoformat(),
            "responses": [r.id for r in after],
            "first_delay": (after[0].date_start - day).days if after else None,
            "before": sum(day - span < r.date_start <= day for r in taken),
        }


def _known(month: str) -> date:
    """Return the last day of the month in which a change of rank that began in `month` could be known."""
    year, number = (int(part) for part in month.split("-"))
    ahead = year * 12 + number - 1 + RUNNING
    return date(ahead // 12, ahead % 12 + 1, 1) - timedelta(days=1)


def doing(
    question: Question,
    collected: Collected,
    *,
    forecast: Mapping[str, float] | None = None,
) -> Doing:
    """Work out what is being done and how it stands beside the violence.

    Parameters
    ----------
    question : Question
        Theatre, date, windows, seed.
    collected : Collected
        Events and registry as of the date; sensitive rows are already held back.
    forecast : mapping of str to float, optional
        Expected harm by first-level area; else recent harm stands in.

    Notes
    -----
    What a measure may have answered beside an attack: warnings that the ledger shows as issued by then, and
    changes in the ranking of threats by deaths.
    """
    theatre, as_of = question.theatre, question.as_of
    told = collected.events.filter(collected.events["within"].is_null())
    source = main_source(told, question.windows.recent)
    own = told.filter(pl.col("source") == source) if source else told
    own = own.filter(pl.col("country").is_in(theatre.countries) | pl.col("country").is_null())
    attacks = attacks_of(own)
    measures = tuple(responses(theatre, as_of))
    areas, spelt = _areas(theatre, attacks)
    where = {r.id: spelt.get(fold(r.admin1), "") for r in measures}
    harm = harm_of(own, cache(lambda actor: threat_kind(collected.registry, actor)))
    ranked = {m: threats(harm, m, end=as_of, rng=_rng(question, f"threats/{m}")) for m in MEASURES}
    changes = [
        Trigger("shift", f"threat/{c.month}/{c.risen}", _known(c.month)) for c in ranked["deaths"].changes
    ]
    return Doing(
        source=source,
        responses=measures,
        where=where,
        timing=timing(
            measures,
            attacks,
            areas=where,
            end=as_of,
            rng=_rng(question, "timing"),
            triggers=[*warned(question, spelt), *changes],
        ),
        coverage=coverage(
            measures, attacks, areas=areas, where=where, end=as_of, rng=_rng(question, "coverage")
        ),
        threats=ranked,
        protection=protection(
            theatre,
            own,
            recent=question.windows.recent,
            areas=areas,
            forecast=forecast,
            gone=lambda force: _gone(collected.registry, force, as_of),
        ),
        left_out=attacks.left_out,
    )


def _areas(theatre: Theatre, attacks: Attacks) -> tuple[list[str], dict[str, str]]:
    """Return the first-level areas, and every folded spelling of one; those of attacks without a table."""
    named = theatre.names("adm1").canonical
    spelt = dict(named) or {fold(area): area for area in attacks.areas if area}
    return sorted(set(spelt.values())), spelt


def warned(question: Question, spelt: Mapping[str, str]) -> list[Trigger]:
    """Return the warnings issued by the day, once for each area; restricted ones are not told."""
    records = fold_entries(entries_by(question)).values()
    open_ones = [r for r in records if r.issued_at and r.warning.sensitivity != "restricted"]
    return [
        Trigger("warning", r.id, date.fromisoformat(str(r.issued_at)[:10]), spelt.get(fold(area), ""))
        for r in open_ones
        for area in [a.name for a in r.warning.areas] or [""]
    ]


def _rng(question: Question, name: str) -> np.random.Generator:
    """Return a stream of its own for each figure."""
    return np.random.default_rng([question.seed, zlib.crc32(name.encode())])


def threat_kind(registry: Registry, actor: str) -> str:
    """Return the kind of an organisation; of a coalition that of most of its members, else of its parent."""
    kind = registry.kind(actor)
    if kind != "political_coalition":
        return kind
    bound = [r for r in registry.statements if r.kind in ("component_of", "merger_into")]
    near = [registry.kind(r.a) for r in bound if r.b == actor] or [
        registry.kind(m) for r in bound if r.a == actor for m in (s.a for s in bound if s.b == r.b)
    ]
    counted = Counter(k for k in near if k in OF_KIND)
    return max(sorted(counted), key=lambda k: counted[k]) if counted else kind


def _gone(registry: Registry, force: str, on: date) -> bool:
    """Whether a force had ended by a day, as far as the registry knows it."""
    match = registry.resolve(force)
    actor = registry.actors.get(match.actor_id or "") if match.certain else None
    return actor is not None and actor.active_to is not None and actor.active_to.last <= on
