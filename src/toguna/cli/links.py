"""``toguna links``: which events of several sources tell of one incident, and what you say to that."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from toguna.cli.flags import ViewFlags, alone, verb
from toguna.cli.report import advise, print_json, print_table
from toguna.cli.view import home_of, lang_of, progress_of, question_of, say_viewpoint
from toguna.core.errors import UnknownNameError, UsageError

if TYPE_CHECKING:
    from toguna.core.language import Language
    from toguna.events.links import Verdict
    from toguna.room.view import Collected

__all__ = ["links"]

First = Annotated[str, typer.Argument(metavar="EVENT", help="Id of an event, 'source:id'.")]
Second = Annotated[str, typer.Argument(metavar="EVENT", help="Id of the other event.")]
Speaks = Annotated[
    str | None, typer.Option("--speaks", metavar="EVENT", help="The one that speaks for the incident.")
]
_REASONS = 3


@dataclass(frozen=True, kw_only=True)
class StatementFlags(ViewFlags):
    """Flags of verbs that record what you state."""

    by: Annotated[str, typer.Option("--by", metavar="ROLE", help="Your role, never a person's name.")]
    reason: Annotated[str, typer.Option("--reason", metavar="TEXT", help="Why you think so.")]
    source_url: Annotated[
        str, typer.Option("--source-url", metavar="URL", help="Page the statement rests on.")
    ]


def _collected(flags: ViewFlags) -> Collected:
    from toguna.room.view import collect

    return collect(question_of(flags), progress=progress_of(flags))


def _held(found: Collected) -> list[str]:
    return [a.source for a in found.gathered.accounts if not a.redistribute]


def _told(flags: ViewFlags, found: Collected) -> dict[str, Any]:
    from toguna.room.incidents import told, told_link

    held = _held(found)
    plain = told(found.linked, found.events, held, question_of(flags).viewpoint)
    return plain | {"review": [told_link(x, held) for x in found.linked.review]}


def _language(flags: ViewFlags) -> Language:
    from toguna.core.language import Language

    return Language(lang_of(flags))


def _words(found: Mapping[str, Any], lang: Language, most: int) -> str:
    return "; ".join(
        lang.word(f"link:{r['feature']}/{r['level']}") + f" ({r['weight']:+.1f})"
        for r in found["reasons"][:most]
    )


def _figures(incident: Mapping[str, Any]) -> str:
    said = []
    for name, row in incident["figures"].items():
        span = "withheld" if row["withheld"] else "?" if row["best"] is None else str(row["best"])
        if not row["withheld"] and None not in (row["low"], row["high"]):
            span += f" ({row['low']}-{row['high']})"
        said.append(f"{name} {span}")
    return "; ".join(said)


def _review(rows: Sequence[Mapping[str, Any]], lang: Language) -> None:
    if not rows:
        print("No pair is in doubt.")
        return
    print(f"For review, {len(rows)} pairs:\n")
    columns = ("event", "other event", "score", "status", "weightiest reasons")
    print_table(
        columns,
        [
            [x["event_a"], x["event_b"], f"{x['score']:.2f}", x["status"], _words(x, lang, _REASONS)]
            for x in rows
        ],
    )


def _list(flags: ViewFlags, *, review: bool) -> None:
    found = _collected(flags)
    plain, lang = _told(flags, found), _language(flags)
    if flags.json:
        print_json(plain)
        return
    _review(plain["review"], lang)
    if not review:
        linked = plain["several_sources"]
        print(
            f"\nLinked, {len(linked)} incidents:\n" if linked else "\nNo incident is told by several sources."
        )
        columns = ("incident", "date", "place", "deaths by source", "score", "speaks")
        rows = [
            [
                i["incident_id"],
                i["date_start"] or "withheld",
                i["place"],
                _figures(i),
                f"{i['score']:.2f}",
                i["representative"],
            ]
            for i in linked
        ]
        if rows:
            print_table(columns, rows)
        print(f"\n{plain['n_told']} events of all sources are {plain['n']} incidents.")
    say_viewpoint(flags)
    advise("Next: toguna links show EVENT; toguna links confirm or split EVENT EVENT", quiet=flags.quiet)


@verb
def list_links(
    flags: ViewFlags,
    review: Annotated[bool, typer.Option("--review", help="Only pairs in doubt.")] = False,
) -> None:
    """List pairs in doubt, then incidents that several sources tell of."""
    _list(flags, review=review)


def _known(found: Collected, id: str) -> str:
    """Return the event or incident meant, or name those near in spelling."""
    bare = id.removeprefix("incident/")
    ids = found.events["event_id"].to_list()
    if bare in ids:
        return bare
    ends = [e for e in ids if e.partition(":")[2] == bare]
    if len(ends) == 1:
        return str(ends[0])
    raise UnknownNameError("event", id, ids)


def _tellings(found: Collected, id: str) -> list[dict[str, Any]]:
    import polars as pl

    home = found.events.filter(pl.col("event_id") == id)["incident_id"][0]
    speaks = set(found.linked.table.filter("speaks")["event_id"].to_list())
    held = _held(found)
    out = []
    for row in found.events.filter(pl.col("incident_id") == home).iter_rows(named=True):
        shown = ("date_start", "date_end", "place", "perpetrators", "best", "low", "high")
        content = {c: None if row["source"] in held else row[c] for c in shown}
        out.append(
            {"event_id": row["event_id"], "withheld": row["source"] in held, **content}
            | {"speaks": row["event_id"] in speaks}
        )
    return out


@verb
def show(
    flags: ViewFlags, id: Annotated[str, typer.Argument(metavar="ID", help="Event or incident.")]
) -> None:
    """Show every telling of one incident, the reasons of its links, and what people stated."""
    from toguna.room.incidents import told_link
    from toguna.room.rulings import rulings

    found = _collected(flags)
    tellings = _tellings(found, _known(found, id))
    ids = {t["event_id"] for t in tellings}
    every = [x for i in found.linked.incidents for x in i.links] + list(found.linked.review)
    links_ = [told_link(x, _held(found)) for x in every if {x.event_a, x.event_b} & ids]
    history = [
        r.as_dict()
        for r in rulings(home_of(flags).register, question_of(flags).theatre.name)
        if {r.event_a, r.event_b} & ids
    ]
    if flags.json:
        print_json({"tellings": tellings, "links": links_, "statements": history})
        return
    columns = ("event", "speaks", "date", "place", "perpetrators", "deaths")
    print_table(columns, [_telling(t) for t in tellings])
    lang = _language(flags)
    for x in links_:
        print(f"\n{x['event_a']} and {x['event_b']}: {x['status']}, score {x['score']:.2f}")
        print(f"  {_words(x, lang, len(x['reasons'])) or 'reasons withheld'}")
    for r in history:
        print(
            f"\n{r['recorded_at']} {r['by']}: {r['event_a']} and {r['event_b']} {r['verdict']}. {r['reason']}"
        )
        print(f"  {r['source_url']}")


def _telling(t: Mapping[str, Any]) -> list[Any]:
    if t["withheld"]:
        return [t["event_id"], "yes" if t["speaks"] else "", "withheld", "", "", ""]
    days = [str(t["date_start"]), *([str(t["date_end"])] if t["date_end"] != t["date_start"] else [])]
    span = f"{'?' if t['best'] is None else t['best']} ({t['low']}-{t['high']})".replace("None", "?")
    who = ", ".join(t["perpetrators"] or ())
    return [t["event_id"], "yes" if t["speaks"] else "", " to ".join(days), t["place"], who, span]


def _lasting(found: Collected, ids: Sequence[str]) -> None:
    """Refuse ids that are given anew with every output: tomorrow another report bears them."""
    import polars as pl

    passing = found.events.filter(pl.col("event_id").is_in(ids) & pl.col("row").is_null())
    for id in passing["event_id"]:
        raise UsageError(
            f"{id} is a sensitive report under a number of this output alone, which another one bears next "
            "time; nothing can be stated about it."
        )


def _state(flags: StatementFlags, pair: tuple[str, str], verdict: Verdict, speaks: str | None = None) -> None:
    from toguna.events.links import Ruling
    from toguna.room.rulings import state

    found = _collected(flags)
    a, b = sorted(_known(found, id) for id in pair)
    _lasting(found, (a, b))
    ruling = Ruling(
        a,
        b,
        verdict,
        _known(found, speaks) if speaks else None,
        by=flags.by,
        reason=flags.reason,
        source_url=flags.source_url,
        recorded_at=datetime.now(UTC).isoformat(timespec="seconds"),
    )
    state(home_of(flags).register, question_of(flags).theatre.name, ruling)
    if flags.json:
        print_json(ruling.as_dict())
    else:
        print(f"{a} and {b} are stated to be {'one incident' if verdict == 'same' else 'two incidents'}")


@verb
def confirm(flags: StatementFlags, a: First, b: Second, speaks: Speaks = None) -> None:
    """State that two events tell of one incident; your statement outweighs the score."""
    _state(flags, (a, b), "same", speaks)


@verb
def split(flags: StatementFlags, a: First, b: Second) -> None:
    """State that two events are two incidents; your statement outweighs the score."""
    _state(flags, (a, b), "different")


@verb
def top(flags: ViewFlags, ctx: typer.Context) -> None:
    """Which events tell of one incident."""
    if alone(flags, ctx):
        _list(flags, review=False)


links = typer.Typer(rich_markup_mode=None, callback=top, invoke_without_command=True)
links.command("list")(list_links)
links.command("show")(show)
links.command("confirm")(confirm)
links.command("split")(split)
