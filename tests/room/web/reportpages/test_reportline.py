"""Reports that waited on a telephone: sealed there, opened here alone, each once."""

from __future__ import annotations

import base64
import json
import os
from uuid import uuid4

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from team import TYPED, Browser, Team
from test_report_page import photo

from toguna.room.reporting.envelope import INFO
from toguna.room.reporting.review import queue, record


def seal(key: str, uuid: str, fields: dict[str, str], picture: bytes = b"") -> bytes:
    """Do what the script of the form does."""
    theirs = ec.EllipticCurvePublicKey.from_encoded_point(
        ec.SECP256R1(), base64.urlsafe_b64decode(key + "==")
    )
    own = ec.generate_private_key(ec.SECP256R1())
    shared = HKDF(algorithm=hashes.SHA256(), length=32, salt=bytes(32), info=INFO).derive(
        own.exchange(ec.ECDH(), theirs)
    )
    told = json.dumps(fields).encode()
    nonce = os.urandom(12)
    closed = AESGCM(shared).encrypt(nonce, len(told).to_bytes(4, "big") + told + picture, uuid.encode())
    return own.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint) + nonce + closed


def key_of(browser: Browser) -> str:
    page = browser.get("/t/mali/report/offline").text
    return page.split('data-key="')[1].split('"')[0]


def post(browser: Browser, uuid: str, sealed: bytes):
    ticket = browser.get("/t/mali/report/ticket").json()
    headers = {"x-csrf": ticket["csrf"], "x-report-id": uuid, "content-type": "application/octet-stream"}
    return browser.client.post("/t/mali/report/sealed", content=sealed, headers=headers)


def test_what_waited_arrives_once_with_its_photo(team: Team):
    awa, uuid = team.browser("awa"), str(uuid4())
    sealed = seal(key_of(awa), uuid, TYPED | {"sent_at": "2015-11-22T08:00:00Z"}, photo())
    assert b"Attaque" not in sealed
    for _ in range(2):
        told = post(awa, uuid, sealed)
        assert (told.status_code, told.json()) == (201, {"uuid": uuid, "state": "received"})
    (row,) = queue(team.home, "mali")
    assert row.answers["place"] == "Sévaré"
    assert row.sent_at == "2015-11-22T08:00:00+00:00"
    assert len(record(team.home, "mali", row.id).photos) == 1


def test_what_cannot_be_asked_back_is_kept_for_the_reviewer(team: Team):
    awa, uuid = team.browser("awa"), str(uuid4())
    typed = TYPED | {"place": "Hameau", "killed": "beaucoup", "incident_date": ""}
    assert post(awa, uuid, seal(key_of(awa), uuid, typed)).status_code == 201
    (row,) = queue(team.home, "mali")
    assert (row.answers["place"], row.answers["killed"]) == ("Hameau", "beaucoup")
    ana = team.browser("ana")
    assert ana.get("/t/mali/review/1").status_code == 200
    assert ana.decide(1, act="accepted").status_code == 400
    settled = {"incident_date": "2015-11-20", "killed": "3", "place_choice": "as-typed", "region": "Gao"}
    assert ana.decide(1, act="accepted", **settled).status_code == 303


def test_nothing_is_kept_without_consent(team: Team):
    awa, uuid = team.browser("awa"), str(uuid4())
    told = post(awa, uuid, seal(key_of(awa), uuid, TYPED | {"consent": ""}))
    assert told.status_code == 400
    assert "consent" in told.json()["wrong"]
    assert queue(team.home, "mali") == []


def test_what_was_sealed_for_another_or_changed_does_not_open(team: Team):
    awa, uuid = team.browser("awa"), str(uuid4())
    sealed = seal(key_of(awa), uuid, TYPED)
    changed = sealed[:-1] + bytes([sealed[-1] ^ 1])
    for name, body in (
        (str(uuid4()), sealed),
        (uuid, changed),
        (uuid, b""),
        (uuid, bytes(200)),
        (uuid, sealed[:70]),
    ):
        told = post(awa, name, body)
        assert told.status_code == 400
        assert "does not open here" in told.json()["wrong"]
    not_fields = seal(key_of(awa), uuid, ["a", "list"])  # type: ignore[arg-type]
    assert post(awa, uuid, not_fields).status_code == 400
    assert queue(team.home, "mali") == []


def test_a_queue_is_not_sent_without_what_only_a_page_of_the_room_knows(team: Team):
    awa, uuid = team.browser("awa"), str(uuid4())
    sealed = seal(key_of(awa), uuid, TYPED)
    assert (
        awa.client.post("/t/mali/report/sealed", content=sealed, headers={"x-report-id": uuid}).status_code
        == 403
    )


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_the_form_that_a_telephone_keeps_holds_nothing_of_anybody(team: Team, lang):
    awa = team.browser("awa", lang)
    awa.report()
    kept = awa.get("/t/mali/report/offline").text
    assert "awa-secret" not in kept
    assert 'name="csrf"' not in kept
    assert 'name="uuid" value=""' in kept
    assert 'data-owner=""' in kept
    assert kept == team.browser("binta", lang).get("/t/mali/report/offline").text


def test_the_worker_may_watch_the_form_and_names_what_it_keeps(team: Team):
    told = team.browser("awa").get("/report-worker.js")
    assert told.headers["service-worker-allowed"] == "/t/"
    assert told.headers["content-type"].startswith("text/javascript")
    for path in ("/style.css", "/static/report.js", "/static/report-queue.js", "/offline?lang="):
        assert path in told.text
    tickets = {team.browser(n).get("/t/mali/report/ticket").json()["owner"] for n in ("awa", "binta")}
    assert len(tickets) == 2
