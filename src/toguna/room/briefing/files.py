"""Write the four files of a briefing: a page and a paper per language, each replaced in one step.

Enters the assessment, the events and the theatre; leaves paths. Called through `toguna.room.briefing.render`.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl

from toguna.core.language import LANGUAGES, Language
from toguna.room.atomic import write_bytes
from toguna.room.briefing.content import compose
from toguna.room.briefing.page import to_html
from toguna.room.briefing.paper import to_pdf
from toguna.room.briefing.pictures import draw_pictures
from toguna.room.briefing.scope import scope_of
from toguna.room.charts.drawing import draw_pdf, draw_svg
from toguna.store.theatre import Theatre

__all__ = ["render"]


def render(assessment: Mapping[str, Any], events: pl.DataFrame, theatre: Theatre, out: Path) -> list[Path]:
    """Write briefing.<lang>.html and briefing.<lang>.pdf for every language.

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
    scope = scope_of(assessment, events, theatre)
    as_of = date.fromisoformat(assessment["as_of"])
    written = []
    for code in LANGUAGES:
        lang = Language(code)
        pictures = draw_pictures(assessment, scope, theatre, lang)
        drawings = {name: draw_svg(p, lang) for name, p in pictures.items()}
        briefing = compose(assessment, scope, pictures, lang)
        page = to_html(briefing, drawings, lang)
        paper = to_pdf(briefing, {n: draw_pdf(s) for n, s in drawings.items()}, lang, as_of=as_of)
        for name, content in ((f"briefing.{code}.html", page.encode()), (f"briefing.{code}.pdf", paper)):
            written.append(write_bytes(out / name, content))
    return written
