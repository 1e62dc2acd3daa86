"""Make a PDF small: its many little objects, written out in the clear, are packed and compressed.

Enters and leaves the bytes of a PDF. A tagged paper has thousands of objects of a few dozen bytes (one
per table cell, for reading aloud); object streams (ISO 32000-1, 7.5.7) hold them compressed, which
more than halves the file. Called by `paper`; it expects what typst writes (one section with a plain
cross-reference table, not encrypted) and hands back anything else as it came.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Mapping

__all__ = ["packed"]

_MOST = 200
"""Objects per object stream: a reader unpacks a whole stream to get at one of them."""


def packed(pdf: bytes) -> bytes:
    """Return the same document with its small objects compressed."""
    table = re.search(
        rb"\bxref\s+0 (\d+)\s+((?:\d{10} \d{5} [nf]\s+)+)trailer\s*<<(.*?)>>\s*startxref", pdf, re.S
    )
    if table is None or b"/Encrypt" in table[3] or pdf.count(b"startxref") != 1:
        return pdf
    rows = table[2].split(b"\n")[: int(table[1])]
    starts = {i: int(row[:10]) for i, row in enumerate(rows) if row[17:18] == b"n"}
    bodies = _bodies(pdf, starts, table.start())
    if bodies is None:
        return pdf
    header = pdf[: pdf.index(b"\n", pdf.index(b"\n") + 1) + 1]
    return _written(header, bodies, table[3])


def _bodies(pdf: bytes, starts: Mapping[int, int], end: int) -> dict[int, bytes] | None:
    """Cut the document into its objects; None when one is not where the table says."""
    ordered = sorted(starts, key=lambda i: starts[i])
    ends = [*(starts[i] for i in ordered[1:]), end]
    bodies = {}
    for number, stop in zip(ordered, ends, strict=True):
        mark = b"%d 0 obj" % number
        whole = pdf[starts[number] : stop].rstrip()
        if not whole.startswith(mark) or not whole.endswith(b"endobj"):
            return None
        bodies[number] = whole[len(mark) : -len(b"endobj")].strip()
    return bodies


def _stream(entries: bytes, content: bytes) -> bytes:
    small = zlib.compress(content, 9)
    return b"<<%s/Filter/FlateDecode/Length %d>>\nstream\n%s\nendstream" % (entries, len(small), small)


def _written(header: bytes, bodies: Mapping[int, bytes], trailer: bytes) -> bytes:
    plain = sorted(i for i, body in bodies.items() if not body.endswith(b"endstream"))
    large = sorted(set(bodies) - set(plain))
    shelves = [plain[i : i + _MOST] for i in range(0, len(plain), _MOST)]
    first = max(bodies) + 1
    out = bytearray(header)
    places: dict[int, tuple[int, int, int]] = {0: (0, 0, 65535)}
    for number in large:
        places[number] = (1, len(out), 0)
        out += b"%d 0 obj\n%s\nendobj\n" % (number, bodies[number])
    for shelf, numbers in enumerate(shelves, first):
        places |= {number: (2, shelf, i) for i, number in enumerate(numbers)}
        places[shelf] = (1, len(out), 0)
        out += b"%d 0 obj\n%s\nendobj\n" % (shelf, _shelf([(i, bodies[i]) for i in numbers]))
    last = first + len(shelves)
    start = len(out)
    places[last] = (1, start, 0)
    missing = dict.fromkeys(range(last + 1), (0, 0, 0))
    rows = b"".join(
        kind.to_bytes(1) + place.to_bytes(4) + more.to_bytes(2)
        for _, (kind, place, more) in sorted((missing | places).items())
    )
    kept = re.sub(rb"/Size \d+", b"", trailer).strip()
    entries = b"/Type/XRef/Size %d/W[1 4 2]%s" % (last + 1, kept)
    out += b"%d 0 obj\n%s\nendobj\nstartxref\n%d\n%%%%EOF" % (last, _stream(entries, rows), start)
    return bytes(out)


def _shelf(objects: list[tuple[int, bytes]]) -> bytes:
    """Write one object stream: numbers and offsets first, then the objects."""
    offsets, content = [], bytearray()
    for number, body in objects:
        offsets.append(b"%d %d" % (number, len(content)))
        content += body + b"\n"
    index = b" ".join(offsets) + b"\n"
    entries = b"/Type/ObjStm/N %d/First %d" % (len(objects), len(index))
    return _stream(entries, index + bytes(content))
