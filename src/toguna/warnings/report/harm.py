r"""What came after warnings: hits, misses, what chance would give, lead time, and harm during delay.

*Hit*: at least one event in the areas a warning names, from the day after it was given to the end of its
period. *By chance*: had as many areas been drawn at random on the same day, with m of the n areas of the
theatre struck in that period, k areas would have hit with probability

    1 - C(n - m, k) / C(n, k)

so that naming places that are always struck earns nothing. *Missed*: an event in an area that no warning then
standing names. A warning that names no area is counted apart: it cannot be wrong about a place.

Nothing here says that a warning, a decision or a measure caused or averted anything.

Enters: warnings that were given, and events. Leaves: plain figures. Called by ``toguna ledger report`` and
`toguna.replay.warned`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from math import comb
from typing import Any

from toguna.warnings.states import Record

__all__ = ["Given", "Harm", "aftermath", "given_of"]


@dataclass(frozen=True, slots=True)
class Harm:
    """One event: day, first-level area, deaths (None = not known)."""

    day: date
    area: str
    deaths: float | None = None


@dataclass(frozen=True, slots=True)
class Given:
    """One warning that was given.

    Parameters
    ----------
    id : str
    areas : tuple of str
        First-level areas it names; empty = none.
    day, end : date
        When it was given, and until when it stands.
    deadline, decided : date or None
        Until when it was to be decided, and when it was; None = never, or not asked.
    """

    id: str
    areas: tuple[str, ...]
    day: date
    end: date
    deadline: date | None = None
    decided: date | None = None


def given_of(record: Record) -> Given:
    """Read a warning of the ledger that was issued."""
    w, times = record.warning, record.times
    over = [times[s] for s in ("withdrawn", "superseded") if s in times]
    end = min([w.end, *(date.fromisoformat(t[:10]) for t in over)])
    day = date.fromisoformat(times["issued"][:10])
    decided = date.fromisoformat(times["decided"][:10]) if "decided" in times else None
    return Given(record.id, tuple(a.name for a in w.areas), day, max(day, end), w.deadline, decided)


def aftermath(given: Sequence[Given], harm: Sequence[Harm], areas: Sequence[str], on: date) -> dict[str, Any]:
    """Hold warnings against what came after them.

    Parameters
    ----------
    given : sequence of Given
    harm : sequence of Harm
        Events of the theatre; those after `on` are not looked at.
    areas : sequence of str
        Areas of the theatre, struck or not.
    on : date
        Last day that is looked at.

    Returns
    -------
    dict
        ``warnings`` (one by one), ``named`` (hits beside chance among those that name areas), ``unnamed``,
        ``events`` (covered or missed since the first warning), ``delay``.
    """
    known = [h for h in harm if h.day <= on]
    every = sorted({*areas, *(h.area for h in known)})
    rows = [_row(g, known, every, on) for g in given]
    named = [r for r in rows if r["areas"] and r["verdict"] != "undecided"]
    return {
        "on": on.isoformat(),
        "warnings": rows,
        "named": {
            "decided": len(named),
            "hits": sum(r["verdict"] == "hit" for r in named),
            "false": sum(r["verdict"] == "false" for r in named),
            "hits_by_chance": round(sum(r["by_chance"] for r in named), 2),
            "undecided": sum(r["verdict"] == "undecided" for r in rows if r["areas"]),
        },
        "unnamed": sum(not r["areas"] for r in rows),
        "events": _covered(given, known, every, on),
        "delay": _delay(given, known, on),
    }


def _within(harm: Sequence[Harm], given: Given, on: date) -> list[Harm]:
    last = min(given.end, on)
    inside = [h for h in harm if given.day < h.day <= last]
    return [h for h in inside if h.area in given.areas] if given.areas else inside


def _row(given: Given, harm: Sequence[Harm], every: Sequence[str], on: date) -> dict[str, Any]:
    after = _within(harm, given, on)
    first = min((h.day for h in after), default=None)
    verdict = "hit" if after else "false" if given.end <= on else "undecided"
    lead = (first - given.day).days if first else None
    used = (given.decided - given.day).days if given.decided else None
    return {
        "id": given.id,
        "areas": list(given.areas),
        "day": given.day.isoformat(),
        "end": given.end.isoformat(),
        "verdict": verdict,
        "by_chance": round(_chance(given, harm, every, on), 4) if given.areas else None,
        "events": len(after),
        "lead_days": lead,
        "used_days": used,
        "left_days": None if lead is None or used is None else lead - used,
    }


def _chance(given: Given, harm: Sequence[Harm], every: Sequence[str], on: date) -> float:
    last = min(given.end, on)
    struck = len({h.area for h in harm if given.day < h.day <= last})
    k = min(len(given.areas), len(every))
    return 1 - comb(len(every) - struck, k) / comb(len(every), k) if every else 0.0


def _covered(given: Sequence[Given], harm: Sequence[Harm], every: Sequence[str], on: date) -> dict[str, Any]:
    """Count events in areas under a warning, beside the share of area-days that were under one."""
    naming = [g for g in given if g.areas]
    if not naming:
        return {"events": 0, "covered": 0, "missed": 0, "share": None, "share_of_area_days": None}
    first = min(g.day for g in naming)
    later = [h for h in harm if h.day > first]
    hit = sum(any(h.area in g.areas and g.day < h.day <= g.end for g in naming) for h in later)
    span = (on - first).days
    days = sum(len(_days_under(naming, area, on)) for area in every)
    return {
        "since": first.isoformat(),
        "events": len(later),
        "covered": hit,
        "missed": len(later) - hit,
        "share": round(hit / len(later), 4) if later else None,
        "share_of_area_days": round(days / (span * len(every)), 4) if span and every else None,
    }


def _days_under(given: Sequence[Given], area: str, on: date) -> set[int]:
    spans = ((g.day.toordinal() + 1, min(g.end, on).toordinal() + 1) for g in given if area in g.areas)
    return {day for start, end in spans for day in range(start, end)}


def _delay(given: Sequence[Given], harm: Sequence[Harm], on: date) -> dict[str, Any]:
    """Sum the harm in warned areas between the day a decision was due and the day it was made."""
    late = [(g, g.decided or on) for g in given if g.deadline and (g.decided or on) > g.deadline]
    ids: set[int] = set()
    for g, until in late:
        ids |= {
            k
            for k, h in enumerate(harm)
            if g.deadline is not None and g.deadline < h.day <= until and (not g.areas or h.area in g.areas)
        }
    known = [d for k in ids if (d := harm[k].deaths) is not None]
    return {
        "late_or_undecided": len(late),
        "days": sum((until - g.deadline).days for g, until in late if g.deadline is not None),
        "events": len(ids),
        "deaths": sum(known) if known else (0 if not ids else None),
        "deaths_unknown": len(ids) - len(known),
    }
