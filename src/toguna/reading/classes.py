"""Choose tactic and target among all classes: the answer of the rules is one sign among others.

Enters: the marks of the sentences that tell of the deed, its victims, and what the rules answer. Leaves: a
class of the vocabulary. Called by `toguna.reading.incidents`; fitted by `toguna.reading.verdicts`.

A class scores the sum of the weights of its signs, named ``class--sign``. Without fitted weights the prior
holds only the answer of the rules (``raid--r-raid``), and the rules decide.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from toguna.reading.authors import Blame
from toguna.reading.confidence import Weights
from toguna.reading.deeds import Told, civilians_dead, is_attacked, objects
from toguna.reading.marks import Marks
from toguna.reading.tolls import Toll

__all__ = ["KINDS", "chosen_class", "class_signs"]

AS_GOOD = 0.25
"""Log-odds by which another class must be likelier than that of the rules to be taken."""

KINDS = {"tactic": "tactic_of", "target_class": "target_of"}
"""Fields that are chosen among classes, and the kinds of their weights."""
SAID = frozenset({"airstrike", "suicide_bombing", "car_bomb", "rocket_mortar"})
"""Tactics that no text tells without a word of them: by its company alone none is one of these."""
HEAD = 4  # sentences of an incident whose words and things count
FEW, MANY = 2, 10  # dead from which on an attack killed some, and many
_WORD = re.compile(r"[a-z]{3,}")


def class_signs(
    sentences: Sequence[Marks],
    tolls: Sequence[Toll],
    accused: Blame | None,
    *,
    by_forces: bool,
    told: Told | None,
    words: bool = True,
) -> frozenset[str]:
    """Return the signs for and against every class of one field, in both languages the same but for words.

    Parameters
    ----------
    sentences : sequence of Marks
        Those that tell of the deed, in order.
    tolls : sequence of Toll
        Its victims.
    accused : Blame or None
        Who is blamed.
    by_forces : bool
        A force of a state did it.
    told : Told or None
        What the rules answer.
    words : bool
        Plain words count too: they tell a tactic, and of targets only what one page called them.
    """
    signs = {"all", f"r-{told.value if told else 'none'}"}
    if told:
        signs.add(f"r-{told.value}-{told.rule}")
    signs |= set(_named(sentences, words=words)) | set(_hurt(tolls))
    signs.add(f"blame-{accused.rule if accused else 'none'}")
    if by_forces:
        signs.add("by-forces")
    return frozenset(signs)


def _named(sentences: Sequence[Marks], *, words: bool) -> Iterator[str]:
    """Yield the words of tactics, persons, things, groups and all others at the head of an incident."""
    for i, marks in enumerate(sentences[:HEAD]):
        for h in marks.find("tactic"):
            yield f"t-{h.key}"
            if i == 0:
                yield f"t0-{h.key}"
        yield from (f"p-{h.key}" for h in marks.find("person"))
        yield from (f"g-{g.kind}" for g in marks.groups)
        yield from (f"w-{word}" for word in _WORD.findall(marks.words()) if words)
    for i, h in objects(sentences):
        if i < HEAD:
            yield f"o-{h.key}"
            if is_attacked(sentences[i], h):
                yield f"s-{h.key}"


def _hurt(tolls: Sequence[Toll]) -> Iterator[str]:
    """Yield who was killed, wounded or taken, and about how many."""
    victims = [t for t in tolls if t.side != "attackers" and t.fate != "missing"]
    yield from (f"v-{t.fate}-{t.target or 'people'}" for t in victims)
    most = max(victims, key=lambda t: (t.fate == "dead", t.best or t.low or 1), default=None)
    yield f"most-{(most.target or 'people') if most else 'none'}"
    dead = max((t.best or t.low or 0 for t in victims if t.fate == "dead"), default=0)
    yield f"dead-{_size(dead)}"
    yield f"civil-{_size(civilians_dead(tolls))}"
    if any(t.side == "attackers" and t.fate == "dead" for t in tolls):
        yield "attackers-dead"


def _size(n: int) -> str:
    return "none" if n == 0 else "one" if n < FEW else "some" if n < MANY else "many"


def chosen_class(field: str, signs: frozenset[str], told: Told | None, weights: Weights) -> Told | None:
    """Return the likeliest class; the answer of the rules with its words where it is that one."""
    by_class = weights.by_class.get(KINDS[field])
    scores = by_class.scores(signs) if by_class else {}
    for c in SAID & scores.keys() - {s[2:] for s in signs if s[:2] in ("t-", "r-")}:
        del scores[c]
    if "r-siege_hostage-word" in signs:
        scores.pop("massacre", None)  # a siege with captives is one, however many died
    best = max(scores, key=lambda c: scores[c], default=None)
    if (
        best is None
        or scores[best] <= 0
        or (told and scores.get(told.value, -math.inf) + AS_GOOD >= scores[best])
    ):
        return told
    return replace(told, value=best, rule="chosen") if told else Told(best, (), "chosen")
