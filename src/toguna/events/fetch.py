"""Fetch a release over the network and take it into the archive, or leave everything as it was.

Enters: a version of UCDP GED, or countries and days of ACLED. Leaves: `Fetched`, the account of the ingestion
with the proof that it is whole. Called by the command line.

The proof is kept in the archive as `SOURCE/proofs/<sha256>.json`, named like the release that it speaks for.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import polars as pl

from toguna.core.errors import StoreError
from toguna.core.progress import Progress
from toguna.events.ingest import Account, ingest
from toguna.sources.acled import SOURCE as ACLED
from toguna.sources.acled_api import AcledApi, Held, Query
from toguna.sources.acled_api import harvest as harvest_acled
from toguna.sources.harvest import Harvest, Proof, write_proof
from toguna.sources.protocol import RawFile
from toguna.sources.ucdp_api import UcdpApi, harvest
from toguna.sources.ucdp_versions import version_of
from toguna.store.home import Home

__all__ = ["Fetched", "fetch", "fetch_acled"]


@dataclass(frozen=True, slots=True)
class Fetched:
    """What came whole, and what was taken in of it."""

    account: Account
    proof: Any

    def as_dict(self) -> dict[str, Any]:
        """Return plain values for JSON."""
        return {"account": self.account.as_dict(), "proof": self.proof.as_dict()}


def fetch(
    version: str,
    home: Home,
    *,
    api: UcdpApi,
    progress: Progress | None = None,
    say: Callable[[str], None] = lambda text: None,
) -> Fetched:
    """Fetch a version of UCDP GED and take it in.

    Parameters
    ----------
    version : str
        As the API names it.
    home : Home
        Where to.
    api : UcdpApi
        Where and how to ask.
    progress : Progress, optional
        Where to tell progress.
    say : callable, optional
        Where to tell what is remarkable.

    Raises
    ------
    FetchError
        It did not come whole; the archive is as it was.
    StoreError
        The home cannot be written, or the same fetch runs already.
    """
    with _told(home):
        got = harvest(
            version, home.path / "fetched", api=api, at_least=_rows(version, home), progress=progress, say=say
        )
        return _take_in("ucdp", got, home, now=api.patient.means.now)


def fetch_acled(
    query: Query,
    home: Home,
    *,
    api: AcledApi,
    progress: Progress | None = None,
    say: Callable[[str], None] = lambda text: None,
) -> Fetched:
    """Fetch events of ACLED and take them in.

    Parameters
    ----------
    query : Query
        Countries and days.
    home : Home
        Where to.
    api : AcledApi
        Where and how to ask.
    progress : Progress, optional
        Where to tell progress.
    say : callable, optional
        Where to tell what is remarkable.

    Raises
    ------
    FetchError
        They did not come whole; the archive is as it was.
    StoreError
        The home cannot be written, or the same fetch runs already.
    """
    with _told(home):
        got = harvest_acled(
            query, home.path / "fetched", api=api, held=_held(query, home), progress=progress, say=say
        )
        return _take_in("acled", got, home, now=api.patient.means.now)


@contextmanager
def _told(home: Home) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise StoreError(f"{home.path} cannot be written: {error.strerror or error}.") from None


def _take_in(
    source: str,
    harvesting: AbstractContextManager[Harvest],
    home: Home,
    *,
    now: Callable[[], datetime],
) -> Fetched:
    with harvesting as got:
        account = ingest(source, got.path, home, now=now())
        if account.snapshot:
            _keep(source, got.proof, home)
            got.clean()
    return Fetched(account, got.proof)


def _rows(version: str, home: Home) -> int:
    """Return the most rows of any release of this version of UCDP GED that is held."""
    told = version_of(f"v{version}")
    return max((s.rows for s in home.archive.snapshots("ucdp") if s.version == told), default=0)


def _held(query: Query, home: Home) -> Held:
    """Return what the newest release of ACLED that answers a question, if only in part, holds of it."""
    releases = [s for s in home.archive.snapshots("acled") if s.published_at]
    for release in sorted(releases, key=lambda s: (s.published_at, s.taken), reverse=True):
        events = ACLED.parse(RawFile(home.archive.read(release)), theatre=None).events
        here = pl.col("country").is_in(query.countries)
        within = events.filter(here & pl.col("date_start").is_between(query.first, query.last))
        if within.height:
            ids = within["event_id"].drop_nulls().str.strip_prefix("acled:")
            return Held(frozenset(ids), release.published_at)
    return Held()


def _keep(source: str, proof: Proof, home: Home) -> None:
    folder = home.archive.root / source / "proofs"
    folder.mkdir(parents=True, exist_ok=True)
    write_proof(proof, folder / f"{proof.sha256}.json")
