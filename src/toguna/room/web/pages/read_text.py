"""``/t/THEATRE/read/NUMBER``: one text beside its drafts, and what is decided on each.

Two may have one text open: the second to decide on a draft is told, sees what stands now, and nothing of it
is written. Whoever is shown a sensitive text is written down first.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from fastapi import APIRouter, Response
from fastapi.responses import RedirectResponse

from toguna.accounts.audit import note, note_reads
from toguna.accounts.refusals import RefusedError
from toguna.accounts.rights import Right
from toguna.actors.registry import Registry
from toguna.core.grading import HIGH, SEVERE
from toguna.room.additions import with_additions
from toguna.room.reporting.typed import clean
from toguna.room.reporting.whereabouts import AS_TYPED
from toguna.room.texts.decide import WHYS, Reviewer, TakenError, Verdict, decide
from toguna.room.texts.fields import actors_typed, answers_of, corrections
from toguna.room.texts.shelf import (
    ACCEPTED,
    INCIDENT,
    OPEN,
    RELATION,
    Draft,
    TextRead,
    forget_words,
    text_read,
)
from toguna.room.texts.tables import responses_csv
from toguna.room.web import answer
from toguna.room.web.ask import Ask, Asked, MissingError, needs
from toguna.room.web.draftcards import GRADED, Typed, cards_of, grades_of
from toguna.room.web.pages.report import rules_of
from toguna.room.web.reading import events_named, registry_now
from toguna.room.web.reportform import actor_names, gazetteer_of
from toguna.room.web.security.forms import Posted
from toguna.room.web.textmarks import parts_of

__all__ = ["router"]

router = APIRouter(include_in_schema=False)
_SINCE = re.compile(r"\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?")
_ACTORS = ("perpetrators", "claimed_by")


def _found(asked: Ask, number: int) -> TextRead:
    found = text_read(asked.room.settings.home, asked.theatre.name, number)
    if found is None:
        raise MissingError("text", str(number))
    return found


def _show(asked: Ask, text: TextRead, typed: Typed | None = None, **more: Any) -> Response:
    if text.sensitivity in (HIGH, SEVERE):
        note_reads(asked.room.gate, asked.principal.name, "text", [f"{text.theatre}/{text.id}"])
    registry, held = registry_now(asked), _held(asked)
    given = typed.given if typed else {}
    graded = {n: given.get(n) or getattr(text, n) for n in GRADED}
    return answer.page(
        asked,
        "read_text.html.j2",
        text=text,
        cards=cards_of(text.drafts, typed, (asked.lang, registry, gazetteer_of(asked).regions)),
        parts=parts_of(text.words or "", text.drafts),
        known=events_named(asked, [d.told.get("known") or "" for d in text.drafts]),
        on_record={d.number for d in text.drafts if d.kind == RELATION and _tie(d) in held},
        actors=actor_names(asked.theatre, asked),
        whys=WHYS,
        published=date.fromisoformat(text.published) if text.published else None,
        grades=grades_of(asked.lang, graded),
        as_typed=AS_TYPED,
        typed=typed,
        **({"refused": "", "status": 400 if typed and typed.wrong else 200} | more),
    )


def _held(asked: Ask) -> set[tuple[str, frozenset[str]]]:
    """Return the relations that the registry knows already, whichever way they are told."""
    rows = with_additions(asked.theatre, asked.room.settings.home.register).tables["relations"]
    return {(r["relation"], frozenset((r["actor_a"], r["actor_b"]))) for r in rows.iter_rows(named=True)}


def _tie(draft: Draft, said: Mapping[str, str] | None = None) -> tuple[str, frozenset[str]]:
    told = said or {n: str(draft.field(n)["value"]) for n in ("a", "b")}
    return str(draft.told["kind"]), frozenset((told["a"], told["b"]))


@router.get("/t/{theatre}/read/{number}")
@needs(Right.CODE)
def one(asked: Asked, number: int) -> Response:
    """Show a text beside its drafts."""
    return _show(asked, _found(asked, number))


@router.get("/t/{theatre}/read/{number}/responses.csv")
@needs(Right.CODE)
def measures(asked: Asked, number: int) -> Response:
    """Return the measures that were accepted, in the form of the pack's table."""
    text = _found(asked, number)
    body = responses_csv(text, asked.theatre)
    held = {"Content-Disposition": f'attachment; filename="responses-{text.id}.csv"'}
    return Response(body, media_type="text/csv; charset=utf-8", headers=held)


@router.post("/t/{theatre}/read/{number}/forget")
@needs(Right.CODE)
def forget(asked: Asked, number: int) -> Response:
    """Throw the words of a text away; drafts, spans and address stay."""
    text, gate = _found(asked, number), asked.room.gate
    with asked.room.settings.home.register.write() as session:
        forget_words(session, text.id)
        note(session, gate.now(), asked.principal.name, "words-forgotten", f"{text.theatre}/{text.id}")
    return RedirectResponse(asked.link(f"read/{number}"), status_code=303)


@router.post("/t/{theatre}/read/{number}/{draft}")
@needs(Right.CODE)
def decided(asked: Asked, number: int, draft: int, form: Posted) -> Response:
    """Write a decision on a draft, or say why not."""
    text, settings = _found(asked, number), asked.room.settings
    one = text.draft(draft)
    if one is None:
        raise MissingError("draft", str(draft))
    given = {name: value for name, value in form.items() if isinstance(value, str) and name != "csrf"}
    try:
        verdict, typed = _verdict(asked, text, one, given)
        if typed.wrong:
            return _show(asked, text, typed)
        who = Reviewer(asked.principal, settings.clock(), settings.today())
        decide(settings.home, text, one, verdict, who)
    except TakenError as taken:
        said = taken.said[asked.lang.code]
        return _show(asked, _found(asked, number), Typed(draft, given), refused=said, status=409)
    except RefusedError as refusal:
        said = refusal.said[asked.lang.code]
        return _show(asked, text, Typed(draft, given), refused=said, status=400)
    asked.room.desk.wake()
    return RedirectResponse(asked.link(f"read/{number}") + f"#{_next(text, draft)}", status_code=303)


def _next(text: TextRead, number: int) -> str:
    """Return where to go on: the next open draft after one that was decided on, else the first."""
    waiting = [
        d.number for d in text.drafts if d.state == OPEN and d.kind != "asked-for" and d.number != number
    ]
    after = [n for n in waiting if n > number]
    return f"d{(after or waiting)[0]}" if waiting else "done"


def _verdict(asked: Ask, text: TextRead, draft: Draft, given: Mapping[str, str]) -> tuple[Verdict, Typed]:
    """Understand what was sent; what is wrong stands in the second."""
    version = given.get("version", "")
    read: dict[str, Any] = {
        "act": given.get("act", ""),
        "version": int(version) if version.isascii() and version.isdecimal() and len(version) < 10 else 0,
        "why": given.get("why", "") if given.get("act") != ACCEPTED else "",
        "reason": clean(given.get("reason", ""), lines=True),
    }
    if read["act"] != ACCEPTED:
        return Verdict(**read), Typed(draft.number, given)
    registry = registry_now(asked)
    if draft.kind == INCIDENT:
        return _incident(asked, text, draft, (given, registry, read))
    return _other(asked, draft, given, (registry, read))


def _incident(
    asked: Ask, text: TextRead, draft: Draft, sent: tuple[Mapping[str, str], Registry, dict[str, Any]]
) -> tuple[Verdict, Typed]:
    given, registry, read = sent
    as_ids = dict(given) | {n: actors_typed(given.get(n, "")[:2000], registry) for n in _ACTORS}
    found, said = answers_of(text, draft, as_ids, rules_of(asked, graded=True))
    known = draft.told["known"] or ""
    same_as = known if given.get("same_as", "") == known else ""
    verdict = Verdict(
        **read, answers=found.answers, decided=said, corrections=corrections(draft, said), same_as=same_as
    )
    return verdict, Typed(draft.number, given, found.wrong, found.candidates)


def _other(
    asked: Ask, draft: Draft, given: Mapping[str, str], sent: tuple[Registry, dict[str, Any]]
) -> tuple[Verdict, Typed]:
    """Understand an accepted relation or measure."""
    (registry, read), wrong = sent, dict[str, str]()
    said = {name: clean(given.get(name, ""))[:300] for name in (*draft.told["fields"], "since")}
    before = {name: str(own["value"]) for name, own in draft.told["fields"].items()}
    if draft.kind == RELATION:
        for name in ("a", "b"):
            said[name] = actors_typed(said[name], registry)
            if said[name] not in registry.actors:
                wrong[name] = asked.lang("The registry does not know this organisation.")
        if _tie(draft, said) in _held(asked):
            said["since"] = ""  # on record: a second row would tell of a change that there was not
        elif not _SINCE.fullmatch(said["since"]):
            wrong["since"] = asked.lang("Say since when: a year, a month or a day, as in 2015-11.")
    changed = {n: [before[n], said[n]] for n in before if before[n] != said[n]}
    decided = said | {"kind": draft.told["kind"]}
    return Verdict(**read, decided=decided, corrections=changed), Typed(draft.number, given, wrong)
