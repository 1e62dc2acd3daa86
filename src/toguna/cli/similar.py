"""``toguna similar EVENT``: the attacks most like one, and why."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from toguna.cli.flags import ViewFlags, verb
from toguna.cli.report import print_json, print_table
from toguna.cli.view import lang_of, progress_of, question_of

if TYPE_CHECKING:
    from toguna.core.language import Language
    from toguna.forecasts.similar.record import Record
    from toguna.room.alike import Alike

__all__ = ["similar"]


def _line(row: dict[str, Any], lang: Language) -> list[Any]:
    return [row["event_id"], row["date"], row["place"], row["judged"][lang.code], row["why"][lang.code]]


def _say_record(found: Record, lang: Language) -> None:
    print()
    if not found.attacks:
        print(lang("Too few attacks of known families to hold the likeness against."))
        return
    print(lang("Asked about {n} attacks that it had not seen, share of the same family:", n=found.attacks))
    rows = [
        [lang.word(model), *(lang.percent(at[k].value) for k in at)] for model, at in found.precision.items()
    ]
    print_table(["", *(lang("first {k}", k=k) for k in found.gain)], rows)


def _say_series(found: Alike, lang: Language) -> None:
    print()
    others = [e for e in found.series if e["event_id"] != found.answer.event_id]
    if not others:
        print(lang("It stands in no series of attacks."))
        return
    print(lang("Its series, attacks that on average are likelier than not of one family:"))
    for event in found.series:
        print(f"  {event['date']}  {event['event_id']}  {event['place']}".rstrip())


@verb
def similar(
    flags: ViewFlags,
    event: Annotated[str, typer.Argument(metavar="EVENT", help="Id of an attack, as in `toguna why`.")],
    most: Annotated[int, typer.Option("--most", min=1, max=100, help="How many to show.")] = 5,
    record: Annotated[
        bool, typer.Option("--record", help="Also how well likeness did on attacks it had not seen.")
    ] = False,
) -> None:
    """Show the earlier attacks most like one, and why.

    The share says how likely the same family of armed groups is behind both, judged by place, time, setting,
    target, tactic and scale, not by names or claims.
    """
    from toguna.core.language import Language
    from toguna.room.alike import alike, held_out
    from toguna.room.view import collect

    lang = Language(lang_of(flags))
    question = question_of(flags)
    progress = progress_of(flags)
    collected = collect(question, progress=progress)
    with progress.step("compare attacks"):
        found = alike(collected, event, as_of=question.as_of, most=most)
        tested = held_out(found, seed=question.seed) if record else None
    if flags.json:
        print_json(found.as_dict() | {"record": tested.as_dict() if tested else None})
        return
    print_table(
        ("event", "date", "place", lang("same family"), lang("why")),
        [_line(row, lang) for row in found.rows],
    )
    _say_series(found, lang)
    if tested:
        _say_record(tested, lang)
