"""Say of every name of a text whether what the text reports happened there, before incidents are told apart.

Enters: the marks of all sentences, the incidents as rules sort them, and the names that can be their scenes.
Leaves: for every name the chance that news of the text is of it, in steps, as signs. Called by
`toguna.reading.rules`; what is chosen later (scenes, further incidents, what is proposed) rests on
these signs among others; fitted by `toguna.reading.training`.

A name is judged by all its sentences at once and on its own: incidents that rules put together or told
apart wrongly mislead less.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from toguna.reading.confidence import Weights
from toguna.reading.elsewhere import Name, Shared, signs_told
from toguna.reading.episodes import Episode
from toguna.reading.further import host_of, telling, when_told
from toguna.reading.marks import Marks
from toguna.reading.network import Outlook, step
from toguna.reading.news import signs_of_text
from toguna.reading.places import Place
from toguna.reading.scenes import NET, Names, Scene, key_of

__all__ = ["KIND", "Told", "struck", "told_names", "with_outlook", "with_ties"]

KIND = "struck"
"""Kind of the weights that say whether the news of a text is of a name."""
STEPS = (0.05, 0.15, 0.3, 0.5, 0.7, 0.85)
"""Chances between which a name counts as more or less struck."""
TIMES, NAMES, FIRST = (1, 2, 3), (1, 2, 4, 7, 12), (0, 1, 2, 4, 8, 16)
"""How often a name is told, how many names there are, sentences before the first: steps."""
FIFTHS = 5
AGES = (3, 8, 31)
"""Days before publication between which a day told with a name is of the news, of late or of old."""


@dataclass(frozen=True)
class Told:
    """A name of a text, and the signs that its news is of it."""

    key: str
    place: Place
    signs: frozenset[str]


def told_names(
    found: Sequence[Episode],
    options: Sequence[Sequence[Scene]],
    names: Names,
    published: date | None,
) -> dict[str, Told]:
    """Return every name of a text that is no country, by what its spellings share, with the rules' signs.

    Parameters
    ----------
    found : sequence of Episode
        The incidents as rules sort them.
    options : sequence of sequence of Scene
        For each of them all names as its scene.
    names : Names
        All names, with all sentences.
    published : date or None
        Day of publication.
    """
    marks, told = names.marks, names.seen
    as_scene: dict[str, set[str]] = {}
    for scene in (s for names in options for s in names):
        as_scene.setdefault(key_of(scene.place), set()).update(scene.signs)
    of_text = {f"t-{s}" for s in signs_of_text(marks, published)}
    of_text.add(f"t-names-{sum(len(told) > n for n in NAMES)}")
    shared = Shared(tuple(found), names)
    out = {}
    for key, seen in told.items():
        m, p = max(seen, key=lambda x: (telling(*x), -x[0].sentence.number))
        signs = as_scene.get(key, set()) | of_text | _signs_of_mentions(seen, len(marks), published)
        if (host := host_of(found, m)) is not None:
            days, when = when_told(p, m, found[host])
            signs |= signs_told(Name(p, m, tuple(seen), found[host], shared), days, when)
        out[key] = Told(key, p, frozenset(signs))
    return out


def with_outlook(names: Mapping[str, Told], outlook: Outlook) -> dict[str, Told]:
    """Add to names what the network says of each, and of the text."""
    if not outlook.names:
        return dict(names)
    top, news = max(outlook.names.values()), f"t-net-news-{step(outlook.news)}"

    def said(key: str) -> set[str]:
        odds = outlook.names.get(key)
        return set() if odds is None else {f"net-{step(odds)}", *(["net-top"] if odds == top else [])}

    return {key: replace(n, signs=n.signs | {news} | said(key)) for key, n in names.items()}


def with_ties(e: Episode, found: Sequence[Scene], outlook: Outlook) -> list[Scene]:
    """Add to the scenes of an incident how likely the network ties its days and counts to each."""
    own = [m.marks for m in e.mentions]
    things = {
        "day": [w.start for m in own for w in m.whens],
        "dead": [t.start for m in own for t in m.tolls if t.fate == "dead"],
    }

    def ties(name: str) -> set[str]:
        return {f"{kind}-{s}" for kind, at in things.items() for s in outlook.tie(name, kind, *at)}

    return [Scene(s.place, s.signs | ties(key_of(s.place))) for s in found]


def _signs_of_mentions(
    seen: Sequence[tuple[Marks, Place]], sentences: int, published: date | None
) -> set[str]:
    """Return what the sentences of a name tell, and how often and where they stand."""
    first = min(m.sentence.number for m, _ in seen)
    signs = {
        f"times-{sum(len(seen) > n for n in TIMES)}",
        f"from-{sum(first > n for n in FIRST)}",
        f"part-{first * FIFTHS // sentences}",
    }
    told: Counter[str] = Counter()
    for m, _ in seen:
        has = {
            "deed": bool(m.deeds),
            "strong": bool(m.strong),
            "unreal": bool(m.unreal),
            "counted": bool(m.aggregate),
            "earlier": bool(m.earlier),
            "another": bool(m.another),
            "dead": any(t.fate == "dead" for t in m.tolls),
            "wounded": any(t.fate == "wounded" for t in m.tolls),
        }
        told.update(name for name, is_so in has.items() if is_so)
        signs |= {f"u-{h.key}" for h in m.unreal}
        signs |= {
            f"age-{sum((published - w.first).days >= n for n in AGES)}-{w.precision}"
            for w in m.whens
            if published and w.first and not w.since
        }
    return signs | {f"m-{s}" for s in told} | {f"m-{s}-twice" for s, n in told.items() if n > 1}


def struck(names: Mapping[str, Told], weights: Weights) -> dict[str, frozenset[str]]:
    """Return for every name how likely the news is of it, in steps, and whether no other is likelier."""
    if KIND not in weights.weights:
        return {}
    chance = {key: weights.chance(KIND, n.signs) for key, n in names.items()}
    top = max(chance.values(), default=0.0)
    return {
        key: frozenset({f"struck-{sum(c > s for s in STEPS)}", *(["struck-top"] if c == top else [])})
        | names[key].signs & NET
        for key, c in chance.items()
    }
