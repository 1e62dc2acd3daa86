"""The analysis of a theatre at a date, from reports to what changed and what that says.

Enters: a `Question`. Leaves: a `View`, everything found, once. Called by `toguna.room.assess` and by
the verbs; nothing here writes or prints.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from toguna.actors.attach import attach
from toguna.actors.registry import Registry
from toguna.core.dates import Window
from toguna.core.errors import UsageError
from toguna.core.progress import Silent
from toguna.events.completeness import completeness_by_source
from toguna.events.gather import gather
from toguna.events.reach import reach_by_source
from toguna.events.viewpoint import STANDARD, Viewpoint
from toguna.responses.register import findings as unread_responses
from toguna.room import incidents
from toguna.room.additions import with_additions
from toguna.room.disclosure import KeptBack, released
from toguna.room.rulings import rulings
from toguna.shifts.places import locate
from toguna.shifts.windows import Windows

if TYPE_CHECKING:
    import polars as pl

    from toguna.core.findings import Finding
    from toguna.core.progress import Progress
    from toguna.events.gather import Gathered
    from toguna.events.links import Linked
    from toguna.events.nowcast import Completeness
    from toguna.room.ahead.ahead import Ahead
    from toguna.shifts.detect import Detection
    from toguna.store.home import Home
    from toguna.store.theatre import Theatre

__all__ = ["Collected", "Question", "View", "collect", "look", "tested", "windows_of"]


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
    viewpoint : Viewpoint
        The rule by which many tellings become one account.
    """

    theatre: Theatre
    windows: Windows
    sources: tuple[str, ...] | None = None
    home: Home | None = None
    seed: int = 0
    viewpoint: Viewpoint = STANDARD

    @property
    def as_of(self) -> date:
        """Day of the assessment: nothing published later is used."""
        return self.windows.as_of


@dataclass(frozen=True)
class Collected:
    """What is known as of the date: events with resolved actors, registry, findings, incidents, gaps.

    `events` have one column more than an event: `incident_id`. `kept_back` says what of sensitive reports is
    not among them, `reach` up to which day the releases of each source go.
    """

    gathered: Gathered
    registry: Registry
    events: pl.DataFrame
    findings: tuple[Finding, ...]
    linked: Linked
    completeness: dict[str, Completeness] = field(default_factory=dict)
    kept_back: tuple[KeptBack, ...] = ()
    reach: dict[str, date] = field(default_factory=dict)


@dataclass(frozen=True)
class View:
    """A question and everything found for it; what may come is worked out when it is asked for."""

    question: Question
    collected: Collected
    detection: Detection
    claims: list[dict[str, Any]]
    ahead: Ahead | None = None

    @property
    def events(self) -> pl.DataFrame:
        """Accepted events with resolved actors, those within wider ones included."""
        return self.collected.events

    @property
    def told(self) -> pl.DataFrame:
        """Events as their sources tell them: each source by itself, those within a wider event left out."""
        return self.events.filter(self.events["within"].is_null())

    @property
    def counted(self) -> pl.DataFrame:
        """Incidents: of each the one telling that speaks for it, whatever source it is of."""
        speaks = self.collected.linked.table.filter("speaks")["event_id"]
        return self.events.filter(self.events["event_id"].is_in(speaks.implode()))


def windows_of(
    theatre: Theatre, as_of: date, *, recent: int | date | None = None, reference: int | date | None = None
) -> Windows:
    """Build the two windows from days or first days; what is not said is the theatre's default."""
    stated = theatre.settings.get("windows", {})
    recent = recent if recent is not None else int(stated.get("recent_days", 365))
    reference = reference if reference is not None else int(stated.get("reference_days", 730))
    try:
        late = Window(recent, as_of) if isinstance(recent, date) else Window.ending(as_of, recent)
        last = late.start - timedelta(days=1)
        early = Window(reference, last) if isinstance(reference, date) else Window.ending(last, reference)
    except OverflowError:
        raise UsageError(f"the windows before {as_of} begin before the calendar does.") from None
    return Windows(late, early)


def collect(question: Question, *, progress: Progress | None = None, in_the_house: bool = False) -> Collected:
    """Gather events, build the registry, and resolve who did what.

    Sensitive reports are held back here, before anything is tested, drawn or written. Only what stays in the
    house (`toguna check`) asks for them with `in_the_house`.
    """
    progress = progress or Silent()
    theatre, as_of, home = question.theatre, question.as_of, question.home
    with progress.step("gather events"):
        gathered = gather(
            theatre, as_of=as_of, sources=question.sources, home=home, viewpoint=question.viewpoint
        )
        kept: tuple[KeptBack, ...] = ()
        if not in_the_house:
            # Before anything else sees them: what is linked or tested later may name no sensitive row.
            gathered, kept = released(gathered, theatre)
        known = completeness_by_source(gathered, theatre, as_of=as_of, home=home, seed=question.seed)
        reach = reach_by_source(home, as_of=as_of, named=question.sources, rule=question.viewpoint.releases)
    with progress.step("resolve actors"):
        tables = with_additions(theatre, home.register if home else None)
        registry = Registry.build(tables, as_of=as_of)
        named, unresolved = attach(gathered.events, registry)
        events = locate(named, theatre)
    with progress.step("link incidents"):
        said = rulings(home.register if home else None, theatre.name)
        linked, more = incidents.find(events, registry=registry, rulings=said, viewpoint=question.viewpoint)
        ids = linked.table.select("event_id", "incident_id")
        events = events.join(ids, on="event_id", how="left", maintain_order="left")
    unread = unread_responses(theatre, as_of)
    findings = (*gathered.findings, *registry.findings, *unread, *unresolved, *more)
    return Collected(gathered, registry, events, findings, linked, known, kept, reach)


def tested(
    question: Question,
    collected: Collected,
    *,
    most_worlds: int | None = None,
    progress: Progress | None = None,
) -> Detection:
    """Test what was collected for shifts; `most_worlds` bounds the simulated worlds, 0 leaves them out."""
    from toguna.shifts.detect import detect
    from toguna.shifts.population import Run

    run = Run(collected.registry, question.windows, question.seed, collected.completeness, most_worlds)
    return detect(collected.events, theatre=question.theatre, run_=run, progress=progress)


def look(question: Question, *, progress: Progress | None = None) -> View:
    """Run the analysis: what changed, and what that says about the analysts' statements."""
    from toguna.room.ahead.ahead import Ahead
    from toguna.room.claims import Evidence, evaluate
    from toguna.room.claims.statements import read_statements

    progress = progress or Silent()
    read_statements(question.theatre.folder)  # a fault in them is told now, not after the long step
    collected = collect(question, progress=progress)
    detection = tested(question, collected, progress=progress)
    ahead = Ahead(collected, question.theatre, question.windows.recent, question.seed)
    with progress.step("hold claims against data"):
        held = Evidence(collected.events, collected.registry, detection, ahead)
        claims = evaluate(question.theatre, held, question.as_of)
    return View(question, collected, detection, claims, ahead)
