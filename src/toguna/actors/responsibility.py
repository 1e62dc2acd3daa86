"""Who is said to have done it: rival and joint claims, and how far each is believed by stated rules.

Enters: event rows with the columns `responsibility` ("A+B|C+D": '+' joint, '|' rival) and
`perpetrators` (ids blamed). Leaves: `Statement` values, probabilities by actor, and the text of the
rule. Called by the command line when it assembles the assessment.

What is claimed and who is blamed are kept apart: a claim is what a group said, a suspicion what
pages say. Nothing is dropped because something else is likelier.

The rule. Every statement about an event has a weight, and so has "none of these":

==================  ======  ==================================================================
statement           weight  when
==================  ======  ==================================================================
claimed and blamed  4       a claim, and at least one of the claimants is also blamed
claimed             2       a claim by a group that nobody blames
blamed              1       those blamed who claimed nothing, taken together
none of these       0.5     always
==================  ======  ==================================================================

P(statement) = its weight over the sum of the weights of it, its rivals and "none of these".
P(an actor took part) = the sum over the statements that name it: those of a joint claim share it
whole, rival statements divide it. So the probabilities of joint claimants add to more than one.

In a battle the actors named are sides that were seen fighting, not suspects: one statement "fought",
weight 4, which is no rival of a claim.

The weights are a convention for reading, open in `Rules`, and not estimated: no set of attacks with
known authors was at hand. They order "claimed and blamed" before "claimed" before "blamed", as
analysts do; groups do claim what they have not done, and UN and press blame often rests on one
official.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

import polars as pl

from toguna.actors.registry import Registry

__all__ = ["RULES", "Basis", "Rules", "Statement", "account", "accounts", "attribute", "statements"]

Basis = Literal["claimed and blamed", "claimed", "blamed", "fought"]
FIGHTS = ("battle", "clash")


@dataclass(frozen=True, slots=True)
class Rules:
    """The weights of the module's rule; each above zero, without unit."""

    claimed_and_blamed: float = 4.0
    claimed: float = 2.0
    blamed: float = 1.0
    fought: float = 4.0
    none: float = 0.5

    def weight(self, basis: Basis) -> float:
        """Return the weight of a statement with this basis."""
        weights = {
            "claimed and blamed": self.claimed_and_blamed,
            "claimed": self.claimed,
            "blamed": self.blamed,
            "fought": self.fought,
        }
        return weights[basis]

    def text(self) -> str:
        """Say the rule in one sentence."""
        return (
            f"Weights: claimed and blamed {self.claimed_and_blamed:g}, claimed {self.claimed:g}, "
            f"blamed {self.blamed:g}, fought {self.fought:g}, none of these {self.none:g}; "
            "a statement has its share of the sum, joint actors share it whole, rival statements divide it."
        )


RULES = Rules()


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement of who did it.

    Parameters
    ----------
    actors : tuple of str
        Who acted, jointly if several.
    basis : {"claimed and blamed", "claimed", "blamed", "fought"}
        On what it rests.
    rival_of : tuple of int
        Positions of the other statements about the same event.
    """

    actors: tuple[str, ...]
    basis: Basis
    rival_of: tuple[int, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """Return plain values for JSON."""
        return {"actors": list(self.actors), "basis": self.basis, "rival_of": list(self.rival_of)}


def statements(event: Mapping[str, Any], registry: Registry | None = None) -> tuple[Statement, ...]:
    """Read what is claimed and who is blamed for one event, claims first, in the order written.

    Parameters
    ----------
    event : mapping
        Row with `responsibility` (text or None), `perpetrators` (list of ids or None), `event_type`.
    registry : Registry, optional
        Names are settled to ids where that is certain, and labels of kind "unknown" are left out:
        "unidentified gunmen" blame nobody.
    """
    blamed = _settled(event.get("perpetrators") or (), registry)
    claims = _claims(event.get("responsibility") or "", registry)
    found = [_claim(actors, blamed) for actors in claims]
    silent = tuple(a for a in blamed if not any(a in c for c in claims))
    if silent:
        found.append(Statement(silent, "fought" if event.get("event_type") in FIGHTS else "blamed"))
    suspects = [i for i, s in enumerate(found) if s.basis != "fought"]
    return tuple(
        replace(s, rival_of=tuple(j for j in suspects if j != i)) if i in suspects else s
        for i, s in enumerate(found)
    )


def _claims(text: str, registry: Registry | None) -> list[tuple[str, ...]]:
    joint = (_settled((n.strip() for n in part.split("+")), registry) for part in text.split("|"))
    return list(dict.fromkeys(actors for actors in joint if actors))


def _claim(actors: tuple[str, ...], blamed: Sequence[str]) -> Statement:
    return Statement(actors, "claimed and blamed" if any(a in blamed for a in actors) else "claimed")


def _settled(names: Iterable[str], registry: Registry | None) -> tuple[str, ...]:
    ids = dict.fromkeys(_settle(n, registry) for n in names if n)
    return tuple(i for i in ids if registry is None or registry.kind(i) != "unknown")


def _settle(name: str, registry: Registry | None) -> str:
    match = registry.resolve(name) if registry is not None else None
    return match.actor_id if match is not None and match.certain and match.actor_id else name


def attribute(said: Sequence[Statement], *, rules: Rules = RULES) -> dict[str, float]:
    """Return the probability that each actor took part, by the module's rule, sorted by id.

    Empty when nothing is claimed and nobody is blamed. Rounded to 4 decimals.

    Examples
    --------
    >>> attribute(statements({"responsibility": "A+B|C", "perpetrators": ["A"]}))
    {'A': 0.6154, 'B': 0.6154, 'C': 0.3077}
    """
    shares: dict[str, float] = {}
    for s in said:
        for actor in s.actors:
            shares[actor] = shares.get(actor, 0.0) + _share(s, said, rules)
    return {a: round(shares[a], 4) for a in sorted(shares)}


def _share(s: Statement, said: Sequence[Statement], rules: Rules) -> float:
    against = sum(rules.weight(said[j].basis) for j in s.rival_of)
    return rules.weight(s.basis) / (rules.weight(s.basis) + against + rules.none)


def account(
    event: Mapping[str, Any], registry: Registry | None = None, *, rules: Rules = RULES
) -> dict[str, Any]:
    """Return the whole account of one event for the assessment: statements, probabilities, rule.

    `none` is the probability that none of the statements holds, 1 where there is none.
    """
    said = statements(event, registry)
    shares = [_share(s, said, rules) for s in said]
    suspects = sum(p for p, s in zip(shares, said, strict=True) if s.basis != "fought")
    fought = sum(p for p, s in zip(shares, said, strict=True) if s.basis == "fought")
    return {
        "event_id": event.get("event_id"),
        "statements": [
            {**s.as_dict(), "probability": round(p, 4)} for p, s in zip(shares, said, strict=True)
        ],
        "probabilities": attribute(said, rules=rules),
        "none": round((1 - suspects) * (1 - fought), 4),
        "rule": rules.text(),
    }


def accounts(
    events: pl.DataFrame, registry: Registry | None = None, *, rules: Rules = RULES
) -> list[dict[str, Any]]:
    """Return the accounts of all events with a joint claim or with rival statements, by event id."""
    columns = ["event_id", "event_type", "responsibility", "perpetrators"]
    rows = events.select(columns).filter(pl.col("responsibility").is_not_null()).sort("event_id")
    found = (account(row, registry, rules=rules) for row in rows.iter_rows(named=True))
    return [a for a in found if _disputed(a["statements"])]


def _disputed(said: Sequence[Mapping[str, Any]]) -> bool:
    joint = any(len(s["actors"]) > 1 and s["basis"].startswith("claimed") for s in said)
    return joint or any(s["rival_of"] for s in said)
