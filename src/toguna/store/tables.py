"""What each table of a theatre pack holds: columns, which cells must be filled, and what they may say.

Read by `toguna.store.theatre` (expected columns), by `toguna.store.check` and by the scaffold.
"""

from __future__ import annotations

from dataclasses import dataclass, field

__all__ = ["TABLES", "Table"]


@dataclass(frozen=True, slots=True)
class Table:
    """One table of a pack.

    Parameters
    ----------
    name : str
        Stem of the file ("incidents" for incidents.csv).
    meaning : str
        What a row is.
    columns : tuple of str
        Columns in their order.
    optional : tuple of str
        Columns that may be added; nothing is said when they are not there.
    required : tuple of str
        Columns that must be there and filled in every row.
    key : tuple of str
        Columns that together must be unique.
    days, partial_dates : tuple of str
        Columns that hold a whole date; columns that may hold a year, a month or a day.
    spans : tuple of (str, str)
        Pairs of date columns that must not run backwards.
    words : dict of str to str
        Column to the vocabulary its words come from.
    numbers : dict of str to (float, float)
        Column to the range of its number.
    counts : tuple of str
        Columns that hold a whole number, 0 or more.
    actors : tuple of str
        Columns that hold actor ids (separated by ; + |).
    usual : bool
        Whether every pack should have it: then its absence is remarked upon.
    """

    name: str
    meaning: str
    columns: tuple[str, ...]
    optional: tuple[str, ...] = ()
    required: tuple[str, ...] = ()
    key: tuple[str, ...] = ()
    days: tuple[str, ...] = ()
    partial_dates: tuple[str, ...] = ()
    spans: tuple[tuple[str, str], ...] = ()
    words: dict[str, str] = field(default_factory=dict)
    numbers: dict[str, tuple[float, float]] = field(default_factory=dict)
    counts: tuple[str, ...] = ()
    actors: tuple[str, ...] = ()
    usual: bool = True


_LAT, _LON = (-90.0, 90.0), (-180.0, 180.0)
_BIG = (0.0, 1e12)
_ANY = (-1e12, 1e12)


def _names(text: str) -> tuple[str, ...]:
    return tuple(text.split())


_INCIDENT_COUNTS = _names(
    "deaths_low deaths_best deaths_high deaths_attackers deaths_civilians deaths_security "
    "deaths_international wounded hostages"
)

TABLES: dict[str, Table] = {
    table.name: table
    for table in (
        Table(
            "incidents",
            "one violent event, with the pages it rests on",
            _names(
                "id date_start date_end date_precision place admin1 country latitude longitude geo_precision "
                "event_type tactic target_class setting perpetrator claimed_by"
            )
            + _INCIDENT_COUNTS
            + _names("source_urls within confidence note"),
            required=_names(
                "id date_start date_precision country latitude longitude event_type source_urls confidence"
            ),
            key=("id",),
            days=("date_start", "date_end"),
            spans=(("date_start", "date_end"),),
            words={
                "date_precision": "date_precisions",
                "geo_precision": "geo_precisions",
                "event_type": "event_types",
                "tactic": "tactics",
                "target_class": "targets",
                "setting": "settings",
                "confidence": "confidences",
            },
            numbers={"latitude": _LAT, "longitude": _LON},
            counts=_INCIDENT_COUNTS,
            actors=("perpetrator", "claimed_by"),
        ),
        Table(
            "actors",
            "one armed or political organisation, never a person",
            _names("id name aliases kind active_from active_to source_urls note"),
            optional=("name_fr",),
            required=_names("id name kind source_urls"),
            key=("id",),
            partial_dates=("active_from", "active_to"),
            spans=(("active_from", "active_to"),),
            words={"kind": "actor_kinds"},
        ),
        Table(
            "relations",
            "one dated, sourced statement about two actors",
            _names("actor_a relation actor_b from_date to_date source_urls note"),
            required=_names("actor_a relation actor_b source_urls"),
            key=_names("actor_a relation actor_b from_date"),
            partial_dates=("from_date", "to_date"),
            spans=(("from_date", "to_date"),),
            words={"relation": "relation_kinds"},
            actors=("actor_a", "actor_b"),
        ),
        Table(
            "responses",
            "one measure taken, or a recommendation marked as such",
            _names("id date_start date_end kind place admin1 actor note source_urls"),
            optional=_names("recommendation pillar status cost currency"),
            required=_names("id date_start kind actor source_urls"),
            key=("id",),
            days=("date_start", "date_end"),
            spans=(("date_start", "date_end"),),
            words={"kind": "response_kinds"},
            numbers={"cost": _BIG},
        ),
        Table(
            "turning_points",
            "one dated change that a warning should have come before, with the pages it rests on",
            _names("id date admin1 title title_fr source_urls note"),
            required=_names("id date title source_urls"),
            key=("id",),
            days=("date",),
            usual=False,
        ),
        Table(
            "places",
            "one place name with the origin of its point",
            _names("place admin1 country latitude longitude geo_precision coordinate_origin"),
            required=_names("place country latitude longitude coordinate_origin"),
            key=_names("place admin1 country"),
            words={"geo_precision": "geo_precisions"},
            numbers={"latitude": _LAT, "longitude": _LON},
        ),
        Table(
            "forces",
            "one published presence of a force in a town",
            _names("force kind town lat lon from to confidence source_url note"),
            required=_names("force town lat lon source_url"),
            partial_dates=("from", "to"),
            spans=(("from", "to"),),
            numbers={"lat": _LAT, "lon": _LON},
        ),
        Table(
            "drivers",
            "one published figure about a region in a year",
            _names("region pcode level indicator year period value unit note source_url"),
            required=_names("region level indicator year value unit source_url"),
            partial_dates=("year",),
            numbers={"value": _ANY},
        ),
        Table(
            "regions",
            "one area: its canonical name, other spellings, capital, size and people",
            _names(
                "level name alt_names iso_3166_2 fips_10_4 parent capital capital_lat capital_lon area_km2 "
                "population_2009 source_url"
            ),
            required=_names("level name"),
            key=_names("level name parent"),
            numbers={"capital_lat": _LAT, "capital_lon": _LON, "area_km2": _BIG, "population_2009": _BIG},
        ),
        Table(
            "road_distances",
            "one published road distance between two towns",
            _names("from to road_km crow_km ratio flag source_url"),
            required=_names("from to road_km source_url"),
            key=("from", "to"),
            numbers={"road_km": _BIG, "crow_km": _BIG, "ratio": (0.0, 100.0)},
        ),
    )
}
