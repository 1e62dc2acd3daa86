"""The reading set keeps its own rules: form, words, evidence of every figure, counts, no copies."""

from __future__ import annotations

import csv
import hashlib
import json
import re
from collections import Counter
from contextlib import contextmanager
from datetime import date
from itertools import combinations
from pathlib import Path

import pytest
from written_numbers import numbers_in

from bench.reading_folds import told_days
from toguna.reading.gold import read_labels
from toguna.store.theatre import load_theatre
from toguna.store.vocabulary import VOCABULARIES

SET = Path(__file__).resolve().parents[2] / "bench" / "reading_set"
RECORDS = [json.loads(line) for line in (SET / "gold.jsonl").read_text(encoding="utf-8").splitlines()]
TOLD = {
    name: [json.loads(line) for line in (SET / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()]
    for name in ("pages", "retold", "unseen", "fresh")
}
"""Labels of public pages: those of which no text is kept, and those told in other words."""
PAGES = [page for pages in TOLD.values() for page in pages]
FILES = {path.stem: path.read_text(encoding="utf-8") for path in (SET / "texts").glob("*.txt")}

EVENT_KEYS = [
    "date", "place", "admin1", "country", "event_type", "tactic", "target_class", "killed_low", "killed_high",
    "killed_attackers", "wounded", "hostages", "perpetrator", "claimed_by", "main",
]  # fmt: skip
RECORD_KEYS = ["id", "lang", "pub_date", "negative", "form", "kind", "events"]
EXTRA_KEYS = {"relations", "responses", "denials", "sums"}
PAGE_KEYS = [
    "id", "lang", "url", "title", "read_on", "read", "pub_date", "pub_date_from", "negative", "form", "kind",
    "events",
]  # fmt: skip
FIGURES = ("killed_low", "killed_high", "killed_attackers", "wounded", "hostages")
FORMS = {"agency", "local", "un", "communique", "ngo", "social", "court", "ocr", "page"}
COUNTRIES = {
    "BDI", "BEN", "BFA", "CAF", "CIV", "CMR", "COD", "DZA", "EGY", "ESH", "ETH", "GHA", "GIN", "GMB", "GNB",
    "KEN", "LBY", "MLI", "MOZ", "MRT", "NER", "NGA", "SDN", "SEN", "SOM", "SSD", "TCD", "TGO", "TUN",
}  # fmt: skip


def _ids(records):
    return [record["id"] for record in records]


def each(records):
    """Hand records over by the hundred (a case a record would be thousands); a failure names its record."""
    starts = range(0, len(records), 100)
    batches = [records[k : k + 100] for k in starts]
    return pytest.mark.parametrize("batch", batches, ids=[records[k]["id"] + "-" for k in starts])


@contextmanager
def naming(record):
    try:
        yield
    except (AssertionError, ValueError) as error:
        error.add_note(f"in the record {record['id']}")
        raise


def _body(name):
    return FILES[name].split("\n", 1)[1].strip()


@pytest.fixture(scope="module")
def known_actors():
    with (SET / "actors.csv").open(encoding="utf-8", newline="") as lines:
        added = {row["id"] for row in csv.DictReader(lines)}
    embedded = set(load_theatre("mali").tables["actors"]["id"])
    assert not added & embedded
    return added | embedded


def test_every_record_has_its_text_and_every_text_its_record():
    assert len(set(_ids(RECORDS))) == len(RECORDS)
    assert set(_ids(RECORDS)) == set(FILES)
    assert len(set(_ids(PAGES))) == len(PAGES)
    assert len({page["url"] for page in PAGES}) == len(PAGES)


@pytest.mark.parametrize("name", ["retold", "unseen", "fresh"])
def test_every_page_told_in_other_words_has_its_text(name):
    texts = {path.stem: path.read_text(encoding="utf-8") for path in (SET / name).glob("*.txt")}
    assert set(_ids(TOLD[name])) == set(texts)
    for page in TOLD[name]:
        with naming(page):
            assert texts[page["id"]].split("\n", 2)[:2] == [f"DATE: {page['pub_date'] or ''}", ""]
            places = [event["place"] for event in page["events"] if event["place"]]
            assert sum(_bare(place) in _bare(texts[page["id"]]) for place in places) >= 0.5 * len(places)


@each(RECORDS)
def test_form_of_a_record(batch):
    for record in batch:
        with naming(record):
            assert list(record)[: len(RECORD_KEYS)] == RECORD_KEYS
            assert set(record) - set(RECORD_KEYS) <= EXTRA_KEYS
            assert record["id"].startswith(record["lang"]) and record["lang"] in {"en", "fr"}
            assert record["form"] in FORMS
            assert record["negative"] == (record["kind"] != "incident")
            assert bool(record["events"]) != record["negative"]
            assert record["negative"] or any(event["main"] for event in record["events"])
            assert FILES[record["id"]].split("\n", 2)[:2] == [f"DATE: {record['pub_date']}", ""]


@each(PAGES)
def test_form_of_a_page(batch):
    for page in batch:
        with naming(page):
            assert list(page)[: len(PAGE_KEYS)] == PAGE_KEYS
            assert set(page) - set(PAGE_KEYS) <= {"note", "elsewhere", *EXTRA_KEYS}
            for other in page.get("elsewhere", ()):
                assert _first_day(other["date"]) and page["events"][other["event"]]["date"] is None
            assert page["read"] in {"excerpt", "as_stored"}
            assert page["pub_date_from"] in {"page", "address", "inferred", None}
            assert (page["pub_date"] is None) == (page["pub_date_from"] is None)
            assert page["url"].startswith(("http://", "https://"))
            assert bool(page["events"]) != page["negative"]
            assert len(page["title"]) < 120, "a title, not a passage of the page"


def _first_day(text):
    """First day of an ISO day, month or year; an error for anything else."""
    return date.fromisoformat(text + "-01-01"[len(text) - 4 :] if len(text) < 10 else text)


@each(RECORDS + PAGES)
def test_events_use_the_project_s_words(batch, known_actors):
    for record in batch:
        with naming(record):
            for event in record["events"]:
                assert list(event) == EVENT_KEYS
                assert event["event_type"] in VOCABULARIES["event_types"]
                assert event["tactic"] in (*VOCABULARIES["tactics"], None)
                assert event["target_class"] in (*VOCABULARIES["targets"], None)
                assert event["country"] in COUNTRIES | {None}
                for field in ("perpetrator", "claimed_by"):
                    marks = ";" if field == "perpetrator" else r"[+|]"
                    assert set(re.split(marks, event[field] or "UNKNOWN")) <= known_actors, event[field]
                claimants = set(re.split(r"[+|]", event["claimed_by"])) if event["claimed_by"] else set()
                assert claimants <= set((event["perpetrator"] or "").split(";")), "who claims is a suspect"
            for relation in record.get("relations", []):
                assert relation["relation"] in VOCABULARIES["relation_kinds"]
                assert {relation["actor_a"], relation["actor_b"]} <= known_actors
            for response in record.get("responses", []):
                assert response["kind"] in VOCABULARIES["response_kinds"]
            for denial in record.get("denials", []):
                assert denial["actor"] in known_actors
                assert denial["event"] < len(record["events"])


@each(RECORDS + PAGES)
def test_dates_parse_and_no_event_is_later_than_its_text(batch):
    for record in batch:
        with naming(record):
            published = date.fromisoformat(record["pub_date"]) if record["pub_date"] else date.max
            for event in record["events"]:
                if event["date"]:
                    assert _first_day(event["date"]) <= published
            for item in record.get("relations", []) + record.get("responses", []):
                for field in ("from_date", "date_start", "date_end"):
                    if item.get(field):
                        _first_day(item[field])


@each(RECORDS + PAGES)
def test_figures_are_counts_in_order(batch):
    for record in batch:
        with naming(record):
            for event in record["events"]:
                for field in FIGURES:
                    assert event[field] is None or (isinstance(event[field], int) and event[field] >= 0)
                low, high = event["killed_low"], event["killed_high"]
                assert low is not None or high is None
                assert high is None or low <= high
                if event["tactic"] == "massacre" and high is not None:
                    assert high >= 10
                elif event["tactic"] in {"raid", "shooting", "execution"} and low is not None:
                    assert low < 10 or event["target_class"] not in {
                        "civilians_local",
                        "civilians_foreign",
                        "religious",
                    }


@each(RECORDS)
def test_every_figure_stands_in_the_text(batch):
    for record in batch:
        with naming(record):
            stated = numbers_in(_body(record["id"]))
            sums = {(item["event"], item["field"]): item["parts"] for item in record.get("sums", [])}
            for index, event in enumerate(record["events"]):
                for field in FIGURES:
                    parts = sums.get((index, field), [event[field]])
                    assert sum(part or 0 for part in parts) == (event[field] or 0)
                    missing = {abs(part) for part in parts if part is not None} - stated
                    assert not missing, (field, event[field], missing)


@each(RECORDS)
def test_places_stand_in_the_text(batch):
    for record in batch:
        with naming(record):
            text = _bare(_body(record["id"]))
            for event in record["events"]:
                assert event["place"] is None or _bare(event["place"]) in text


def _bare(text):
    """Letters alone: broken lines, accents and capitals of a text do not matter."""
    return re.sub(r"[^a-z]", "", text.casefold().translate(str.maketrans("éèêëàâïîôûç", "eeeeaaiiouc")))


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("soixante-dix-huit", {78}),
        ("quatre-vingt-dix-sept", {97}),
        ("cent vingt-quatre blessés, deux morts", {124, 2}),
        ("soixante et onze, puis quatre-vingts", {71, 80}),
        ("a hundred and forty-two", {1, 142}),
        ("two dozen; 1 440 et 11,200", {24, 1440, 11200}),
        ("no toll", {0}),
    ],
)
def test_numbers_are_read_whole(text, numbers):
    assert numbers_in(text) == numbers


def test_counts_of_languages_kinds_and_countries():
    for lang in ("en", "fr"):
        records = [record for record in RECORDS if record["lang"] == lang]
        negatives = [record for record in records if record["negative"]]
        assert len(records) - len(negatives) >= 60
        assert len(negatives) >= 15
        assert len({record["kind"] for record in negatives}) >= 12
        assert {record["form"] for record in records} == FORMS
    main = Counter(event["country"] for record in RECORDS for event in record["events"] if event["main"])
    assert 0.3 <= 1 - main["MLI"] / main.total() <= 0.45
    assert set(main) == {"BEN", "BFA", "CIV", "MLI", "MRT", "NER", "NGA", "TCD", "TGO"}  # others: pages
    assert len(PAGES) >= 40


def test_the_forms_asked_for_are_there():
    events = [event for record in RECORDS for event in record["events"]]
    assert sum(not event["main"] for event in events) >= 20
    assert sum("|" in (event["claimed_by"] or "") for event in events) >= 3
    assert sum("+" in (event["claimed_by"] or "") for event in events) >= 5
    assert sum(event["killed_low"] != event["killed_high"] for event in events) >= 20
    assert sum(len([e for e in record["events"] if e["main"]]) > 1 for record in RECORDS) >= 15
    assert sum("relations" in record for record in RECORDS) >= 10
    assert sum("responses" in record for record in RECORDS) >= 15
    assert sum("denials" in record for record in RECORDS) >= 4
    used = {event["tactic"] for event in events}
    assert used >= set(VOCABULARIES["tactics"]) - {"mutiny"}
    assert {event["target_class"] for event in events} >= set(VOCABULARIES["targets"])


def test_the_page_of_the_set_counts_right():
    readme = (SET / "README.md").read_text(encoding="utf-8")
    for main, word in ((True, "main"), (False, "background")):
        counts = [
            sum(e["main"] is main for record in RECORDS if record["lang"] == lang for e in record["events"])
            for lang in ("en", "fr")
        ]
        assert f"| {word} events | {counts[0]} | {counts[1]} |" in readme
    for lang, negative in (("en", False), ("fr", False), ("en", True), ("fr", True)):
        count = sum(r["lang"] == lang and r["negative"] is negative for r in RECORDS)
        assert count == (18 if negative else 89)


def test_the_page_of_the_set_counts_the_pages_right():
    readme = " ".join((SET / "README.md").read_text(encoding="utf-8").split())
    langs = Counter(page["lang"] for page in PAGES)
    assert f"of {len(PAGES)} public pages" in readme
    assert f"({langs['en']} in English, {langs['fr']} in French; " in readme
    assert f"{sum(page['negative'] for page in PAGES)} without a new incident" in readme
    assert f"{sum(page['read'] == 'excerpt' for page in PAGES)} read as a visibly cut excerpt" in readme


def _runs(text, length):
    words = re.findall(r"\w+", text.casefold())
    return {" ".join(words[k : k + length]) for k in range(len(words) - length + 1)}


def test_no_two_texts_are_near_copies():
    runs = {name: _runs(_body(name), 5) for name in FILES}
    for one, other in combinations(sorted(runs), 2):
        shared = len(runs[one] & runs[other]) / min(len(runs[one]), len(runs[other]))
        assert shared < 0.05, (one, other, shared)


def test_nothing_is_copied_from_the_article():
    """Fingerprints of the runs of ten words (longer than any name) of the article behind the seed tests."""
    marks = set(Path(__file__).with_name("article_fingerprint.txt").read_text(encoding="utf-8").split())
    assert len(marks) > 800
    for name in FILES:
        own = {hashlib.sha256(run.encode()).hexdigest()[:10] for run in _runs(_body(name), 10)}
        assert not own & marks, name


def test_no_other_page_tells_a_main_event_of_a_fresh_one():
    told = {
        (place, day + k)
        for name in ("pages", "retold", "unseen")
        for label in read_labels(SET / f"{name}.jsonl")
        for place, day in told_days(label)
        for k in (-1, 0, 1)
    }
    fresh = read_labels(SET / "fresh.jsonl")
    assert len(fresh) == len(TOLD["fresh"])
    assert not {label.id for label in fresh if told & set(told_days(label))}
