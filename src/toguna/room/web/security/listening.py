"""Where the room may listen: at home, or elsewhere with TLS, or because somebody said so in words.

Enters: what ``toguna serve`` was told. Leaves: nothing, or an error that says how. Called before anything
is opened.
"""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from pathlib import Path

from toguna.core.errors import UsageError

__all__ = ["Listening", "hosts_of"]

_AT_HOME = ("localhost", "127.0.0.1", "::1", "[::1]")


@dataclass(frozen=True, kw_only=True)
class Listening:
    """Where and how the room listens.

    Parameters
    ----------
    host : str
        Address or name.
    cert, key : Path or None
        Files of TLS (PEM).
    behind_proxy : bool
        A reverse proxy on this machine or network ends TLS and tells the sender's address.
    insecure : bool
        Somebody accepts that passwords cross the network unencrypted.
    """

    host: str
    cert: Path | None = None
    key: Path | None = None
    behind_proxy: bool = False
    insecure: bool = False

    @property
    def tls(self) -> bool:
        """Whether this server itself has TLS."""
        return self.cert is not None

    @property
    def secure(self) -> bool:
        """Whether browsers reach the room under TLS: then cookies say so."""
        return self.tls or self.behind_proxy

    def check(self) -> None:
        """Refuse what would send passwords in the clear without anybody having said so.

        Raises
        ------
        UsageError
            With what to say instead.
        """
        if (self.cert is None) != (self.key is None):
            raise UsageError("TLS needs both files: --tls-cert FILE and --tls-key FILE.")
        for path in (self.cert, self.key):
            if path is not None and not path.is_file():
                raise UsageError(f"{path} is no file; --tls-cert and --tls-key name files in PEM.")
        if not (self.secure or self.insecure or _is_loopback(self.host)):
            raise UsageError(
                f"{self.host} can be reached from the network, and passwords would cross it unencrypted. "
                "Give --tls-cert FILE and --tls-key FILE, or say --behind-proxy (a proxy in front has TLS) "
                "or --insecure-network (everybody on the network may listen)."
            )


def _is_loopback(host: str) -> bool:
    """Whether only this machine itself can reach an address."""
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host.lower() == "localhost"  # means this machine by standard (RFC 6761)


def hosts_of(listening: Listening, named: tuple[str, ...]) -> tuple[str, ...]:
    """Return the host names that are answered: those of this machine, and those that were named.

    Raises
    ------
    UsageError
        The room listens to everything and no name was given.
    """
    host = listening.host.strip("[]")
    everywhere = host in ("0.0.0.0", "::", "")
    if everywhere and not named:
        raise UsageError(
            "the room listens on every address; say by which names it is called: "
            "--allow-host room.example.org"
        )
    own = () if everywhere else (host,)
    return tuple(dict.fromkeys((*_AT_HOME, *own, *named)))
