"""The briefing: four files, self-contained, escaped, readable, the same facts in both languages."""

from __future__ import annotations

import copy
import html
import re
from html.parser import HTMLParser
from itertools import pairwise

import pytest
import sample
from docx import Document
from pypdf import PdfReader

from toguna.core.language import Language
from toguna.room.briefing import evidence, render
from toguna.room.briefing.pictures import draw_pictures
from toguna.room.briefing.scope import scope_of
from toguna.room.charts.drawing import draw_svg

VOID = {"meta", "link", "img", "br", "hr", "input", "path", "circle", "line", "rect"}


class Page(HTMLParser):
    """Collects tags, links and unbalanced ends."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        if tag not in VOID:
            assert self.open.pop() == tag


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    out = tmp_path_factory.mktemp("briefing")
    found = sample.assessment()
    before = copy.deepcopy(found)
    written = render(found, sample.events(), sample.theatre(out), out)
    assert found == before, "rendering must not change the assessment"
    kinds = [f"{lang}.{kind}" for lang in ("en", "fr") for kind in ("html", "pdf", "docx")]
    assert {p.name for p in written} == {f"briefing.{k}" for k in kinds}
    return out


@pytest.fixture(scope="module", params=["en", "fr"])
def page(request, folder):
    return request.param, (folder / f"briefing.{request.param}.html").read_text(encoding="utf-8")


def test_nothing_is_loaded_and_nothing_runs(page):
    _, text = page
    tags = Page(text).tags
    assert not {t for t, _ in tags} & {"script", "link", "iframe", "img", "object", "embed", "base", "form"}
    for tag, attrs in tags:
        assert not any(name.startswith("on") or name in ("src", "srcset") for name in attrs)
        address = attrs.get("href") or attrs.get("xlink:href") or "#"
        assert address.startswith("#") or (tag == "a" and address.startswith(("http://", "https://")))
    assert not re.search(r"url\((?!#)|@import", text)


def test_what_is_written_in_data_stays_text(page):
    _, text = page
    assert "<script" not in text
    assert "&lt;script&gt;" in text
    assert "javascript:alert" in text and 'href="javascript' not in text


def test_page_is_well_formed_and_accessible(page):
    lang, text = page
    parsed = Page(text)
    assert parsed.open == []
    tags = parsed.tags
    assert ("html", {"lang": lang}) in tags
    assert any(t == "a" and a.get("class") == "skip" for t, a in tags)
    assert all(a.get("scope") in ("col", "row") for t, a in tags if t == "th")
    assert all(a.get("aria-label") for t, a in tags if a.get("role") == "img")
    assert sum(t == "figure" for t, _ in tags) == text.count("<figcaption")
    ids = [a["id"] for _, a in tags if "id" in a]
    assert len(ids) == len(set(ids))
    levels = [int(t[1]) for t, _ in tags if re.fullmatch(r"h[1-6]", t)]
    assert levels[0] == 1 and all(b - a <= 1 for a, b in pairwise(levels))


def test_every_picture_has_a_table_behind_it(page):
    _, text = page
    figures = re.findall(r"<figure.*?</figure>", text, flags=re.S)
    assert len(figures) == 8
    assert all("<details>" in f and "<table>" in f for f in figures)


def test_both_languages_hold_the_same_numbers(folder):
    def ids(lang):
        text = (folder / f"briefing.{lang}.html").read_text(encoding="utf-8")
        return (
            sorted(set(re.findall(r"chronology:FIC-\d{3}", text))),
            text.count("<tr>"),
            text.count("<figure"),
        )

    assert ids("en") == ids("fr")


def test_last_line_adds_up(folder):
    english = (folder / "briefing.en.html").read_text(encoding="utf-8")
    french = (folder / "briefing.fr.html").read_text(encoding="utf-8")
    assert "61 rows read, 60 accepted, 1 quarantined, 1 finding." in english
    assert "61 lignes lues, 60 acceptées, 1 en quarantaine, 1 constat." in french


def test_no_english_left_in_the_french_page(folder):
    text = (folder / "briefing.fr.html").read_text(encoding="utf-8")
    apart = r'<style>.*?</style>|<code>.*?</code>|<span lang="en">.*?</span>|<[^>]+>'
    body = re.sub(apart, " ", text.split("<body>")[1], flags=re.S)
    body = re.sub(r"\b[a-z]+(?:-[a-z]+)+\b|\b[a-z]+_[a-z]+\b", " ", body)
    words = re.findall(r"\b(?:the|of|and|with|before|events|deaths|against|window|shares?)\b", body)
    assert words == []


def test_pdf_has_title_language_and_pages(folder):
    for lang, title in (("en", "Fictia: what has changed"), ("fr", "Fictie\u202f: ce qui a changé")):
        reader = PdfReader(folder / f"briefing.{lang}.pdf")
        assert reader.metadata is not None and str(reader.metadata.title).startswith(title)
        assert str(reader.trailer["/Root"]["/Lang"]).startswith(lang)
        assert len(reader.pages) > 3
        said = "".join(p.extract_text() for p in reader.pages)
        assert "<script>" in said, "shown as text, never evaluated"
        assert b"/ObjStm" in (folder / f"briefing.{lang}.pdf").read_bytes(), "small enough for a bad line"


def test_word_document_says_what_the_page_says(folder):
    for lang, title in (("en", "Fictia: what has changed"), ("fr", "Fictie\u202f: ce qui a changé")):
        document = Document(str(folder / f"briefing.{lang}.docx"))
        assert document.core_properties.title.startswith(title)
        page = (folder / f"briefing.{lang}.html").read_text(encoding="utf-8")
        headings = [p.text for p in document.paragraphs if p.style.name == "Heading 1"]
        assert headings == [html.unescape(h) for h in re.findall(r"<h2 [^>]*>(.*?)</h2>", page)]
        assert len(document.inline_shapes) == page.count("<figure")
        cells = {cell.text for table in document.tables for row in table.rows for cell in row.cells}
        assert any("<script>" in text for text in cells), "shown as text"


def test_words_of_chance_are_explained_on_page_one(folder):
    for lang, title in (("en", "How to read this"), ("fr", "Comment lire ce document")):
        first = PdfReader(folder / f"briefing.{lang}.pdf").pages[0].extract_text()
        assert title in first and "PRIO-GRID" in first


def test_no_arrow_and_no_front_without_alarm(tmp_path):
    found = sample.assessment()
    still = [s | {"alarm": False} for s in found["shifts"]]
    found |= {"shifts": [], "tested": [*still, *found["tested"]]}
    theatre, lang = sample.theatre(tmp_path), Language("en")
    scope = scope_of(found, sample.events(), theatre)
    drawn = draw_pictures(found, scope, theatre, lang)["map"]
    assert "no proven displacement" in drawn.title and "New or grown fronts" not in drawn.title
    assert "The arrow leads" not in drawn.note
    assert not re.findall(r">5\d\d km<", draw_svg(drawn, lang)), "no distance stands on the map"


def test_rendering_twice_gives_the_same_pages(folder, tmp_path):
    render(sample.assessment(), sample.events(), sample.theatre(tmp_path), tmp_path)
    for name in ("briefing.en.html", "briefing.fr.html", "briefing.fr.pdf", "briefing.fr.docx"):
        assert (folder / name).read_bytes() == (tmp_path / name).read_bytes(), name


def test_an_empty_assessment_still_renders(tmp_path):
    found = sample.assessment()
    for key in "headline shifts tested claims areas responses findings responsibility actors".split():  # noqa: SIM905
        found[key] = []
    found |= {"false_alarms": {}, "genealogy": {"nodes": [], "edges": []}}
    found |= {"recurrence": [], "similar": [], "similar_record": None, "notes": {}}
    assert len(render(found, sample.events().clear(), sample.theatre(tmp_path), tmp_path)) == 6
    text = (tmp_path / "briefing.fr.html").read_text(encoding="utf-8")
    assert "trop peu d’événements pour un test" in text and 'id="how"' not in text
    assert "0 événements montrés" not in text
    assert "Trop peu d’attaques sont recensées pour dire ce qui peut venir." in text
    assert "aucune n’est donc comparée aux précédentes" in text


def test_a_long_list_of_sources_is_cut_and_says_so(tmp_path, monkeypatch):
    found = sample.assessment()
    scope = scope_of(found, sample.events(), sample.theatre(tmp_path))
    monkeypatch.setattr(evidence, "MOST_LISTED", 2)
    said = str(evidence.sources(found, scope, Language("en")))
    assert f"Only the latest 2 of {scope.both.height} events are listed" in said
