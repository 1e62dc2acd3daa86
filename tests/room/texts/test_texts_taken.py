"""A text is on the disk before its page is shown, its words sealed and only as long as they may stay."""

from __future__ import annotations

from dataclasses import replace

import pytest
from drafted import ANA, NOW, WORDS, Parrot, accepting, by, read_again, rejecting, sent, taken
from sqlalchemy import select

from toguna.accounts.audit import audit
from toguna.accounts.refusals import RefusedError
from toguna.reading.documents import titled
from toguna.room.retention import retain
from toguna.room.texts.decide import Verdict, decide
from toguna.room.texts.intake import MOST_SIGNS, take
from toguna.room.texts.shelf import listed, text_read
from toguna.room.texts.words import opened, sealed
from toguna.store.register.reading_tables import Reading


def test_a_text_waits_with_its_drafts_and_its_words_are_sealed(home):
    text = taken(home)
    assert [d.kind for d in text.drafts] == ["incident", "relation", "response", "asked-for"]
    assert (text.words, text.waiting, text.address) == (WORDS, 3, "https://example.org/a")
    place = text.drafts[0].field("place")
    start, end = place["spans"][0]
    assert WORDS[start:end] == "Sévaré"
    assert text.drafts[0].told["features"] == ["toll", "weapon"]
    for path in home.path.glob("register.sqlite*"):
        assert b"soldiers" not in path.read_bytes()
    with home.register.read() as session:
        assert [(n.act, n.subject) for n in audit(session)] == [("text-taken", "mali/1")]


def test_the_same_form_twice_is_one_text(home):
    assert taken(home).id == taken(home).id
    assert len(listed(home, "mali")) == 1
    with pytest.raises(RefusedError, match="Another text"):
        take(home, sent(text=titled("Other words.")), Parrot(), by="ana", now=NOW)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"text": titled(" \x00\u202e\n ")}, "no words"),
        ({"text": titled("a" * (MOST_SIGNS + 1))}, "100,001 signs"),
        ({"source": ""}, "where the text is from"),
        ({"source": "x" * 501}, "longer"),
        ({"uuid": "'; DROP TABLE reading; --"}, "number"),
    ],
)
def test_what_cannot_be_read_is_refused_with_the_reason(home, changes, said):
    with pytest.raises(RefusedError, match=said):
        take(home, sent(**changes), Parrot(), by="ana", now=NOW)
    assert listed(home, "mali") == []


def test_a_text_of_another_theatre_is_not_there(home):
    text = taken(home)
    assert text_read(home, "niger", text.id) is None
    assert text_read(home, "mali", 2**40) is None
    assert listed(home, "niger") == []


def test_words_go_with_the_last_decision_unless_they_may_stay(home, gazetteer):
    for number, kept in ((1, False), (2, True)):
        text = taken(home, number, keep_words=kept)
        incident, tie, measure, _ = text.drafts
        decide(home, text, incident, accepting(text, incident, gazetteer), by())
        decide(home, text, tie, rejecting(tie), by())
        assert read_again(home, text.id).words == WORDS
        decide(home, text, measure, Verdict(act="accepted", version=1, decided={"days": "10"}), by())
        after = read_again(home, text.id)
        assert after.words == (WORDS if kept else None)
        assert after.drafts[0].field("place")["spans"]


def test_words_go_after_thirty_days_decided_on_or_not(home):
    text, kept = taken(home), taken(home, 2, keep_words=True)
    later = NOW.replace(year=2016)
    assert {o.kind: o.n for o in retain(home, later, do=True)}["words-of-texts"] == 1
    assert read_again(home, text.id).words is None
    assert read_again(home, text.id).waiting == 3
    assert read_again(home, kept.id).words == WORDS


def test_words_open_with_the_key_of_their_home_alone(home):
    text = taken(home)
    key = home.sealing_key()[0]
    with home.register.read() as session:
        held = session.scalars(select(Reading.words_sealed)).one()
    assert opened(key, held, bound_to=text.uuid) == WORDS
    assert opened(key, held, bound_to="another") is None
    assert opened(b"x" * 32, held, bound_to=text.uuid) is None
    assert opened(key, held[:-8], bound_to=text.uuid) is None
    assert opened(key, "no base64 é", bound_to=text.uuid) is None
    assert sealed(key, "a", bound_to="b") != sealed(key, "a", bound_to="b")


def test_a_reader_that_tells_no_features_is_read_all_the_same(home):
    class Plain:
        name, read = "other", Parrot().read

    assert taken(home, reader=Plain()).drafts[0].told["features"] == []


def test_a_draft_of_what_is_asked_for_is_not_decided_on(home):
    text = taken(home)
    with pytest.raises(RefusedError, match="Choose"):
        decide(home, text, text.drafts[3], Verdict(act="accepted", version=1), replace(by(), principal=ANA))
