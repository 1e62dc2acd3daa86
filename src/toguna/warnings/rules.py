"""Read the rules by which warnings are proposed, and choose the one that fits.

Enters: rules.toml of this package, and warnings.toml of a theatre where there is one. Leaves: `Rules`.
Called by `toguna.warnings.raising` and ``toguna warn``. A rule is data: what it says stands in the file.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from importlib import resources
from pathlib import Path
from typing import Any

from toguna.core.errors import DataError, TogunaError, UnknownNameError
from toguna.warnings.signals import Signal
from toguna.warnings.words import CERTAINTIES, KINDS, LEVELS, SENSITIVITIES, SEVERITIES, URGENCIES, known_word

__all__ = ["BY_PROBABILITY", "FILE", "Desk", "Rule", "Rules", "read_rules"]

FILE = "warnings.toml"
BY_PROBABILITY = "by-probability"
ORIGINS = ("shift", "chance", "forecast")


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One rule; see rules.toml for what each field means."""

    id: str
    on: str
    kind: str
    level: str
    urgency: str
    certainty: str
    days: int
    acknowledge_days: int
    decide_days: int
    reason: str
    false_alarms: str
    dimension: str = ""
    part: str = ""
    q: float | None = None
    within: int | None = None
    deaths: int | None = None
    least: float | None = None
    least_low: float | None = None

    def fits(self, signal: Signal) -> bool:
        """Whether what was found is what the rule is about."""
        return (
            signal.origin == self.on
            and self.dimension in ("", signal.dimension)
            and self.part in ("", signal.part)
            and self.within in (None, signal.within)
            and self.deaths in (None, signal.deaths)
            and _at_most(signal.q, self.q)
            and _at_least(signal.probability, self.least)
            and _at_least(signal.low, self.least_low)
        )


def _at_most(value: float | None, bound: float | None) -> bool:
    # As in toguna.shifts.battery: equality counts, whatever rounding did to it.
    return bound is None or (value is not None and value <= bound + 1e-9)


def _at_least(value: float | None, bound: float | None) -> bool:
    return bound is None or (value is not None and value >= bound)


@dataclass(frozen=True, slots=True)
class Desk:
    """Who answers when nobody was named."""

    owner: str
    addressees: tuple[str, ...]
    escalate_to: str
    sensitivity: str


@dataclass(frozen=True, slots=True)
class Rules:
    """All rules, the bounds of severity from the gravest on, and the desk."""

    rules: tuple[Rule, ...]
    severity: tuple[tuple[str, float], ...]
    desk: Desk

    def choose(self, signal: Signal) -> Rule | None:
        """Return the first rule that fits."""
        return next((rule for rule in self.rules if rule.fits(signal)), None)

    def severity_of(self, deaths: float | None) -> str:
        """Return the severity for deaths in the events a warning rests on; None = not known."""
        if deaths is None:
            return "Unknown"
        return next((word for word, bound in self.severity if deaths >= bound), "Unknown")


def read_rules(folder: Path | None = None) -> Rules:
    """Read the rules of the package, changed as the pack in `folder` says.

    Raises
    ------
    DataError
        The file of the pack is not TOML, or a rule lacks something or has a word that is not known.
    """
    text = resources.files("toguna.warnings").joinpath("rules.toml").read_text(encoding="utf-8")
    plain = tomllib.loads(text)
    path = folder / FILE if folder else None
    own = _own(path) if path and path.is_file() else {}
    where = str(path) if own else "rules.toml"
    try:
        rules = _merged(plain["rules"], own.get("rules", []))
        return Rules(
            tuple(_rule(rule) for rule in rules if not rule.get("off")),
            _severity(own.get("severity") or plain["severity"]),
            _desk({**plain["desk"], **own.get("desk", {})}),
        )
    except (TogunaError, TypeError, ValueError, AttributeError, KeyError) as error:
        raise DataError(f"{where}: {error} Expected what the head of rules.toml says.") from None


def _merged(ours: list[dict[str, Any]], theirs: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Put the rules of a pack over ours: the same id changes, a new one is added."""
    merged = {str(rule["id"]): rule for rule in ours}
    for rule in theirs:
        merged[str(rule.get("id"))] = {**merged.get(str(rule.get("id")), {}), **rule}
    return list(merged.values())


def _own(path: Path) -> dict[str, Any]:
    try:
        found = tomllib.loads(path.read_bytes().decode("utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as error:
        raise DataError(f"{path} is not valid TOML in UTF-8: {error}.") from None
    for key in found:
        if key not in ("rules", "severity", "desk"):
            raise DataError(f"{path}: {UnknownNameError('section', key, ('rules', 'severity', 'desk'))}")
    return found


_WORDS = {"on": ORIGINS, "kind": KINDS, "level": LEVELS, "urgency": URGENCIES}
_CERTAINTY = (*CERTAINTIES, BY_PROBABILITY)


def _rule(plain: Mapping[str, Any]) -> Rule:
    known = {field.name for field in fields(Rule)}
    for key in plain:
        if key not in known and key != "off":
            raise UnknownNameError(f"key of rule {plain.get('id')!r}", key, known)
    told = {key: value for key, value in plain.items() if key != "off"}
    told |= {name: known_word(name, told[name], words) for name, words in _WORDS.items()}
    told["certainty"] = known_word("certainty", told["certainty"], _CERTAINTY)
    rule = Rule(**told)
    days = (rule.days, rule.decide_days, rule.acknowledge_days)
    if not all(isinstance(n, int) and 0 <= n <= 3650 for n in days) or days[1] < days[2]:
        raise ValueError(
            f"rule {rule.id!r} has days {days}; decisions may not be due before acknowledgement."
        )
    return rule


def _severity(plain: Mapping[str, Any]) -> tuple[tuple[str, float], ...]:
    pairs = [(known_word("severity", word, SEVERITIES), float(bound)) for word, bound in plain.items()]
    return tuple(sorted(pairs, key=lambda pair: -pair[1]))


def _desk(plain: Mapping[str, Any]) -> Desk:
    return Desk(
        str(plain["owner"]),
        tuple(str(a) for a in plain["addressees"]),
        str(plain["escalate_to"]),
        known_word("sensitivity", plain["sensitivity"], SENSITIVITIES),
    )
