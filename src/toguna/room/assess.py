"""The whole chain, from a theatre and a date to a folder with the assessment.

Enters: a `Question`. Leaves: a `View` (everything found, once) or a finished folder. Called by the
verbs; nothing here prints.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from toguna.actors.attach import attach
from toguna.actors.registry import Registry
from toguna.core.dates import Window
from toguna.core.digest import canonical_json
from toguna.core.progress import Silent
from toguna.events.gather import gather
from toguna.responses.register import findings as unread_responses
from toguna.room.folder import ASSESSMENT, refuse_foreign, swapped
from toguna.shifts.windows import Windows

if TYPE_CHECKING:
    import polars as pl

    from toguna.core.findings import Finding
    from toguna.core.progress import Progress
    from toguna.events.gather import Gathered
    from toguna.shifts.detect import Detection
    from toguna.store.home import Home
    from toguna.store.theatre import Theatre

__all__ = ["Collected", "Question", "View", "assess", "collect", "export_data", "look", "windows_of"]


@dataclass(frozen=True)
class Question:
    """Everything an assessment depends on.

    Parameters
    ----------
    theatre : Theatre
        The theatre, loaded.
    windows : Windows
        Recent and reference window; the recent one ends on the day of the assessment.
    sources : tuple of str or None
        Sources to use; None = the chronology and every archived release known by then.
    home : Home or None
        Where archive and register live; None = only what the theatre holds.
    seed : int
        Seed of every random draw.
    """

    theatre: Theatre
    windows: Windows
    sources: tuple[str, ...] | None = None
    home: Home | None = None
    seed: int = 0

    @property
    def as_of(self) -> date:
        """Day of the assessment: nothing published later is used."""
        return self.windows.as_of


@dataclass(frozen=True)
class Collected:
    """What is known as of the date: events with resolved actors, the registry, all findings."""

    gathered: Gathered
    registry: Registry
    events: pl.DataFrame
    findings: tuple[Finding, ...]


@dataclass(frozen=True)
class View:
    """A question and everything found for it."""

    question: Question
    collected: Collected
    detection: Detection
    claims: list[dict[str, Any]]

    @property
    def events(self) -> pl.DataFrame:
        """Accepted events with resolved actors, those within wider ones included."""
        return self.collected.events

    @property
    def counted(self) -> pl.DataFrame:
        """Events that count: those within a wider event are left out."""
        return self.events.filter(self.events["within"].is_null())


def _first_day(text: object) -> date | None:
    return text if isinstance(text, date) else None


def windows_of(
    theatre: Theatre, as_of: date, *, recent: int | date | None = None, reference: int | date | None = None
) -> Windows:
    """Build the two windows from days or first days; what is not said is the theatre's default."""
    stated = theatre.settings.get("windows", {})
    recent = recent if recent is not None else int(stated.get("recent_days", 365))
    reference = reference if reference is not None else int(stated.get("reference_days", 730))
    late = Window(recent, as_of) if isinstance(recent, date) else Window.ending(as_of, recent)
    last = late.start - timedelta(days=1)
    early = Window(reference, last) if isinstance(reference, date) else Window.ending(last, reference)
    return Windows(late, early)


def collect(question: Question, *, progress: Progress | None = None) -> Collected:
    """Gather events, build the registry, and resolve who did what."""
    progress = progress or Silent()
    theatre, as_of, home = question.theatre, question.as_of, question.home
    with progress.step("gather events"):
        gathered = gather(theatre, as_of=as_of, sources=question.sources, home=home)
    with progress.step("resolve actors"):
        extra = home.register.statements(theatre.name) if home else None
        registry = Registry.build(theatre, as_of=as_of, extra=extra)
        events, unresolved = attach(gathered.events, registry)
    unread = unread_responses(theatre, as_of)
    findings = (*gathered.findings, *registry.findings, *unread, *unresolved)
    return Collected(gathered, registry, events, findings)


def look(question: Question, *, progress: Progress | None = None) -> View:
    """Run the analysis: what changed, and what that says about the analysts' statements."""
    from toguna.room.claims import evaluate
    from toguna.shifts.detect import detect

    progress = progress or Silent()
    collected = collect(question, progress=progress)
    detection = detect(
        collected.events,
        theatre=question.theatre,
        registry=collected.registry,
        windows=question.windows,
        seed=question.seed,
        progress=progress,
    )
    with progress.step("hold claims against data"):
        claims = evaluate(question.theatre, collected.events, collected.registry, detection, question.as_of)
    return View(question, collected, detection, claims)


def export_data(view: View, out: Path, *, assessment: dict[str, Any] | None = None) -> Sequence[str]:
    """Write the data files of a view into `out`; return their names."""
    from toguna.room.exports import export
    from toguna.room.situation import situation

    found = assessment if assessment is not None else situation(view, generated_at=_now())
    out.mkdir(parents=True, exist_ok=True)
    export(found, view.events, out)
    return sorted(path.name for path in out.iterdir())


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


def assess(
    question: Question, *, out: Path, render: bool = True, progress: Progress | None = None
) -> dict[str, Any]:
    """Run the chain and write the folder: assessment.json, data files, and the briefing.

    The folder is written beside `out` and put in its place at the end: a run that fails leaves an
    earlier assessment as it was.
    """
    from toguna.room.situation import situation

    progress = progress or Silent()
    refuse_foreign(out)
    view = look(question, progress=progress)
    assessment = situation(view, generated_at=_now())
    with swapped(out) as fresh:
        text = canonical_json(assessment, indent=1) + "\n"
        (fresh / ASSESSMENT).write_text(text, encoding="utf-8")
        with progress.step("write data files"):
            export_data(view, fresh / "data", assessment=assessment)
        if render:
            _render(assessment, view, fresh, progress=progress)
    return assessment


def _render(assessment: dict[str, Any], view: View, out: Path, *, progress: Progress) -> None:
    from toguna.room.briefing import render

    with progress.step("draw and write the briefing"):
        render(assessment, view.events, view.question.theatre, out)
