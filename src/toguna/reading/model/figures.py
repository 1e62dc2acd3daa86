"""Proofs of counts: a number stands only where our own numerals read it in the quoted words.

Enters: what a model says of one draft, with quotes. Leaves: fields with low, best and high as our numerals
read them. Called by `toguna.reading.model.proof`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from toguna.reading.drafts import Field, Span
from toguna.reading.model.evidence import meets
from toguna.reading.model.proving import Proving
from toguna.reading.numerals import quantities
from toguna.reading.tolls import Toll

__all__ = ["persons", "span_of_days"]

_FATES = {"wounded": "wounded", "hostages": "hostages"}
_OTHER_SIDES = {
    "killed_victims": ("attackers",),
    "killed_civilians": ("attackers", "forces", "militia"),
    "killed_forces": ("attackers", "civilians"),
    "killed_attackers": ("civilians", "forces", "militia"),
}
_UNIT = re.compile(r"\b(days?|jours?|weeks?|semaines?|months?|mois)\b")
_DAYS = {"d": 1, "j": 1, "w": 7, "s": 7, "m": 30}


@dataclass(frozen=True)
class _Count:
    """What the text says of one count, and whether our dictionaries tie it to the same fate."""

    low: int | None
    best: int | None
    high: int | None
    spans: tuple[Span, ...]
    agreed: bool
    older: tuple[int, ...] = ()


def persons(told: Mapping[str, Any], work: Proving) -> dict[str, Field]:
    """Take the counts of one incident; a sum of parts where the text gives no sum."""
    counts = {
        name: c for name in (*_OTHER_SIDES, "killed", *_FATES) if (c := _merged(name, told[name], work))
    }
    found: dict[str, Field] = {}
    for name in ("killed_civilians", "killed_forces", "killed_attackers", *_FATES):
        value = _single(counts.get(name))
        if value is not None:
            found[name] = _field(value, counts[name], work)
    total, derived = counts.get("killed"), False
    if total is None:
        total, derived = _sum(counts), True
    if total:
        ends = {"killed_low": total.low, "killed_best": total.best, "killed_high": total.high}
        found |= {k: _field(v, total, work, derived) for k, v in ends.items() if v is not None}
    return found


def _single(count: _Count | None) -> int | None:
    return (
        None
        if count is None
        else next((x for x in (count.best, count.high, count.low) if x is not None), None)
    )


def _field(value: int, count: _Count, work: Proving, derived: bool = False) -> Field:
    vague = count.low != count.high or count.best is None
    told = {"agreed": count.agreed, "vague": vague, "derived": derived}
    sure = [name for name, is_so in told.items() if is_so]
    return work.field(value, count.spans, "count", sure, history=count.older)


def _sum(counts: Mapping[str, _Count]) -> _Count | None:
    """Add the dead of all sides: victims, together or in their parts, and attackers."""
    victims = ["killed_victims"] if "killed_victims" in counts else ["killed_civilians", "killed_forces"]
    parts = [counts[name] for name in (*victims, "killed_attackers") if name in counts]
    if not parts:
        return None
    low, best, high = (_added([getattr(c, end) for c in parts]) for end in ("low", "best", "high"))
    older = parts[0].older if len(parts) == 1 else ()
    return _Count(
        low, best, high, tuple(s for c in parts for s in c.spans), all(c.agreed for c in parts), older
    )


def _added(values: Sequence[int | None]) -> int | None:
    return None if None in values else sum(v for v in values if v is not None)


def _merged(name: str, told: Sequence[Mapping[str, Any]], work: Proving) -> _Count | None:
    """Fold the figures given for one count: the best first, then what others say, then what is superseded."""
    read = [(t["superseded"], c) for t in told if (c := _count(name, t, work))]
    stands = [c for superseded, c in read if not superseded]
    if not stands:
        return None
    older = tuple(v for superseded, c in read if superseded and (v := _single(c)) is not None)
    lows = [c.low for c in stands]
    highs = [c.high for c in stands]
    return _Count(
        None if None in lows else min(x for x in lows if x is not None),
        stands[0].best,
        None if None in highs else max(x for x in highs if x is not None),
        tuple(s for c in stands for s in c.spans),
        all(c.agreed for c in stands),
        older,
    )


def _count(name: str, told: Mapping[str, Any], work: Proving) -> _Count | None:
    span = work.quoted(name, told["quote"])
    if span is None:
        return None
    tolls = [
        t
        for m in work.evidence.sentences(span)
        for t in m.tolls
        if meets((t.start, t.end), span) and _fits(told["value"], t.low, t.best, t.high)
    ]
    fate = _FATES.get(name, "dead")
    same = [t for t in tolls if t.fate == fate and t.side not in _OTHER_SIDES.get(name, ())]
    if same:
        t = same[0]
        return _Count(t.low, t.best, t.high, ((t.start, t.end),), agreed=True)
    if tolls:
        work.drop(name, _contrary(tolls, fate))
        return None
    return _bare(name, told["value"], span, work)


def _contrary(tolls: Sequence[Toll], fate: str) -> str:
    return (
        "number-counts-another-side" if any(t.fate == fate for t in tolls) else "number-counts-another-fate"
    )


def _bare(name: str, value: int, span: Span, work: Proving) -> _Count | None:
    """Accept a number that our dictionaries tie to no fate."""
    evidence = work.evidence
    for m in evidence.sentences(span):
        for q in quantities(evidence.folded, evidence.lang, *m.span):
            if meets((q.start, q.end), span) and _fits(value, q.low, q.best, q.high):
                return _Count(q.low, q.best, q.high, ((q.start, q.end),), agreed=False)
    work.drop(name, "number-not-in-quote")
    return None


def _fits(value: int, low: int | None, best: int | None, high: int | None) -> bool:
    """Say whether a number is one that the words give, or lies in the range that they give."""
    if value in (low, best, high):
        return True
    return low is not None and high is not None and low <= value <= high


def span_of_days(told: Sequence[Mapping[str, Any]], work: Proving) -> dict[str, Field]:
    """Take the length of a measure, when its quote gives that number of days, weeks or months."""
    if not told:
        return {}
    span = work.quoted("days", told[0]["quote"])
    if span is None:
        return {}
    fold, lang = work.evidence.folded, work.evidence.lang
    unit = _UNIT.search(fold, *span)
    for q in quantities(fold, lang, *span):
        if unit and q.best is not None and q.best * _DAYS[unit[1][0]] == told[0]["value"]:
            return {"days": work.field(told[0]["value"], [span], "count", ["agreed"])}
    work.drop("days", "number-not-in-quote")
    return {}
