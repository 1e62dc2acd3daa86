"""Many reports of one incident become one record: grouped, with copies told from independent sources."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from itertools import pairwise

import pytest

from bench.corroboration import copying, drafted, grouping, independence
from bench.simulated_reports import reports
from toguna.cli.app import run
from toguna.cli.read_together import records_of, say_records
from toguna.core.language import Language
from toguna.reading.copies import FORMULA, Index, Prints, copies, prints
from toguna.reading.corroboration import Read, records
from toguna.reading.credits import credits_of
from toguna.reading.documents import Text
from toguna.reading.drafts import DraftIncident, Drafts, Field
from toguna.reading.known import on_record

GAO = {
    "date_start": "2015-11-20", "date_end": "2015-11-20", "date_precision": "day", "place": "Gao",
    "admin1": "Gao", "admin2": "Gao", "country": "MLI", "latitude": 16.27, "longitude": -0.04,
    "tactic": "ambush", "target_class": "national_forces", "killed_low": 2, "killed_best": 2,
    "killed_high": 2,
}  # fmt: skip
LONG = (
    "The convoy had left the town at dawn and was on its way to the ferry when the first lorry was hit. "
    "Herders who graze their animals along the river said that the shooting went on until noon. "
)
OWN = (
    "A baker who lives by the mosque counted seven motorbikes going north. The school stayed shut and the "
    "market opened late. The prefect asked everybody to keep off the road until the sappers had been there. "
)


def values(**more):
    """Return the values of an incident near Gao, with changes; None takes one out."""
    return {k: v for k, v in (GAO | more).items() if v is not None}


def tell(name, *incidents, text=None, published=date(2015, 11, 22), main=True, known=None):
    words = (
        text if text is not None else f"{name} tells of it in words of its own. {name * 9} and {name * 7}."
    )
    fields = [{k: Field(v, ((0, 9),), 0.9, "test") for k, v in i.items()} for i in incidents]
    drafts = tuple(DraftIncident(main, 0.9, ((0, min(len(words), 200)),), f, known) for f in fields)
    return Read(name, Text(words, published), Drafts("test", "en", published, drafts))


def told(reader, *read):
    """Return, for each record, the names of its sources."""
    return [sorted(s.name for s in r.sources) for r in records(read, reader.setting)]


def counted(reader, *read):
    """Return the names of the independent sources of the only record."""
    (record,) = records(read, reader.setting)
    return [s.name for s in record.sources if s.independent]


@pytest.fixture(scope="module")
def made():
    return reports(3, 16)


@pytest.fixture(scope="module")
def together(reader, made):
    return records([drafted(m, reader.setting) for m in made], reader.setting)


def test_copies_of_every_kind_are_found_and_nothing_else(made):
    found = copying(made)
    assert found["precision"] >= 0.97
    assert found["recall"] >= 0.97
    assert found["by_kind"]["own"][0] == 0


def test_reports_of_one_incident_are_put_together(together, made):
    found = grouping(together, made)
    assert found["recall"] >= 0.98
    assert found["precision"] >= 0.65  # one town and day, one kind of attack, another toll: not told apart


def test_independent_sources_are_counted(together, made):
    assert independence(together, made)["exact"] >= 0.8


def test_what_differs_in_one_thing_is_one_incident_and_in_two_is_not(reader):
    one = tell("a", values())
    for same in (
        {}, {"killed_best": 9}, {"tactic": "clash", "killed_best": 3}, {"date_start": "2015-11-21"},
        {"tactic": None, "killed_best": None, "target_class": None}, {"place": "Gao ville"},
        {"latitude": 16.4, "admin2": None}, {"tactic": "complex_assault", "killed_best": 9},
    ):  # fmt: skip
        assert told(reader, one, tell("b", values(**same))) == [["a", "b"]], same
    for other in (
        {"date_start": "2015-11-23"},
        {"latitude": 20.0, "longitude": 1.0, "admin2": "Kidal", "place": "Kidal"},
        {"tactic": "car_bomb", "killed_best": 9}, {"tactic": "car_bomb", "target_class": "civilians_local"},
    ):  # fmt: skip
        other |= {"date_end": other.get("date_start", "2015-11-20")}
        assert len(told(reader, one, tell("b", values(**other)))) == 2, other


def test_two_incidents_of_one_text_or_on_record_stay_two(reader):
    assert told(reader, tell("a", values(), values())) == [["a"], ["a"]]
    both = [tell("a", values(), values()), tell("b", values(), values())]
    assert told(reader, *both) == [["a", "b"], ["a", "b"]]
    assert len(told(reader, tell("a", values(), known="x"), tell("b", values(), known="y"))) == 2
    assert len(told(reader, tell("a", values(), known="x"), tell("b", values()))) == 1


def test_an_incident_does_not_wander_from_day_to_day(reader):
    days = [f"2015-11-{d}" for d in range(18, 24)]
    read = [tell(d, values(date_start=d, date_end=d)) for d in days]
    for group in records(read, reader.setting):
        told_ = sorted(date.fromisoformat(s.name) for s in group.sources)
        assert (told_[-1] - told_[0]).days <= 1


def test_without_a_place_an_equal_toll_decides(reader):
    nowhere = dict.fromkeys(("place", "admin1", "admin2", "latitude", "longitude"))
    a, b, c = (tell(n, values(**nowhere, killed_best=k)) for n, k in (("a", 7), ("b", 7), ("c", 3)))
    assert told(reader, a, b, c) == [["a", "b"], ["c"]]


def test_one_without_a_day_joins_only_as_a_copy(reader):
    dayless = values(date_start=None, date_end=None, date_precision=None)
    a = tell("a", values(), text=LONG + OWN)
    copy = tell("b", dayless, text="HEADING\n\n" + LONG + OWN, published=None)
    own = tell("c", dayless, text=OWN[::-1], published=None)
    assert told(reader, a, copy, own) == [["a", "b"], ["c"]]


def test_a_record_gives_the_spread_and_the_earliest(reader):
    a = tell(
        "a", values(killed_low=None, killed_best=5, killed_high=5, wounded=3), published=date(2015, 11, 23)
    )
    b = tell("b", values(killed_low=2, killed_high=9, date_start="2015-11-19", date_end="2015-11-19"))
    (record,) = records([a, b], reader.setting)
    plain = record.as_dict()
    assert plain["killed"] == {"lowest": 2, "highest": 9}
    assert plain["wounded"] == {"lowest": 3, "highest": 3}
    assert plain["hostages"] is None
    assert (plain["date_start"], plain["first_published"]) == ("2015-11-19", "2015-11-22")
    assert [s["file"] for s in plain["sources"]] == ["b", "a"]
    assert plain["sources"][1]["killed"] == {"low": None, "best": 5, "high": 5}
    json.dumps(plain)


def test_copies_and_one_agency_count_once(reader):
    original = tell("a", values(), text=LONG + OWN, published=date(2015, 11, 21))
    copy = tell("b", values(), text="OTHER HEADING\n\n" + LONG + OWN)
    assert counted(reader, copy, original) == ["a"]
    (record,) = records([copy, original], reader.setting)
    assert [s.copied_from for s in record.sources] == [(), ("a",)]
    agency = [tell(n, values(), text=f"{n * 8} said {n * 5} of it (AFP)") for n in ("c", "d")]
    assert counted(reader, *agency) == ["c"]
    mixed = tell("e", values(), text="Our own account of it, avec AFP et Reuters")
    assert counted(reader, *agency, mixed) == ["c", "e"]
    background = tell("f", values(), main=False)
    assert counted(reader, original, background) == ["a"]
    assert counted(reader, background) == ["f"]


def test_a_quotation_is_not_a_source_of_its_own(reader):
    original = tell("a", values(), text=f"{LONG}\n\n{OWN}", published=date(2015, 11, 21))
    other = (
        "The council met to speak of prices and of wells. Nobody had expected such a crowd at this hour. " * 3
    )
    quoting = tell("b", values(), text=f"{LONG}\n\n{other}")
    assert counted(reader, original, quoting) == ["a"]
    reworded = tell("b", values(), text=f"Lorries were fired on near the river this morning.\n\n{other}")
    assert counted(reader, original, reworded) == ["a", "b"]


@pytest.mark.parametrize(
    ("text", "agencies"),
    [
        ("GAO (Mali), 20 nov 2015 (AFP) - Deux soldats", ("AFP",)),
        ("a déclaré à l'AFP une source", ("AFP",)),
        ("told Reuters by telephone", ("Reuters",)),
        ("Studio X avec AP", ("AP",)),
        ("Source : AMAP", ("AMAP",)),
        ("Kidal/ANP/", ("ANP",)),
        ("the MAP of the region, an AP rifle, AFPA, NANA said", ()),
        ("", ()),
    ],
)
def test_agencies_are_read_from_credits(text, agencies):
    assert credits_of(text) == agencies


def test_the_incident_on_record_is_the_nearest_in_time(reader):
    draft = tell("a", values()).drafts.incidents[0]
    rows = [
        {"id": "x", "date": date(2015, 11, 21), "place": "Gao"},
        {"id": "y", "date": date(2015, 11, 20), "place": "Gao (airport)"},
        {"id": "z", "date": date(2015, 11, 20), "place": "Kidal"},
    ]
    setting = replace(reader.setting, known=tuple(rows))
    assert on_record(draft, setting) == "y"
    (record,) = records([tell("a", values())], setting)
    assert record.known == "y"
    assert on_record(tell("a", values(date_start="2015-11-23")).drafts.incidents[0], setting) is None


def test_no_text_and_short_texts_have_no_prints():
    assert len(prints("")) == len(prints("four words are few")) == 0
    assert len(prints("these five words are enough")) == 1
    assert copies([prints(""), prints("")], [0, 1]) == [(), ()]
    assert records([], None) == []


def test_a_run_of_eight_words_is_always_found():
    shared = "seven herders crossed the river before the rain"
    for n in range(6):
        a = prints("alpha beta " * n + shared + " gamma delta" * n)
        b = prints("one two three " * n + shared + " four five six" * (5 - n))
        assert a.at.keys() & b.at.keys()


def test_a_formula_in_every_text_costs_no_comparison_of_all_with_all():
    held = [Prints({1: (0, 1), **{1000 + 10 * n + k: (0, 1) for k in range(9)}}) for n in range(600)]
    assert copies(held, range(600)) == [()] * 600
    index = Index()
    seen = []
    for n, h in enumerate(held):
        seen.append(sum(index.shared(h.at).values()))
        index.add(n, h.at)
    assert max(seen) <= FORMULA
    assert seen[-1] == 0
    assert all(b <= a + 1 for a, b in pairwise(seen))


def test_the_verb_tells_a_folder_together(tmp_path, capsys):
    texts = tmp_path / "texts"
    texts.mkdir()
    lead = "Two soldiers were killed on Friday in an ambush near Gao, the army said. "
    french = "Trois militaires ont été tués vendredi dans une embuscade près de Gao, selon l'AFP."
    for name, day, text in (("a", 21, lead + LONG), ("b", 22, f"Heading\n\n{lead}{LONG}"), ("c", 22, french)):
        (texts / f"{name}.txt").write_text(f"DATE: 2015-11-{day}\n{text}\n", encoding="utf-8")
    call = ["read", str(texts), "--theatre", "mali", "--as-of", "2015-11-01"]
    assert run([*call, "--json"]) == 0
    (record,) = json.loads(capsys.readouterr().out)["records"]
    assert (record["place"], record["killed"], record["independent"]) == (
        "Gao",
        {"lowest": 2, "highest": 3},
        2,
    )
    assert [(s["file"], s["copied_from"]) for s in record["sources"]] == [
        ("a.txt", []), ("c.txt", []), ("b.txt", ["a.txt"]),
    ]  # fmt: skip


def test_several_texts_are_said_together_and_one_is_not(reader, capsys):
    a = tell("a", values(), text=LONG + OWN)
    b = tell("b", values(), text=f"HEADING\n\n{LONG}{OWN}")
    say_records(records([a, b], reader.setting), Language("en"))
    out = capsys.readouterr().out
    assert "All texts together" in out
    assert "a: 2; b: 2 (copied from a)" in out
    say_records(records_of([(a.name, a.text, a.drafts)], reader.setting), Language("en"))
    assert capsys.readouterr().out == ""
