"""Add up what the sentences of one incident count: dead, wounded, hostages, with the spread of figures.

Enters: the tolls of the sentences that tell of an incident, in order. Leaves: `Sum` values by fate.
Called by `toguna.reading.incidents`.

The first figure told is the best one; a figure that the text calls new replaces it, one that it calls
superseded goes to the history. Counts of different sides add up, unless they are parts of a total;
a second figure for the same people is another voice's and widens the spread; attackers are kept
apart, the highest figure for them counts, and it is added at the end unless the total includes them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from toguna.reading.drafts import Span
from toguna.reading.tolls import Toll

__all__ = ["Account", "Sum", "sum_up"]


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
    made : frozenset of str
        How later figures bore on the first: "voices" (another account), "party" (of one who claims or
        admits), "added" (others), "whole" (it is part of them), "new" (they replace it), "kept" (part of it).
    """

    low: int | None
    best: int | None
    high: int | None
    sides: dict[str, int] = field(default_factory=dict)
    spans: tuple[Span, ...] = ()
    rule: str = ""
    history: tuple[int, ...] = ()
    mentions: int = 1
    made: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Account:
    """The counts of one sentence, and how it stands to those before it.

    Parameters
    ----------
    tolls : sequence of Toll
        What it counts.
    new : bool
        It gives a new toll, which replaces the one told before.
    rising : bool
        It says that the toll rose: of two figures the larger is the new one.
    other : bool
        Another voice speaks ("locals, however, counted"): its total stands beside the one told before.
    voiced : bool
        It says who gives the figure ("the army said"): a smaller one is another account and no part.
    party : bool
        Who gives it claims the deed or admits the loss: such figures lie far apart.
    """

    tolls: Sequence[Toll]
    new: bool = False
    rising: bool = False
    other: bool = False
    voiced: bool = False
    party: bool = False


@dataclass(frozen=True, slots=True)
class _Said:
    """One voice's figure for the victims, or for the attackers, of one fate."""

    low: int | None
    best: int | None
    high: int | None
    sides: frozenset[str]
    span: Span
    rule: str
    new: bool = False
    rising: bool = False
    other: bool = False
    voiced: bool = False
    party: bool = False

    @property
    def size(self) -> int:
        """Persons, as far as told."""
        return self.best or self.low or self.high or 0


def _add(a: int | None, b: int | None) -> int | None:
    return a + b if a is not None and b is not None else None


def _voices(tolls: Sequence[Toll]) -> list[list[Toll]]:
    """Part the counts of a sentence: a second figure for the same people is another voice's."""
    whole = [t for t in tolls if not t.part and not t.earlier]
    voices: list[list[Toll]] = []
    for t in whole:
        known = {x.side for x in voices[-1]} if voices else set()
        smaller = t.side == "unstated" and known and (t.best or 0) < sum(x.best or 0 for x in voices[-1])
        again = (
            (t.side in known or smaller)
            and not t.rule.endswith(("listed", "joined"))
            and not t.rule.startswith("one")
        )
        if not voices or again:
            voices.append([t])
        else:
            voices[-1].append(t)
    return voices


def _one_voice(whole: list[Toll]) -> _Said:
    """Make one figure of the counts of one voice: their total where it stands among them, else their sum."""
    unstated = [t for t in whole if t.side == "unstated" and not t.rule.endswith("listed")]
    unstated = [] if any(t.rule.endswith("joined") for t in whole) else unstated
    if len(whole) > 2 and whole[0].best == sum(t.best or 0 for t in whole[1:]):
        whole = whole[:1]
    elif len(whole) > 2 and whole[-1].best == sum(t.best or 0 for t in whole[:-1]):
        whole = whole[-1:]  # "a guard and a driver died, two dead in all"
    elif unstated and len(whole) > 1:
        most = max(unstated, key=lambda t: t.best or t.low or 0)
        rest = sum((t.best or 0) for t in whole if t is not most)
        # "13 people died, five soldiers and eight civilians": the total stands beside its parts.
        alike = {t.rule.rpartition("/")[2] for t in whole} == {"befallen"}
        if (most.best or 0) == rest or ((most.best or 0) > rest and not alike):
            whole = [most]
    low, best, high = whole[0].low, whole[0].best, whole[0].high
    for t in whole[1:]:
        low, best, high = _add(low, t.low), _add(best, t.best), _add(high, t.high)
    span = (min(t.start for t in whole), max(t.end for t in whole))
    return _Said(low, best, high, frozenset(t.side for t in whole), span, whole[0].rule)


def _figures(accounts: Sequence[Account], *, attackers: bool) -> list[_Said]:
    """Return every voice's figure in order; vague ones only where no other is told."""
    found: list[_Said] = []
    for account in accounts:
        tolls = [t for t in account.tolls if (t.side == "attackers") == attackers]
        for n, voice in enumerate(_voices(tolls)):
            said = _one_voice(voice)
            found.append(
                replace(
                    said,
                    new=account.new and n == 0,
                    rising=account.rising,
                    other=account.other or n > 0,
                    voiced=account.voiced or n > 0,
                    party=account.party,
                )
            )
    exact = [f for f in found if f.best is not None or f.high is not None]
    return exact or found


def _merged(figures: Sequence[_Said]) -> tuple[_Said, list[_Said], list[int], set[str]]:
    """Fold the figures in order; return the one that stands, those that bear on it, older ones, and how."""
    first, made = figures[0], set[str]()
    used, old = [first], []
    for f in figures[1:]:
        comparable = "unstated" in first.sides or f.sides <= first.sides or "unstated" in f.sides
        if f.size > FAR * max(first.size, 1) and not (f.new or f.party):
            continue  # the dead of a whole war
        if f.rule.endswith(("further", "found")) and f.size < first.size and comparable:
            made.add("kept")
            continue  # "another two", bodies found so far: some of those counted before
        if f.new and f.rising and f.size < first.size:
            made.add("new")
            old.append(f.size)
        elif f.new and f.size != first.size:
            made.add("new")
            old.append(first.size)
            first = f
            used = [f]
        elif not comparable and f.size == first.size and f.size >= ALIKE:
            used.append(f)
        elif not comparable:
            made.add("added")
            first = _plus(first, f)
            used.append(f)
        elif (
            "unstated" in f.sides
            and "unstated" not in first.sides
            and f.size > first.size
            and not (f.other or f.voiced)
        ):
            made.add("whole")
            first = replace(f, rule=first.rule)
            used.append(f)
        elif _bears(f, first):
            made.add("party" if f.party else "voices")
            used.append(f)
    return first, used, old, made


FAR = 10  # times: a figure so much larger is about something else
VOICE, PARTY = 5, 40  # times: how much smaller another account may be; a party's lie far apart
ALIKE = 4  # persons: two figures of so many, equal, are of the same people whatever they are called


def _bears(f: _Said, first: _Said) -> bool:
    """Say whether a later figure is another account of the same people, and no part of them."""
    return _alike(f, first) and (
        f.size >= first.size
        or (f.voiced and f.size > 1 and f.size * (PARTY if f.party else VOICE) >= first.size)
    )


def _alike(f: _Said, first: _Said) -> bool:
    """Say whether two figures can be of the same people; a smaller one of one side is part of a total."""
    larger = "unstated" in first.sides and f.size > first.size
    return f.sides == first.sides or "unstated" in f.sides or larger


def _plus(a: _Said, b: _Said) -> _Said:
    return replace(
        a,
        low=_add(a.low, b.low),
        best=_add(a.best, b.best),
        high=_add(a.high, b.high),
        sides=a.sides | b.sides,
    )


def _spread(stands: _Said, used: Sequence[_Said], old: Sequence[int]) -> tuple[int | None, int | None]:
    alike = [a for a in used if a is not stands and _alike(a, stands) and a.size not in old]
    lows = [x for x in (stands.low, *(a.low for a in alike)) if x is not None]
    highs = [x for x in (stands.high, *(a.high for a in alike)) if x is not None]
    return min(lows, default=None), max(highs, default=None)


def _by_side(tolls: Sequence[Toll]) -> dict[str, int]:
    """Return the largest count of each side in one sentence, over all sentences."""
    sides: dict[str, int] = {}
    for t in tolls:
        if t.best is not None and not t.earlier and t.side != "unstated":
            sides[t.side] = max(sides.get(t.side, 0), t.best)
    return sides


def _with_parts(tolls: list[Toll]) -> list[Toll]:
    """Call the counts after a total its parts where they make it up ("six: two guards, four thieves")."""
    whole = [t for t in tolls if not t.part and not t.earlier]
    if len(whole) < TOTAL or whole[0].side != "unstated":
        return tolls
    if whole[0].best != sum(t.best or 0 for t in whole[1:]):
        return tolls
    return [replace(t, part=True) if t in whole[1:] else t for t in tolls]


TOTAL = 3  # counts: a total and two parts at least


def _told_together(accounts: Sequence[Account], total: int | None) -> bool:
    """Say whether a sentence counts victims and attackers that together are the total told elsewhere."""
    for account in accounts:
        sides = {t.side == "attackers" for t in account.tolls if not t.part}
        if len(sides) == 2 and sum(t.best or 0 for t in account.tolls if not t.part) == total:
            return True
    return False


def sum_up(accounts: Sequence[Account], fate: str) -> Sum | None:
    """Add up one fate over the sentences of an incident.

    Parameters
    ----------
    accounts : sequence of Account
        What each sentence counts.
    fate : {"dead", "wounded", "hostages"}
        Which fate.

    Returns
    -------
    Sum or None
        None when nobody is counted.
    """
    own = [replace(a, tolls=_with_parts([t for t in a.tolls if t.fate == fate])) for a in accounts]
    every = [t for a in own for t in a.tolls]
    victims, attackers = _figures(own, attackers=False), _figures(own, attackers=True)
    own_hand = all(t.rule.endswith("own-hand") for t in every if t.side == "attackers")
    within = own_hand or any(t.side == "attackers" and t.part for t in every)
    if not victims and not attackers:
        return None
    sides = _by_side(every)
    lost = max((f.best for f in attackers if f.best is not None), default=None)
    if lost is not None:
        sides["attackers"] = max(lost, sides.get("attackers", 0))
    stands, used, old, made = _merged(victims or attackers)
    history = [t.best for t in every if t.earlier and t.best is not None]
    low, high = _spread(stands, used, [*old, *history])
    best = stands.best
    if not victims and lost is not None:
        low = best = high = lost
    elif lost is not None and fate == "dead" and not within and not _told_together(own, stands.best):
        low, best, high = _add(low, lost), _add(best, lost), _add(high, lost)
    spans = tuple(dict.fromkeys(f.span for f in (*used, *(attackers if victims else ()))))
    older = tuple(dict.fromkeys((*history, *(x for x in old if x))))
    told = len(victims) or len(attackers)
    return Sum(low, best, high, sides, spans, stands.rule, older, told, frozenset(made))
