"""Whether a release is what it says it is: not an older one served again, not a part of itself.

Enters: the records of releases of one line, oldest first. Leaves: findings. Called by
`toguna.events.releases` and `toguna.events.ingest`. Only records are looked at, so that it costs nothing.

A server, a mirror or a colleague hands out the file of last year under the name of this year: every number
is plausible, and old.
"""

from __future__ import annotations

from collections.abc import Sequence

from toguna.core.findings import Finding, Severity
from toguna.core.types import Snapshot
from toguna.sources.protocol import Term

__all__ = ["suspicions", "under_another_name"]

_SMALL = 0.5  # a whole release with fewer than half the rows of an earlier one is a part of itself

_SURE = 10_000  # an extract of a country at peace may tell nothing new for years; so many rows never do

Record = tuple[Snapshot, Term | None]


def suspicions(line: Sequence[Record], *, whole: bool) -> list[Finding]:
    """Say what is odd about the newest releases of a line.

    Parameters
    ----------
    line : sequence of (Snapshot, Term or None)
        Releases of one line that were known, oldest first.
    whole : bool
        Whether each is to tell everything anew: an export of what somebody asked for may end earlier.

    Returns
    -------
    list of Finding
        `release-stale`: no event within the term of the version, or another version has the very same rows,
        deaths and days: a failure from 10,000 rows on, else a note, for an extract of a country at peace is
        no accident. A note also where the newest event is older than that of the release before.
        `release-smaller`: fewer than half the rows of an earlier whole release; as grave by the same rule.
    """
    findings = [_before_its_term(s, t) for s, t in line if _too_old(s, t)]
    final = [s for s, term in line if term is not None and not term.preliminary]
    early = [s for s, term in line if term is not None and term.preliminary]
    loose = [s for s, term in line if term is None]
    for group in (final, early, loose):
        findings += _against_earlier(group, whole=whole and group is not early)
    return findings + (_smaller(final or loose) if whole else [])


def under_another_name(held: Snapshot, file_name: str, version: str) -> Finding:
    """Say that the bytes of a held release came again under the name of another version."""
    found = f"the very bytes of version {_name(held)} ({held.file_name}) under the name {file_name}"
    return _stale(held, _gravity(held), found, f"the rows of version {version or 'unknown'}")


def _too_old(snapshot: Snapshot, term: Term | None) -> bool:
    """Whether no event falls into what the version is there to tell."""
    if term is None or term.last is None or snapshot.last_day is None:
        return False
    opens = term.first or term.last.replace(month=1, day=1)
    return snapshot.last_day < opens


def _before_its_term(snapshot: Snapshot, term: Term | None) -> Finding:
    last = term.last if term else None
    return _stale(
        snapshot,
        _gravity(snapshot),
        f"version {snapshot.version} whose last event is of {snapshot.last_day}",
        f"events up to {last}, which this version covers",
    )


def _against_earlier(group: Sequence[Snapshot], *, whole: bool) -> list[Finding]:
    if len(group) < 2:
        return []
    newest, before = group[-1], group[:-1]
    twins = [s for s in before if _same(s, newest)]
    if twins:
        found = f"version {_name(newest)} with the very rows, deaths and days of version {_name(twins[-1])}"
        return [_stale(newest, _gravity(newest), found, "rows that version did not hold")]
    last = before[-1].last_day
    if whole and last and newest.last_day and newest.last_day < last:
        found = f"version {_name(newest)} whose last event is of {newest.last_day}"
        return [
            _stale(newest, "note", found, f"events up to {last} at least, as in version {_name(before[-1])}")
        ]
    return []


def _same(one: Snapshot, other: Snapshot) -> bool:
    """Whether two versions tell the same; small releases may do so by chance and say nothing."""
    told = (one.rows, one.deaths, one.first_day, one.last_day)
    return (
        one.published_at != other.published_at
        and one.last_day is not None
        and told == (other.rows, other.deaths, other.first_day, other.last_day)
    )


def _smaller(final: Sequence[Snapshot]) -> list[Finding]:
    if len(final) < 2:
        return []
    newest, most = final[-1], max(final[:-1], key=lambda s: s.rows)
    if newest.rows >= _SMALL * most.rows:
        return []
    return [
        Finding(
            "release-smaller",
            _gravity(most),
            newest.source,
            None,
            None,
            f"{newest.rows} rows in version {_name(newest)}",
            f"about {most.rows} rows or more, as in version {_name(most)}",
            "Get the whole file and ingest it; until then this part of it stands for all.",
        )
    ]


def _gravity(snapshot: Snapshot) -> Severity:
    return "failure" if snapshot.rows >= _SURE else "note"


def _name(snapshot: Snapshot) -> str:
    return snapshot.version or (snapshot.published_at.isoformat() if snapshot.published_at else "unknown")


def _stale(snapshot: Snapshot, severity: Severity, found: str, expected: str) -> Finding:
    repair = "The file is an older one under a new name: get it again from the publisher."
    return Finding("release-stale", severity, snapshot.source, None, None, found, expected, repair)
