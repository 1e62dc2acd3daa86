"""Parse a document in a process of its own, which may take so much time and memory and no more.

Enters: a kind and bytes. Leaves: `Text` values, or an error. Called by `toguna.reading.documents`. Safe in a
program with threads: a new interpreter is started, nothing is forked. Bytes go in and JSON comes out by
pipes; what comes out is bounded and checked here, because a parser that was taken over can write anything.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from toguna.reading.kinds import NAMES
from toguna.reading.plain import cleaned
from toguna.reading.prose import Note, Text, titled
from toguna.reading.refusals import refusal

__all__ = ["LIMITS", "Limits", "texts_apart"]

CHILD = "toguna.reading.formats"
_KEPT = ("PATH", "PYTHONPATH", "PYTHONHOME", "SYSTEMROOT", "TMPDIR", "LANG", "LD_LIBRARY_PATH")
_SIGXCPU = -24
_DAMAGE = (ValueError, KeyError, TypeError, AttributeError)


@dataclass(frozen=True, slots=True)
class Limits:
    """What one document may take.

    Parameters
    ----------
    wall : float
        Seconds by the clock, start of the process included.
    cpu : int
        Seconds of a processor, where the system can limit them.
    memory : int
        Bytes, where the system can limit them (Linux, macOS).
    told : int
        Bytes of the answer.
    """

    wall: float = 45.0
    cpu: int = 30
    memory: int = 512 << 20
    told: int = 12_000_000


_TURNS = threading.BoundedSemaphore(2)  # of one program: memory is limited for each, not for all

LIMITS = Limits()
"""A PDF of 23 dense pages took 1.6 s of a processor and 65 MB when tried."""


def texts_apart(kind: str, data: bytes, *, name: str) -> list[Text]:
    """Parse bytes in a child process.

    Parameters
    ----------
    kind : {"pdf", "word", "mail", "feed", "html"}
        What to read them as.
    data : bytes
        The document.
    name : str
        How messages call it.

    Raises
    ------
    NoAnswerError
        It was refused or is damaged, or took too much time or memory.
    """
    limits, named = LIMITS, {"name": name, "kind": NAMES[kind]}
    with _TURNS:
        told, code, late = _run(kind, data, limits)
    if late or code == _SIGXCPU:
        raise refusal("time", most=limits.wall if late else limits.cpu, **named)
    if len(told) > limits.told:
        raise refusal("letters", most=limits.told, name=name)
    if code in (MEMORY_SPENT, -9):
        raise refusal("memory", most=limits.memory >> 20, **named)
    try:
        answer = json.loads(told)
        if code == 0 and "refused" in answer:
            raise refusal(answer["refused"], **named, **_plain(answer["values"]))
        texts = [_text(row) for row in answer["texts"]] if code == 0 else []
    except _DAMAGE:
        texts = []
    if not texts:
        raise refusal("damaged", **named)
    return texts if _can_limit() else [_noted(t) for t in texts]


MEMORY_SPENT = 71
"""Exit code of a child that ran out of the memory it may take."""


def _run(kind: str, data: bytes, limits: Limits) -> tuple[bytes, int, bool]:
    """Return what the child wrote, at most a byte too much, its exit code, and whether it was late."""
    words = [sys.executable, "-P", "-B", "-X", "utf8", "-m", CHILD, kind, str(limits.cpu), str(limits.memory)]
    late = threading.Event()
    with subprocess.Popen(
        words,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={k: v for k, v in os.environ.items() if k in _KEPT},  # no secret of the environment
        close_fds=True,
    ) as child:

        def stop() -> None:
            late.set()
            child.kill()

        clock = threading.Timer(limits.wall, stop)
        feeder = threading.Thread(target=_feed, args=(child, data), daemon=True)
        clock.start()
        feeder.start()
        try:
            assert child.stdout is not None
            told = child.stdout.read(limits.told + 1)
            if len(told) > limits.told:
                child.kill()
            code = child.wait()
        finally:
            clock.cancel()
            child.kill()
            feeder.join()
    return told, code, late.is_set()


def _feed(child: subprocess.Popen[bytes], data: bytes) -> None:
    with suppress(OSError):  # a child that has ended reads no more
        assert child.stdin is not None
        with child.stdin as pipe:
            pipe.write(data)


def _text(row: dict[str, Any]) -> Text:
    """Check one text of an answer; the day that its words state goes before the one its file bears."""
    day = date.fromisoformat(row["published"]) if row["published"] else None
    notes = tuple(Note(str(code), cleaned(str(found))) for code, found in row["notes"])
    weak = any(note.code == "day-of-file" for note in notes)
    found = titled(str(row["text"]), published=None if weak else day, title=cleaned(str(row["title"])))
    if weak and found.published:
        notes = tuple(note for note in notes if note.code != "day-of-file")
    return replace(found, published=found.published or day, address=cleaned(str(row["address"])), notes=notes)


def _plain(values: dict[str, Any]) -> dict[str, Any]:
    return {k: v for k, v in values.items() if k not in ("name", "kind") and isinstance(v, int | str)}


def _can_limit() -> bool:
    return os.name == "posix"


def _noted(text: Text) -> Text:
    return replace(text, notes=(*text.notes, Note("no-memory-limit")))
