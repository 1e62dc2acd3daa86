"""Homes with releases of several sources: all that was ever published, or what was there on a day."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from toguna.events.ingest import ingest
from toguna.events.links import Ruling
from toguna.room.rulings import state
from toguna.store.home import Home

KEY = b"k" * 32
TOWNS = {"Gao": (16.27, -0.04), "Kidal": (18.44, 1.41), "Mopti": (14.49, -4.18)}
Row = dict[str, object]


@dataclass(frozen=True)
class File:
    """A release: which source, which file, when it came out, its rows."""

    source: str
    name: str
    out: date
    rows: list[Row]


def _csv(path: Path, rows: Iterable[Row]) -> None:
    rows = list(rows)
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)


def _days(first: date, last: date, step: int) -> list[date]:
    return [first + timedelta(days=n) for n in range(0, (last - first).days + 1, step)]


def _ucdp(number: int, day: date, *, best: int) -> Row:
    town = list(TOWNS)[number % 3]
    lat, lon = TOWNS[town]
    return {
        "id": number, "relid": f"MLI-{number}", "year": day.year, "type_of_violence": 1, "dyad_new_id": 1,
        "conflict_name": "Mali: Government", "dyad_name": "Government of Mali - AQIM",
        "side_a": "Government of Mali", "side_b": "AQIM", "where_prec": 1, "where_coordinates": town,
        "adm_1": town, "adm_2": town, "latitude": lat, "longitude": lon, "priogrid_gid": 155883,
        "country": "Mali", "country_id": 432, "date_prec": 1, "date_start": day, "date_end": day,
        "deaths_a": 0, "deaths_b": best, "deaths_civilians": 0, "deaths_unknown": 0,
        "best": best, "low": best, "high": best + 2,
    }  # fmt: skip


def _yearly(version: int, out: date, *, more: int) -> File:
    """A yearly release: every figure is `more` higher than in the first, and one event is withdrawn."""
    days = _days(date(2012, 1, 10), date(2000 + version - 1, 12, 20), 23)
    rows = [_ucdp(n, day, best=3 + more) for n, day in enumerate(days, start=1) if n != 5 * more]
    return File("ucdp", f"GEDEvent_v{version}_1.csv", out, rows)


def _candidate(month: int, out: date) -> File:
    days = _days(date(2015, month, 1), date(2015, month, 27), 9)
    rows = [_ucdp(9000 + 100 * month + n, day, best=2) for n, day in enumerate(days)]
    return File("ucdp", f"GEDEvent_v15_0_{month}.csv", out, rows)


def _acled(name: str, out: date, numbers: range) -> File:
    stamp = int(datetime(out.year, out.month, out.day, tzinfo=UTC).timestamp())
    rows: list[Row] = []
    for n in numbers:
        town = list(TOWNS)[n % 3]
        lat, lon = TOWNS[town]
        rows.append(
            {
                "event_id_cnty": f"MLI{n}", "event_date": date(2013, 1, 5) + timedelta(days=11 * n),
                "time_precision": 1, "event_type": "Battles", "sub_event_type": "Armed clash",
                "actor1": "AQIM", "actor2": "Military Forces of Mali", "iso": 466, "country": "Mali",
                "admin1": town, "location": town, "latitude": lat, "longitude": lon, "geo_precision": 1,
                "fatalities": 2 + out.month, "timestamp": stamp,
            }
        )  # fmt: skip
    return File("acled", name, out, rows)


def _table(name: str, out: date, *, last: date) -> File:
    """A table whose rows say when each was known: some days after, and of every fifth a year, whatever
    day the table says of itself."""
    rows: list[Row] = [
        {
            "id": f"t{n}", "day": day, "known": day + timedelta(days=(10, 20, 30, 40, 400)[n % 5]),
            "country": "Mali", "admin1": "Gao", "lat": 16.27, "lon": -0.04, "dead": 1 + n % 3, "who": "AQIM",
        }
        for n, day in enumerate(_days(date(2013, 3, 1), last, 8))
    ]  # fmt: skip
    return File("table", name, out, rows)


def _report(number: int, day: date, sent: str) -> Row:
    return {
        "start": sent, "end": sent, "today": day, "consent": "yes", "username": f"reporter {number % 4}",
        "incident_date": day, "date_known": "day", "region": "Mopti", "place": "Sévaré",
        "point": "14.53 -4.09 270 8", "place_known": "exact", "event_type": "armed_attack",
        "tactic": "ambush", "target": "national_forces", "setting": "road", "killed": 3, "wounded": 2,
        "killed_high": "", "description": f"Attaque {number}.", "reliability": "B", "credibility": 2,
        "sensitivity": "low", "_id": 1000 + number, "_uuid": f"first-{number}", "_submission_time": sent,
    }  # fmt: skip


def _reports(name: str, out: date, *, edited: bool) -> File:
    rows: list[Row] = []
    for n, day in enumerate(_days(date(2014, 2, 1), out - timedelta(days=20), 6)):
        sent = f"{day + timedelta(days=(n * 7) % 20)}T10:00:00"
        one = _report(n, day, sent)
        rows.append(one)
        if edited and n % 9 == 0:
            again = {
                **one, "_id": str(5000 + n), "_uuid": f"new-{n}", "killed": "33", "killed_high": "40",
                "meta/instanceID": f"uuid:new-{n}", "meta/deprecatedID": f"uuid:{one['_uuid']}",
                "_submission_time": f"{out}T09:00:00", "end": f"{out}T09:00:00.000+00:00",
            }  # fmt: skip
            rows.append(again)
    columns = list(dict.fromkeys(key for row in rows for key in row))
    return File("reports", name, out, [{c: row.get(c, "") for c in columns} for row in rows])


FILES = (
    _yearly(14, date(2014, 6, 30), more=0),
    _yearly(15, date(2015, 6, 30), more=1),
    _yearly(16, date(2016, 6, 30), more=2),
    *(_candidate(m, date(2015, m + 1, 28)) for m in (4, 5, 6, 7, 8, 9)),
    _acled("acled-1.csv", date(2015, 2, 1), range(60)),
    _acled("acled-2.csv", date(2015, 7, 1), range(40, 80)),
    _acled("acled-3.csv", date(2015, 12, 1), range(10, 100)),
    _table("desk-0.csv", date(2015, 1, 1), last=date(2014, 12, 20)),
    _table("desk-1.csv", date(2015, 3, 1), last=date(2015, 2, 20)),
    _table("desk-2.csv", date(2015, 12, 1), last=date(2015, 11, 20)),
    _reports("reports-1.csv", date(2015, 7, 20), edited=False),
    _reports("reports-2.csv", date(2015, 12, 20), edited=True),
)

RULINGS = (
    ("table:desk:t9", "acled:MLI15", "same", date(2015, 5, 1)),
    ("ucdp:50", "acled:MLI15", "different", date(2015, 5, 2)),
    ("ucdp:9900", "acled:MLI15", "same", date(2016, 5, 2)),  # the first of the two is not known yet
)


def _known(rows: list[Row], as_of: date) -> list[Row]:
    """Keep the rows that were known by a day; rows of other sources than tables are not dated one by one."""
    return [row for row in rows if not isinstance(row.get("known"), date) or row["known"] <= as_of]  # type: ignore[operator]


def shelf(folder: Path, *, until: date | None = None, only: str = "") -> Home:
    """Ingest releases, newest first; with `until` only those that were out, and their rows of then.

    With `only` the releases of one source are ingested, also those that came out later, but for later rows.
    """
    folder.mkdir(parents=True, exist_ok=True)
    home = Home(folder / "home")
    home.path.mkdir(parents=True)
    (home.path / "seal.key").write_bytes(KEY)
    (home.path / "seal.key").chmod(0o600)
    for file in sorted(FILES, key=lambda f: f.out, reverse=True):
        if (only and file.source != only) or (not only and until is not None and file.out > until):
            continue
        path = folder / file.name
        _csv(path, file.rows if until is None else _known(file.rows, until))
        if file.source == "table":
            _mapping(path, file.out)
        assert ingest(file.source, path, home).status == "new", file.name
    for a, b, verdict, on in RULINGS:
        if until is None or on <= until:
            said = Ruling(*sorted((a, b)), verdict, None, "analyst", "read both", "https://x.org/1", str(on))  # type: ignore[arg-type]
            state(home.register, "mali", said)
    return home


def _mapping(path: Path, out: date) -> None:
    path.with_name(path.name + ".mapping.toml").write_text(
        f'[table]\nname = "desk"\nversion = "{path.stem}"\npublished_at = {out}\nid = "id"\n[columns]\n'
        'date_start = "day"\npublished_at = "known"\ncountry = "country"\nadmin1 = "admin1"\nlat = "lat"\n'
        'lon = "lon"\nbest = "dead"\nperpetrators = "who"\n',
        encoding="utf-8",
    )
