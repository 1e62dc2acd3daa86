"""``/t/THEATRE/read``: hand a text in to be read, and find those that wait.

A text is pasted or uploaded; its address is written down and never fetched. Whatever stands in a text is
text: it is searched by dictionaries and shown escaped, and nothing in it is followed.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import PurePath
from uuid import uuid4

from fastapi import APIRouter, Response
from fastapi.responses import RedirectResponse
from starlette.datastructures import FormData, UploadFile

from toguna.accounts.refusals import RefusedError, refused
from toguna.accounts.rights import Right
from toguna.core.errors import DataError, NoAnswerError, UsageError
from toguna.core.grading import CREDIBILITY, RELIABILITY, SENSITIVITY
from toguna.core.language import Word
from toguna.reading.documents import ENDINGS, Text, text_of_bytes, titled
from toguna.room.reporting.typed import clean
from toguna.room.texts.intake import MOST_SIGNS, MOST_SOURCE, TextSent, take
from toguna.room.texts.shelf import listed
from toguna.room.web import answer
from toguna.room.web.ask import Ask, Asked, needs
from toguna.room.web.draftcards import grades_of
from toguna.room.web.reading import MODEL, model_offered, reader_of
from toguna.room.web.security.forms import Posted, field

__all__ = ["MOST_BYTES", "router"]

router = APIRouter(include_in_schema=False)
MOST_BYTES = 8_000_000
"""Of a file; pasted words are limited by `toguna.room.texts.intake.MOST_SIGNS`."""
_GRADES = {
    "reliability": frozenset(RELIABILITY),
    "credibility": frozenset(str(n) for n in CREDIBILITY),
    "sensitivity": frozenset(SENSITIVITY),
}


def _show(asked: Ask, typed: Mapping[str, str], *, wrong: str = "", detail: str = "") -> Response:
    return answer.page(
        asked,
        "read.html.j2",
        status=400 if wrong else 200,
        wrong=wrong,
        detail=detail,
        typed=typed,
        uuid=typed.get("uuid") or str(uuid4()),
        rows=listed(asked.room.settings.home, asked.theatre.name),
        grades=grades_of(asked.lang, {"reliability": "F", "credibility": "6"} | dict(typed)),
        model=model_offered(asked),
        most=MOST_SIGNS,
        most_source=MOST_SOURCE,
        kinds=sorted(k for k in ENDINGS if k),
        today=asked.room.settings.today(),
    )


@router.get("/t/{theatre}/read")
@needs(Right.CODE)
def form(asked: Asked) -> Response:
    """Show an empty form, and the texts of the theatre."""
    return _show(asked, {})


@router.post("/t/{theatre}/read", max_body_size=MOST_BYTES + 2_000_000)
@needs(Right.CODE)
def send(asked: Asked, form: Posted) -> Response:
    """Read a text, keep its drafts, and go to them."""
    typed = {name: value for name, value in form.items() if isinstance(value, str) and name != "csrf"}
    try:
        number = _taken(asked, _sent(asked, form, typed), by_model=typed.get("reader") == MODEL)
    except RefusedError as refusal:
        return _show(asked, typed, wrong=refusal.said[asked.lang.code])
    except NoAnswerError as error:  # of a reader of documents that says why in every language
        return _show(asked, typed, wrong=error.said[asked.lang.code])
    except DataError as error:
        kinds = ", ".join(sorted(k for k in ENDINGS if k))
        said = asked.lang(
            "This cannot be read as a text. Files that can be read end in {kinds}.", kinds=kinds
        )
        return _show(asked, typed, wrong=said, detail=str(error))
    return RedirectResponse(asked.link(f"read/{number}"), status_code=303)


def _taken(asked: Ask, sent: TextSent, *, by_model: bool) -> int:
    """Read a text by rules, or by the model that the home offers; the rules are never put in its place."""
    settings = asked.room.settings
    by, now = asked.principal.name, settings.clock()
    if not by_model:
        return take(settings.home, sent, reader_of(asked), by=by, now=now)
    model = model_offered(asked)
    if model is None:
        raise refused("No language model is offered here. Nothing was sent; choose the rules.")
    if not model.allows(sent.sensitivity):
        raise refused(
            "A language model may be sent texts up to the class “{most}” here. Nothing was sent; choose the "
            "rules.",
            most=Word(f"class:{model.sensitivity}"),
        )
    try:
        return take(settings.home, sent, reader_of(asked, MODEL), by=by, now=now)
    except (DataError, UsageError) as error:
        raise refused("The language model drafted nothing: {why}", why=str(error)) from None


def _sent(asked: Ask, form: FormData, typed: Mapping[str, str]) -> TextSent:
    """Understand the form, or refuse it with the first thing that is wrong."""
    day = _day(typed.get("published", ""), asked.room.settings.today())
    for name, words in _GRADES.items():
        if typed.get(name, "") not in words:
            raise refused(
                "Grade the source and the text, and say what harm it could do: a blank counts as the worst."
            )
    source = clean(field(form, "source"))
    if "://" in source and not _plain_address(source):
        raise refused(
            "Give an address of the web (http or https) without a name or password in it, or a plain name."
        )
    return TextSent(
        uuid=typed.get("uuid", ""),
        theatre=asked.theatre.name,
        text=_text(form),
        source=source,
        published=day,
        keep_words=typed.get("keep") == "yes",
        reliability=typed["reliability"],
        credibility=typed["credibility"],
        sensitivity=typed["sensitivity"],
    )


def _plain_address(source: str) -> bool:
    start, _, rest = source.partition("://")
    return start in ("http", "https") and "@" not in rest.split("/")[0] and " " not in source


def _day(text: str, today: date) -> date | None:
    if not text.strip():
        return None
    try:
        day = date.fromisoformat(text.strip())
    except ValueError:
        raise refused("Give the day of publication as year-month-day, as in 2015-11-20.") from None
    if day > today:
        raise refused("The day of publication has not come yet: today is {today}.", today=today)
    return day


def _text(form: FormData) -> Text:
    words, chosen = field(form, "words"), form.get("file")
    data = chosen.file.read(MOST_BYTES + 1) if isinstance(chosen, UploadFile) else b""
    if words.strip() and data:
        raise refused("You pasted words and chose a file: keep one of the two.")
    if not data:
        return titled(words)
    if len(data) > MOST_BYTES:
        raise refused("The file has more than {n} bytes. Cut it into its reports.", n=MOST_BYTES)
    name = (chosen.filename if isinstance(chosen, UploadFile) else "") or ""
    return text_of_bytes(data, PurePath(name).suffix.lower(), name=clean(PurePath(name).name)[:80])
