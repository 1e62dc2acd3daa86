"""Check theatre.toml, key by key, and the outlines it names.

Called by `toguna.store.check.pack`. A finding names the key by its section ("windows.recent_days").
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import polars as pl
from shapely.geometry.base import BaseGeometry

from toguna.core.countries import iso3_codes
from toguna.core.errors import DataError
from toguna.core.findings import Finding, Severity
from toguna.core.text import slug
from toguna.store.areas import LEVELS, area_names, read_areas
from toguna.store.check.recurrence import check_recurrence
from toguna.store.reading import read_table
from toguna.store.tables import TABLES
from toguna.store.vocabulary import VOCABULARIES

__all__ = ["check_outlines", "check_settings"]

_SECTIONS = frozenset(
    [
        "name",
        "title",
        "countries",
        "windows",
        "chronology",
        "subjects",
        "recurrence",
        "areas",
        "evidence",
        "ucdp",
        "vocabulary",
    ]
)
_LANGUAGES = ("en", "fr")
_SUBJECT_KEYS = frozenset(
    [
        "id",
        "label",
        "actor_kinds",
        "actors",
        "unattributed",
        "event_types",
        "without_event_types",
        "tactics",
        "targets",
    ]
)


def _say(key: str, found: str, expected: str, *, severity: Severity = "failure") -> Finding:
    repair = "Correct it in theatre.toml."
    return Finding("setting-wrong", severity, "theatre.toml", None, key, found, expected, repair)


def check_settings(settings: Mapping[str, Any]) -> list[Finding]:
    """Check every section of theatre.toml."""
    found = [
        _say(
            key, f"a key {key!r} that is not known", "one of " + ", ".join(sorted(_SECTIONS)), severity="note"
        )
        for key in settings
        if key not in _SECTIONS
    ]
    name = settings.get("name")
    if not isinstance(name, str) or slug(name) != name:
        found.append(_say("name", repr(name), "a short name in small letters, for example 'my-theatre'"))
    found += _words(settings.get("title"), "title")
    found += _countries(settings.get("countries"))
    found += _windows(settings.get("windows", {}))
    found += _subjects(settings.get("subjects", []), settings)
    found += check_recurrence(settings.get("recurrence", []), settings)
    found += _vocabulary(settings.get("vocabulary", {}))
    found += _ucdp(settings.get("ucdp", {}))
    found += _evidence(settings.get("evidence", {}))
    return found


def _words(value: Any, key: str) -> list[Finding]:
    if not isinstance(value, Mapping):
        return [_say(key, repr(value), "a section with en and fr")]
    return [
        _say(f"{key}.{language}", repr(value.get(language)), "words in this language")
        for language in _LANGUAGES
        if not isinstance(value.get(language), str) or not value.get(language)
    ]


def _countries(value: Any) -> list[Finding]:
    if not isinstance(value, list) or not value:
        return [_say("countries", repr(value), 'a list of ISO 3166-1 alpha-3 codes, for example ["SEN"]')]
    return [
        _say("countries", repr(code), "an ISO 3166-1 alpha-3 code")
        for code in value
        if code not in iso3_codes()
    ]


def _windows(value: Any) -> list[Finding]:
    if not isinstance(value, Mapping):
        return [_say("windows", repr(value), "a section")]
    return [
        _say(f"windows.{key}", repr(days), "a number of days, 1 or more")
        for key, days in value.items()
        if not isinstance(days, int) or isinstance(days, bool) or days < 1
    ]


def _subjects(value: Any, settings: Mapping[str, Any]) -> list[Finding]:
    if not isinstance(value, list):
        return [_say("subjects", repr(value), "[[subjects]] sections")]
    found: list[Finding] = []
    for number, subject in enumerate(value, start=1):
        key = f"subjects[{number}]"
        if not isinstance(subject, Mapping) or not isinstance(subject.get("id"), str):
            found.append(_say(key, repr(subject), "a section with an id"))
            continue
        found += _words(subject.get("label"), f"{key}.label")
        found += [
            _say(f"{key}.{k}", "a key that is not known", "one of " + ", ".join(sorted(_SUBJECT_KEYS)))
            for k in subject
            if k not in _SUBJECT_KEYS
        ]
        found += _subject_words(subject, key, settings)
    return found


def _subject_words(subject: Mapping[str, Any], key: str, settings: Mapping[str, Any]) -> list[Finding]:
    added = settings.get("vocabulary", {})
    found = []
    for field, name in (("actor_kinds", "actor_kinds"), ("without_event_types", "event_types")):
        extra = added.get(name, []) if isinstance(added, Mapping) else []
        known = (*VOCABULARIES[name], *extra)
        words = subject.get(field, [])
        if not isinstance(words, list):
            found.append(_say(f"{key}.{field}", repr(words), "a list of words"))
            continue
        found += [
            _say(f"{key}.{field}", repr(word), "one of " + ", ".join(known))
            for word in words
            if word not in known
        ]
    return found


def _vocabulary(value: Any) -> list[Finding]:
    if not isinstance(value, Mapping):
        return [_say("vocabulary", repr(value), "a section")]
    found = []
    for key, words in value.items():
        if key not in VOCABULARIES:
            found.append(_say(f"vocabulary.{key}", "not a vocabulary", "one of " + ", ".join(VOCABULARIES)))
        elif not isinstance(words, list) or not all(isinstance(word, str) for word in words):
            found.append(_say(f"vocabulary.{key}", repr(words), "a list of words"))
    return found


def _ucdp(value: Any) -> list[Finding]:
    if not isinstance(value, Mapping):
        return [_say("ucdp", repr(value), "a section with gwno and names")]
    found = []
    for key, kind in (("gwno", int), ("names", str)):
        listed = value.get(key, [])
        if not isinstance(listed, list) or not all(isinstance(item, kind) for item in listed):
            found.append(_say(f"ucdp.{key}", repr(listed), f"a list of {kind.__name__}"))
    return found


def _evidence(value: Any) -> list[Finding]:
    if not isinstance(value, Mapping):
        return [_say("evidence", repr(value), "a section with setting")]
    setting = value.get("setting", "")
    if isinstance(setting, str) and setting == slug(setting):
        return []
    return [_say("evidence.setting", repr(setting), "one short word in small letters, for example 'coast'")]


def check_outlines(folder: Path, settings: Mapping[str, Any]) -> list[Finding]:
    """Check that the outlines can be read and are valid shapes."""
    areas = settings.get("areas", {})
    if not isinstance(areas, Mapping):
        return [_say("areas", repr(areas), "sections adm0, adm1, adm2")]
    regions = read_table(folder / "regions.csv", TABLES["regions"].columns)[0]
    found: list[Finding] = []
    for level, told in areas.items():
        if level not in LEVELS or not isinstance(told, Mapping):
            found.append(_say(f"areas.{level}", repr(told), "a section named adm0, adm1 or adm2"))
        elif told.get("file"):
            found += _outline(folder, level, told, regions)
    return found


def _outline(folder: Path, level: str, told: Mapping[str, Any], regions: pl.DataFrame) -> list[Finding]:
    names = area_names(regions, told.get("regions_level"))
    try:
        areas = read_areas(folder / str(told["file"]), level=level, settings=told, names=names)
    except DataError as error:
        return [_say(f"areas.{level}.file", str(error), "a GeoJSON file of named areas")]
    table = str(told["file"])
    bad = [(n, area, said) for n, area in enumerate(areas, start=1) if (said := _wrong_shape(area.geometry))]
    return [
        Finding(
            "outline-invalid",
            "failure",
            table,
            number,
            "geometry",
            f"the outline of {area.name} {said}",
            "a valid polygon",
            "Repair the outline, for example with buffer(0).",
        )
        for number, area, said in bad
    ]


def _wrong_shape(geometry: BaseGeometry) -> str:
    """Say what is wrong with an outline, "" when nothing is."""
    if geometry.geom_type not in ("Polygon", "MultiPolygon"):
        return f"is a {geometry.geom_type}"
    if geometry.is_empty:
        return "is empty"
    return "" if geometry.is_valid else "crosses itself"
