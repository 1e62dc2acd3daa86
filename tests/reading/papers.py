"""Documents of every kind, made here: one report in French, one in English."""

from __future__ import annotations

import io
import zipfile
from datetime import datetime

import docx
import typst

FR = "Trois gendarmes ont été tués vendredi dans l'attaque de leur poste à Ménaka."
EN = "Two soldiers were killed on Friday in an ambush near Gao, the army said."
HEAD = "Attaque à Ménaka"


def pdf(body: str = FR, *, day: str = "2015, month: 11, day: 24", extra: str = "") -> bytes:
    """Set a PDF of several pages with a head and a foot on each."""
    source = f"""
#set document(date: datetime(year: {day}))
#set page(width: 11cm, height: 6cm, header: [Bulletin 12], footer: context [Page #counter(page).display()])
#set text(size: 11pt, lang: "fr", hyphenate: true)
#set par(justify: true)
= {HEAD}
{body}

{extra}
"""
    return typst.compile(source.encode())


def word(body: str = FR, *, dated: bool = True) -> bytes:
    document = docx.Document()
    document.add_heading(HEAD)
    document.add_paragraph(body)
    table = document.add_table(rows=1, cols=2)
    table.rows[0].cells[0].text, table.rows[0].cells[1].text = "Ménaka", "3 morts"
    document.core_properties.modified = datetime(2015, 11, 24, 9)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue() if dated else _without(out.getvalue(), "docProps/core.xml")


def _without(data: bytes, part: str) -> bytes:
    """Take a part out of a zip, and what refers to it."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
        for info in old.infolist():
            body = old.read(info)
            if info.filename == "_rels/.rels":
                start, end = body.index(b"<Relationship "), body.rindex(b"</Relationships>")
                kept = [r for r in body[start:end].split(b"<Relationship ") if r and b"core.xml" not in r]
                body = body[:start] + b"".join(b"<Relationship " + r for r in kept) + body[end:]
            if info.filename != part:
                new.writestr(info.filename, body)
    return out.getvalue()


def zipped(parts: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as box:
        for name, body in parts.items():
            box.writestr(name, body)
    return out.getvalue()


def mail(body: bytes, *, kind: str = "text/plain; charset=iso-8859-1", coding: str = "8bit") -> bytes:
    head = (
        "Received: from relay.example by mx.example\r\n"
        "From: Colonel Oumar Sangaré <osangare@army.example>\r\n"
        "To: desk@room.example\r\n"
        "Date: Tue, 24 Nov 2015 18:30:00 +0000\r\n"
        "Subject: =?utf-8?q?Attaque_=C3=A0_M=C3=A9naka?=\r\n"
        "MIME-Version: 1.0\r\n"
        f"Content-Type: {kind}\r\nContent-Transfer-Encoding: {coding}\r\n\r\n"
    )
    return head.encode() + body


def rss(*items: str) -> bytes:
    inside = f"<channel><title>F</title>{''.join(items)}</channel>"
    return f'<?xml version="1.0"?><rss version="2.0">{inside}</rss>'.encode()
