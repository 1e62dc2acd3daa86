"""What reviewers decided, as labelled examples: for training the confidence, and to be taken out.

Enters: texts whose drafts were decided. Leaves: `Example` values, labels in the gold format, weights of the
home. Called by ``toguna read`` and the reader of the room.

An accepted draft was right; of its fields those were right that the reviewer left as they were. A draft was
wrong when it was rejected because the text does not say so; other reasons teach nothing.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from toguna.core.errors import UsageError
from toguna.reading.confidence import Weights, read_weights, shipped
from toguna.reading.examples import FIELD_KINDS
from toguna.reading.training import Example
from toguna.room.texts.decide import MISREAD
from toguna.room.texts.fields import FORM, proposed
from toguna.room.texts.shelf import ACCEPTED, INCIDENT, REJECTED, Draft, TextRead
from toguna.store.home import Home

__all__ = ["WEIGHTS", "Written", "examples_of_drafts", "label_of_text", "weights_of", "write_labels"]

WEIGHTS = "reading.toml"
"""File of a home with the weights that were trained from what its reviewers decided."""
_LABELS, _TEXTS = "labels.jsonl", "texts"
_EVENT = {
    "date": "incident_date", "place": "place", "admin1": "region", "event_type": "event_type",
    "tactic": "tactic", "target_class": "target", "perpetrator": "perpetrators", "claimed_by": "claimed_by",
}  # fmt: skip
_COUNTS = {
    "killed_low": "killed_low", "killed_high": "killed_high", "killed_attackers": "killed_attackers",
    "wounded": "wounded", "hostages": "abducted",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Written:
    """What was written: how many labels, texts and examples."""

    labels: int
    texts: int
    examples: int


def weights_of(home: Home) -> Weights:
    """Return the weights that were trained in this home; those that come with the program when none were."""
    path = home.path / WEIGHTS
    return read_weights(path) if path.is_file() else shipped()


def examples_of_drafts(drafts: Iterable[Draft]) -> Iterator[Example]:
    """Yield what the decided incidents among the drafts teach."""
    for draft in drafts:
        if draft.kind != INCIDENT:
            continue
        if draft.state == REJECTED and draft.why == MISREAD:
            yield Example("incident", frozenset(draft.told["features"]), right=False)
        if draft.state == ACCEPTED:
            yield Example("incident", frozenset(draft.told["features"]), right=True)
            yield from _of_fields(draft)


def _of_fields(draft: Draft) -> Iterator[Example]:
    before = proposed(draft)
    names = {f.told: f.name for f in FORM}
    for kind, told in FIELD_KINDS.values():
        own, name = draft.field(told), names[told]
        if own:
            right = before[name] == draft.decided.get(name, "")
            yield Example(kind, frozenset(own["features"]), right)


def label_of_text(text: TextRead) -> dict[str, Any]:
    """Say one text as a line of labels.

    `examples` holds what its decisions teach without its words. `complete` is False: a reviewer looks at
    drafts, and does not swear that the text tells of nothing else.
    """
    incidents = [d for d in text.drafts if d.kind == INCIDENT]
    decided = [d for d in incidents if d.state == ACCEPTED]
    return {
        "id": f"{text.theatre}-{text.uuid}",
        "lang": text.lang,
        "pub_date": text.published,
        "source": text.source,
        "negative": all(d.why == MISREAD for d in incidents),
        "complete": False,
        "events": [_event(d) for d in decided],
        "examples": [
            {"kind": e.kind, "features": sorted(e.features), "right": e.right}
            for e in examples_of_drafts(text.drafts)
        ],
    }


def _event(draft: Draft) -> dict[str, Any]:
    said = draft.decided
    event: dict[str, Any] = {name: said.get(own) or None for name, own in _EVENT.items()}
    event |= {n: int(said[own]) if said.get(own, "").isdecimal() else None for n, own in _COUNTS.items()}
    country = draft.field("country").get("value")
    return event | {"country": country, "main": bool(draft.told["main"])}


def write_labels(texts: Iterable[TextRead], folder: Path) -> Written:
    """Write the labels of texts of which nothing waits, and the words that may be kept.

    Parameters
    ----------
    folder : Path
        Gets `labels.jsonl`, and `texts/ID.txt` for every text whose licence allows it.

    Raises
    ------
    UsageError
        The folder cannot be written.
    """
    done = [t for t in texts if not t.waiting and any(d.decided_at for d in t.drafts)]
    labels = [label_of_text(t) for t in done]
    kept = [t for t in done if t.words_kept and t.words]
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lines = "".join(json.dumps(label, ensure_ascii=False) + "\n" for label in labels)
        (folder / _LABELS).write_text(lines, encoding="utf-8")
        for text in kept:
            (folder / _TEXTS).mkdir(exist_ok=True)
            path = folder / _TEXTS / f"{text.theatre}-{text.uuid}.txt"
            path.write_text(
                f"DATE: {text.published}\n{text.words}" if text.published else f"{text.words}", "utf-8"
            )
    except OSError as error:
        raise UsageError(
            f"{folder} cannot be written ({error.strerror or error}); name another folder."
        ) from None
    return Written(len(labels), len(kept), sum(len(label["examples"]) for label in labels))
