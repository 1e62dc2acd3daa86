"""``toguna serve``: open the situation room for a browser."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from toguna.cli.flags import TheatreFlags, verb
from toguna.cli.report import advise, print_findings
from toguna.cli.view import home_of, theatre_name

if TYPE_CHECKING:
    from toguna.accounts.identity import Window
    from toguna.room.web.security.listening import Listening
    from toguna.store.home import Home

__all__ = ["serve"]


@dataclass(frozen=True, kw_only=True)
class ServeFlags(TheatreFlags):
    """Flags of the room: where it listens, and how browsers reach it."""

    host: Annotated[str, typer.Option("--host", metavar="ADDRESS", help="Address to listen on.")] = (
        "127.0.0.1"
    )
    port: Annotated[int, typer.Option("--port", min=0, max=65535, metavar="N", help="Port to listen on.")] = (
        8420
    )
    public_view: Annotated[
        bool, typer.Option("--public-view", help="Let guests read what is public without logging in.")
    ] = False
    tls_cert: Annotated[
        Path | None, typer.Option("--tls-cert", metavar="FILE", help="Certificate of this server (PEM).")
    ] = None
    tls_key: Annotated[
        Path | None, typer.Option("--tls-key", metavar="FILE", help="Key of the certificate (PEM).")
    ] = None
    behind_proxy: Annotated[
        bool,
        typer.Option("--behind-proxy", help="A reverse proxy on this machine has TLS and tells who asks."),
    ] = False
    provider: Annotated[
        Path | None,
        typer.Option("--provider", metavar="FILE", help="An identity provider for log-in (OpenID Connect)."),
    ] = None
    insecure_network: Annotated[
        bool,
        typer.Option("--insecure-network", help="Listen to a network without TLS: others can read along."),
    ] = False
    allow_host: Annotated[
        list[str] | None,
        typer.Option("--allow-host", metavar="NAME", help="Name the room is called by; may be repeated."),
    ] = None
    tiles: Annotated[
        str | None,
        typer.Option("--tiles", metavar="URL", help="Map tiles ({z}, {x}, {y}) to lay under the outlines."),
    ] = None


@verb
def serve(flags: ServeFlags) -> None:
    """Open the situation room: pages and data for a browser, until interrupted.

    The first start prints a one-time link that makes the first administrator.
    """
    from toguna.core.dates import parse_date
    from toguna.core.language import Language
    from toguna.room.web import RoomSettings, create_app
    from toguna.room.web.opening import address_of, answer_until_ended, listen
    from toguna.room.web.security.listening import hosts_of
    from toguna.room.web.security.secrets_in_logs import logging_config

    listening = _listening(flags)
    listening.check()
    settings = RoomSettings(
        home=home_of(flags),
        theatres=(theatre_name(flags),),
        as_of=parse_date(flags.as_of) if flags.as_of else None,
        public_view=flags.public_view,
        tiles=flags.tiles,
        secure=listening.secure,
        behind_proxy=listening.behind_proxy,
        provider=_window(flags.provider),
        hosts=hosts_of(listening, tuple(flags.allow_host or ())),
    )
    print_findings(settings.home.sealing_key()[1], quiet=flags.quiet)
    app = create_app(settings)
    with listen(flags.host, flags.port) as taken:
        name = next(iter(flags.allow_host or ()), flags.host)
        address = address_of(taken, name=name, secure=listening.secure)
        opens = Language(flags.lang)("The room opens at {address} (Ctrl-C closes it).", address=f"{address}/")
        advise(opens, quiet=flags.quiet)
        _say_first_link(settings.home, address, flags.lang)
        answer_until_ended(
            app,
            taken,
            cert=listening.cert,
            key=listening.key,
            behind_proxy=listening.behind_proxy,
            logging=logging_config(),
        )


def _listening(flags: ServeFlags) -> Listening:
    from toguna.room.web.security.listening import Listening

    return Listening(
        host=flags.host,
        cert=flags.tls_cert,
        key=flags.tls_key,
        behind_proxy=flags.behind_proxy,
        insecure=flags.insecure_network,
    )


def _window(path: Path | None) -> Window | None:
    if path is None:
        return None
    from toguna.accounts.identity import Window
    from toguna.accounts.provider import read_provider

    return Window(read_provider(path))


def _say_first_link(home: Home, address: str, lang: str) -> None:
    """Print the link of the first administrator, where there is none yet; --quiet does not hide it."""
    from toguna.accounts.gate import Gate
    from toguna.accounts.links import first_link
    from toguna.core.language import Language

    gate = Gate.of(home)
    with gate.register.write() as session:
        token = first_link(session, gate.now())
    if token is not None:
        print(
            Language(lang)(
                "There is no administrator yet. This link makes one; it works once, for 24 hours:"
            ),
            file=sys.stderr,
        )
        # in English the browser's own language decides, which the account then keeps
        print(f"  {address}/link/{token}{'' if lang == 'en' else f'?lang={lang}'}", file=sys.stderr)
