"""A document made to harm costs a bounded time and memory, reaches nothing, and is told as such."""

from __future__ import annotations

import io
import socket
import sys
import threading
import time
import zipfile
from functools import cache
from pathlib import Path

import papers
import pytest
from pypdf import PdfWriter

from toguna.core.errors import DataError
from toguna.reading import apart, documents
from toguna.reading.apart import Limits, texts_apart
from toguna.reading.documents import text_of, text_of_bytes, texts_of_bytes

HERE = Path(__file__).resolve().parent


@pytest.fixture
def hostile(monkeypatch):
    """Let a parser loose that does what it is told."""
    monkeypatch.setattr(apart, "CHILD", "hostile_child")
    monkeypatch.setattr(apart, "LIMITS", Limits(wall=20, cpu=10, memory=100 << 20, told=100_000))
    monkeypatch.setenv("PYTHONPATH", str(HERE))

    def do(deed, **limits):
        if limits:
            monkeypatch.setattr(apart, "LIMITS", Limits(**({"wall": 20, "memory": 100 << 20} | limits)))
        return texts_apart("pdf", deed.encode(), name="x.pdf")

    return do


@pytest.mark.parametrize(
    ("deed", "limits", "said"),
    [
        ("spin", {"cpu": 1}, "within 1 s"),
        ("sleep", {"wall": 0.5}, "within 0.5 s"),
        ("eat", {}, "more than 100 MB"),
        ("outgrow", {"memory": 1 << 30}, "more than 1,024 MB"),
        ("flood 200000", {"told": 100_000}, "more than 100,000 letters"),
        ("crash", {}, "damaged"),
    ],
)
def test_a_parser_that_was_taken_over_is_ended(hostile, deed, limits, said):
    begun = time.perf_counter()
    with pytest.raises(DataError, match=said) as caught:
        hostile(deed, **limits)
    assert "x.pdf" in str(caught.value)
    assert time.perf_counter() - begun < 15


@pytest.mark.parametrize(
    "words", ["no json", "[]", '{"texts": [{"text": "a"}]}', '{"refused": "?", "values": {}}']
)
def test_what_a_parser_says_is_not_believed(hostile, words):
    with pytest.raises(DataError, match="damaged"):
        hostile(f"lie {words}")


def test_a_parser_reaches_no_file_no_network_and_no_secret(hostile, tmp_path, monkeypatch):
    secret = tmp_path / "seal.key"
    secret.write_text("secret")
    for deed in (
        f"read {secret}",
        "run",
        f"write {tmp_path / 'new'}",
        f"read {sys.prefix}/../../..{secret}",
    ):
        with pytest.raises(DataError, match="damaged"):
            hostile(deed)
    assert not (tmp_path / "new").exists()
    monkeypatch.setenv("ACLED_PASSWORD", "secret")
    (told,) = hostile("tell")
    assert "PATH" in told.text
    assert "ACLED_PASSWORD" not in told.text


def test_a_parser_connects_to_nothing(hostile, socket_enabled):
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.1)
        with pytest.raises(DataError, match="damaged"):
            hostile(f"reach {server.getsockname()[1]}")
        with pytest.raises(TimeoutError):
            server.accept()


def test_nothing_is_left_running(hostile):
    before = threading.active_count()
    with pytest.raises(DataError):
        hostile("sleep", wall=0.3)
    assert threading.active_count() == before


@cache
def _bomb() -> bytes:
    return papers.zipped({"[Content_Types].xml": b"<x/>", "word/document.xml": bytes(70_000_000)})


def test_a_zip_that_unfolds_without_end_is_refused():
    bomb = _bomb()
    assert len(bomb) < 100_000
    with pytest.raises(DataError, match="unfolds to 70,000,004 bytes in 2 parts"):
        text_of_bytes(bomb, ".docx", name="x.docx")
    many = papers.zipped({"[Content_Types].xml": b"", **{f"word/{n}": b"" for n in range(2500)}})
    with pytest.raises(DataError, match="2,501 parts"):
        text_of_bytes(many, ".docx")


def test_a_zip_that_lies_of_its_sizes_is_refused():
    honest = _bomb()
    lying = honest.replace((70_000_000).to_bytes(4, "little"), (70).to_bytes(4, "little"))
    assert lying != honest
    with pytest.raises(DataError, match="damaged"):
        text_of_bytes(lying, ".docx")


def _word_with(document: bytes, rels: bytes = b"") -> bytes:
    old = io.BytesIO(papers.word())
    with zipfile.ZipFile(old) as box:
        parts = {name: box.read(name) for name in box.namelist()}
    parts["word/document.xml"] = document
    if rels:
        name = "word/_rels/document.xml.rels"
        parts[name] = parts[name].replace(b"</Relationships>", rels + b"</Relationships>")
    return papers.zipped(parts)


W = b'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
BODY = b"<w:document " + W + b"><w:body><w:p><w:r><w:t>Two died. %s</w:t></w:r></w:p></w:body></w:document>"


def test_a_word_file_brings_in_nothing_from_outside(tmp_path, socket_enabled):
    secret = tmp_path / "secret.txt"
    secret.write_text("secret")
    entity = f'<!DOCTYPE x [<!ENTITY a SYSTEM "{secret.as_uri()}">]>'.encode() + BODY % b"&a;"
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.1)
        address = f"http://127.0.0.1:{server.getsockname()[1]}/template.dotm"
        rels = (
            '<Relationship Id="rId99" TargetMode="External" Target="' + address + '" Type="http://schemas.'
            'openxmlformats.org/officeDocument/2006/relationships/attachedTemplate"/>'
        ).encode()
        assert "secret" not in text_of_bytes(_word_with(entity, rels), ".docx").text
        with pytest.raises(TimeoutError):
            server.accept()


LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 12))
DTD = f'<!DOCTYPE rss [<!ENTITY l0 "ha">{LAUGHS}]>'


def test_laughs_are_not_counted_to_a_billion():
    begun = time.perf_counter()
    rss = f"<?xml version='1.0'?>{DTD}<rss><item><title>&l11;</title></item></rss>".encode()
    with pytest.raises(DataError, match="declares entities"):
        texts_of_bytes(rss, ".rss")
    with pytest.raises(DataError, match="damaged"):
        text_of_bytes(_word_with(DTD.encode() + BODY % b"&l11;"), ".docx")
    outside = b'<?xml version="1.0"?><!DOCTYPE rss SYSTEM "http://127.0.0.1/x.dtd"><rss><item/></rss>'
    with pytest.raises(DataError, match="declares entities"):
        texts_of_bytes(outside, ".xml")
    assert time.perf_counter() - begun < 10


LOOP = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
    b"2 0 obj<</Type/Pages/Kids[2 0 R]/Count 1>>endobj\n"
    b"trailer<</Root 1 0 R/Size 3>>\nstartxref\n0\n%%EOF\n"
)
"""Its tree of pages holds itself."""


@pytest.mark.parametrize(
    ("data", "ending", "said"),
    [
        (b"<rss>" + b"<a>" * 2_000_000, ".rss", "nested more than 100 deep"),
        (papers.rss("<item><title>a</title></item>" * 501), ".rss", "more than 500 entries"),
        (papers.rss("<channel/>"), ".rss", "holds no entry"),
        (b"<rss><item>", ".rss", "damaged"),
        (b"%PDF-1.7\nnonsense", ".pdf", "damaged"),
        (LOOP, ".pdf", "damaged"),
        (papers.zipped({"[Content_Types].xml": b"<x/>", "word/document.xml": b"<x/>"}), ".docx", "damaged"),
        (papers.mail(b"--a\r\n\r\nx\r\n" * 300, kind="multipart/mixed; boundary=a"), ".eml",
         "more than 200 entries or parts"),
        (b"a" * (documents.MOST_BYTES + 1), ".txt", "16,000,001 bytes"),
        (b"a " * (documents.MOST_LETTERS // 2 + 1), ".txt", "more than 2,000,000 letters"),
    ],
)  # fmt: skip
def test_too_deep_too_many_too_large_or_damaged_is_said(data, ending, said):
    with pytest.raises(DataError, match=said):
        texts_of_bytes(data, ending, name="x")


def _pdf(*, pages=1, password=""):
    writer, out = PdfWriter(), io.BytesIO()
    for _ in range(pages):
        writer.add_blank_page(100, 100)
    if password:
        writer.encrypt(password, algorithm="AES-256")
    writer.write(out)
    return out.getvalue()


@pytest.mark.parametrize(
    ("how", "said"),
    [({}, "only pictures"), ({"pages": 301}, "301 pages"), ({"password": "x"}, "locked with a password")],
)
def test_a_pdf_that_cannot_be_read_says_why(how, said):
    with pytest.raises(DataError, match=said):
        text_of_bytes(_pdf(**how), ".pdf")


def test_a_page_of_many_tags_is_parsed_apart(monkeypatch):
    many = text_of_bytes(b"<html><body>" + b"<p>Two died.</p>" * 5000, ".html")
    assert many.text.count("Two died.") == 5000
    monkeypatch.setattr(apart, "LIMITS", Limits(wall=0.5))
    with pytest.raises(DataError, match=r"within 0\.5 s"):
        text_of_bytes(b"<html><body>" + b"<div>" * 100_000, ".html")


def test_a_large_file_is_not_even_opened(tmp_path):
    large = tmp_path / "x.pdf"
    with large.open("wb") as file:
        file.truncate(documents.MOST_BYTES + 1)
    with pytest.raises(DataError, match="16,000,001 bytes"):
        text_of(large)


def test_where_memory_cannot_be_limited_it_is_said(monkeypatch):
    monkeypatch.setattr(apart, "_can_limit", lambda: False)
    text = text_of_bytes(papers.mail(b"Two died."), ".eml")
    assert [note.code for note in text.notes] == ["no-memory-limit"]
