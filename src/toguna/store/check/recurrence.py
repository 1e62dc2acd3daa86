"""Check the [[recurrence]] sections of theatre.toml: the chances that an assessment states.

Called by `toguna.store.check.settings`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from toguna.core.findings import Finding
from toguna.store.vocabulary import VOCABULARIES

__all__ = ["KEYS", "check_recurrence"]

KEYS: dict[str, str] = {
    "id": "its name; it makes the ids of `toguna why`",
    "label": "what is asked about, en and fr: the briefing says “Another {label} within 3 months”",
    "subject": "id of a population; the first when it is not stated",
    "place": "an area with attacks, or a town of places.csv; the whole theatre when it is not stated",
    "radius_km": "of the circle around a town, 5 or more; 25 when it is not stated",
    "tactic": "only attacks of these words of `tactics`",
    "target": "only attacks of these words of `targets`",
    "setting": "only attacks of these words of `settings`",
    "family": "only attacks by this family of organisations",
    "like": "“gravest”: only attacks in a setting of the group of that of the gravest recent attack",
}
"""Keys of a section and what they hold."""

_LEAST_KM = 5
_MARKS = {"tactic": "tactics", "target": "targets", "setting": "settings"}


def _say(key: str, found: str, expected: str) -> Finding:
    repair = "Correct it in theatre.toml."
    return Finding("setting-wrong", "failure", "theatre.toml", None, key, found, expected, repair)


def check_recurrence(value: Any, settings: Mapping[str, Any]) -> list[Finding]:
    """Check every section; an empty list when there is none."""
    if not isinstance(value, list):
        return [_say("recurrence", repr(value), "[[recurrence]] sections")]
    found: list[Finding] = []
    seen: set[str] = set()
    for number, one in enumerate(value, start=1):
        key = f"recurrence[{number}]"
        if not isinstance(one, Mapping) or not isinstance(one.get("id"), str) or not one["id"]:
            found.append(_say(key, repr(one), "a section with an id"))
            continue
        if one["id"] in seen:
            found.append(_say(f"{key}.id", repr(one["id"]), "an id of its own"))
        seen.add(one["id"])
        found += [
            _say(f"{key}.{k}", "a key that is not known", "one of " + ", ".join(KEYS))
            for k in one
            if k not in KEYS
        ]
        found += [*_texts(one, key), *_values(one, key, settings), *_words(one, key, settings)]
    return found


def _texts(one: Mapping[str, Any], key: str) -> list[Finding]:
    label = one.get("label")
    said = label if isinstance(label, Mapping) else {}
    found = [
        _say(f"{key}.label.{code}", repr(said.get(code)), "words in this language")
        for code in ("en", "fr")
        if not isinstance(said.get(code), str) or not said[code]
    ]
    return found + [
        _say(f"{key}.{name}", repr(one[name]), "a name")
        for name in ("place", "family", "subject")
        if name in one and (not isinstance(one[name], str) or not one[name])
    ]


def _values(one: Mapping[str, Any], key: str, settings: Mapping[str, Any]) -> list[Finding]:
    found = []
    km = one.get("radius_km", _LEAST_KM)
    if isinstance(km, bool) or not isinstance(km, int | float) or not _LEAST_KM <= km < 20_000:
        found.append(_say(f"{key}.radius_km", repr(km), "a number of km, 5 or more: no finer than a town"))
    if one.get("like", "gravest") != "gravest":
        found.append(_say(f"{key}.like", repr(one["like"]), '"gravest"'))
    named = settings.get("subjects", [])
    known = [s.get("id") for s in named if isinstance(s, Mapping)] if isinstance(named, list) else []
    if isinstance(one.get("subject"), str) and one["subject"] not in known:
        listed = ", ".join(map(str, known)) or "none is named"
        found.append(_say(f"{key}.subject", repr(one["subject"]), f"a population of [[subjects]]: {listed}"))
    return found


def _words(one: Mapping[str, Any], key: str, settings: Mapping[str, Any]) -> list[Finding]:
    added = settings.get("vocabulary", {})
    found = []
    for mark, name in _MARKS.items():
        words = one.get(mark, [])
        if not isinstance(words, list):
            found.append(_say(f"{key}.{mark}", repr(words), "a list of words"))
            continue
        extra = added.get(name, []) if isinstance(added, Mapping) else []
        known = (*VOCABULARIES[name], *(extra if isinstance(extra, list) else []))
        found += [
            _say(f"{key}.{mark}", repr(w), "one of " + ", ".join(known)) for w in words if w not in known
        ]
    return found
