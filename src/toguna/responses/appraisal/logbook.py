"""When was it declared, and had anyone looked before? A log in the home that only grows.

Enters: a home folder, a `Declaration`, a day. Leaves: the standing of a declaration. Called by the verb
`appraise`.

One line of JSON for each declaration and each look; each carries the sha256 of the line before, so that a
line changed, taken out or moved afterwards is noticed. It cannot know of looks elsewhere.
"""

from __future__ import annotations

import hashlib
import json
import os
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from toguna.core.dates import month_id
from toguna.core.digest import canonical_json
from toguna.core.errors import StoreError
from toguna.responses.appraisal.declaration import Declaration
from toguna.store.alone import alone

__all__ = ["FILE", "Standing", "declare", "look"]

FILE = "appraisals.jsonl"


@dataclass(frozen=True, slots=True)
class Standing:
    """How a declaration stands to the looks.

    Parameters
    ----------
    kind : str
        "before-outcome" (declared before the month in which the measure began was over), "before-look"
        (the outcome existed, nobody had looked at it in this home), "after-look", "undeclared" (first seen
        with this look).
    declared_on : date or None
    """

    kind: str
    declared_on: date | None

    def as_dict(self) -> dict[str, str | None]:
        """Return plain values for JSON."""
        return {"kind": self.kind, "declared_on": self.declared_on.isoformat() if self.declared_on else None}


def declare(home: Path, declared: Declaration, data: str, *, day: date) -> Standing:
    """Write down a declaration; the first day counts when it stands there already.

    Parameters
    ----------
    home : Path
        Made when it is not there.
    declared : Declaration
    data : str
        Which counts: theatre or CSV.
    day : date
        Today.
    """
    return _write(home, _entry("declared", declared, data, day), declared)


def look(home: Path, declared: Declaration, data: str, *, day: date) -> Standing:
    """Write down that the outcome was looked at, and say how the declaration stands."""
    return _write(home, _entry("looked", declared, data, day), declared)


def _entry(kind: str, declared: Declaration, data: str, day: date) -> dict[str, Any]:
    return {
        "kind": kind,
        "day": day.isoformat(),
        "digest": declared.digest,
        "data": data,
        "outcome": declared.outcome,
        "areas": sorted(declared.treated),
    }


def _write(home: Path, entry: dict[str, Any], declared: Declaration) -> Standing:
    path = home / FILE
    try:
        home.mkdir(parents=True, exist_ok=True)
        with alone(home):
            entries, last = _read(path)
            standing = _standing(entries, entry, declared)
            if entry["kind"] == "declared" and standing.kind != "undeclared":
                return standing
            _append(path, entry | {"previous": last})
    except OSError as error:
        raise StoreError(f"{path} cannot be written: {error.strerror}.") from None
    return _standing([*entries, entry], entry, declared) if entry["kind"] == "declared" else standing


def _append(path: Path, entry: dict[str, Any]) -> None:
    with path.open("ab") as stream:
        stream.write((canonical_json(entry) + "\n").encode())
        stream.flush()
        os.fsync(stream.fileno())


def _read(path: Path) -> tuple[list[dict[str, Any]], str]:
    """Return the entries and the sha256 of the last line; refuse a log that was changed."""
    entries: list[dict[str, Any]] = []
    last = ""
    lines = path.read_bytes().splitlines() if path.is_file() else []
    for k, line in enumerate(lines, start=1):
        try:
            entry = json.loads(line)
            previous = entry["previous"]
        except (ValueError, KeyError, TypeError, RecursionError):
            previous = None
        if previous != last:
            raise StoreError(
                f"{path} line {k} does not follow from the line before it: it was changed, or cut off by a "
                "power failure. Put the file back from a copy, or move it away; what it proved is then lost."
            )
        entries.append(entry)
        last = hashlib.sha256(line).hexdigest()
    return entries, last


def _standing(entries: list[dict[str, Any]], now: dict[str, Any], declared: Declaration) -> Standing:
    at = next(
        (k for k, e in enumerate(entries) if e["kind"] == "declared" and e["digest"] == declared.digest), None
    )
    if at is None:
        return Standing("undeclared", None)
    day = date.fromisoformat(entries[at]["day"])
    seen = any(_same_counts(e, now) for e in entries[:at] if e["kind"] == "looked")
    if month_id(day) <= min(declared.treated.values()):
        return Standing("before-outcome", day)
    return Standing("after-look" if seen else "before-look", day)


def _same_counts(one: dict[str, Any], other: dict[str, Any]) -> bool:
    alike = all(one[key] == other[key] for key in ("data", "outcome"))
    return alike and bool(set(one["areas"]) & set(other["areas"]))
