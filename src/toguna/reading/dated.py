"""Choose the day of an incident among all days of a text: a linear score over how each is told.

Enters: an `Episode` at its scene, the others of its text, and the marks of all sentences. Leaves: the same
on its likeliest day. Called by `toguna.reading.rules`; fitted by `toguna.reading.training`.

Rules give an incident the day that stands nearest in its own sentences, or that of the one told before
it. That answer is a sign among others here: a text that tells of two attacks names both days near both.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from toguna.reading.confidence import Weights
from toguna.reading.days import When
from toguna.reading.episodes import Episode
from toguna.reading.marks import Marks
from toguna.reading.mentions import event_days, of_saying, stamps
from toguna.reading.network import Outlook
from toguna.reading.sameness import Days, same_days
from toguna.reading.scenes import key_of, scene_key

__all__ = ["KIND", "MOST", "Dated", "dated", "day_options"]

KIND = "when"
"""Kind of the weights by which the day of an incident is chosen."""
AGES = (0, 1, 2, 4, 8, 22, 62, 400)
"""Days before publication between which a day is so old."""
GAPS = (12, 30, 80)
"""Letters between a day and a name or deed of its sentence: so near, and nearer than any other."""
LEADING = 2
"""Sentences at the head of a text."""
PLACED = frozenset({"of-deed", "said", "with-name", "with-other-alone", "alone"})
"""Signs that mean something else in an incident's own sentences than in others."""
MOST = 60
"""Incidents of a text; one that has more is a list whose items have their days, and would take minutes."""
AS_GOOD = 0.25
"""Log-odds by which another day must be likelier than that of the rules to be taken."""
UNSEEN, BY_NETWORK = frozenset({"rule-own", "seen-0"}), ("net-", "tie-")
"""A day that its sentence tells by another ("le lendemain") has no words that the network could see: what
it says of other days is then not held against it."""
FEW, MANY = 1, 3
"""Days that a text names: one, some, many."""


@dataclass(frozen=True)
class Dated:
    """A day that an incident can have been on, and the signs for and against it."""

    days: Days
    signs: frozenset[str]


def day_options(
    e: Episode,
    found: Sequence[Episode],
    marks: Sequence[Marks],
    published: date | None,
    outlook: Outlook | None = None,
) -> list[Dated]:
    """Return every day of a text as that of one incident, with its signs, that of the rules first.

    Parameters
    ----------
    e : Episode
        The incident.
    found : sequence of Episode
        All incidents of the text.
    marks : sequence of Marks
        All sentences.
    published : date or None
        Day of publication.
    outlook : Outlook, optional
        What the network says of the days of the text.
    """
    said, scene = outlook or Outlook(), scene_key(e)
    told: dict[tuple[date, date], list[tuple[Marks, When]]] = {}
    for m in marks:
        for w in m.whens:
            if w.first and w.last and w.precision != "year":
                told.setdefault((w.first, w.last), []).append((m, w))
    if e.days is not None:
        told.setdefault(e.days[:2], [])
    order = sorted((min(w.start for _, w in seen), key) for key, seen in told.items() if seen)
    out = []
    for key, seen in told.items():
        days: Days = (*key, seen[0][1].precision) if seen else e.days or (*key, "day")
        days = e.days if e.days is not None and e.days[:2] == key else days
        signs = {s for m, w in seen for s in _signs_here(e, found, m, w)}
        signs |= _signs_of_day(e, found, days, published) | _signs_of_order(e, key, order)
        at = [w.start for _, w in seen]
        signs |= said.of("day", *at) | said.tie(scene, "day", *at) | {f"seen-{min(len(seen), MANY)}"}
        out.append(Dated(days, frozenset(signs)))
    out.sort(key=lambda o: "rule" not in o.signs)
    return out


def _signs_here(e: Episode, found: Sequence[Episode], m: Marks, w: When) -> set[str]:
    """Return the signs that one mention of a day gives: the sentence, and what stands beside the day."""
    n = m.sentence.number
    own = [x.marks.sentence.number for x in e.mentions]
    trail = {x.sentence.number for x in e.trailing}
    where = (
        "first" if n == own[0] else "own" if n in own else "trail" if n in trail
        else "just-before" if n == own[0] - 1 else "before" if n < own[0] else "after"
    )  # fmt: skip
    scene = scene_key(e)
    others = {key_of(o.place) for o in found if o is not e and o.place} - {scene}
    here = [p for p in m.places if key_of(p) == scene]
    elsewhere = [p for p in m.places if key_of(p) in others]
    deeds = m.strong or m.deeds
    gaps = {
        "name": min((abs(w.start - p.start) for p in here), default=999),
        "other": min((abs(w.start - p.start) for p in elsewhere), default=999),
        "deed": min((abs(w.start - d.start) for d in deeds), default=999),
    }
    rivals = [x for x in m.whens if x is not w and x.first]
    told = {
        "with-name": bool(here),
        "with-other": bool(elsewhere),
        "with-other-alone": bool(elsewhere) and not here,
        "nearer-name": gaps["name"] < gaps["other"],
        "nearer-other": gaps["other"] < gaps["name"],
        "alone": not rivals,
        "of-deed": bool(deeds) and event_days(m, deeds[0].start) is w,
        "of-name": bool(here) and event_days(m, here[0].start) is w,
        "nearest-name": bool(here and rivals)
        and gaps["name"] <= min(abs(x.start - p.start) for p in here for x in rivals),
        "said": of_saying(m, w),
        "stamp": stamps(m, w),
        "since": w.since,
        "back": bool(m.earlier),
        "unreal": bool(m.unreal),
        "counted": bool(m.aggregate),
        "deadly": any(t.fate == "dead" for t in m.tolls),
        "deed-here": bool(deeds),
        "lead": n < LEADING,
        "opens": w.start - m.sentence.start < GAPS[0],
    }
    near = {f"{name}-within-{sum(gap > g for g in GAPS)}" for name, gap in gaps.items() if gap < GAPS[-1]}
    signs = {where, f"as-{w.rule}", *near, *(name for name, is_so in told.items() if is_so)}
    return signs | {
        f"{where}-{s}" for s in signs & {"of-deed", "said", "with-name", "with-other-alone", "alone"}
    }


def _signs_of_day(e: Episode, found: Sequence[Episode], days: Days, published: date | None) -> set[str]:
    """Return what the day itself tells: the rules' answer, its age, whether another incident has it."""
    same = e.days is not None and e.days[:2] == days[:2]
    theirs = [o for o in found if o is not e and o.days and o.days[:2] == days[:2] and not o.inherited]
    told = {
        "rule": same,
        "rule-own": same and not e.inherited,
        "rule-inherited": same and e.inherited,
        "rule-none": e.days is None,
        "beside-rule": not same and same_days(e.days, days) is True,
        "of-other": bool(theirs),
        "of-further": e.further is not None and bool(theirs),
        "of-other-own": bool(theirs) and not same,
    }
    signs = {f"is-{days[2]}", *(name for name, is_so in told.items() if is_so)}
    if published:
        signs.add(f"age-{sum((published - days[1]).days >= n for n in AGES)}")
    return signs


def _signs_of_order(
    e: Episode, key: tuple[date, date], order: Sequence[tuple[int, tuple[date, date]]]
) -> set[str]:
    """Return where a day stands among those of the text: the first, the last told before the incident."""
    at = e.mentions[0].marks.sentence.start
    before = [k for start, k in order if start < at]
    after = [k for start, k in order if start >= at]
    keys = [k for _, k in order]
    told = {
        "carried": bool(before) and before[-1] == key,
        "next": bool(after) and after[0] == key,
        "first-told": bool(keys) and keys[0] == key,
        "latest": bool(keys) and max(keys) == key,
        "earliest": bool(keys) and min(keys) == key,
        "only": len(keys) == FEW,
        "many": len(keys) > MANY,
    }
    return {name for name, is_so in told.items() if is_so}


def dated(
    found: Sequence[Episode],
    marks: Sequence[Marks],
    published: date | None,
    weights: Weights,
    outlook: Outlook | None = None,
) -> list[Episode]:
    """Return the incidents of a text, each on its likeliest day; weights without days change none."""
    if KIND not in weights.weights or len(found) > MOST:
        return list(found)
    return [_on_likeliest(e, day_options(e, found, marks, published, outlook), weights) for e in found]


def _on_likeliest(e: Episode, options: Sequence[Dated], weights: Weights) -> Episode:
    rules = next((o.signs for o in options if "rule" in o.signs), frozenset[str]())
    unseen = rules >= UNSEEN

    def score(o: Dated) -> float:
        told = (s for s in o.signs if not s.startswith(BY_NETWORK)) if unseen else o.signs
        return weights.score(KIND, told)

    best = max(options, key=score, default=None)
    if best is None or "rule" in best.signs:
        return e
    if score(best) - max((score(o) for o in options if "rule" in o.signs), default=-math.inf) <= AS_GOOD:
        return e
    return replace(e, days=best.days, inherited=not best.signs & {"first", "own", "trail"})
