"""Warnings as a table with HXL tags, one row for each warning and area.

Enters: records. Leaves: CSV. Called by ``toguna ledger show`` and ``toguna ledger list``. https://hxlstandard.org
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator

from toguna.warnings.outputs.gate import let_out
from toguna.warnings.states import Record

__all__ = ["hxl"]

COLUMNS = {
    "id": "#meta+id", "theatre": "#meta+theatre", "area": "#loc+name", "kind": "#event+type",
    "level": "#severity+level",
    "urgency": "#status+urgency", "severity": "#severity+cap", "certainty": "#status+certainty",
    "state": "#status+state", "start": "#date+start", "end": "#date+end", "issued": "#date+issued",
    "acknowledge_by": "#date+acknowledge", "decide_by": "#date+decide", "owner": "#org+owner",
    "headline_en": "#description+headline+i_en", "headline_fr": "#description+headline+i_fr",
}  # fmt: skip

_DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def hxl(records: Iterable[Record]) -> str:
    """Write issued warnings as a table.

    Raises
    ------
    UsageError
        One was not issued, or is restricted and was not released.
    """
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, lineterminator="\r\n")
    writer.writerows([list(COLUMNS), list(COLUMNS.values())])
    for record in records:
        let_out(record, "HXL")
        writer.writerows([list(map(_cell, row)) for row in _rows(record)])
    return stream.getvalue()


def _rows(record: Record) -> Iterator[list[str]]:
    w = record.warning
    for area in [a.name for a in w.areas] or [""]:
        head = [record.id, w.theatre, area, w.kind, w.level, w.urgency, w.severity, w.certainty, record.state]
        days = [w.start.isoformat(), w.end.isoformat(), (record.issued_at or "")[:10]]
        due = [w.acknowledge_by.isoformat(), w.deadline.isoformat(), w.owner]
        yield [*head, *days, *due, w.headline["en"], w.headline["fr"]]


def _cell(text: str) -> str:
    """Keep a spreadsheet from taking a cell for a formula."""
    return f"'{text}" if text.lstrip().startswith(_DANGEROUS) or text.startswith(_DANGEROUS) else text
