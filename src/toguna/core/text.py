"""Folding of names, so that "Ançar Dine" and "ansar-dine" can meet."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

__all__ = ["fold", "slug", "words"]

_BETWEEN = re.compile(r"[^a-z0-9]+")
_LETTERS = str.maketrans({"œ": "oe", "æ": "ae", "ß": "ss", "ø": "o", "ł": "l", "đ": "d", "’": "'"})


LONG = 200
"""Letters: longer texts are no names, and are not kept to be looked up again."""


def fold(name: str) -> str:
    """Lower, strip accents and punctuation, squeeze spaces.

    Examples
    --------
    >>> fold("  Mouvement pour l'Unicité ")
    'mouvement pour l unicite'
    """
    return _kept(name) if len(name) <= LONG else _folded(name)


def _folded(name: str) -> str:
    return _BETWEEN.sub(" ", _bare(name)).strip()


_kept = lru_cache(maxsize=1 << 14)(_folded)


def words(text: str) -> list[str]:
    """Return the words of a text of any script, lowered and without accents, in their order.

    Examples
    --------
    >>> words("L'hôtel Radisson, غاو")
    ['l', 'hotel', 'radisson', 'غاو']
    """
    return re.findall(r"[^\W_]+", _bare(text))


def _bare(text: str) -> str:
    lowered = text.casefold()
    if lowered.isascii():  # most names: nothing to strip
        return lowered
    lowered = lowered.translate(_LETTERS)
    return "".join(c for c in unicodedata.normalize("NFKD", lowered) if not unicodedata.combining(c))


def slug(name: str) -> str:
    """Return a name fit for a file or an id: folded, with hyphens."""
    return fold(name).replace(" ", "-")
