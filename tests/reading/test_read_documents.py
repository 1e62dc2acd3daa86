"""``toguna read`` on documents of every kind: what is told, what is kept, and what is said of the others."""

from __future__ import annotations

import io
import json
import sys
from hashlib import sha256

import httpx
import papers
import pytest
from test_addresses import HOST, Wire, page, web

from toguna.cli.app import run
from toguna.reading import addresses
from toguna.reading.documents import text_of_bytes

PERSONS = (
    "Le colonel Oumar Sangaré et le maire Issa Cissoko ont été blessés vendredi dans une embuscade près de "
    "Ménaka, où trois soldats ont été tués. "
    "Selon le porte-parole Ousmane Diallo, Adnane Walid l'a revendiquée. "
    "Le président Ibrahim Traoré a décrété l'état d'urgence pour dix jours.\r\n"
    "\r\n-- \r\nSeydou Maïga, Gao\r\n"
)
NAMES = ("Sangar", "Oumar", "Cissoko", "Diallo", "Walid", "Traor", "Ibrahim", "Ma\u00efga", "osangare")


@pytest.fixture(autouse=True)
def _one_setting(reader, monkeypatch):
    """The theatre is loaded once for all tests of this folder."""
    monkeypatch.setattr("toguna.cli.read._setting", lambda flags: reader.setting)


def _json(words, capsys, code=0):
    assert run(["read", *words, "--theatre", "mali", "--json"]) == code
    got = capsys.readouterr()
    return json.loads(got.out), got.err


def test_a_folder_of_every_kind_is_read_and_the_bad_ones_are_told(tmp_path, capsys):
    good = {
        "a.pdf": papers.pdf(), "b.docx": papers.word(), "c.eml": papers.mail(papers.FR.encode("latin-1")),
        "d.xml": papers.rss(
            f"<item><title>A</title><link>https://a.example/1</link><description>{papers.EN}</description>"
            "<pubDate>Tue, 24 Nov 2015 10:00:00 GMT</pubDate></item>", "<item><title>B</title></item>"
        ),
        "e.html": f"<meta name=date content=2015-11-24><p>{papers.EN}".encode(), "f.pdf": b"<html><p>Rien.",
    }  # fmt: skip
    bad = {"x.pdf": b"%PDF-1.7 nothing", "y.docx": b"PK\x03\x04", "z.txt": b"\xff\xd8\xff\xe0"}
    others = {"photo.jpg": b"\xff\xd8\xff\xe0", "labels.jsonl": b"{}", ".hidden": b""}
    for name, data in (good | bad | others).items():
        (tmp_path / name).write_bytes(data)
    told, err = _json([str(tmp_path)], capsys, code=1)
    found = {t["file"]: t for t in told["texts"]}
    assert sorted(found) == ["a.pdf", "b.docx", "c.eml", "d.xml#1", "d.xml#2", "e.html", "f.pdf"]
    for name, dead in (("a.pdf", 3), ("b.docx", 3), ("c.eml", 3), ("d.xml#1", 2), ("e.html", 2)):
        (incident,) = found[name]["incidents"]
        fields = {k: f["value"] for k, f in incident["fields"].items()}
        assert (fields["killed_best"], fields["date_start"]) == (dead, "2015-11-20"), name
    assert found["d.xml#1"]["address"] == "https://a.example/1"
    assert found["f.pdf"]["notes_of_file"] == [{"code": "named-otherwise", "found": "HTML"}]
    assert {f["file"] for f in told["failed"]} == set(bad)
    assert all("save" in f["error"].lower() for f in told["failed"])
    assert told["left_alone"] == ["labels.jsonl", "photo.jpg"]
    assert "f.pdf: By its content it is HTML" in err


def test_what_is_told_names_nobody_and_keeps_no_words(tmp_path, capsys):
    file = tmp_path / "report.eml"
    file.write_bytes(papers.mail(PERSONS.encode("latin-1")))
    told, _ = _json([str(file)], capsys)
    words = json.dumps(told, ensure_ascii=False)
    assert [name for name in NAMES if name.lower() in words.lower()] == []
    (text,) = told["texts"]
    assert len(text["incidents"]) == 1
    assert [r["fields"]["official"]["value"] for r in text["responses"]] == ["president"]
    assert "title" not in text
    assert "text" not in text
    read = text_of_bytes(file.read_bytes(), ".eml").text
    assert text["sha256"] == sha256(read.encode()).hexdigest()
    (a, b), *_ = text["responses"][0]["fields"]["official"]["spans"]
    assert read[a:b] == "président"


def test_words_are_kept_where_the_user_allows_it(tmp_path, capsys, monkeypatch):
    file = tmp_path / "report.eml"
    file.write_bytes(papers.mail(papers.FR.encode("latin-1")))
    expected = (papers.HEAD, f"{papers.HEAD}\n\n{papers.FR}")
    told, _ = _json([str(file), "--with-text"], capsys)
    assert (told["texts"][0]["title"], told["texts"][0]["text"]) == expected
    (tmp_path / "home.toml").write_text("[reading]\nkeep_text = true\n")
    told, _ = _json([str(file), "--home", str(tmp_path)], capsys)
    assert told["texts"][0]["text"] == expected[1]


@pytest.mark.parametrize("kind", ["pdf", "html"])
def test_standard_input_is_known_by_its_content(kind, monkeypatch, capsys):
    html = f"<!-- x --><!DOCTYPE html><title>T</title><script>x</script><p>{papers.FR}".encode()
    data = papers.pdf() if kind == "pdf" else html
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data)))
    told, _ = _json(["-", "--published", "2015-11-24"], capsys)
    (incident,) = told["texts"][0]["incidents"]
    assert incident["fields"]["killed_best"]["value"] == 3


def test_an_address_is_read_when_its_host_is_allowed(monkeypatch, capsys):
    wire = Wire(x=page(f"<meta name=date content=2015-11-24><p>{papers.EN}".encode()))
    monkeypatch.setattr(addresses, "Web", lambda hosts: web(wire, hosts=tuple(hosts)))
    told, _ = _json([f"https://{HOST}/x", "--allow-host", HOST], capsys)
    assert told["texts"][0]["address"] == f"https://{HOST}/x"
    assert len(told["texts"][0]["incidents"]) == 1
    wire.pages["/x"] = httpx.Response(404)
    assert run(["read", f"https://{HOST}/x", "--allow-host", HOST, "--theatre", "mali", "--lang", "fr"]) == 3
    assert "répond par le statut 404" in capsys.readouterr().err


def test_one_bad_file_ends_with_its_reason_in_french(tmp_path, capsys):
    file = tmp_path / "x.docx"
    file.write_bytes(b"Two died.")
    assert run(["read", str(file), "--theatre", "mali", "--lang", "fr"]) == 3
    assert "d’après son contenu" in capsys.readouterr().err
