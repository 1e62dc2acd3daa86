"""Fetch one page from an address, if the user allows its host, and from no network of our own.

Enters: an address and the hosts that are allowed. Leaves: bytes, the ending they are to be read by, and the
address they came from. Called by `toguna.reading.intake`.

An address is words of somebody else, and so is a redirect. Each is checked: http or https, a host on the
list, every number that the host's name stands for a public one; and the connection goes to the number that
was checked, so that a name that changes its meaning meanwhile leads nowhere. robots.txt is heeded.
"""

from __future__ import annotations

import asyncio
import ipaddress
import socket
from collections.abc import Callable
from dataclasses import dataclass
from urllib.robotparser import RobotFileParser

import httpx

from toguna import __version__
from toguna.core.errors import FieldError, NoAnswerError
from toguna.core.language import in_every_language
from toguna.reading.documents import MOST_BYTES
from toguna.reading.kinds import TYPES
from toguna.reading.refusals import refusal

__all__ = ["AGENT", "Fetched", "Web", "fetched", "host_of", "is_public"]

AGENT = f"toguna/{__version__} (one page at a time, asked for by a person)"
_MOST_REDIRECTS, _MOST_ROBOTS = 5, 500_000
_MOVED = (301, 302, 303, 307, 308)
_NAT64 = ipaddress.ip_network("64:ff9b::/96")
_UNICAST = ipaddress.ip_network("2000::/3")


def _resolved(host: str, port: int) -> list[str]:
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(row[4][0]) for row in found))


@dataclass(frozen=True)
class Web:
    """How addresses are asked.

    Parameters
    ----------
    hosts : frozenset of str
        Names that may be asked, as `host_of` writes them; nothing under or beside them.
    deadline : float
        Seconds for everything: redirects, robots.txt, the whole body however slowly it drips.
    resolve : callable
        (host, port) -> numbers that it stands for.
    transport : httpx.AsyncBaseTransport, optional
        For tests; else the network, with no proxy between: a proxy would look names up again.
    """

    hosts: frozenset[str]
    deadline: float = 30.0
    resolve: Callable[[str, int], list[str]] = _resolved
    transport: httpx.AsyncBaseTransport | None = None


@dataclass(frozen=True, slots=True)
class Fetched:
    """A body, the ending it is to be read by, and the address that it came from in the end."""

    data: bytes
    ending: str
    address: str


def host_of(name: str) -> str:
    """Write the name of a host as it is compared: lower case, ASCII, no dot at the end.

    Raises
    ------
    FieldError
        It is more than a name ("https://...", "*.org", "a/b").

    Examples
    --------
    >>> host_of("Journal.Example.")
    'journal.example'
    """
    try:
        host = httpx.URL(f"https://{name}").raw_host.decode().rstrip(".").lower()
    except (httpx.InvalidURL, UnicodeError):
        host = ""
    if not host or any(sign in name for sign in "/@*?#% ") or (":" in name and ":" not in host):
        raise FieldError(
            "allow_host",
            in_every_language("{name} is no name of a host; expected one like www.example.org.", name=name),
        )
    return host


def is_public(number: str) -> bool:
    """Whether a number of the Internet Protocol is a public one, also when one hides in another.

    Examples
    --------
    >>> [is_public(n) for n in ("1.1.1.1", "10.0.0.1", "169.254.169.254", "::ffff:127.0.0.1", "224.0.0.1")]
    [True, False, False, False, False]
    """
    try:
        ip = ipaddress.ip_address(number)
    except ValueError:  # with a zone, as fe80::1%eth0
        return False
    if ip.is_multicast or not ip.is_global:
        return False
    if isinstance(ip, ipaddress.IPv4Address):
        return True
    hidden = [ip.ipv4_mapped, ip.sixtofour, *(ip.teredo or ())]
    if ip in _NAT64:
        return is_public(str(ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)))
    return ip in _UNICAST and not any(hidden)


def fetched(address: str, web: Web) -> Fetched:
    """Fetch one page. Not to be called from inside an event loop.

    Raises
    ------
    FieldError
        The host is not allowed, or the address is none of http or https.
    NoAnswerError
        It leads to a network of our own; robots.txt forbids it; it answers with an error, with nothing that
        is read, with too much, too slowly, or not at all.
    """
    try:
        return asyncio.run(_in_time(address, web))
    except TimeoutError:
        said = in_every_language(
            "{address} took longer than {n} s. Save the page and give the file.",
            address=address,
            n=web.deadline,
        )
    except (httpx.HTTPError, httpx.InvalidURL, OSError) as error:
        said = in_every_language(
            "{address} does not answer ({why}). Look whether it is right, or save the page and give the "
            "file.",
            address=address,
            why=type(error).__name__,
        )
    raise NoAnswerError(said)


async def _in_time(address: str, web: Web) -> Fetched:
    headers = {"user-agent": AGENT, "accept": ", ".join(TYPES), "accept-encoding": "identity"}
    async with (
        asyncio.timeout(web.deadline),
        httpx.AsyncClient(
            transport=web.transport,
            headers=headers,
            trust_env=False,
            timeout=10.0,
            limits=httpx.Limits(max_keepalive_connections=0),  # a connection is for one host, not one number
        ) as client,
    ):
        url = _checked(httpx.URL(address), web)
        await _heed_robots(client, url, web)
        answer = await _walk(client, url, web, MOST_BYTES)
    if answer.status != 200:
        raise NoAnswerError(
            in_every_language(
                "{address} answers with status {status}; expected 200. Save the page and give the file.",
                address=address,
                status=str(answer.status),
            )
        )
    if answer.kind not in TYPES:
        raise NoAnswerError(
            in_every_language(
                "{address} is of the type {kind}; expected one of {known}.",
                address=address,
                kind=answer.kind or "?",
                known=", ".join(TYPES),
            )
        )
    return Fetched(answer.body, TYPES[answer.kind], str(answer.url))


def _checked(url: httpx.URL, web: Web, came: httpx.URL | None = None) -> httpx.URL:
    """Return an address that may be asked: by its scheme and the name of its host."""
    if url.scheme not in ("http", "https") or not url.host or url.userinfo:
        raise FieldError(
            "what",
            in_every_language(
                "{address} cannot be fetched; expected an address of http or https with a host and "
                "without a password.",
                address=str(came or url.copy_with(userinfo=b"")),
            ),
        )
    if came is not None and came.scheme == "https" and url.scheme == "http":
        raise NoAnswerError(
            in_every_language("{address} leads from https to http, which is not followed.", address=str(came))
        )
    host = host_of(url.raw_host.decode())
    if host not in web.hosts:
        raise FieldError(
            "allow_host",
            in_every_language(
                "{address}: the host {host} is not allowed. If you trust it, add --allow-host {host}, or "
                "name it in home.toml ([reading] allow_hosts).",
                address=str(came or url),
                host=host,
            ),
        )
    return url.copy_with(fragment=None)


@dataclass(frozen=True, slots=True)
class _Answer:
    url: httpx.URL
    status: int
    kind: str
    body: bytes
    leads: str = ""


async def _walk(client: httpx.AsyncClient, url: httpx.URL, web: Web, most: int) -> _Answer:
    """Follow an address to its end; every step is checked like the first."""
    for _ in range(_MOST_REDIRECTS + 1):
        answer = await _ask(client, url, web, most)
        if not answer.leads:
            return answer
        url = _checked(url.join(answer.leads), web, url)
    raise NoAnswerError(
        in_every_language(
            "{address} leads on more than {n} times; give the address it ends at.",
            address=str(url),
            n=_MOST_REDIRECTS,
        )
    )


async def _ask(client: httpx.AsyncClient, url: httpx.URL, web: Web, most: int) -> _Answer:
    numbers = web.resolve(url.host, url.port or (443 if url.scheme == "https" else 80))
    if not numbers or not all(map(is_public, numbers)):
        raise NoAnswerError(
            in_every_language(
                "{address} leads to {numbers}, which is no public address; nothing was asked.",
                address=str(url),
                numbers=", ".join(numbers) or "?",
            )
        )
    for left, number in enumerate(numbers, start=1 - len(numbers)):
        try:
            return await _at(client, url, number, most)
        except (httpx.ConnectError, httpx.ConnectTimeout):
            if not left:
                raise
    raise AssertionError("a host has at least one number")


async def _at(client: httpx.AsyncClient, url: httpx.URL, number: str, most: int) -> _Answer:
    """Ask the number that was checked, in the name of the host; its certificate must be of that name."""
    request = client.build_request(
        "GET",
        url.copy_with(host=number),
        headers={"host": url.netloc.decode()},
        extensions={"sni_hostname": url.raw_host.decode()},
    )
    client.cookies.clear()
    answer = await client.send(request, stream=True)
    try:
        kind = answer.headers.get("content-type", "").partition(";")[0].strip().lower()[:80]
        leads = answer.headers.get("location", "") if answer.status_code in _MOVED else ""
        body = await _body(answer, url, most) if answer.status_code == 200 else b""
        return _Answer(url, answer.status_code, kind, body, leads)
    finally:
        await answer.aclose()


async def _body(answer: httpx.Response, url: httpx.URL, most: int) -> bytes:
    if answer.headers.get("content-encoding", "identity").lower() != "identity":
        raise NoAnswerError(
            in_every_language("{address} sends packed data, though asked not to.", address=str(url))
        )
    body = bytearray()
    async for part in answer.aiter_raw():
        body += part
        if len(body) > most:
            raise refusal("large", name=str(url), n=len(body), most=most)
    return bytes(body)


async def _heed_robots(client: httpx.AsyncClient, url: httpx.URL, web: Web) -> None:
    """Ask robots.txt; none (status 4xx) allows everything, one that fails (5xx) nothing (RFC 9309)."""
    answer = await _walk(client, url.join("/robots.txt"), web, _MOST_ROBOTS)
    rules = RobotFileParser()
    rules.parse(answer.body.decode("utf-8", errors="replace").splitlines())
    if answer.status >= 500 or not rules.can_fetch("toguna", str(url)):
        raise NoAnswerError(
            in_every_language(
                "{address} is closed to programs by the robots.txt of its host. Save the page and give the "
                "file.",
                address=str(url),
            )
        )
