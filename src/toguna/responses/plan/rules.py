"""The rules that make a plan coherent, as data.

Enters: rules.toml of this folder. Leaves: `Rule` values. Called by `toguna.responses.plan.constraints`, by
whoever shows rules, and by the command line.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from importlib.resources import files
from typing import Any, Literal

from toguna.core.errors import UnknownNameError, UsageError

__all__ = ["Rule", "all_rules", "not_offered", "rules_without"]

Kind = Literal[
    "together",
    "before",
    "least-share",
    "most-share",
    "follow-forecast",
    "answer-warnings",
    "off",
    "external",
    "structure",
]


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule.

    Parameters
    ----------
    id : str
        Name, for switching it off.
    kind : str
        See rules.toml.
    text : dict of str to str
        The rule in words, by language.
    source : str
        Where it is from.
    basis : {"seed", "evidence", "judgement"}
        What sort of ground it has.
    measures, any_of, pillars, terms : tuple of str
        What it is about.
    share : float
        For shares: part of what is spent, 0 to 1.
    least : float
        For "follow-forecast": part of the harm forecast from which on an area is meant, 0 to 1.
    """

    id: str
    kind: Kind
    text: dict[str, str] = field(default_factory=dict)
    source: str = ""
    basis: str = "judgement"
    measures: tuple[str, ...] = ()
    any_of: tuple[str, ...] = ()
    pillars: tuple[str, ...] = ()
    terms: tuple[str, ...] = ()
    share: float = 0.0
    least: float = 0.0

    def as_dict(self) -> dict[str, Any]:
        """Return plain values for JSON."""
        return {
            "id": self.id,
            "kind": self.kind,
            "text": dict(self.text),
            "source": self.source,
            "basis": self.basis,
        }


def _rule(row: dict[str, Any]) -> Rule:
    lists = {name: tuple(row.get(name, ())) for name in ("measures", "any_of", "pillars", "terms")}
    text = {"en": row["en"], "fr": row["fr"]}
    share, least = float(row.get("share", 0.0)), float(row.get("from", 0.0))
    return Rule(row["id"], row["kind"], text, row["source"], row["basis"], share=share, least=least, **lists)


@lru_cache(maxsize=1)
def all_rules() -> tuple[Rule, ...]:
    """Return the rules that come with the program."""
    text = files("toguna.responses.plan").joinpath("rules.toml").read_text(encoding="utf-8")
    return tuple(_rule(row) for row in tomllib.loads(text)["rules"])


def rules_without(off: Iterable[str], rules: Sequence[Rule] | None = None) -> tuple[Rule, ...]:
    """Return the rules but for those switched off.

    Raises
    ------
    UnknownNameError
        No rule has this id.
    UsageError
        The rule cannot be switched off.
    """
    every = all_rules() if rules is None else tuple(rules)
    known = {rule.id: rule for rule in every}
    gone = tuple(off)
    for id in gone:
        if id not in known:
            raise UnknownNameError("rule", id, known)
        if known[id].kind == "structure":
            raise UsageError(f"the rule {id!r} holds by the way a plan is made; it cannot be switched off.")
    return tuple(rule for rule in every if rule.id not in gone)


def not_offered(rules: Iterable[Rule]) -> dict[str, Rule]:
    """Return the measures that these rules keep out unless allowed, with the rule that does."""
    return {m: rule for rule in rules if rule.kind in ("off", "external") for m in rule.measures}
