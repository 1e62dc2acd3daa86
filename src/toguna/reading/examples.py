"""From labelled texts to what the model learns from.

Enters: texts by id, labels, a setting. Leaves: `Example` and `Choice` values, and weights fitted to both.
Called by ``toguna read --train`` and by ``bench.reading``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from toguna.core.text import fold
from toguna.reading.confidence import Weights, prior
from toguna.reading.documents import Text
from toguna.reading.drafts import DraftIncident
from toguna.reading.episodes import Episode
from toguna.reading.gold import Label, agreement, day_fits, pairs, same_place
from toguna.reading.marks import Setting
from toguna.reading.rules import RulesReader
from toguna.reading.scenes import Scene
from toguna.reading.training import Choice, Example, fitted

__all__ = ["FIELD_KINDS", "choices_of", "examples_of", "learned"]

FIELD_KINDS = {
    "date": ("date", "date_start"), "place": ("place", "place"), "killed_low": ("killed", "killed_low"),
    "wounded": ("wounded", "wounded"), "hostages": ("hostages", "hostages"), "tactic": ("tactic", "tactic"),
    "target_class": ("target", "target_class"), "perpetrator": ("perpetrator", "perpetrator"),
    "claimed_by": ("claimed_by", "claimed_by"),
}  # fmt: skip
"""For each compared field: the kind of the confidence model and the field of the draft."""
PARTS = 4
"""Parts of the labelled texts: the scenes of one are chosen by what the others teach, as in use."""


def learned(
    texts: Mapping[str, Text], labels: Sequence[Label], setting: Setting, *, made_from: str
) -> tuple[Weights, int]:
    """Fit all weights to labelled texts, from the stated prior; return them and how many examples there were.

    Labels that bring their own examples count as they are; labels without a text teach nothing.
    """
    told = [label for label in labels if label.id in texts and not label.examples]
    choices = [
        (i % PARTS, c) for i, label in enumerate(told) for c in choices_of(texts[label.id], label, setting)
    ]
    found = [e for label in labels for e in label.examples]
    for part in range(PARTS):
        others = fitted((), prior(), made_from=made_from, choices=[c for p, c in choices if p != part])
        found += examples_of(texts, told[part::PARTS], setting, others)
    weights = fitted(found, prior(), made_from=made_from, choices=[c for _, c in choices])
    return weights, len(found)


def choices_of(text: Text, label: Label, setting: Setting) -> Iterator[Choice]:
    """Yield the choice of a scene for every labelled event whose day an incident of the text has."""
    lang = label.lang if label.lang in ("en", "fr") else "auto"
    left = RulesReader(setting).scenes(text, lang=lang, published=label.published)
    for event in label.events:
        day = [
            (_rightness(e, found, event, setting), found)
            for e, found in left
            if day_fits(e.days or _on(label), str(event.get("date") or ""))
        ]
        if not event.get("place") or not day:
            continue
        (_, right), found = max(day, key=lambda d: d[0][0])
        left = [(e, f) for e, f in left if f is not found]
        yield Choice("scene", tuple(s.signs for s in found), right, label.weight)


def _on(label: Label) -> Any:
    return (label.published, label.published, "day") if label.published else None


def _rightness(
    e: Episode, found: Sequence[Scene], event: Mapping[str, Any], setting: Setting
) -> tuple[bool, tuple[bool, ...]]:
    """Say which scenes are an event's place, and whether its own sentences name one of them first."""
    right = tuple(_is_at(s, str(event["place"]), setting) for s in found)
    own = fold(e.place.name) if e.place else ""
    return any(r and fold(s.place.name) == own for s, r in zip(found, right, strict=True)), right


def _is_at(s: Scene, told: str, setting: Setting) -> bool:
    area = any(spot.admin2 and fold(spot.admin2) == fold(told) for spot in s.place.spots[:1])
    return area or same_place(s.place.name, told, setting)


def examples_of(
    texts: Mapping[str, Text], labels: Iterable[Label], setting: Setting, weights: Weights | None = None
) -> list[Example]:
    """Read every labelled text and compare; labels without a text are passed over."""
    reader = RulesReader(setting, weights)
    found: list[Example] = []
    for label in labels:
        if label.id not in texts:
            continue
        lang = label.lang if label.lang in ("en", "fr") else "auto"
        read = reader.features(texts[label.id], lang=lang, published=label.published)
        found += (replace(e, weight=label.weight) for e in _compared(read, label.events, setting))
    return found


def _compared(
    read: Sequence[tuple[DraftIncident, list[str]]], events: Sequence[Mapping[str, Any]], setting: Setting
) -> Iterator[Example]:
    drafts = [d for d, _ in read]
    matched = dict(pairs(drafts, events, setting))
    for i, (draft, features) in enumerate(read):
        yield Example("incident", frozenset(features), i in matched)
        if i not in matched:
            continue
        agreed = agreement(draft, events[matched[i]], setting)
        for name, (kind, field) in FIELD_KINDS.items():
            own = draft.fields.get(field)
            if own is not None and agreed[name] is not None:
                yield Example(kind, frozenset(own.features), bool(agreed[name]))
