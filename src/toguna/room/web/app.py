"""Put the room together: routes, styles, what happens when something goes wrong.

Enters: `RoomSettings`. Leaves: an ASGI application. Called by ``toguna serve``, tests and benches.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from importlib.resources import files
from pathlib import Path

from fastapi import FastAPI, Request
from fastapi.routing import APIRoute
from starlette.middleware.gzip import GZipMiddleware
from starlette.staticfiles import StaticFiles

from toguna import __version__
from toguna.accounts.rights import GUEST, Principal
from toguna.room.web import answer, faults, pages
from toguna.room.web.ask import Room
from toguna.room.web.desk import Desk
from toguna.room.web.settings import RoomSettings

__all__ = ["create_app"]


def _guest(_: Request) -> Principal:
    return GUEST


def create_app(settings: RoomSettings, *, authenticate: Callable[[Request], Principal] = _guest) -> FastAPI:
    """Make the application.

    Parameters
    ----------
    settings : RoomSettings
        Home, theatres, day.
    authenticate : callable
        Says who a request comes from; tests put their own persons in.

    Raises
    ------
    RuntimeError
        A route names no right.
    """
    desk = Desk(settings)

    @asynccontextmanager
    async def living(_: FastAPI) -> AsyncIterator[None]:
        desk.start()
        yield
        desk.close()

    app = FastAPI(
        title="Toguna", version=__version__, lifespan=living, docs_url=None, redoc_url=None, openapi_url=None
    )
    app.state.room = Room(settings, desk, answer.shelf(), authenticate)
    app.state.version = answer.static_version()
    app.add_middleware(GZipMiddleware, minimum_size=600, compresslevel=5)
    static = Path(str(files("toguna.room.web").joinpath("static")))
    app.mount("/static", StaticFiles(directory=static), name="static")
    for router in pages.ROUTERS:
        app.include_router(router)
    faults.install(app)
    _check(app)
    return app


def _check(app: FastAPI) -> None:
    unmarked = [
        route.path
        for route in app.routes
        if isinstance(route, APIRoute) and not hasattr(route.endpoint, "right")
    ]
    if unmarked:
        raise RuntimeError(f"routes without a right: {', '.join(unmarked)}")
