"""Open what is packed, and refuse what would unfold to more than any release holds.

Enters: the bytes of a zip or Parquet file. Leaves: the one table in it, or why there is none. Called by
`toguna.sources.files` and `toguna.sources.table.grid`.

A few kilobytes can unfold to terabytes, so sizes are looked at before memory is used, and of a zip that
another reader opens they are counted, not believed. Nothing is ever written to a disk: a name in an archive
is only a name, and one that points out of its folder shows what the archive is for.
"""

from __future__ import annotations

import io
import stat
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import PurePosixPath, PureWindowsPath

import polars as pl

__all__ = ["LARGEST", "MOST_CELLS", "MOST_TIMES", "RefusedError", "of_parquet", "of_zip", "unfolds_to"]

LARGEST = 2 * 10**9  # bytes; the whole GED is a tenth of it
MOST_TIMES = 200  # a table packs to a fifth or a twentieth; deflate alone can reach a thousandth
MOST_CELLS = 2 * 10**9
_SMALL = 50 * 10**6  # bytes that harm nobody, however well they were packed
_PIECE = 1 << 20
_LOCAL = 30  # bytes of a local header before its names (APPNOTE.TXT 4.3.7)
_DAMAGE = (zipfile.BadZipFile, zlib.error, RuntimeError, OSError, EOFError, ValueError)


class RefusedError(Exception):
    """Why a packed file is not opened: the code of the finding, what was found, what was expected."""

    def __init__(self, code: str, found: str, expected: str) -> None:
        super().__init__(found)
        self.code, self.found, self.expected = code, found, expected


def of_zip(data: bytes) -> tuple[str, bytes]:
    """Return name and bytes of the one table in a zip.

    Raises
    ------
    RefusedError
        zip-without-table, zip-unsafe-name, file-too-large, file-unreadable.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as box:
            _check_names(box.infolist())
            names = [n for n in box.namelist() if n.lower().endswith((".csv", ".parquet", ".txt"))]
            names = [n for n in names if not _is_of_finder(n)]
            tables = [n for n in names if not n.lower().endswith(".txt")] or names
            if len(tables) != 1:
                found = f"{len(tables)} tables in the zip"
                raise RefusedError("zip-without-table", found, "a zip with one CSV or Parquet file")
            part = box.getinfo(tables[0])
            check_size(part.file_size, part.compress_size)
            return tables[0], box.read(part)  # no more than the size that was looked at
    except _DAMAGE as error:
        raise _damaged(error) from None


def _damaged(error: Exception) -> RefusedError:
    return RefusedError("file-unreadable", f"a damaged or locked zip ({error})", "a whole zip file")


def check_size(unpacked: int, packed: int, *, most: int | None = None) -> None:
    """Refuse what unfolds to too much, or too many times."""
    most = LARGEST if most is None else most
    if unpacked > most:
        raise RefusedError("file-too-large", f"{unpacked} bytes when unpacked", f"at most {most}")
    if unpacked > _SMALL and unpacked > MOST_TIMES * max(packed, 1):
        found = f"{packed} bytes that unpack to {unpacked}"
        raise RefusedError("file-too-large", found, f"at most {MOST_TIMES} times as many")


def _check_names(parts: list[zipfile.ZipInfo]) -> None:
    for part in parts:
        name = part.orig_filename
        path, windows = PurePosixPath(name), PureWindowsPath(name)
        outside = ".." in (*path.parts, *windows.parts) or path.is_absolute() or bool(windows.anchor)
        if outside or stat.S_ISLNK(part.external_attr >> 16):
            found = f"a zip whose part '{name[:80]}' points elsewhere"
            raise RefusedError("zip-unsafe-name", found, "plain names of files in the zip")


def _is_of_finder(name: str) -> bool:
    """Whether a member of a zip is what macOS puts beside a file of the same name."""
    parts = PurePosixPath(name).parts
    return "__MACOSX" in parts or parts[-1].startswith("._")


def of_parquet(data: bytes) -> pl.DataFrame:
    """Read a Parquet file whose rows and columns are within reason.

    Raises
    ------
    RefusedError
        file-too-large, file-unreadable.
    """
    try:
        whole = pl.scan_parquet(io.BytesIO(data))
        columns, rows = len(whole.collect_schema()), whole.select(pl.len()).collect().item()
        if rows * columns > MOST_CELLS or rows * columns > _SMALL * max(1, len(data) >> 20):
            found = f"{rows} rows of {columns} columns in {len(data)} bytes"
            raise RefusedError("file-too-large", found, "a release of one source")
        return pl.read_parquet(io.BytesIO(data))
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException, OSError) as error:
        said = str(error).strip().splitlines() or [type(error).__name__]
        found = f"a damaged Parquet file ({said[0][:120]})"
        raise RefusedError("file-unreadable", found, "a whole file") from None


def unfolds_to(data: bytes, *, most: int) -> Iterator[tuple[str, bytes]]:
    """Unfold every part of a zip piece by piece: its name and the next bytes.

    What the zip says of its sizes is not believed: a reader that goes by the packed bytes would go on.

    Raises
    ------
    RefusedError
        file-too-large as soon as all parts together exceed `most`; file-unreadable.
    """
    total = 0
    try:
        for part in _parts(data):
            for piece in _pieces(data, part):
                total += len(piece)
                check_size(total, len(data), most=most)
                yield part.filename, piece
    except _DAMAGE as error:
        raise _damaged(error) from None


def _parts(data: bytes) -> list[zipfile.ZipInfo]:
    with zipfile.ZipFile(io.BytesIO(data)) as box:
        return box.infolist()


def _pieces(data: bytes, part: zipfile.ZipInfo) -> Iterator[bytes]:
    head = data[part.header_offset : part.header_offset + _LOCAL]
    if len(head) < _LOCAL:
        raise EOFError("cut off")
    names = int.from_bytes(head[26:28], "little") + int.from_bytes(head[28:30], "little")
    start = part.header_offset + _LOCAL + names
    packed = data[start : start + part.compress_size]
    if part.compress_type == zipfile.ZIP_STORED:
        yield packed
        return
    if part.compress_type != zipfile.ZIP_DEFLATED:
        raise RuntimeError(f"packed by method {part.compress_type}")
    unpacker = zlib.decompressobj(-zlib.MAX_WBITS)
    while piece := unpacker.decompress(packed, _PIECE):
        yield piece
        packed = unpacker.unconsumed_tail
