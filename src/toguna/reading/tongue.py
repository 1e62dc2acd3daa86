"""Guess whether a text is French or English, by counting its commonest small words.

Enters: a folded text. Leaves: "fr" or "en". Called by `toguna.reading.rules`.

The words are those that one of the two languages has and the other has not. In twenty words of
running text there are on average eight of them; what has none at all is taken for English.
"""

from __future__ import annotations

import re

from toguna.reading.lexicon import words

__all__ = ["language_of"]

_EN, _FR = words("tongue.en"), words("tongue.fr")
_WORD = re.compile(r"[a-z]+")
_ENOUGH = 20_000


def language_of(folded: str) -> str:
    """Return "fr" or "en", whichever has more of its small words in the first 20,000 letters.

    Examples
    --------
    >>> language_of("deux soldats ont ete tues dans le nord")
    'fr'
    """
    words = _WORD.findall(folded[:_ENOUGH])
    french, english = sum(w in _FR for w in words), sum(w in _EN for w in words)
    return "fr" if french > english else "en"
