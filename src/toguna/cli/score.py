"""``toguna score``: how right saved forecasts were, or any table of draws."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from toguna.cli.flags import TheatreFlags, verb
from toguna.cli.report import advise, print_json, print_table
from toguna.cli.view import as_of_of, home_of, lang_of, progress_of, theatre_of
from toguna.core.errors import UsageError

if TYPE_CHECKING:
    from toguna.core.language import Language
    from toguna.room.forecasting import Judged
    from toguna.room.view import Question

__all__ = ["score"]


@dataclass(frozen=True, kw_only=True)
class ScoreFlags(TheatreFlags):
    """Flags of a verb that judges forecasts."""

    actuals: Annotated[
        Path | None,
        typer.Option("--actuals", metavar="FILE", help="Counts that FILE is scored against (CSV, Parquet)."),
    ] = None


@verb
def score(
    flags: ScoreFlags,
    file: Annotated[
        Path | None, typer.Argument(metavar="[FILE]", help="A table of draws (CSV, Parquet).")
    ] = None,
) -> None:
    """Score saved forecasts by what is known later, or a table of draws by a table of counts.

    Without FILE: every forecast that `toguna forecast --save` kept of the theatre, by what was published by
    --as-of. Each score stands beside that of last-year resampling; smaller is better, but for coverage.
    """
    if file is None:
        if flags.actuals is not None:
            raise UsageError("--actuals says what FILE is scored against; name a FILE of draws.")
        _saved(flags)
        return
    if flags.actuals is None:
        raise UsageError(f"{file} can be scored only with --actuals FILE, a table of unit, month and count.")
    from toguna.core.language import Language
    from toguna.forecasts.outlook.issue import scored
    from toguna.room.draws_files import read_actuals, read_draws, with_last_year

    actuals = read_actuals(flags.actuals)
    draws = with_last_year(read_draws(file), actuals)
    rows = scored(draws, actuals)
    unknown = draws.height - sum(r["cases"] for r in rows if r["step"] is None)
    if not rows:
        raise UsageError(
            f"no unit and month of {file} has a count in {flags.actuals}; they must be written alike."
        )
    if flags.json:
        print_json({"scores": rows, "not_scored": unknown})
        return
    _print(rows, Language(lang_of(flags)))
    advise(f"{unknown} rows of draws have no count and were not scored.", quiet=flags.quiet or not unknown)


def _saved(flags: ScoreFlags) -> None:
    from toguna.core.language import Language

    theatre = theatre_of(flags)
    store = home_of(flags).forecasts
    found, damaged = store.all(theatre.name)
    early = [one for one in found if str(one.facts["as_of"]) < as_of_of(flags).isoformat()]
    for said in damaged:
        advise(said)
    judged = []
    with progress_of(flags).step("score saved forecasts"):
        for one in early:
            draws, _ = store.read(one.digest)
            judged.append(_judge(flags, one, draws))
    if flags.json:
        print_json({"forecasts": [one.as_dict() for one in judged], "damaged": damaged})
        return
    L = Language(lang_of(flags))
    if not judged:
        print(L("No forecast of this theatre was saved before this date in this home."))
    for each in judged:
        _tell(each, L)


def _judge(flags: ScoreFlags, one: Any, draws: Any) -> Judged:
    from toguna.room.forecasting import judge
    from toguna.room.view import collect

    question = _question(flags, one.facts)
    return judge(one, draws, collect(question), question)


def _question(flags: ScoreFlags, facts: dict[str, Any]) -> Question:
    """Ask for the sources the forecast was made from, by the same rule."""
    from toguna.events.viewpoint import viewpoint
    from toguna.room.view import Question, windows_of

    theatre, as_of = theatre_of(flags), as_of_of(flags)
    return Question(
        theatre=theatre,
        windows=windows_of(theatre, as_of),
        sources=tuple(facts["sources"]) if facts["sources"] else None,
        home=home_of(flags),
        viewpoint=viewpoint(facts["viewpoint"]),
    )


def _tell(one: Judged, L: Language) -> None:
    facts = one.issued.facts
    print(
        L(
            "Forecast {digest}, made as of {as_of} from {origin} ({source})",
            digest=one.issued.digest[:12],
            as_of=facts["as_of"],
            origin=facts["origin"],
            source=facts["source"],
        )
    )
    if one.until is None:
        print(L("No month after its origin is known whole by this date."))
        return
    _print(one.rows, L)
    for name, count in one.outside.items():
        print(L("{name}: {n} counted in units that the forecast does not have", name=name, n=int(count)))


def _print(rows: list[dict[str, Any]], L: Language) -> None:
    from toguna.forecasts.outlook.issue import METRICS

    heads = (L("what"), L("step"), L("cases"), L("model"), *METRICS)
    body = []
    for row in rows:
        step = L("all") if row["step"] is None else str(row["step"])
        for name in ("forecast", "last_year"):
            if row[name]:
                values = [f"{row[name][m]:.4g}" for m in METRICS]
                what = f"{row['level']}/{row['target']}"
                body.append((what, step, str(row["cases"]), L.word(name), *values))
    print_table(heads, body)
    for row in rows:
        if row["step"] is None and row["coverage_stated"] is not None:
            print(
                L(
                    "{what}: the stated 90% interval held in {held}.",
                    what=f"{row['level']}/{row['target']}",
                    held=L.percent(row["coverage_stated"]),
                )
            )
