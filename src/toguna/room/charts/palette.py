"""Colours, letters and lines of every picture, once.

The colours are those of Okabe and Ito (2008), told apart with any kind of colour vision; what a colour
says is also said by a shape, a dash or a word.
"""

from __future__ import annotations

from typing import Any

__all__ = [
    "BACKGROUND", "BORDER", "FALL", "FONT", "FRONT", "INK", "LAND", "MUTED", "OUTSIDE", "RECENT", "REFERENCE",
    "RELATION_COLOURS", "RELATION_DASHES", "theme",
]  # fmt: skip

INK = "#1c1c1c"
MUTED = "#5a5a5a"
BACKGROUND = "#ffffff"
LAND = "#f4f1ea"
OUTSIDE = "#fafafa"
BORDER = "#a8a29a"
REFERENCE = "#0072B2"
RECENT = "#D55E00"
FRONT = "#fde3c4"
FALL = "#009E73"
FONT = "Liberation Sans, Arial, Helvetica, sans-serif"

RELATION_COLOURS = {
    "alliance": "#0072B2", "cooperation": "#56B4E9", "joint_claim": "#56B4E9",
    "merger_into": "#009E73", "component_of": "#7a7a7a", "splinter_from": "#D55E00",
    "allegiance_to": "#CC79A7", "rivalry": "#b00020",
}  # fmt: skip
RELATION_DASHES: dict[str, list[int]] = {
    "alliance": [1, 0], "cooperation": [6, 3], "joint_claim": [2, 2], "merger_into": [1, 0],
    "component_of": [1, 0], "splinter_from": [8, 3, 2, 3], "allegiance_to": [4, 2], "rivalry": [1, 3],
}  # fmt: skip


def theme() -> dict[str, Any]:
    """Return the Vega-Lite configuration shared by all pictures."""
    return {
        "font": FONT,
        "background": BACKGROUND,
        "view": {"stroke": None},
        "axis": {
            "labelFontSize": 11, "titleFontSize": 11, "labelColor": INK, "titleColor": MUTED,
            "titleFontWeight": "normal", "gridColor": "#e6e6e6", "domainColor": "#b0b0b0",
            "tickColor": "#b0b0b0", "labelLimit": 260,
        },
        "text": {"fontSize": 11, "color": INK},
        "title": {"fontSize": 12, "fontWeight": "bold", "color": INK, "anchor": "start"},
        "legend": {"labelFontSize": 11, "titleFontSize": 11, "labelLimit": 260},
    }  # fmt: skip
