"""Which replay an assessment may tell of: one that ended by its day, on the data that were known then.

Enters: the looks and lessons of a replay, to keep; or the question of an assessment. Leaves: a file in
the home; or what the assessment carries under ``replay``. Called by ``toguna replay`` and
`toguna.room.situation`.
Rules and why: docs/decisions/0035.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any

from toguna import __version__
from toguna.core.digest import canonical_json
from toguna.core.errors import TogunaError
from toguna.room.again import Again
from toguna.store.home import Home

if TYPE_CHECKING:
    from toguna.room.view import Question
    from toguna.store.theatre import Theatre

__all__ = ["command", "keep", "taught"]

MONTHS = 36
"""Months that the suggested replay looks back."""
Look = Mapping[str, Any]


def keep(chain: Again, looks: Sequence[Look], facts: Mapping[str, Any]) -> str | None:
    """Keep the lessons of a replay in the home, with what they rest on; return the digest.

    None without a home: there is no place to keep them.
    """
    if chain.home is None:
        return None
    last = looks[-1]
    told = {
        "theatre": last["parameters"]["theatre"],
        "chain": _plain(chain),
        "code": last["code"],
        "last": {k: last[k] for k in ("as_of", "seed", "inputs", "parameters")},
        "looks": [{k: look[k] for k in ("as_of", "key", "digest")} for look in looks],
        "facts": dict(facts),
    }
    return Home(chain.home).replays.put(told)


def _plain(chain: Again) -> dict[str, Any]:
    """Say how a chain was asked, without the folders of this machine."""
    return {
        "sources": list(chain.sources) if chain.sources is not None else None,
        "viewpoint": chain.viewpoint,
        "worlds": chain.worlds,
        "model": chain.model,
    }


def taught(question: Question) -> dict[str, Any]:
    """Choose the replay that an assessment tells of.

    It is of the same theatre, sources and viewpoint, by the same version of the program; its last look lies
    at or before the day of the assessment; and that look would see the same rows today as it did then. Of
    several the one that ends last counts, then the one with most looks.

    Returns
    -------
    dict
        ``state``: "shown", "changed" (there is one, of data that are no longer the same) or "none";
        ``command`` that makes one; ``digest``, ``looks`` and ``facts`` of the one shown, else None.
    """
    found: dict[str, Any] = {"state": "none", "command": command(question.theatre, question.as_of)}
    found |= {"digest": None, "looks": [], "facts": None}
    for name, told in _candidates(question):
        if _same(question, told):
            shown = {"digest": name, "looks": told["looks"], "facts": told["facts"]}
            return found | {"state": "shown"} | shown
        found["state"] = "changed"
    return found


def _candidates(question: Question) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the replays that may be told of, the best first."""
    if question.home is None:
        return
    wanted = list(question.sources) if question.sources is not None else None
    fitting = [
        (name, told)
        for name, told in question.home.replays.all()
        if told["theatre"] == question.theatre.name
        and told["chain"]["sources"] == wanted
        and told["chain"]["viewpoint"] == question.viewpoint.name
        and told["code"]["version"] == __version__
        and told["last"]["as_of"] <= question.as_of.isoformat()
    ]
    yield from sorted(fitting, key=lambda one: (one[1]["last"]["as_of"], len(one[1]["looks"]), one[0]))[::-1]


def _same(question: Question, told: Mapping[str, Any]) -> bool:
    """Whether the last look of a replay would read today what it read then."""
    chain = Again(
        theatre=question.theatre.folder,
        home=question.home.path if question.home else None,
        areas=tuple(sorted(question.theatre.outlines.items())),
        sources=question.sources,
    )
    asked, last = told["chain"], told["last"]
    chain = replace(chain, viewpoint=asked["viewpoint"], worlds=asked["worlds"], model=asked["model"])
    try:
        ready = chain.begin(date.fromisoformat(last["as_of"]), last["seed"])
    except TogunaError:
        return False
    told_now = {"inputs": ready.inputs, "parameters": ready.parameters}
    return canonical_json(told_now) == canonical_json({k: last[k] for k in told_now})


def command(theatre: Theatre, as_of: date) -> str:
    """Write the line that makes a replay up to the last whole month before a day."""
    end = as_of.year * 12 + as_of.month - 2
    first, last = (f"{k // 12:04d}-{k % 12 + 1:02d}" for k in (end - MONTHS + 1, end))
    return f"toguna replay --theatre {theatre.name} --from {first} --to {last}"
