"""The flags that verbs share, and the decorator that gives them to a verb.

A verb is a function whose first argument is one of the flag groups below; `verb` unfolds the group
into flags for Typer, folds what was typed back into it, and reports errors. Called by every verb.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import MISSING, dataclass, fields
from pathlib import Path
from typing import Annotated, Any, ClassVar, get_type_hints

import typer

from toguna.cli.report import reporting
from toguna.core.errors import UnknownNameError, UsageError

__all__ = ["Common", "TheatreFlags", "ViewFlags", "alone", "verb"]

Folder = Annotated[
    Path | None,
    typer.Option("--home", metavar="DIR", help="Where archive and register live. Else: $TOGUNA_HOME."),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print the result as JSON.")]
Quiet = Annotated[bool, typer.Option("--quiet", help="No progress, no advice.")]
Lang = Annotated[str, typer.Option("--lang", metavar="en|fr", help="Language of sentences.")]
Debug = Annotated[bool, typer.Option("--debug", help="Show the full trace of an unexpected error.")]
TheatreName = Annotated[
    str | None,
    typer.Option("--theatre", metavar="NAME|DIR", help="Embedded theatre or folder. Else: $TOGUNA_THEATRE."),
]
AreaFiles = Annotated[
    list[str] | None,
    typer.Option("--areas", metavar="adm2=FILE", help="Your own outlines (GeoJSON); may be repeated."),
]
AsOf = Annotated[
    str | None,
    typer.Option("--as-of", metavar="DATE", help="Use only what was published by this day. Default: today."),
]
Sources = Annotated[
    list[str] | None,
    typer.Option("--source", metavar="NAME", help="Use only these sources (one or more names)."),
]
ViewpointName = Annotated[
    str,
    typer.Option("--viewpoint", metavar="NAME", help="Rule by which many tellings become one account."),
]
Seed = Annotated[int, typer.Option("--seed", min=0, metavar="N", help="Seed of every random draw.")]
RecentDays = Annotated[
    int | None,
    typer.Option("--recent-days", min=1, max=36500, metavar="DAYS", help="Length of the recent window."),
]
ReferenceDays = Annotated[
    int | None,
    typer.Option(
        "--reference-days", min=1, max=36500, metavar="DAYS", help="Length of the reference window before it."
    ),
]
RecentFrom = Annotated[
    str | None, typer.Option("--recent-from", metavar="DATE", help="First day of the recent window.")
]
ReferenceFrom = Annotated[
    str | None, typer.Option("--reference-from", metavar="DATE", help="First day of the reference window.")
]


@dataclass(frozen=True, kw_only=True)
class Common:
    """Flags of every verb."""

    home: Folder = None
    json: AsJson = False
    quiet: Quiet = False
    lang: Lang = "en"
    debug: Debug = False
    languages: ClassVar[tuple[str, ...]] = ("en", "fr")


@dataclass(frozen=True, kw_only=True)
class TheatreFlags(Common):
    """Flags of verbs that read a theatre at a date."""

    theatre: TheatreName = None
    as_of: AsOf = None
    areas: AreaFiles = None


@dataclass(frozen=True, kw_only=True)
class ViewFlags(TheatreFlags):
    """Flags of verbs that analyse events in two windows."""

    source: Sources = None
    viewpoint: ViewpointName = "standard"
    seed: Seed = 0
    recent_days: RecentDays = None
    reference_days: ReferenceDays = None
    recent_from: RecentFrom = None
    reference_from: ReferenceFrom = None


def _unfold(group: type[Common]) -> list[inspect.Parameter]:
    hints = get_type_hints(group, include_extras=True)
    return [
        inspect.Parameter(
            field.name,
            inspect.Parameter.KEYWORD_ONLY,
            default=inspect.Parameter.empty if field.default is MISSING else field.default,
            annotation=hints[field.name],
        )
        for field in fields(group)
    ]


def verb(function: Callable[..., None]) -> Callable[..., None]:
    """Make a verb of a function whose first argument is a group of flags."""
    hints = get_type_hints(function, include_extras=True)
    first, *own = inspect.signature(function).parameters.values()
    group: type[Common] = hints[first.name]
    own = [p.replace(annotation=hints[p.name], kind=inspect.Parameter.KEYWORD_ONLY) for p in own]
    parameters = [*own, *_unfold(group)]
    shared = {field.name for field in fields(group)}

    def run(**values: Any) -> None:
        flags = group(**{name: values.pop(name) for name in shared})
        with reporting(as_json=flags.json, debug=flags.debug, lang=flags.lang):
            if flags.lang not in group.languages:
                raise UnknownNameError("language", flags.lang, group.languages)
            function(flags, **values)

    run.__name__, run.__doc__ = function.__name__, function.__doc__
    run.__annotations__ = {p.name: p.annotation for p in parameters}
    run.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    return run


def alone(flags: Common, ctx: typer.Context) -> bool:
    """Whether a group of verbs was called by its bare name, which lists.

    Flags typed before the verb of a group would be lost: that is refused, not ignored.
    """
    if ctx.invoked_subcommand is None:
        return True
    if flags != type(flags)():
        raise UsageError(
            f"write the flags after the verb: {ctx.command_path} {ctx.invoked_subcommand} --flag ..."
        )
    return False
