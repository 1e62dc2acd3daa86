"""Declarations, counts, the log of looks, and the rules of the verdict."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from toguna.core.errors import DataError, StoreError, UnknownNameError
from toguna.responses.appraisal import detectable
from toguna.responses.appraisal.appraise import appraise
from toguna.responses.appraisal.counted import from_csv
from toguna.responses.appraisal.declaration import read_declaration
from toguna.responses.appraisal.logbook import FILE, declare, look
from toguna.responses.appraisal.sentences import sentences
from toguna.responses.appraisal.study import UNKNOWN, Estimate
from toguna.responses.appraisal.verdict import Checks, judge

HOWTO = Path(__file__).resolve().parents[2] / "docs" / "howto" / "appraise"
WHOLE = (HOWTO / "dialogue.toml").read_text(encoding="utf-8")
NOTHING = Checks(None, None, None, 0.0)


def written(folder: Path, text: str) -> Path:
    path = folder / "declaration.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_the_example_is_read():
    d = read_declaration(HOWTO / "dialogue.toml")
    assert d.as_dict()["treated"] == {"North": "2014-07", "East": "2014-07"}
    assert (d.first, d.last) == (385, 432)


def test_a_digest_is_of_what_is_declared(tmp_path):
    d = read_declaration(written(tmp_path, WHOLE))
    assert read_declaration(written(tmp_path, "# a remark\n" + WHOLE)).digest == d.digest
    other = WHOLE.replace("smallest_change = 0.3", "smallest_change = 0.2")
    assert read_declaration(written(tmp_path, other)).digest != d.digest


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("measure =", "mesure =", "add measure"),
        ("until =", "untill = 'x'\nuntil =", "untill is not known"),
        ('"2015-12"', '"2015-13"', "expected a month"),
        ("0.3", "30", "between 0 and 1"),
        ("0.3", "true", "between 0 and 1"),
        ('"staggered-difference"', '"regression"', "expected interrupted-series"),
        ('"staggered-difference"', '"synthetic-control"', "one treated area"),
        ('neighbours = ["Ring"]', 'neighbours = ["North"]', "stands there twice"),
        ('North = "2014-07"', 'North = "2012-01"', "outside the months"),
        ("[treated]", "[treated", "TOML"),
    ],
)
def test_a_wrong_declaration_says_what_is_wrong(tmp_path, old, new, told):
    assert old in WHOLE
    with pytest.raises(DataError, match=told.replace("[", r"\[")):
        read_declaration(written(tmp_path, WHOLE.replace(old, new, 1)))


def test_a_declaration_in_latin_1_or_absent_is_refused(tmp_path):
    path = tmp_path / "x.toml"
    with pytest.raises(DataError, match="cannot be read"):
        read_declaration(path)
    path.write_bytes("measure = 'Ségou'".encode("latin-1"))
    with pytest.raises(DataError, match="UTF-8"):
        read_declaration(path)


def test_counts_of_a_csv(tmp_path):
    d = read_declaration(HOWTO / "dialogue.toml")
    found = from_csv(HOWTO / "panel.csv", d)
    assert found.values.shape == (48, len(d.areas))
    lines = (HOWTO / "panel.csv").read_text(encoding="utf-8").splitlines()
    path = tmp_path / "panel.csv"

    def refuse(rows: list[str], error: type[Exception], told: str) -> None:
        path.write_text("\n".join(rows), encoding="utf-8")
        with pytest.raises(error, match=told):
            from_csv(path, d)

    refuse(lines[:-1], DataError, "have no row")
    refuse([*lines, lines[-1]], DataError, "stands there twice")
    refuse([*lines[:-1], lines[-1].rpartition(",")[0] + ",-1"], DataError, "expected a count")
    refuse([line for line in lines if not line.startswith("North")], UnknownNameError, "North")
    path.write_text("\n".join(lines[:-1]), encoding="utf-8")
    assert from_csv(path, replace(d, zeros=True)).values[-1, -1] == 0
    with pytest.raises(DataError, match="there is no file"):
        from_csv(tmp_path / "none.csv", d)


def test_when_it_was_declared(tmp_path):
    d = read_declaration(HOWTO / "dialogue.toml")
    late, early = date(2016, 1, 5), date(2014, 6, 1)
    assert look(tmp_path / "a", d, "csv x", day=late).kind == "undeclared"
    assert declare(tmp_path / "a", d, "csv x", day=late).kind == "after-look"
    assert declare(tmp_path / "b", d, "csv x", day=late).kind == "before-look"
    look(tmp_path / "b", d, "csv x", day=late)
    assert look(tmp_path / "b", d, "csv x", day=late).kind == "before-look"  # its own looks come after it
    changed = replace(d, digest="0" * 64, smallest_change=0.5)
    assert declare(tmp_path / "b", changed, "csv x", day=late).kind == "after-look"
    assert declare(tmp_path / "c", d, "csv x", day=early).kind == "before-outcome"
    again = declare(tmp_path / "c", d, "csv x", day=late)
    assert (again.kind, again.declared_on) == ("before-outcome", early)


def test_a_log_that_was_changed_is_refused(tmp_path):
    d = read_declaration(HOWTO / "dialogue.toml")
    look(tmp_path, d, "csv x", day=date(2016, 1, 5))
    declare(tmp_path, d, "csv x", day=date(2016, 1, 6))
    look(tmp_path, d, "csv x", day=date(2016, 1, 7))
    log = tmp_path / FILE
    lines = log.read_bytes().splitlines(keepends=True)
    for hostile in (lines[1:], lines[:1] + lines[2:], [lines[1], lines[0], lines[2]], [*lines, b"[1"]):
        log.write_bytes(b"".join(hostile))
        with pytest.raises(StoreError, match="does not follow"):
            look(tmp_path, d, "csv x", day=date(2016, 1, 8))
    log.write_bytes(lines[0].replace(b"2016-01-05", b"2016-01-09") + b"".join(lines[1:]))
    with pytest.raises(StoreError, match="line 2"):
        look(tmp_path, d, "csv x", day=date(2016, 1, 8))


def found(low, high, p=0.01, least=0.01):
    return Estimate((low + high) / 2, low, high, p, 10.0, 20.0, least)


@pytest.mark.parametrize(
    ("estimate", "checks", "said", "reasons"),
    [
        (found(-0.9, -0.1), NOTHING, "reduction", ()),
        (found(0.1, 0.9), NOTHING, "increase", ()),
        (found(-0.3, 0.3), NOTHING, "no-difference", ()),  # log(1 / 0.7) = 0.357
        (found(-0.4, 0.3), NOTHING, "unknown", ("too-wide",)),
        (UNKNOWN, NOTHING, "unknown", ("too-few-months",)),
        (
            replace(found(-1.0, 1.0), low=-np.inf, high=np.inf, least_p=1 / 9),
            NOTHING,
            "unknown",
            ("too-few-areas",),
        ),
        (found(-0.9, -0.1), Checks(found(-1, 1, p=0.04), None, None, 0.0), "unknown", ("parted-before",)),
        (found(-0.9, -0.1), Checks(None, found(-1, -0.5), None, 0.0), "unknown", ("others-moved-too",)),
        (found(-0.9, -0.1), Checks(None, found(0.2, 0.5), None, 0.0), "reduction", ()),
        (found(-0.9, -0.1), Checks(None, None, None, 0.3), "unknown", ("method-unsafe",)),
        (found(-0.9, -0.1), Checks(None, None, found(0.2, 0.5), 0.1), "reduction", ("ring-moved",)),
    ],
)
def test_the_rules_of_the_verdict(estimate, checks, said, reasons):
    verdict = judge(estimate, checks, smallest=0.3, level=0.9)
    assert (verdict.said, verdict.reasons) == (said, reasons)


def test_the_example_as_a_whole(tmp_path, monkeypatch):
    monkeypatch.setattr(detectable, "WORLDS", 20)
    d = read_declaration(HOWTO / "dialogue.toml")
    counted = from_csv(HOWTO / "panel.csv", d)
    one, again = (appraise(d, counted, rng=np.random.default_rng(0)) for _ in "ab")
    assert one.as_dict() == again.as_dict()
    said = sentences(one, look(tmp_path, d, "csv x", day=date(2016, 1, 5)))
    assert said["en"][1].startswith("What could be seen")  # before anything that was found
    assert len(said["en"]) == len(said["fr"]) and not set(said["en"]) & set(said["fr"])
    assert any("Verdict" in line for line in said["en"])
