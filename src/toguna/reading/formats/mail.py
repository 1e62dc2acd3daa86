"""The text of an e-mail (EML).

Enters: bytes. Leaves: one `Text`: subject and words, the day it was sent. Who sent it and to whom is left
out, and so is what follows the sign of a signature: those are names of persons. Attachments are listed, never
opened.
"""

from __future__ import annotations

import re
from datetime import date, datetime
from email import message_from_bytes
from email.message import EmailMessage, MIMEPart
from email.policy import default
from itertools import islice

from toguna.reading.formats.child import RefusedError
from toguna.reading.prose import Note, Text, decoded, html_text, reflowed

__all__ = ["MOST_PARTS", "parse"]

MOST_PARTS, MOST_LISTED = 200, 20
_SIGNATURE = re.compile(r"^--[ \t]*\r?$", re.MULTILINE)
_QUOTED = re.compile(r"^>+ ?", re.MULTILINE)


def parse(data: bytes) -> list[Text]:
    """Read the words of a message: its plain part, else its HTML."""
    message = message_from_bytes(data.lstrip(b"\xef\xbb\xbf\r\n"), policy=default)
    if not message.keys():
        raise RefusedError("damaged")
    if len(list(islice(message.walk(), MOST_PARTS + 1))) > MOST_PARTS:
        raise RefusedError("entries", most=MOST_PARTS)
    title = " ".join(str(message["subject"] or "").split())
    body = _body(message)
    attached = [_named(part) for part in islice(message.iter_attachments(), MOST_LISTED)]
    notes = (Note("attachments", ", ".join(attached)),) if attached else ()
    text = f"{title}\n\n{body}".strip()
    if not text:
        raise RefusedError("pictures")
    return [Text(text, _day(message), title, notes=notes)]


def _body(message: EmailMessage) -> str:
    plain, rich = message.get_body(("plain",)), message.get_body(("html",))
    words = _words(plain) if plain is not None else ""
    if not words.strip() and rich is not None:
        return html_text(_words(rich)).text
    return reflowed(_QUOTED.sub("", _SIGNATURE.split(words, maxsplit=1)[0]))


def _words(part: MIMEPart) -> str:
    """Decode a part as it says; as its bytes look when what it says is wrong or missing."""
    raw = part.get_payload(decode=True)
    data = raw if isinstance(raw, bytes) else b""
    try:
        return data.decode(part.get_content_charset() or "utf-8")
    except (LookupError, UnicodeDecodeError):
        return decoded(data)


def _named(part: MIMEPart) -> str:
    return f"{(part.get_filename() or '?')[:80]} {part.get_content_type()}"


def _day(message: EmailMessage) -> date | None:
    sent = getattr(message["date"], "datetime", None)
    return sent.date() if isinstance(sent, datetime) else None
