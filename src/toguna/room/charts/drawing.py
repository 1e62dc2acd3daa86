"""Turn a picture into SVG (for the page) and PDF (for paper): no network, no browser.

Enters a `Picture`; leaves text or bytes. Called by `toguna.room.briefing`.
"""

from __future__ import annotations

import re

import vl_convert

from toguna.core.language import Language
from toguna.room.charts.palette import theme
from toguna.room.charts.picture import Picture

__all__ = ["draw_pdf", "draw_svg", "embeddable"]

_LOCALES = {"en": "en-US", "fr": "fr-FR"}
_VEGA_LITE = "6.1"


def draw_svg(picture: Picture, lang: Language) -> str:
    """Draw a picture as SVG text, with numbers and months written for the language."""
    spec = picture.chart.to_dict()
    spec["config"] = theme()
    locale = _LOCALES[lang.code]
    drawn = vl_convert.vegalite_to_svg(
        spec, vl_version=_VEGA_LITE, format_locale=locale, time_format_locale=locale
    )
    return str(drawn)


def draw_pdf(svg: str) -> bytes:
    """Turn a drawn SVG into a one-page PDF with its letters embedded."""
    return bytes(vl_convert.svg_to_pdf(svg))


def embeddable(svg: str, *, prefix: str) -> str:
    """Make SVG fit to stand inside a page that holds several.

    Names of clip paths are made unique, and roles meant for a stand-alone drawing are removed: the
    figure around it carries the text alternative.
    """
    unique = re.sub(r'(id="|url\(#)(?=\w)', rf"\1{prefix}-", svg)
    bare = re.sub(r' (?:role|aria-[a-z]+)="[^"]*"', "", unique)
    return re.sub(
        r'<svg ([^>]*?)width="(\d+)" height="(\d+)"',
        r'<svg \1width="\2" height="\3" aria-hidden="true" focusable="false"',
        bare,
        count=1,
    )
