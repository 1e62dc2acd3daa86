"""The box that explains, once, the words that the briefing uses for windows and for chance.

Leaves one block. Called by `content`.
"""

from __future__ import annotations

from toguna.core.language import Language
from toguna.room.briefing.blocks import Block, terms

__all__ = ["box"]


def box(lang: Language) -> Block:
    """Explain windows, intervals, p, q, false alarms and the ids."""
    items = [
        (
            lang("now, before"),
            lang(
                "the recent window and the reference window named above; a change is a comparison of the two"
            ),
        ),
        (
            lang("90% interval"),
            lang("the range in which the true value is to be expected, nine times in ten"),
        ),
        (
            "p",
            lang(
                "how often chance alone would give at least as much if nothing had changed: "
                "0.01 is 1 time in 100"
            ),
        ),
        (
            "q",
            lang(
                "the share of false finds to expect among all changes at least as clear as this one; it "
                "allows for the many tests made at once"
            ),
        ),
        (
            lang("false alarms a year"),
            lang(
                "how many alarms of this kind a year of monthly looks would raise here if nothing changed; "
                "counted on simulated years"
            ),
        ),
        (
            lang("front"),
            lang(
                "an area, a circle or a cell of PRIO-GRID (a public grid, half a degree or some 55 km wide) "
                "where events gather more than chance explains"
            ),
        ),
        (
            "toguna why",
            lang("the grey lines are commands: typed at a terminal, they list the events behind a figure"),
        ),
    ]
    return terms(lang("How to read this"), items)
