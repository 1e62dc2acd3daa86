"""Rows that may not be passed on stay out of whatever is written, and it is said."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import polars as pl
import pytest
import sample
from typer.testing import CliRunner

from toguna.cli.app import app
from toguna.core.language import Language
from toguna.room.briefing.evidence import sources
from toguna.room.briefing.scope import scope_of
from toguna.room.exports import export
from toguna.room.headline import headline
from toguna.room.why import why

PLACE, NOTE = "Secretville", "never to be printed"


def _held() -> tuple[dict[str, Any], pl.DataFrame]:
    """Add a source that may not be passed on: every second event belongs to it."""
    found = sample.assessment()
    mine = dict(found["data"][0])
    found["data"] = [
        mine,
        {**mine, "source": "acled", "licence": "ACLED terms of use", "redistribute": False},
    ]
    second = pl.int_range(pl.len()) % 2 == 1
    events = sample.events().with_columns(
        source=pl.when(second).then(pl.lit("acled")).otherwise("source"),
        event_id=pl.when(second)
        .then("acled:" + pl.col("event_id").str.strip_prefix("chronology:"))
        .otherwise("event_id"),
        place=pl.when(second).then(pl.lit(PLACE)).otherwise("place"),
        note=pl.when(second).then(pl.lit(NOTE)).otherwise("note"),
    )
    return found, events


def test_no_row_is_in_any_data_file(tmp_path: Path) -> None:
    found, events = _held()
    export(found, events, tmp_path)
    for path in tmp_path.iterdir():
        content = path.read_bytes()
        assert PLACE.encode() not in content and NOTE.encode() not in content, path.name
    assert pl.read_parquet(tmp_path / "events.parquet")["source"].unique().to_list() == ["chronology"]
    assert len(json.loads((tmp_path / "events.geojson").read_text(encoding="utf-8"))["features"]) == 30
    assert "acled:" not in (tmp_path / "events.csv").read_text(encoding="utf-8")


def test_what_is_withheld_is_said(tmp_path: Path) -> None:
    found, events = _held()
    export(found, events, tmp_path)
    text = (tmp_path / "WITHHELD.txt").read_text(encoding="utf-8")
    assert "acled" in text and "ACLED terms of use" in text and "account" in text and "LIGNES" in text
    package = json.loads((tmp_path / "datapackage.json").read_text(encoding="utf-8"))
    (said,) = package["withheld"]
    assert said["source"] == "acled" and said["rows"] == found["data"][1]["accepted"]
    licences = {r["path"]: {x["title"] for x in r["licenses"]} for r in package["resources"]}
    assert licences["events.csv"] == {"CC-BY-4.0"}
    assert licences["shifts.csv"] == {"CC-BY-4.0", "ACLED terms of use"}
    assert "WITHHELD.txt" in licences


def test_without_such_a_source_nothing_is_said(tmp_path: Path) -> None:
    found, events = _held()
    export(found, events, tmp_path)
    export(sample.assessment(), sample.events(), tmp_path)
    assert not (tmp_path / "WITHHELD.txt").exists()
    assert "withheld" not in json.loads((tmp_path / "datapackage.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize(("code", "words"), [("en", "not listed"), ("fr", "ne figurent pas")])
def test_the_briefing_lists_none_and_says_how_many(tmp_path: Path, code: str, words: str) -> None:
    found, events = _held()
    everything = events.with_columns(source=pl.lit("acled"), place=pl.lit(PLACE))
    scope = scope_of(found, everything, sample.theatre(tmp_path))
    block = json.dumps(sources(found, scope, Language(code)), ensure_ascii=False)
    assert PLACE not in block and words in block and str(scope.both.height) in block


@pytest.mark.parametrize("alone", [True, False])
def test_no_headline_tells_a_row(tmp_path: Path, alone: bool) -> None:
    found, events = _held()
    theatre = sample.theatre(tmp_path)
    own = pl.col("source") == "acled"
    kept = events.filter(own) if alone else events.filter(own | (pl.int_range(pl.len()) > 50))
    for actor in found["actors"]:
        actor["names"] = {"en": actor["name"], "fr": actor["name"]}
    sentences = headline(found, kept, theatre)
    assert PLACE not in json.dumps(sentences, ensure_ascii=False)
    who = next(s for s in sentences if s["id"] == "who")
    assert ("not told here" if alone else "chronology records") in who["text"]["en"]
    assert ("racontées" if alone else "selon la source") in who["text"]["fr"]


def test_why_names_the_id_and_not_the_row(tmp_path: Path) -> None:
    found, events = _held()
    export(found, events, tmp_path)
    found["shifts"][0]["event_ids"] = events["event_id"].to_list()[:4]
    told = why(found, pl.read_parquet(tmp_path / "events.parquet"), found["shifts"][0]["id"])
    said = {part.id: part.text for part in told.parts}
    assert len(said) == 4
    assert all(("withheld" in text) == id.startswith("acled:") for id, text in said.items())
    assert "withheld" in why(found, events, "window/recent/acled").text


def test_pages_are_not_written_again_without_the_rows(tmp_path: Path) -> None:
    found, _ = _held()
    (tmp_path / "assessment.json").write_text(json.dumps(found), encoding="utf-8")
    result = CliRunner().invoke(app, ["brief", str(tmp_path)])
    assert result.exit_code == 2 and "toguna assess" in result.output
