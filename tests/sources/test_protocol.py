"""Every installed source keeps the protocol."""

from __future__ import annotations

from pathlib import Path

import pytest

from toguna.core.countries import by_gwno, by_name, iso3_codes
from toguna.core.errors import UnknownNameError
from toguna.core.findings import stops
from toguna.core.names import EVENT_SCHEMA
from toguna.core.text import fold
from toguna.sources import get_source, sources
from toguna.store.theatre import load_theatre, shipped_folder


def test_sources_are_found_by_name() -> None:
    found = sources()
    assert {"chronology", "ucdp"} <= set(found)
    for name, source in found.items():
        assert source.name == name
        assert all((source.about.provider, source.about.licence, source.about.citation, source.about.cadence))
        assert get_source(name) is source
    with pytest.raises(UnknownNameError, match="did you mean 'chronology'"):
        get_source("cronology")


def test_chronology_reads_a_pack_or_its_table() -> None:
    source = get_source("chronology")
    folder = shipped_folder() / "mali"
    for path in (folder, folder / "incidents.csv"):
        parsed = source.parse(source.read(path), theatre=None)
        assert parsed.events.schema == EVENT_SCHEMA
        assert parsed.events.height == 160
        assert parsed.unreadable.is_empty()
    raw = source.read(folder)
    assert raw.licence == "CC BY 4.0"
    assert source.select(raw, theatre=load_theatre("mali")) is raw


def test_rival_claims_are_kept_as_written() -> None:
    source = get_source("chronology")
    events = source.parse(source.read(shipped_folder() / "mali"), theatre=None).events
    claims = dict(events.select("event_id", "responsibility").iter_rows())
    assert claims["chronology:MLI-20151120-1"] == "MOURABITOUN+AQIM|MLF+ANSAR_DINE"
    assert claims["chronology:MLI-20150807-1"] == "MOURABITOUN|MLF"


def test_what_is_no_chronology_is_refused(tmp_path: Path) -> None:
    source = get_source("chronology")
    path = tmp_path / "incidents.csv"
    assert stops(source.read(path).findings)
    path.write_text("a,b\n1,2\n", encoding="utf-8")
    assert "file-not-a-chronology" in {f.code for f in source.read(path).findings}


def test_countries_of_all_numbers_have_a_code(shared_data: Path) -> None:
    import polars as pl

    path = shared_data / "ucdp" / "ucdp_orgviolence_country_year_v25_1.parquet"
    frame = pl.read_parquet(path, columns=["country_id_cy", "country_cy"]).unique()
    for number, name in frame.iter_rows():
        assert by_gwno()[number] == by_name()[fold(name)], name
    assert by_gwno()[432] == "MLI"
    assert all(len(code) == 3 and code.isupper() for code in iso3_codes())
