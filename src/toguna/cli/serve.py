"""``toguna serve``: open the situation room for a browser."""

from __future__ import annotations

from typing import Annotated

import typer

from toguna.cli.flags import TheatreFlags, verb
from toguna.cli.report import advise
from toguna.cli.view import home_of, theatre_name

__all__ = ["serve"]


@verb
def serve(
    flags: TheatreFlags,
    host: Annotated[
        str, typer.Option("--host", metavar="ADDRESS", help="Address to listen on.")
    ] = "127.0.0.1",
    port: Annotated[
        int, typer.Option("--port", min=0, max=65535, metavar="N", help="Port to listen on.")
    ] = 8420,
    public: Annotated[
        bool, typer.Option("--public-view", help="Let guests read what is public without logging in.")
    ] = False,
) -> None:
    """Open the situation room: pages and data for a browser, until interrupted."""
    import uvicorn

    from toguna.core.dates import parse_date
    from toguna.room.web import RoomSettings, create_app

    settings = RoomSettings(
        home=home_of(flags),
        theatres=(theatre_name(flags),),
        as_of=parse_date(flags.as_of) if flags.as_of else None,
        public_view=public,
    )
    app = create_app(settings)
    advise(f"The room opens at http://{host}:{port}/ (Ctrl-C closes it).", quiet=flags.quiet)
    uvicorn.run(app, host=host, port=port, log_level="warning", server_header=False, access_log=False)
