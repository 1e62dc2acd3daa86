"""Choose the scene of an incident among all names of a text: a linear score over how each name is told.

Enters: an `Episode`, the others of its text, and the marks of all sentences. Leaves: the `Place` that is
likeliest its scene. Called by `toguna.reading.rules`; fitted by `toguna.reading.training`.

Every name counts once, with all the sentences that hold it: what one sentence leaves open (a name without
a word of place before it) another tells ("X, a village in the Y region").
"""

from __future__ import annotations

import math
import re
from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from toguna.core.text import fold
from toguna.reading.confidence import Weights
from toguna.reading.days import When
from toguna.reading.episodes import Episode
from toguna.reading.gazetteer import capital_of
from toguna.reading.lexicon import phrase, words
from toguna.reading.marks import Marks
from toguna.reading.mentions import LEVELS, OWN_PLACE, scene
from toguna.reading.places import Place, is_kind, is_kind_after
from toguna.reading.sameness import same_days
from toguna.reading.sounds import sound

__all__ = ["NET", "STRUCK", "Names", "Scene", "chosen", "key_of", "scene_key", "scenes", "with_struck"]

LEADING = 3  # sentences at the head of a text
CLOSE, FAR = 30, 3  # letters from a deed; sentences from an incident's own
WITHIN = 60  # letters between a name and that of what it lies in
BIG = 150_000  # people: a town so big is oftener the seat of those who speak
COARSE = frozenset({"regional", "told-area", "encloses", "level-admin1", "level-admin2", "level-area"})
"""Signs of a name that is, or can be, a whole area."""
TOLD = frozenset({"own-scene", "own-near", "trail-scene"})
HERE = frozenset({*TOLD, "own-bare", "own-name", "trail-name", "trail-bare", "trail-near", "lead", "title"})
"""Signs of a name told with the incident or at the head of its text."""
EARLY = HERE | {"opening", "first", "picked", "dated", "twice", "often", "of-another"}
"""Signs that mean something else of an incident told at the head of a text: what stands there is about it."""
NET = frozenset({"net-top", *(f"net-{n}" for n in range(9))})
"""Signs of what the network says of a name (`toguna.reading.network`)."""
STRUCK = NET | {"struck-top", *(f"struck-{n}" for n in range(7))}
"""Signs of how likely the news of a text is of a name (`toguna.reading.struck`)."""
ORDER = ("scene", "near", "bare", "name", "seat", "away", "dateline")
"""Parts of a name in a sentence, the likeliest scene first."""
TELLING = frozenset({"scene", "name", "near", "bare"})
"""Parts of a name where something can have happened."""
RANKS = 4  # names before one after which their number says no more
STOPS = {",": "comma", ".": "stop", ";": "pause", ":": "pause", "-": "dash", ")": "bracket", "(": "aside"}
"""What may stand right after a name, and its sign."""
_LIES = phrase("places.lies")
_IN_AREA, _WITHIN = phrase("scenes.in_area"), phrase("scenes.within")
_CALLED, _MOVED, _SAYS = phrase("scenes.called"), phrase("scenes.moved"), phrase("scenes.says")
_OUTSIDE = phrase("scenes.outside")
_BETWEEN, _SECOND = phrase("scenes.between"), phrase("scenes.second")
_HAPPENED, _OFFICE = phrase("scenes.happened"), phrase("scenes.office")
_VENUE, _VENUE_AFTER = phrase("scenes.venue"), phrase("scenes.venue_after")
_ENDS = phrase("places.ends")
_GIVEN, _FAMILY = words("people.given"), words("people.family")
_FROM, _TO = (
    re.compile(r"(?:\b(?:from|de)|\bd') ?(?:the |la |le |l')?$"),
    re.compile(r" (?:a|au|to|vers|and|et) (?:the |la |le |l')?"),
)
_WORD = re.compile(r"[a-z]+")
AFTER, NEXT = 60, 25  # letters after a name in which its kind, and the words that follow it, are read
_OFF = ("exercise", "memory", "denial", "threat")


@dataclass(frozen=True)
class Scene:
    """A name that can be an incident's scene, and the signs for and against it."""

    place: Place
    signs: frozenset[str]


@dataclass(frozen=True)
class Names:
    """All names of a text that are no country, with what is the same for all its incidents.

    Parameters
    ----------
    marks : tuple of Marks
        All sentences.
    seen : dict of str to list of (Marks, Place)
        By what the spellings of a name share, its mentions with their sentences.
    signs : dict of str to frozenset of str
        What each name can mean, and how it is told in all its sentences.
    """

    marks: tuple[Marks, ...]
    seen: Mapping[str, Sequence[tuple[Marks, Place]]] = field(repr=False)
    signs: Mapping[str, frozenset[str]] = field(repr=False)

    @classmethod
    def of(cls, marks: Sequence[Marks]) -> Names:
        """Collect the names of a text."""
        told: dict[str, list[tuple[Marks, Place]]] = {}
        for m in marks:
            for p in m.places:
                if p.level != "country":
                    told.setdefault(key_of(p), []).append((m, p))
        lands = {c for m in marks for _, c, named in m.countries if named}
        signs = {
            key: frozenset(_signs_of_name(fold(seen[0][1].name), seen, lands) | _signs_of_parts(seen))
            for key, seen in told.items()
        }
        return cls(tuple(marks), told, signs)

    @cached_property
    def opens(self) -> Mapping[int, int]:
        """Where each paragraph begins."""
        begun: dict[int, int] = {}
        for s in (m.sentence for m in self.marks):
            begun[s.paragraph] = min(s.start, begun.get(s.paragraph, s.start))
        return begun


def scenes(e: Episode, others: Sequence[Episode], names: Names) -> list[Scene]:
    """Return every name of a text as a scene of one incident, with its signs."""
    taken = {key_of(o.place) for o in others if o is not e and o.place is not None}
    own = {m.marks.sentence.number: i for i, m in enumerate(e.mentions)}
    trail = {m.sentence.number for m in e.trailing}
    ranks = _ranks(names.seen, own)
    found = []
    for key, seen in names.seen.items():
        signs = {s for m, p in seen for s in _signs_here(e, m, p, own, trail)} | names.signs[key]
        if key in ranks:
            signs.add(f"nth-{ranks[key]}")
        if key in taken and not (e.place is not None and key == key_of(e.place)):
            signs.add("of-another")
        if min(own) <= LEADING:
            signs |= {f"early-{s}" for s in signs & EARLY}
        found.append(Scene(_best(e, seen, own), frozenset(signs)))
    return _compared(found)


def key_of(p: Place) -> str:
    """Return what all spellings of a name share."""
    return sound(fold(p.name))


def scene_key(e: Episode) -> str:
    """Return what all spellings of an incident's scene share, "" where it has none."""
    return key_of(e.place) if e.place else ""


def with_struck(found: Sequence[Scene], signs: Mapping[str, frozenset[str]]) -> list[Scene]:
    """Add to scenes how likely the news of the text is of them, by what the spellings of a name share."""
    return [Scene(s.place, s.signs | signs.get(key_of(s.place), frozenset())) for s in found]


def chosen(e: Episode, found: Sequence[Scene], weights: Weights) -> Episode:
    """Return an incident with the likeliest of its scenes."""
    if not found:
        return e
    scores = [weights.score("scene", s.signs) for s in found]
    top = max(scores)
    best = found[scores.index(top)]
    role = "scene" if best.place.role in ("name", "bare", "away", "dateline", "seat") else best.place.role
    sure = 1 / sum(math.exp(score - top) for score in scores)
    return replace(e, place=replace(best.place, role=role), sure=sure, struck=best.signs & STRUCK)


def _best(e: Episode, seen: Sequence[tuple[Marks, Place]], own: dict[int, int]) -> Place:
    """Return the mention of a name by which it is shown: in the incident's own sentences, the exactest."""
    ranked = min(seen, key=lambda x: (x[0].sentence.number not in own, ORDER.index(x[1].role)))[1]
    spots = next((p.spots for _, p in seen if p.spots), ())
    return ranked if ranked.spots else replace(ranked, spots=spots)


def _ranks(told: Mapping[str, Sequence[tuple[Marks, Place]]], own: Container[int]) -> dict[str, int]:
    """Count, for every name in an incident's own sentences, the names before it that are no whole areas."""
    firsts, fine = {}, set()
    for key, seen in told.items():
        starts = [p.start for m, p in seen if m.sentence.number in own]
        if starts:
            firsts[key] = min(starts)
        wide = {p.level for _, p in seen} | {s.level for _, p in seen for s in p.spots if s.level == "admin1"}
        if not wide & {"admin1", "admin2", "area"}:
            fine.add(key)
    ahead = {key: sum(firsts[o] < at for o in firsts if o in fine) for key, at in firsts.items()}
    return {key: min(RANKS, n) for key, n in ahead.items()}


def _signs_of_parts(seen: Sequence[tuple[Marks, Place]]) -> set[str]:
    """Return the signs of a name's parts in all its sentences: the best, the first, whether it has any."""
    roles = [p.role for _, p in seen]
    first = min((p for _, p in seen), key=lambda p: p.start).role
    loose = {"loose"} if set(roles) == {"name"} else set[str]()
    return {f"best-{min(roles, key=ORDER.index)}", f"at-first-{first}"} | loose


def _signs_here(e: Episode, m: Marks, p: Place, own: dict[int, int], trail: set[int]) -> set[str]:
    """Return the signs that one mention of a name gives."""
    n = m.sentence.number
    where = "own" if n in own else "trail" if n in trail else "before" if n < min(own) else "later"
    here = m.once(_mentioned)[p.start]
    same = {_same(e, w) for w in m.whens}
    told = {
        "opening": own.get(n) == 0,
        "beside": where in ("trail", "later") and min(abs(n - k) for k in own) <= FAR,
        "new-dated": here.new and True in same,
        "dated": True in same,
        "elsewhen": where != "own" and False in same,
    }
    signs = {f"{where}-{here.role}", *here.signs, *(name for name, is_so in told.items() if is_so)}
    if where in ("own", "trail"):
        signs |= here.followed
    return signs | (here.own if where == "own" else here.apart)


@dataclass(frozen=True, slots=True)
class _Mentioned:
    """One mention of a name in its sentence, as it is for all incidents of the text.

    `signs` hold always; `own` in an incident's own sentences, `followed` in them and those after it, `apart`
    in all others than its own. `new`: the name has no point. `role`: its part; new and bare is a mere name.
    """

    new: bool
    role: str
    signs: frozenset[str]
    own: frozenset[str]
    followed: frozenset[str]
    apart: frozenset[str]


def _mentioned(m: Marks) -> dict[int, _Mentioned]:
    """Return every mention of a name in a sentence by where it starts."""
    whole, picked = _signs_of_sentence(m), m.once(scene)
    head, apart = m.sentence.number <= LEADING + 2, frozenset({"led-back"} if m.earlier else ())
    found: dict[int, _Mentioned] = {}
    for p in (p for p in m.places if p.level != "country"):
        new, around = not _located(p), _signs_around(m, p)
        own = {
            "picked": picked is not None and picked.start == p.start,
            "new-own": new,
            "kind-own": "kind" in around,
            "close": _near_deed(m, p),
        }
        ahead = (o for o in m.places if o.start < p.start and o.role in TELLING)
        followed = {
            "first": next(ahead, None) is None,
            "in-area": bool(_IN_AREA.match(m.folded[p.end : p.end + AFTER])),
        }
        role = "name" if new and p.role == "bare" else p.role
        told = {f"role-{role}", *whole, *around, *_signs_between(m, p)}
        told |= {"new-lead"} if new and head else set()
        found[p.start] = _Mentioned(new, role, frozenset(told), _so(own), _so(followed), apart)
    return found


def _so(told: Mapping[str, bool]) -> frozenset[str]:
    return frozenset(name for name, is_so in told.items() if is_so)


def _signs_of_sentence(m: Marks) -> frozenset[str]:
    """Return the signs that a sentence gives to all its names."""
    n = m.sentence.number
    return _so({
        "title": n == 0,
        "lead": 0 < n <= LEADING,
        "off": any(h.key in _OFF for h in m.unreal) or bool(m.aggregate),
        "struck": bool(m.strong),
        "attackers": m.attackers,
        "deadly": any(t.fate == "dead" for t in m.tolls),
    })  # fmt: skip


def _near_deed(m: Marks, p: Place) -> bool:
    deeds = m.strong or m.deeds
    return any(min(abs(d.end - p.start), abs(p.end - d.start)) < CLOSE for d in deeds)


def _signs_around(m: Marks, p: Place) -> set[str]:
    """Return the signs that the words before and after a name give."""
    before, after = m.folded[max(m.sentence.start, p.start - 34) : p.start], m.folded[p.end : p.end + AFTER]
    own = OWN_PLACE[m.lang]
    gaps = [m.folded[d.end : p.start] for d in m.strong or m.deeds if 0 <= p.start - d.end < CLOSE]
    told = {
        "kind": is_kind(before),
        "kind-after": is_kind_after(after),
        "happened": bool(_HAPPENED.search(before)),
        "venue": bool(_VENUE.search(before)) or bool(_VENUE_AFTER.match(after)),
        "office": bool(_OFFICE.search(before)),
        "called": bool(_CALLED.search(before)),
        "moved": bool(_MOVED.search(before)),
        "between": bool(_BETWEEN.search(before)),
        "second": bool(_SECOND.search(before)),
        "lies": bool(_LIES.match(after)),
        "says": bool(_SAYS.match(after)),
        "own-place": any(own.match(gap) for gap in gaps),
    }
    stop = STOPS.get(m.folded[p.end : p.end + 1])
    return (
        _words_beside(before, after)
        | ({f"then-{stop}"} if stop else set())
        | {name for name, is_so in told.items() if is_so}
    )


def _signs_between(m: Marks, p: Place) -> set[str]:
    """Return what other names of the sentence make of one: it encloses them, lies in them, is a quarter."""
    others = [o for o in m.places if o is not p]
    seats = [o for o in others if any(s.name == capital_of(s.country) for s in o.spots)]
    told = {
        "encloses": any(o.role != "dateline" and _lies_in(m, o, p) for o in others),
        "enclosed": any(_lies_in(m, p, o) for o in others),
        "leg-1": any(_leg(m, p, o) for o in others),
        "leg-2": any(_leg(m, o, p) for o in others),
        "in-capital": any(_inside(m, p, o) for o in seats),
        "of-quarter": any(x.name == capital_of(x.country) for x in p.spots)
        and any(o.role in ("scene", "near", "name") and _inside(m, o, p) for o in others),
    }
    return {name for name, is_so in told.items() if is_so}


def _lies_in(m: Marks, inner: Place, outer: Place) -> bool:
    """Say whether one name is told as lying in the one after it ("X, a village in the Y region")."""
    near = inner.end <= outer.start <= inner.end + WITHIN and LEVELS[inner.level] >= LEVELS[outer.level]
    return near and _WITHIN.fullmatch(m.folded[inner.end : outer.start]) is not None


def _leg(m: Marks, first: Place, second: Place) -> bool:
    """Say whether two names are the ends of a way ("from X to Y", "the road from X to Y")."""
    before = m.folded[max(m.sentence.start, first.start - 30) : first.start]
    then = m.folded[first.end : second.start]
    return bool(_TO.fullmatch(then)) and bool(
        _ENDS.search(before) or (_FROM.search(before) and then[1] in "atv")
    )


def _inside(m: Marks, inner: Place, outer: Place) -> bool:
    """Say whether one name lies in another and is not told as some way from it ("some 60 km from Y")."""
    return _lies_in(m, inner, outer) and not _OUTSIDE.search(m.folded[inner.end : outer.start])


def _located(p: Place) -> bool:
    """Say whether a name has a point.

    A village of which only the area is listed counts as a new name: such lists hold what was labelled, and
    what is learnt on labels must hold for villages that nobody listed.
    """
    return any(s.lat is not None for s in p.spots)


def _words_beside(before: str, after: str) -> set[str]:
    """Return the two words before a name and the one after it, each and together, as signs."""
    last, then = _WORD.findall(before)[-2:], _WORD.findall(after[:NEXT])[:2]
    signs = {f"after-{last[-1]}"} if last else set[str]()
    if len(last) > 1:
        signs.add(f"after-{last[0]}-{last[1]}")
    if then:
        signs.add(f"then-{then[0]}")
    return signs | {f"then-{then[0]}-{then[1]}" for _ in then[1:]}


def _same(e: Episode, w: When) -> bool | None:
    if w.since or w.first is None or w.last is None or w.precision not in ("day", "week") or e.days is None:
        return None
    return same_days(e.days, (w.first, w.last, w.precision))


def _signs_of_name(key: str, seen: Sequence[tuple[Marks, Place]], lands: set[str]) -> set[str]:
    """Return the signs that a name itself gives: what it can mean, how often it is told."""
    spots = [s for _, p in seen for s in p.spots]
    sure = [s for s in spots if s.lat is not None]
    levels, parts = {p.level for _, p in seen}, key.split()
    told = {
        "told-area": bool(levels & {"admin1", "admin2", "area"}),
        "twice": len(seen) > 1,
        "often": len(seen) > 3,
        "known": bool(sure),
        "new-twice": not sure and len(seen) > 1,
        "in-land": any(s.country in lands for s in sure),
        "abroad": bool(sure) and bool(lands) and not any(s.country in lands for s in sure),
        "capital": any(s.name == capital_of(s.country) for s in spots),
        "big": any(s.population > BIG for s in spots),
        "long": not sure and len(parts) > 1,
        "longer": not sure and len(parts) > 2,
        "given": not sure and len(parts) > 1 and parts[0] in _GIVEN,
        "family": not sure and len(parts) > 1 and parts[-1] in _FAMILY,
        "regional": any(s.level == "admin1" for s in spots),
    }
    finest = max(levels, key=lambda level: LEVELS[level])
    return {f"level-{finest}"} | {name for name, is_so in told.items() if is_so}


def _compared(found: list[Scene]) -> list[Scene]:
    """Mark names beside which a finer one is told, and those that stand alone."""
    fine = [s for s in found if not s.signs & COARSE]
    near = [s for s in fine if s.signs & HERE and not s.signs & {"abroad", "capital"}]
    cued = [s for s in near if s.signs & {"enclosed", "called", "kind", "own-place", "moved"}]
    levels = [LEVELS[s.place.level] for s in found if s.signs & TOLD]
    finest = max(levels, default=-1)
    out = []
    for s in found:
        coarse = bool(s.signs & COARSE)
        told = {
            "finer-told": finest > LEVELS[s.place.level],
            "alone": len(levels) == bool(s.signs & TOLD),
            "coarse-beside-fine": coarse and bool(near),
            "coarse-beside-cued": coarse and bool(cued),
            "fine-beside-coarse": not coarse and bool(s.signs & HERE) and len(fine) < len(found),
            "only-fine": len(near) == 1 and s is near[0],
            "only-cued": len(cued) == 1 and s is cued[0],
        }
        out.append(Scene(s.place, s.signs | _so(told)))
    return out
