"""The wording of the briefing, kept as text: a change of words must be meant.

Set TOGUNA_GOLDEN=write to accept new wording.
"""

from __future__ import annotations

import html
import os
import re
from pathlib import Path

import pytest
import sample

from toguna.core.language import Language
from toguna.room.briefing.content import compose
from toguna.room.briefing.page import to_html
from toguna.room.briefing.pictures import draw_pictures
from toguna.room.briefing.scope import scope_of

GOLDEN = Path(__file__).resolve().parents[1] / "golden" / "briefing"


def _words(page: str) -> str:
    """Return what a reader reads, one piece per line."""
    body = page.split("<body>")[1]
    body = re.sub(r'<section id="sources".*?</section>', "", body, flags=re.S)  # sixty like rows
    pieces = (html.unescape(p).strip() for p in re.split(r"<[^>]+>", body))
    return "\n".join(p for p in pieces if p) + "\n"


@pytest.mark.parametrize("code", ["en", "fr"])
def test_wording_of_the_briefing(code, tmp_path):
    lang = Language(code)
    found, theatre = sample.assessment(), sample.theatre(tmp_path)
    scope = scope_of(found, sample.events(), theatre)
    pictures = draw_pictures(found, scope, theatre, lang)
    said = _words(to_html(compose(found, scope, pictures, lang), dict.fromkeys(pictures, ""), lang))
    path = GOLDEN / f"sample.{code}.txt"
    if os.environ.get("TOGUNA_GOLDEN") == "write":
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(said, encoding="utf-8")
    assert said == path.read_text(encoding="utf-8")


def test_charts_are_valid_vega_lite(tmp_path):
    found, theatre = sample.assessment(), sample.theatre(tmp_path)
    scope = scope_of(found, sample.events(), theatre)
    for picture in draw_pictures(found, scope, theatre, Language("en")).values():
        spec = picture.chart.to_dict(validate=True)
        assert spec["$schema"].startswith("https://vega.github.io/schema/vega-lite/")
        assert "url" not in str(spec.get("data", {}))
