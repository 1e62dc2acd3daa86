"""``toguna actors``: who is who at a date, who belongs with whom, and statements you add."""

from __future__ import annotations

import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from toguna.cli.flags import TheatreFlags, alone, verb
from toguna.cli.report import print_json, print_table
from toguna.cli.view import as_of_of, home_of, registry_of, theatre_of
from toguna.core.errors import UnknownNameError, UsageError

if TYPE_CHECKING:
    from toguna.actors.organisations import Actor
    from toguna.actors.registry import Registry
    from toguna.actors.resolve import Match

__all__ = ["actors"]

Since = Annotated[
    str | None, typer.Option("--since", metavar="DATE", help="Mark what changed since this earlier day.")
]
SourceUrl = Annotated[str, typer.Option("--source-url", metavar="URL", help="Page the statement rests on.")]
_FORMATS = ("table", "json", "graphml")


def _found(registry: Registry, name: str) -> tuple[str, Match]:
    match = registry.resolve(name)
    if match.actor_id is not None:
        return match.actor_id, match
    known = [word for actor in registry.actors.values() for word in (actor.id, actor.name, *actor.aliases)]
    raise UnknownNameError("actor", name, known)


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


def _list(flags: TheatreFlags) -> None:
    registry, on = registry_of(flags), as_of_of(flags)
    rows = [
        {
            "id": a.id,
            "name": a.name,
            "kind": a.kind,
            "family": registry.family(a.id, on),
            "aliases": list(a.aliases),
        }
        for a in registry.actors.values()
    ]
    if flags.json:
        print_json(rows)
        return
    lines = [[row["id"], row["name"], row["kind"], row["family"], "; ".join(row["aliases"])] for row in rows]
    print_table(("id", "name", "kind", "family", "aliases"), lines)


@verb
def list_actors(flags: TheatreFlags) -> None:
    """List the armed organisations known at a date, with their families."""
    _list(flags)


def _card(registry: Registry, actor: Actor, flags: TheatreFlags) -> dict[str, Any]:
    on = as_of_of(flags)
    family = registry.family(actor.id, on)
    relations = [r for r in registry.relations(on) if actor.id in (r.a, r.b)]
    return {
        "id": actor.id,
        "name": actor.name,
        "aliases": list(actor.aliases),
        "kind": actor.kind,
        "family": family,
        "family_members": sorted(registry.families(on).get(family, ())),
        "relations": [r.as_dict() for r in relations],
        "sources": list(actor.sources),
        "note": actor.note,
    }


@verb
def show(
    flags: TheatreFlags,
    name: Annotated[str, typer.Argument(metavar="NAME", help="Id, name or alias, in any spelling.")],
) -> None:
    """Show one organisation: names, family and relations in force at the date, with sources."""
    registry = registry_of(flags)
    actor_id, match = _found(registry, name)
    card = _card(registry, registry.actors[actor_id], flags)
    card["match"] = {"how": match.how, "confidence": match.confidence}
    if flags.json:
        print_json(card)
        return
    for key in ("id", "name", "kind", "family"):
        print(f"{key}: {card[key]}")
    print(f"matched: {match.how} (confidence {match.confidence:.2f})")
    print(f"aliases: {'; '.join(card['aliases'])}")
    print(f"family members: {', '.join(card['family_members'])}")
    for relation in card["relations"]:
        print(f"- {_said(relation)}")


def _said(relation: dict[str, Any]) -> str:
    since = f" since {relation['start']}" if relation["start"] else ""
    doubt = " (contested)" if relation["contested"] else ""
    urls = " ".join(relation["sources"])
    return f"{relation['a']} {relation['kind']} {relation['b']}{since}{doubt} {urls}"


@verb
def genealogy(
    flags: TheatreFlags,
    since: Since = None,
    form: Annotated[
        str, typer.Option("--format", metavar="|".join(_FORMATS), help="How to write it.")
    ] = "table",
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FILE", help="File to write. Default: stdout.")
    ] = None,
) -> None:
    """Write who belonged with whom at the date, and what changed since an earlier one."""
    from toguna.actors.genealogy import genealogy as build
    from toguna.core.dates import parse_date

    form = "json" if flags.json else form
    if form not in _FORMATS:
        raise UnknownNameError("format", form, _FORMATS)
    on = as_of_of(flags)
    before = parse_date(since) if since else on - timedelta(days=365)
    graph = build(registry_of(flags), on=on, since=before)
    _write_genealogy(graph, form, out)
    if out is not None and flags.json:
        print_json({"out": str(out)})


def _write_genealogy(graph: Any, form: str, out: Path | None) -> None:
    from toguna.actors.genealogy import to_dict, to_graphml
    from toguna.core.digest import canonical_json

    if form == "graphml" and out is not None:
        to_graphml(graph, out)
        return
    if form == "graphml":
        with tempfile.TemporaryDirectory() as folder:
            print(to_graphml(graph, Path(folder) / "genealogy.graphml").read_text(encoding="utf-8"), end="")
        return
    plain = to_dict(graph)
    if out is not None:
        out.write_text(canonical_json(plain, indent=1) + "\n", encoding="utf-8")
    elif form == "json":
        print_json(plain)
    else:
        columns = ("source", "kind", "target", "start", "end", "contested", "change")
        print_table(columns, [[edge.get(c) for c in columns] for edge in plain["edges"]])


@verb
def add_name(
    flags: TheatreFlags,
    actor: Annotated[str, typer.Argument(metavar="ACTOR", help="Organisation it is a name of.")],
    name: Annotated[str, typer.Argument(metavar="NAME", help="The other name.")],
    source_url: SourceUrl,
) -> None:
    """Record another name of an organisation in your register."""
    from toguna.room.additions import add_name as write

    registry = registry_of(flags)
    actor_id, _ = _found(registry, actor)
    write(
        home_of(flags).register,
        theatre_of(flags).name,
        actor=(actor_id, registry.kind(actor_id)),
        name=name,
        source_url=source_url,
        recorded_at=_now(),
    )
    if flags.json:
        print_json({"actor": actor_id, "name": name})
    else:
        print(f"{name} is now a name of {actor_id}")


@verb
def relate(
    flags: TheatreFlags,
    a: Annotated[str, typer.Argument(metavar="ACTOR")],
    kind: Annotated[str, typer.Argument(metavar="RELATION", help="alliance, rivalry, splinter_from ...")],
    b: Annotated[str, typer.Argument(metavar="ACTOR")],
    *,
    since: Annotated[str, typer.Option("--from", metavar="DATE", help="YYYY, YYYY-MM or YYYY-MM-DD.")],
    source_url: SourceUrl,
) -> None:
    """Record a dated, sourced relation between two organisations in your register."""
    from toguna.actors.relations import KINDS
    from toguna.core.dates import parse_partial
    from toguna.room.additions import Statement, add_relation

    if kind not in KINDS:
        raise UnknownNameError("relation", kind, KINDS)
    if parse_partial(since) is None:
        raise UsageError(f"--from {since!r}: write YYYY, YYYY-MM or YYYY-MM-DD.")
    registry = registry_of(flags)
    first, second = _found(registry, a)[0], _found(registry, b)[0]
    statement = Statement(first, kind, second, since, source_url)
    add_relation(home_of(flags).register, theatre_of(flags).name, statement, recorded_at=_now())
    if flags.json:
        print_json({"a": first, "kind": kind, "b": second, "from": since})
    else:
        print(f"{first} {kind} {second} since {since}")


@verb
def top(flags: TheatreFlags, ctx: typer.Context) -> None:
    """Who is who, and who belongs with whom."""
    if alone(flags, ctx):
        _list(flags)


actors = typer.Typer(rich_markup_mode=None, callback=top, invoke_without_command=True)
actors.command("list")(list_actors)
actors.command("show")(show)
actors.command("genealogy")(genealogy)
actors.command("add-name")(add_name)
actors.command("relate")(relate)
