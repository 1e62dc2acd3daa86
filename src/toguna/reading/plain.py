"""Text as it is worked on: cleaned once, and folded letter by letter so that offsets stay true.

Enters: any text. Leaves: the cleaned text (what spans point into) and its folded twin of the same
length, in which the dictionaries look. Called by `toguna.reading.documents` and
`toguna.reading.sentences`.
"""

from __future__ import annotations

import re
import unicodedata

__all__ = ["cleaned", "folded"]

# Controls, zero-width signs, direction marks and soft hyphens: they are no words, and they hide words.
_UNSEEN = re.compile(
    "[\x00-\x08\x0b\x0e-\x1f\x7f-\x84\x86-\x9f\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufff9-\ufffc]"
)
_BREAKS = re.compile("\r\n?|[\x0c\x85\u2028\u2029]")


def cleaned(text: str) -> str:
    r"""Compose letters, make one kind of line break, and drop what cannot be seen.

    Examples
    --------
    >>> cleaned("e\u0301te\u0301\u200f ")
    'été '
    """
    return unicodedata.normalize("NFC", _UNSEEN.sub("", _BREAKS.sub("\n", text)))


class _Fold(dict[int, str]):
    """One letter for one letter: lower case, no accent, plain quotes, dashes and spaces."""

    def __missing__(self, code: int) -> str:
        letter = chr(code)
        bare = unicodedata.normalize("NFKD", letter)[:1].lower()
        self[code] = found = bare if len(bare) == 1 else letter
        return found


_FOLD = _Fold(
    {ord(a): b for a, b in zip("’‘ʼ´`′“”„«»″–—‑‒−•", "''''''\"\"\"\"\"\"------", strict=True)}
    | {ord(a): " " for a in "\u00a0\u202f\u2009\u2007\t"}
    | {ord(a): b for a, b in zip("œŒæÆøØłŁđĐ", "ooaaoollDd".lower(), strict=True)}
)


def folded(text: str) -> str:
    """Fold a text to the same length.

    Examples
    --------
    >>> folded("À Gao, l’armée")
    "a gao, l'armee"
    """
    return text.translate(_FOLD)
