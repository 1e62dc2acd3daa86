"""Ask an identity provider who somebody is: authorization code flow with PKCE, state and nonce.

Enters: a `Provider`, the address the browser returns to. Leaves: the claims of an ID token whose signature,
issuer, audience, age and nonce were checked. Called by the pages of log-in. Needs ``toguna[oidc]``.

References
----------
OpenID Connect Core 1.0, 3.1; Discovery 1.0, 4; RFC 7636 (PKCE), RFC 9207 (issuer in the answer), RFC 8725.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from secrets import token_urlsafe
from threading import Lock
from typing import Any
from urllib.parse import urlencode

import httpx

from toguna.accounts.provider import Provider, is_safe_address
from toguna.core.errors import UsageError

__all__ = ["Errand", "ProviderError", "Window", "new_errand"]

ALGORITHMS = ("RS256", "PS256", "ES256", "EdDSA")
"""Signatures by a key that only the provider holds. Neither "none" nor one with a secret that both hold."""
_LEEWAY = 60  # seconds that clocks may differ
_KEPT = 3600.0  # seconds that its description and keys are believed
_PATIENCE = 5.0
_MOST_BYTES = 256 * 1024


class ProviderError(Exception):
    """The provider did not answer as it must; what was wrong is for the log of whoever runs the room."""


@dataclass(frozen=True, slots=True)
class Errand:
    """What a browser carries to the provider and back: three secrets, and where it goes on afterwards."""

    state: str
    nonce: str
    verifier: str
    onward: str = "/"


def _whole(answered: httpx.Response) -> bytes:
    """Read an answer to its end, or until it is more than any provider has to say."""
    body = b""
    for part in answered.iter_bytes():
        body += part
        if len(body) > _MOST_BYTES:
            raise ProviderError(f"{answered.url} answered with too much")
    return body


def new_errand(onward: str) -> Errand:
    """Begin a log-in."""
    return Errand(token_urlsafe(32), token_urlsafe(32), token_urlsafe(48), onward)


@dataclass
class Window:
    """The provider as the room sees it: its description and keys, asked for when they are needed.

    Parameters
    ----------
    provider : Provider
        Whom to ask.
    transport : httpx.BaseTransport, optional
        How; tests put their own provider here.
    """

    provider: Provider
    transport: httpx.BaseTransport | None = None
    _told: dict[str, Any] = field(default_factory=dict)
    _keys: Any = None
    _until: float = 0.0
    _lock: Lock = field(default_factory=Lock)

    def __post_init__(self) -> None:
        try:
            import joserfc  # noqa: F401
        except ImportError:
            raise UsageError(
                "Log-in by an identity provider needs the extra: pip install 'toguna[oidc]'."
            ) from None

    def address(self, errand: Errand, back: str) -> str:
        """Return where to send the browser."""
        challenge = base64.urlsafe_b64encode(hashlib.sha256(errand.verifier.encode()).digest()).rstrip(b"=")
        asked = {
            "response_type": "code",
            "client_id": self.provider.client_id,
            "redirect_uri": back,
            "scope": "openid profile",
            "state": errand.state,
            "nonce": errand.nonce,
            "code_challenge": challenge.decode(),
            "code_challenge_method": "S256",
        }
        there = self._description()["authorization_endpoint"]
        return f"{there}{'&' if '?' in there else '?'}{urlencode(asked)}"

    def claims(self, errand: Errand, answer: Mapping[str, str], back: str) -> Mapping[str, Any]:
        """Return who it was, from what the browser brought back.

        Raises
        ------
        ProviderError
            State, issuer, code or token are not right.
        """
        if not hmac.compare_digest(answer.get("state", "").encode(), errand.state.encode()):
            raise ProviderError("the state is not that of this browser")
        if answer.get("iss", self.provider.issuer) != self.provider.issuer:
            raise ProviderError("another provider answered")
        if not answer.get("code"):
            raise ProviderError(f"no code: {answer.get('error', '')[:80]!r}")
        sent = {
            "grant_type": "authorization_code",
            "code": answer["code"],
            "redirect_uri": back,
            "client_id": self.provider.client_id,
            "code_verifier": errand.verifier,
        }
        auth = (self.provider.client_id, self.provider.secret) if self.provider.secret else None
        told = self._ask("POST", self._description()["token_endpoint"], data=sent, auth=auth)
        return self._checked(str(told.get("id_token", "")), errand.nonce)

    def _checked(self, token: str, nonce: str) -> Mapping[str, Any]:
        from joserfc import jwt
        from joserfc.errors import InvalidKeyIdError, JoseError

        try:
            try:
                read = jwt.decode(token, self._key_set(), algorithms=ALGORITHMS)
            except InvalidKeyIdError:  # keys are changed now and then
                read = jwt.decode(token, self._key_set(anew=True), algorithms=ALGORITHMS)
            rules = jwt.JWTClaimsRegistry(
                leeway=_LEEWAY,
                iss={"essential": True, "value": self.provider.issuer},
                sub={"essential": True},
                aud={"essential": True, "value": self.provider.client_id},
                exp={"essential": True},
                iat={"essential": True},
            )
            rules.validate(read.claims)
        except (JoseError, ValueError) as error:
            raise ProviderError(f"the ID token does not hold: {error}") from None
        claims: Mapping[str, Any] = read.claims
        if not hmac.compare_digest(str(claims.get("nonce", "")).encode(), nonce.encode()):
            raise ProviderError("the ID token is not of this log-in (nonce)")
        alone = claims["aud"] in (self.provider.client_id, [self.provider.client_id])
        if claims.get("azp", self.provider.client_id if alone else None) != self.provider.client_id:
            raise ProviderError("the ID token was made for another program (azp)")
        return claims

    def _description(self) -> dict[str, Any]:
        """Return what the provider says of itself; asked for once an hour."""
        with self._lock:
            if time.monotonic() >= self._until:
                self._told, self._keys = self._described(), None
                self._until = time.monotonic() + _KEPT
            return self._told

    def _described(self) -> dict[str, Any]:
        ours = self.provider.issuer
        where = f"{ours.rstrip('/')}/.well-known/openid-configuration"
        told = self._ask("GET", where)
        if told.get("issuer") != ours:
            raise ProviderError(f"{where} speaks for {told.get('issuer')!r}, not for {ours!r}")
        for name in ("authorization_endpoint", "token_endpoint", "jwks_uri"):
            if not is_safe_address(str(told.get(name, ""))):
                raise ProviderError(f"{where}: {name} is no address of TLS")
        return told

    def _key_set(self, *, anew: bool = False) -> Any:
        from joserfc.jwk import KeySet

        told = self._description()
        if self._keys is None or anew:
            self._keys = KeySet.import_key_set(self._ask("GET", told["jwks_uri"]))  # type: ignore[arg-type]
        return self._keys

    def _ask(self, method: str, address: str, **more: Any) -> dict[str, Any]:
        try:
            with (
                httpx.Client(transport=self.transport, timeout=_PATIENCE, follow_redirects=False) as client,
                client.stream(method, address, headers={"Accept": "application/json"}, **more) as answered,
            ):
                found = json.loads(_whole(answered))
        except (httpx.HTTPError, ValueError) as error:
            raise ProviderError(f"{address} did not answer: {error or type(error).__name__}") from None
        if answered.status_code != 200 or not isinstance(found, dict):
            raise ProviderError(f"{address} answered {answered.status_code}")
        return found
