"""What is generated is up to date and complete; the numbers that pages state are those of the data."""

from __future__ import annotations

import csv
import re
import tomllib

import yaml
from pages import DOCS, ROOT

import toguna


def test_generated_pages_are_up_to_date() -> None:
    import generate

    late = [str(path.relative_to(DOCS)) for path in generate.differing()]
    assert late == [], "run: .venv/bin/python docs/generate.py"


def test_every_finding_has_an_entry_and_no_entry_is_left_over() -> None:
    from generators.findings import codes, meanings

    told = meanings()
    assert set(told) == set(codes())
    for code, entry in told.items():
        assert set(entry) == {"severity", "means", "repair"}, code
        assert all(entry.values()), code


def test_every_verb_has_a_section() -> None:
    from generators.code_pages import commands

    page = (DOCS / "reference" / "cli.md").read_text(encoding="utf-8")
    heads = set(re.findall(r"^## toguna (.+)$", page, re.MULTILINE))
    assert heads == set(commands())


def test_every_event_column_is_told() -> None:
    from toguna.core.names import EVENT_COLUMNS

    page = (DOCS / "reference" / "events.md").read_text(encoding="utf-8")
    assert all(f"| `{c.name}` |" in page for c in EVENT_COLUMNS)


def test_every_claim_measure_is_told() -> None:
    from toguna.room.claims.statements import MEASURES

    page = (DOCS / "methods" / "claims.md").read_text(encoding="utf-8")
    assert all(f"| `{measure}` |" in page for measure in MEASURES)


def test_every_dimension_has_a_method_page() -> None:
    from toguna.shifts.falsealarms import DIMENSIONS

    pages = {"fronts", "spread-centre", "reach", "mix", "tempo", "alliances"}
    assert pages <= {path.stem for path in (DOCS / "methods").glob("*.md")}
    assert set(DIMENSIONS) == {"fronts", "spread", "reach", "tactics", "targets", "settings", "tempo"}


def test_constants_stand_in_the_method_pages_as_in_the_code() -> None:
    from toguna.actors.responsibility import RULES
    from toguna.shifts import (
        battery,
        comparison,
        falsealarms,
        fronts,
        population,
        reach,
        resampling,
        tempo,
        zones,
    )

    assert (resampling.BLOCK_DAYS, battery.THRESHOLD, comparison.FEWEST) == (90, 0.10, 5)
    assert (population.REPLICATES, population.WORLDS) == (9999, 100)
    assert (population.FEWEST_REPLICATES, population.FEWEST_WORLDS) == (1999, 5)
    assert population.BUDGET == {"replicates": 2_000_000, "worlds": 10_000}
    assert (falsealarms.REPLICATES, zones.MOST_CENTRES, zones.FEWEST_CENTRES) == (399, 1000, 50)
    assert zones.MEMBERS == 1_000_000
    assert (reach.FEWEST_RECENT, reach.LARGEST, tempo.STEPS, tempo.FEWEST_EVENTS) == (3, 400, 12, 8)
    assert (falsealarms.LOOKS, fronts.PERIODS, zones.RADII_KM) == (
        12,
        (0.25, 0.5, 1.0),
        (50.0, 100.0, 200.0, 300.0),
    )
    assert (RULES.claimed_and_blamed, RULES.claimed, RULES.blamed, RULES.fought, RULES.none) == (
        4,
        2,
        1,
        4,
        0.5,
    )


def test_numbers_of_the_chronology_card() -> None:
    pack = ROOT / "src" / "toguna" / "theatres" / "mali"
    with (pack / "incidents.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    with (pack / "actors.csv").open(encoding="utf-8") as file:
        kinds = {row["id"]: row["kind"] for row in csv.DictReader(file)}
    with (pack / "places.csv").open(encoding="utf-8") as file:
        by_hand = sum("approximate point" in row["coordinate_origin"] for row in csv.DictReader(file))
    nobody = sum(all(kinds.get(i) == "unknown" for i in r["perpetrator"].split(";") if i) for r in rows)
    card = (DOCS / "sources" / "chronology.md").read_text(encoding="utf-8")
    for year in ("2014", "2015"):
        assert f"{sum(r['date_start'].startswith(year) for r in rows)} rows for {year}" in card
    assert f"{len(rows)} rows" in card
    assert f"{nobody} rows name nobody" in card
    assert f"{sum(not r['deaths_best'] for r in rows)} have no best figure" in " ".join(card.split())
    assert f"{by_hand} places are approximate" in card


def test_citation_names_this_version() -> None:
    lines = (ROOT / "CITATION.cff").read_text(encoding="utf-8").splitlines()
    said = dict(line.split(": ", 1) for line in lines if re.match(r"^[a-z-]+: \S", line))
    assert said["version"].strip('"') == toguna.__version__
    assert said["cff-version"] == "1.2.0"
    assert said["license"] == "Apache-2.0"
    changes = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert f"## [{toguna.__version__}] - " in changes
    assert said["date-released"].strip('"') in changes
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    assert project["project"]["version"] == toguna.__version__


def test_citation_is_yaml() -> None:
    told = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    assert {"title", "authors", "version", "message", "type"} <= set(told)


def test_licence_is_the_unmodified_text() -> None:
    text = (ROOT / "LICENSE").read_text(encoding="utf-8")
    assert text.lstrip().startswith("Apache License\n")
    assert "APPENDIX: How to apply the Apache License to your work." in text
    assert len(text.split()) == 1581


def test_results_of_the_benchmarks_are_shown_or_their_absence_is() -> None:
    page = (DOCS / "benchmarks.md").read_text(encoding="utf-8")
    results = ROOT / "bench" / "results"
    names = ("shifts_delay", "shifts_size_power", "ingest", "kill_ingest", "fuzz_table")
    there = [(results / f"{name}.json").is_file() for name in names]
    assert ("pictures/detection.svg" in page) == there[0]
    assert page.count("No results are on disk") == there.count(False)
