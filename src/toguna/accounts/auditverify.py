"""Does the audit hold? Every entry against its hash, its signature, its neighbours, the head, and an anchor.

Enters: a home, perhaps an anchor. Leaves: a `Verdict` with a finding for every place that is not as it was
written. Called by ``toguna audit verify`` and the page of the audit. It writes nothing and makes no key.
Who holds the key of the home can write all of it anew; only an anchor kept elsewhere shows that.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from toguna.accounts.auditchain import BROKEN, FOLDER, FORGOTTEN, SEALED, head_path, rows_of
from toguna.core.errors import DataError, MissingTableError
from toguna.core.findings import Finding
from toguna.core.language import Language
from toguna.store.chain import FAULTS, GENESIS, fault_of, signing_key
from toguna.store.head import HEAD, Head, read_head
from toguna.store.home import Home
from toguna.store.sealing import KEY_FILE

__all__ = ["Verdict", "said", "verify"]

TABLE = "audit_entry"
_REPAIR = "Keep a copy of the home as it is, and ask who can write to it."


@dataclass(frozen=True)
class Verdict:
    """Whether the audit holds.

    Parameters
    ----------
    entries : int
        Rows found.
    forgotten : int
        Number of the last entry that was deleted by the rule of retention; 0 when none was.
    findings : tuple of Finding
        What is wrong, and notes.
    """

    entries: int
    forgotten: int
    findings: tuple[Finding, ...]

    @property
    def holds(self) -> bool:
        """Whether nothing was changed, deleted or added outside the program, as far as can be seen."""
        return all(finding.severity == "note" for finding in self.findings)

    def as_dict(self) -> dict[str, Any]:
        """Return plain values for JSON."""
        told = [finding.as_dict() for finding in self.findings]
        return {
            "holds": self.holds,
            "entries": self.entries,
            "forgotten": self.forgotten,
            "findings": told,
        }


def verify(home: Home, anchor: Head | None = None) -> Verdict:
    """Look at the whole audit.

    Parameters
    ----------
    home : Home
    anchor : Head, optional
        A head that was taken earlier and kept elsewhere.
    """
    if not home.register.exists():
        return Verdict(0, 0, ())
    try:
        with home.register.read() as session:
            rows = rows_of(session)
    except MissingTableError:
        rows = []
    has_key = (home.path / KEY_FILE).exists()  # a key made now would call every signature false
    key = signing_key(home.sealing_key()[0], "audit") if has_key else None
    start = _forgotten(rows, key)
    if any(row["hash"] for row in rows) or head_path(home.path).exists():
        found = [*_rows(rows, start, key), *_own(rows), *_against_head(home, rows, start[0], key)]
    else:
        found = [_late(str(len(rows)))] if rows else []
    if anchor is not None and anchor.entries > start[0]:
        found += _against("audit-anchor-differs", anchor, rows, "anchor")
    return Verdict(len(rows), start[0], tuple(found))


def said(verdict: Verdict, L: Language) -> str:
    """Say in one or two sentences whether the audit holds."""
    holds = L.plural("The audit holds: {n} entry.", "The audit holds: {n} entries.", verdict.entries)
    if not verdict.holds:
        holds = L("The audit does NOT hold: entries were changed, deleted or added outside the program.")
    if not verdict.forgotten:
        return holds
    gone = L("Entries up to number {number} were deleted by the rule of retention.", number=verdict.forgotten)
    return f"{holds} {gone}"


def _forgotten(rows: Sequence[dict[str, Any]], key: bytes | None) -> tuple[int, str]:
    """Return number and hash of the last entry that went by rule, as the newest entry about it says."""
    for row in reversed(rows):
        if row["act"] == FORGOTTEN and not fault_of(
            row, seq=row["seq"], previous=str(row["previous"]), key=key
        ):
            number, hash, _ = row["subject"].split(" ")
            return int(number), hash
    return 0, GENESIS


def _rows(rows: Sequence[dict[str, Any]], start: tuple[int, str], key: bytes | None) -> Iterator[Finding]:
    """Hold every row against the one before it; behind a fault the chain goes on from what stands there."""
    number, previous = start
    for row in rows:
        fault = fault_of(row, seq=number + 1, previous=previous, key=key)
        if fault:
            found, expected = FAULTS[fault]
            yield _finding("audit-entry-wrong", number + 1, found.format(seq=row["seq"]), expected)
        number, previous = row["seq"], str(row["hash"])
    if key is None:
        yield _finding("audit-entry-wrong", None, f"no {KEY_FILE}", "the key the entries were signed with")


def _own(rows: Sequence[dict[str, Any]]) -> Iterator[Finding]:
    """Tell what the chain says of itself."""
    for row in rows:
        if row["act"] == BROKEN:
            yield _finding("audit-broken", row["seq"], row["subject"], "the end that the head tells of")
        elif row["act"] == SEALED:
            yield _late(row["subject"], row["at"])


def _late(n: str, at: str = "") -> Finding:
    found = f"{n} entries of before the chain, sealed {f'on {at[:10]}' if at else 'with the next one'}"
    repair = "Nothing: whether they were changed before that cannot be known."
    return Finding("audit-sealed-late", "note", TABLE, None, None, found, "entries sealed at once", repair)


def _against_head(
    home: Home, rows: Sequence[dict[str, Any]], forgotten: int, key: bytes | None
) -> Iterator[Finding]:
    name = f"{FOLDER}/{HEAD}"
    try:
        head = read_head(head_path(home.path))
    except DataError:
        head = Head()
    if head is None or (key is not None and not head.is_ours(key)):
        found = "no head beside the register" if head is None else "a head that we did not sign"
        yield _finding("audit-head-wrong", None, found, "the head that the program wrote", name)
        return
    wrong = _against("audit-cut", head, rows, "head") if head.entries > forgotten else []
    yield from wrong
    last = _last(rows)
    if not wrong and head.entries < last:
        found = f"a head of {head.entries} entries, {last} in the register"
        repair = "A run was cut off after it had written; the next entry moves the head on."
        yield Finding("audit-head-behind", "note", name, None, None, found, "as many", repair)


def _against(code: str, head: Head, rows: Sequence[dict[str, Any]], name: str) -> list[Finding]:
    """Whether the chain still goes through the entry that a head tells of."""
    at = next((row["hash"] for row in rows if row["seq"] == head.entries), None)
    if at == head.hash:
        return []
    found = "no such entry" if at is None else "another hash"
    return [_finding(code, head.entries, found, f"the entry that the {name} tells of")]


def _last(rows: Sequence[dict[str, Any]]) -> int:
    return int(rows[-1]["seq"]) if rows else 0


def _finding(code: str, row: int | None, found: str, expected: str, table: str = TABLE) -> Finding:
    return Finding(code, "failure", table, row, None, found, expected, _REPAIR)
