"""Statements are read strictly, and every verdict follows its rule."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from toguna.core.errors import DataError
from toguna.room.claims.measures import Known, displacement, largest, share
from toguna.room.claims.statements import Statement, read_statements
from toguna.shifts.battery import run
from toguna.shifts.detect import Detection
from toguna.shifts.population import Population
from toguna.shifts.windows import windows_ending
from toguna.testing.conflict import Truth, simulate

WINDOWS = windows_ending(date(2015, 12, 31))
SPAN = (WINDOWS.reference.start.toordinal(), WINDOWS.as_of.toordinal())
YEAR = WINDOWS.recent.start.toordinal()


def _known(truth):
    sample = simulate(np.random.default_rng(4), truth=truth, span=SPAN).sample
    battery = run(sample, WINDOWS, replicates=499, rng=np.random.default_rng(1))
    population = Population("all", {"en": "x", "fr": "y"}, "world", sample, battery, None, 0, 0)
    return Known(None, None, Detection((), {}, [], (population,)), population, uneven=False)


def _statement(measure, **settings):
    return Statement("s", {"en": "", "fr": ""}, "me", date(2015, 1, 1), measure, settings)


def _share(categories, expect):
    return _statement("share", column="tactic", categories=categories, expect=expect)


def test_share_follows_the_direction_stated():
    known = _known(Truth("tactic", YEAR))
    risen = ["tactic-e", "tactic-f"]
    assert share(_share(risen, "rise"), known).verdict == "supported"
    assert share(_share(risen, "fall"), known).verdict == "contradicted"


def test_share_without_change_is_mixed():
    assert share(_share(["tactic-b"], "rise"), _known(Truth())).verdict == "mixed"


def test_largest_names_the_leader():
    groups = {"few": ["target-f"], "most": ["target-a", "target-b", "target-c"]}
    known = _known(Truth())

    def verdict(group):
        return largest(_statement("largest", column="target", groups=groups, group=group), known).verdict

    assert (verdict("most"), verdict("few")) == ("supported", "contradicted")


def test_nothing_to_test_with_is_said():
    assert (
        displacement(_statement("displacement", direction="south"), _known(Truth())).verdict == "not-testable"
    )


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[[claims]]\nid = 'a'\nmeasure = 'guess'", "'guess' is not one of"),
        ("[[claims]]\nid = 'a'\nmeasure = 'tempo'", "add statement, said_by, said_on"),
        ("[[claims", "cannot be read as TOML"),
        (
            "[[claims]]\nid='a'\nmeasure='tempo'\nstatement={en='x',fr='y'}\nsaid_by='z'\nsaid_on='2015-01-01'",
            "date without quotes",
        ),
    ],
)
def test_a_faulty_file_says_what_to_mend(tmp_path, text, said):
    (tmp_path / "claims.toml").write_text(text, encoding="utf-8")
    with pytest.raises(DataError, match=said):
        read_statements(tmp_path)


def test_no_file_no_statements(tmp_path):
    assert read_statements(tmp_path) == []
