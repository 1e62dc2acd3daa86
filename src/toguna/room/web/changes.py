"""What became new from one assessment to the next, in words, for readers who come back.

Enters: two assessments. Leaves: plain values, kept in the folder of the newer one. Called by `building`; read
by the page "Now".
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from toguna.core.language import LANGUAGES, Language

__all__ = ["CHANGES", "MOST", "between", "changes_noted"]

CHANGES = "changes.json"
MOST = 60
"""Changes kept; older ones fall away."""
Assessment = Mapping[str, Any]


def between(older: Assessment, newer: Assessment) -> list[dict[str, Any]]:
    """Say what is new in the newer assessment.

    Returns
    -------
    list of dict
        `at` (moment the newer one was made), `kind` ("data", "alarm", "quiet", "warning"), `id` (what ``why``
        explains; "" for none), `text` by language.
    """
    at = newer["run"]["generated_at"]
    found = [*_data(older, newer), *_alarms(older, newer), *_warnings(older, newer)]
    return [{"at": at, "kind": kind, "id": id, "text": text} for kind, id, text in found]


def changes_noted(folder: Path) -> list[dict[str, Any]]:
    """Return the changes kept in a folder."""
    try:
        found: list[dict[str, Any]] = json.loads((folder / CHANGES).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return []
    return found


Told = Iterator[tuple[str, str, dict[str, str]]]


def _data(older: Assessment, newer: Assessment) -> Told:
    before = {_release(a): a for a in older["data"]}
    for account in newer["data"]:
        was = before.get(_release(account))
        more = account["accepted"] - (was["accepted"] if was else 0)
        if was is None or more:
            yield "data", account["source"], _rows(account["source"], more)


def _release(account: Mapping[str, Any]) -> tuple[str, str]:
    return account["source"], account["version"]


def _rows(source: str, more: int) -> dict[str, str]:
    said = {}
    for code in LANGUAGES:
        L = Language(code)
        if more < 0:
            text = L.plural(
                "{source}: {n} row fewer", "{source}: {n} rows fewer", -more, source=L.word(source)
            )
        else:
            text = L.plural("{source}: {n} row more", "{source}: {n} rows more", more, source=L.word(source))
        said[code] = text
    return said


def _alarms(older: Assessment, newer: Assessment) -> Told:
    before = {s["id"]: s for s in older["shifts"]}
    now = {s["id"]: s for s in newer["shifts"]}
    for id, shift in now.items():
        if id not in before:
            yield "alarm", id, shift["text"]
    for id, shift in before.items():
        if id not in now:
            yield "quiet", id, _ended(shift["text"])


def _ended(text: Mapping[str, str]) -> dict[str, str]:
    return {code: Language(code)("No alarm any more: {text}", text=text[code]) for code in LANGUAGES}


def _warnings(older: Assessment, newer: Assessment) -> Told:
    before = {w["id"] for w in older["warnings"]}
    for warning in newer["warnings"]:
        if warning["id"] not in before:
            yield "warning", warning["id"], warning["headline"]
