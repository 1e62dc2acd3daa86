"""Put the room together: routes, styles, what happens when something goes wrong.

Enters: `RoomSettings`. Leaves: an ASGI application. Called by ``toguna serve``, tests and benches.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from importlib.resources import files
from pathlib import Path

from fastapi import APIRouter, Depends, FastAPI, Request
from fastapi.routing import RouteContext, iter_route_contexts
from starlette.middleware.body_limit import RequestBodyLimitMiddleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.routing import BaseRoute, Mount

from toguna import __version__
from toguna.accounts.gate import Gate
from toguna.accounts.rights import Principal
from toguna.room.web import answer, api, faults, pages
from toguna.room.web.ask import Room
from toguna.room.web.desk import Desk
from toguna.room.web.security.forgery import refuse_forged
from toguna.room.web.security.headers import Headers
from toguna.room.web.security.limits import BODY, Limits
from toguna.room.web.security.who import door
from toguna.room.web.settings import RoomSettings
from toguna.room.web.static_files import KeptFiles

__all__ = ["create_app", "routes_of"]


def create_app(
    settings: RoomSettings, *, authenticate: Callable[[Request], Principal] | None = None
) -> FastAPI:
    """Make the application.

    Parameters
    ----------
    settings : RoomSettings
        Home, theatres, day.
    authenticate : callable, optional
        Says who a request comes from; tests put their own persons in. Default: sessions and tokens.

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
        title="Toguna",
        version=__version__,
        lifespan=living,
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
    )
    gate = Gate.of(settings.home, settings.clock)
    app.state.room = Room(settings, desk, answer.shelf(), authenticate or door(settings, gate), gate)
    app.state.version = answer.static_version()
    # Routes that take files say their own max_body_size, which then holds instead of this one.
    app.add_middleware(RequestBodyLimitMiddleware, max_body_size=BODY)
    app.state.scripts = answer.scripts_built()
    app.add_middleware(GZipMiddleware, minimum_size=600, compresslevel=5)
    app.add_middleware(TrustedHostMiddleware, allowed_hosts=settings.hosts, www_redirect=False)
    app.add_middleware(Limits, settings=settings)
    app.add_middleware(Headers, settings=settings)  # the outermost: its headers stand on every answer
    static = Path(str(files("toguna.room.web").joinpath("static")))
    app.mount("/static", KeptFiles(directory=static), name="static")
    app.router.routes.extend(_routes_by((*api.ROUTERS, *pages.ROUTERS)))
    faults.install(app)
    return app


_MADE: dict[tuple[int, ...], tuple[Sequence[APIRouter], list[BaseRoute]]] = {}
"""Routes by the routers they are of, which are kept too: no other may come to bear their number."""


def _routes_by(routers: Sequence[APIRouter]) -> list[BaseRoute]:
    """Make and check the routes, once in a process: nothing in them hangs on an application."""
    key = tuple(map(id, routers))
    if key not in _MADE:
        plan = FastAPI(openapi_url=None, docs_url=None, redoc_url=None, dependencies=[Depends(refuse_forged)])
        for router in routers:
            plan.include_router(router)
        _check(plan)
        _MADE[key] = routers, list(plan.routes)
    return _MADE[key][1]


def _check(app: FastAPI) -> None:
    unmarked = [str(route.path) for route in routes_of(app) if not hasattr(route.endpoint, "right")]
    if unmarked:
        raise RuntimeError(f"routes without a right: {', '.join(unmarked)}")


def routes_of(app: FastAPI) -> list[RouteContext]:
    """List every route of an application, those of its routers too; the folder of static files is none."""
    found = list(iter_route_contexts(app.routes))
    return [route for route in found if not isinstance(route.original_route, Mount)]
