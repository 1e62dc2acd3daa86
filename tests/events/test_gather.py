"""What could be known at a date: nothing later may leave a trace."""

from __future__ import annotations

import shutil
from datetime import date, timedelta
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from toguna.core.errors import DataError, UnknownNameError
from toguna.core.names import EVENT_SCHEMA
from toguna.events.gather import FINAL_VINTAGE, Gathered, gather
from toguna.events.ingest import ingest
from toguna.store.home import Home
from toguna.store.theatre import Theatre, load_theatre, shipped_folder

AS_OF = date(2015, 11, 24)


def said(gathered: Gathered) -> tuple:
    rows = gathered.events.rows(), gathered.quarantined.rows()
    return [a.as_dict() for a in gathered.accounts], [f.as_dict() for f in gathered.findings], rows


def with_incidents(theatre: Theatre, frame: pl.DataFrame) -> Theatre:
    numbered = frame.with_columns(row=pl.int_range(1, pl.len() + 1, dtype=pl.Int64))
    tables = {**theatre.tables, "incidents": numbered}
    return Theatre(
        theatre.name,
        theatre.folder,
        theatre.title,
        theatre.countries,
        theatre.settings,
        tables,
        theatre.outlines,
    )


@pytest.fixture(scope="module")
def mali() -> Theatre:
    return load_theatre("mali")


def test_chronology_is_counted_without_the_contained_row(mali: Theatre) -> None:
    gathered = gather(mali, as_of=AS_OF)
    (account,) = gathered.accounts
    assert (account.read, account.accepted, account.quarantined, account.events) == (160, 160, 0, 159)
    assert account.deaths.unknown == 37
    assert gathered.events.schema == EVENT_SCHEMA
    contained = gathered.events.filter(pl.col("within").is_not_null())
    assert contained["event_id"].to_list() == ["chronology:MLI-20130222-2"]
    assert account.deaths.best + 78 == gathered.events["best"].sum()
    assert account.vintage == FINAL_VINTAGE
    assert gathered.events["date_start"].is_sorted()
    assert {(f.code, f.severity) for f in gathered.findings} == {
        ("summary-event", "note"),
        ("actor-dissolved", "note"),
    }


def test_contained_row_counts_while_the_wider_one_is_not_known(mali: Theatre) -> None:
    gathered = gather(mali, as_of=date(2013, 3, 1))
    battle = gathered.events.filter(pl.col("event_id") == "chronology:MLI-20130222-2")
    assert battle["within"].to_list() == [None]
    assert sorted(f.code for f in gathered.findings) == ["summary-event", "within-unknown"]


@settings(max_examples=25, deadline=None)
@given(days=st.integers(0, 1450))
def test_deleting_later_rows_changes_nothing(mali: Theatre, days: int) -> None:
    as_of = date(2012, 1, 1) + timedelta(days=days)
    incidents = mali.tables["incidents"]
    everything = gather(mali, as_of=as_of)
    ids = {i.removeprefix("chronology:") for i in everything.events["event_id"]}
    kept = incidents.filter(pl.col("id").is_in(sorted(ids)))
    assert said(gather(with_incidents(mali, kept), as_of=as_of)) == said(everything)
    assert (everything.events["published_at"] <= as_of).all()


def test_actors_of_later_days_leave_no_trace(mali: Theatre) -> None:
    as_of = date(2012, 3, 1)
    actors = mali.tables["actors"]
    early = actors.filter(pl.col("active_from").is_null() | (pl.col("active_from") < "2012-03-02"))
    assert early.height < actors.height
    cut = with_incidents(mali, mali.tables["incidents"])
    cut.tables["actors"] = early
    assert said(gather(cut, as_of=as_of)) == said(gather(mali, as_of=as_of))


def test_vague_dates_wait_for_their_last_day(mali: Theatre) -> None:
    months = gather(mali, as_of=AS_OF).events.filter(pl.col("date_prec") == 4)
    assert months.height > 5
    assert (months["published_at"] == months["date_end"].dt.month_end()).all()
    weeks = gather(mali, as_of=AS_OF).events.filter(pl.col("date_prec") == 3)
    assert (weeks["published_at"] >= weeks["date_start"].dt.offset_by("6d")).all()


def test_unreadable_rows_are_kept_in_quarantine(mali: Theatre) -> None:
    text = pl.when(pl.col("row") == 5).then(pl.lit("2012-02-31")).otherwise("date_start").alias("date_start")
    spoilt = mali.tables["incidents"].with_columns(text)
    gathered = gather(with_incidents(mali, spoilt), as_of=date(2012, 3, 1))
    (account,) = gathered.accounts
    assert account.read == account.accepted + account.quarantined
    assert account.quarantined == gathered.quarantined.height
    assert "2012-02-31" in " ".join(f.found for f in gathered.findings)


def test_areas_are_named_in_one_spelling(mali: Theatre) -> None:
    names = {a.name for a in mali.areas("adm1")}
    inside = gather(mali, as_of=AS_OF).events.filter(pl.col("country") == "MLI")
    assert set(inside["admin1"]) <= names


def test_second_level_areas_come_from_the_users_outlines(shared_data: Path) -> None:
    outlines = shared_data / "geo_test" / "mali_adm2_cod.geojson"
    theatre = load_theatre("mali", areas={"adm2": outlines})
    events = gather(theatre, as_of=AS_OF).events
    near = events.filter((pl.col("country") == "MLI") & (pl.col("where_prec") <= 2))
    assert near["admin2"].null_count() <= 2
    assert set(events["admin2"].drop_nulls()) <= {a.name for a in theatre.areas("adm2")}


@pytest.fixture(scope="module")
def home(shared_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Home:
    home = Home(tmp_path_factory.mktemp("home"))
    for name in ("ucdp_ged_v21_1_global_whereprec12_1989_2020", "ucdp_candidate_ged_v23_0_10"):
        ingest("ucdp", shared_data / "ucdp" / f"{name}.parquet", home)
    return home


def test_release_published_later_is_not_used_unless_named(mali: Theatre, home: Home) -> None:
    assert [a.source for a in gather(mali, as_of=AS_OF, home=home).accounts] == ["chronology"]
    named = gather(mali, as_of=AS_OF, home=home, sources=["chronology", "ucdp"])
    chronology, ucdp = named.accounts
    assert chronology.events == 159
    assert (ucdp.version, ucdp.vintage) == ("21.1", FINAL_VINTAGE)
    assert {f.code for f in named.findings} == {
        *("final-vintage", "summary-event", "actor-dissolved"),
        *("area-by-nearest", "deaths-range-widened", "actor-not-yet-founded"),
    }
    mine = named.events.filter(pl.col("source") == "ucdp")
    assert (mine["published_at"] <= AS_OF).all()
    assert ucdp.read == ucdp.accepted + ucdp.quarantined
    assert ucdp.accepted == mine.height
    november = mine.filter(pl.col("date_start") >= date(2015, 11, 1))
    assert november["best"].sum() < 22  # the hotel attack of 20 November is not in GED


def test_newest_release_known_at_the_date_speaks(mali: Theatre, home: Home) -> None:
    then = gather(mali, as_of=date(2021, 7, 1), home=home)
    assert [(a.source, a.version, a.vintage) for a in then.accounts[1:]] == [("ucdp", "21.1", "as published")]
    assert then.accounts[1].read == 891
    later = gather(mali, as_of=date(2024, 1, 1), home=home)
    assert [a.version for a in later.accounts[1:]] == ["21.1", "23.0.10"]


def test_sides_and_areas_of_ucdp(mali: Theatre, home: Home) -> None:
    events = gather(mali, as_of=date(2021, 7, 1), home=home, sources=["ucdp"]).events
    assert events["gid"].null_count() == 0
    assert set(events["country"]) == {"MLI"}
    assert events["admin1"].null_count() < 0.05 * events.height
    one_sided = events.filter(pl.col("violence") == "os")
    assert (one_sided["perpetrators"].list.len() == 1).all()
    assert "Civilians" not in set(events["perpetrators"].explode())
    assert "MUJAO" in set(events["perpetrators"].explode())


def test_deleting_later_rows_of_a_release_changes_nothing(
    mali: Theatre, home: Home, shared_data: Path, tmp_path: Path
) -> None:
    name = "ucdp_ged_v21_1_global_whereprec12_1989_2020.parquet"
    whole = pl.read_parquet(shared_data / "ucdp" / name)
    (tmp_path / "cut").mkdir()
    whole.filter(pl.col("date_start") <= pl.lit(AS_OF)).write_parquet(tmp_path / "cut" / name)
    cut = Home(tmp_path / "home")
    ingest("ucdp", tmp_path / "cut" / name, cut)
    assert said(gather(mali, as_of=AS_OF, sources=["ucdp"], home=cut)) == said(
        gather(mali, as_of=AS_OF, sources=["ucdp"], home=home)
    )


def test_source_that_was_never_ingested_is_an_error_with_a_repair(mali: Theatre, tmp_path: Path) -> None:
    with pytest.raises(DataError, match="toguna ingest ucdp"):
        gather(mali, as_of=AS_OF, sources=["ucdp"], home=Home(tmp_path))
    with pytest.raises(DataError, match="toguna ingest ucdp"):
        gather(mali, as_of=AS_OF, sources=["ucdp"])
    with pytest.raises(UnknownNameError, match="did you mean 'ucdp'"):
        gather(mali, as_of=AS_OF, sources=["ucpd"], home=Home(tmp_path))


def test_theatre_without_events_is_no_error(tmp_path: Path) -> None:
    folder = tmp_path / "bare"
    shutil.copytree(shipped_folder() / "mali", folder, ignore=shutil.ignore_patterns("*.csv", "*.geojson"))
    text = (folder / "theatre.toml").read_text(encoding="utf-8")
    (folder / "theatre.toml").write_text(text.split("[areas.adm0]")[0], encoding="utf-8")
    gathered = gather(load_theatre(folder), as_of=AS_OF)
    assert gathered.events.is_empty()
    assert gathered.accounts[0].read == 0
