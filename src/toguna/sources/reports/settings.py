"""What the mapping of another form says about reporters: the section [reports] of the file beside an export.

Enters: TOML. Leaves: `Settings`, or findings. Called by `toguna.sources.reports.source`.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from toguna.core.findings import Finding, stops
from toguna.sources.table.mapping import Mapping, beside, read_mapping
from toguna.sources.table.says import finding

__all__ = ["OWN_FORM", "SECTION", "Settings", "read_settings"]

SECTION = "reports"


@dataclass(frozen=True, slots=True)
class Settings:
    """Columns of a form that are about reporting itself.

    Parameters
    ----------
    reporter : tuple of str
        Columns that say who reported, best first; turned into a pseudonym.
    personal : tuple of str
        Further columns that say who somebody is; dropped.
    consent : str
        Column that says whether the report may be used; "" when the form does not ask.
    point : str
        Question with the point of the *incident*; every other point is dropped.
    """

    reporter: tuple[str, ...] = ()
    personal: tuple[str, ...] = ()
    consent: str = ""
    point: str = ""


OWN_FORM = Settings(reporter=("reporter_code",), consent="consent", point="point")


def read_settings(path: Path) -> tuple[Mapping | None, Settings, list[Finding]]:
    """Read the mapping beside an export; None without one, findings that stop when it is wrong."""
    place = beside(path)
    if place is None:
        return None, OWN_FORM, []
    mapping, findings = read_mapping(path, besides=(SECTION,))
    if mapping is None or stops(findings):
        return None, OWN_FORM, findings
    told = tomllib.loads(place.read_text(encoding="utf-8-sig")).get(SECTION, {})
    wrong = _wrong(told)
    if wrong:
        said = (
            wrong,
            "reporter, personal (lists), consent, point (columns)",
            "Correct the section [reports].",
        )
        return None, OWN_FORM, [finding("mapping-wrong", "stop", table=place.name, said=said)]
    return mapping, _settings(told), findings


def _settings(told: dict[str, Any]) -> Settings:
    lists = {name: tuple(_list(told.get(name, []))) for name in ("reporter", "personal")}
    return Settings(**lists, consent=told.get("consent", ""), point=told.get("point", ""))


def _wrong(told: Any) -> str:
    if not isinstance(told, dict):
        return "'reports' that is no section"
    for name, value in told.items():
        if name not in Settings.__dataclass_fields__:
            return f"'{name}' under [reports]"
        several = name in ("reporter", "personal")
        if not all(isinstance(v, str) for v in (_list(value) if several else [value])):
            return f"{name} = {value!r}"
    return ""


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]
