"""Pages of the UCDP API: read one, judge it, keep finished ones on disk until the whole is there.

Enters: bodies of answers. Leaves: `Page`. Called by `toguna.sources.ucdp_api`.

Every finished page is one file: a line with the sha256 of what follows, then the body as it came. A damaged
file counts as absent. Figures stay the text that the server wrote ("8.21972" is not rounded).
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import IO, Any

from toguna.sources.fetch_errors import BusyError, IncompleteError, UnusableAnswerError
from toguna.sources.patient import NotWholeError

__all__ = ["Page", "Shelf", "Whole", "judge", "read_page", "write_atomically"]

_ENVELOPE = ("TotalCount", "TotalPages", "Result")
_ROW = ("id", "best", "low", "high")
_AFRESH = "Run the command again: it begins afresh"


@dataclass(frozen=True, slots=True)
class Whole:
    """What the server announces: rows and pages of the whole."""

    total: int
    pages: int


@dataclass(frozen=True, slots=True)
class Page:
    """One page as it came."""

    whole: Whole
    rows: tuple[Mapping[str, str | None], ...]
    has_next: bool
    body: bytes

    @property
    def ids(self) -> list[str]:
        """Ids of the rows, in their order."""
        return [str(row["id"]) for row in self.rows]


def read_page(body: bytes) -> Page:
    """Read the body of an answer.

    Raises
    ------
    NotWholeError
        A web page or a cut-off text.
    UnusableAnswerError
        JSON of another shape.
    """
    try:
        text = body.decode("utf-8-sig")
        told = json.loads(text, parse_float=str, parse_int=str, parse_constant=str)
    except UnicodeDecodeError:
        raise NotWholeError("bytes that are no UTF-8 text") from None
    except (ValueError, RecursionError):
        start = body[:200].lstrip().lower()
        page = "a web page instead of JSON" if start.startswith(b"<") else "JSON that is cut off or broken"
        raise NotWholeError(page) from None
    if not isinstance(told, dict) or not isinstance(told.get("Result"), list):
        raise _other_shape(f"JSON without {', '.join(_ENVELOPE)}: {text[:80].strip()!r}")
    if b"\\ud" in body.lower() and not _storable(told):
        raise _other_shape("half a character (a lone surrogate)")
    rows = tuple(_row(row) for row in told["Result"])
    whole = Whole(_count(told, "TotalCount"), _count(told, "TotalPages"))
    return Page(whole, rows, bool(told.get("NextPageUrl")), body)


def _storable(told: Any) -> bool:
    try:
        json.dumps(told, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        return False
    return True


def _count(told: Mapping[str, Any], name: str) -> int:
    text = str(told.get(name))
    if not text.isascii() or not text.isdecimal() or len(text) > 12:
        raise _other_shape(f"{name} {text[:40]!r}")
    return int(text)


def _row(row: Any) -> dict[str, str | None]:
    if not isinstance(row, dict):
        raise _other_shape(f"a row that is no object: {str(row)[:60]!r}")
    lacking = [name for name in _ROW if name not in row]
    if lacking or not str(row["id"] or "").strip():
        raise _other_shape(f"a row without {', '.join(lacking) or 'an id'}")
    return {name: _cell(value) for name, value in row.items()}


def _cell(value: Any) -> str | None:
    if value is None or isinstance(value, str):
        return value
    return json.dumps(value, ensure_ascii=False)


def _other_shape(found: str) -> UnusableAnswerError:
    return UnusableAnswerError(
        f"the answer has {found}",
        expected=f"an object with {', '.join(_ENVELOPE)}, rows with {', '.join(_ROW)}",
        repair="Check address and version; if they are right the API has changed: report it to Toguna",
    )


class Shelf:
    """The folder of finished pages of one version, page size and address."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def put(self, number: int, page: Page) -> None:
        """Keep a finished page, whole or not at all."""
        digest = hashlib.sha256(page.body).hexdigest().encode()
        write_atomically(self._file(number), digest + b"\n" + page.body)

    def get(self, number: int) -> Page | None:
        """Return a kept page; None when it is absent or damaged."""
        try:
            digest, _, body = self._file(number).read_bytes().partition(b"\n")
        except FileNotFoundError:
            return None
        if hashlib.sha256(body).hexdigest().encode() != digest:
            return None
        return read_page(body)

    def kept(self) -> int:
        """Count the files of pages."""
        return sum(1 for _ in self.folder.glob("page-*.json"))

    def clear(self) -> None:
        """Drop every page and the notes; the lock stays."""
        for path in [*self.folder.glob("page-*.json"), self.folder / "notes.json"]:
            path.unlink(missing_ok=True)

    def note(self, notes: Mapping[str, Any]) -> None:
        """Keep what later sessions must know."""
        write_atomically(self.folder / "notes.json", json.dumps(notes, sort_keys=True, indent=1).encode())

    def notes(self) -> dict[str, Any]:
        """Return what earlier sessions noted."""
        try:
            told = json.loads((self.folder / "notes.json").read_text(encoding="utf-8"))
        except (FileNotFoundError, ValueError):
            return {}
        return told if isinstance(told, dict) else {}

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Hold the shelf for this process; the system lets go when the process ends, however it ends."""
        self.folder.mkdir(parents=True, exist_ok=True)
        with (self.folder / "lock").open("a+b") as handle:
            try:
                _lock(handle)
            except OSError:
                raise BusyError(
                    f"another fetch of the same version works in {self.folder}; wait until it has ended."
                ) from None
            yield

    def _file(self, number: int) -> Path:
        return self.folder / f"page-{number:06d}.json"


def _lock(handle: IO[bytes]) -> None:
    if os.name == "nt":
        windows = import_module("msvcrt")
        windows.locking(handle.fileno(), windows.LK_NBLCK, 1)
    else:
        import fcntl

        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)


def write_atomically(path: Path, data: bytes) -> None:
    """Write a file whole or not at all."""
    with NamedTemporaryFile(dir=path.parent, prefix=".new-", delete=False) as handle:
        fresh = Path(handle.name)
        try:
            handle.write(data)
            handle.flush()
            os.fsync(handle.fileno())
        except OSError:
            fresh.unlink(missing_ok=True)
            raise
    try:
        fresh.replace(path)
    finally:
        fresh.unlink(missing_ok=True)


def judge(page: Page, number: int, *, size: int) -> None:
    """Compare one page with what was announced.

    Raises
    ------
    IncompleteError
        The page size was not honoured, or rows are lacking or too many.
    """
    total, pages = page.whole.total, page.whole.pages
    if total == 0:
        raise IncompleteError(
            "the server announces no rows",
            expected="at least one event",
            repair="Check the version: see https://ucdp.uu.se/apidocs/ for those that exist",
        )
    due = -(-total // size)
    if pages != due:
        raise IncompleteError(
            f"{total} rows are announced on {pages} pages",
            expected=f"{due} pages of {size} rows: page size not honoured, or a total is wrong",
            repair="Ask for at most 1000 rows a page (--page-size 1000)",
        )
    rows = size if number < due - 1 else total - size * (due - 1)
    if len(page.rows) != rows:
        raise IncompleteError(
            f"page {number + 1} of {due} holds {len(page.rows)} rows",
            expected=f"{rows} (of {total} announced): rows are cut off, or the announced total is wrong",
            repair=f"{_AFRESH}; if it fails again take a smaller --page-size, or the published file",
        )
    if page.has_next != (number < due - 1):
        more = "names a next page" if page.has_next else "names no next page"
        raise IncompleteError(
            f"page {number + 1} of {due} {more}",
            expected="a next page on every page but the last: the announced total is wrong",
            repair=f"{_AFRESH}; if it fails again take the published file",
        )
