"""Find drafts of a text that tell again of an incident which another draft tells of.

Enters: the incidents of a text with their drafts. Leaves: the numbers of those that are told again. Called by
`toguna.reading.rules`; fitted by `toguna.reading.training`.

A text comes back to its incident: with another spelling of the village, with the day on which it was told,
with the toll alone. What agrees without a doubt is joined before (`toguna.reading.twice`); here two drafts of
one place and some days are held against each other, and a score over signs (kind "once") says whether the one
adds nothing to the other.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from itertools import permutations

from rapidfuzz import fuzz

from toguna.core.text import fold
from toguna.reading.confidence import Weights
from toguna.reading.drafts import DraftIncident
from toguna.reading.episodes import TRAIL, Episode
from toguna.reading.gazetteer import close
from toguna.reading.lexicon import phrase
from toguna.reading.mentions import LEVELS
from toguna.reading.places import Place
from toguna.reading.sameness import Days

__all__ = ["KIND", "again", "onces"]

KIND = "once"
"""Kind of the weights that say whether a draft tells again of another's incident."""
BAR = 0.5
"""Chance from which a draft is left out."""
SPELT = 80  # of 100: spellings of one name, by rapidfuzz's ratio
SHORT = 4  # letters of a name that may be part of another
STEPS = (0, 1, 10)
"""Days between two, of which each step tells something."""
KM = (25.0, 60.0, 200.0)
"""km between two scenes, of which each step tells something."""
_ELSE, _PLURAL = phrase("further.elsewhere"), phrase("further.plural")
_THE = re.compile(
    r"\b(?:the|this|these|cette|cet|ce|l'|la|le|les) ?(?:\w+ ){0,2}(?:attack|attaque|raid|massacre|killings?"
    r"|tuerie|assaut|assault|ambush|embuscade|incident|blast|explosion|drame|tragedy|violence)s?\b"
)
_Told = tuple[Episode, DraftIncident]


def again(told: Sequence[_Told], published: date | None, weights: Weights) -> frozenset[int]:
    """Return the numbers of drafts that tell of what another one that stays tells of.

    Weights that were fitted before there was such a kind find none.
    """
    if KIND not in weights.weights:
        return frozenset()
    likely = sorted(
        ((weights.chance(KIND, signs), a, b) for (a, b), signs in onces(told, published).items()),
        key=lambda x: (-x[0], x[2], x[1]),
    )
    left: set[int] = set()
    for chance, a, b in likely:
        if chance >= BAR and a not in left and b not in left:
            left.add(b)
    return frozenset(left)


def onces(told: Sequence[_Told], published: date | None) -> Mapping[tuple[int, int], frozenset[str]]:
    """Return the signs for and against that of two drafts (kept, left out) the second tells of the first."""
    return {
        (a, b): signs
        for a, b in permutations(range(len(told)), 2)
        if _of_names(told[a][0].place, told[b][0].place)
        if not _apart(signs := _signs(told[a], told[b], published))
    }


def _apart(signs: frozenset[str]) -> bool:
    """Say whether days part two drafts beyond doubt: far apart, or some days, with words that look back."""
    return "o-day-gap-3" in signs or signs >= {"o-day-gap-2", "o-own-day", "o-back"}


def _of_names(a: Place | None, b: Place | None) -> set[str]:
    """Return whether two names may be one; if not, what is told lies elsewhere and is another incident."""
    if a is None or b is None:
        return {"o-place-none" if b is None else "o-place-none-kept"}
    one, other = fold(a.name), fold(b.name)
    if one == other:
        return {"o-place-same"}
    short, long = sorted((one, other), key=len)
    alike = (len(short) >= SHORT and short in long) or fuzz.ratio(one, other) >= SPELT
    return {"o-place-alike"} if alike else set()


def _signs(a: _Told, b: _Told, published: date | None) -> frozenset[str]:
    one, other = a[0].place, b[0].place
    signs = _of_names(one, other) | _of_places(one, other) | _of_days(a, b, published)
    signs |= _of_fields(a[1], b[1]) | _of_telling(a[0], b[0]) | _of_chance(a[1], b[1])
    day, near = "o-day-gap-0" in signs, bool(signs & {"o-day-gap-0", "o-day-gap-1", "o-day-gap-2"})
    place = bool(signs & {"o-place-same", "o-place-alike", "o-place-far-0"})
    toll = "o-killed_best-same" in signs
    told = {
        "day-place": day and place,
        "near-place": near and not day and place,
        "far-place": not near and place,
        "day-toll": day and toll,
        "place-toll": place and toll,
        "all": near and place and not signs & {"o-killed_best-other", "o-tactic-other"},
        "no-other": not signs & {"o-killed_best-other", "o-tactic-other", "o-wounded-other"},
        "nothing": signs >= {"o-killed_best-none", "o-wounded-none"},
        "day-only": day and not place,
        "said": signs >= {"o-day-of-page", "o-day-later"} and "o-day-of-page-kept" not in signs,
        "said-kept": signs >= {"o-day-of-page-kept", "o-day-before"} and "o-day-of-page" not in signs,
        "own-other": "o-own-day" in signs and near and not day and bool(signs & OTHERWISE),
        "thing-other": _by_thing(a[1]) != _by_thing(b[1]),
    }
    return frozenset(signs | {f"o-{name}" for name, is_so in told.items() if is_so})


OTHERWISE = frozenset({"o-killed_best-other", "o-tactic-other"})
"""Signs of which one says that another deed is told."""
THINGS = frozenset({"ied_mine", "rocket_mortar", "airstrike", "car_bomb", "suicide_bombing"})
"""Tactics by a thing that bursts: no attack by hand or gun is told so."""


def _by_thing(d: DraftIncident) -> bool:
    return d.value("tactic") in THINGS


def _of_chance(a: DraftIncident, b: DraftIncident) -> set[str]:
    """Return how likely the second is by itself, and whether it is more so than the first."""
    told = {f"o-chance-{sum(b.confidence > n for n in CHANCES)}"}
    return told | ({"o-likelier"} if b.confidence > a.confidence else set())


CHANCES = (0.5, 0.65, 0.8, 0.9)
"""Chances of an incident between which it counts as more or less sure."""


def _of_days(a: _Told, b: _Told, published: date | None) -> set[str]:
    one, other = _days(a), _days(b)
    told = {
        "day-inherited": b[0].inherited,
        "day-inherited-kept": a[0].inherited,
        "day-none": other is None,
        "day-loose": other is not None and other[2] != "day",
        "day-of-page": bool(other and published and 0 <= (published - other[1]).days <= 1),
        "day-of-page-kept": bool(one and published and 0 <= (published - one[1]).days <= 1),
        "background": not b[1].main,
        "background-kept": not a[1].main,
    }
    if one and other:
        gap = max((other[0] - one[1]).days, (one[0] - other[1]).days, 0)
        told |= {
            f"day-gap-{sum(gap > n for n in STEPS)}": True,
            "day-later": other[0] > one[0],
            "day-before": other[0] < one[0],
        }
    return {f"o-{name}" for name, is_so in told.items() if is_so}


def _days(told: _Told) -> Days | None:
    """Return the days of an incident, or of its draft where other sentences than its own date it."""
    episode, draft = told
    start = draft.fields.get("date_start")
    if episode.days is not None or start is None or not start.spans:
        return episode.days
    first = date.fromisoformat(str(start.value))
    last = date.fromisoformat(str(draft.value("date_end") or start.value))
    return first, last, str(draft.value("date_precision") or "day")


def _of_places(a: Place | None, b: Place | None) -> set[str]:
    if a is None or b is None:
        return set()
    known = [[s for s in p.spots if s.lat is not None] for p in (a, b)]
    told = {
        "place-known": bool(known[1]),
        "place-known-kept": bool(known[0]),
        "place-near": b.role == "near",
        "place-bare": b.role in ("bare", "name", "seat", "away"),
        "place-bare-kept": a.role in ("bare", "name", "seat", "away"),
        "place-coarser": LEVELS[b.level] < LEVELS[a.level],
        "place-finer": LEVELS[b.level] > LEVELS[a.level],
    }
    if all(known):
        steps = sum(not any(close(x, y, within_km=km) for x in known[0] for y in known[1]) for km in KM)
        told[f"place-far-{steps}"] = fold(a.name) != fold(b.name)
    return {f"o-{name}" for name, is_so in told.items() if is_so}


def _of_fields(a: DraftIncident, b: DraftIncident) -> set[str]:
    """Return which fields of two drafts agree, differ, or are told of one alone."""
    told = set()
    for name in ("killed_best", "wounded", "hostages", "tactic", "target_class", "perpetrator"):
        x, y = a.value(name), b.value(name)
        how = "none" if y is None else "only" if x is None else "same" if x == y else "other"
        told.add(f"o-{name}-{how}")
    x, y = a.value("killed_best"), b.value("killed_best")
    if x is not None and y is not None and x != y:
        told.add("o-toll-more" if y > x else "o-toll-less")
    return told


def _of_telling(a: Episode, b: Episode) -> set[str]:
    """Return how two incidents lie in the text and how the second is told."""
    first = b.mentions[0]
    here = {m.marks.sentence.number for m in a.mentions}
    there = {m.marks.sentence.number for m in b.mentions}
    gap = min(abs(x - y) for x in here for y in there)
    words = [m.marks.words() for m in b.mentions]
    names = {fold(p.name) for m in a.marks for p in m.places}
    told = {
        "after": first.marks.sentence.number > a.mentions[0].marks.sentence.number,
        "before": first.marks.sentence.number < a.mentions[0].marks.sentence.number,
        "gap-0": gap == 0,
        "gap-1": gap == 1,
        "gap-few": 1 < gap <= TRAIL,
        "gap-far": gap > TRAIL,
        "inside": bool(a.mentions[0].marks.sentence.number < min(there) and max(there) < max(here)),
        "another": any(m.another for m in b.mentions),
        "else": any(_ELSE.search(w) for w in words),
        "plural": any(_PLURAL.search(w) for w in words),
        "back": all(m.back for m in b.mentions),
        "summary": any(m.summary for m in b.mentions),
        "single": len(b.mentions) == 1,
        "more": len(b.mentions) > len(a.mentions),
        "weak": not any(m.strong for m in b.mentions),
        "at-head": min(there) < TRAIL,
        "further": b.further is not None,
        "further-kept": a.further is not None,
        "unsure": b.sure is not None and b.sure < SURE,
        "unsure-kept": a.sure is not None and a.sure < SURE,
        "surer": a.sure is not None and b.sure is not None and b.sure > a.sure,
        "listed": bool(a.place and b.place and fold(a.place.name) != fold(b.place.name)) and gap == 0,
        "own-day": any(m.when is not None and m.when.precision == "day" for m in b.mentions),
        "own-place": any(m.place is not None and m.place.role == "scene" for m in b.mentions),
        "bare": all(m.when is None and m.place is None for m in b.mentions[:1]),
        "definite": bool(_THE.search(words[0])),
        "aggregate": any(m.marks.aggregate for m in b.mentions),
        "unreal": any(m.marks.unreal for m in b.mentions),
        "quoted": any('"' in w for w in words),
        "report": any(m.marks.find("report") for m in b.mentions),
        "claim": any(m.marks.find("claim") for m in b.mentions),
        "paragraph": first.marks.sentence.paragraph in {m.marks.sentence.paragraph for m in a.mentions},
        "named": b.place is not None and fold(b.place.name) in names,
    }
    return {f"o-{name}" for name, is_so in told.items() if is_so}


SURE = 0.5  # chance of a scene under which it is in doubt
