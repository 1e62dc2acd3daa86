"""Processor time of each address, asked one after the other in this process: ``python -m bench.room.cpu``.

Enters: a home that `bench.room.home` made. Leaves: milliseconds of processor per answer by address, nothing
of which waits for others. It says what an answer costs; what users feel under load is measured by `load`.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import time
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote

from bench.room.home import AS_OF, THEATRE, names_in, prepare_home, sessions_in

__all__ = ["cpu"]


async def _ask(app: Any, path: str, cookie: str) -> tuple[int, int]:
    """Ask the application for one thing; return status and bytes."""
    route, _, query = path.partition("?")
    headers = [(b"host", b"127.0.0.1"), (b"cookie", cookie.encode()), (b"accept-encoding", b"gzip")]
    scope = {
        "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": "GET", "scheme": "http",
        "path": unquote(route), "raw_path": route.encode(), "query_string": query.encode(), "root_path": "",
        "headers": headers, "client": ("127.0.0.1", 1), "server": ("127.0.0.1", 80), "state": {},
    }  # fmt: skip
    told = [0, 0]

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Any) -> None:
        if message["type"] == "http.response.start":
            told[0] = message["status"]
        told[1] += len(message.get("body", b""))

    await app(scope, receive, send)
    return told[0], told[1]


def cpu(home: Path, *, rows: int, times: int = 60, seed: int = 1) -> dict[str, Any]:
    """Ask for every address so many times, after a few that are not counted."""
    from bench.room.__main__ import addresses
    from toguna.room.web import RoomSettings, create_app
    from toguna.store.home import Home

    room = RoomSettings(home=Home(home), theatres=(THEATRE,), as_of=date.fromisoformat(AS_OF), build=False)
    app, users, names = create_app(room), sessions_in(home, 10), names_in(home, rows)
    found: dict[str, Any] = {}

    async def every() -> None:
        for address in addresses(home):
            rng = random.Random(seed)
            mine = [u["cookie"] for u in users if u["role"] in address["roles"]]
            for k in range(-8, times):
                if k == 0:
                    began, wall = time.process_time(), time.perf_counter()
                filled = {name: quote(rng.choice(values), safe="") for name, values in names.items()}
                status, size = await _ask(app, address["path"].format(**filled), rng.choice(mine))
                if status != 200:
                    raise RuntimeError(f"{address['path']}: {status}")
            spent = time.process_time() - began
            found[address["name"]] = {
                "cpu_ms": round(1000 * spent / times, 2),
                "ms": round(1000 * (time.perf_counter() - wall) / times, 2),
                "kb": round(size / 1000, 1),
            }

    asyncio.run(every())
    return found


def main() -> None:
    """Print it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--home", type=Path, required=True)
    parser.add_argument("--rows", type=int, default=400_000)
    parser.add_argument("--times", type=int, default=60)
    args = parser.parse_args()
    prepare_home(args.home, rows=args.rows, seed=20151120)
    for name, told in cpu(args.home, rows=args.rows, times=args.times).items():
        print(f"{name:24}", json.dumps(told))


if __name__ == "__main__":
    main()
