"""Add up what the sentences of one incident count: dead, wounded, hostages, with the spread of figures.

Enters: the tolls of the sentences that tell of an incident, in order. Leaves: `Sum` values by fate.
Called by `toguna.reading.incidents`.

The first figure told is the best one; a figure that the text calls new replaces it, one that it calls
superseded goes to the history. Counts of different sides add up, unless they are parts of a total;
attackers are kept apart and added at the end, unless the total includes them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from toguna.reading.drafts import Span
from toguna.reading.tolls import Toll

__all__ = ["Sum", "sum_up"]


@dataclass(frozen=True)
class Sum:
    """What a text says of one fate.

    Parameters
    ----------
    low, best, high : int or None
        Persons, attackers included (dead).
    sides : dict of str to int
        Persons by side, as far as told.
    spans : tuple of (int, int)
        The words.
    rule : str
        How the first figure was told and tied.
    history : tuple of int
        Superseded figures, oldest first.
    mentions : int
        How many times a total was told.
    """

    low: int | None
    best: int | None
    high: int | None
    sides: dict[str, int] = field(default_factory=dict)
    spans: tuple[Span, ...] = ()
    rule: str = ""
    history: tuple[int, ...] = ()
    mentions: int = 1


@dataclass(frozen=True, slots=True)
class _Said:
    """One sentence's account of one fate."""

    low: int | None
    best: int | None
    high: int | None
    sides: frozenset[str]
    span: Span
    new: bool
    rule: str


def _add(a: int | None, b: int | None) -> int | None:
    return a + b if a is not None and b is not None else None


def _said(tolls: Sequence[Toll], *, new: bool) -> _Said | None:
    """Make one account of the counts of one sentence that are no parts."""
    whole = [t for t in tolls if not t.part and not t.earlier]
    if not whole:
        return None
    unstated = [t for t in whole if t.side == "unstated"]
    if unstated and len(whole) > 1:
        most = max(unstated, key=lambda t: t.best or t.low or 0)
        rest = sum((t.best or 0) for t in whole if t is not most)
        # "13 people died, five soldiers and eight civilians": the total stands beside its parts.
        alike = {t.rule.rpartition("/")[2] for t in whole} == {"befallen"}
        if (most.best or 0) == rest or ((most.best or 0) > rest and not alike):
            whole = [most]
    elif len(whole) > 2 and whole[0].best == sum(t.best or 0 for t in whole[1:]):
        whole = whole[:1]
    low, best, high = whole[0].low, whole[0].best, whole[0].high
    for t in whole[1:]:
        low, best, high = _add(low, t.low), _add(best, t.best), _add(high, t.high)
    spans = (min(t.start for t in whole), max(t.end for t in whole))
    return _Said(low, best, high, frozenset(t.side for t in whole), spans, new, whole[0].rule)


def _merged(accounts: Sequence[_Said]) -> tuple[_Said, list[_Said], list[int]]:
    """Fold the accounts in order; return the one that stands, those that bear on it, and older figures."""
    first = accounts[0]
    used, old = [first], []
    for account in accounts[1:]:
        total, size = first.best or first.low or 0, account.best or account.low or account.high or 0
        comparable = "unstated" in first.sides or account.sides <= first.sides or "unstated" in account.sides
        if account.new and size != total:
            old.append(total)
            first = account
            used.append(account)
        elif not comparable:
            first = _plus(first, account)
            used.append(account)
        elif size >= total and "unstated" in account.sides and "unstated" not in first.sides and size > total:
            first = replace(account, rule=first.rule)
            used.append(account)
        elif size * 2.5 >= total and (account.sides == first.sides or "unstated" in account.sides):
            used.append(account)
    return first, used, old


def _plus(a: _Said, b: _Said) -> _Said:
    return replace(
        a,
        low=_add(a.low, b.low),
        best=_add(a.best, b.best),
        high=_add(a.high, b.high),
        sides=a.sides | b.sides,
    )


def _spread(stands: _Said, used: Sequence[_Said], old: Sequence[int]) -> tuple[int | None, int | None]:
    alike = [a for a in used if (a.sides == stands.sides or "unstated" in a.sides) and a is not stands]
    lows = [x for x in (stands.low, *(a.low for a in alike if not old)) if x is not None]
    highs = [x for x in (stands.high, *(a.high for a in alike if not old)) if x is not None]
    return min(lows, default=None), max(highs, default=None)


def _by_side(tolls: Sequence[Toll]) -> dict[str, int]:
    """Return the largest count of each side in one sentence, over all sentences."""
    sides: dict[str, int] = {}
    for t in tolls:
        if t.best is not None and not t.earlier and t.side != "unstated":
            sides[t.side] = max(sides.get(t.side, 0), t.best)
    return sides


def _told_together(own: Sequence[tuple[Sequence[Toll], bool]], total: int | None) -> bool:
    """Say whether a sentence counts victims and attackers that together are the total told elsewhere."""
    for tolls, _ in own:
        sides = {t.side == "attackers" for t in tolls if not t.part}
        if len(sides) == 2 and sum(t.best or 0 for t in tolls if not t.part) == total:
            return True
    return False


def sum_up(sentences: Sequence[tuple[Sequence[Toll], bool]], fate: str) -> Sum | None:
    """Add up one fate over the sentences of an incident.

    Parameters
    ----------
    sentences : sequence of (tolls, new)
        The tolls of each sentence, and whether it gives a new toll.
    fate : {"dead", "wounded", "hostages"}
        Which fate.

    Returns
    -------
    Sum or None
        None when nobody is counted.
    """
    own = [([t for t in tolls if t.fate == fate], new) for tolls, new in sentences]
    every = [t for tolls, _ in own for t in tolls]
    victims = [x for tolls, new in own if (x := _said([t for t in tolls if t.side != "attackers"], new=new))]
    attackers = [
        x for tolls, new in own if (x := _said([t for t in tolls if t.side == "attackers"], new=new))
    ]
    within = [t for t in every if t.side == "attackers" and t.part]
    if not victims and not attackers:
        return None
    sides = _by_side(every)
    history = tuple(dict.fromkeys(t.best for t in every if t.earlier and t.best is not None))
    parts = [_merged(x) for x in (victims, attackers) if x]
    stands, used, old = parts[0]
    low, high = _spread(stands, used, old)
    best = stands.best
    if len(parts) == 2 and fate == "dead" and not within and not _told_together(own, stands.best):
        other = parts[1][0]
        low, best, high = _add(low, other.low), _add(best, other.best), _add(high, other.high)
    spans = tuple(dict.fromkeys(a.span for _, accounts, _ in parts for a in accounts))
    older = tuple(dict.fromkeys((*history, *(x for x in old if x))))
    return Sum(low, best, high, sides, spans, stands.rule, older, len(victims) or len(attackers))
