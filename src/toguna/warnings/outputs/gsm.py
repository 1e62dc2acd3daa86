"""The letters of an SMS: the seven-bit alphabet of GSM, and how to say with it what it lacks.

Enters: text. Leaves: text of that alphabet, and its length in septets. Called by `sms`.

References
----------
3GPP TS 23.038, sections 6.2.1 (default alphabet) and 6.2.1.1 (extension table: two septets each).
"""

from __future__ import annotations

import unicodedata

__all__ = ["septets", "spelt"]

_BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿"
    "abcdefghijklmnopqrstuvwxyzäöñüà"
)
_EXTENDED = frozenset("^{}\\[~]|€\f")
_SAID = str.maketrans(
    {"’": "'", "‘": "'", "“": '"', "”": '"', "«": '"', "»": '"', "–": "-", "—": "-", "−": "-", "…": "...",
     "\u202f": " ", "\u00a0": " ", "œ": "oe", "Œ": "OE", "ç": "c", "·": "-", "\t": " "}
)  # fmt: skip


def spelt(text: str) -> str:
    """Write a text with letters of the alphabet: accents that it lacks fall away, other signs become "?".

    Examples
    --------
    >>> spelt("Alerte à Ménaka : forêt, où ça ?")
    'Alerte à Ménaka : foret, où ca ?'
    """
    return "".join(map(_letter, unicodedata.normalize("NFC", text).translate(_SAID)))


def _letter(sign: str) -> str:
    if sign in _BASIC or sign in _EXTENDED:
        return sign
    bare = "".join(c for c in unicodedata.normalize("NFKD", sign) if not unicodedata.combining(c))
    return "".join(c if c in _BASIC or c in _EXTENDED else "?" for c in bare)


def septets(text: str) -> int:
    """Count the septets of a text of the alphabet; signs of the extension table take two."""
    return sum(2 if sign in _EXTENDED else 1 for sign in text)
