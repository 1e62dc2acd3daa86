"""Read the tables of evidence: those that come with the program, and those of users.

Enters: folders. Leaves: a `Catalogue` with findings; a row that is wrong is left out and said. Called by
planners, `toguna.room` and the command line.

A user adds `evidence.csv` (columns as in the shipped effects.csv) and `costs.csv` (measure, low, best,
high, currency, source) in the folder of the theatre or in the home. Both need a source in every row.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from functools import lru_cache
from importlib.resources import as_file, files
from pathlib import Path
from typing import Any

from toguna.core.findings import Finding
from toguna.responses.evidence.catalogue import (
    HARMS,
    STRENGTHS,
    USES,
    Catalogue,
    Cost,
    Effect,
    Measure,
)
from toguna.responses.evidence.rows import Row, read_each
from toguna.store.reading import read_table

__all__ = ["COSTS", "EVIDENCE", "load_catalogue"]

EVIDENCE, COSTS = "evidence.csv", "costs.csv"
GENERIC = "GENERIC"
OF_HARM = ("size", "direction", "proxy")


def _names(text: str) -> tuple[str, ...]:
    return tuple(text.split())


_MEASURE_NEEDS = _names("id pillar name name_fr unit unit_fr default external by_need")
_MEASURE = _MEASURE_NEEDS + _names(
    "description description_fr typical_actor lead_low lead_high duration_months cost_usd_low cost_usd_best "
    "cost_usd_high cost_note cost_source requires pairs rules rules_fr risks risks_fr"
)
_EFFECT_NEEDS = _names("id measure study use strength")
_EFFECT_WORDS = _names("outcome metric setting design sample citation source_url read_as note transfer")
_EFFECT = (*_EFFECT_NEEDS, *_names("harm year estimate se region"), *_EFFECT_WORDS)
_OWN_EFFECT = (*_EFFECT_NEEDS, *_names("harm year estimate se region citation source_url"))
_COST = _names("measure low best high currency source")


def load_catalogue(folders: Iterable[Path | None] = ()) -> Catalogue:
    """Return the shipped catalogue with what users added.

    Parameters
    ----------
    folders : iterable of (Path or None)
        Folders that may hold evidence.csv and costs.csv: the theatre's, the home's. Later costs win.

    Returns
    -------
    Catalogue
        Rows that are wrong are left out; `findings` says which and why.

    Raises
    ------
    StoreError
        A table is there and cannot be read.
    """
    found = _shipped()
    for folder in folders:
        if folder is not None:
            found = _with_folder(found, folder)
    return found


@lru_cache(maxsize=1)
def _shipped() -> Catalogue:
    wrong: list[Finding] = []
    with as_file(files("toguna.responses.evidence").joinpath("measures.csv")) as path:
        frame, said = read_table(path, _MEASURE)
    wrong += said
    rows = frame.iter_rows(named=True)
    measures = {m.id: m for m in read_each(rows, "measures.csv", _measure, wrong)}
    with as_file(files("toguna.responses.evidence").joinpath("effects.csv")) as path:
        frame, said = read_table(path, _EFFECT)
    wrong += said
    rows = frame.iter_rows(named=True)
    effects = tuple(read_each(rows, "effects.csv", _reader(measures, (), own=False), wrong))
    return Catalogue(measures, effects, tuple(wrong))


def _with_folder(found: Catalogue, folder: Path) -> Catalogue:
    wrong = list(found.findings)
    frame, said = read_table(folder / EVIDENCE, _OWN_EFFECT)
    wrong += said
    read = _reader(found.measures, [e.id for e in found.effects], own=True)
    added = tuple(read_each(frame.iter_rows(named=True), EVIDENCE, read, wrong))
    frame, said = read_table(folder / COSTS, _COST)
    wrong += said
    costs = dict(read_each(frame.iter_rows(named=True), COSTS, lambda r: _cost(r, found.measures), wrong))
    measures = {id: replace(m, cost=costs.get(id, m.cost)) for id, m in found.measures.items()}
    return Catalogue(measures, (*found.effects, *added), tuple(wrong))


def _measure(row: Row) -> Measure:
    row.filled(*_MEASURE_NEEDS)

    def by_language(field: str) -> dict[str, str]:
        return {"en": row.text(field), "fr": row.text(f"{field}_fr")}

    return Measure(
        id=row.text("id"),
        pillar=row.text("pillar"),
        name=by_language("name"),
        unit=by_language("unit"),
        rules=by_language("rules"),
        risks=by_language("risks"),
        description=by_language("description"),
        typical_actor=row.text("typical_actor"),
        lead_months=(row.number("lead_low", least=0), row.number("lead_high", least=0)),
        duration_months=row.number("duration_months", least=0),
        cost=_published_cost(row),
        requires=tuple(tuple(group.split("|")) for group in row.text("requires").split(";") if group),
        pairs=tuple(id for id in row.text("pairs").split("|") if id),
        default=row.word("default", ("on", "off")) == "on",
        external=row.word("external", ("yes", "no")) == "yes",
        by_need=row.word("by_need", ("yes", "no")) == "yes",
    )


def _published_cost(row: Row) -> Cost | None:
    low, best, high = row.ordered("cost_usd_low", "cost_usd_best", "cost_usd_high")
    if low is None and best is None and high is None:
        return None
    row.sourced("cost_source")
    return Cost(low, best, high, "USD", row.text("cost_source"), local=False, note=row.text("cost_note"))


def _reader(measures: Mapping[str, Measure], taken: Iterable[str], *, own: bool) -> Callable[[Row], Effect]:
    seen = set(taken)

    def read(row: Row) -> Effect:
        effect = _effect(row, measures, own=own)
        if effect.id in seen:
            raise row.wrong("evidence-id-repeated", "id", found=effect.id, expected="an id of its own")
        seen.add(effect.id)
        return effect

    return read


def _effect(row: Row, measures: Mapping[str, Measure], *, own: bool) -> Effect:
    row.filled(*_EFFECT_NEEDS)
    row.sourced("citation", "source_url")
    use: Any = row.word("use", USES)
    harm: Any = row.word("harm", [h for h in HARMS if h or use not in OF_HARM])
    strength: Any = row.word("strength", STRENGTHS)
    year = row.number("year", least=1900)
    size, se = _size(row) if use == "size" else (None, None)
    return Effect(
        id=row.text("id"),
        measure=row.word("measure", (*measures, GENERIC)),
        study=row.text("study"),
        year=None if year is None else int(year),
        use=use,
        harm=harm,
        size=size,
        se=se,
        regions=tuple(row.text("region").split()),
        strength=strength,
        **{field: row.text(field) for field in _EFFECT_WORDS},
        own=own,
    )


def _size(row: Row) -> tuple[float, float | None]:
    """Return size and standard error as shares; the table holds percent."""
    row.filled("estimate")
    percent, se = row.number("estimate"), row.number("se", least=0)
    if percent is None or percent <= -100:
        expected = "a change of harm in percent, above -100"
        raise row.wrong("evidence-number", "estimate", found=row.text("estimate"), expected=expected)
    said = row.text("harm")
    if said != ("fall" if percent < 0 else "rise" if percent > 0 else "none"):
        expected = "the sign of the estimate: 'fall' below 0, 'rise' above, 'none' at 0"
        raise row.wrong("evidence-word", "harm", found=repr(said), expected=expected)
    return percent / 100, None if se is None else se / 100


def _cost(row: Row, measures: Mapping[str, Measure]) -> tuple[str, Cost]:
    id = row.word("measure", measures)
    row.filled("best")
    row.sourced("source")
    low, best, high = row.ordered("low", "best", "high")
    return id, Cost(low, best, high, row.text("currency") or "USD", row.text("source"), local=True)
