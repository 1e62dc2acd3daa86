"""``toguna fetch ucdp --version 25.1``: fetch a release over the network, whole or not at all."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Annotated, Any

import typer

from toguna.cli.flags import Common, verb
from toguna.cli.report import advise, leave, print_findings, print_json
from toguna.cli.view import home_of, progress_of

if TYPE_CHECKING:
    from toguna.events.fetch import Fetched

__all__ = ["fetch"]

_FETCHED = ("ucdp",)


@verb
def fetch(
    flags: Common,
    source: Annotated[str, typer.Argument(metavar="SOURCE", help="Source to fetch: ucdp.")],
    version: Annotated[
        str, typer.Option("--version", metavar="VERSION", help="Release, for example 25.1 or 26.0.7.")
    ],
    page_size: Annotated[
        int,
        typer.Option("--page-size", min=1, max=100_000, metavar="ROWS", help="Rows to ask for at a time."),
    ] = 1000,
    token_env: Annotated[
        str, typer.Option("--token-env", metavar="NAME", help="Variable that holds the access token.")
    ] = "UCDP_ACCESS_TOKEN",
) -> None:
    """Fetch a release over the network and take it in.

    The release is taken in only when it is proven whole; else everything stays as it was.
    """
    from toguna.core.errors import UnknownNameError, UsageError
    from toguna.events.fetch import fetch as fetch_whole
    from toguna.sources.patient import Patient
    from toguna.sources.ucdp_api import ADDRESS, UcdpApi

    if source not in _FETCHED:
        raise UnknownNameError("source to fetch", source, _FETCHED)
    token = os.environ.get(token_env, "").strip()
    if not token:
        raise UsageError(
            f"the variable {token_env} holds no access token; https://ucdp.uu.se/apidocs/ says how to get "
            "one. Without a token take the file of https://ucdp.uu.se/downloads/ and `toguna ingest`."
        )
    with _client() as http:
        api = UcdpApi(Patient(http), token, os.environ.get("TOGUNA_UCDP_API") or ADDRESS, page_size)
        fetched = fetch_whole(
            version,
            home_of(flags),
            api=api,
            progress=progress_of(flags),
            say=lambda text: advise(text, quiet=flags.quiet),
        )
    if flags.json:
        print_json(fetched.as_dict())
    else:
        _tell(fetched, quiet=flags.quiet)
    leave(fetched.account.findings)


def _client() -> Any:
    import httpx

    from toguna import __version__

    return httpx.Client(timeout=httpx.Timeout(30.0), headers={"user-agent": f"toguna/{__version__}"})


def _tell(fetched: Fetched, *, quiet: bool) -> None:
    account, proof = fetched.account, fetched.proof
    if account.status == "already-held":
        advise("These very rows are in the archive already: nothing changed.", quiet=quiet)
    deaths = f"deaths {proof.deaths.best} ({proof.deaths.low}-{proof.deaths.high})"
    print(
        f"whole: announced {proof.announced_total} = received {proof.rows} = different ids "
        f"{proof.distinct_ids}; pages {proof.pages} of {proof.page_size_asked}; {deaths}; "
        f"requests {proof.requests}, retries {proof.retries}"
    )
    counts = f"read {account.read} = accepted {account.accepted} + quarantined {account.quarantined}"
    print(f"{account.source} {account.version}: {counts}")
    print_findings(account.findings, quiet=quiet)
