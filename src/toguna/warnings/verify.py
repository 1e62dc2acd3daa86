"""Does the ledger hold? Every row against its hash, its signature, its neighbours, the head, and an anchor.

A chain that was resumed behind a break is looked at from there on, and the break is told each time.

Enters: a home, perhaps an anchor. Leaves: a `Verdict` with findings, the first bad entry named. Called by
``toguna ledger verify``. It writes nothing and makes no key. What it cannot see: docs/methods/ledger.md.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

from toguna.core.errors import MissingTableError, TogunaError
from toguna.core.findings import Finding
from toguna.store.chain import FAULTS
from toguna.store.head import HEAD, Head, read_head
from toguna.store.sealing import KEY_FILE
from toguna.warnings.ledger.book import Ledger, rows_of
from toguna.warnings.ledger.chain import GENESIS, entry_of, fault_of, signing_key
from toguna.warnings.ledger.resumed import KIND, Rows, last_resumed, set_aside
from toguna.warnings.states import Record, apply

__all__ = ["Verdict", "verify"]

TABLE = "ledger_entry"
_REPAIR = "Put back a copy of the register, and ask who can write to this home."


@dataclass(frozen=True)
class Verdict:
    """Whether the ledger holds.

    Parameters
    ----------
    entries : int
        Rows found.
    hash : str
        Hash of the last one.
    first_bad : int or None
        Number of the first entry that is not as it was written; None when all are.
    findings : tuple of Finding
        What is wrong.
    anchored : int or None
        Entries up to the anchor that was given; None without one.
    breaks : tuple of dict
        Breaks behind which the chain was resumed: the number of the entry that did (``seq``), ``by``, ``at``,
        and what it says (``first_bad``, ``codes``, ``reason``, ``set_aside``, ``lost``, ``anchor``).
    """

    entries: int
    hash: str
    first_bad: int | None
    findings: tuple[Finding, ...]
    anchored: int | None = None
    breaks: tuple[dict[str, Any], ...] = ()

    @property
    def sound(self) -> bool:
        """Whether it holds as far as it can: from the last entry that resumed it, or from the first."""
        return all(finding.severity == "note" for finding in self.findings)

    @property
    def holds(self) -> bool:
        """Whether the whole of it holds, from the first entry on: never again once it was broken."""
        return self.sound and not self.breaks

    @property
    def holds_from(self) -> int | None:
        """The entry from which on it holds; None when it does not."""
        if not self.sound:
            return None
        return int(self.breaks[-1]["seq"]) if self.breaks else 1

    def as_dict(self) -> dict[str, Any]:
        """Return plain values for JSON."""
        return {
            "holds": self.holds,
            "holds_from": self.holds_from,
            "breaks": [dict(one) for one in self.breaks],
            "entries": self.entries,
            "hash": self.hash,
            "first_bad": self.first_bad,
            "anchored": self.anchored,
            "findings": [finding.as_dict() for finding in self.findings],
        }


def verify(ledger: Ledger, anchor: Head | None = None) -> Verdict:
    """Look at the whole chain.

    Parameters
    ----------
    ledger : Ledger
    anchor : Head, optional
        A head that was taken earlier and kept elsewhere.
    """
    key, findings = _key(ledger)
    rows, gone = _rows(ledger)
    findings += gone
    start = last_resumed(rows, key)
    breaks = _breaks(rows, start)
    findings += [_told(one) for one in breaks]
    bad = _first_fault(rows, start, key)
    if bad is not None:
        findings.append(bad[1])
    findings += _against_head(ledger, rows, key)
    if anchor is not None:
        findings += _against("ledger-anchor-differs", anchor, rows, "anchor")
    if bad is None:
        findings += _impossible(rows)
    last = str(rows[-1]["hash"]) if rows else GENESIS
    first = bad[0] if bad else next((f.row for f in findings if f.row and f.severity != "note"), None)
    return Verdict(len(rows), last, first, tuple(findings), anchor.entries if anchor else None, tuple(breaks))


def _breaks(rows: Rows, start: int | None) -> list[dict[str, Any]]:
    """Read what entries that resumed the chain say; those before the last are under its seal."""
    if start is None:
        return []
    aside, found = set_aside(rows), rows[: start + 1]
    resumed = [row for row in found if row["kind"] == KIND and row["seq"] not in aside]
    return [
        {"seq": r["seq"], "by": r["by"], "at": r["recorded_at"], **json.loads(r["body"])} for r in resumed
    ]


def _told(one: dict[str, Any]) -> Finding:
    codes = ", ".join(dict.fromkeys(one["codes"]))
    where = "the head" if one["first_bad"] is None else f"entry {one['first_bad']}"
    aside = ", ".join(map(str, one["set_aside"])) or "none"
    lost = f"; gone: {one['lost'][0]} to {one['lost'][1]}" if one["lost"] else ""
    found = (
        f"a break at {where} ({codes}), resumed with entry {one['seq']} by {one['by']} on {one['at'][:10]}: "
        f"{one['reason']!r}; set aside: {aside}{lost}"
    )
    repair = "Nothing: it stays on record. Whether to trust what lies before it is for people to say."
    return Finding("ledger-resumed", "note", TABLE, one["first_bad"], None, found, "one chain", repair)


def _key(ledger: Ledger) -> tuple[bytes | None, list[Finding]]:
    """Read the key; a key made now would call every signature false."""
    if (ledger.home.path / KEY_FILE).exists():
        key, findings = ledger.home.sealing_key()
        return signing_key(key), list(findings)
    if not ledger.exists():
        return None, []
    return None, [
        _finding("ledger-key-missing", None, f"no {KEY_FILE}", "the key the entries were signed with")
    ]


def _rows(ledger: Ledger) -> tuple[Rows, list[Finding]]:
    if not ledger.exists():
        return (), []
    try:
        with ledger.home.register.read() as session:
            return rows_of(session), []
    except MissingTableError:
        return (), [_finding("ledger-entry-missing", 1, "no table of entries", "the table that holds them")]


class _Fault(NamedTuple):
    """How a fault of a row is told."""

    code: str
    found: str
    expected: str


_FAULTS = {
    "missing": _Fault("ledger-entry-missing", *FAULTS["missing"]),
    "changed": _Fault("ledger-entry-changed", *FAULTS["changed"]),
    "order": _Fault("ledger-entry-order", *FAULTS["order"]),
    "unsigned": _Fault("ledger-signature-wrong", *FAULTS["unsigned"]),
}


def _first_fault(rows: Rows, start: int | None, key: bytes | None) -> tuple[int, Finding] | None:
    """Look at the chain from its beginning, or from the entry that resumed it."""
    previous = GENESIS if start is None else rows[start]["hash"]
    first, rest = (1, rows) if start is None else (rows[start]["seq"] + 1, rows[start + 1 :])
    for number, row in enumerate(rest, start=first):
        fault = fault_of(row, seq=number, previous=previous, key=key)
        if fault:
            code, found, expected = _FAULTS[fault]
            return number, _finding(code, number, found.format(seq=row["seq"]), expected)
        previous = row["hash"]
    return None


def _against_head(ledger: Ledger, rows: Rows, key: bytes | None) -> list[Finding]:
    try:
        head = read_head(ledger.head_path)
    except TogunaError as error:
        return [_finding("ledger-head-wrong", None, str(error), "the head that the program wrote", HEAD)]
    if head is None:
        if not rows:
            return []
        return [_finding("ledger-head-wrong", None, "no head beside the register", "the head it had", HEAD)]
    if key is not None and not head.is_ours(key):
        return [_finding("ledger-head-wrong", None, "a head signed by another key", "our signature", HEAD)]
    found = _against("ledger-cut", head, rows, HEAD)
    if not found and head.entries < _last(rows):
        behind = f"a head of {head.entries} entries, {_last(rows)} in the register"
        repair = "A run was cut off after it had written; the next entry moves the head on."
        found.append(Finding("ledger-head-behind", "note", HEAD, None, None, behind, "as many", repair))
    return found


def _against(code: str, head: Head, rows: Rows, name: str) -> list[Finding]:
    """Whether the chain still goes through the entry that a head tells of."""
    last = _last(rows)
    if head.entries > last:
        found = f"{last} entries"
        return [_finding(code, last + 1, found, f"the {head.entries} that the {name} tells of")]
    at = {row["seq"]: row["hash"] for row in rows}.get(head.entries) if head.entries else GENESIS
    if at != head.hash:
        return [_finding(code, head.entries, "another hash", f"the hash that the {name} tells of")]
    return []


def _last(rows: Rows) -> int:
    return int(rows[-1]["seq"]) if rows else 0


def _impossible(rows: Rows) -> Iterator[Finding]:
    """Entries that our program would have refused: rows made by somebody who holds the key."""
    records: dict[str, Record] = {}
    aside = set_aside(rows)
    for row in rows:
        if row["seq"] in aside:
            continue
        try:
            apply(records, entry_of(row))
        except (TogunaError, KeyError, ValueError, TypeError, AttributeError) as error:
            yield _finding(
                "ledger-entry-impossible", row["seq"], str(error), "a step that the program allows"
            )
            return


def _finding(code: str, row: int | None, found: str, expected: str, table: str = TABLE) -> Finding:
    return Finding(code, "failure", table, row, None, found, expected, _REPAIR)
