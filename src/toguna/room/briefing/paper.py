"""Set a briefing on paper (PDF) with typst: no system library, its own letters, tagged for reading aloud.

Enters a `Briefing` and its drawings; leaves bytes. Words travel as JSON, never as markup, so nothing in
the data can be read as an instruction. Called by `files`.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Mapping
from dataclasses import asdict
from datetime import UTC, date, datetime
from importlib.resources import files
from pathlib import Path

import typst

from toguna.core.language import Language
from toguna.room.briefing.content import Briefing
from toguna.room.briefing.pack import packed

__all__ = ["to_pdf"]


def to_pdf(briefing: Briefing, drawings: Mapping[str, bytes], lang: Language, *, as_of: date) -> bytes:
    """Compile the paper; its date is that of the assessment."""
    content = asdict(briefing) | {
        "lang": lang.code,
        "year": as_of.year,
        "month": as_of.month,
        "day": as_of.day,
    }
    template = files("toguna.room.briefing").joinpath("templates", "briefing.typ").read_text(encoding="utf-8")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "briefing.typ").write_text(template, encoding="utf-8")
        for drawing, pdf in drawings.items():
            (folder / f"{drawing}.pdf").write_bytes(pdf)
        made = typst.compile(
            folder / "briefing.typ",
            root=folder,
            ignore_system_fonts=True,
            sys_inputs={"content": json.dumps(content, ensure_ascii=False)},
            timestamp=int(datetime(as_of.year, as_of.month, as_of.day, tzinfo=UTC).timestamp()),
        )
    return packed(bytes(made))
