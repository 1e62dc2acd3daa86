"""Turn a picture into SVG (for the page) and PDF (for paper): no network, no browser.

Enters a `Picture`; leaves text or bytes. Called by `toguna.room.briefing`.
"""

from __future__ import annotations

import re
from typing import Any

import vl_convert

from toguna.core.language import Language
from toguna.room.charts.palette import theme
from toguna.room.charts.picture import Picture

__all__ = ["draw_pdf", "draw_png", "draw_svg", "embeddable"]

_LOCALES: dict[str, Any] = {"en": "en-US", "fr": "fr-FR"}
_VEGA_LITE = "6.1"


def draw_svg(picture: Picture, lang: Language) -> str:
    """Draw a picture as SVG text, with numbers and months written for the language."""
    spec = picture.chart.to_dict(validate=False)  # the tests validate; here it would double the time
    spec["config"] = theme()
    locale = _LOCALES[lang.code]
    drawn = vl_convert.vegalite_to_svg(
        spec, vl_version=_VEGA_LITE, format_locale=locale, time_format_locale=locale
    )
    return _renumbered(str(drawn))


def _renumbered(svg: str) -> str:
    """Number clip paths from 1: the compiler counts on from one drawing to the next."""
    order = dict.fromkeys(re.findall(r'id="(clip\d+)"', svg))
    names = {old: f"clip-{i}" for i, old in enumerate(order, 1)}
    return re.sub(r"\bclip\d+\b", lambda m: names.get(m[0], m[0]), svg)


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


def draw_png(svg: str) -> bytes:
    """Turn a drawn SVG into pixels fit for an A4 page (about 200 per inch)."""
    return bytes(vl_convert.svg_to_png(svg, scale=1.8))
