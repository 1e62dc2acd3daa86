"""Names of accounts and of theatres: plain letters, so that no two look alike.

Called by `toguna.accounts.users` and `toguna.accounts.login`.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterable

from toguna.accounts.refusals import refused

__all__ = [
    "EVERY_THEATRE",
    "check_display",
    "check_name",
    "check_theatres",
    "folded_name",
    "is_name",
    "theatres_of",
]

EVERY_THEATRE = "*"
_NAME = re.compile(r"[a-z0-9][a-z0-9._-]{1,31}")
_THEATRE = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}")
_LONGEST_DISPLAY = 80


def folded_name(typed: str) -> str:
    """Return a name as it is compared: NFKC, small letters, no spaces around.

    Examples
    --------
    >>> folded_name(" Aminata ")
    'aminata'
    """
    return unicodedata.normalize("NFKC", typed[:256]).casefold().strip()


def is_name(folded: str) -> bool:
    """Whether a folded name could be that of an account; what is not is never asked of the database."""
    return _NAME.fullmatch(folded) is not None


def check_name(typed: str) -> str:
    """Return a name fit for an account, or refuse it.

    Letters of one small alphabet only: in others a name can be made to look like that of somebody else.
    Unlike at log-in no other sign is taken for one of them: what is made is what was typed.
    """
    name = typed.strip().casefold()
    if not is_name(name):
        raise refused(
            "{name} cannot be the name of an account: 2 to 32 of the letters a to z, digits, full stop, "
            "hyphen and underscore, beginning with a letter or digit.",
            name=repr(typed[:64]),
        )
    return name


def check_display(typed: str) -> str:
    """Return the name that is shown, in one Unicode form, or refuse one that hides something."""
    shown = unicodedata.normalize("NFC", typed).strip()
    if len(shown) > _LONGEST_DISPLAY:
        raise refused("The name that is shown is longer than {most} characters.", most=_LONGEST_DISPLAY)
    if any(unicodedata.category(sign) in ("Cc", "Cf", "Cs", "Co", "Zl", "Zp") for sign in shown):
        raise refused("The name that is shown holds a sign that cannot be seen; type it anew.")
    return shown


def check_theatres(names: Iterable[str]) -> str:
    """Return the theatres of an account as the table holds them; "*" is every theatre."""
    asked = sorted({name.strip() for name in names if name.strip()}) or [EVERY_THEATRE]
    for name in asked:
        if name != EVERY_THEATRE and not _THEATRE.fullmatch(name):
            raise refused("{name} cannot be the name of a theatre.", name=repr(name[:64]))
    return json.dumps([EVERY_THEATRE] if EVERY_THEATRE in asked else asked)


def theatres_of(kept: str) -> frozenset[str] | None:
    """Return the theatres of an account; None is every theatre."""
    names = frozenset(str(name) for name in json.loads(kept))
    return None if EVERY_THEATRE in names else names
