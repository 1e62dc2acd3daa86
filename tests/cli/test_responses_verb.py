"""`toguna responses` and `toguna responses evidence` on the shipped pack."""

from __future__ import annotations

import json

AT = ("--theatre", "mali", "--as-of", "2015-11-24", "--quiet")


def test_responses_in_words_and_as_json(toguna):
    said = toguna("responses", *AT)
    assert said.code == 0
    assert "RSP-046" in said.out and "began within 30 days after an attack" in said.out
    told = json.loads(toguna("responses", *AT, "--json").out)
    assert set(told) == {"responses", "response_timing", "threat_priority", "protection"}
    assert len(told["responses"]) == 49


def test_evidence_of_all_measures_and_of_one(toguna):
    table = toguna("responses", "evidence", "--theatre", "mali", "--lang", "fr")
    assert table.code == 0
    assert "aucune trouvée" in table.out and "parts de budget" in table.err
    one = toguna("responses", "evidence", "S01_intel_cells", "--theatre", "mali")
    assert "No evidence found" in one.out
    told = json.loads(
        toguna("responses", "evidence", "O02_trade_controls", "--theatre", "mali", "--json").out
    )
    (measure,) = told["measures"]
    assert told["setting"] == "sahel" and measure["prior"]["kind"] == "estimate"
    assert [row["id"] for row in measure["rows"]] == ["E108", "E109", "E110"]


def test_an_unknown_measure_is_misuse(toguna):
    said = toguna("responses", "evidence", "S01_intel_cell", "--theatre", "mali")
    assert said.code == 2 and "S01_intel_cells" in said.err
