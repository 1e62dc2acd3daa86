"""Users who ask a room for pages, in a process of their own: ``python -m bench.room.load < plan.json``.

Enters: a plan (port, users with cookies, addresses, seconds, seconds of thought). Leaves: JSON with every
answer's seconds by address, and every error. Each user has a connection that stays open, asks for one thing
at a time, reads it whole, and thinks before the next. It speaks HTTP by itself: a client library would take
more of the two cores than the server.
"""

from __future__ import annotations

import asyncio
import json
import random
import sys
import time
import zlib
from collections import Counter
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

__all__ = ["Answer", "ask", "run"]

_PATIENCE = 30.0


@dataclass
class Answer:
    """What came back: status, headers by lower-case name, body as sent."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def text(self) -> bytes:
        """The body unpacked."""
        packed = self.headers.get("content-encoding") == "gzip"
        return zlib.decompress(self.body, wbits=31) if packed else self.body


@dataclass
class Tally:
    """What was counted."""

    seconds: dict[str, list[float]] = field(default_factory=dict)
    sizes: dict[str, list[int]] = field(default_factory=dict)
    errors: Counter[str] = field(default_factory=Counter)


async def ask(
    line: tuple[asyncio.StreamReader, asyncio.StreamWriter],
    path: str,
    cookie: str,
    *,
    body: bytes = b"",
    **more: str,
) -> Answer:
    """Ask for one thing on an open connection, and read it whole."""
    reader, writer = line
    head = {
        "Host": "127.0.0.1",
        "Cookie": cookie,
        "Accept-Encoding": "gzip",
        "User-Agent": "toguna-bench",
        **more,
    }
    if body:
        head |= {"Content-Length": str(len(body)), "Content-Type": "application/x-www-form-urlencoded"}
    said = "".join(f"{name}: {value}\r\n" for name, value in head.items())
    writer.write(f"{'POST' if body else 'GET'} {path} HTTP/1.1\r\n{said}\r\n".encode() + body)
    top = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
    headers = {name.lower(): value for name, _, value in (h.partition(": ") for h in top[1:] if h)}
    status = int(top[0].split(" ")[1])
    if headers.get("transfer-encoding") == "chunked":
        return Answer(status, headers, await _chunks(reader))
    return Answer(status, headers, await reader.readexactly(int(headers.get("content-length", "0"))))


async def _chunks(reader: asyncio.StreamReader) -> bytes:
    parts = []
    while size := int(await reader.readline(), 16):
        parts.append(await reader.readexactly(size))
        await reader.readexactly(2)
    await reader.readexactly(2)
    return b"".join(parts)


async def _user(plan: dict[str, Any], number: int, tally: Tally, ends: float) -> None:
    """Ask until the time is over."""
    user, rng = plan["users"][number % len(plan["users"])], random.Random(plan["seed"] + number)
    mine = [a for a in plan["addresses"] if user["role"] in a["roles"]]
    shares = [a["share"] for a in mine]
    await asyncio.sleep(rng.random() * max(plan["thought"], 0.2))
    line = None
    while time.monotonic() < ends:
        chosen = rng.choices(mine, shares)[0]
        filled = {name: quote(rng.choice(values), safe="") for name, values in plan["names"].items()}
        started = time.perf_counter()
        try:
            line = line or await asyncio.open_connection("127.0.0.1", plan["port"])
            got = await asyncio.wait_for(
                ask(line, chosen["path"].format(**filled), user["cookie"]), _PATIENCE
            )
            fault = "" if got.status == 200 and got.body else f"status {got.status}"
        except (OSError, EOFError, TimeoutError, ValueError) as error:
            fault, line = type(error).__name__, None
        if fault:
            tally.errors[f"{chosen['name']}: {fault}"] += 1
        else:
            tally.seconds.setdefault(chosen["name"], []).append(time.perf_counter() - started)
            tally.sizes.setdefault(chosen["name"], []).append(len(got.body))
        if plan["thought"]:
            await asyncio.sleep(rng.uniform(0.5, 1.5) * plan["thought"])


async def run(plan: dict[str, Any]) -> dict[str, Any]:
    """Let every user ask until the time is over."""
    tally, started = Tally(), time.monotonic()
    ends = started + plan["seconds"]
    await asyncio.gather(*(_user(plan, n, tally, ends) for n in range(plan["at_once"])))
    return {
        "seconds": time.monotonic() - started,
        "asked": tally.seconds,
        "bytes": {name: sorted(sizes)[len(sizes) // 2] for name, sizes in tally.sizes.items()},
        "errors": dict(tally.errors),
    }


if __name__ == "__main__":
    json.dump(asyncio.run(run(json.load(sys.stdin))), sys.stdout)
