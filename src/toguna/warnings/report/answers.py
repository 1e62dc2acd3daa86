"""Which warnings were answered, and how fast; by theatre and quarter.

Enters: entries of the ledger, a period. Leaves: plain figures. Called by ``toguna ledger report``.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from scipy.special import betaincinv

from toguna.warnings.ledger.chain import Entry
from toguna.warnings.report.survival import times
from toguna.warnings.states import Record, fold

__all__ = ["Period", "answers", "issued_within"]

_OVER = ("closed", "withdrawn", "superseded")
_DAY = 86400.0


@dataclass(frozen=True, slots=True)
class Period:
    """Warnings issued from `start` to `end` are counted, with what happened up to `end`."""

    start: date
    end: date


def issued_within(entries: Iterable[Entry], period: Period) -> list[Record]:
    """Return the warnings issued in a period as they stood at its end."""
    last = period.end.isoformat()
    records = fold(e for e in entries if e.happened_at[:10] <= last)
    return [r for r in records.values() if r.issued_at and r.issued_at[:10] >= period.start.isoformat()]


def answers(records: Sequence[Record], period: Period) -> dict[str, Any]:
    """Say how warnings were answered, in all, by theatre, and by theatre and quarter of issue.

    Parameters
    ----------
    records : sequence of Record
        What `issued_within` returned.
    period : Period
        Its end is when watching ended.
    """
    groups: dict[str, list[Record]] = {}
    quarters: dict[str, list[Record]] = {}
    for record in records:
        groups.setdefault(record.warning.theatre, []).append(record)
        quarters.setdefault(f"{record.warning.theatre} {_quarter(record)}", []).append(record)
    return {
        "all": _answers(records, period),
        "by_theatre": {name: _answers(group, period) for name, group in sorted(groups.items())},
        "by_quarter": {name: _answers(group, period) for name, group in sorted(quarters.items())},
    }


def _quarter(record: Record) -> str:
    day = date.fromisoformat((record.issued_at or "")[:10])
    return f"{day.year}-Q{(day.month + 2) // 3}"


def _answers(records: Sequence[Record], period: Period) -> dict[str, Any]:
    decided = [r for r in records if r.decision]
    acting = [r for r in decided if r.decision and r.decision.act]
    return {
        "issued": len(records),
        "acknowledged": _share(sum("acknowledged" in r.times for r in records), len(records)),
        "decided": _share(len(decided), len(records)),
        "decided_to_act": _share(len(acting), len(decided)),
        "acted": _share(sum(bool(r.actions) for r in acting), len(acting)),
        "decided_in_time": _share(sum(_in_time(r) for r in decided), len(records)),
        "acknowledgement_days": _days(records, "acknowledged", period),
        "decision_days": _days(records, "decided", period),
        "outcomes": _outcomes(records),
    }


def _share(k: int, n: int) -> dict[str, Any]:
    """Return a share with its 90% interval (Jeffreys); None of none."""
    if not n:
        return {"n": k, "of": n, "share": None, "low": None, "high": None}
    low, high = (float(betaincinv(k + 0.5, n - k + 0.5, p)) for p in (0.05, 0.95))
    return {
        "n": k,
        "of": n,
        "share": round(k / n, 4),
        "low": round(0.0 if k == 0 else low, 4),
        "high": round(1.0 if k == n else high, 4),
    }


def _in_time(record: Record) -> bool:
    return record.times["decided"][:10] <= record.warning.deadline.isoformat()


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


def _days(records: Sequence[Record], state: str, period: Period) -> dict[str, Any]:
    watched = [_watched(r, state, period) for r in records]
    return times([days for days, _ in watched], [came for _, came in watched]).as_dict()


def _watched(record: Record, state: str, period: Period) -> tuple[float, bool]:
    """Return the days a warning was watched for an answer, and whether it came."""
    issued = _moment(record.times["issued"])
    if state in record.times:
        return (_moment(record.times[state]) - issued).total_seconds() / _DAY, True
    over = [_moment(record.times[s]) for s in _OVER if s in record.times]
    end = datetime.combine(period.end, datetime.max.time(), issued.tzinfo).replace(microsecond=0)
    return max(0.0, (min([*over, end]) - issued).total_seconds() / _DAY), False


def _outcomes(records: Sequence[Record]) -> dict[str, int]:
    found: dict[str, int] = {}
    for record in records:
        word = record.outcome.outcome if record.outcome else "open" if record.is_open else record.state
        found[word] = found.get(word, 0) + 1
    return dict(sorted(found.items()))
