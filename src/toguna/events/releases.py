"""Which archived releases speak for a date.

Enters: the archive and a date. Leaves: lines of releases, oldest first, and findings. Called by
`toguna.events.gather`, `toguna.events.revisions` and `toguna.events.completeness`.

Releases of one source and series are one line. How they follow one another is the source's own word
(`toguna.sources.protocol.succession_of`):

- "whole": the newest final release stands for all before it. Preliminary releases add the days after the term
  of the final one ("annual-first"), or whatever they tell ("newest-wins").
- "coverage", "cumulative": all releases known by the date count; which telling of an event wins is worked
  out row by row in `toguna.events.succession`.

Releases are ranked by their day of publication; of two of the same day the one taken in last is the
correction. Otherwise the order of ingestion means nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from toguna.core.errors import DataError
from toguna.core.findings import Finding
from toguna.core.types import Snapshot
from toguna.events.freshness import suspicions
from toguna.sources import get_source
from toguna.sources.protocol import Source, Succession, Term, succession_of, term_of
from toguna.store.archive import Archive
from toguna.store.home import Home

__all__ = ["Line", "Release", "choose_releases", "lines_of"]


@dataclass(frozen=True, slots=True)
class Release:
    """One release; `pseudo` when it was published after the date asked for."""

    archive: Archive
    snapshot: Snapshot
    term: Term | None = None
    pseudo: bool = False

    @property
    def preliminary(self) -> bool:
        """Whether a final release of the same days is to follow."""
        return self.term is not None and self.term.preliminary


@dataclass(frozen=True, slots=True)
class Line:
    """Releases that follow one another, oldest first."""

    source: Source
    series: str
    succession: Succession
    releases: tuple[Release, ...]

    @property
    def name(self) -> str:
        """Name of the source, with the series where a source has several."""
        return f"{self.source.name}:{self.series}" if self.series else self.source.name


def lines_of(home: Home, name: str, *, as_of: date) -> list[Line]:
    """Return everything held of a source that was published by a date, line by line."""
    return [line for line, known in _lines(home.archive, name, as_of) if known]


def choose_releases(
    home: Home | None, *, as_of: date, named: Sequence[str] | None, rule: str = "annual-first"
) -> tuple[list[Line], list[Finding]]:
    """Choose the releases to use.

    Parameters
    ----------
    home : Home or None
        Where the archive lies.
    as_of : date
        The date asked for.
    named : sequence of str or None
        Sources asked for by name; None for all that were published by then.
    rule : {"annual-first", "newest-wins"}
        See `toguna.events.viewpoint.Viewpoint`.

    Raises
    ------
    DataError
        A source was asked for of which nothing was ingested.
    """
    archive = home.archive if home else None
    names: Sequence[str] = named or ()
    if named is None and archive:
        names = sorted({s.source for s in archive.snapshots()} - {"chronology"})
    chosen: list[Line] = []
    findings: list[Finding] = []
    for name in names:
        get_source(name)
        lines = _lines(archive, name, as_of) if archive else []
        if not lines and named is not None:
            raise DataError(
                f"nothing of the source {name!r} was ingested; run `toguna ingest {name} FILE` first, "
                "with the same --home."
            )
        for line, known in lines:
            if known:  # records of what came after the date would tell of it
                findings += suspicions(
                    [(r.snapshot, r.term) for r in line.releases], whole=line.succession == "whole"
                )
            elif named is None:
                continue
            used = _in_force(line, rule)
            chosen.append(used)
            findings += [_final_vintage(line.name, r.snapshot, as_of) for r in used.releases if r.pseudo]
    return chosen, findings


def _lines(archive: Archive, name: str, as_of: date) -> list[tuple[Line, bool]]:
    """Return the lines of a source: what was known by the date, else what is held, and which of the two."""
    source = get_source(name)
    held: dict[str, list[Snapshot]] = {}
    for snapshot in sorted(archive.snapshots(name), key=_age):
        held.setdefault(snapshot.series, []).append(snapshot)
    lines = []
    for series, snapshots in sorted(held.items()):
        known = [s for s in snapshots if s.published_at is not None and s.published_at <= as_of]
        releases = tuple(
            Release(archive, s, term_of(source, s.version), pseudo=not known) for s in known or snapshots
        )
        lines.append((Line(source, series, succession_of(source, series), releases), bool(known)))
    return lines


def _age(snapshot: Snapshot) -> tuple[date, int, str]:
    return snapshot.published_at or date.min, snapshot.taken, snapshot.sha256


def _in_force(line: Line, rule: str) -> Line:
    """Leave out the releases of which nothing can count."""
    if line.succession != "whole":
        return line
    final = [r for r in line.releases if not r.preliminary]
    early = list({r.snapshot.version: r for r in line.releases if r.preliminary}.values())
    if final and final[-1].pseudo:
        early = []  # of a line that came later only the final word is used
    base = final[-1:]
    if base and rule == "annual-first":
        early = [r for r in early if _after(r.term, base[0].term)]
    used = sorted([*base, *early], key=lambda r: _age(r.snapshot))
    if not base and used and used[0].pseudo:
        used = used[-1:]
    return Line(line.source, line.series, line.succession, tuple(used))


def _after(early: Term | None, final: Term | None) -> bool:
    """Whether a preliminary release reaches beyond the days that the final one settles."""
    if early is None or final is None or early.last is None or final.last is None:
        return True
    return early.last > final.last


def _final_vintage(name: str, snapshot: Snapshot, as_of: date) -> Finding:
    when = snapshot.published_at.isoformat() if snapshot.published_at else "an unknown day"
    return Finding(
        "final-vintage",
        "note",
        name,
        None,
        "published_at",
        f"version {snapshot.version or 'unknown'}, published {when}",
        f"a release published by {as_of}",
        "Its rows are taken as known on their own last day: read results as pseudo-real-time.",
    )
