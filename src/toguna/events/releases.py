"""Which archived releases speak for a date.

Enters: the archive and a date. Leaves: releases, newest last, and findings. Called by `toguna.events.gather`.

A yearly release covers everything up to its last year. A candidate release (monthly, preliminary) adds the
months after the yearly release in use; of two candidates that hold the same event the newer one wins.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from toguna.core.errors import DataError
from toguna.core.findings import Finding
from toguna.core.types import Snapshot
from toguna.sources import get_source
from toguna.store.archive import Archive
from toguna.store.home import Home

__all__ = ["Release", "choose_releases"]


@dataclass(frozen=True, slots=True)
class Release:
    """One release to use; `pseudo` when it was published after the date asked for."""

    archive: Archive
    snapshot: Snapshot
    pseudo: bool = False


def choose_releases(
    home: Home | None, *, as_of: date, named: Sequence[str] | None
) -> tuple[list[Release], list[Finding]]:
    """Choose the releases to use.

    Parameters
    ----------
    home : Home or None
        Where the archive lies.
    as_of : date
        The date asked for.
    named : sequence of str or None
        Sources asked for by name; None for all that were published by then.

    Raises
    ------
    DataError
        A source was asked for of which nothing was ingested.
    """
    if home is None and not named:
        return [], []
    archive = home.archive if home else None
    names = (
        sorted({s.source for s in archive.snapshots()} - {"chronology"})
        if named is None and archive
        else named
    )
    releases: list[Release] = []
    findings: list[Finding] = []
    for name in names or []:
        get_source(name)
        held = archive.snapshots(name) if archive else []
        known = [s for s in held if s.published_at is not None and s.published_at <= as_of]
        if archive and known:
            releases += [Release(archive, s) for s in _in_force(known)]
        elif archive and held and named is not None:
            newest = max([s for s in held if not _is_candidate(s)] or held, key=_age)
            releases.append(Release(archive, newest, pseudo=True))
            findings.append(_final_vintage(newest, as_of))
        elif named is not None:
            raise DataError(
                f"nothing of the source {name!r} was ingested; run `toguna ingest {name} FILE` first, "
                "with the same --home."
            )
    return releases, findings


def _age(snapshot: Snapshot) -> tuple[date, int, str]:
    return snapshot.published_at or date.min, snapshot.taken, snapshot.sha256


def _is_candidate(snapshot: Snapshot) -> bool:
    return snapshot.source == "ucdp" and len(snapshot.version.split(".")) > 2


def _year(snapshot: Snapshot) -> int:
    first = snapshot.version.split(".")[0]
    return int(first) if first.isdecimal() else 0


def _in_force(known: list[Snapshot]) -> list[Snapshot]:
    """Return the newest yearly release, then the candidates for later years, oldest first."""
    yearly = [s for s in known if not _is_candidate(s)]
    if not yearly:
        return sorted(known, key=_age)
    base = max(yearly, key=_age)
    later = [s for s in known if _is_candidate(s) and _year(s) >= _year(base)]
    newer = {s.version: s for s in sorted(later, key=_age)}
    return [base, *sorted(newer.values(), key=_age)]


def _final_vintage(snapshot: Snapshot, as_of: date) -> Finding:
    when = snapshot.published_at.isoformat() if snapshot.published_at else "an unknown day"
    return Finding(
        "final-vintage",
        "note",
        snapshot.source,
        None,
        "published_at",
        f"version {snapshot.version or 'unknown'}, published {when}",
        f"a release published by {as_of}",
        "Its rows are taken as known on their own last day: read results as pseudo-real-time.",
    )
