"""Text that somebody typed or pasted, made safe to keep: no invisible signs, nothing by which one is found.

Enters: text of a form. Leaves: text. Called by `questionnaire` and `review`.
"""

from __future__ import annotations

import re
import unicodedata

from toguna.sources.reports.masking import mask, secrets

__all__ = ["clean", "masked_for"]

_KEPT_CONTROLS = "\n\t"
# Signs that turn the direction of what follows: a page, or a name, could be made to read as another.
_TURNING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def clean(text: str, *, lines: bool = False) -> str:
    r"""Return the text composed (NFC), without control and turning signs, NULs and halves of characters.

    Text of nothing that can be seen is "".

    Parameters
    ----------
    text : str
        As it came.
    lines : bool
        Whether several lines are kept; else every run of spaces is one space.

    Examples
    --------
    >>> clean("  a\x00b\u202e c ")
    'ab c'
    """
    composed = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    kept = "".join(c for c in composed if _stays(c))
    if not any(unicodedata.category(c)[0] in "LMNPS" for c in kept):
        return ""  # joiners and marks of direction alone are nothing
    if not lines:
        return " ".join(kept.split())
    return re.sub(r"\n{3,}", "\n\n", "\n".join(line.rstrip() for line in kept.split("\n"))).strip()


def _stays(sign: str) -> bool:
    if sign in _KEPT_CONTROLS:
        return True
    return unicodedata.category(sign) not in ("Cc", "Cs", "Co", "Cn") and sign not in _TURNING


def masked_for(text: str, names: tuple[str, ...]) -> str:
    """Mask numbers, addresses, handles, and the names of whoever reports, before anything is written."""
    return mask(text, secrets(names))
