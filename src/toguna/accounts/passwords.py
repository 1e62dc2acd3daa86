"""Passwords: which are refused, and how they are kept.

Rules after NIST SP 800-63B, section 3.1.1: length and a list of what is tried first, nothing about kinds of
signs, no forced change. Kept as Argon2id with the parameters OWASP states (19 MiB, 2 passes, 1 lane; salt
of 16, hash of 32 bytes). Text is put into one Unicode form (NFKC) first: the same word typed on two
keyboards is one. Called by `toguna.accounts.users` and `toguna.accounts.login`.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from importlib.resources import files

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from toguna.accounts.refusals import refused

__all__ = ["LONGEST", "SHORTEST", "check_password", "hash_password", "is_password", "needs_rehash"]

SHORTEST, LONGEST = 12, 256
_FEWEST_SIGNS = 5
_HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1, hash_len=32, salt_len=16)
_ROWS = (
    "abcdefghijklmnopqrstuvwxyz",
    "0123456789",
    "azertyuiop",
    "qsdfghjklm",
    "wxcvbn",
    "qwertyuiop",
    "qwertzuiop",
    "asdfghjkl",
    "zxcvbnm",
    "1q2w3e4r5t6y7u8i9o0p",
    "1a2z3e4r5t6y7u8i9o0p",
    "azqswxedcrfvtgbyhnuj",
    "qazwsxedcrfvtgbyhnuj",
)
_SHORTEST_RUN = 3
_LOOKALIKES = str.maketrans("@4301!5$7", "aaeoiisst")


def check_password(password: str, *, name: str = "") -> None:
    """Refuse a password that is too short, too long, or among the first that anybody tries.

    Parameters
    ----------
    password : str
        As typed.
    name : str
        Name of the account; a password made of it is refused.

    Raises
    ------
    RefusedError
        With the reason and what would do.
    """
    said = unicodedata.normalize("NFKC", password)
    if len(said) < SHORTEST:
        raise refused(
            "The password has {n} characters; at least {least} are needed. Several words in a row are easy "
            "to remember and hard to guess.",
            n=len(said),
            least=SHORTEST,
        )
    if len(password) > LONGEST:
        raise refused("The password is longer than {most} characters.", most=LONGEST)
    if any(unicodedata.category(sign) in ("Cc", "Cs") for sign in said):
        raise refused("The password holds a control character; type it anew.")
    if len(set(said.casefold())) < _FEWEST_SIGNS:
        raise refused("The password repeats a few signs only. Take several words in a row.")
    _check_known(_folded(said), _folded(name))


def _check_known(said: str, name: str) -> None:
    if said.isdecimal():
        raise refused("The password is digits only, like a telephone number or a date: others know them.")
    core = re.sub(r"^[\d@!$]+|[\d@!$]+$", "", said)
    for form in {core, core.translate(_LOOKALIKES)}:
        if _made_of(form, _known()):
            raise refused("The password is among the first that anybody tries. Take several words in a row.")
        if name and _made_of(form, (*_known(), name)):
            raise refused("The password is little more than the name of the account.")


def _folded(text: str) -> str:
    """Lower, strip accents and signs between; letters of every script stay."""
    bare = unicodedata.normalize("NFKD", text.casefold())
    return "".join(sign for sign in bare if sign.isalnum() or sign in "@!$")


@lru_cache(maxsize=1)
def _known() -> tuple[str, ...]:
    text = files("toguna.accounts").joinpath("known_passwords.txt").read_text(encoding="utf-8")
    return tuple(line for line in text.splitlines() if line and not line.startswith("#"))


def _made_of(text: str, known: tuple[str, ...]) -> bool:
    """Whether a text is nothing but known parts and runs on a keyboard."""
    reached = {0}
    for start in range(len(text)):
        if start in reached:
            reached |= {start + len(word) for word in known if text.startswith(word, start)}
            reached |= set(range(start + _SHORTEST_RUN, start + _run(text, start) + 1))
    return len(text) in reached


def _run(text: str, start: int) -> int:
    """Length of the longest run on a row of keys, in either direction, or of one sign, from `start`."""
    longest = len(text) - start
    same = next((k for k in range(1, longest) if text[start + k] != text[start]), longest)
    for row in (*_ROWS, *(row[::-1] for row in _ROWS)):
        while longest > same and text[start : start + same + 1] in row:
            same += 1
    return same


def hash_password(password: str) -> str:
    """Return what the register holds of a password (PHC string of Argon2id)."""
    return _HASHER.hash(unicodedata.normalize("NFKC", password))


def is_password(kept: str | None, password: str) -> bool:
    """Whether this is the password; takes as long when there is none to compare with."""
    if len(password) > LONGEST:
        return False
    try:
        _HASHER.verify(kept or _nobody(), unicodedata.normalize("NFKC", password))
    except (VerificationError, InvalidHashError, UnicodeEncodeError):
        return False
    return kept is not None


def needs_rehash(kept: str) -> bool:
    """Whether a hash was made with other parameters than today's."""
    return _HASHER.check_needs_rehash(kept)


@lru_cache(maxsize=1)
def _nobody() -> str:
    """Return a hash that nothing opens, made with today's parameters."""
    return _HASHER.hash("the password of nobody at all")
