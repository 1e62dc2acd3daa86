"""Find further incidents of a text: places struck that were read as of another incident, or as of none.

Enters: the incidents of a text with their scenes chosen, and the marks of all sentences. Leaves: the same and
those that stand at other names, the sentences parted between them. Called by
`toguna.reading.rules`; fitted by `toguna.reading.training`.

Sentences are sorted into incidents by what contradicts (`toguna.reading.episodes`); "attacks at X and
Y" contradicts nothing. Here every name that is no scene yet is held against the incident in or after
which it is told, and a score over signs says whether something of its own happened there.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from toguna.core.text import fold
from toguna.reading.confidence import Weights
from toguna.reading.days import When
from toguna.reading.elsewhere import Name, Shared, folded_names, named, row_of, signs_of, twin
from toguna.reading.episodes import TRAIL, Episode
from toguna.reading.gazetteer import capital_of
from toguna.reading.lexicon import phrase
from toguna.reading.marks import Marks
from toguna.reading.mentions import Mention, event_days
from toguna.reading.places import Place
from toguna.reading.sameness import Days, days_of, same_place
from toguna.reading.scenes import STRUCK, Names, key_of

__all__ = ["Further", "furthers", "host_of", "parted", "telling", "when_told"]

SURE = 0.6
"""Chance at which a name takes the place of an incident whose sentences all tell of it."""
KIND = "further"
"""Kind of the weights that say whether a name is the scene of a further incident."""
_IT_WAS = phrase("episodes.it_was")
LIKELY = frozenset({"struck-2", "struck-3", "struck-4", "struck-5", "struck-6"})
"""Signs with which a name is asked also where no sentence of it tells of violence: 0.15 and more."""
ROLES = ("scene", "near", "name")
"""Parts of a name that tell of a deed there, the surest first."""


@dataclass(frozen=True)
class Further:
    """A name at which a further incident can have been, and the signs for and against it.

    Parameters
    ----------
    place : Place
        The name, where it is told with the deed.
    host : int
        Number of the incident that its sentence was counted to, or that is told before it.
    marks : Marks
        The sentence that tells most of it.
    days : (date, date, str) or None
        When it was: its own day, or that of the host.
    inherited : bool
        The day is the host's.
    signs : frozenset of str
        For `Weights.chance` of the kind "further".
    row : frozenset of str
        Folded names of the list of places far apart that it is a member of; empty when it is of none.
    """

    place: Place
    host: int
    marks: Marks
    days: Days | None
    inherited: bool
    signs: frozenset[str]
    row: frozenset[str] = frozenset()


def furthers(
    found: Sequence[Episode],
    marks: Sequence[Marks],
    weights: Weights,
    struck: Mapping[str, frozenset[str]] | None = None,
) -> list[Further]:
    """Return every name at which a further incident can have been, in the order of the text.

    `struck` says how likely the news of the text is of each name (`toguna.reading.struck`).
    """
    told: dict[str, list[tuple[Marks, Place]]] = {}
    for m in marks:
        for p in m.places:
            if p.level != "country":
                told.setdefault(fold(p.name), []).append((m, p))
    shared = Shared(tuple(found), Names.of(marks), struck or {})
    out = []
    for seen in told.values():
        m, p = max(seen, key=lambda x: (telling(*x), -x[0].sentence.number))
        spots = next((q.spots for _, q in seen if q.spots), ())
        p = p if p.spots else replace(p, spots=spots)
        row = row_of(p, m)
        host = host_of(found, m)
        violent = _violent(m)
        likely = (struck or {}).get(key_of(p), frozenset()) & LIKELY
        if host is None or not (violent or likely) or any(named(p, e) for e in found):
            continue
        name = Name(p, m, tuple(seen), found[host], shared)
        own, when = when_told(p, m, found[host])
        signs = signs_of(name, own, when, weights) | (set() if violent else {"f-calm"})
        if "in-capital" in signs and any(e.place and _is_capital(e.place) for e in found):
            continue  # a quarter of the capital is the capital
        out.append(Further(p, host, m, own or found[host].days, own is None, signs, row))
    return sorted(out, key=lambda f: f.marks.sentence.number)


def _is_capital(p: Place) -> bool:
    return any(x.name == capital_of(x.country) for x in p.spots)


def when_told(p: Place, m: Marks, host: Episode) -> tuple[Days | None, When | None]:
    """Return the day that a sentence gives a name, and by which words."""
    deeds = m.strong or m.deeds
    at = min((d.start for d in deeds), key=lambda s: abs(s - p.start), default=m.sentence.start)
    when = event_days(m, at)
    return days_of(when, host.days), when


def _violent(m: Marks) -> bool:
    """Say whether a sentence tells of violence, or only where that was which the one before it told."""
    return (
        bool(m.deeds)
        or bool(_IT_WAS.search(m.words()))
        or any(t.fate in ("dead", "wounded", "hostages") for t in m.tolls)
        or m.attackers
    )


def telling(m: Marks, p: Place) -> float:
    """Count what a sentence has of a deed at a place."""
    strong = bool(m.strong)
    hurt = any(t.fate in ("dead", "wounded", "hostages") for t in m.tolls)
    return (
        2 * strong
        + (1.5 if p.role in ROLES[:2] and not strong and _IT_WAS.search(m.words()) else 0)
        + hurt
        + m.attackers
        + 0.5 * bool(m.deeds)
        + (3 - ROLES.index(p.role) if p.role in ROLES else 0)
    )


def host_of(found: Sequence[Episode], m: Marks) -> int | None:
    """Return the incident that a sentence was counted to, else the one told before it, else the first."""
    n = m.sentence.number
    own = [i for i, e in enumerate(found) if any(x.marks.sentence.number == n for x in e.mentions)]
    own = own or [i for i, e in enumerate(found) if any(x.sentence.number == n for x in e.trailing)]
    before = [i for i, e in enumerate(found) if e.mentions[0].marks.sentence.number < n]
    last = max(
        before,
        key=lambda i: max(x.marks.sentence.number for x in found[i].mentions if x.marks.sentence.number < n),
        default=None,
    )
    return own[0] if own else last if last is not None else 0 if found else None


def parted(
    found: Sequence[Episode],
    marks: Sequence[Marks],
    weights: Weights,
    bar: float,
    struck: Mapping[str, frozenset[str]] | None = None,
) -> list[Episode]:
    """Return the incidents of a text and those further ones that are likelier than a bar.

    Weights that were fitted before there was such a kind find none.
    """
    if KIND not in weights.weights:
        return list(found)
    likely = sorted(
        ((weights.chance(KIND, f.signs), f) for f in furthers(found, marks, weights, struck)),
        key=lambda x: -x[0],
    )
    out = list(found)
    chosen: list[tuple[float, Further]] = []
    for chance, f in likely:
        if chance < bar or any(_one(f, o) for _, o in chosen):
            continue
        chosen.append((chance, f))
    scenes_ = {fold(p.name) for p in (*(e.place for e in found), *(f.place for _, f in chosen)) if p}
    for chance, f in sorted(chosen, key=lambda x: x[1].marks.sentence.number):
        names = frozenset(s for s in scenes_ if s != fold(f.place.name))
        old, new = _split(out[f.host], f, names)
        if not old.mentions and not (twin(found[f.host], found) or chance > SURE):
            old = replace(old, mentions=found[f.host].mentions[:1])
        out[f.host] = old
        out.append(replace(new, further=chance, struck=f.signs & STRUCK))
    return sorted((e for e in out if e.mentions), key=lambda e: e.mentions[0].marks.sentence.number)


def _one(a: Further, b: Further) -> bool:
    """Say whether two names stand for one further incident."""
    return fold(b.place.name) not in a.row and same_place(a.place, b.place) is True


def _split(e: Episode, f: Further, others: frozenset[str]) -> tuple[Episode, Episode]:
    """Part the sentences of an incident between it and a further one; it may be left with none."""
    scene = fold(e.place.name) if e.place else ""
    name = fold(f.place.name)
    mine: set[int] = set()
    at, last = False, -1
    for m in e.marks:
        names = m.once(folded_names)
        n = m.sentence.number
        dated = any(w.precision != "week" and not w.since for w in m.whens)
        if name in names and (not names & others or m is f.marks):
            at, last = not names & others, n
            mine.add(n)
        elif names & others or n - last > TRAIL or dated:
            at = False
        elif at:
            mine.add(n)
    mine.add(f.marks.sentence.number)
    if not f.marks.deeds and _IT_WAS.search(f.marks.words()):  # what was there stands before it
        mine |= {
            m.sentence.number
            for m in e.marks
            if m.sentence.number == f.marks.sentence.number - 1 and not m.once(folded_names) & others
        }
    both = {m.sentence.number for m in e.marks if m.sentence.number in mine and scene in m.once(folded_names)}
    kept = tuple(m for m in e.mentions if m.marks.sentence.number not in mine - both)
    old = replace(e, mentions=kept, trailing=tuple(m for m in e.trailing if m.sentence.number not in mine))
    role = f.place.role if f.place.role in ("scene", "near") else "scene"
    place = replace(f.place, role=role)
    own = [replace(m, place=place) for m in e.mentions if m.marks.sentence.number in mine]
    if all(m.marks is not f.marks for m in own):
        own.append(Mention(f.marks, None, place, strong=bool(f.marks.strong)))
    own = sorted(own, key=lambda m: m.marks.sentence.number)
    own = [
        replace(m, marks=_without_tolls(m.marks, f.place, scene)) if m.marks.sentence.number in both else m
        for m in own
    ]
    trail = [m for m in e.trailing if m.sentence.number in mine and m is not f.marks]
    told = [m for m in e.marks if m.sentence.number not in mine and name in m.once(folded_names)]
    trail = sorted([*trail, *(replace(m, tolls=()) for m in told)], key=lambda m: m.sentence.number)
    return old, Episode(tuple(own), f.days, place, f.inherited, tuple(trail))


def _without_tolls(m: Marks, p: Place, scene: str) -> Marks:
    """Leave to a place those counts of a sentence that stand nearer to it than to the other scene."""
    here = next((q for q in m.places if fold(q.name) == fold(p.name)), p)
    other = next((q for q in m.places if fold(q.name) == scene), None)
    if other is None:
        return m
    return replace(
        m, tolls=tuple(t for t in m.tolls if abs(t.start - here.start) < abs(t.start - other.start))
    )
