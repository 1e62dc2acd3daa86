"""The families of the shipped pack at four dates, as an analyst of the region would draw them."""

from __future__ import annotations

from datetime import date

import pytest

from toguna.actors.registry import Registry

CMA = {"CMA", "CMFPR2", "CPA_CMA", "HCUA", "MAA_CMA", "MNLA"}
PLATFORM = {"CMFPR", "CPA_PLATFORM", "GATIA", "MAA_PLATFORM", "PLATFORM"}
MOURABITOUN = {"MOURABITOUN", "MUJAO", "MULATHAMUN"}
MISSIONS = {"MINUSMA": {"AFISMA", "MINUSMA"}}
FRENCH = {"FR_BARKHANE": {"FR_BARKHANE", "FR_SERVAL"}}


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2012, 6, 30), {}),
        (date(2013, 7, 31), MISSIONS),
        (
            date(2014, 12, 31),
            {"CMA": CMA, "PLATFORM": PLATFORM, "MOURABITOUN": MOURABITOUN, **MISSIONS, **FRENCH},
        ),
        (
            date(2015, 11, 24),
            {
                "ANSAR_DINE": {"ANSAR_DINE", "ANSAR_DINE_SUD", "MLF"},
                "CMA": CMA,
                "PLATFORM": PLATFORM,
                "MOURABITOUN": MOURABITOUN,
                **MISSIONS,
                **FRENCH,
            },
        ),
    ],
)
def test_families(mali, day, expected):
    found = Registry.build(mali, as_of=day).families(day)
    assert {k: set(v) for k, v in found.items() if len(v) > 1} == expected


def test_masked_brigade_was_part_of_aqim_until_it_split(mali):
    registry = Registry.build(mali, as_of=date(2015, 11, 24))
    days = (date(2012, 11, 30), date(2012, 12, 1), date(2013, 8, 1))
    assert [registry.family("MULATHAMUN", d) for d in days] == ["AQIM", "MULATHAMUN", "MOURABITOUN"]


def test_oaths_move_no_family(mali):
    registry = Registry.build(mali, as_of=date(2015, 11, 24))
    for day in (date(2015, 5, 20), date(2015, 11, 24)):
        assert registry.family("MOURABITOUN", day) == "MOURABITOUN"
    assert registry.umbrella("MOURABITOUN", date(2015, 5, 20)) == "ISIL"
    assert registry.umbrella("MOURABITOUN", date(2015, 11, 24)) == "ALQAEDA"
    assert registry.allied_with("MOURABITOUN", date(2015, 11, 24)) == ("AQIM", "MLF")


def test_everything_can_be_read(mali):
    registry = Registry.build(mali, as_of=date(2015, 11, 24))
    assert registry.findings == ()
    assert (len(registry.actors), len(registry.statements)) == (38, 50)
    disowned = next(r for r in registry.statements if r.b == "ISIL")
    assert disowned.contested


def test_the_year_before_brought(mali):
    registry = Registry.build(mali, as_of=date(2015, 11, 24))
    said = [f"{c.kind} {c.relation.id}" for c in registry.changes(date(2014, 11, 24), date(2015, 11, 24))]
    assert "began MOURABITOUN-joint_claim-AQIM@2015-11-20" in said
    assert "ended CMA-rivalry-PLATFORM@2014" in said
    assert "began MLF-component_of-ANSAR_DINE@2015" in said
