"""Undo the commonest damage to letters: UTF-8 that was read as Windows-1252 ("MÃ©dÃ©a" for "Médéa").

Called by `toguna.events.mend` and the check of garbled text. A text is mended only when *all* of its letters
beyond ASCII are such pairs and triples: then the way back is certain. Anything else is left as it is.
"""

from __future__ import annotations

__all__ = ["SUSPECT", "mended"]

SUSPECT = r"[ÂÃÄÅâ][^\x00-\x7f]"
"""Pattern of texts worth trying; it also matches sound ones."""

_TURNS = 3  # a file saved wrongly again and again; each turn doubles the length
_UNDEFINED = {chr(b): b for b in (0x81, 0x8D, 0x8F, 0x90, 0x9D)}
_BYTES = {bytes([b]).decode("cp1252"): b for b in range(256) if chr(b) not in _UNDEFINED} | _UNDEFINED
# Leads of Latin letters and signs, and of typographic marks; other scripts are not guessed at.
_LEADS = frozenset("ÂÃÄÅâ")


def mended(text: str) -> str | None:
    """Return the text as it was meant, None when that is not certain.

    Examples
    --------
    >>> mended("MÃ©dÃ©a"), mended("Médéa"), mended("MÃ©déa")
    ('Médéa', None, None)
    """
    found = None
    for _ in range(_TURNS):
        turned = _once(text)
        if turned is None:
            break
        found = text = turned
    return found


def _once(text: str) -> str | None:
    if text.isascii() or not any(letter in _LEADS for letter in text):
        return None
    try:
        data = bytes(_BYTES[letter] if letter in _BYTES else ord(letter) for letter in text)
        turned = data.decode("utf-8")
    except ValueError:  # a letter that is no byte, or bytes that are no UTF-8
        return None
    return turned if all(_likely(letter) for letter in turned if not letter.isascii()) else None


def _likely(letter: str) -> bool:
    code = ord(letter)
    return 0xA0 <= code <= 0x17F or 0x2010 <= code <= 0x203A or letter in "€™"
