"""The last day that the releases of each source cover, so that empty months after it are no lull.

Enters: the archive and a date. Leaves: a day by source. Called by `toguna.room`; forecasts begin after it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from toguna.events.releases import Line, choose_releases
from toguna.store.home import Home

__all__ = ["reach_by_source"]


def reach_by_source(
    home: Home | None, *, as_of: date, named: Sequence[str] | None, rule: str = "annual-first"
) -> dict[str, date]:
    """Say up to which day each source has been released by a date.

    Parameters
    ----------
    home : Home or None
        Where the archive lies.
    as_of : date
        Nothing published later is looked at; of a source that is named and came out later as a whole the days
        up to `as_of` count ("final vintage, pseudo-real-time").
    named : sequence of str or None
        As for `toguna.events.gather.gather`.
    rule : {"annual-first", "newest-wins"}
        See `toguna.events.viewpoint.Viewpoint`.

    Returns
    -------
    dict of str to date
        By source. The publisher's word where it gives one; else the day on which the newest release came out:
        nothing later can be in it. Between releases that leave days out the last day before the gap counts.
        The chronology of a theatre has no releases and is not here.
    """
    asked = None if named is None else [name for name in named if name != "chronology"]
    lines, _ = choose_releases(home, as_of=as_of, named=asked, rule=rule)
    found = {line.name: _reach(line, as_of) for line in lines}
    return {name: day for name, day in found.items() if day is not None}


def _reach(line: Line, as_of: date) -> date | None:
    end: date | None = None
    for first, last in sorted(_terms(line, as_of), key=lambda days: days[1]):
        if end is not None and first is not None and first > end + timedelta(days=1):
            break
        end = last
    return end


def _terms(line: Line, as_of: date) -> list[tuple[date | None, date]]:
    """First and last day of each release; none of a release that came later and does not tell its days."""
    out = []
    for release in line.releases:
        published = None if release.pseudo else release.snapshot.published_at
        first, last = (release.term.first, release.term.last) if release.term else (None, None)
        end = last or published
        if end is not None:
            out.append((first, min(end, as_of)))
    return out
