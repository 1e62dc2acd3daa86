"""Which warnings the rules would have given at the looks of a replay, how early, and how many for nothing.

Enters: looks, rules. Leaves: one plain dict. Called by ``toguna ledger rehearse`` and
``bench/warnings.py``. What counts as a turning point, a hit and a false alarm is that of
`toguna.replay.score`; what came in the areas that were named is that of `toguna.warnings.report.harm`.
Nobody answers in a rehearsal: a warning stands until its period is over, and what is found again meanwhile
renews it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from toguna.replay.score import LATE_DAYS, LEAD_DAYS, scorable, score
from toguna.replay.turning import QUIET_DAYS, TurningPoint, turning_points
from toguna.warnings.foreseen import LEVEL, TARGET
from toguna.warnings.raising import Setting, propose
from toguna.warnings.report.harm import Given, Harm, aftermath
from toguna.warnings.rules import Rules
from toguna.warnings.signals import of_chances, of_forecasts, of_shifts
from toguna.warnings.types import Warning
from toguna.warnings.words import LEVELS

__all__ = ["Issued", "rehearsal", "would_be_given"]

Look = Mapping[str, Any]
MARK = 25
"""Deaths in a month and an area whose chance is told beside turning points: that of the rule of forecasts."""


@dataclass(frozen=True)
class Issued:
    """A warning that would have been given.

    Parameters
    ----------
    warning : Warning
        As it was given.
    day, end : date
        On which look, and until when it stood.
    level : str
        The loudest it became while it stood.
    louder : date or None
        First look on which it was louder than when it was given.
    """

    warning: Warning
    day: date
    end: date
    level: str
    louder: date | None = None

    @property
    def areas(self) -> tuple[str, ...]:
        """Areas it names."""
        return tuple(area.name for area in self.warning.areas)


def would_be_given(looks: Sequence[Look], rules: Rules, setting: Setting) -> list[Issued]:
    """Run the rules over looks, in the order of their dates; what still stands is renewed."""
    given: list[Issued] = []
    standing: dict[Any, int] = {}
    for look in looks:
        day = date.fromisoformat(look["as_of"])
        for warning in propose(_signals(look, setting), rules, replace(setting, as_of=day)):
            at = standing.get(warning.key)
            if at is not None and given[at].end >= day:
                given[at] = _renewed(given[at], warning, day)
                continue
            standing[warning.key] = len(given)
            given.append(Issued(warning, day, warning.end, warning.level))
    return given


def _renewed(one: Issued, found: Warning, day: date) -> Issued:
    end = max(one.end, found.end)
    if LEVELS.index(found.level) <= LEVELS.index(one.level):
        return replace(one, end=end)
    return replace(one, end=end, level=found.level, louder=one.louder or day)


def _signals(look: Look, setting: Setting) -> list[Any]:
    titles = (*setting.title.values(), setting.theatre)
    found = look["found"]
    chances = of_chances(found.get("chances") or (), theatre=titles)
    return [*of_shifts(found["shifts"]), *chances, *of_forecasts(_foreseen(look))]


def _foreseen(look: Look) -> Sequence[Mapping[str, Any]]:
    """Return what the forecasts that were published on a day say of areas; none where a look kept none."""
    rows: Sequence[Mapping[str, Any]] = (look["found"].get("published") or {}).get("foreseen") or ()
    return rows


def rehearsal(
    looks: Sequence[Look],
    rules: Rules,
    setting: Setting,
    *,
    harm: Sequence[Harm],
    areas: Sequence[str],
    quiet_days: int = QUIET_DAYS,
) -> dict[str, Any]:
    """Say which warnings would have been given, and hold them against turning points and later events.

    Parameters
    ----------
    looks : sequence of mapping
        Results of a replay in the order of their dates; ``found`` may hold ``chances`` and ``published``.
    rules : Rules
    setting : Setting
        Of the theatre; its day is that of each look.
    harm : sequence of Harm
        Events of the theatre's first population.
    areas : sequence of str
        First-level areas of the theatre, struck or not.
    quiet_days : int
        Days without an event in an area that make the next one a turning point.

    Returns
    -------
    dict
        ``warnings``, ``points`` (one by one: what named the area before, what was given before without naming
        it, the highest chance that a forecast published before gave it), ``forecasts`` (on how many looks
        they were published or withheld, and the highest chance), ``scores`` (any warning; those that ask for
        a decision), ``aftermath``.
    """
    dates = [date.fromisoformat(look["as_of"]) for look in looks]
    given = would_be_given(looks, rules, setting)
    last = looks[-1]["found"]
    points = scorable(dates, turning_points(last["onsets"], last["stated"], quiet_days=quiet_days))
    rows = [Given(f"w{k:02d}", g.areas, g.day, g.end) for k, g in enumerate(given, start=1)]
    return {
        "looks": {"n": len(looks), "first": dates[0].isoformat(), "last": dates[-1].isoformat()},
        "rules": len(rules.rules),
        "warnings": [_told(row.id, g) for row, g in zip(rows, given, strict=True)],
        "points": [{**_point(p, rows), "foreseen_before": _highest(looks, p.day, p.area)} for p in points],
        "forecasts": _forecasts(looks),
        "scores": {
            name: score(dates, _started(dates, given, least), points).as_dict()
            for name, least in (("any", "watch"), ("warning", "warning"))
        },
        "aftermath": aftermath(rows, harm, areas, dates[-1]),
        "definitions": {"lead_days": LEAD_DAYS, "late_days": LATE_DAYS, "quiet_days": quiet_days},
    }


def _told(id: str, one: Issued) -> dict[str, Any]:
    w = one.warning
    return {
        "id": id,
        "day": one.day.isoformat(),
        "end": one.end.isoformat(),
        "kind": w.kind,
        "level": w.level,
        "louder": None if one.louder is None else {"day": one.louder.isoformat(), "level": one.level},
        "areas": list(one.areas),
        "actors": list(w.actors),
        "headline": dict(w.headline),
        "rules": sorted({b.rule for b in w.basis}),
    }


def _started(dates: Sequence[date], given: Sequence[Issued], least: str) -> list[bool]:
    """Whether a warning of a level or louder was given, or became so, at each look but the first."""
    bound = LEVELS.index(least)
    days = {g.day for g in given if LEVELS.index(g.warning.level) >= bound}
    days |= {g.louder for g in given if g.louder and LEVELS.index(g.warning.level) < bound}
    return [k > 0 and day in days for k, day in enumerate(dates)]


def _point(point: TurningPoint, given: Sequence[Given]) -> dict[str, Any]:
    """Say what was given before a turning point, naming its area or not, and when it was first named."""
    naming = [g for g in given if point.area in g.areas]
    before = [g for g in naming if g.day < point.day <= g.end]
    wide = [g for g in given if not g.areas and g.day < point.day <= g.end]
    after = [(g.day - point.day).days for g in naming if g.day >= point.day]
    return {
        "day": point.day.isoformat(),
        "area": point.area,
        "named_before_days": max(((point.day - g.day).days for g in before), default=None),
        "named_before": [g.id for g in before],
        "unnamed_before_days": max(((point.day - g.day).days for g in wide), default=None),
        "unnamed_before": [g.id for g in wide],
        "named_after_days": min(after, default=None),
    }


def _forecasts(looks: Sequence[Look]) -> dict[str, Any]:
    """Say on how many looks forecasts of deaths by area were published, and how loud they ever were."""
    kept = [look["found"]["published"] for look in looks if "published" in look["found"]]
    name = f"{LEVEL}/{TARGET}"
    return {
        "looks": len(kept),
        "published": sum(bool(one["foreseen"]) for one in kept),
        "withheld": sum(name in one["withheld"] for one in kept),
        "highest": _highest(looks, date.max),
    }


def _highest(looks: Sequence[Look], before: date, area: str | None = None) -> dict[str, Any] | None:
    """Find the highest chance that any area, or this one, was given of `MARK` deaths in a month."""
    rows = [
        {"as_of": look["as_of"], "area": r["area"], "deaths": MARK, "probability": r["probability"]}
        for look in looks
        if date.fromisoformat(look["as_of"]) < before
        for r in _foreseen(look)
        if r["deaths"] == MARK and area in (None, r["area"])
    ]
    return max(rows, key=lambda row: float(row["probability"]), default=None)
