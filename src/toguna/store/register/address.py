"""Where the register of a home lies: a SQLite file in it, or a PostgreSQL database that the home names.

Enters: a home's folder, its `home.toml` and the environment. Leaves: a path or an address. Called by
`toguna.store.home`. A password is never shown: not in an address, not in an error about one.
"""

from __future__ import annotations

import os
import stat
import tomllib
from pathlib import Path
from typing import Any

from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError

from toguna.core.errors import StoreError

__all__ = ["SETTINGS_FILE", "VARIABLE", "masked", "postgresql_address", "register_address"]

SETTINGS_FILE = "home.toml"
VARIABLE = "TOGUNA_REGISTER"
SHAPE = "postgresql://USER@HOST:5432/DATABASE"
_KNOWN: dict[str, frozenset[str]] = {
    "register": frozenset({"url"}),
    "retention": frozenset(),  # read by `toguna.room.retention`
    "reading": frozenset(),  # read by `toguna.reading.intake` and `toguna.reading.model.settings`
}
_SCHEMES = ("postgresql", "postgres", "postgresql+psycopg")
_OTHERS = stat.S_IRGRP | stat.S_IROTH


def register_address(home: Path) -> Path | URL:
    """Return where the register of a home lies.

    Parameters
    ----------
    home : Path
        Folder of the home; it need not exist.

    Returns
    -------
    Path or URL
        ``HOME/register.sqlite``, unless ``home.toml`` (``[register] url``) or TOGUNA_REGISTER name a
        PostgreSQL database.

    Raises
    ------
    StoreError
        The two name different databases, `home.toml` cannot be read or holds something else, its password
        lies open to other users, or an address is none.
    """
    file = home / SETTINGS_FILE
    in_file, in_variable = _told_by(file), os.environ.get(VARIABLE, "").strip()
    named = [
        postgresql_address(text, where)
        for text, where in ((in_file, f"{file} ([register] url)"), (in_variable, VARIABLE))
        if text
    ]
    if len(set(named)) > 1:
        raise StoreError(
            f"{file} and {VARIABLE} name different registers ({' and '.join(map(masked, named))}); "
            "take one of them away."
        )
    if in_file and named[0].password is not None:
        _refuse_open(file)
    return named[0] if named else home / "register.sqlite"


def postgresql_address(text: str, where: str) -> URL:
    """Read the address of a PostgreSQL database.

    Parameters
    ----------
    text : str
        ``postgresql://user:password@host:port/database``; signs such as @ in a password percent-encoded.
    where : str
        Where it was found, for the error; the text itself is not shown, it may hold a password.
    """
    try:
        url = make_url(text)
        scheme = url.drivername
        strayed = "@" in f"{url.host}{url.database}"  # the rest of a password that was not encoded
    except (ArgumentError, ValueError):
        raise StoreError(f"{where} holds no address of a database; expected {SHAPE}.") from None
    if scheme not in _SCHEMES:
        raise StoreError(f"{where} names a database of the kind {scheme!r}; expected {SHAPE}.")
    if strayed:
        raise StoreError(
            f"{where} holds more than one @; write those of the name or password as %40, or keep the "
            "password in ~/.pgpass."
        )
    if not url.database:
        raise StoreError(f"{where} names no database; expected {SHAPE}.")
    return url.set(drivername="postgresql+psycopg")


def masked(url: URL) -> str:
    """Write an address without its password."""
    secret = [name for name in url.query if "pass" in name.lower()]
    return url.difference_update_query(secret).render_as_string(hide_password=True)


def _told_by(file: Path) -> str:
    try:
        told: dict[str, Any] = tomllib.loads(file.read_text(encoding="utf-8"))
    except (FileNotFoundError, NotADirectoryError):
        return ""
    except OSError as error:
        raise StoreError(f"{file} cannot be read: {error.strerror}.") from None
    except ValueError as error:  # no TOML, or no UTF-8
        raise StoreError(f"{file} cannot be read as TOML: {error}.") from None
    for section, keys in told.items():
        known = _KNOWN.get(section)
        if known is None or not isinstance(keys, dict):
            raise StoreError(f"{file} holds {section!r}; expected the sections {', '.join(_KNOWN)}.")
        for key, value in keys.items() if section == "register" else ():
            if key not in known or not isinstance(value, str):
                raise StoreError(f"{file} holds {section}.{key}; expected text, named {', '.join(known)}.")
    return str(told.get("register", {}).get("url", "")).strip()


def _refuse_open(file: Path) -> None:
    if os.name == "posix" and file.stat().st_mode & _OTHERS:
        raise StoreError(
            f"other users of this machine can read the password in {file}; close it (`chmod 600`), or keep "
            "the password in ~/.pgpass."
        )
