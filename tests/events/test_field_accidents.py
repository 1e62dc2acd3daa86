"""The field's own accidents, one test each: what went wrong elsewhere is caught here.

Submissions sent several times over are in the tests of duplicates, stale files in those of viewpoints; the
server that misbehaves in every other way is in tests/sources/test_ucdp_api.py.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from shapely.geometry import Polygon, box

from toguna.core.geography import gid
from toguna.core.types import Deaths
from toguna.events.admit import admit, sum_deaths
from toguna.events.audit import audit
from toguna.events.checks.context import Context
from toguna.events.ingest import ingest
from toguna.events.locate import by_area, locate, unplaced_finding
from toguna.events.spread import spread
from toguna.sources.fetch_errors import IncompleteError
from toguna.sources.ucdp_api_pages import Page, Whole, judge
from toguna.sources.ucdp_api_proof import Collected
from toguna.store.areas import Area
from toguna.store.home import Home
from toguna.store.theatre import Theatre, load_theatre

from .rows import events

AS_OF = date(2014, 12, 31)
TOTAL, CAME, ASKED = 384_918, 335_918, 50_000


def pages() -> Iterator[Page]:
    """Eight pages of 50,000 rows as announced; the second comes with 1,000 rows, and nothing says so."""
    whole, ids = Whole(TOTAL, 8), iter(range(TOTAL))
    for number in range(8):
        size = 1_000 if number == 1 else min(ASKED, TOTAL - number * ASKED)
        rows = tuple({"id": str(next(ids)), "best": "1", "low": "1", "high": "1"} for _ in range(size))
        yield Page(whole, rows, has_next=number < 7, body=b"")


def test_pages_of_an_api_silently_cut_short() -> None:
    """335,918 of 384,918 events with no error: a page was cut to 1,000 rows."""
    collected, every = Collected(), list(pages())
    for number, page in enumerate(every):
        collected.add(page, number)
    frame = collected.frame()
    assert frame.height == CAME
    with pytest.raises(IncompleteError, match=r"335918 rows .* expected 384918 rows"):
        collected.check(frame)
    with pytest.raises(IncompleteError):
        judge(every[1], 1, size=ASKED)  # and at once, when the page comes


def test_a_file_cut_short_cannot_be_told_and_that_is_said(tmp_path: Path) -> None:
    """Where no total is announced truncation cannot be seen: the audit has no proof, and says so."""
    path = tmp_path / "GEDEvent_v17_1.csv"
    path.write_text(
        "id,date_start,type_of_violence,side_a,side_b,latitude,longitude,country,best\n"
        "1,2015-01-02,1,A,B,14.1,-4.2,Senegal,3\n",
        encoding="utf-8",
    )
    home = Home(tmp_path / "home")
    ingest("ucdp", path, home)
    (release,) = audit(home, today=date(2018, 1, 1))
    assert release.proof is None
    from toguna.cli.check_verdict import of_releases
    from toguna.core.language import Language

    verdict = of_releases([release], Language("en"))
    assert any("whether the file was complete" in sentence for sentence in verdict.unknown)


@pytest.fixture
def island() -> Theatre:
    """A theatre of one country with two areas, its coast simplified to straight lines."""
    theatre = load_theatre("mali")
    west = Area("West", "MLI", "adm1", box(0.0, 10.0, 1.0, 12.0))
    east = Area("East", "MLI", "adm1", Polygon([(1.0, 10.0), (2.0, 10.5), (2.0, 11.5), (1.0, 12.0)]))
    return Theatre(
        *(getattr(theatre, name) for name in ("name", "folder", "title", "countries", "settings", "tables")),
        _areas={"adm0": [], "adm1": [east, west], "adm2": []},
    )


COAST = [
    {"lat": 11.0, "lon": 0.5},  # inland, in the west
    {"lat": 11.0, "lon": 1.5},  # inland, in the east
    {"lat": 11.0, "lon": -0.05},  # 5 km off the western coast, as real coasts are
    {"lat": 11.0, "lon": 2.08},  # 9 km off the eastern one
    {"lat": 9.95, "lon": 0.5},  # 6 km off the southern one
    {"lat": 11.0, "lon": 2.5},  # 55 km out at sea
    {"lat": None, "lon": None},
]


def coastal() -> pl.DataFrame:
    rows = [
        {**point, "gid": None, "country": "MLI", "best": 10 * n, "low": n, "high": 20 * n, "admin1": None}
        for n, point in enumerate(COAST, start=1)
    ]
    return events(*rows, {"country": "SEN", "best": 1000, "low": 1000, "high": 1000})


def test_coastal_points_without_an_area(island: Theatre) -> None:
    """603 coastal cells belonged to no country, and 3.8 % of all deaths fell out without a word."""
    located = locate(coastal(), island)
    assert located.events["admin1"].to_list() == ["West", "East", "West", "East", "West", *[None] * 3]
    (near,) = located.findings
    assert (near.code, near.severity) == ("area-by-nearest", "note")
    assert "3 events with 120 deaths" in near.found
    assert "up to 8.7 km off" in near.found
    sums = by_area(located.events, island)
    assert sums.unplaced == (2, Deaths(130, 13, 260, 0))
    assert sums.areas["West"] == (3, Deaths(90, 9, 180, 0))
    home = located.events.filter(pl.col("country") == "MLI")
    assert sums.total() == (home.height, sum_deaths(home))
    (left,) = unplaced_finding(located.events, island, table="t")
    assert "2 of 7 events, 130 of 280 deaths" in left.found


def test_real_coasts_and_borders_keep_every_death(shared_data: Path) -> None:
    """The same on events of UCDP: 18 of 891 lie just off the outlines."""
    from toguna.sources.protocol import RawFile
    from toguna.sources.ucdp import SOURCE

    theatre = load_theatre("mali")
    raw = SOURCE.read(shared_data / "ucdp" / "ucdp_ged_v21_1_global_whereprec12_1989_2020.parquet")
    mine: RawFile = SOURCE.select(raw, theatre=theatre)
    located = locate(SOURCE.parse(mine, theatre=theatre).events, theatre)
    assert "18 events" in located.findings[0].found
    sums = by_area(located.events, theatre)
    assert sums.unplaced == (0, Deaths())
    assert sums.total() == (891, sum_deaths(located.events))


def summaries() -> pl.DataFrame:
    """Of 1,000 events 14 tell of January to June, with 15.8 % of the deaths."""
    short = [{"date_start": date(2014, 1 + n % 6, 5), "best": 10, "low": 10, "high": 10} for n in range(986)]
    short = [{**row, "date_end": row["date_start"]} for row in short]
    long = {"date_start": date(2014, 1, 1), "date_end": date(2014, 6, 30), "date_prec": 5}
    tolls = [132] * 13 + [134]
    long_rows = [{**long, "best": n, "low": n, "high": n} for n in tolls]
    return events(*({**row, "published_at": date(2014, 6, 30)} for row in [*short, *long_rows]))


def test_summary_events_piled_into_their_last_month() -> None:
    """1.4 % of events with 15.8 % of deaths stood in the last month: a false peak, a false calm before it."""
    frame = summaries()
    (found,) = (f for f in admit(frame).findings if f.code == "summary-event")
    assert "14 of 1,000 events (1.4 %), 1,850 of 11,710 deaths (15.8 %)" in found.found
    shares = spread(frame, how="days", as_of=AS_OF)
    by_month = shares.group_by("month_id").agg(pl.col("best").sum()).sort("month_id")["best"].to_list()
    assert sum(by_month) == 11_710
    # Six months of 28 to 31 days, 986 events nearly evenly: no month is far from a sixth.
    assert max(by_month) / min(by_month) < 1.1
    last = frame.select(pl.col("best").filter(pl.col("date_end") == date(2014, 6, 30)).sum()).item()
    assert (last + 1640) / 1640 > 2  # what June would have been, doubled


def test_deaths_piled_on_the_centroid_of_an_area() -> None:
    """Events known to an area alone sit on its middle: a hot spot on every map, where nothing happened."""
    area = Area("West", "AAA", "adm1", box(0.0, 10.0, 2.0, 12.0))
    middle = {"admin1": "West", "where_prec": 4, "lat": 11.0, "lon": 1.0, "gid": int(gid(11.0, 1.0))}
    rng = np.random.default_rng(3)
    struck = [
        {"admin1": "West", "where_prec": 1, "lat": lat, "lon": lon, "gid": int(gid(lat, lon))}
        for lat, lon in zip(rng.uniform(10.05, 11.95, 60), rng.uniform(0.05, 0.95, 60), strict=True)
    ]
    frame = events(*[{**middle, "best": 9, "low": 9, "high": 9}] * 40, *struck)
    (pile,) = (f for f in admit(frame, Context("t")).findings if f.code == "centroid-pile")
    assert "40 of 100 events (40.0 %), 360 of 540 deaths (66.7 %) on the point 11.0, 1.0" in pile.found
    shares = spread(frame, how="days-and-places", as_of=AS_OF, areas=[area])
    assert shares["best"].sum() == 540
    on_middle = shares.filter((pl.col("lat") == 11.0) & (pl.col("lon") == 1.0))
    assert on_middle.is_empty()
    west = shares.filter(pl.col("lon") < 1.0)
    expected = (shares["share"] * 1.0).sum()
    assert west["share"].sum() / expected > 0.95  # where precise events were; the rest is the floor
