"""Who is named for one attack of a day is the author of the others of that day, and states are not."""

from __future__ import annotations

import pytest

from toguna.reading.drafts import DraftIncident, Field
from toguna.reading.shared import SHARED, with_shared_authors


def made(day, perpetrator=None, rule="named", country="MLI"):
    fields = {"date_start": Field(day, (), 1.0, "day"), "country": Field(country, (), 1.0, "named")}
    if perpetrator:
        fields["perpetrator"] = Field(perpetrator, ((0, 4),), 0.9, rule)
    return DraftIncident(True, 0.9, (), fields)


OTHERS = [
    (made("2015-08-03"), "ANSAR_DINE"),
    (made("2015-08-03", "UNKNOWN_JIHADIST", "label"), "ANSAR_DINE"),
    (made("2015-08-03", "MUJAO"), "MUJAO"),
    (made("2015-08-04"), None),
    (made("2015-08-03", country="NER"), None),
]


@pytest.mark.parametrize(("other", "author"), OTHERS)
def test_an_author_is_taken_over_where_none_is_named(reader, other, author):
    _, after = with_shared_authors([made("2015-08-03", "ANSAR_DINE"), other], reader.setting)
    assert after.value("perpetrator") == author


def test_what_is_taken_over_is_less_sure_and_says_so(reader):
    _, after = with_shared_authors([made("2015-08-03", "ANSAR_DINE"), made("2015-08-03")], reader.setting)
    own = after.fields["perpetrator"]
    assert (own.rule, own.spans) == ("shared", ((0, 4),))
    assert own.confidence == pytest.approx(0.9 * SHARED)


def test_states_and_two_names_are_not_taken_over(reader):
    army = [made("2015-08-03", "FAMA"), made("2015-08-03")]
    two = [made("2015-08-03", "ANSAR_DINE"), made("2015-08-03", "MUJAO"), made("2015-08-03")]
    assert with_shared_authors(army, reader.setting)[-1].value("perpetrator") is None
    assert with_shared_authors(two, reader.setting)[-1].value("perpetrator") is None
