"""``toguna fetch SOURCE``: fetch a release over the network, whole or not at all."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from toguna.cli.flags import Common, verb
from toguna.cli.report import advise, leave, print_findings, print_json
from toguna.cli.view import home_of, progress_of

if TYPE_CHECKING:
    from toguna.events.fetch import Fetched
    from toguna.sources.acled_login import Credentials
    from toguna.store.home import Home

__all__ = ["fetch"]

LOGIN_FILE = "acled-login.toml"
_FETCHED = ("acled", "ucdp")


@dataclass(frozen=True, kw_only=True)
class FetchFlags(Common):
    """What is fetched."""

    version: Annotated[
        str, typer.Option("--version", metavar="VERSION", help="ucdp: release, for example 25.1 or 26.0.7.")
    ] = ""
    country: Annotated[
        list[str] | None,
        typer.Option("--country", metavar="ISO3", help="acled: a country, as MLI; may be repeated."),
    ] = None
    since: Annotated[
        str, typer.Option("--from", metavar="DATE", help="acled: first day of events (YYYY-MM-DD).")
    ] = ""
    until: Annotated[str, typer.Option("--to", metavar="DATE", help="acled: last day of events.")] = ""
    page_size: Annotated[
        int | None,
        typer.Option(
            "--page-size",
            min=2,
            max=100_000,
            metavar="ROWS",
            help="Rows to ask for at a time. Default: 1000 (ucdp), 5000 (acled).",
        ),
    ] = None
    token_env: Annotated[
        str, typer.Option("--token-env", metavar="NAME", help="ucdp: variable that holds the access token.")
    ] = "UCDP_ACCESS_TOKEN"


@verb
def fetch(
    flags: FetchFlags,
    source: Annotated[str, typer.Argument(metavar="SOURCE", help="Source to fetch: ucdp or acled.")],
) -> None:
    """Fetch a release over the network and take it in.

    It is taken in only when it is proven whole; else everything stays as it was.
    """
    from toguna.core.errors import UnknownNameError

    if source not in _FETCHED:
        raise UnknownNameError("source to fetch", source, _FETCHED)
    _only_own(source, flags)
    fetched = _ucdp(flags) if source == "ucdp" else _acled(flags)
    if flags.json:
        print_json(fetched.as_dict())
    else:
        _tell(fetched, quiet=flags.quiet)
    leave(fetched.account.findings)


def _only_own(source: str, flags: FetchFlags) -> None:
    """Refuse flags of the other source: a period for UCDP would be ignored without a word."""
    from toguna.core.errors import UsageError

    given = {
        "--version": flags.version,
        "--country": flags.country,
        "--from": flags.since,
        "--to": flags.until,
    }
    own = ("--version",) if source == "ucdp" else ("--country", "--from", "--to")
    lacking = [name for name in own if not given[name]]
    foreign = [name for name in given if name not in own and given[name]]
    if foreign:
        raise UsageError(f"{', '.join(foreign)} cannot be said of {source}.")
    if lacking:
        raise UsageError(f"say {', '.join(lacking)} too: see `toguna fetch --help`.")


def _ucdp(flags: FetchFlags) -> Fetched:
    from toguna.core.errors import UsageError
    from toguna.events.fetch import fetch as fetch_whole
    from toguna.sources.patient import Patient
    from toguna.sources.ucdp_api import ADDRESS, UcdpApi

    token = os.environ.get(flags.token_env, "").strip()
    if not token:
        raise UsageError(
            f"the variable {flags.token_env} holds no access token; https://ucdp.uu.se/apidocs/ says how to "
            "get one. Without a token take the file of https://ucdp.uu.se/downloads/ and `toguna ingest`."
        )
    with _client() as http:
        api = UcdpApi(
            Patient(http), token, os.environ.get("TOGUNA_UCDP_API") or ADDRESS, flags.page_size or 1000
        )
        return fetch_whole(
            flags.version,
            home_of(flags),
            api=api,
            progress=progress_of(flags),
            say=lambda text: advise(text, quiet=flags.quiet),
        )


def _acled(flags: FetchFlags) -> Fetched:
    from toguna.events.fetch import fetch_acled
    from toguna.sources.acled_api import ADDRESS, AcledApi, Query
    from toguna.sources.acled_login import Login
    from toguna.sources.patient import Patient

    countries = tuple(code.strip().upper() for code in flags.country or ())
    query = Query(countries, _day("--from", flags.since), _day("--to", flags.until))
    home = home_of(flags)
    address = os.environ.get("TOGUNA_ACLED_API") or ADDRESS
    credentials = _credentials(home, may_ask=not flags.json and sys.stdin.isatty())
    with _client() as http:
        patient = Patient(http)
        return fetch_acled(
            query,
            home,
            api=AcledApi(patient, Login(patient, credentials, address), address, flags.page_size or 5000),
            progress=progress_of(flags),
            say=lambda text: advise(text, quiet=flags.quiet),
        )


def _day(flag: str, text: str) -> date:
    from toguna.core.errors import UsageError

    try:
        return date.fromisoformat(text)
    except ValueError:
        raise UsageError(f"{flag} {text!r} is no day; write YYYY-MM-DD.") from None


def _credentials(home: Home, *, may_ask: bool) -> Credentials:
    """Take the login from the environment, from a file of the home, or ask; never from the command line."""
    from toguna.core.errors import UsageError
    from toguna.sources.acled_login import Credentials, read_login_file

    names = ("ACLED_USERNAME", "ACLED_PASSWORD", "ACLED_REFRESH_TOKEN")
    told = Credentials(*(os.environ.get(name, "").strip() for name in names))
    if told.usable:
        return told
    file: Path = home.path / LOGIN_FILE
    if file.is_file():
        return read_login_file(file)
    if not may_ask:
        raise UsageError(
            f"no login for ACLED: set {names[0]} and {names[1]} (or {names[2]}), or write username and "
            f"password into {file} (`chmod 600`). An account is had at https://acleddata.com/register."
        )
    username = typer.prompt("myACLED user name (e-mail)", err=True)
    return Credentials(username, typer.prompt("password", hide_input=True, err=True))


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
    if account.source == "acled":
        _tell_recount(proof)
    counts = f"read {account.read} = accepted {account.accepted} + quarantined {account.quarantined}"
    print(f"{account.source} {account.version}: {counts}")
    print_findings(account.findings, quiet=quiet)


def _tell_recount(proof: Any) -> None:
    parts = [
        f"{country} {sum(w['rows'] for w in windows.values())} in {len(windows)} parts"
        for country, windows in proof.recounted.items()
    ]
    print(f"counted again by the server, alike: {'; '.join(parts)}")
    if proof.held_before:
        print(
            f"of {proof.held_before} events held before: withdrawn by ACLED {proof.withdrawn}, gone "
            f"otherwise {proof.vanished}"
        )
