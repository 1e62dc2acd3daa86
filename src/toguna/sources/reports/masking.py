"""Mask what may lead to a person in cells that are kept: phones, addresses, names that the file tells.

Enters: text cells. Leaves: the same with marks, and how many cells were changed. Called by
`toguna.sources.reports.seal`. What was masked is never said, only how often.
"""

from __future__ import annotations

import re
from collections.abc import Collection

import polars as pl

__all__ = ["MASK", "mask", "masked", "secrets"]

MASK = "[masked]"
_MAIL = re.compile(r"[\w.+%-]+@[\w-]+(?:\.[\w-]+)+")
_HANDLE = re.compile(
    r"(?<![\w@/])@\w{3,}|\b(?:https?://)?(?:wa\.me|t\.me|m\.me|facebook\.com|fb\.com)/\S+", re.I
)
# Eight digits or more, as phones of the Sahel have, with the usual signs between them.
_PHONE = re.compile(r"(?<![\d.])(?:\+|00)?\(?\d(?:[ .\-/()\u00a0\u202f]{0,2}\d){7,}(?!\d)")
_DAY = re.compile(
    r"\d{4}[-/.]\d{1,2}[-/.]\d{1,2}(?:[T ]\d{1,2}[:.]\d{2}.*)?|\d{1,2}[-/. ]\d{1,2}[-/. ]\d{4}(?:[T ].*)?"
)
_NUMBERS = re.compile(r"[-+]?\d{1,3}[.,]\d+(?:[ ,;]+[-+]?\d{1,4}(?:[.,]\d+)?){0,3}")
_SHORTEST = 4


def _phone(match: re.Match[str]) -> str:
    return match[0] if _DAY.fullmatch(match[0].strip()) else MASK


def mask(text: str, known: re.Pattern[str] | None = None) -> str:
    """Mask one cell; days and degrees stay.

    Examples
    --------
    >>> mask("le 2015-11-20, appeler 76 12 34 56 ou temoin@example.org")
    'le 2015-11-20, appeler [masked] ou [masked]'
    """
    bare = text.strip()
    if _DAY.fullmatch(bare) or _NUMBERS.fullmatch(bare):
        return text
    said = known.sub(MASK, text) if known else text
    said = _HANDLE.sub(MASK, _MAIL.sub(MASK, said))
    return _PHONE.sub(_phone, said)


def masked(cells: pl.Series, known: re.Pattern[str] | None = None) -> tuple[pl.Series, int]:
    """Mask a column; return it with the number of cells that changed."""
    changed = {t: said for t in cells.drop_nulls().unique().to_list() if (said := mask(t, known)) != t}
    if not changed:
        return cells, 0
    return cells.replace(changed), int(cells.is_in(list(changed)).fill_null(value=False).sum())


def secrets(values: Collection[str]) -> re.Pattern[str] | None:
    """Make a pattern of what names reporters in this file, so that it is masked wherever it stands.

    Whole values only, of four signs or more. A word of letters alone in small letters is left: accounts bear
    names of places.
    """
    words = {" ".join(v.split()) for v in values}
    words = {w for w in words if len(w) >= _SHORTEST and not (w.isalpha() and w.islower())}
    if not words:
        return None
    longest = sorted(words, key=lambda w: (-len(w), w))
    either = "|".join(re.escape(w).replace(r"\ ", r"\s+") for w in longest)
    return re.compile(rf"(?<!\w)(?:{either})(?!\w)", re.IGNORECASE)
