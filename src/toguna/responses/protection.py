"""Are people harmed where forces are posted, how near is a post, and are the forces safe themselves?

Enters: events, tables of a theatre. Leaves: `Protection`. Called by `toguna.room.doing`.

Posts are towns with published presence, no more exact than that. Forces are posted where violence is: a
nearness, or its lack, says nothing of what a post prevented.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any, Protocol

import numpy as np
import polars as pl
from numpy.typing import NDArray

from toguna.core.dates import Window, parse_partial
from toguna.core.geography import distance_km
from toguna.core.text import fold
from toguna.events.targets import FORCES, on_civilians
from toguna.responses.attacks import day_number

__all__ = ["Post", "Posted", "Protection", "posts_of", "protection"]

RADII = (10, 30, 60, 100)
"""Kilometres as the crow flies."""
NEAR = 30
"""Kilometres within which a force counts as near."""
SPEED = 40.0
"""Kilometres an hour by road: an assumption, for want of any published time."""
HOURS = (1, 2, 4)
EXACT = 3
"""UCDP code of the least exact place that has a distance: a second-level area's point."""
_CROW = "crow_km"
Floats = NDArray[np.float64]
Gone = Callable[[str], bool]


class HasTables(Protocol):
    """What is needed of a theatre: its tables by name, and its settings."""

    @property
    def tables(self) -> Mapping[str, pl.DataFrame]:
        """Tables by name."""

    @property
    def settings(self) -> Mapping[str, Any]:
        """theatre.toml, parsed."""


@dataclass(frozen=True, slots=True)
class Post:
    """A force in a town, as known on a day.

    Parameters
    ----------
    force, town : str
        Names.
    lat, lon : float
        Of the town, degrees.
    since : date
        First day; often the first date read, not the arrival.
    """

    force: str
    town: str
    lat: float
    lon: float
    since: date

    def as_dict(self) -> dict[str, Any]:
        """Return plain values for JSON."""
        return asdict(self) | {"since": self.since.isoformat()}


@dataclass(frozen=True, slots=True)
class Posted:
    """Posts, and how many were left out.

    Parameters
    ----------
    posts : tuple of Post
        One per force and town.
    undated : int
        Without a first day: it cannot be shown that they were known by then.
    ended : int
        Of forces that no longer existed, although the table gives the post no end.
    """

    posts: tuple[Post, ...]
    undated: int
    ended: int


@dataclass(frozen=True)
class Protection:
    """The check, in plain values.

    Parameters
    ----------
    posted : Posted
        On the as-of date.
    civilians : dict
        Attacks on civilians in the recent window: `attacks`, `deaths` (known ones), `placed` (with an exact
        enough point), `within` (share of the placed by km to a post known before the attack), `median_km`.
    by_force : tuple of dict
        For each force: its towns, and the share of those attacks within `NEAR` km of one of its posts.
    forces : list of dict
        The same for attacks on each sort of force, with `deaths` of that sort and `own` (share within 10 km
        of a post).
    people : dict
        People of second-level areas by road hours from their chief town to the nearest post; see
        `people_note`.
    areas : list of dict
        By first-level area: posts, people (2009 or as the table says), attacks on civilians, their share,
        attacks forecast and their share when a forecast was given.
    road_ratio, road_pairs : float, int
        Median of road by crow-fly distance over pairs not flagged, and the number of those pairs.
    missing : tuple of str
        What cannot be said for want of data: codes.
    """

    posted: Posted
    civilians: dict[str, Any]
    by_force: tuple[dict[str, Any], ...]
    forces: tuple[dict[str, Any], ...]
    people: dict[str, Any]
    areas: tuple[dict[str, Any], ...]
    road_ratio: float | None
    road_pairs: int
    missing: tuple[str, ...]

    def as_dict(self) -> dict[str, Any]:
        """Return plain values for JSON."""
        plain = {k: v for k, v in asdict(self).items() if k != "posted"}
        return {
            "posts": [p.as_dict() for p in self.posted.posts],
            "undated": self.posted.undated,
            "ended": self.posted.ended,
            **plain,
            "radii_km": list(RADII),
            "near_km": NEAR,
            "speed_km_h": SPEED,
        }


def posts_of(theatre: HasTables, on: date, *, gone: Gone = lambda _: False) -> Posted:
    """Return the posts known on a day.

    Parameters
    ----------
    theatre : Theatre
        Its table "forces" is read.
    on : date
        The day. Posts that end by it are over; later ends are hidden.
    gone : callable
        Whether a force, by its name in the table, no longer existed on the day.
    """
    table = theatre.tables.get("forces")
    posts, undated, ended = [], 0, 0
    for row in table.iter_rows(named=True) if table is not None else ():
        start, end = parse_partial(row["from"] or ""), parse_partial(row["to"] or "")
        point = _point(row["lat"], row["lon"])
        if point is None or (end is not None and end.last <= on) or (start and start.first > on):
            continue
        if gone(row["force"]):
            ended += 1
        elif start is None:
            undated += 1
        else:
            posts.append(Post(row["force"], row["town"], *point, start.first))
    return Posted(tuple(sorted(posts, key=lambda p: (p.town, p.force, p.since))), undated, ended)


def _point(lat: str | None, lon: str | None) -> tuple[float, float] | None:
    try:
        found = float(lat or "nan"), float(lon or "nan")
    except ValueError:
        return None
    return found if abs(found[0]) <= 90 and abs(found[1]) <= 180 else None


def protection(
    theatre: HasTables,
    events: pl.DataFrame,
    *,
    recent: Window,
    areas: Sequence[str],
    forecast: Mapping[str, float] | None = None,
    gone: Gone = lambda _: False,
) -> Protection:
    """Hold harm against posts.

    Parameters
    ----------
    theatre : Theatre
        Its tables forces, regions and road_distances are read.
    events : DataFrame
        Events of one source as of the end of `recent`.
    recent : Window
        Window of the attacks; posts are those of its last day.
    areas : sequence of str
        First-level areas.
    forecast : mapping of str to float, optional
        Attacks on civilians expected by area over the months ahead; without it recent attacks stand in.
    gone : callable
        Whether a force, by its name in the table, no longer existed at the end of `recent`.

    Notes
    -----
    An attack is held against posts that were known *before* its day: many posts are on record only because
    they were attacked, and would otherwise make every such attack one near a post.
    """
    posted = posts_of(theatre, recent.end, gone=gone)
    posts = posted.posts
    told = events.filter(
        pl.col("within").is_null() & pl.col("date_start").is_between(recent.start, recent.end)
    )
    hit = told.filter(on_civilians())
    ratio, pairs = _road(theatre.tables.get("road_distances"))
    people, missing = _people(theatre, posts, ratio)
    lacking = [] if posts else ["posts"]
    lacking += missing + ([] if forecast else ["forecast"])
    return Protection(
        posted=posted,
        civilians=_near(hit, posts, "deaths_civilians"),
        by_force=tuple(_of_posts(hit, name, posts) for name in sorted({p.force for p in posts})),
        forces=tuple(_of_force(told, sort, posts) for sort in FORCES),
        people=people,
        areas=tuple(_by_area(theatre, hit, posts, areas=areas, forecast=forecast)),
        road_ratio=ratio,
        road_pairs=pairs,
        missing=tuple(lacking),
    )


def _nearest(lat: Floats, lon: Floats, posts: Sequence[Post], days: Floats | None = None) -> Floats:
    """Return km to the nearest post as the crow flies, shape (N,); of those known before each of `days`."""
    if not posts:
        return np.full(lat.shape, np.inf)
    to = distance_km(
        lat[:, None], lon[:, None], np.array([p.lat for p in posts]), np.array([p.lon for p in posts])
    )
    if days is not None:
        since = np.array([day_number(p.since) for p in posts])
        to = np.where(since < days[:, None], to, np.inf)
    return np.asarray(to.min(axis=1))


def _km(attacks: pl.DataFrame, posts: Sequence[Post]) -> Floats:
    """Return km from each attack with an exact enough place to the nearest post known before it."""
    exact = (pl.col("where_prec").fill_null(9) <= EXACT) & pl.col("lat").is_not_null()
    placed = attacks.filter(exact)
    days = placed["date_start"].cast(pl.Int32).to_numpy().astype(float)
    return _nearest(placed["lat"].to_numpy(), placed["lon"].to_numpy(), posts, days)


def _near(attacks: pl.DataFrame, posts: Sequence[Post], deaths: str) -> dict[str, Any]:
    km = _km(attacks, posts)
    known = attacks[deaths].drop_nulls()
    median = float(np.median(km)) if km.size else float("inf")
    return {
        "attacks": attacks.height,
        "deaths": int(known.sum()) if known.len() else None,
        "deaths_unknown": int(attacks[deaths].null_count()),
        "placed": int(km.size),
        "within": {str(r): float(np.mean(km <= r)) for r in RADII} if km.size and posts else {},
        "median_km": median if np.isfinite(median) else None,
        "event_ids": sorted(attacks["event_id"]),
    }


def _of_posts(hit: pl.DataFrame, force: str, posts: Sequence[Post]) -> dict[str, Any]:
    mine = [p for p in posts if p.force == force]
    km = _km(hit, mine)
    return {
        "force": force,
        "towns": sorted({p.town for p in mine}),
        "near": float(np.mean(km <= NEAR)) if km.size else None,
    }


def _of_force(told: pl.DataFrame, sort: str, posts: Sequence[Post]) -> dict[str, Any]:
    deaths = "deaths_international" if sort == "international_forces" else "deaths_security"
    return {"target": sort, **_near(told.filter(pl.col("target") == sort), posts, deaths)}


def _road(table: pl.DataFrame | None) -> tuple[float | None, int]:
    """Return the median detour of published roads; doubtful pairs are left out."""
    if table is None:
        return None, 0
    sound = table.filter(pl.col("flag").is_null()).with_columns(
        pl.col("road_km", _CROW).cast(pl.Float64, strict=False)
    )
    ratios = sound.filter(pl.col(_CROW) > 0).select(r=pl.col("road_km") / pl.col(_CROW))["r"].drop_nulls()
    return (float(np.median(ratios.to_numpy())), ratios.len()) if ratios.len() else (None, 0)


def _people(
    theatre: HasTables, posts: Sequence[Post], ratio: float | None
) -> tuple[dict[str, Any], list[str]]:
    """Share people by the road hours from their area's chief town to the nearest post."""
    missing = ["population_by_place"]
    rows = _regions(theatre)[1]
    told = [(p, float(r["population_2009"])) for r in rows if (p := _chief(r)) and _people_known(r)]
    if not told or not posts:
        return {}, [*missing, "population"]
    km = _nearest(np.array([p[0] for p, _ in told]), np.array([p[1] for p, _ in told]), posts)
    if ratio is None:
        missing.append("roads")
    hours = km * (ratio or 1.0) / SPEED
    people = np.array([n for _, n in told])
    return {
        "total": float(people.sum()),
        "areas": len(told),
        "areas_unknown": len(rows) - len(told),
        "within_hours": {str(h): float(people[hours <= h].sum() / people.sum()) for h in HOURS},
        "within_km": {str(r): float(people[km <= r].sum() / people.sum()) for r in RADII},
    }, missing


def _regions(theatre: HasTables) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Return the rows of regions.csv for first-level areas, and those below them."""
    table = theatre.tables.get("regions")
    rows = list(table.iter_rows(named=True)) if table is not None else []
    named = theatre.settings.get("areas", {})
    level = named.get("adm1", {}).get("regions_level", "region") if isinstance(named, Mapping) else "region"
    return [r for r in rows if r["level"] == level], [r for r in rows if r["level"] != level and r["parent"]]


def _chief(row: Mapping[str, Any]) -> tuple[float, float] | None:
    return _point(row["capital_lat"], row["capital_lon"])


def _people_known(row: Mapping[str, Any]) -> bool:
    text = str(row["population_2009"] or "")
    return text.replace(".", "", 1).isdigit()


def _by_area(
    theatre: HasTables,
    hit: pl.DataFrame,
    posts: Sequence[Post],
    *,
    areas: Sequence[str],
    forecast: Mapping[str, float] | None,
) -> list[dict[str, Any]]:
    regions = {fold(r["name"]): r for r in _regions(theatre)[0]}
    homes = _homes(theatre)
    struck = hit["admin1"].to_list()
    whole = sum((forecast or {}).get(a, 0.0) for a in areas)
    out = []
    for area in areas:
        row = regions.get(fold(area))
        n = struck.count(area)
        out.append(
            {
                "area": area,
                "posts": len({p.town for p in posts if homes.get(fold(p.town)) == area}),
                "people": float(row["population_2009"]) if row and _people_known(row) else None,
                "attacks": n,
                "share": n / len(struck) if struck else None,
                "forecast": (forecast or {}).get(area),
                "forecast_share": (forecast or {}).get(area, 0.0) / whole if whole else None,
            }
        )
    return out


def _homes(theatre: HasTables) -> dict[str, str]:
    """Return the first-level area of towns, from places and chief towns."""
    first, below = _regions(theatre)
    homes: dict[str, str] = {}
    for row, area in [*((r, r["name"]) for r in first), *((r, r["parent"]) for r in below)]:
        for town in (row["capital"], row["name"]):
            homes.setdefault(fold(town or ""), area)
    places = theatre.tables.get("places")
    for row in places.iter_rows(named=True) if places is not None else ():
        if row["admin1"]:
            homes.setdefault(fold(row["place"]), row["admin1"])
    return homes
