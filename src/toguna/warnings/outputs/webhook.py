"""Post a warning to an address: signed, with a key that makes a second post harmless, and patiently.

Enters: a record, an address, a secret. Leaves: what came of it. Called by ``toguna ledger send``. Time, sleep
and chance are passed in.

    X-Toguna-Signature: sha256=HMAC-SHA256(secret, timestamp + "." + body)
    X-Toguna-Timestamp: seconds since 1970, part of what is signed
    Idempotency-Key:    the number of the warning and of its last message; the same at every try
"""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass
from urllib.parse import urlsplit

import httpx

from toguna.core.digest import canonical_json
from toguna.core.errors import StoreError, UsageError
from toguna.sources.patient import Means
from toguna.warnings.outputs.gate import let_out
from toguna.warnings.states import Record

__all__ = ["Sent", "idempotency_key", "post", "signature"]

TRIES, FIRST_WAIT, LONGEST_WAIT, TIMEOUT = 6, 1.0, 60.0, 20.0
_AGAIN = frozenset([408, 425, 429, 500, 502, 503, 504])
_POSTED = ("id", "state", "times", "warning")  # who did what stays in the house
_TOLD = ("issue", "update", "withdraw", "acknowledge", "decide", "act", "close", "extend")


@dataclass(frozen=True, slots=True)
class Sent:
    """What came of a post: status of the answer, tries, the key, and the host it went to."""

    status: int
    tries: int
    key: str
    host: str


def idempotency_key(record: Record) -> str:
    """Return the key of what a warning says now: the same until something about it changes."""
    last = next(e.seq for e in reversed(record.history) if e.kind in (*_TOLD, "raise", "release"))
    return f"{record.id}-{last}"


def signature(secret: bytes, timestamp: str, body: bytes) -> str:
    """Sign a body together with the moment of sending."""
    mac = hmac.new(secret, timestamp.encode() + b"." + body, hashlib.sha256)
    return f"sha256={mac.hexdigest()}"


def post(record: Record, url: str, secret: bytes, *, http: httpx.Client, means: Means | None = None) -> Sent:
    """Post a warning.

    Parameters
    ----------
    record : Record
    url : str
        Where to; https, or http on this machine.
    secret : bytes
        Shared with the receiver; at least 16 bytes.
    http : httpx.Client
        The transport; redirects are not followed.
    means : Means, optional
        Clock, sleep and chance.

    Raises
    ------
    UsageError
        It may not leave; the address is not safe; the secret is too short.
    StoreError
        The receiver refused it, or never answered.
    """
    let_out(record, "webhook")
    _refuse(url, secret)
    means = means or Means()
    body = canonical_json({k: v for k, v in record.as_dict().items() if k in _POSTED}).encode()
    key, why = idempotency_key(record), ""
    for tried in range(1, TRIES + 1):
        answer, why = _once(http, url, _headers(body, secret, key, means), body)
        if answer is not None and answer.is_success:
            return Sent(answer.status_code, tried, key, urlsplit(url).netloc)
        if answer is not None and answer.status_code not in _AGAIN:
            raise StoreError(f"{urlsplit(url).netloc} refused {record.id}: {why}. Nothing was tried again.")
        if tried < TRIES:
            means.sleep(_wait(tried, answer, means))
    raise StoreError(
        f"{urlsplit(url).netloc} did not take {record.id} in {TRIES} tries ({why}); send it again later."
    )


def _refuse(url: str, secret: bytes) -> None:
    parts = urlsplit(url)
    here = parts.hostname in ("localhost", "127.0.0.1", "::1")
    if parts.scheme != "https" and not (parts.scheme == "http" and here):
        raise UsageError(f"{url}: a warning is posted to https only, or to this machine.")
    if parts.username or parts.password:
        raise UsageError("the address holds a password; leave it out, the signature says who sends.")
    if len(secret) < 16:
        raise UsageError(f"the secret has {len(secret)} bytes; 16 are the fewest.")


def _headers(body: bytes, secret: bytes, key: str, means: Means) -> dict[str, str]:
    stamp = str(int(means.now().timestamp()))
    return {
        "Content-Type": "application/json",
        "Idempotency-Key": key,
        "X-Toguna-Timestamp": stamp,
        "X-Toguna-Signature": signature(secret, stamp, body),
    }


def _once(
    http: httpx.Client, url: str, headers: dict[str, str], body: bytes
) -> tuple[httpx.Response | None, str]:
    try:
        answer = http.post(url, content=body, headers=headers, timeout=TIMEOUT, follow_redirects=False)
    except httpx.HTTPError as error:
        return None, type(error).__name__
    return answer, f"status {answer.status_code}"


def _wait(tried: int, answer: httpx.Response | None, means: Means) -> float:
    """Double the wait at every try, with some chance in it; wait longer where the receiver asks for it."""
    asked = (answer.headers.get("retry-after") or "") if answer is not None else ""
    grown = FIRST_WAIT * 2 ** (tried - 1) * (1 + means.rng.random() / 2)
    return float(min(LONGEST_WAIT, max(grown, float(asked) if asked.isdigit() else 0.0)))
