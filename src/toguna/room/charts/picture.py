"""A picture: the chart, what it says in words, and the numbers behind it.

Made by the files of this package, turned into SVG by `drawing`, placed by `toguna.room.briefing`.
"""

from __future__ import annotations

from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any

import altair as alt
from altair.utils.schemapi import debug_mode

__all__ = ["Chart", "Picture", "inline", "pixel_scale", "unchecked"]

Chart = alt.Chart | alt.LayerChart | alt.FacetChart | alt.HConcatChart | alt.VConcatChart


@dataclass(frozen=True)
class Picture:
    """One picture of a briefing.

    Parameters
    ----------
    name : str
        Name fit for a file ("map").
    title : str
        The finding, as a sentence with its numbers.
    alt : str
        What is to be seen, for those who cannot see it.
    chart : Chart
        The Vega-Lite chart, without title.
    columns, rows : tuple
        The table behind the picture; every cell is text in the reader's language.
    note : str
        How to read it, and what to beware of.
    """

    name: str
    title: str
    alt: str
    chart: Chart
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    note: str = ""


class _Rows(alt.Data):
    """Rows of a chart, which no layer copies or reads through again; nothing changes them."""

    def __deepcopy__(self, memo: object = None) -> _Rows:
        return self

    def to_dict(self, *args: Any, **asked: Any) -> dict[str, Any]:
        if (plain := vars(self).get("_plain")) is None:
            plain = super().to_dict(*args, **asked)
            object.__setattr__(self, "_plain", plain)
        return plain


def inline(rows: list[dict[str, Any]]) -> alt.Data:
    """Put rows into a chart as they are (no file, no address)."""
    return _Rows(values=rows)  # type: ignore[no-untyped-call]


def unchecked() -> AbstractContextManager[None]:
    """Build charts without holding each part against the schema: the tests do, with the whole charts."""
    return debug_mode(False)


def pixel_scale(length: float, *, down: bool = False) -> alt.Scale:
    """Return a scale on which data are pixels of the panel; `down` counts from the top."""
    return alt.Scale(domain=[length, 0] if down else [0, length], nice=False, zero=False)
