"""Propose warnings from what was found, by the stated rules.

Enters: signals, rules, and what a warning needs to know of its theatre. Leaves: warnings, loudest first, one
for each kind and place. Pure. Called by ``toguna warn``, the room and the replay. Whether one of them is
issued is decided by people.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from toguna.core.language import LANGUAGES, Language
from toguna.warnings.rules import BY_PROBABILITY, Rule, Rules
from toguna.warnings.signals import Signal
from toguna.warnings.types import Area, Basis, Option, Warning
from toguna.warnings.words import LEVELS, URGENCIES

__all__ = ["Setting", "propose"]

MOST_SAID = 4
"""Of so many things that were found the sentences stand in the text; all of them stand in the basis."""

_SURE = ("Observed", "Likely", "Possible", "Unlikely", "Unknown")


@dataclass(frozen=True)
class Setting:
    """What a warning needs to know of its theatre.

    Parameters
    ----------
    theatre : str
    title : mapping
        Title of the theatre by language.
    as_of : date
        Day of the assessment.
    areas : mapping
        Name -> outline, where known.
    names : mapping
        Id of an organisation -> its name.
    deaths : mapping
        Event id -> deaths, where known.
    options : mapping
        Name of an area ("" = the theatre) -> what a plan would do there.
    """

    theatre: str
    title: Mapping[str, str]
    as_of: date
    areas: Mapping[str, Area] = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)
    deaths: Mapping[str, float] = field(default_factory=dict)
    options: Mapping[str, Sequence[Option]] = field(default_factory=dict)


Found = list[tuple[Rule, Signal]]


def propose(signals: Iterable[Signal], rules: Rules, setting: Setting) -> list[Warning]:
    """Say which warnings the rules make of what was found.

    Parameters
    ----------
    signals : iterable of Signal
        What was found on the day.
    rules : Rules
    setting : Setting

    Returns
    -------
    list of Warning
        Loudest first; what fits no rule makes none. Things of one kind about the same places, or without
        places about the same organisations, make one warning together.
    """
    groups: dict[tuple[str, tuple[str, ...]], Found] = {}
    for signal in signals:
        rule = rules.choose(signal)
        if rule is not None:
            about = tuple(sorted(set(signal.areas))) or tuple(f"actor:{a}" for a in sorted(signal.actors))
            groups.setdefault((rule.kind, about), []).append((rule, signal))
    made = [_warning(found, rules, setting) for found in groups.values()]
    return sorted(made, key=lambda w: (-LEVELS.index(w.level), URGENCIES.index(w.urgency), w.key))


def _warning(found: Found, rules: Rules, setting: Setting) -> Warning:
    """Make one warning of everything that was found about one thing; the loudest rule leads."""
    found = sorted(found, key=lambda pair: (-LEVELS.index(pair[0].level), pair[1].q or 0.0, pair[1].id))
    lead, first = found[0]
    areas = tuple(setting.areas.get(name, Area(name)) for name in sorted(set(first.areas)))
    actors = tuple(sorted({a for _, signal in found for a in signal.actors}))
    day, desk = setting.as_of, rules.desk
    said = {code: _words(Language(code), found, areas, actors, setting) for code in LANGUAGES}
    return Warning(
        theatre=setting.theatre,
        kind=lead.kind,
        level=lead.level,
        urgency=min((rule.urgency for rule, _ in found), key=URGENCIES.index),
        severity=rules.severity_of(_deaths(found, setting)),
        certainty=min((_certainty(rule, signal) for rule, signal in found), key=_SURE.index),
        areas=areas,
        actors=actors,
        start=day,
        end=day + timedelta(days=max(rule.days for rule, _ in found)),
        basis=tuple(_basis(rule, signal, day) for rule, signal in found),
        owner=desk.owner,
        addressees=desk.addressees,
        escalate_to=desk.escalate_to,
        sensitivity=desk.sensitivity,
        acknowledge_by=day + timedelta(days=min(rule.acknowledge_days for rule, _ in found)),
        deadline=day + timedelta(days=min(rule.decide_days for rule, _ in found)),
        options=tuple(o for name in ([a.name for a in areas] or [""]) for o in setting.options.get(name, ())),
        headline={code: words[0] for code, words in said.items()},
        text={code: words[1] for code, words in said.items()},
    )


def _deaths(found: Found, setting: Setting) -> float | None:
    ids = {id for _, signal in found for id in signal.event_ids}
    known = [setting.deaths[id] for id in ids if id in setting.deaths]
    foreseen = [float(signal.deaths) for _, signal in found if signal.deaths is not None]
    return max([*([sum(known)] if known else []), *foreseen], default=None)


def _certainty(rule: Rule, signal: Signal) -> str:
    if rule.certainty != BY_PROBABILITY:
        return rule.certainty
    return "Likely" if (signal.probability or 0.0) > 0.5 else "Possible"


def _basis(rule: Rule, signal: Signal, day: date) -> Basis:
    return Basis(
        signal.origin,
        signal.id,
        signal.digest,
        day.isoformat(),
        rule.id,
        signal.numbers,
        signal.event_ids,
    )


def _words(
    L: Language, found: Found, areas: Sequence[Area], actors: Sequence[str], setting: Setting
) -> tuple[str, str]:
    rule = found[0][0]
    level, what = L.word(f"level:{rule.level}"), L.word(f"warning:{rule.kind}")
    named = [setting.names.get(actor, actor) for actor in actors]
    if areas:
        head = L("{level}: {what} in {where}", level=level, what=what, where=L.join(a.name for a in areas))
    elif named:
        head = L("{level}: {what}, {who}", level=level, what=what, who=L.join(named))
    else:
        title = L.typeset(setting.title.get(L.code, setting.theatre))
        head = L("{level}: {what}, {where} as a whole", level=level, what=what, where=title)
    texts = [signal.text[L.code] for _, signal in found[:MOST_SAID]]
    return head, " ".join([*texts, *_wrongness(L, found)])


def _wrongness(L: Language, found: Found) -> list[str]:
    """Say how often such a warning is wrong, as far as that is known."""
    rates = [s.false_alarms_per_year for _, s in found if s.false_alarms_per_year is not None]
    chances = [s.probability for _, s in found if s.probability is not None]
    said = []
    if rates:
        said.append(
            L(
                "Tests of this kind would sound {rate} times a year here if nothing changed.",
                rate=L.number(max(rates), 2),
            )
        )
    if chances:
        said.append(
            L(
                "If that chance is right, about {n} of 100 such warnings name something that does not come.",
                n=round(100 * (1 - chances[0])),
            )
        )
    return said
