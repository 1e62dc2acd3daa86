"""An accepted draft goes the way of a reviewed report; of two who decide the second is told."""

from __future__ import annotations

from dataclasses import replace

import pytest
from drafted import ANA, BEN, NOW, TODAY, Parrot, accepting, by, field, read_again, rejecting, taken
from sqlalchemy import select

from toguna.accounts.audit import audit
from toguna.accounts.refusals import RefusedError
from toguna.actors.registry import Registry
from toguna.core.language import Language
from toguna.room.additions import with_additions
from toguna.room.reporting.questionnaire import Rules
from toguna.room.reporting.release import tellings
from toguna.room.reporting.review import Decision, queue
from toguna.room.reporting.review import decide as review
from toguna.room.retention import retain
from toguna.room.rulings import rulings
from toguna.room.texts.decide import TakenError, Verdict, decide
from toguna.room.texts.fields import actors_named, actors_typed, answers_of, proposed
from toguna.room.texts.tables import responses_csv
from toguna.sources.reports import SOURCE
from toguna.store.register.reading_tables import ReadingChange
from toguna.store.theatre import load_theatre


def test_an_accepted_incident_is_an_accepted_report_and_says_that_it_was_read(home, gazetteer):
    text = taken(home)
    done = decide(home, text, text.drafts[0], accepting(text, text.drafts[0], gazetteer), by())
    assert (done.state, done.version, done.decided_by, done.submission_id) == ("accepted", 2, "ana", 1)
    (report,) = queue(home, "mali")
    assert (report.state, report.reviewed_by, report.version) == ("accepted", "ana", 2)
    assert report.answers["read_by"] == "rules"
    assert "Read by machine (rules) in “https://example.org/a”" in report.answers["description"]
    (told,) = tellings(home)
    assert told["_submission_time"] == "2015-11-24T12:00:00"
    event = SOURCE.tell_rows([{k: v for k, v in told.items() if isinstance(v, str)}]).events.row(
        0, named=True
    )
    assert (event["place"], event["admin1"], event["lat"]) == ("Sévaré", "Mopti", 14.5333)
    assert (event["low"], event["best"], event["high"], event["deaths_security"]) == (5, 5, 5, 5)
    assert (event["perpetrators"], event["responsibility"]) == (["MUJAO"], "MUJAO")
    assert (event["source_urls"], event["reliability"]) == (["https://example.org/a"], "B")
    with home.register.read() as session:
        assert audit(session)[0].act == "draft-accepted"


def test_texts_of_one_source_are_one_voice_whoever_reads_them(home, gazetteer):
    for number, (who, source) in enumerate(((ANA, "a"), (BEN, "a"), (ANA, "b")), start=1):
        text = taken(home, number, source=f"https://example.org/{source}")
        decide(home, text, text.drafts[0], accepting(text, text.drafts[0], gazetteer), by(who))
    one, two, three = (r.reporter for r in queue(home, "mali"))
    assert one == two != three


def test_what_is_mended_stands_in_the_history(home, gazetteer):
    text = taken(home)
    verdict = accepting(
        text, text.drafts[0], gazetteer, killed_high="7", place="Gao", region="Gao", tactic="raid"
    )
    decide(home, text, text.drafts[0], verdict, by())
    answers = queue(home, "mali")[0].answers
    assert (answers["killed_high"], answers["place"], answers["region"]) == ("7", "Gao", "Gao")
    assert answers["point"] != "14.5333 -4.1"
    with home.register.read() as session:
        (change,) = session.scalars(select(ReadingChange)).all()
    assert '"tactic":["ambush","raid"]' in change.corrections.replace(" ", "")


def test_of_two_at_one_draft_the_second_is_told_and_nothing_is_doubled(home, gazetteer):
    text = taken(home)
    draft = text.drafts[0]
    decide(home, text, draft, accepting(text, draft, gazetteer), by(ANA))
    for verdict in (rejecting(draft), accepting(text, draft, gazetteer)):
        with pytest.raises(TakenError, match="ana decided") as told:
            decide(home, text, draft, verdict, by(BEN))
        assert told.value.now.state == "accepted"
    now = read_again(home, text.id).drafts[0]
    with pytest.raises(RefusedError, match="Correct the report"):
        decide(home, text, now, rejecting(now), by(BEN))
    assert len(queue(home, "mali")) == 1


def test_a_rejected_draft_says_why_and_can_be_taken_up_again(home, gazetteer):
    text = taken(home)
    draft = text.drafts[0]
    for why, reason in (("", ""), ("nonsense", "x"), ("other", " "), ("misread", "x" * 1001)):
        with pytest.raises(RefusedError):
            decide(home, text, draft, rejecting(draft, why, reason), by())
    decide(home, text, draft, rejecting(draft, "other", "Of last year."), by())
    now = read_again(home, text.id).drafts[0]
    assert (now.state, now.why, now.reason, now.version) == ("rejected", "other", "Of last year.", 2)
    decide(home, text, now, accepting(text, now, gazetteer), by(BEN))
    assert read_again(home, text.id).drafts[0].state == "accepted"


def test_another_telling_of_a_known_incident_is_linked_to_it(home, gazetteer):
    text = taken(home, reader=Parrot(known="chronology:MLI-1"))
    draft = text.drafts[0]
    decide(home, text, draft, accepting(text, draft, gazetteer, same_as="chronology:MLI-1"), by())
    (ruling,) = rulings(home.register, "mali")
    assert {ruling.event_a, ruling.event_b} == {"chronology:MLI-1", "reports:room-1"}
    assert (ruling.verdict, ruling.source_url) == ("same", "https://example.org/a")
    assert ruling.by == "analyst who reviewed the text"


def test_a_place_outside_the_theatre_is_refused_and_may_be_rejected(home, gazetteer):
    point = {"latitude": field(48.85, "Sévaré"), "longitude": field(2.35, "Sévaré")}
    paris = point | {"place": field("Paris", "Sévaré"), "admin1": None}
    text = taken(home, reader=Parrot(**paris))
    draft = text.drafts[0]
    rules = Rules(Language("en"), TODAY, gazetteer, graded=True)
    found, _ = answers_of(text, draft, proposed(draft), rules)
    assert "outside the areas" in found.wrong["lat"]
    decide(home, text, draft, rejecting(draft, "elsewhere"), by())


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("killed_attackers", "-1", "whole number"),
        ("killed_attackers", "6", "More than all"),
        ("killed_forces", "²", "whole number"),
        ("incident_end", "2015-11-19", "before the first"),
        ("incident_end", "2015-11-25", "not come yet"),
        ("incident_end", "soon", "year-month-day"),
        ("claimed_by", "x" * 301, "At most 300"),
        ("killed", "7", "nor the best above the most"),
        ("place", "", "Name the village"),
        ("event_type", "", "Choose what happened"),
    ],
)
def test_what_a_reviewer_types_is_read_by_the_rules_of_every_report(home, gazetteer, name, value, said):
    text = taken(home)
    rules = Rules(Language("en"), TODAY, gazetteer, graded=True)
    found, _ = answers_of(text, text.drafts[0], proposed(text.drafts[0]) | {name: value}, rules)
    assert said in " ".join(found.wrong.values())


def test_dead_peacekeepers_are_no_dead_of_national_forces(home, gazetteer):
    text = taken(home, reader=Parrot(target_class=field("international_forces", "soldiers")))
    verdict = accepting(text, text.drafts[0], gazetteer)
    assert verdict.answers["killed_international"] == "5"
    assert "killed_security" not in verdict.answers


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_actors_are_shown_by_name_and_kept_by_id(lang):
    registry = Registry.build(load_theatre("mali"), as_of=TODAY)
    said = actors_named("MOURABITOUN+AQIM|MLF", registry, lang)
    assert " + " in said
    assert " | " in said
    assert "MOURABITOUN" not in said
    assert actors_typed(said, registry) == "MOURABITOUN+AQIM|MLF"
    assert actors_typed("Nobody's Own Front; MLF", registry) == "Nobody's Own Front;MLF"
    beyond = actors_named("JNIM;HERDERS", registry, lang)
    assert "JNIM" not in beyond and ";" in beyond
    assert actors_typed(beyond, registry) == "JNIM;HERDERS"


def test_an_accepted_relation_is_added_to_the_registry_and_a_measure_to_a_table(home):
    text = taken(home)
    tie, measure = text.drafts[1:3]
    said = {"a": "MUJAO", "b": "ANSAR_DINE", "kind": "alliance", "since": "2015-11"}
    decide(home, text, tie, Verdict(act="accepted", version=1, decided=said), by())
    theatre = load_theatre("mali")
    added = with_additions(theatre, home.register).tables["relations"].tail(1).row(0, named=True)
    assert (added["actor_a"], added["relation"], added["from_date"]) == ("MUJAO", "alliance", "2015-11")
    assert added["source_urls"] == "https://example.org/a"
    told = {"days": "10", "date_start": "2015-11-20", "place": "=Bamako"}
    decide(home, text, measure, Verdict(act="accepted", version=1, decided=told), by())
    lines = responses_csv(read_again(home, text.id), theatre).removeprefix("\ufeff").splitlines()
    assert lines[0] == "id,date_start,date_end,kind,place,admin1,actor,note,source_urls"
    assert lines[1] == ",2015-11-20,2015-11-29,state_of_emergency,'=Bamako,,,10 days,https://example.org/a"


def test_a_report_that_is_rejected_and_deleted_later_leaves_its_draft(home, gazetteer):
    text = taken(home)
    decide(home, text, text.drafts[0], accepting(text, text.drafts[0], gazetteer), by())
    (report,) = queue(home, "mali")
    late = Decision(act="rejected", version=report.version, reason="No.")
    review(home, report, late, by="ben", now=NOW, today=TODAY)
    retain(home, NOW.replace(year=2017), do=True)
    assert queue(home, "mali") == []
    assert read_again(home, text.id).drafts[0].submission_id is None


@pytest.mark.parametrize(
    ("place", "features", "known"),
    [("Sévaré", ("explicit",), "exact"), ("Sévaré", ("vague",), "near"), ("Mopti", ("vague",), "region")],
)
def test_a_point_of_an_area_is_no_exact_place(home, gazetteer, place, features, known):
    named = replace(field(place, "Sévaré"), features=features)
    text = taken(home, reader=Parrot(place=named))
    assert accepting(text, text.drafts[0], gazetteer).answers["place_known"] == known
