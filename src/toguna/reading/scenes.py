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
from dataclasses import dataclass, replace

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

__all__ = ["NET", "STRUCK", "Scene", "chosen", "key_of", "scenes", "with_struck"]

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
NEXT = 25  # letters after a name in which the words that follow it are read
_OFF = ("exercise", "memory", "denial", "threat")


@dataclass(frozen=True)
class Scene:
    """A name that can be an incident's scene, and the signs for and against it."""

    place: Place
    signs: frozenset[str]


def scenes(e: Episode, others: Sequence[Episode], marks: Sequence[Marks]) -> list[Scene]:
    """Return every name of a text as a scene of one incident, with its signs."""
    told: dict[str, list[tuple[Marks, Place]]] = {}
    for m in marks:
        for p in m.places:
            if p.level != "country":
                told.setdefault(key_of(p), []).append((m, p))
    lands = {c for m in marks for _, c, named in m.countries if named}
    taken = {key_of(o.place) for o in others if o is not e and o.place is not None}
    own = {m.marks.sentence.number: i for i, m in enumerate(e.mentions)}
    trail = {m.sentence.number for m in e.trailing}
    ranks = _ranks(told, own)
    found = []
    for key, seen in told.items():
        signs = {s for m, p in seen for s in _signs_here(e, m, p, own, trail)}
        signs |= _signs_of_name(fold(seen[0][1].name), seen, lands) | _signs_of_parts(seen)
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


def with_struck(found: Sequence[Scene], signs: Mapping[str, frozenset[str]]) -> list[Scene]:
    """Add to scenes how likely the news of the text is of them, by what the spellings of a name share."""
    return [replace(s, signs=s.signs | signs.get(key_of(s.place), frozenset())) for s in found]


def chosen(e: Episode, found: Sequence[Scene], weights: Weights) -> Episode:
    """Return an incident with the likeliest of its scenes."""
    best = max(found, key=lambda s: weights.score("scene", s.signs), default=None)
    if best is None:
        return e
    role = "scene" if best.place.role in ("name", "bare", "away", "dateline", "seat") else best.place.role
    top = weights.score("scene", best.signs)
    sure = 1 / sum(math.exp(weights.score("scene", s.signs) - top) for s in found)
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
    new = not _located(p)
    role = "name" if new and p.role == "bare" else p.role
    ahead = (o for o in m.places if o.start < p.start and o.role in ("scene", "name", "near", "bare"))
    told = {
        "opening": own.get(n) == 0,
        "title": n == 0,
        "lead": 0 < n <= LEADING,
        "beside": where in ("trail", "later") and min(abs(n - k) for k in own) <= FAR,
        "picked": where == "own" and (s := scene(m)) is not None and s.start == p.start,
        "first": where in ("own", "trail") and next(ahead, None) is None,
        "new-own": new and where == "own",
        "new-lead": new and n <= LEADING + 2,
        "new-dated": new and any(_same(e, w) is True for w in m.whens),
        "dated": any(_same(e, w) is True for w in m.whens),
        "elsewhen": where != "own" and any(_same(e, w) is False for w in m.whens),
        "led-back": bool(m.earlier) and where != "own",
        "off": any(h.key in _OFF for h in m.unreal) or bool(m.aggregate),
        "struck": any(d.key == "strong" for d in m.deeds),
        "attackers": any(h.key == "attackers" for h in m.find("person")),
        "deadly": any(t.fate == "dead" for t in m.tolls),
    }
    signs = {f"{where}-{role}", f"role-{role}", *(name for name, is_so in told.items() if is_so)}
    return signs | _signs_around(m, p, where) | _signs_between(m, p)


def _signs_around(m: Marks, p: Place, where: str) -> set[str]:
    """Return the signs that the words before and after a name give."""
    before, after = m.folded[max(m.sentence.start, p.start - 34) : p.start], m.folded[p.end : p.end + 60]
    deeds = [d for d in m.deeds if d.key == "strong"] or list(m.deeds)
    own = OWN_PLACE[m.lang]
    gaps = [m.folded[d.end : p.start] for d in deeds if 0 <= p.start - d.end < CLOSE]
    told = {
        "kind": is_kind(before),
        "kind-after": is_kind_after(after),
        "happened": bool(_HAPPENED.search(before)),
        "venue": bool(_VENUE.search(before)) or bool(_VENUE_AFTER.match(after)),
        "office": bool(_OFFICE.search(before)),
        "kind-own": is_kind(before) and where == "own",
        "called": bool(_CALLED.search(before)),
        "moved": bool(_MOVED.search(before)),
        "between": bool(_BETWEEN.search(before)),
        "second": bool(_SECOND.search(before)),
        "lies": bool(_LIES.match(after)),
        "says": bool(_SAYS.match(after)),
        "in-area": bool(_IN_AREA.match(after)) and where in ("own", "trail"),
        "own-place": any(own.match(gap) for gap in gaps),
        "close": where == "own"
        and any(min(abs(d.end - p.start), abs(p.end - d.start)) < CLOSE for d in deeds),
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
    out = []
    for s in found:
        coarse = bool(s.signs & COARSE)
        told = {
            "finer-told": any(
                LEVELS[o.place.level] > LEVELS[s.place.level] and o.signs & TOLD for o in found if o is not s
            ),
            "alone": not any(o.signs & TOLD for o in found if o is not s),
            "coarse-beside-fine": coarse and bool(near),
            "coarse-beside-cued": coarse and bool(cued),
            "fine-beside-coarse": not coarse and bool(s.signs & HERE) and len(fine) < len(found),
            "only-fine": len(near) == 1 and s is near[0],
            "only-cued": len(cued) == 1 and s is cued[0],
        }
        out.append(replace(s, signs=s.signs | {name for name, is_so in told.items() if is_so}))
    return out
