"""Documents of every kind become the right text with the right day; their content says what they are."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date

import papers
import pytest

from toguna.core.errors import DataError
from toguna.core.language import Language
from toguna.reading.documents import text_of_bytes, texts_of_bytes
from toguna.reading.kinds import sniffed
from toguna.reading.prose import Note, Text, at_address, reflowed
from toguna.reading.refusals import sentence

DAY = date(2015, 11, 24)
OF_FILE = Note("day-of-file", "2015-11-24")


def _one_line(text):
    return " ".join(text.replace("’", "'").split())


def test_a_pdf_is_read_without_heads_feet_and_hyphens():
    text = text_of_bytes(papers.pdf(extra="Le gouvernement condamne cette action. " * 12), ".pdf")
    assert text.published == DAY
    assert text.notes == (OF_FILE,)
    assert f"{papers.HEAD}\n\n" in text.text
    assert papers.FR in _one_line(text.text)
    assert _one_line(text.text).count("Le gouvernement condamne cette action.") == 12
    assert "Bulletin" not in text.text
    assert "Page" not in text.text


def test_a_word_file_is_read_with_its_tables():
    text = text_of_bytes(papers.word(), ".docx")
    assert text.text == f"{papers.HEAD}\n\n{papers.FR}\n\nMénaka\n\n3 morts"
    assert (text.published, text.notes) == (DAY, (OF_FILE,))


def test_the_day_that_words_state_goes_before_that_of_the_file():
    document = papers.docx.Document()
    document.add_paragraph("DATE: 2015-11-20")
    document.add_paragraph(papers.FR)
    out = papers.io.BytesIO()
    document.save(out)
    text = text_of_bytes(out.getvalue(), ".docx")
    assert (text.published, text.notes) == (date(2015, 11, 20), ())


@pytest.mark.parametrize(
    ("address", "day"),
    [
        ("https://news.example/2015/11/24/an-attack.html", "2015-11-24"),
        ("https://news.example/world/2015-11-24/", "2015-11-24"),
        ("https://news.example/20151124-attaque-bamako", "2015-11-24"),
        ("https://news.example/2015/11/an-attack", None),
        ("https://news.example/2015/02/31/an-attack", None),
        ("https://news.example/201511241234/x", None),
        ("https://news.example/?when=/2015/11/24/", None),
        ("2015/11/24/no-address", None),
        ("", None),
    ],
)
def test_an_address_dates_what_dates_itself_by_nothing(address, day):
    told = at_address(Text("An attack."), address)
    assert str(told.published) == str(day)
    assert [n.code for n in told.notes] == (["day-of-address"] if day else [])
    assert at_address(Text("An attack.", published=date(2015, 1, 2)), address).published == date(2015, 1, 2)


def test_a_saved_page_is_dated_by_its_own_address():
    page = f"<head><link rel=canonical href='https://a.example/2015/11/24/x'></head><p>{papers.EN}".encode()
    text = text_of_bytes(page, ".html")
    assert (text.published, text.notes) == (DAY, (Note("day-of-address", "2015-11-24"),))
    assert "address" in sentence(text.notes[0], Language("en"))
    assert "adresse" in sentence(text.notes[0], Language("fr"))


def test_a_word_file_without_a_day_gets_none():
    assert text_of_bytes(papers.word(dated=False), ".docx").published is None


@pytest.mark.parametrize(
    ("coding", "encode"),
    [
        ("8bit", lambda text: text.encode("latin-1")),
        ("quoted-printable", lambda text: __import__("quopri").encodestring(text.encode("latin-1"))),
        ("base64", lambda text: __import__("base64").encodebytes(text.encode("latin-1"))),
    ],
)
def test_latin_1_mail_is_read_and_names_nobody(coding, encode):
    body = f"{papers.FR}\r\n\r\n-- \r\nColonel Oumar Sangaré\r\n+223 00 00 00 00\r\n"
    text = text_of_bytes(papers.mail(encode(body), coding=coding), ".eml")
    assert text.text == f"{papers.HEAD}\n\n{papers.FR}"
    assert (text.published, text.title) == (DAY, papers.HEAD)


def test_mail_of_several_parts_gives_its_words_and_lists_the_rest():
    parts = (
        '--a\r\nContent-Type: multipart/alternative; boundary="b"\r\n\r\n'
        f"--b\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n> {papers.FR}\r\n"
        "--b\r\nContent-Type: text/html\r\n\r\n<p>nine hundred dead</p>\r\n--b--\r\n"
        '--a\r\nContent-Type: application/pdf\r\nContent-Disposition: attachment; filename="note.pdf"\r\n\r\n'
        "%PDF-1.7\r\n"
        '--a\r\nContent-Type: application/zip\r\nContent-Disposition: attachment; filename="all\x1b[2J.zip"'
        "\r\n\r\nPK\r\n--a--\r\n"
    )
    text = text_of_bytes(papers.mail(parts.encode(), kind='multipart/mixed; boundary="a"', coding="7bit"), "")
    assert text.text == f"{papers.HEAD}\n\n{papers.FR}"
    (note,) = text.notes
    assert note.code == "attachments"
    assert "note.pdf application/pdf" in note.found
    assert "\x1b" not in note.found
    assert "Attachments are not opened" in sentence(note, Language("en"))


def test_mail_that_is_only_html_is_read():
    html = f"<script>x</script><p>{papers.EN}</p>".encode()
    text = text_of_bytes(papers.mail(html, kind="text/html; charset=no-such"), ".eml")
    assert text.text == f"{papers.HEAD}\n\n{papers.EN}"


def test_every_entry_of_a_feed_is_a_text_of_its_own():
    rss = papers.rss(
        "<item><title>A</title><link>https://a.example/1</link>"
        "<pubDate>Tue, 24 Nov 2015 10:00:00 GMT</pubDate>"
        f"<description>&lt;p&gt;{papers.EN}&lt;/p&gt;&lt;script&gt;x&lt;/script&gt;</description></item>",
        "<item><title>B</title><guid>https://a.example/2</guid><description>Rien.</description></item>",
        "<item><title>C</title><link>javascript:alert(1)</link><pubDate>yesterday</pubDate></item>",
    )
    got = [(t.text, t.published, t.address) for t in texts_of_bytes(rss, ".xml")]
    assert got == [
        (f"A\n\n{papers.EN}", DAY, "https://a.example/1"),
        ("B\n\nRien.", None, "https://a.example/2"),
        ("C", None, ""),
    ]
    with pytest.raises(DataError, match="3 reports"):
        text_of_bytes(rss, ".rss", name="x.rss")


def test_atom_is_read():
    atom = (
        '<feed xmlns="http://www.w3.org/2005/Atom"><entry><title type="html">A</title>'
        '<link rel="self" href="https://a.example/x.atom"/><link href="https://a.example/1"/>'
        "<updated>2015-12-01T00:00:00Z</updated><published>2015-11-24T10:00:00Z</published>"
        f'<content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>{papers.FR}</p></div></content>'
        "</entry></feed>"
    )
    text = text_of_bytes(atom.encode(), ".atom")
    assert (text.text, text.published, text.address) == (f"A\n\n{papers.FR}", DAY, "https://a.example/1")


@pytest.mark.parametrize(
    ("data", "ending", "kind"),
    [
        (b"<!doctype html><p>Two died.", ".pdf", "HTML"),
        (papers.mail(b"Two died."), ".txt", "EML"),
        (papers.word(), ".pdf", "DOCX"),
    ],
)
def test_a_name_that_lies_is_noted(data, ending, kind):
    text = text_of_bytes(data, ending)
    assert text.notes[0] == Note("named-otherwise", kind)
    assert "died" in text.text or "gendarmes" in text.text
    assert text_of_bytes(data, "").notes[:1] != (text.notes[0],)


@pytest.mark.parametrize(
    ("data", "ending", "found"),
    [
        (b"\xff\xd8\xff\xe0 picture", ".txt", "JPEG"),
        (papers.zipped({"a.txt": b"x"}), ".docx", "ZIP"),
        (b"\xd0\xcf\x11\xe0" + bytes(100), ".docx", "DOC"),
        (b"plain words", ".pdf", "TXT"),
        (b"plain words", ".rss", "TXT"),
        (b"<?xml version='1.0'?><svg/>", ".xml", "XML"),
        (b"MZ" + bytes(200), ".txt", "BINARY"),
    ],
)
def test_what_is_none_of_these_is_refused_by_its_content(data, ending, found):
    with pytest.raises(DataError, match=rf"x\.y cannot be read: it is {found}.* expected TXT, HTML, PDF"):
        texts_of_bytes(data, ending, name="x.y")


def test_refusals_speak_french():
    with pytest.raises(DataError) as caught:
        texts_of_bytes(b"GIF89a", ".txt", name="x.txt")
    assert "ne peut pas être lu" in caught.value.said["fr"]


def test_notes_and_memos_are_no_mail():
    assert sniffed(b"DATE: 2015-11-24\nTITLE: Attack\n\nTwo died.") == "text"
    assert sniffed(b"Subject: the convoy\nTwo died.") == "text"
    assert sniffed("Décès <rss> : deux".encode()) == "text"


def test_lines_of_a_column_are_joined_and_paragraphs_kept():
    column = (
        "Deux soldats ont été tués vendredi près de\nSégou, a dit l'armée.\n\nLe gouvernement condamne.\n"
    )
    assert reflowed(column) == (
        "Deux soldats ont été tués vendredi près de Ségou, a dit l'armée.\n\nLe gouvernement condamne."
    )


def test_it_is_safe_among_threads():
    data = papers.mail(papers.FR.encode("latin-1"))
    with ThreadPoolExecutor(4) as pool:
        texts = list(pool.map(lambda _: text_of_bytes(data, ".eml").text, range(4)))
    assert texts == [f"{papers.HEAD}\n\n{papers.FR}"] * 4
