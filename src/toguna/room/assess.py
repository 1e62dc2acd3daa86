"""The whole chain, from a question to a folder with the assessment.

Enters: a `Question`. Leaves: a finished folder. Called by the verbs; nothing here prints.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from toguna.core.digest import canonical_json
from toguna.core.progress import Progress, Silent
from toguna.room.folder import ASSESSMENT, refuse_foreign, swapped
from toguna.room.situation import situation
from toguna.room.view import Question, View, look

__all__ = ["assess", "export_data", "write_assessment"]


def export_data(view: View, out: Path, *, assessment: dict[str, Any] | None = None) -> Sequence[str]:
    """Write the data files of a view into `out`; return their names."""
    from toguna.room.exports import export

    found = assessment if assessment is not None else situation(view, generated_at=_now())
    return sorted(path.name for path in export(found, view.events, out))


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


def assess(
    question: Question, *, out: Path, render: bool = True, progress: Progress | None = None
) -> dict[str, Any]:
    """Run the chain and write the folder: assessment.json, data files, and the briefing.

    The folder is written beside `out` and put in its place at the end: a run that fails leaves an
    earlier assessment as it was.
    """
    progress = progress or Silent()
    refuse_foreign(out)
    view = look(question, progress=progress)
    assessment = situation(view, generated_at=_now())
    with swapped(out) as fresh:
        with progress.step("write data files"):
            write_assessment(view, assessment, fresh)
        if render:
            _render(assessment, view, fresh, progress=progress)
    return assessment


def write_assessment(view: View, assessment: dict[str, Any], out: Path) -> None:
    """Write assessment.json and the data files into an empty folder."""
    (out / ASSESSMENT).write_text(canonical_json(assessment, indent=1) + "\n", encoding="utf-8")
    export_data(view, out / "data", assessment=assessment)


def _render(assessment: dict[str, Any], view: View, out: Path, *, progress: Progress) -> None:
    from toguna.room.briefing import render

    with progress.step("draw and write the briefing"):
        render(assessment, view.events, view.question.theatre, out)
