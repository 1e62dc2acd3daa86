"""Accepted measures in the form of the pack's table of responses: they are files of whoever keeps the pack.

Enters: a text whose drafts were decided. Leaves: CSV. Called by the page of one text.
"""

from __future__ import annotations

import csv
import io
from datetime import date, timedelta

from toguna.room.texts.shelf import ACCEPTED, RESPONSE, Draft, TextRead
from toguna.store.theatre import Theatre

__all__ = ["responses_csv"]


def responses_csv(text: TextRead, theatre: Theatre) -> str:
    """Write the accepted measures with the columns of the theatre's table; ids are to be given there."""
    columns = [c for c in theatre.tables["responses"].columns if c != "row"]
    out = io.StringIO()
    rows = csv.DictWriter(out, columns, extrasaction="ignore", lineterminator="\r\n")
    rows.writeheader()
    for draft in text.drafts:
        if draft.kind == RESPONSE and draft.state == ACCEPTED:
            rows.writerow({name: _inert(value) for name, value in _row(text, draft).items()})
    return "\ufeff" + out.getvalue()


def _row(text: TextRead, draft: Draft) -> dict[str, str]:
    said = draft.decided
    first, days = said.get("date_start", ""), said.get("days", "")
    note = f"{days} days" if days else ""
    return {
        "id": "",
        "date_start": first,
        "date_end": _last(first, days),
        "kind": str(draft.told["kind"]),
        "place": said.get("place", ""),
        "actor": said.get("actor", "") or said.get("official", ""),
        "note": note,
        "source_urls": text.address or text.source,
    }


def _last(first: str, days: str) -> str:
    try:
        return (date.fromisoformat(first) + timedelta(days=int(days) - 1)).isoformat()
    except (ValueError, OverflowError):
        return ""


def _inert(cell: str) -> str:
    """Keep a cell from being run as a formula by a sheet."""
    return f"'{cell}" if cell[:1] in ("=", "+", "-", "@", "\t", "\r") else cell
