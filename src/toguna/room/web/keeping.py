"""Answers that were made already, packed, and the place where they are kept.

Enters: answers of handlers. Leaves: answers. Called by `toguna.room.web.kept` (pages) and
`toguna.room.web.api.answers` (data), which say whose answer is whose.
"""

from __future__ import annotations

import gzip
import hashlib
import threading
import zlib
from collections import OrderedDict
from collections.abc import Hashable
from dataclasses import dataclass, field
from typing import Generic, Protocol, TypeVar

from fastapi import Request, Response

__all__ = ["MARK", "Data", "Keeping", "Page"]

MARK = "<!-- person -->"
"""Stands where the name of the reader goes; text on pages is escaped and cannot hold it."""
MOST = 48 * 2**20
"""Bytes of kept answers of one sort; the longest unused go."""
_LARGEST = 2 * 2**20
_GZIP_HEAD = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff"


@dataclass(frozen=True)
class Page:
    """A page without a person, packed in two parts around where the person goes.

    Parameters
    ----------
    before, after : bytes
        HTML; `after` is empty where the page shows no person.
    packed : tuple of bytes
        The two parts as raw deflate that ends on a byte, so that parts can follow one another (RFC 1951).
    headers : dict of str to str
        What the handler said of it.
    tag : str
        Digest of both parts.
    """

    before: bytes
    after: bytes
    packed: tuple[bytes, bytes]
    headers: dict[str, str]
    tag: str

    @classmethod
    def of(cls, answered: Response) -> Page:
        """Take an answer apart."""
        before, _, after = bytes(answered.body).partition(MARK.encode())
        said = {k: v for k, v in answered.headers.items() if k not in ("content-length", "etag")}
        tag = hashlib.sha256(before + b"\0" + after).hexdigest()
        return cls(before, after, (_packed(before), _packed(after, last=True)), said, tag)

    @property
    def size(self) -> int:
        """Bytes of memory."""
        return sum(map(len, (self.before, self.after, *self.packed)))

    def shown_to(self, person: bytes, request: Request) -> Response:
        """Return the page with a person in its place; 304 when the reader holds it already."""
        tag = f'"{hashlib.sha256(self.tag.encode() + person).hexdigest()[:20]}"'
        headers = self.headers | {
            "etag": tag,
            "cache-control": "private, no-cache",
            "vary": "Cookie, Authorization, Accept-Language, Accept-Encoding",
        }
        if request.headers.get("if-none-match", "").removeprefix("W/") == tag:
            headers.pop("content-type", None)
            return Response(status_code=304, headers=headers)
        whole = b"".join((self.before, person, self.after))
        if "gzip" not in request.headers.get("accept-encoding", ""):
            return Response(whole, headers=headers)
        parts = (_GZIP_HEAD, self.packed[0], _packed(person), self.packed[1], _gzip_end(whole))
        return Response(b"".join(parts), headers=headers | {"content-encoding": "gzip"})


_WORTH_PACKING = 600  # bytes, as for answers that are not kept


@dataclass(frozen=True)
class Data:
    """An answer for programs, packed; one of which packing saves nothing stays as it is.

    Parameters
    ----------
    packed : bytes
        The body, in gzip when `is_packed`.
    headers : dict of str to str
        What is said of it, the media type among it.
    """

    packed: bytes
    is_packed: bool
    headers: dict[str, str]

    @classmethod
    def of(cls, body: bytes, headers: dict[str, str]) -> Data:
        """Pack an answer."""
        worth = len(body) >= _WORTH_PACKING
        return cls(gzip.compress(body, 6, mtime=0) if worth else body, worth, headers)

    @property
    def size(self) -> int:
        """Bytes of memory."""
        return len(self.packed)

    def sent(self, request: Request) -> Response:
        """Return it as the reader can take it."""
        if not self.is_packed:
            return Response(self.packed, headers=self.headers)
        vary = {"vary": f"{self.headers['Vary']}, Accept-Encoding"}
        if "gzip" not in request.headers.get("accept-encoding", ""):
            return Response(gzip.decompress(self.packed), headers=self.headers | vary)
        return Response(self.packed, headers=self.headers | vary | {"content-encoding": "gzip"})


def _packed(text: bytes, *, last: bool = False) -> bytes:
    packer = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    return packer.compress(text) + packer.flush(zlib.Z_FINISH if last else zlib.Z_FULL_FLUSH)


def _gzip_end(whole: bytes) -> bytes:
    return zlib.crc32(whole).to_bytes(4, "little") + (len(whole) % 2**32).to_bytes(4, "little")


class _Sized(Protocol):
    @property
    def size(self) -> int: ...


T = TypeVar("T", bound=_Sized)


@dataclass
class Keeping(Generic[T]):
    """Kept answers of a room, the longest unused first."""

    most: int = MOST
    _held: OrderedDict[Hashable, T] = field(default_factory=OrderedDict)
    _bytes: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def find(self, key: Hashable) -> T | None:
        """Return the answer of a key."""
        with self._lock:
            found = self._held.get(key)
            if found is not None:
                self._held.move_to_end(key)
            return found

    def keep(self, key: Hashable, page: T) -> None:
        """Keep an answer, unless it is very large."""
        if page.size > _LARGEST:
            return
        with self._lock:
            older = self._held.pop(key, None)
            self._bytes += page.size - (older.size if older else 0)
            self._held[key] = page
            while self._bytes > self.most:
                self._bytes -= self._held.popitem(last=False)[1].size
