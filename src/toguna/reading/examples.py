"""From labelled texts to what the confidence model learns from.

Enters: texts by id, labels, a setting. Leaves: `Example` values. Called by ``toguna read --train`` and
by ``bench.reading``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from toguna.reading.documents import Text
from toguna.reading.drafts import DraftIncident
from toguna.reading.gold import Label, agreement, pairs
from toguna.reading.marks import Setting
from toguna.reading.rules import RulesReader
from toguna.reading.training import Example

__all__ = ["FIELD_KINDS", "examples_of"]

FIELD_KINDS = {
    "date": ("date", "date_start"), "place": ("place", "place"), "killed_low": ("killed", "killed_low"),
    "wounded": ("wounded", "wounded"), "hostages": ("hostages", "hostages"), "tactic": ("tactic", "tactic"),
    "target_class": ("target", "target_class"), "perpetrator": ("perpetrator", "perpetrator"),
    "claimed_by": ("claimed_by", "claimed_by"),
}  # fmt: skip
"""For each compared field: the kind of the confidence model and the field of the draft."""


def examples_of(
    texts: Mapping[str, Text], labels: Sequence[Label], setting: Setting
) -> tuple[list[Example], list[str]]:
    """Read every labelled text and compare; return the examples and the ids that have no text."""
    reader = RulesReader(setting)
    found: list[Example] = []
    missing = [label.id for label in labels if label.id not in texts]
    for label in labels:
        if label.id not in texts:
            continue
        lang = label.lang if label.lang in ("en", "fr") else "auto"
        read = reader.features(texts[label.id], lang=lang, published=label.published)
        found += _compared(read, label.events, setting)
    return found, missing


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
