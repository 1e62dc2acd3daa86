"""What the Humanitarian Data Exchange says of a file: licence, citation, day of publication.

Enters: JSON beside a file: FILE.json, metadata.json or datapackage.json. Leaves: `Metadata` and findings.
Called by the sources "hxl" and "geojson".

References
----------
CKAN, package_show (https://docs.ckan.org/en/latest/api/); Frictionless Data, Data Package
(https://specs.frictionlessdata.io/data-package/).
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import unquote, urlsplit

from toguna.core.findings import Finding
from toguna.sources.table.says import finding

__all__ = ["Metadata", "metadata_file", "read_metadata"]

_REPAIR = "Download the metadata of the dataset again (JSON), or move the file away."


@dataclass(frozen=True, slots=True)
class Metadata:
    """Terms of a file; "" and None for what is not told."""

    name: str = ""
    licence: str = ""
    citation: str = ""
    published_at: date | None = None


def metadata_file(path: Path) -> Path | None:
    """Find the metadata of a file: FILE.json, metadata.json or datapackage.json in its folder."""
    for name in (path.name + ".json", "metadata.json", "datapackage.json"):
        place = path.with_name(name)
        if place.is_file() and place != path:
            return place
    return None


def read_metadata(path: Path) -> tuple[Metadata, list[Finding]]:
    """Read what is told of a file; without metadata, or with unreadable ones, say so and go on."""
    place = metadata_file(path)
    if place is None:
        said = ("no metadata beside the file", f"{path.name}.json or metadata.json, as HDX gives them",
                "Licence, citation and day of publication stay unknown; download the metadata.")  # fmt: skip
        return Metadata(), [finding("metadata-absent", "note", table=path.name, said=said)]
    try:
        told = json.loads(place.read_text(encoding="utf-8-sig"))
    except (ValueError, OSError, RecursionError) as error:
        return Metadata(), [_unreadable(place.name, f"no JSON ({str(error)[:80]})")]
    told = told.get("result", told) if isinstance(told, dict) else told
    if not isinstance(told, dict) or not isinstance(told.get("resources", []), list):
        return Metadata(), [_unreadable(place.name, "JSON that describes no dataset")]
    return _metadata(told, path.name, place.name)


def _metadata(told: dict[str, Any], file: str, table: str) -> tuple[Metadata, list[Finding]]:
    resource = _resource(told, file)
    findings = [] if resource else [_not_named(table, file)]
    published = _day((resource or {}).get("last_modified") or (resource or {}).get("created"))
    if resource and not published and _is_package(told):
        published = _day(told.get("created"))
    return Metadata(_text(told, "name"), _licence(told), _citation(told, published), published), findings


def _is_package(told: dict[str, Any]) -> bool:
    return "licenses" in told or "profile" in told


def _resource(told: dict[str, Any], file: str) -> dict[str, Any] | None:
    """Find the resource that is this file, by its name or its address; a single one is it."""
    resources = [r for r in told.get("resources", []) if isinstance(r, dict)]
    for resource in resources:
        if file.casefold() in _names(resource):
            return resource
    return resources[0] if len(resources) == 1 else None


def _names(resource: dict[str, Any]) -> Iterator[str]:
    for key in ("name", "path", "url", "download_url"):
        text = _text(resource, key)
        yield text.casefold()
        yield PurePosixPath(unquote(urlsplit(text).path)).name.casefold() if text else ""


def _text(told: dict[str, Any], key: str) -> str:
    value = told.get(key)
    return " ".join(value.split()) if isinstance(value, str) else ""


def _licence(told: dict[str, Any]) -> str:
    parts = [_text(told, "license_title"), _text(told, "license_other")]
    for licence in told.get("licenses") or [] if isinstance(told.get("licenses"), list) else []:
        if isinstance(licence, dict):
            parts.append(_text(licence, "title") or _text(licence, "name"))
    return "; ".join(dict.fromkeys(part for part in parts if part)) or _text(told, "license_id")


def _citation(told: dict[str, Any], published: date | None) -> str:
    organisation = told.get("organization")
    owner = _text(organisation, "title") if isinstance(organisation, dict) else ""
    sources = told.get("sources") if isinstance(told.get("sources"), list) else []
    named = [_text(s, "title") for s in sources or [] if isinstance(s, dict)]
    parts = [owner, _text(told, "title"), _text(told, "dataset_source"), *named]
    where = "Humanitarian Data Exchange" if "license_title" in told or owner else ""
    day = f"last modified {published}" if published else ""
    return ", ".join(dict.fromkeys(part for part in (*parts, where, day) if part))


def _day(text: Any) -> date | None:
    try:
        return date.fromisoformat(str(text)[:10]) if text else None
    except ValueError:
        return None


def _unreadable(table: str, found: str) -> Finding:
    said = (found, "the metadata of a dataset (CKAN or Data Package)", _REPAIR)
    return finding("metadata-unreadable", "note", table=table, said=said)


def _not_named(table: str, file: str) -> Finding:
    said = (f"several files, none of them {file}", f"{file} among the resources",
            "Its day of publication stays unknown; give the file its name on HDX back.")  # fmt: skip
    return finding("metadata-of-other-files", "note", table=table, said=said)
