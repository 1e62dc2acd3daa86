"""What the index finds is what a plain walk over the rows finds, for any question."""

from __future__ import annotations

from collections import Counter
from datetime import date

import events_made as world
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from toguna.core.errors import StoreError
from toguna.room.search import FACETS, Index, Query, prepare, read_query

TEXTS = [
    "", "hotel", "hôtel", "attack*", "at*", "-hotel", "-at*", "convoy -gao", "ancar dine", "aqmi", "raid",
    "غاو", "ied mine", "state-based", "violence étatique", "nothing77", "mali", "timbuktu", "plain:3",
    '"quoted" OR (NEAR)',
]  # fmt: skip
QUERIES = st.builds(
    Query,
    text=st.sampled_from(TEXTS),
    place=st.sampled_from(["", "gao", "Menaka", "timbuktu", "mali", "burkina", "gaou"]),
    actor=st.sampled_from(
        ["", "Ançar Dine", "ansar eddine", "AQMI", "maghreb", "dine", "gunmen", "nobody known", "…"]
    ),
    first=st.none() | st.dates(date(2013, 12, 1), date(2016, 9, 1)),
    last=st.none() | st.dates(date(2013, 12, 1), date(2016, 9, 1)),
    chosen=st.fixed_dictionaries(
        {},
        optional={
            "violence": st.lists(st.sampled_from(["sb", "os", "ns", "-"]), max_size=2, unique=True).map(
                tuple
            ),
            "tactic": st.lists(st.sampled_from(["raid", "-"]), max_size=2, unique=True).map(tuple),
            "admin1": st.lists(
                st.sampled_from(["Gao", "Tombouctou", "-", "Nowhere"]), max_size=2, unique=True
            ).map(tuple),
            "year": st.lists(st.sampled_from(["2014", "2015", "1999"]), max_size=2, unique=True).map(tuple),
        },
    ),
    box=st.none() | st.just((-1.0, 16.0, 1.0, 17.0)),
    sort=st.sampled_from(["newest", "oldest", "deaths"]),
    open_only=st.booleans(),
)


@pytest.fixture(scope="module")
def rows():
    return world.made()


@pytest.fixture(scope="module")
def index(rows, tmp_path_factory) -> Index:
    folder = tmp_path_factory.mktemp("search") / "index"
    prepare(world.frame(rows), world.CALLED, folder)
    return Index(folder)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(query=QUERIES)
@example(query=Query(text="plain:3", actor="AQMI"))
def test_the_index_finds_what_a_walk_over_the_rows_finds(rows, index, query):
    found = index.find(query, per_page=1000)
    missed = [(r, world.missed(r, query)) for r in rows]
    wanted = [r for r, against in missed if not against]
    assert {r["event_id"] for r in found.rows} == {r["event_id"] for r in wanted}
    assert found.total == len(wanted) == len(found.rows)
    assert found.incidents == len({r["incident_id"] for r in wanted})
    for facet in FACETS:
        counts = Counter(world.facet(r, facet) for r, against in missed if against <= {facet})
        assert {v: n for v, n in found.facets[facet].items() if n} == counts
    assert int(index.mask(query).sum()) == found.total


@settings(max_examples=60, deadline=None)
@given(query=QUERIES)
def test_an_address_holds_the_whole_question(query):
    params = {n: [str(v) for v in s] if isinstance(s, list) else [str(s)] for n, s in query.params().items()}
    again, wrong = read_query(params, open_only=query.open_only)
    if query.first and query.last and query.last < query.first:
        assert wrong == {"to": query.last.isoformat()}
    else:
        assert (again.params(), wrong) == (query.params(), {})
        assert again.at(3).params()["page"] == 3


def test_facets_of_one_kind_add_up(index):
    found = index.find(Query())
    for facet in FACETS:
        assert sum(found.facets[facet].values()) == found.total


def test_order_and_pages(rows, index):
    def days(sort):
        pages = [index.find(Query(sort=sort, page=k)).rows for k in range(1, 9)]
        assert [len(p) for p in pages] == [25] * 8
        return [r for page in pages for r in page]

    newest, oldest, deaths = days("newest"), days("oldest"), days("deaths")
    assert [r["event_id"] for r in newest] == [r["event_id"] for r in reversed(oldest)]
    assert [r["date_start"] for r in oldest] == sorted(r["date_start"] for r in rows)
    tolls = [-1 if r["best"] is None else r["best"] for r in deaths]
    assert tolls == sorted(tolls, reverse=True)


def test_pages_beyond_the_end_are_empty_and_say_how_many_there_are(index):
    found = index.find(Query(page=10**9))
    assert (found.rows, found.total, found.pages) == ([], 200, 8)


@pytest.mark.parametrize(
    "text", ['"', "NEAR(", "a AND", "*", "-", "note:hotel", "hotel'; DROP TABLE x", "\x00", "^", "()" * 90]
)
def test_signs_of_query_languages_are_no_more_than_gaps(index, text):
    found = index.find(Query(text=text))
    assert 0 <= found.total <= 200


def test_accents_case_and_aliases(rows, index):
    assert index.find(Query(text="HÔTEL")).total == index.find(Query(text="hotel")).total > 0
    named = {r["event_id"] for r in rows if "ANSAR" in world.who(r)}
    for name in ("ançar-DINE", "ANSAR", "Ansar Eddine"):
        found = index.find(Query(actor=name), per_page=300)
        assert found.actors == ("ANSAR",)
        assert {r["event_id"] for r in found.rows} >= named


def test_a_name_of_two_organisations_finds_both(index):
    assert index.find(Query(actor="forces armées")).actors == ("ARMY",)
    assert index.find(Query(actor="al")).actors == ("AQIM",)
    assert index.find(Query(actor="unheard of")).actors == ()


def test_types_come_back_whole(rows, index):
    wanted = next(r for r in rows if r["perpetrators"] and r["date_end"] and r["lat"])
    (found,) = index.find(Query(text=wanted["event_id"])).rows
    assert {name: found[name] for name in wanted} == wanted
    assert found["closed"] is (wanted["source"] == "closed")


def test_rows_of_sources_that_forbid_it_are_left_out_of_what_leaves(index):
    assert index.find(Query(open_only=True)).facets["source"] == {
        "plain": index.find(Query(open_only=True)).total
    }


def test_parameters_that_cannot_be_read_narrow_nothing_and_are_told():
    asked = {
        "from": ["yesterday"],
        "to": ["2015-02-30"],
        "box": ["1,2,3"],
        "page": ["-1"],
        "sort": ["x"],
        "q": ["a", "b"],
    }
    query, wrong = read_query(asked)
    assert query == Query(text="b")
    assert wrong == {"from": "yesterday", "to": "2015-02-30", "box": "1,2,3", "page": "-1", "sort": "x"}


@pytest.mark.parametrize("said", ["nan,0,1,1", "inf,0,1,1", "5,0,1,1", "0,0,1,1,1", "0,-91,1,1"])
def test_boxes_off_the_globe_are_refused(said):
    assert read_query({"box": [said]})[1] == {"box": said}


def test_an_index_of_nothing(tmp_path):
    prepare(world.frame([]), world.CALLED, tmp_path / "none")
    found = Index(tmp_path / "none").find(Query(text="hotel", actor="ansar", chosen={"year": ("2015",)}))
    assert (found.rows, found.total, found.incidents, found.pages) == ([], 0, 0, 0)


def test_a_broken_folder_says_what_to_do(tmp_path):
    with pytest.raises(StoreError, match="is built again"):
        Index(tmp_path)
