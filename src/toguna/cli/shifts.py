"""``toguna shifts``: what changed between two windows, with p, q and false alarms per year."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from toguna.cli.flags import ViewFlags, verb
from toguna.cli.report import print_json, print_table
from toguna.cli.view import lang_of, say_viewpoint, view_of

if TYPE_CHECKING:
    from toguna.core.types import Shift

__all__ = ["shifts"]


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:.4g}"


def _line(shift: Shift, lang: str) -> list[Any]:
    rates = (_number(shift.p), _number(shift.q), _number(shift.false_alarms_per_year))
    return [shift.dimension, shift.id, *rates, shift.text.get(lang, "")]


@verb
def shifts(
    flags: ViewFlags,
    everything: Annotated[
        bool, typer.Option("--all", help="Also what was tested and did not change.")
    ] = False,
) -> None:
    """Say what changed between two windows.

    Fronts, spread, reach, tactics, targets, settings, tempo, alliances: each with effect, p, q and
    false alarms per year.
    """
    lang = lang_of(flags)
    view = view_of(flags)
    shown = [s for s in view.detection.tested if s.alarm or everything]
    if flags.json:
        shifts = [s.as_dict() for s in shown]
        asked = {"windows": view.question.windows.as_dict(), "viewpoint": view.question.viewpoint.as_dict()}
        print_json({**asked, "shifts": shifts, "false_alarms": view.detection.false_alarms})
        return
    print_table(("dimension", "id", "p", "q", "false alarms/year", "what"), [_line(s, lang) for s in shown])
    say_viewpoint(flags)
