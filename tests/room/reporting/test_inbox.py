"""Each report once, on the disk before it is acknowledged; who reported is nowhere to be read."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest
from reports import ANSWERS, NOW, REPORTER, send, uuid
from sqlalchemy import func, select
from test_photos import photo

from toguna.accounts.refusals import RefusedError
from toguna.accounts.rights import Principal, Role
from toguna.core.errors import StoreError
from toguna.room.reporting.identity import opened, pseudonym_of
from toguna.room.reporting.inbox import Sent, own, submit
from toguna.room.reporting.review import queue
from toguna.store.home import Home
from toguna.store.register.report_tables import Photo, Submission, SubmissionChange


def rows(home: Home, table: type = Submission) -> int:
    with home.register.read() as session:
        return int(session.scalar(select(func.count()).select_from(table)) or 0)


def test_the_same_report_again_is_the_same_report(home):
    first = send(home, photos=[photo()])
    again = send(home, photos=[photo()])
    assert first.id == again.id
    assert (rows(home), rows(home, SubmissionChange), rows(home, Photo)) == (1, 1, 1)


def test_the_same_report_at_once_from_many_hands_is_one(home):
    send(home, 99)  # the register is made
    with ThreadPoolExecutor(8) as hands:
        ids = {row.id for row in hands.map(lambda _: send(home, 1), range(24))}
    assert len(ids) == 1
    assert rows(home) == 2


def test_a_number_is_never_given_to_another_report(home):
    send(home, 1)
    with pytest.raises(RefusedError, match="Another report"):
        send(home, 1, killed="9")
    with pytest.raises(RefusedError, match="Another report"):
        send(home, 1, Principal(Role.MONITOR, 8, "somebody else", via="session"))
    assert rows(home) == 1


@pytest.mark.parametrize("text", ["", "1", "x" * 36, "'; DROP TABLE submission; --", "\x00"])
def test_a_report_without_a_number_is_refused(home, text):
    with pytest.raises(RefusedError, match="lacks its number"):
        submit(home, Sent(uuid=text, theatre="mali", lang="fr", answers=ANSWERS), REPORTER, now=NOW)


def test_a_photo_that_is_refused_refuses_the_report(home):
    with pytest.raises(RefusedError, match="no JPEG"):
        send(home, photos=[photo(), b"GIF89a"])
    assert rows(home) == 0


@pytest.mark.parametrize(
    "moment", ["2015-11-24T09:00:00+01:00", "yesterday", "9" * 100, "2015-11-24T09:00:00"]
)
def test_the_clock_of_the_sender_decides_nothing(home, moment):
    sent = Sent(uuid=uuid(1), theatre="mali", lang="fr", answers=ANSWERS, sent_at=moment)
    kept = submit(home, sent, REPORTER, now=NOW)
    assert kept.received_at == "2015-11-24T10:00:00+00:00"
    assert kept.sent_at == ("2015-11-24T08:00:00+00:00" if "+" in moment else "")


def test_who_reported_is_sealed_in_every_file_of_the_home(home):
    kept = send(home, photos=[photo()])
    home.register.close()
    for path in home.path.rglob("*"):
        if path.is_file():
            assert b"reporter-secret" not in path.read_bytes(), path
    key = home.sealing_key()[0]
    told = opened(key, kept.reporter_sealed, bound_to=kept.uuid)
    assert (told.user_id, told.name) == (7, "reporter-secret")
    for wrong in ((bytes(32), kept.uuid), (key, uuid(2))):
        with pytest.raises(StoreError, match="does not open"):
            opened(wrong[0], kept.reporter_sealed, bound_to=wrong[1])


def test_one_reporter_has_one_pseudonym_and_sees_only_their_own(home):
    other = replace(REPORTER, user_id=8, name="other")
    send(home, 1)
    send(home, 2)
    send(home, 3, other)
    pseudonyms = [r.reporter for r in queue(home, "mali")]
    assert len(set(pseudonyms)) == 2
    assert pseudonyms[0] == pseudonyms[1]
    assert len(own(home, "mali", REPORTER)) == 2
    assert len(own(home, "mali", other)) == 1
    assert own(home, "elsewhere", REPORTER) == []
    with home.register.read() as session:
        code = session.scalar(select(Submission.reporter).order_by(Submission.id))
    assert pseudonym_of(home.sealing_key()[0], code) == pseudonyms[0]
    assert pseudonym_of(bytes(32), code) != pseudonyms[0]


WRITER = """
import sys
from pathlib import Path
sys.path.insert(0, sys.argv[2])
from reports import send
from toguna.store.home import Home
home = Home(Path(sys.argv[1]))
for number in range(1, 1000):
    send(home, number)
    print(number, flush=True)
"""


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="no kill -9 here")
def test_what_was_acknowledged_survives_kill_nine(home):
    send(home, 999_999)
    words = [sys.executable, "-c", WRITER, str(home.path), str(Path(__file__).parent)]
    with subprocess.Popen(words, stdout=subprocess.PIPE, text=True) as writer:
        assert writer.stdout is not None
        told = [int(writer.stdout.readline()) for _ in range(30)]
        os.kill(writer.pid, signal.SIGKILL)
        told += [int(line) for line in writer.stdout if line.endswith("\n")]
    home.register.close()
    with sqlite3.connect(home.path / "register.sqlite") as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        kept = {row[0] for row in connection.execute("SELECT uuid FROM submission")}
        halves = (
            "SELECT count(*) FROM submission WHERE id NOT IN (SELECT submission_id FROM submission_change)"
        )
        assert connection.execute(halves).fetchone() == (0,)
    connection.close()
    assert {uuid(n) for n in told} <= kept
    assert len(kept) <= len(told) + 2  # the first, and one that was written and not yet acknowledged
    assert json.loads(json.dumps(sorted(told))) == list(range(1, len(told) + 1))
