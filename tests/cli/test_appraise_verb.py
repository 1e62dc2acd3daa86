"""``toguna appraise``: on the example, on the events of the pack, in both languages, and misused."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

EXAMPLE = Path(__file__).resolve().parents[2] / "docs" / "howto" / "appraise" / "dialogue.toml"
SERIES = """
measure = "Operation in the north"
outcome = "events"
from = "2012-01"
until = "2015-12"
method = "interrupted-series"
smallest_change = 0.3
comparison = ["Gao"]
treated = { Kidal = "2014-08" }
"""


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    from toguna.responses.appraisal import detectable

    monkeypatch.setattr(detectable, "WORLDS", 10)


def test_declared_then_looked_at(toguna) -> None:
    said = toguna("appraise", str(EXAMPLE), "--declare", "--json")
    assert json.loads(said.out)["standing"]["kind"] == "before-look"
    told = json.loads(toguna("appraise", str(EXAMPLE), "--json", "--quiet").out)
    assert told["standing"]["kind"] == "before-look"
    assert told["verdict"] in ("reduction", "unknown")
    assert told["estimate"]["low"] <= -0.6 <= told["estimate"]["high"]  # made with 60 % fewer
    assert told["detectable"]["reduction"] and told["placebo_in_time"] and told["neighbours"]


def test_events_of_the_pack_cannot_tell(toguna, tmp_path) -> None:
    path = tmp_path / "series.toml"
    path.write_text(SERIES, encoding="utf-8")
    words = ("appraise", str(path), "--theatre", "mali", "--quiet")
    told = json.loads(toguna(*words, "--as-of", "2015-11-24", "--json").out)
    assert told["data"]["until"] == "2015-10"  # November is not over
    assert (told["verdict"], told["standing"]["kind"]) == ("unknown", "undeclared")
    said = toguna(*words, "--as-of", "2015-11-24", "--lang", "fr")
    assert "ces données ne permettent pas de le savoir" in said.out
    assert toguna(*words, "--as-of", "2014-08-15").code == 3
    path.write_text(SERIES.replace('["Gao"]', '["Gao", "Segou", "Sikasso"]'), encoding="utf-8")
    assert toguna(*words, "--as-of", "2014-12-31").code == 0  # another spelling; no event there by then
    path.write_text(SERIES.replace("Kidal", "Kidall"), encoding="utf-8")
    wrong = toguna(*words, "--as-of", "2015-11-24")
    assert wrong.code == 2 and "did you mean" in wrong.err


def test_misuse_is_explained(toguna, tmp_path) -> None:
    assert "cannot be read" in toguna("appraise", str(tmp_path / "none.toml")).err
    path = tmp_path / "bad.toml"
    path.write_bytes(b"\xff\xfe\x00")
    assert toguna("appraise", str(path)).code == 3
