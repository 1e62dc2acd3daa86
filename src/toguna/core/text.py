"""Folding of names, so that "Ançar Dine" and "ansar-dine" can meet."""

from __future__ import annotations

import re
import unicodedata

__all__ = ["fold", "slug"]

_LETTERS = str.maketrans({"œ": "oe", "æ": "ae", "ß": "ss", "ø": "o", "ł": "l", "đ": "d", "’": "'"})


def fold(name: str) -> str:
    """Lower, strip accents and punctuation, squeeze spaces.

    Examples
    --------
    >>> fold("  Mouvement pour l'Unicité ")
    'mouvement pour l unicite'
    """
    lowered = name.casefold().translate(_LETTERS)
    bare = "".join(c for c in unicodedata.normalize("NFKD", lowered) if not unicodedata.combining(c))
    return re.sub(r"[^a-z0-9]+", " ", bare).strip()


def slug(name: str) -> str:
    """Return a name fit for a file or an id: folded, with hyphens."""
    return fold(name).replace(" ", "-")
