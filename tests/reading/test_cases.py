"""Short reports in two languages: the right incidents, told apart, with their fields; none where none is."""

from __future__ import annotations

import tomllib
from datetime import date
from pathlib import Path

import pytest

from toguna.core.text import fold
from toguna.reading.documents import titled
from toguna.reading.gold import same_place

TOLD = tomllib.loads(Path(__file__).with_name("cases.toml").read_text(encoding="utf-8"))
CASES = [(f"{lang}.{name}", lang, case) for lang in ("en", "fr") for name, case in TOLD[lang].items()]
FIELDS = {
    "killed": "killed_best",
    "killed_attackers": "killed_attackers",
    "wounded": "wounded",
    "hostages": "hostages",
    "tactic": "tactic",
    "target": "target_class",
    "claimed_by": "claimed_by",
    "denied": "claim_denied_by",
    "unclaimed": "unclaimed",
    "country": "country",
}


def differences(draft, event, reader):
    """Name the fields in which a draft is not what the case says."""
    wrong = {}
    start, told = date.fromisoformat(draft.value("date_start")), date.fromisoformat(event["date"])
    if abs((start - told).days) > 1:
        wrong["date"] = str(start)
    if "place" in event and not same_place(str(draft.value("place") or ""), event["place"], reader.setting):
        wrong["place"] = draft.value("place")
    for key, field in FIELDS.items():
        if key in event and draft.value(field) != event[key]:
            wrong[key] = draft.value(field)
    if draft.main != event.get("main", True):
        wrong["main"] = draft.main
    own = draft.value("perpetrator") or ""
    if "perpetrator" in event and event["perpetrator"] != ("" if own.startswith("UNKNOWN") else own):
        wrong["perpetrator"] = own
    return wrong


@pytest.mark.parametrize(("lang", "case"), [c[1:] for c in CASES], ids=[c[0] for c in CASES])
def test_case(lang, case, reader):
    text = titled(case["text"].strip(), published=case["date"])
    drafts = reader.read(text)
    assert drafts.lang == lang
    events = case.get("events", [])
    told = [{k: f.value for k, f in d.fields.items()} for d in drafts.incidents]
    assert len(drafts.incidents) == len(events), told
    for event in events:
        best = min((differences(d, event, reader) for d in drafts.incidents), key=len)
        assert not best, (best, event)
    for draft in drafts.incidents:
        for name, field in draft.fields.items():
            assert all(0 <= a <= b <= len(text.text) for a, b in field.spans), name


def test_a_man_shot_dead_in_a_village_is_no_raid(reader):
    case = next(case for name, _, case in CASES if name == "en.two-incidents")
    drafts = reader.read(titled(case["text"].strip(), published=case["date"]))
    (first,) = (d for d in drafts.incidents if d.value("place") == "Dogofry")
    assert first.value("tactic") == "shooting"


def test_every_case_is_read_in_both_orders(reader):
    """Reading one text leaves nothing behind that changes the next."""
    texts = [titled(case["text"].strip(), published=case["date"]) for _, _, case in CASES]
    once = [reader.read(t).as_dict() for t in texts]
    again = [reader.read(t).as_dict() for t in reversed(texts)]
    assert once == list(reversed(again))


def test_names_fold_alike(reader):
    assert fold("Sévaré") == fold("Sevare")
    assert same_place("Sévaré", "Sevare", reader.setting)
    assert not same_place("Gao", "Bamako", reader.setting)
