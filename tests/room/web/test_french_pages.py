"""Every page in French as a careful reader sees it: the thin spaces of French, and no word of English."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest

from toguna.accounts.rights import Role

INCIDENT = "incidents/chronology:MLI-20151120-1"
PAGES = (
    "now", "map", "incidents", INCIDENT, "actors", "actors/MUJAO", "shifts", "ahead", "plans", "warnings",
    "warnings/new", "lessons", "replay", "data", "report", "report/mine", "review", "read", "measures",
)  # fmt: skip
ROWS = ("incidents", "map", "data", INCIDENT, "actors/MUJAO")
"""Pages that name places, spellings and sources in the words of the data."""
EMPTY = {"meta", "link", "input", "img", "br", "hr", "rect", "circle", "path", "wbr", "line", "source"}
MUTE = {"script", "style", "code", "pre", "kbd"}
ENGLISH = re.compile(r"(?<![\w.-])(?:the|of|and|with|without|which|none|people|who|is|are)(?![\w.-])", re.I)
BARE = re.compile(r"[^\s\u202f\u00a0][;!?:](?=\s|$)|[^\u202f]»|«[^\u202f]")


class Words(HTMLParser):
    """Collects what a page says: all of it that is not said to be in another language."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[tuple[str, bool]] = []
        self.said: list[str] = []

    def handle_starttag(self, tag, attrs):
        told = dict(attrs)
        self.said += [told[n] for n in ("alt", "aria-label", "placeholder") if told.get(n) and not self.mute]
        if tag not in EMPTY:
            self.open.append((tag, tag in MUTE or told.get("lang", "fr") != "fr"))

    def handle_endtag(self, tag):
        while tag not in EMPTY and self.open and self.open.pop()[0] != tag:
            pass

    def handle_data(self, data):
        if not self.mute:
            self.said.append(data)

    @property
    def mute(self) -> bool:
        return any(mute for _, mute in self.open)


def words(page: str) -> Words:
    found = Words()
    found.feed(page)
    return found


@pytest.mark.parametrize("page", PAGES)
def test_signs_have_the_spaces_of_french(room, page):
    text = "".join(words(room(Role.ADMIN).get(f"/t/mali/{page}?lang=fr").text).said)
    wrong = [text[max(0, m.start() - 25) : m.end() + 5] for m in BARE.finditer(text)]
    assert len(text) > 300
    # Addresses, ids of events and signs at the border of two elements are no sentences.
    assert [w for w in wrong if "http" not in w and not re.search(r"\w:\Z", w)] == []


@pytest.mark.parametrize("page", [p for p in PAGES if p not in ROWS])
def test_no_english_is_left(room, page):
    said = words(room(Role.ADMIN).get(f"/t/mali/{page}?lang=fr").text).said
    assert [one.strip() for one in said if ENGLISH.search(one)] == []


def test_what_may_be_laid_over_the_map_is_said_in_french(room):
    page = room(Role.ANALYST).get("/t/mali/map?lang=fr").text
    section = page[page.index("s-layers") :]
    titles = re.findall(r"<summary>([^<]+)</summary>", section)
    assert len(titles) > 8
    assert [t for t in titles if ENGLISH.search(t) or re.search(r"[Mm]agistrates|percent|present", t)] == []
    assert not re.search(r"<td>\d{4}-\d{2}(-\d{2})?</td>", section), "days and months as people write them"


def test_statements_lead_to_what_they_rest_on(room):
    """Paper names a command there; the room has a link, for who may follow it."""
    for role, link in ((Role.ANALYST, True), (Role.GUEST, False)):
        page = room(role, public_view=True).get("/t/mali/shifts?lang=fr").text
        assert "toguna why" not in page
        assert "sur quoi cela repose" in page
        assert ('href="/t/mali/why/alliances/' in page) == link
