"""What a model said and a text did not bear out, as values: read from the notes of `Drafts`.

Enters: notes as `toguna.reading.model.proof` writes them. Leaves: `Lost`. Called by the room, which keeps the
notes with the drafts and shows them to whoever reviews. The model's own words are in none of them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

__all__ = ["ADDRESSES", "FIELDS", "KINDS", "REASONS", "Lost", "lost"]

ADDRESSES = "text-addresses-a-program"
"""The note of a text that speaks to a program rather than to readers."""
KINDS = ("incident", "relation", "response")
FIELDS = (
    "words", "date", "place", "tactic", "target_class", "setting", "perpetrator", "claims", "kind", "days",
    "killed", "killed_victims", "killed_civilians", "killed_forces", "killed_attackers", "wounded",
    "hostages",
)  # fmt: skip
REASONS = (
    "nothing-quoted", "quote-too-long", "quote-not-in-text", "addressed-to-a-program", "no-day-in-quote",
    "quote-means-another-day", "not-named-in-quote", "place-unknown", "words-say-otherwise", "actor-unknown",
    "number-not-in-quote", "number-counts-another-side", "number-counts-another-fate",
    "too-little-borne-out",
)  # fmt: skip
_NOTE = re.compile(rf"dropped ({'|'.join(KINDS)}) (\d+)(?: (\w+))?: ([\w-]+)")
_WHOLE = {"incident": ("", "words"), "relation": ("", "words", "kind"), "response": ("", "words", "kind")}
"""Fields without which there is no draft at all."""


@dataclass(frozen=True, slots=True)
class Lost:
    """One thing that was not taken over.

    Parameters
    ----------
    kind : {"incident", "relation", "response"}
        What it was told of.
    draft : int or None
        Which draft of that kind lacks it, from 1; None when there is no such draft at all.
    field : str
        One of `FIELDS`; "" = all of it together.
    why : str
        One of `REASONS`.
    """

    kind: str
    draft: int | None
    field: str
    why: str


def lost(notes: Iterable[str]) -> tuple[Lost, ...]:
    """Read what was dropped from the notes of one text; other notes are passed over.

    Examples
    --------
    >>> lost(["dropped incident 1 words: quote-not-in-text", "dropped incident 2 date: no-day-in-quote"])[1]
    Lost(kind='incident', draft=1, field='date', why='no-day-in-quote')
    """
    found = list(_read(notes))
    gone = {kind: sorted({n for k, n, f, _ in found if k == kind and f in _WHOLE[kind]}) for kind in KINDS}
    return tuple(
        Lost(kind, None if n in gone[kind] else n - sum(g < n for g in gone[kind]), field, why)
        for kind, n, field, why in found
    )


def _read(notes: Iterable[str]) -> Iterator[tuple[str, int, str, str]]:
    for note in notes:
        if told := _NOTE.fullmatch(note):
            yield told[1], int(told[2]), told[3] or "", told[4]
