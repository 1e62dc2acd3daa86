"""What a form brought, read once, as text; and where a reader is sent afterwards.

Enters: a request. Leaves: fields. A field that is missing, or a file in its place, is blank: pages say what
is missing.
"""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Request
from starlette.datastructures import FormData

from toguna.room.web.security.forgery import MOST_FIELDS, MOST_FILES

__all__ = ["Posted", "address_within", "field", "fields"]


async def _posted(request: Request) -> FormData:
    return await request.form(max_fields=MOST_FIELDS, max_files=MOST_FILES)


Posted = Annotated[FormData, Depends(_posted)]


def field(form: FormData, name: str) -> str:
    """Return one field as it was typed; "" when it is missing."""
    found = form.get(name)
    return found if isinstance(found, str) else ""


def fields(form: FormData, name: str) -> list[str]:
    """Return every value of a field that may come several times."""
    return [value for value in form.getlist(name) if isinstance(value, str)]


def address_within(said: str) -> str:
    """Return an address within this room to go to; whatever would lead elsewhere leads to the first page.

    Examples
    --------
    >>> address_within("/t/theatre/now"), address_within("//elsewhere.example"), address_within("https://x")
    ('/t/theatre/now', '/', '/')
    """
    plain = said.isascii() and said.isprintable() and "\\" not in said and len(said) <= 2000
    return said if plain and said.startswith("/") and not said.startswith("//") else "/"
