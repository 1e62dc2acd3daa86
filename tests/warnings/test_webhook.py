"""A post is signed, tried again with the same key, and never leaves where it may not."""

from __future__ import annotations

import hashlib
import hmac
import json
import random
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import httpx
import pytest
from ledgers import hand, led_to, ledger, warning
from pytest_socket import enable_socket, socket_allow_hosts

from toguna.core.errors import StoreError, UsageError
from toguna.sources.patient import Means
from toguna.warnings.moves import carry
from toguna.warnings.outputs.webhook import TRIES, idempotency_key, post, signature

SECRET = b"a secret of 24 characters"


class Receiver(ThreadingHTTPServer):
    """Answers with the statuses it was given, then with 200; keeps each key once."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Answering)
        self.statuses: list[int] = []
        self.retry_after = ""
        self.heads: list[dict[str, str]] = []
        self.kept: dict[str, bytes] = {}

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/hook"


class Answering(BaseHTTPRequestHandler):
    server: Receiver

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"]))
        head = {k.lower(): v for k, v in self.headers.items()}
        self.server.heads.append(head)
        status = self.server.statuses.pop(0) if self.server.statuses else 200
        if status < 400:
            self.server.kept.setdefault(head["idempotency-key"], body)
        self.send_response(status)
        if self.server.retry_after:
            self.send_header("Retry-After", self.server.retry_after)
        if status == 302:
            self.send_header("Location", "/elsewhere")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *args: object) -> None:
        pass


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    enable_socket()
    socket_allow_hosts(["127.0.0.1"])
    with Receiver() as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@pytest.fixture
def http() -> Iterator[httpx.Client]:
    with httpx.Client(trust_env=False) as client:
        yield client


def means(waits: list[float]) -> Means:
    return Means(sleep=waits.append, now=lambda: datetime(2015, 11, 25, tzinfo=UTC), rng=random.Random(1))


def test_it_is_signed_and_whole(receiver: Receiver, http: httpx.Client, tmp_path: Path) -> None:
    record = led_to(ledger(tmp_path), "issue")
    sent = post(record, receiver.address, SECRET, http=http, means=means([]))
    (head,), (body,) = receiver.heads, receiver.kept.values()
    stamp = head["x-toguna-timestamp"]
    expected = hmac.new(SECRET, stamp.encode() + b"." + body, hashlib.sha256).hexdigest()
    assert head["x-toguna-signature"] == f"sha256={expected}" == signature(SECRET, stamp, body)
    told = json.loads(body)
    assert (told["id"], told["state"]) == ("fictia-0001", "issued")
    assert b"analyst" not in body
    assert (sent.status, sent.tries, sent.key) == (200, 1, "fictia-0001-2")


def test_failures_are_tried_again_with_the_same_key(
    receiver: Receiver, http: httpx.Client, tmp_path: Path
) -> None:
    record, waits = led_to(ledger(tmp_path), "issue"), list[float]()
    receiver.statuses = [500, 429, 503]
    assert post(record, receiver.address, SECRET, http=http, means=means(waits)).tries == 4
    assert len({head["idempotency-key"] for head in receiver.heads}) == 1
    assert len(receiver.kept) == 1
    assert len(waits) == 3
    assert all(2**k <= wait <= 1.5 * 2**k for k, wait in enumerate(waits))
    receiver.statuses, receiver.retry_after = [503], "7"
    post(record, receiver.address, SECRET, http=http, means=means(waits))
    assert waits[-1] == 7.0
    assert len(receiver.kept) == 1


def test_a_receiver_that_never_answers_is_left(
    receiver: Receiver, http: httpx.Client, tmp_path: Path
) -> None:
    record, waits = led_to(ledger(tmp_path), "issue"), list[float]()
    receiver.statuses = [500] * 20
    with pytest.raises(StoreError, match=f"in {TRIES} tries .status 500.; send it again later"):
        post(record, receiver.address, SECRET, http=http, means=means(waits))
    assert len(waits) == TRIES - 1
    receiver.server_close()
    with pytest.raises(StoreError, match="ConnectError"):
        post(record, receiver.address, SECRET, http=http, means=means(waits))


@pytest.mark.parametrize("status", [302, 400, 401, 404])
def test_a_refusal_is_not_tried_again(
    status: int, receiver: Receiver, http: httpx.Client, tmp_path: Path
) -> None:
    receiver.statuses = [status]
    with pytest.raises(StoreError, match=f"status {status}. Nothing was tried again"):
        post(led_to(ledger(tmp_path), "issue"), receiver.address, SECRET, http=http, means=means([]))
    assert len(receiver.heads) == 1


def test_the_key_changes_with_what_is_told(tmp_path: Path) -> None:
    book = ledger(tmp_path)
    first = idempotency_key(led_to(book, "issue"))
    noted = carry(book, "fictia-0001", "note", {"text": "x"}, hand(day=2))
    assert idempotency_key(noted) == first
    assert idempotency_key(carry(book, "fictia-0001", "acknowledge", {}, hand(day=3))) != first


@pytest.mark.parametrize(
    ("url", "secret", "said"),
    [
        ("http://example.org/hook", SECRET, "https only"),
        ("ftp://127.0.0.1/hook", SECRET, "https only"),
        ("https://u:p@example.org/hook", SECRET, "password"),
        ("https://example.org/hook", b"short", "16 are the fewest"),
    ],
)
def test_what_is_not_safe_is_refused(
    url: str, secret: bytes, said: str, http: httpx.Client, tmp_path: Path
) -> None:
    with pytest.raises(UsageError, match=said):
        post(led_to(ledger(tmp_path), "issue"), url, secret, http=http)


def test_restricted_words_and_drafts_stay(http: httpx.Client, tmp_path: Path) -> None:
    draft = led_to(ledger(tmp_path), made=warning(sensitivity="restricted"))
    with pytest.raises(UsageError, match="may not leave as webhook"):
        post(draft, "https://example.org/hook", SECRET, http=http)
    with pytest.raises(UsageError, match="never issued"):
        post(led_to(ledger(tmp_path / "b")), "https://example.org/hook", SECRET, http=http)
