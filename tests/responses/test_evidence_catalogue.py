"""The shipped catalogue is whole, and what users add is checked row by row."""

from __future__ import annotations

import pytest

from toguna.core.errors import UnknownNameError
from toguna.responses.evidence import load_catalogue
from toguna.responses.evidence.catalogue import HARMS, STRENGTHS, USES

SHIPPED = load_catalogue()
HEAD = "id,measure,study,use,harm,strength,year,estimate,se,region,citation,source_url\n"
ROW = "X1,G03_community_policing,mine,size,fall,high,2020,-30,5,sahel,A study,https://example.org\n"


def write(folder, name, text):
    (folder / name).write_text(text, encoding="utf-8")
    return load_catalogue([folder])


def codes(found):
    return [f.code for f in found.findings]


def test_the_shipped_tables_have_no_findings():
    assert SHIPPED.findings == ()
    assert len(SHIPPED.measures) == 36
    assert len(SHIPPED.effects) == 124


def test_every_measure_is_named_in_both_languages_and_says_what_it_needs():
    for m in SHIPPED.measures.values():
        for told in (m.name, m.unit, m.rules, m.risks):
            assert told["en"] and told["fr"] and told["en"] != told["fr"]
        assert all(id in SHIPPED.measures for group in m.requires for id in group)
        assert all(id in SHIPPED.measures for id in m.pairs)


def test_the_hard_rules_of_the_method_are_in_the_table():
    services = ("B02_small_services", "B03_school_civic", "B04_school_feeding", "B05_health_water")
    assert services in SHIPPED.measure("S06_redeploy_train").requires
    for id in ("S03_targeted_patrols", "S04_selective_ct", "S06_redeploy_train"):
        assert ("S07_civilian_harm",) in SHIPPED.measure(id).requires
    assert ("G04_reintegration",) in SHIPPED.measure("A03_defection_messages").requires
    off = {m.id[:3] for m in SHIPPED.measures.values() if not m.default}
    assert off == {"S05", "O01", "O02", "S06", "A05"}
    assert {m.id[:3] for m in SHIPPED.measures.values() if m.external} == {"P01", "P02", "O03"}
    assert {m.id[:3] for m in SHIPPED.measures.values() if m.by_need} == {"B04", "B05", "E03", "E04", "H01"}


def test_every_row_has_a_source_and_known_words():
    for e in SHIPPED.effects:
        assert e.citation and e.source_url.startswith("http") and e.study
        assert e.use in USES and e.harm in HARMS and e.strength in STRENGTHS
        assert (e.size is not None) == (e.use == "size")
        assert e.measure == "GENERIC" or e.measure in SHIPPED.measures


def test_no_shipped_cost_counts_as_local():
    assert SHIPPED.with_local_costs == ()
    assert sum(m.cost is not None for m in SHIPPED.measures.values()) == 4


def test_an_unknown_measure_is_an_error():
    with pytest.raises(UnknownNameError, match="S01_intel_cells"):
        SHIPPED.measure("S01_intel_cell")


def test_users_add_rows_and_costs(tmp_path):
    (tmp_path / "costs.csv").write_text(
        "measure,low,best,high,currency,source\nB04_school_feeding,1,2,3,XOF,Budget 2015\n", encoding="utf-8"
    )
    found = write(tmp_path, "evidence.csv", HEAD + ROW)
    assert codes(found) == []
    assert found.with_local_costs == ("B04_school_feeding",)
    assert found.of("G03_community_policing")[-1].size == -0.3
    assert found.effects[-1].own


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("A study", "", "evidence-without-source"),
        ("https://example.org", "", "evidence-without-source"),
        ("G03_community_policing", "G99", "evidence-word"),
        (",size,", ",sizes,", "evidence-word"),
        (",fall,", ",rise,", "evidence-word"),
        (",-30,", ",-100,", "evidence-number"),
        (",-30,", ",much,", "evidence-number"),
        (",5,", ",-5,", "evidence-number"),
        (",5,", ",nan,", "evidence-number"),
        (",mine,", ",,", "evidence-cell-blank"),
        ("X1", "E001", "evidence-id-repeated"),
    ],
)
def test_a_wrong_row_is_left_out_and_said(tmp_path, old, new, code):
    found = write(tmp_path, "evidence.csv", HEAD + ROW.replace(old, new))
    assert codes(found) == [code]
    assert found.findings[0].row == 1
    assert len(found.effects) == 124


@pytest.mark.parametrize(
    ("cells", "code"),
    [
        ("B04_school_feeding,3,2,1,XOF,Budget", "cost-out-of-order"),
        ("B04_school_feeding,1,2,3,XOF,", "evidence-without-source"),
        ("B04_school_feeding,,,,XOF,Budget", "evidence-cell-blank"),
        ("B04_school_feeding,,-2,,XOF,Budget", "evidence-number"),
        ("B99,,2,,XOF,Budget", "evidence-word"),
    ],
)
def test_a_wrong_cost_is_left_out_and_said(tmp_path, cells, code):
    found = write(tmp_path, "costs.csv", "measure,low,best,high,currency,source\n" + cells + "\n")
    assert codes(found) == [code]
    assert found.with_local_costs == ()


def test_a_table_in_latin_1_is_read(tmp_path):
    text = (HEAD + ROW).replace("A study", "Une étude")
    (tmp_path / "evidence.csv").write_bytes(text.encode("latin-1"))
    found = load_catalogue([tmp_path])
    assert codes(found) == ["text-encoding"]
    assert found.effects[-1].citation == "Une étude"


def test_hostile_tables_do_no_harm(tmp_path):
    assert codes(write(tmp_path, "evidence.csv", "")) == ["file-empty"]
    assert "column-missing" in codes(write(tmp_path, "evidence.csv", "a,b\n1,2\n"))
    assert len(write(tmp_path, "evidence.csv", '"never closed\n' * 3).effects) == 124


def test_what_a_measure_is_stands_in_both_languages() -> None:
    for measure in load_catalogue().measures.values():
        for said in (measure.name, measure.description, measure.unit):
            assert said["en"] and said["fr"], measure.id
        assert measure.description["en"] != measure.description["fr"]
