"""The head of the chain, kept outside the database: how long it was and what its last hash was.

Without it the end of a chain could be cut off and nothing inside the chain would tell. The file lies beside
the register, signed with the key of the home; a copy that is kept elsewhere is an *anchor*.

Enters: a folder or file. Leaves: a `Head`. Called by the ledger and by the audit of accounts.
"""

from __future__ import annotations

import hmac
import json
from dataclasses import asdict, dataclass
from pathlib import Path

from toguna.core.digest import canonical_json
from toguna.core.errors import DataError, StoreError
from toguna.store.chain import GENESIS, sign
from toguna.store.durable import write_durably

__all__ = ["HEAD", "Head", "read_head", "write_head"]

HEAD = "head.json"


@dataclass(frozen=True, slots=True)
class Head:
    """How far the chain went.

    Parameters
    ----------
    entries : int
        Number of entries.
    hash : str
        Hash of the last.
    signature : str
        HMAC of both.
    """

    entries: int = 0
    hash: str = GENESIS
    signature: str = ""

    def signed(self, key: bytes) -> Head:
        """Return it with its signature."""
        return Head(self.entries, self.hash, sign(key, self._text))

    def is_ours(self, key: bytes) -> bool:
        """Whether it was signed with this key."""
        return self.signature.isascii() and hmac.compare_digest(sign(key, self._text), self.signature)

    def as_text(self) -> str:
        """Write it as it is kept: JSON."""
        return canonical_json(asdict(self), indent=1) + "\n"

    @property
    def _text(self) -> str:
        return f"head/{self.entries}/{self.hash}"


def read_head(path: Path) -> Head | None:
    """Read a head or an anchor; None when the file is not there.

    Raises
    ------
    DataError
        It is not one.
    """
    try:
        plain = json.loads(path.read_text(encoding="utf-8"))
        return Head(int(plain["entries"]), str(plain["hash"]), str(plain["signature"]))
    except FileNotFoundError:
        return None
    except (ValueError, KeyError, TypeError, RecursionError):
        raise DataError(
            f"{path} is no head of a chain; expected JSON with entries, hash and signature. Put back a copy."
        ) from None


def write_head(path: Path, head: Head) -> None:
    """Write it whole or not at all."""
    try:
        write_durably(path, lambda fresh: fresh.write_text(head.as_text(), encoding="utf-8"))
    except OSError as error:
        raise StoreError(f"{path} cannot be written: {error.strerror}.") from None
