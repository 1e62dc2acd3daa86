"""What all incidents of a text share: its countries, its day, and which name lies in which area.

Enters: the marks of all sentences, the setting, the weights. Leaves: a `Context`, and fields with their
chance. Called by `toguna.reading.rules`, `toguna.reading.incidents` and their neighbours.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import product
from typing import Any

from toguna.core.text import fold
from toguna.reading.confidence import Weights
from toguna.reading.drafts import Field, Span
from toguna.reading.marks import Marks, Setting
from toguna.reading.network import Outlook
from toguna.reading.places import Place

__all__ = ["BESIDE", "Context", "Sure", "told_field"]

BESIDE = 140  # letters from a name to that of the area it is told to lie in
_KILLED = re.compile(
    r"\b(?:killed|slain|murder\w*|massacr\w*|tuee?s?|abattue?s?|egorg\w+|assassin\w+|balles|fusils?)\b"
)


@dataclass(frozen=True)
class Context:
    """What all incidents of a text share: its countries by how often they are named, and its day."""

    setting: Setting
    weights: Weights
    published: date | None
    countries: tuple[str, ...]
    violent: bool = False
    within: Mapping[tuple[str, str], Place] = field(default_factory=dict, repr=False)
    """The area of a level in which a text tells that a name (folded) lies."""
    areas: Mapping[str, tuple[Place, ...]] = field(default_factory=dict, repr=False)
    """All areas of a level that a text names, each once."""
    outlook: Outlook = field(default_factory=Outlook, repr=False)
    """What the network says of the text."""

    def sure(self, kind: str, features: Sequence[str]) -> Sure:
        """Return the chance of a field with these features."""
        return Sure(self.weights.chance(kind, features), tuple(features))

    @classmethod
    def of(
        cls,
        marks: Sequence[Marks],
        setting: Setting,
        weights: Weights,
        published: date | None,
        outlook: Outlook | None = None,
    ) -> Context:
        """Count the countries that a text names; a name weighs twice what a people's name does."""
        votes: Counter[str] = Counter()
        told = {iso3 for m in marks for _, iso3, named in m.countries if named}
        spread: dict[str, set[str]] = {}
        for p in (p for m in marks for p in m.places if p.role != "dateline"):
            if len(lands := {s.country for s in p.spots}) == 1:
                spread.setdefault(lands.pop(), set()).add(fold(p.name))
        likely = told | set(setting.gazetteer.home) | {c for c, names in spread.items() if len(names) > 1}
        for m in marks:
            for _, iso3, named in m.countries:
                votes[iso3] += (4 if named else 2) + 2 * (m.sentence.number < 3)
            for p in m.places:
                lands = {s.country for s in p.spots}
                if len(lands) == 1 and p.role != "dateline" and (not told or lands <= likely):
                    votes[lands.pop()] += 1
        violent = any(m.strong for m in marks) or any(_KILLED.search(m.words()) or m.attackers for m in marks)
        ranked = tuple(c for c, _ in votes.most_common())
        said = outlook or Outlook()
        return cls(setting, weights, published, ranked, violent, _within(marks), _areas(marks), said)


@dataclass(frozen=True, slots=True)
class Sure:
    """A chance and the features it rests on."""

    chance: float
    features: tuple[str, ...]


def _within(marks: Sequence[Marks]) -> dict[tuple[str, str], Place]:
    """Find for every name the area named beside it ("X, in the circle of Y")."""
    found: dict[tuple[str, str], Place] = {}
    for m in marks:
        areas = [p for p in m.places if p.level in ("admin1", "admin2") and p.spots]
        for area, p in product(areas, m.places):
            if p is not area and abs(area.start - p.end) < BESIDE and fold(p.name) != fold(area.name):
                found.setdefault((fold(p.name), area.level), area)
    return found


def _areas(marks: Sequence[Marks]) -> dict[str, tuple[Place, ...]]:
    found: dict[str, dict[str, Place]] = {"admin1": {}, "admin2": {}}
    for p in (p for m in marks for p in m.places if p.level in found and p.role != "seat"):
        found[p.level].setdefault(fold(p.spots[0].name if p.spots else p.name), p)
    return {level: tuple(areas.values()) for level, areas in found.items()}


def told_field(value: Any, spans: Sequence[Span], sure: Sure, rule: str, **more: Any) -> Field:
    """Make a field from its value, the words it rests on and how sure it is."""
    return Field(value, tuple(dict.fromkeys(spans)), sure.chance, rule, features=sure.features, **more)
