"""Choose the scene of an incident among all names of a text: a linear score over how each name is told.

Enters: an `Episode`, the others of its text, and the marks of all sentences. Leaves: the `Place` that is likeliest
its scene. Called by `toguna.reading.rules`; fitted by `toguna.reading.training`.

Every name counts once, with all the sentences that hold it: what one sentence leaves open (a name without a word of
place before it) another tells ("X, a village in the Y region").
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from toguna.core.text import fold
from toguna.reading.confidence import Weights
from toguna.reading.days import When
from toguna.reading.episodes import Episode
from toguna.reading.gazetteer import capital_of
from toguna.reading.lexicon import phrase
from toguna.reading.marks import Marks
from toguna.reading.mentions import LEVELS, OWN_PLACE, scene
from toguna.reading.places import Place, is_kind
from toguna.reading.sameness import same_days

__all__ = ["Scene", "chosen", "scenes"]

LEADING = 3  # sentences at the head of a text
CLOSE, FAR = 30, 3  # letters from a deed; sentences from an incident's own
BIG = 150_000  # people: a town so big is oftener the seat of those who speak
COARSE = frozenset({"regional", "told-area", "encloses", "level-admin1", "level-admin2", "level-area"})
"""Signs of a name that is, or can be, a whole area."""
TOLD = frozenset({"own-scene", "own-near", "trail-scene"})
HERE = frozenset({*TOLD, "own-bare", "own-name", "trail-name", "trail-bare", "trail-near", "lead", "title"})
"""Signs of a name told with the incident or at the head of its text."""
_LIES = phrase("places.lies")
_IN_AREA = re.compile(
    r"^,?(?: une?| an?)?[^,.;]{0,24}[ ,(](?:in|of|dans|du|de|en) (?:the |la |le |l')?[^,.;]{0,30}"
)
_CALLED = re.compile(r"\b(?:called|named|known as|dite?|nommee?|denommee?|appelee?|baptisee?)[\s\"']*$")
_MOVED = re.compile(
    r"\b(?:came|rode|drove|went|got|moved|marched) (?:in|on|up)? ?(?:to|into|through|on)\s$|\b(?:entered|reached|stormed|raided|hit|struck|invaded"
    r"|overran|seized|took|attacked|torched|arriv\w+ (?:in|at|a)|(?:venus?|entree?s?|debarque\w*|surgi\w*|fait irruption) (?:a|dans|vers))\s(?:the\s|le\s|la\s|l')?$"
)
_WITHIN = re.compile(
    r",?[\s](?:(?:an?|une?|the|le|la)[\s])?(?:[^.;,]{0,30}[\s])?(?:in|of|dans|du|de|d'|en)[\s]?(?:the[\s]|la[\s]|le[\s]|l')?(?:[\w'-]+[\s]){0,3}(?:de[\s]|d'|of[\s])?"
    r"|,[\s](?:[\w'-]+[\s]){0,2}(?:d'|de[\s])?|[\s]\([^()]{0,24}"
)
_SAYS = re.compile(r"^,? (?:said|told|says|a (?:dit|declare|indique|annonce|affirme))\b")
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
                told.setdefault(fold(p.name), []).append((m, p))
    lands = {c for m in marks for _, c, named in m.countries if named}
    taken = {fold(o.place.name) for o in others if o is not e and o.place is not None}
    own = {m.marks.sentence.number: i for i, m in enumerate(e.mentions)}
    trail = {m.sentence.number for m in e.trailing}
    found = []
    for key, seen in told.items():
        signs = {s for m, p in seen for s in _signs_here(e, m, p, own, trail)}
        signs |= _signs_of_name(key, seen, lands)
        if key in taken and not (e.place is not None and key == fold(e.place.name)):
            signs.add("of-another")
        found.append(Scene(_best(e, seen, own), frozenset(signs)))
    return _compared(found)


def chosen(e: Episode, others: Sequence[Episode], marks: Sequence[Marks], weights: Weights) -> Episode:
    """Return an incident with the likeliest of all scenes."""
    found = scenes(e, others, marks)
    best = max(found, key=lambda s: weights.score("scene", s.signs), default=None)
    if best is None:
        return e
    role = "scene" if best.place.role in ("name", "bare", "away", "dateline", "seat") else best.place.role
    return replace(e, place=replace(best.place, role=role))


def _best(e: Episode, seen: Sequence[tuple[Marks, Place]], own: dict[int, int]) -> Place:
    """Return the mention of a name by which it is shown: in the incident's own sentences, the exactest."""
    order = ("scene", "near", "bare", "name", "seat", "away", "dateline")
    ranked = min(seen, key=lambda x: (x[0].sentence.number not in own, order.index(x[1].role)))[1]
    spots = next((p.spots for _, p in seen if p.spots), ())
    return ranked if ranked.spots else replace(ranked, spots=spots)


def _signs_here(e: Episode, m: Marks, p: Place, own: dict[int, int], trail: set[int]) -> set[str]:
    """Return the signs that one mention of a name gives."""
    n = m.sentence.number
    where = "own" if n in own else "trail" if n in trail else "before" if n < min(own) else "later"
    before, after = m.folded[max(m.sentence.start, p.start - 34) : p.start], m.folded[p.end : p.end + 60]
    signs = {f"{where}-{p.role}", f"role-{p.role}"}
    kind = is_kind(before)
    deeds = [d for d in m.deeds if d.key == "strong"] or list(m.deeds)
    told = {
        "opening": own.get(n) == 0,
        "title": n == 0,
        "lead": 0 < n <= LEADING,
        "kind": kind,
        "kind-own": kind and where == "own",
        "called": bool(_CALLED.search(before)),
        "moved": bool(_MOVED.search(before)),
        "encloses": any(
            o.end <= p.start <= o.end + 60
            and LEVELS[o.level] >= LEVELS[p.level]
            and _WITHIN.fullmatch(m.folded[o.end : p.start])
            for o in m.places
            if o is not p and o.role not in ("dateline",)
        ),
        "enclosed": any(
            p.end <= o.start <= p.end + 60
            and LEVELS[p.level] >= LEVELS[o.level]
            and _WITHIN.fullmatch(m.folded[p.end : o.start])
            for o in m.places
            if o is not p
        ),
        "first": where in ("own", "trail")
        and not any(o.start < p.start and o.role in ("scene", "name", "near", "bare") for o in m.places),
        "new-own": not p.spots and where == "own",
        "new-lead": not p.spots and n <= LEADING + 2,
        "new-dated": not p.spots and any(_same(e, w) is True for w in m.whens),
        "lies": bool(_LIES.match(after)),
        "in-area": bool(_IN_AREA.match(after)) and where in ("own", "trail"),
        "says": bool(_SAYS.match(after)),
        "close": where == "own"
        and any(min(abs(d.end - p.start), abs(p.end - d.start)) < CLOSE for d in deeds),
        "own-place": any(
            d.end <= p.start
            and p.start - d.end < CLOSE
            and OWN_PLACE[m.lang].match(m.folded[d.end : p.start])
            for d in deeds
        ),
        "picked": where == "own" and (s := scene(m)) is not None and s.start == p.start,
        "led-back": bool(m.earlier) and where != "own",
        "off": any(h.key in _OFF for h in m.unreal) or bool(m.aggregate),
        "dated": any(_same(e, w) is True for w in m.whens),
        "elsewhen": where != "own" and any(_same(e, w) is False for w in m.whens),
        "struck": any(d.key == "strong" for d in m.deeds),
        "attackers": any(h.key == "attackers" for h in m.find("person")),
        "deadly": any(t.fate == "dead" for t in m.tolls),
        "beside": where in ("trail", "later") and min(abs(n - k) for k in own) <= FAR,
    }
    return signs | _words_beside(before, after) | {name for name, is_so in told.items() if is_so}


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
    levels = {p.level for _, p in seen}
    told = {
        "told-area": bool(levels & {"admin1", "admin2", "area"}),
        "twice": len(seen) > 1,
        "often": len(seen) > 3,
        "known": bool(spots),
        "new-twice": not spots and len(seen) > 1,
        "in-land": any(s.country in lands for s in spots),
        "abroad": bool(spots) and bool(lands) and not any(s.country in lands for s in spots),
        "capital": any(s.name == capital_of(s.country) for s in spots),
        "big": any(s.population > BIG for s in spots),
        "long": not spots and len(key.split()) > 1,
        "longer": not spots and len(key.split()) > 2,
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
