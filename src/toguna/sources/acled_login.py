"""Log in to ACLED: a token for every request, renewed before it expires and when the server says so.

Enters: user name and password, or a refresh token. Leaves: access tokens, held in memory only. Called by
`toguna.sources.acled_api`. No secret is written, printed, or part of an address.

References
----------
https://acleddata.com/api-documentation/getting-started: POST /oauth/token with grant_type "password" or
"refresh_token" and client_id "acled"; access tokens last 24 hours, refresh tokens 14 days.
"""

from __future__ import annotations

import json
import os
import re
import stat
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote, quote_plus

from toguna.core.errors import UsageError
from toguna.sources.answers import count, read_json
from toguna.sources.fetch_errors import RefusedError, UnusableAnswerError
from toguna.sources.fetch_session import safe_address
from toguna.sources.patient import Ask, NotWholeError, Patient

__all__ = ["Credentials", "Login", "read_login_file", "words_of"]

_MARGIN = timedelta(minutes=5)
_SHORTEST_SECRET = 6  # a shorter one would be found in rows by chance
_TOKEN = re.compile(r"[\x21-\x7e]{1,20000}")
_MOST_WORDS = 200
_WRONG = "Check user name and password by logging in at https://acleddata.com, then run the command again"
_EXPIRED = (
    "A refresh token lasts 14 days: log in anew with ACLED_USERNAME and ACLED_PASSWORD, or with a new token"
)


@dataclass(frozen=True, slots=True)
class Credentials:
    """How to log in; shown nowhere.

    Parameters
    ----------
    username, password : str
        Of the myACLED account.
    refresh_token : str
        In place of both: of a login made elsewhere.
    """

    username: str = field(default="", repr=False)
    password: str = field(default="", repr=False)
    refresh_token: str = field(default="", repr=False)

    @property
    def usable(self) -> bool:
        """Whether there is enough to log in."""
        return bool(self.refresh_token or (self.username and self.password))


def read_login_file(path: Path) -> Credentials:
    """Read username and password, or refresh_token, from a TOML file that only its owner can read.

    Raises
    ------
    UsageError
        Others can read it, or it is no such file.
    """
    if os.name != "nt" and stat.S_IMODE(path.stat().st_mode) & 0o077:
        raise UsageError(f"others can read {path}; run `chmod 600` on it, and change the password.")
    try:
        told = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError):
        raise UsageError(f'{path} is no TOML; write username = "..." and password = "...".') from None
    names = ("username", "password", "refresh_token")
    found = Credentials(**{name: str(told.get(name, "")).strip() for name in names})
    if not found.usable:
        raise UsageError(f"{path} holds no username and password, nor a refresh_token.")
    return found


class Login:
    """The tokens of one session.

    Parameters
    ----------
    patient : Patient
        The client.
    credentials : Credentials
        How to log in.
    address : str
        Base address of the server.
    """

    def __init__(self, patient: Patient, credentials: Credentials, address: str) -> None:
        safe_address(address)
        self._patient, self._credentials = patient, credentials
        self._url = f"{address.rstrip('/')}/oauth/token"
        self._access, self._refresh = "", credentials.refresh_token
        self._until: datetime | None = None

    def __repr__(self) -> str:
        return f"Login({self._url!r})"

    def token(self) -> str:
        """Return an access token that is good for some minutes more.

        Raises
        ------
        FetchError
            The server does not answer, or refuses.
        """
        if self._until is None or self._patient.means.now() >= self._until - _MARGIN:
            self.renew()
        return self._access

    def renew(self) -> None:
        """Get a new access token: by the refresh token, else by the password.

        Raises
        ------
        FetchError
            The server does not answer, or refuses.
        """
        known = self._credentials
        if self._refresh:
            try:
                return self._take(self._ask({"grant_type": "refresh_token", "refresh_token": self._refresh}))
            except RefusedError:
                self._refresh = ""
                if not known.password:
                    raise
        form = {"grant_type": "password", "username": known.username, "password": known.password}
        return self._take(self._ask({**form, "scope": "authenticated"}))

    def hide(self, text: str) -> str:
        """Take every secret out of a text."""
        known = self._credentials
        secrets = [known.password, self._access, self._refresh, known.refresh_token]
        if len(known.username) >= _SHORTEST_SECRET:
            secrets.append(known.username)
        for secret in filter(None, secrets):
            for written in (secret, quote(secret, safe=""), quote_plus(secret)):
                text = text.replace(written, "***")
        return text

    def reveals(self, body: bytes) -> bool:
        """Whether a body repeats the token or the password that were sent."""
        text = body.decode("utf-8", errors="replace")
        known = self._credentials
        sent = [s for s in (self._access, self._refresh, known.password) if len(s) >= _SHORTEST_SECRET]
        return any(secret in text for secret in sent)

    def words(self, body: bytes) -> str:
        """Find what a refusal says for people, without secrets; "" when it says nothing that can be shown."""
        try:
            return self.hide(words_of(read_json(body)))
        except NotWholeError:
            return ""

    def _ask(self, form: Mapping[str, str]) -> dict[str, Any]:
        repair = _EXPIRED if form["grant_type"] == "refresh_token" else _WRONG
        ask = Ask(
            self._url,
            headers={"accept": "application/json"},
            form={**form, "client_id": "acled"},
            repairs={0: repair},
            words=self.words,
        )
        return self._patient.get(ask, _read)

    def _take(self, told: dict[str, Any]) -> None:
        self._access = told["access_token"]
        self._refresh = str(told.get("refresh_token") or self._refresh)
        seconds = count(told.get("expires_in")) or 3600
        self._until = self._patient.means.now() + timedelta(seconds=min(seconds, 86400))


def words_of(told: Any) -> str:
    """Say the message in an answer of ACLED; "" when there is none."""
    if not isinstance(told, dict):
        return ""
    names = ("error_description", "message", "messages", "error", "errors", "hint")
    said = [told[name] for name in names if told.get(name)]
    text = "; ".join(v if isinstance(v, str) else json.dumps(v, ensure_ascii=False) for v in said)
    return "".join(c for c in text if c.isprintable())[:_MOST_WORDS]


def _read(body: bytes) -> dict[str, Any]:
    told = read_json(body)
    good = isinstance(told, dict) and isinstance(told.get("access_token"), str)
    if not good or not _TOKEN.fullmatch(told["access_token"]):
        raise UnusableAnswerError(
            "the answer to the login holds no access_token",
            expected="JSON with access_token, refresh_token and expires_in",
            repair="Check the address; if it is right the API has changed: report it to Toguna",
        )
    return dict(told)
