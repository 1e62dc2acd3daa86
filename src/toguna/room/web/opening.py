"""Open the room on a socket, answer until told to end, and let go of connections that only wait.

Enters: an application and where it listens. Leaves: nothing. Called by ``toguna serve``.

What was begun is finished: after SIGTERM or Ctrl-C no new connection is taken, requests under way have
`GRACE` seconds. A sender who does not finish the head of a request within `HEAD` seconds, or lets the body
rest for `QUIET` seconds, is cut off: such connections cost no thread, but a descriptor each.
"""

from __future__ import annotations

import asyncio
import errno
import socket
from pathlib import Path
from typing import Any

import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol

from toguna.core.errors import UsageError

__all__ = ["GRACE", "HEAD", "MOST_CONNECTIONS", "QUIET", "address_of", "answer_until_ended", "listen"]

HEAD, QUIET, GRACE = 20.0, 30.0, 20
"""Seconds; see above."""
KEEP_ALIVE = 30  # seconds: on a slow line a new connection costs three times its delay
MOST_CONNECTIONS = 1000
"""Connections beyond which the answer is 503."""


def listen(host: str, port: int) -> socket.socket:
    """Take a port; 0 takes a free one.

    Raises
    ------
    UsageError
        The address is not one of this machine, or the port is taken or not allowed.
    """
    bare = host.strip("[]")
    try:
        found = socket.getaddrinfo(bare, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
        family, _, _, _, where = found[0]
        taken = socket.socket(family, socket.SOCK_STREAM)
    except OSError as error:
        raise UsageError(
            f"{host} is no address to listen on ({error.strerror}); 127.0.0.1 is this machine."
        ) from None
    try:
        taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        taken.bind(where)
    except OSError as error:
        taken.close()
        raise UsageError(_untaken(host, port, error)) from None
    return taken


def _untaken(host: str, port: int, error: OSError) -> str:
    if error.errno == errno.EADDRINUSE:
        return (
            f"port {port} of {host} is in use, perhaps by another room; "
            "close that one, or choose another with --port N (0 takes a free one)."
        )
    if error.errno in (errno.EACCES, errno.EPERM):
        return f"port {port} may not be opened by this user; choose one from 1024 to 65535 with --port N."
    if error.errno == errno.EADDRNOTAVAIL:
        return f"{host} is no address of this machine; see --host."
    return f"port {port} of {host} cannot be opened ({error.strerror})."


def address_of(taken: socket.socket, *, name: str = "", secure: bool = False) -> str:
    """Return the address to type into a browser, with the port that was taken."""
    host, port = taken.getsockname()[:2]
    shown = name.strip("[]") or str(host)
    shown = f"[{shown}]" if ":" in shown else shown
    return f"{'https' if secure else 'http'}://{shown}:{port}"


class Patience(H11Protocol):
    """A connection that is cut off when its sender does not go on."""

    _cut: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin to wait for the head of a request."""
        super().connection_made(transport)
        self._wait(HEAD)

    def data_received(self, data: bytes) -> None:
        """Take in what came, and wait for what is missing."""
        before = self.cycle
        super().data_received(data)
        if self.cycle is not before or self._body_is_awaited():
            self._wait(QUIET if self._body_is_awaited() else None)
        elif self._is_idle() and self._cut is None and self.timeout_keep_alive_task is None:
            self._wait(HEAD)  # the first bytes of a further request

    def connection_lost(self, exc: Exception | None) -> None:
        """Let go."""
        self._wait(None)
        super().connection_lost(exc)

    def _wait(self, seconds: float | None) -> None:
        if self._cut is not None:
            self._cut.cancel()
        self._cut = None if seconds is None else self.loop.call_later(seconds, self._give_up)

    def _body_is_awaited(self) -> bool:
        return self.cycle is not None and self.cycle.more_body and not self.cycle.response_complete

    def _is_idle(self) -> bool:
        return self.cycle is None or self.cycle.response_complete

    def _give_up(self) -> None:
        self._cut = None
        if self._is_idle() or self._body_is_awaited():
            self.transport.close()


def answer_until_ended(
    app: Any,
    taken: socket.socket,
    *,
    cert: Path | None = None,
    key: Path | None = None,
    behind_proxy: bool = False,
    logging: dict[str, Any] | None = None,
) -> None:
    """Answer requests until SIGTERM or Ctrl-C.

    Parameters
    ----------
    app : ASGI application
        The room.
    taken : socket
        From `listen`; closed at the end.
    cert, key : Path, optional
        Files of TLS (PEM).
    behind_proxy : bool
        Whether to believe a proxy on this machine about who asks.
    logging : dict, optional
        As `logging.config.dictConfig` takes it.
    """
    config = uvicorn.Config(
        app,
        http=Patience,
        ws="none",
        log_config=logging,
        log_level="warning",
        server_header=False,
        access_log=False,
        proxy_headers=behind_proxy,
        forwarded_allow_ips="127.0.0.1,::1",
        ssl_certfile=cert,
        ssl_keyfile=key,
        limit_concurrency=MOST_CONNECTIONS,
        timeout_keep_alive=KEEP_ALIVE,
        timeout_graceful_shutdown=GRACE,
    )
    uvicorn.Server(config).run(sockets=[taken])
