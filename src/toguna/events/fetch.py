"""Fetch a version of UCDP GED and take it into the archive, or leave everything as it was.

Enters: a version. Leaves: `Fetched`, the account of the ingestion with the proof that it is whole. Called by
the command line.

The proof is kept in the archive as `ucdp/proofs/<sha256>.json`, named like the release that it speaks for.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from toguna.core.errors import StoreError
from toguna.core.progress import Progress
from toguna.events.ingest import Account, ingest
from toguna.sources.ucdp_api import Harvest, UcdpApi, harvest
from toguna.sources.ucdp_api_pages import write_atomically
from toguna.sources.ucdp_api_proof import Proof
from toguna.sources.ucdp_versions import version_of
from toguna.store.home import Home

__all__ = ["Fetched", "fetch"]

_SOURCE = "ucdp"


@dataclass(frozen=True, slots=True)
class Fetched:
    """A version that came whole, and what was taken in of it."""

    account: Account
    proof: Proof

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
    """Fetch a version and take it in.

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
    try:
        with harvest(
            version,
            home.path / "fetched",
            api=api,
            at_least=_held(version, home),
            progress=progress,
            say=say,
        ) as got:
            account = ingest(_SOURCE, got.path, home, now=api.patient.means.now())
            if account.snapshot:
                _keep(got, home)
                got.clean()
    except OSError as error:
        raise StoreError(f"{home.path} cannot be written: {error.strerror or error}.") from None
    return Fetched(account, got.proof)


def _held(version: str, home: Home) -> int:
    """Return the most rows of any release of this version that is held."""
    told = version_of(f"v{version}")
    return max((s.rows for s in home.archive.snapshots(_SOURCE) if s.version == told), default=0)


def _keep(got: Harvest, home: Home) -> None:
    folder = home.archive.root / _SOURCE / "proofs"
    folder.mkdir(parents=True, exist_ok=True)
    text = json.dumps(got.proof.as_dict(), indent=1, ensure_ascii=False) + "\n"
    write_atomically(folder / f"{got.proof.sha256}.json", text.encode())
