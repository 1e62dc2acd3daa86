"""Which model is asked, and what it may be sent: the section `[reading.model]` of a home's `home.toml`.

Enters: a home. Leaves: `ModelSettings` and the key, which is shown nowhere. Called by
`toguna.reading.model.reader`::

    [reading.model]
    url = "http://127.0.0.1:11434/v1"    # the API's base; /chat/completions is added
    name = "name-of-the-model"
    key_variable = "TOGUNA_MODEL_KEY"    # or key_file = "model.key"; a local server needs neither
    sensitivity = "public"               # the highest class that may be sent
    timeout = 120                        # seconds for one answer
    most_characters = 24000              # longer texts are refused
    room = false                         # true: the room offers it beside the rules
"""

from __future__ import annotations

import os
import re
import stat
import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from toguna.core.errors import UsageError
from toguna.core.grading import SENSITIVITY
from toguna.store.home import default_home

__all__ = ["CLASSES", "SECTION", "ModelSettings", "read_settings"]

CLASSES = ("public", *SENSITIVITY)
"""From the least to the most sensitive; a text of which nobody said is taken for the last."""

SECTION = "[reading.model]"
_LOCAL = ("localhost", "127.0.0.1", "::1")
_KEY = re.compile(r"[\x21-\x7e]{1,2000}")
_VARIABLE = re.compile(r"[A-Z_][A-Z0-9_]{0,99}", re.ASCII)
_NAME = re.compile(r"[\w.:/@+-]{1,100}", re.ASCII)
_KINDS: dict[str, type] = {
    "url": str,
    "name": str,
    "key_variable": str,
    "key_file": str,
    "sensitivity": str,
    "timeout": int,
    "most_characters": int,
    "room": bool,
}
_SPANS: dict[str, tuple[int, int]] = {"timeout": (1, 3600), "most_characters": (100, 1_000_000)}


@dataclass(frozen=True, slots=True)
class ModelSettings:
    """How a model is asked.

    Parameters
    ----------
    url : str
        Where chats are completed; https, or http on this machine.
    name : str
        Name of the model.
    key : str
        Sent as a bearer token; "" for none. Shown nowhere.
    sensitivity : str
        The highest of `CLASSES` that may be sent.
    timeout : int
        Seconds for one answer, 1 to 3600.
    most_characters : int
        Longest text that is sent, 100 to 1,000,000.
    room : bool
        Whether those who read texts in the room may choose it.
    """

    url: str
    name: str
    key: str = field(default="", repr=False)
    sensitivity: str = "public"
    timeout: int = 120
    most_characters: int = 24_000
    room: bool = False

    @property
    def host(self) -> str:
        """Where texts are sent."""
        return urlsplit(self.url).hostname or ""

    @property
    def local(self) -> bool:
        """Whether the model runs on this machine."""
        return self.host in _LOCAL

    def allows(self, sensitivity: str) -> bool:
        """Say whether a text of a class may be sent; an unknown class counts as the strictest."""
        told = CLASSES.index(sensitivity) if sensitivity in CLASSES else len(CLASSES) - 1
        return told <= CLASSES.index(self.sensitivity)


def read_settings(home: Path | None) -> ModelSettings:
    """Read the settings of a home; None for the usual one.

    Raises
    ------
    UsageError
        No model is set up, a setting is wrong, the address would give text or key away, or the key is not
        there. The key is in no message.
    """
    folder = home if home is not None else default_home().path
    file = folder / "home.toml"
    told = _section(file)
    if not told:
        raise UsageError(
            f"no model is set up: {file} has no section {SECTION}. Name url and model there, or read by "
            "--reader rules."
        )
    for name, value in told.items():
        _refuse_odd(file, name, value)
    if not told.get("url") or not _NAME.fullmatch(told.get("name", "")):
        raise UsageError(f"{SECTION} of {file} needs a url, and a name of letters, digits and ._:/@+-")
    plain = {k: v for k, v in told.items() if k not in ("url", "key_variable", "key_file")}
    return ModelSettings(_address(told["url"]), key=_key(told, folder), **plain)


def _section(file: Path) -> dict[str, Any]:
    try:
        reading = tomllib.loads(file.read_text(encoding="utf-8")).get("reading", {})
        told = reading.get("model", {}) if isinstance(reading, dict) else reading
        if not isinstance(told, dict):
            raise UsageError(f"{file} holds something else than a section {SECTION} there.")
        return told
    except FileNotFoundError:
        return {}
    except (OSError, ValueError):
        raise UsageError(f"{file} cannot be read as TOML.") from None


def _refuse_odd(file: Path, name: str, value: Any) -> None:
    if name not in _KINDS:
        raise UsageError(f"{SECTION} of {file} holds {name!r}; expected {', '.join(_KINDS)}.")
    if type(value) is not _KINDS[name]:
        raise UsageError(f"{SECTION} of {file}: {name} is no {_KINDS[name].__name__}.")
    least, most = _SPANS.get(name, (0, 0))
    if isinstance(value, int) and name in _SPANS and not least <= value <= most:
        raise UsageError(f"{SECTION} of {file}: {name} = {value}; expected {least} to {most}.")
    if name == "sensitivity" and value not in CLASSES:
        raise UsageError(
            f"{SECTION} of {file}: sensitivity = {value!r}; expected one of {', '.join(CLASSES)}."
        )


def _address(url: str) -> str:
    parts = urlsplit(url)
    if parts.username or parts.password or parts.query or parts.fragment:
        raise UsageError(f"{SECTION}: write the url without user, password, question mark or number sign.")
    local = parts.scheme == "http" and parts.hostname in _LOCAL
    if not parts.hostname or not (parts.scheme == "https" or local):
        raise UsageError(
            f"{SECTION}: texts and key are sent to https only, or to http on this machine; not to {url}."
        )
    base = url.rstrip("/")
    return base if base.endswith("/chat/completions") else f"{base}/chat/completions"


def _key(told: dict[str, Any], home: Path) -> str:
    variable, name = told.get("key_variable", ""), told.get("key_file", "")
    if variable and name:
        raise UsageError(f"{SECTION} names a variable and a file for the key; take one of them away.")
    if not variable and not name:
        return ""
    if variable and not _VARIABLE.fullmatch(variable):  # not shown: it may be the key itself
        raise UsageError(f"{SECTION}: key_variable is the NAME of a variable, in capitals; not the key.")
    key = os.environ.get(variable, "").strip() if variable else _key_of(home / name)
    if not _KEY.fullmatch(key):
        where = f"the variable {variable}" if variable else str(home / name)
        raise UsageError(f"{SECTION}: {where} holds no key of printable signs without spaces; put it there.")
    return key


def _key_of(file: Path) -> str:
    try:
        if os.name == "posix" and file.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
            raise UsageError(f"others can read {file}; run `chmod 600` on it, and change the key.")
        return file.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError):
        raise UsageError(f"{SECTION}: the key file {file} cannot be read.") from None
