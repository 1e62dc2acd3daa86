"""What all proofs of one draft share: the text, the rule, where to note what is dropped.

Enters: `Evidence`. Leaves: `Proving`, passed to the proofs of single fields. Called by
`toguna.reading.model.proof`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from toguna.reading.confidence import Weights
from toguna.reading.drafts import Field, Span
from toguna.reading.model.evidence import Evidence

__all__ = ["Proving"]


@dataclass(frozen=True)
class Proving:
    """One draft that is held against the text.

    Parameters
    ----------
    evidence : Evidence
        The text.
    rule : str
        What its fields say that they came from.
    where : str
        What it is, for notes: "incident 1".
    notes : list of str
        Where to say what was dropped.
    anchor : (int, int), optional
        The words that tell of it; of a quote that stands in several places the nearest is meant.
    """

    evidence: Evidence
    rule: str
    where: str
    notes: list[str]
    anchor: Span | None = None

    @property
    def weights(self) -> Weights:
        """How far a model is trusted."""
        return self.evidence.context.weights

    def beside(self, anchor: Span) -> Proving:
        """Return the same, told by these words."""
        return replace(self, anchor=anchor)

    def drop(self, name: str, reason: str) -> None:
        """Note what is dropped and why."""
        self.notes.append(f"dropped {self.where}{f' {name}' if name else ''}: {reason}")

    def quoted(self, name: str, quote: str) -> Span | None:
        """Find the words of a field; None, and a note, when they bear nothing out."""
        found = self.evidence.find(quote, near=self.anchor[0] if self.anchor else None)
        if isinstance(found, str):
            self.drop(name, found)
            return None
        return found

    def field(self, value: Any, spans: Sequence[Span], kind: str, sure: Sequence[str], **more: Any) -> Field:
        """Make a field of the chance that its features give."""
        chance = self.weights.chance(kind, sure)
        return Field(value, tuple(dict.fromkeys(spans)), chance, self.rule, features=tuple(sure), **more)
