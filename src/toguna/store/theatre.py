"""A theatre pack: a folder with theatre.toml, tables and outlines, read into one value.

Enters: the name of a shipped pack, or a folder. Leaves: `Theatre`. Called by `toguna.sources`,
`toguna.actors` and the command line. What is wrong in a pack is told by `toguna.store.check`, not here.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import polars as pl

from toguna.core.errors import DataError, UnknownNameError
from toguna.core.findings import stops
from toguna.store.areas import LEVELS, Area, Names, area_names, read_areas
from toguna.store.reading import read_table
from toguna.store.tables import TABLES, Table

__all__ = ["Area", "Theatre", "known_theatres", "load_theatre", "read_settings", "shipped_folder"]


@dataclass(frozen=True)
class Theatre:
    """One theatre: what its pack says.

    Parameters
    ----------
    name : str
        Short name.
    folder : Path
        Where the pack lies.
    title : dict
        Title by language.
    countries : tuple of str
        ISO 3166-1 alpha-3 codes of the countries assessed.
    settings : dict
        theatre.toml, parsed.
    tables : dict of str to DataFrame
        By stem; text cells (blank = null) and `row` (1 = first data row). A missing file is an empty frame.
    outlines : dict of str to Path
        Files of outlines by level, the user's before the pack's.
    """

    name: str
    folder: Path
    title: dict[str, str]
    countries: tuple[str, ...]
    settings: dict[str, Any]
    tables: dict[str, pl.DataFrame]
    outlines: dict[str, Path] = field(default_factory=dict)
    _areas: dict[str, list[Area]] = field(default_factory=dict, repr=False, compare=False)

    def areas(self, level: str) -> list[Area]:
        """Return the areas of a level ("adm0", "adm1", "adm2"); none when there are no outlines."""
        if level not in LEVELS:
            raise UnknownNameError("level of areas", level, LEVELS)
        if level not in self._areas:
            path = self.outlines.get(level)
            own = self._level_settings(level) if path and path.parent == self.folder else {}
            names = self.names(level)
            self._areas[level] = read_areas(path, level=level, settings=own, names=names) if path else []
        return self._areas[level]

    def names(self, level: str) -> Names:
        """Return the canonical spellings of a level, from regions.csv."""
        return area_names(self.tables["regions"], self._level_settings(level).get("regions_level"))

    def _level_settings(self, level: str) -> Mapping[str, Any]:
        areas = self.settings.get("areas", {})
        found = areas.get(level, {}) if isinstance(areas, Mapping) else {}
        return found if isinstance(found, Mapping) else {}


def shipped_folder() -> Path:
    """Return the folder of the packs that come with Toguna."""
    return Path(__file__).resolve().parents[1] / "theatres"


def known_theatres() -> list[str]:
    """List the packs that come with Toguna."""
    return sorted(path.parent.name for path in shipped_folder().glob("*/theatre.toml"))


def read_settings(folder: Path) -> dict[str, Any]:
    """Parse theatre.toml.

    Raises
    ------
    DataError
        When it is missing or not TOML; the message has the line.
    """
    path = folder / "theatre.toml"
    try:
        return tomllib.loads(path.read_bytes().decode("utf-8-sig"))
    except FileNotFoundError:
        raise DataError(f"{folder} is not a theatre pack: it has no theatre.toml.") from None
    except UnicodeDecodeError:
        raise DataError(f"{path} is not UTF-8 text; save it as UTF-8.") from None
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise DataError(f"{path} is not valid TOML: {error}.") from None


def load_theatre(name_or_dir: str | Path, *, areas: Mapping[str, Path] | None = None) -> Theatre:
    """Read a theatre pack.

    Parameters
    ----------
    name_or_dir : str or Path
        Name of a shipped pack, or a folder.
    areas : mapping of str to Path, optional
        Outlines of the user's by level, for example {"adm2": Path("districts.geojson")}.

    Raises
    ------
    UnknownNameError
        No shipped pack has this name and no folder lies there.
    DataError
        theatre.toml cannot be read or lacks its name, title or countries; a table cannot be told into rows.
    """
    folder = _find(name_or_dir)
    settings = read_settings(folder)
    name, title, countries = (settings.get(key) for key in ("name", "title", "countries"))
    if not isinstance(name, str) or not isinstance(title, dict) or not isinstance(countries, list):
        raise DataError(
            f"{folder / 'theatre.toml'} needs name, countries and [title]; run `toguna theatre check`."
        )
    for level in areas or {}:
        if level not in LEVELS:
            raise UnknownNameError("level of areas", level, LEVELS)
    return Theatre(
        name=name,
        folder=folder,
        title={str(k): str(v) for k, v in title.items()},
        countries=tuple(str(c) for c in countries),
        settings=settings,
        tables={stem: _table(folder / f"{stem}.csv", table) for stem, table in TABLES.items()},
        outlines=_outlines(folder, settings) | {k: Path(v) for k, v in (areas or {}).items()},
    )


def _table(path: Path, table: Table) -> pl.DataFrame:
    frame, findings = read_table(path, table.columns)
    for finding in stops(findings):
        raise DataError(f"{path.parent}: {finding.sentence()}")
    return frame


def _find(name_or_dir: str | Path) -> Path:
    path = Path(name_or_dir)
    if isinstance(name_or_dir, str) and name_or_dir in known_theatres():
        return shipped_folder() / name_or_dir
    if path.is_dir():
        return path
    if path.name == "theatre.toml" and path.is_file():
        return path.parent
    raise UnknownNameError("theatre", str(name_or_dir), known_theatres())


def _outlines(folder: Path, settings: Mapping[str, Any]) -> dict[str, Path]:
    sections = settings.get("areas", {})
    if not isinstance(sections, Mapping):
        return {}
    files = {k: v.get("file") for k, v in sections.items() if k in LEVELS and isinstance(v, Mapping)}
    return {level: folder / str(file) for level, file in files.items() if file}
