"""The page of benchmarks says losses as losses, computed from the numbers."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from pages import DOCS  # noqa: F401  (puts docs/ on the path)

MADE = {"toguna": "0", "python": "3", "seed": 1, "worlds": 9, "seconds": 1.0}


def delay(share: float, median: float | None) -> dict[str, Any]:
    return {"within_6_months": share, "within_12_months": share, "median_months": median}


def case(kind: str, ours: float, rule: float) -> dict[str, Any]:
    rules = {name: delay(rule, 3.0) for name in ("change", "deaths", "sub-types")}
    return {"kind": kind, "strength": 1.0, "battery": delay(ours, 6.0), **rules}


def cell(rate: float, se: float = 0.01) -> dict[str, float]:
    return {"rate": rate, "se": se, "n": 100}


@pytest.fixture
def results(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    from generators import benchmarks

    levels = {"0.01": cell(0.01), "0.05": cell(0.05), "0.1": cell(0.1)}
    bad = {**levels, "0.05": cell(0.12)}
    sizes = {
        "made_with": MADE,
        "size": {
            "as assumed": {"tests": {"tempo": levels}, "any_alarm": cell(0.1)},
            "bursts": {"tests": {"tempo": bad}, "any_alarm": cell(0.3)},
        },
        "power": [
            {
                "kind": "place",
                "strength": 1.0,
                "days_since": d,
                "right": cell(0.5),
                "other_dimension": cell(0.1),
            }
            for d in (90, 365)
        ],
        "coverage_of_90": {"tempo (rate ratio)": cell(0.7)},
    }
    rules = {
        name: {"threshold": 2.0, "false_alarms_per_year": rate}
        for name, rate in {"change": 1.0, "deaths": 0.9, "sub-types": 0.0}.items()
    }
    delays = {
        "made_with": MADE,
        "battery": {"false_alarms_per_year": 1.0},
        "rules": {"field": rules, "matched": rules},
        "cases": [case("none", 0.4, 0.5), case("place", 0.9, 0.5), case("target", 0.2, 0.5)],
    }
    (tmp_path / "shifts_size_power.json").write_text(json.dumps(sizes), encoding="utf-8")
    (tmp_path / "shifts_delay.json").write_text(json.dumps(delays), encoding="utf-8")
    monkeypatch.setattr(benchmarks, "RESULTS", tmp_path)
    monkeypatch.setattr(benchmarks, "PICTURE", tmp_path / "picture.svg")
    return tmp_path


def test_losses_are_said(results: Path) -> None:
    from generators import benchmarks

    page = benchmarks.page()
    assert 'tempo under "bursts" (0.120)' in page
    assert "**Too short**, by more than two standard errors: tempo (rate ratio)." in page
    assert "more often in 1 of 2 cases, **less often in 1** (target)" in page
    assert "**Slower in the median**: place against monthly change" in page
    assert "Chance alone detects within 12 months: battery 0.40, monthly change 0.50" in page
    assert "Not equal after all: kinds of attack in an area-week." in page


def test_blocks_and_picture(results: Path) -> None:
    from generators import benchmarks

    assert "| bursts | 0.120 ± 0.010 |" in benchmarks.size_block("tempo")
    assert "| tempo (rate ratio) | 0.700 ± 0.010 |" in benchmarks.coverage_block("tempo")
    assert benchmarks.draw() == results / "picture.svg"
    assert "<svg" in (results / "picture.svg").read_text(encoding="utf-8")


def test_absence_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from generators import benchmarks

    monkeypatch.setattr(benchmarks, "RESULTS", tmp_path)
    assert benchmarks.page().count("No results are on disk") == 7
    assert benchmarks.draw() is None


def test_taking_in_is_judged_by_its_numbers(results: Path) -> None:
    from generators import benchmarks

    made = {name: value for name, value in MADE.items() if name != "worlds"}
    part = {
        "rows": 400_000, "megabytes": 300, "seconds_bare": 2.0, "seconds_ingest": 7.0, "ratio": 3.5,
        "cpu_seconds_bare": 3.0, "cpu_seconds_ingest": 6.0, "cpu_ratio": 2.0,
        "peak_gb_bare": 0.7, "peak_gb": 1.2, "stages": {"read": 4.0}, "all_seconds_bare": [2.0, 2.5],
        "all_seconds_ingest": [7.0], "targets": {"ratio": 3.0, "peak_gb": 2.0},
        "met": {"ratio": False, "peak_gb": True},
    }  # fmt: skip
    kills = {
        "killed": 200, "rows": 9, "undisturbed_seconds": 1.0, "killed_after_step": {"fsync": 3},
        "faults": {"record 1 has no release": 2}, "release_whole_already": 5, "record_whole_already": 4,
        "half_written_files_found": 3, "most_half_written_files_at_once": 1,
        "half_written_files_after_repeating": 0,
    }  # fmt: skip
    fuzz = {
        "inputs": 10,
        "read": 4,
        "refused": 6,
        "branches_at_first": 1,
        "branches_at_last": 2,
        "found": [{}],
    }
    told = {"ingest": {"ucdp": part, "cores": 2}, "kill_ingest": kills, "fuzz_table": fuzz}
    for name, found in told.items():
        (results / f"{name}.json").write_text(json.dumps({"made_with": made, **found}), encoding="utf-8")
    page = benchmarks.page()
    assert "3.50, aim 3 times a bare read and write: **missed**" in page
    assert "1.20, aim 2 GB at most: met" in page
    assert "**Faults**: record 1 has no release (2 times)" in page
    assert "**1 inputs failed.**" in page
