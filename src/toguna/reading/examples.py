"""From labelled texts to what the model learns from.

Enters: texts by id, labels, a setting. Leaves: `Example` and `Choice` values, and weights fitted to both.
Called by ``toguna read --train`` and by ``bench.reading``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from toguna.core.text import fold
from toguna.reading.classes import KINDS
from toguna.reading.confidence import Weights, prior
from toguna.reading.documents import Text
from toguna.reading.drafts import DraftIncident
from toguna.reading.episodes import Episode
from toguna.reading.gold import Label, agreement, day_fits, pairs, same_day, same_place, takes_place
from toguna.reading.marks import Setting
from toguna.reading.once import KIND
from toguna.reading.rules import RulesReader
from toguna.reading.scenes import Scene
from toguna.reading.training import Choice, Example, fitted
from toguna.reading.verdicts import Verdict

__all__ = ["FIELD_KINDS", "choices_of", "examples_of", "learned"]

FIELD_KINDS = {
    "date": ("date", "date_start"), "place": ("place", "place"), "killed_low": ("killed", "killed_low"),
    "wounded": ("wounded", "wounded"), "hostages": ("hostages", "hostages"), "tactic": ("tactic", "tactic"),
    "target_class": ("target", "target_class"), "perpetrator": ("perpetrator", "perpetrator"),
    "claimed_by": ("claimed_by", "claimed_by"),
}  # fmt: skip
"""For each compared field: the kind of the confidence model and the field of the draft."""
_Read = Sequence[tuple[DraftIncident, list[str]]]
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
    further: list[list[Example]] = []
    others_of: list[Weights] = []
    for part in range(PARTS):
        others = fitted((), prior(), made_from=made_from, choices=[c for p, c in choices if p != part])
        others_of.append(others)
        further.append(
            [e for label in told[part::PARTS] for e in furthers_of(texts[label.id], label, setting, others)]
        )
    verdicts: list[Verdict] = []
    for part, others in enumerate(others_of):
        rest = [e for p, own in enumerate(further) if p != part for e in own]
        used = fitted(rest, others, made_from=made_from)
        for label, read in _readings(texts, told[part::PARTS], setting, used):
            found += (replace(e, weight=label.weight) for e in _compared(read, label.events, setting))
            verdicts += _judged(read, label, setting)
        found += [e for label in told[part::PARTS] for e in onces_of(texts[label.id], label, setting, used)]
    found += [e for own in further for e in own]
    weights = fitted(found, prior(), made_from=made_from, choices=[c for _, c in choices], verdicts=verdicts)
    return weights, len(found)


def _judged(read: _Read, label: Label, setting: Setting) -> Iterator[Verdict]:
    """Yield the class that a label gives each field that is chosen among classes."""
    for i, j in pairs([d for d, _ in read], label.events, setting):
        for field, kind in KINDS.items():
            if told := label.events[j].get(field):
                yield Verdict(kind, read[i][0].signs[field], str(told), label.weight)


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


def furthers_of(text: Text, label: Label, setting: Setting, weights: Weights) -> Iterator[Example]:
    """Yield every name at which a further incident can have been: right where a label has one no draft is."""
    lang = label.lang if label.lang in ("en", "fr") else "auto"
    drafts, names = RulesReader(setting, weights).furthers(text, lang=lang, published=label.published)
    matched = {j for _, j in pairs(drafts, label.events, setting)}
    left = [e for j, e in enumerate(label.events) if j not in matched and e.get("place")]
    for f in names:
        right = any(
            same_place(f.place.name, str(e["place"]), setting)
            and day_fits(f.days or _on(label), str(e.get("date") or ""))
            for e in left
        )
        yield Example("further", f.signs, right, label.weight)


def onces_of(text: Text, label: Label, setting: Setting, weights: Weights) -> Iterator[Example]:
    """Yield every two drafts of which the first has a label: right where the second has none."""
    lang = label.lang if label.lang in ("en", "fr") else "auto"
    drafts, told = RulesReader(setting, weights).onces(text, lang=lang, published=label.published)
    likely = [d.confidence >= weights.least / 2 for d in drafts]
    matched = dict(pairs(drafts, label.events, setting))
    for (a, b), signs in told.items():
        if not (likely[a] and likely[b]):
            continue
        if b in matched:
            yield Example(KIND, signs, right=False, weight=label.weight)
        elif a in matched:
            event = label.events[matched[a]]
            if same_day(drafts[b], event) or takes_place(drafts[b], event, setting):
                yield Example(KIND, signs, right=True, weight=label.weight)


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
    return [
        replace(e, weight=label.weight)
        for label, read in _readings(texts, labels, setting, weights)
        for e in _compared(read, label.events, setting)
    ]


def _readings(
    texts: Mapping[str, Text], labels: Iterable[Label], setting: Setting, weights: Weights | None
) -> Iterator[tuple[Label, _Read]]:
    reader = RulesReader(setting, weights)
    for label in labels:
        if label.id in texts:
            lang = label.lang if label.lang in ("en", "fr") else "auto"
            yield label, reader.features(texts[label.id], lang=lang, published=label.published)


def _compared(read: _Read, events: Sequence[Mapping[str, Any]], setting: Setting) -> Iterator[Example]:
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
