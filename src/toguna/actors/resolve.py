"""From a name as somebody wrote it to the id of an organisation, with how sure that is.

Enters: a name and the organisations of a registry. Leaves: a `Match`. Called by
`toguna.actors.registry`.

How a match is found, the first that fits wins:

==========  ==========================================================  ==========
how         rule                                                        confidence
==========  ==========================================================  ==========
``exact``   the id or the name, letter by letter                        1
``alias``   an alias, or the name without its qualifier, so too         1
``folded``  any of these without case, accents and punctuation          0.95
``fuzzy``   near in spelling (below)                                    below 0.9
``none``    nothing                                                     0
==========  ==========================================================  ==========

A name that fits n organisations equally resolves to none of them: `actor_id` is None and each
alternative has 1/n of the confidence.

Fuzzy: for each organisation s is the best of the normalised Indel similarities (rapidfuzz
``ratio`` and ``token_sort_ratio``, 0 to 1) between the folded name and its folded names. Those
with s >= 0.80 are candidates, with weight w = (s - 0.75)**2; the confidence of candidate k is
0.9 * s_k * w_k / sum(w). It is an ordering of candidates, not a probability that was estimated.
The first is named as `actor_id` when s >= 0.85 and w_k / sum(w) >= 2/3. Names under five
letters are never matched so: acronyms one letter apart are often enemies. A fuzzy match is a
proposal for a person to confirm: `toguna.actors.attach` never acts on it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal

from rapidfuzz import fuzz

from toguna.actors.organisations import Actor, bare_name
from toguna.core.text import fold

__all__ = ["How", "Match", "NameIndex"]

How = Literal["exact", "alias", "folded", "fuzzy", "none"]

CONFIDENCE: dict[How, float] = {"exact": 1.0, "alias": 1.0, "folded": 0.95, "fuzzy": 0.9}
CANDIDATE, FLOOR, NAMED, SHARE = 0.80, 0.75, 0.85, 2 / 3
SHORTEST = 5


@dataclass(frozen=True, slots=True)
class Match:
    """What a name resolves to.

    Parameters
    ----------
    actor_id : str or None
        The organisation; None when there is none or when it is ambiguous.
    confidence : float
        0 to 1, of the best alternative; see the module for the formula.
    how : {"exact", "alias", "folded", "fuzzy", "none"}
        By which rule.
    alternatives : tuple of (str, float)
        All organisations it can mean, the named one included, surest first.
    """

    actor_id: str | None
    confidence: float
    how: How
    alternatives: tuple[tuple[str, float], ...] = ()

    @property
    def certain(self) -> bool:
        """Whether it may be acted on without asking a person."""
        return self.actor_id is not None and self.how in ("exact", "alias", "folded")

    def as_dict(self) -> dict[str, Any]:
        """Return plain values for JSON."""
        return {
            "actor_id": self.actor_id,
            "confidence": self.confidence,
            "how": self.how,
            "alternatives": [{"id": i, "confidence": c} for i, c in self.alternatives],
        }


class NameIndex:
    """All names of the organisations of a registry, ready to be looked up."""

    def __init__(self, actors: Iterable[Actor]) -> None:
        self._steps: dict[How, dict[str, set[str]]] = {"exact": {}, "alias": {}, "folded": {}}
        self._folded: dict[str, list[str]] = {}
        for actor in actors:
            self._add(actor)

    def _add(self, actor: Actor) -> None:
        others = (*actor.aliases, bare_name(actor.name))
        for name in (actor.id, actor.name):
            self._steps["exact"].setdefault(_squeeze(name), set()).add(actor.id)
        for name in others:
            self._steps["alias"].setdefault(_squeeze(name), set()).add(actor.id)
        keys = dict.fromkeys(_key(n) for n in (actor.id, actor.name, *others))
        for key in keys:
            self._steps["folded"].setdefault(key, set()).add(actor.id)
        self._folded[actor.id] = [k for k in keys if len(k) >= SHORTEST]

    def find(self, name: str) -> Match:
        """Resolve one name."""
        given = _squeeze(name)
        if not given:
            return Match(None, 0.0, "none")
        for step, names in self._steps.items():
            ids = sorted(names.get(_key(name) if step == "folded" else given, ()))
            if ids:
                share = round(CONFIDENCE[step] / len(ids), 4)
                return Match(ids[0] if len(ids) == 1 else None, share, step, tuple((i, share) for i in ids))
        return self._near(_key(name))

    def _near(self, key: str) -> Match:
        if len(key) < SHORTEST:
            return Match(None, 0.0, "none")
        near = {i: s for i, names in self._folded.items() if (s := _similarity(key, names)) >= CANDIDATE}
        if not near:
            return Match(None, 0.0, "none")
        weights = {i: (s - FLOOR) ** 2 for i, s in near.items()}
        total = sum(weights.values())
        shares = {i: w / total for i, w in weights.items()}
        order = sorted(near, key=lambda i: (-shares[i], i))
        best = order[0]
        named = near[best] >= NAMED and shares[best] >= SHARE
        found = tuple((i, round(CONFIDENCE["fuzzy"] * near[i] * shares[i], 4)) for i in order)
        return Match(best if named else None, found[0][1], "fuzzy", found)


def _squeeze(name: str) -> str:
    return " ".join(name.split())


def _key(name: str) -> str:
    # A name in a script that folding empties keeps its own letters: it must not equal all others.
    return fold(name) or _squeeze(name).casefold()


def _similarity(key: str, names: Iterable[str]) -> float:
    return max((max(fuzz.ratio(key, n), fuzz.token_sort_ratio(key, n)) / 100 for n in names), default=0.0)
