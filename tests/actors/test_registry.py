"""Statements, families and changes as of a date."""

from __future__ import annotations

from datetime import date, timedelta

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from small_theatres import SmallTheatre, actor, relation, small_theatre

from toguna.actors.genealogy import genealogy, to_dict
from toguna.actors.registry import Registry
from toguna.actors.relations import KINDS
from toguna.core.dates import parse_partial
from toguna.core.digest import canonical_json

DAY = date(2015, 11, 24)
A, B, C = actor("A"), actor("B"), actor("C")


def build(actors, relations=(), as_of=DAY):
    return Registry.build(small_theatre(list(actors), list(relations)), as_of=as_of)


def test_empty_tables():
    for theatre in (small_theatre([]), SmallTheatre({})):
        registry = Registry.build(theatre, as_of=DAY)
        assert registry.families(DAY) == {}
        assert registry.relations(DAY) == [] == registry.changes(date.min, DAY)
        assert registry.kind("X") == "unlisted"
        assert registry.family("X", DAY) == "X"
        assert registry.findings == ()


def test_what_users_add_counts():
    extra = small_theatre([C], [relation("C component_of A", "2014")]).tables
    registry = Registry.build(small_theatre([A, B]), as_of=DAY, extra=extra)
    assert registry.family("C", DAY) == "A"


def test_names_that_users_add_resolve():
    names = pl.DataFrame({"actor_id": ["A", "GONE"], "name": ["The Alphas (press)", "Ghosts"]})
    registry = Registry.build(small_theatre([A, B]), as_of=DAY, extra={"names": names})
    assert registry.resolve("the alphas").actor_id == "A"
    assert registry.resolve("Ghosts").how == "none"


def test_vague_start_is_visible_at_once_and_vague_end_only_when_over():
    rows = [relation("A alliance B", "2015", "2015")]
    assert build([A, B], rows, date(2014, 12, 31)).statements == ()
    (seen,) = build([A, B], rows, DAY).statements
    assert seen.end is None
    (seen,) = build([A, B], rows, date(2015, 12, 31)).statements
    assert seen.end == parse_partial("2015")


def test_in_force_takes_both_ends_in():
    registry = build([A, B], [relation("A cooperation B", "2013-02", "2013-04-10")])
    held = [bool(registry.relations(date(2013, m, d))) for m, d in ((1, 31), (2, 1), (4, 10), (4, 11))]
    assert held == [False, True, True, False]


def test_a_relation_does_not_begin_before_its_actors():
    late = actor("B", active_from="2014-10-28")
    registry = build([A, late], [relation("A component_of B", "2014")])
    assert registry.family("A", date(2014, 10, 27)) == "A"
    assert registry.family("A", date(2014, 10, 28)) == "B"
    assert [c.kind for c in registry.changes(date(2014, 6, 1), DAY)] == ["began"]


def test_future_actors_are_invisible_and_future_ends_hidden():
    rows = [actor("A", active_to="2015-12"), actor("B", active_from="2015-12")]
    registry = build(rows, [relation("A alliance B", "2015")])
    assert list(registry.actors) == ["A"]
    assert registry.actors["A"].active_to is None
    assert [f.code for f in registry.findings] == ["relation-actor-unknown"]


@pytest.mark.parametrize(
    ("row", "code"),
    [
        (relation("A alliance B", "soon"), "relation-date"),
        (relation("A alliance B", "2013-13"), "relation-date"),
        (relation("A alliance B", "2013", "never"), "relation-date"),
        (relation("A alliance B", "2013", "2012"), "relation-date"),
        (relation("A marriage B", "2013"), "relation-kind"),
        (relation("A alliance A", "2013"), "relation-to-itself"),
        (relation("A alliance Z", "2013"), "relation-actor-unknown"),
    ],
)
def test_unreadable_relations_become_findings(row, code):
    registry = build([A, B], [row, relation("B cooperation A", "2014")])
    assert [f.code for f in registry.findings] == [code]
    assert [r.id for r in registry.statements] == ["B-cooperation-A@2014"]


def test_undated_relation_is_in_force_with_a_note():
    registry = build([A, B], [relation("A component_of B")])
    assert registry.family("A", date(1990, 1, 1)) == "B"
    assert [f.code for f in registry.findings] == ["relation-undated"]
    assert registry.changes(date.min, DAY) == []


@pytest.mark.parametrize(
    ("rows", "codes"),
    [
        ([actor("A", active_from="12/2013")], ["actor-date"]),
        ([actor("A", active_from="2014", active_to="2013")], ["actor-date"]),
        ([A, A], ["actor-twice"]),
        ([{"name": "Nobody"}], ["actor-without-id"]),
    ],
)
def test_unreadable_actors_become_findings(rows, codes):
    assert [f.code for f in build(rows).findings] == codes


@pytest.mark.parametrize(
    ("rows", "disputes"),
    [
        ([relation("A alliance B", "2013")], ()),
        ([relation("A alliance B", "2013", source_urls="http://one")], ("single-source",)),
        ([relation("A alliance B", "2013", note="Disowned later.")], ("note",)),
        ([relation("A alliance B", "2013", note="An arrival at the town.")], ()),
        ([relation("A alliance B", "2013"), relation("B rivalry A", "2014")], ("also-rivals",)),
        ([relation("A alliance B", "2013", "2013-06"), relation("B rivalry A", "2013-06-13")], ()),
        ([relation("A component_of B", "2013"), relation("A component_of C", "2014")], ("other-parent",)),
        ([relation("A component_of B", "2013", "2013"), relation("A component_of C", "2014")], ()),
    ],
)
def test_contested(rows, disputes):
    first = build([A, B, C], rows).statements[0]
    assert first.disputes == disputes
    assert first.contested == bool(disputes)


def test_users_can_state_that_a_relation_is_contested():
    plain = small_theatre([A, B], [relation("A alliance B", "2013")]).tables
    stated = plain["relations"].with_columns(contested=True)
    registry = Registry.build(small_theatre([A, B]), as_of=DAY, extra={"relations": stated})
    assert registry.statements[0].disputes == ("stated",)


def test_same_statement_twice_keeps_both():
    registry = build([A, B], [relation("A alliance B", "2013")] * 2)
    assert [r.id for r in registry.statements] == ["A-alliance-B@2013", "A-alliance-B@2013#2"]


def test_merger_is_an_act_and_claims_only_begin():
    rows = [
        relation("A merger_into B", "2013-07-01", "2013-07-01"),
        relation("A joint_claim B", "2013-05-23", "2013-05-23"),
        relation("A cooperation B", "2013-05", "2013-06"),
    ]
    registry = build([A, B], rows)
    assert registry.family("A", DAY) == "B"
    said = [(c.kind, c.relation.kind) for c in registry.changes(date(2013, 1, 1), DAY)]
    assert said == [
        ("began", "cooperation"),
        ("began", "joint_claim"),
        ("ended", "cooperation"),
        ("began", "merger_into"),
    ]


def test_what_makes_a_family():
    for kind in KINDS:
        same = build([A, B], [relation(f"A {kind} B", "2013")]).family("A", DAY) == "B"
        assert same == (kind in ("merger_into", "component_of"))


def test_splinter_belonged_to_its_parent_before():
    registry = build([A, B], [relation("A splinter_from B", "2013-06")])
    assert registry.family("A", date(2013, 5, 31)) == "B"
    assert registry.family("A", date(2013, 6, 1)) == "A"
    early = build([A, B], [relation("A splinter_from B", "2013-06")], date(2013, 5, 31))
    assert early.family("A", date(2013, 5, 31)) == "A"


def test_disputed_parents_do_not_fuse_families():
    rows = [
        relation("A component_of B", "2013"),
        relation("A component_of C", "2013", source_urls="http://one"),
    ]
    registry = build([A, B, C], rows)
    assert registry.families(DAY) == {"B": {"A", "B"}, "C": {"C"}}


def test_circles_end():
    rows = [relation(f"{a} component_of {b}", "2013") for a, b in ("CA", "AB", "BC")]
    rows.append(relation("D component_of B", "2013"))
    registry = build([A, B, C, actor("D")], rows)
    assert registry.families(DAY) == {"A": {"A", "B", "C", "D"}}


def test_allies_and_oaths():
    rows = [
        relation("A alliance B", "2013"),
        relation("C cooperation A", "2013"),
        relation("B component_of A", "2014"),
        relation("A allegiance_to C", "2012"),
        relation("A allegiance_to B", "2013", "2013"),
    ]
    registry = build([A, B, C], rows)
    assert registry.allied_with("A", date(2013, 6, 1)) == ("B", "C")
    assert registry.allied_with("A", DAY) == ("C",)
    assert [registry.umbrella("A", d) for d in (date(2013, 6, 1), DAY)] == ["B", "C"]
    assert registry.umbrella("B", DAY) is None


IDS = "ABCDE"
WHEN = st.one_of(
    st.just(""),
    st.integers(2011, 2016).map(str),
    st.dates(date(2011, 1, 1), date(2016, 12, 31)).map(lambda d: d.isoformat()[:7]),
    st.dates(date(2011, 1, 1), date(2016, 12, 31)).map(str),
    st.just("in May"),
)
ACTORS = st.tuples(
    *(st.builds(lambda f, t, i=i: actor(i, active_from=f, active_to=t), WHEN, WHEN) for i in IDS)
)
RELATIONS = st.lists(
    st.builds(
        lambda a, k, b, when, sources: relation(f"{a} {k} {b}", *when, source_urls=sources),
        st.sampled_from(IDS),
        st.sampled_from(KINDS),
        st.sampled_from(IDS),
        st.tuples(WHEN, WHEN),
        st.sampled_from(["http://one", "http://one http://two"]),
    ),
    max_size=12,
)
DAYS = st.dates(date(2011, 1, 1), date(2016, 12, 31))


@settings(max_examples=60, deadline=None)
@given(actors=ACTORS, relations=RELATIONS, as_of=DAYS, on=DAYS)
def test_families_are_a_partition(actors, relations, as_of, on):
    registry = build(actors, relations, as_of)
    families = registry.families(on)
    members = [m for group in families.values() for m in group]
    assert sorted(members) == sorted(a.id for a in registry.actors.values() if a.begun(on))
    for head, group in families.items():
        assert {registry.family(m, on) for m in group} == {head}
        assert head in registry.actors


def truncated(theatre, as_of):
    """Take out every row whose beginning lies after a date, and number the rest anew."""

    def later(text):
        first = parse_partial(text or "")
        return first is not None and first.first > as_of

    tables = {}
    for name, column in (("actors", "active_from"), ("relations", "from_date")):
        frame = theatre.tables[name].drop("row")
        keep = [not later(t) for t in frame[column].to_list()]
        tables[name] = frame.filter(keep).with_row_index("row", offset=1)
    return SmallTheatre(tables)


def as_text(theatre, as_of):
    registry = Registry.build(theatre, as_of=as_of)
    graph = genealogy(registry, as_of, as_of - timedelta(days=365))
    families = {k: sorted(v) for k, v in registry.families(as_of).items()}
    return canonical_json([registry.as_dict(), registry.digest(), to_dict(graph), families])


@settings(max_examples=60, deadline=None)
@given(actors=ACTORS, relations=RELATIONS, as_of=DAYS)
def test_later_rows_change_no_byte(actors, relations, as_of):
    theatre = small_theatre(list(actors), relations)
    assert as_text(theatre, as_of) == as_text(truncated(theatre, as_of), as_of)


@pytest.mark.parametrize("as_of", [date(2012, 6, 30), date(2013, 7, 31), date(2014, 6, 1), DAY])
def test_later_rows_change_no_byte_in_the_shipped_pack(mali, as_of):
    assert as_text(mali, as_of) == as_text(truncated(mali, as_of), as_of)
