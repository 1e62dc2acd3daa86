"""Write the files of a briefing: per language a page, a paper and a Word document, each replaced in one step.

Enters the assessment, the events and the theatre; leaves paths. Called through `toguna.room.briefing.render`
and, sheet by sheet, by `toguna.room.web.building`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl

from toguna.core.language import LANGUAGES, Language
from toguna.room.atomic import write_bytes
from toguna.room.briefing.content import Briefing, compose
from toguna.room.briefing.page import to_html
from toguna.room.briefing.paper import to_pdf
from toguna.room.briefing.pictures import draw_pictures
from toguna.room.briefing.scope import scope_of
from toguna.room.briefing.word import to_docx
from toguna.room.charts.drawing import draw_pdf, draw_png, draw_svg
from toguna.room.charts.picture import unchecked
from toguna.store.theatre import Theatre

__all__ = ["Sheet", "compose_all", "render", "write_briefing"]


@dataclass(frozen=True)
class Sheet:
    """A briefing in one language: what it says, and its drawings as SVG by name."""

    lang: Language
    briefing: Briefing
    drawings: Mapping[str, str]


def compose_all(assessment: Mapping[str, Any], events: pl.DataFrame, theatre: Theatre) -> Iterator[Sheet]:
    """Compose and draw a briefing in every language, one after the other."""
    scope = scope_of(assessment, events, theatre)
    for code in LANGUAGES:
        lang = Language(code)
        with unchecked():
            pictures = draw_pictures(assessment, scope, theatre, lang)
        drawings = {name: draw_svg(p, lang) for name, p in pictures.items()}
        yield Sheet(lang, compose(assessment, scope, pictures, lang), drawings)


def write_briefing(sheet: Sheet, out: Path, *, as_of: date) -> list[Path]:
    """Write briefing.<lang>.html, .pdf and .docx of one sheet; return the files."""
    papers = {name: draw_pdf(svg) for name, svg in sheet.drawings.items()}
    pixels = {name: draw_png(svg) for name, svg in sheet.drawings.items()}
    made = {
        "html": to_html(sheet.briefing, sheet.drawings, sheet.lang).encode(),
        "pdf": to_pdf(sheet.briefing, papers, sheet.lang, as_of=as_of),
        "docx": to_docx(sheet.briefing, pixels, sheet.lang, as_of=as_of),
    }
    name = f"briefing.{sheet.lang.code}"
    return [write_bytes(out / f"{name}.{kind}", content) for kind, content in made.items()]


def render(assessment: Mapping[str, Any], events: pl.DataFrame, theatre: Theatre, out: Path) -> list[Path]:
    """Write briefing.<lang>.html, .pdf and .docx for every language.

    Parameters
    ----------
    assessment : dict
        As written to assessment.json; never changed.
    events : DataFrame
        Event frame of the assessment.
    theatre : Theatre
        Outlines, populations and titles.
    out : Path
        Folder; made when it is not there.

    Returns
    -------
    list of Path
        The files written.
    """
    out.mkdir(parents=True, exist_ok=True)
    as_of = date.fromisoformat(assessment["as_of"])
    sheets = compose_all(assessment, events, theatre)
    return [path for sheet in sheets for path in write_briefing(sheet, out, as_of=as_of)]
