"""``/t/THEATRE/warnings``: what is owed and by when, what the rules propose beside it, what is over.

A proposal is raised by ``POST /t/THEATRE/warnings``; what is open already is updated, never doubled.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from fastapi import APIRouter, Response
from fastapi.responses import RedirectResponse

from toguna.accounts.rights import Right
from toguna.core.errors import FieldError
from toguna.core.language import Language
from toguna.core.language import in_every_language as _
from toguna.room.standing import proposal_id
from toguna.room.web import answer
from toguna.room.web.ask import Ask, Asked, MissingError, needs
from toguna.room.web.moving import hand
from toguna.room.web.pages.warning_moves import refuse_stepped
from toguna.room.web.readers import Reading, ledger_of, reading
from toguna.room.web.security.forms import Posted, field
from toguna.warnings.due import due
from toguna.warnings.moves import Taken, compared, raise_all
from toguna.warnings.outputs.words import offices
from toguna.warnings.states import Record
from toguna.warnings.types import Warning
from toguna.warnings.words import KINDS, LEVELS

__all__ = ["Filter", "open_rows", "router"]

router = APIRouter(include_in_schema=False)
STATES = ("open", "late", "proposals", "over")


@dataclass(frozen=True)
class Filter:
    """What is to be shown; "" = all.

    Parameters
    ----------
    state : {"", "open", "late", "proposals", "over"}
    level, kind : str
        Words of `toguna.warnings.words`.
    area : str
        Name of an area or place.
    """

    state: str = ""
    level: str = ""
    kind: str = ""
    area: str = ""

    @classmethod
    def of(cls, asked: Mapping[str, str]) -> Filter:
        """Read it from an address; a word that is not known filters nothing."""
        known = {"state": STATES, "level": LEVELS, "kind": KINDS}
        found = {name: asked.get(name, "") for name in known}
        kept = {name: word if word in known[name] else "" for name, word in found.items()}
        return cls(**kept, area=asked.get("area", "").strip()[:120])

    def keeps(self, w: Warning) -> bool:
        """Whether a warning is among what is asked for, whatever its state."""
        named = {area.name for area in w.areas}
        return (
            self.level in ("", w.level)
            and self.kind in ("", w.kind)
            and (not self.area or self.area in named)
        )


@router.get("/t/{theatre}/warnings")
@needs(Right.READ)
def warnings(asked: Asked) -> Response:
    """Show the warnings of the theatre."""
    return _show(asked)


def _show(asked: Ask, *, wrong: str = "", status: int = 200) -> Response:
    read, wanted = reading(asked), Filter.of(asked.request.query_params)
    kept = [r for r in read.records.values() if wanted.keeps(r.warning)]
    rows = open_rows(kept, asked)
    if wanted.state == "late":
        rows = [row for row in rows if row["over"] > 0]
    proposals = asked.built.proposals if wanted.state in ("", "proposals") else ()
    return answer.page(
        asked,
        "warnings.html.j2",
        status=status,
        wanted=wanted,
        wrong=wrong,
        rows=rows if wanted.state in ("", "open", "late") else None,
        over=[_over(r, asked.lang) for r in reversed(kept) if not r.is_open]
        if wanted.state in ("", "over")
        else None,
        proposals=None
        if proposals is None
        else [_proposed(t, asked) for t in _new(read, proposals) if wanted.keeps(t.warning)],
        states=STATES,
        levels=LEVELS,
        kinds=KINDS,
        areas=sorted(
            {a.name for r in read.records.values() for a in r.warning.areas}
            | {a.name for w in proposals or () for a in w.areas}
        ),
        writable=asked.may(Right.WARN) and not asked.stepped,
    )


def open_rows(records: Sequence[Record], asked: Ask) -> list[dict[str, Any]]:
    """Tell the open ones among warnings by what is owed, longest overdue first."""
    by_id = {r.id: r for r in records if r.is_open}
    owed = due(by_id.values(), asked.today, ahead=36500)
    L = asked.lang
    return [
        _row(by_id[d.id], L)
        | {
            "what": L.word(f"owed:{d.what}"),
            "by": d.by,
            "over": d.days_over,
            "tell": offices(d.tell.split(", "), L),
        }
        for d in owed
    ]


def _row(record: Record, L: Language) -> dict[str, Any]:
    w = record.warning
    return {
        "id": record.id,
        "headline": L.typeset(w.headline[L.code]),
        "level": L.word(f"level:{w.level}"),
        "state": L.word(f"state:{record.state}"),
        "restricted": w.sensitivity == "restricted",
    }


def _over(record: Record, L: Language) -> dict[str, Any]:
    made, came = record.decision, record.outcome
    return _row(record, L) | {
        "decision": "" if made is None else L("to act") if made.act else L("not to act"),
        "outcome": L.word(f"outcome:{came.outcome}") if came else "",
        "at": date.fromisoformat(record.history[-1].happened_at[:10]),
    }


def _new(read: Reading, proposals: Sequence[Warning]) -> list[Taken]:
    """Say which proposals the ledger does not answer yet.

    What would change a warning that the reader may not read is left out: they do not learn that it is there.
    """
    found = compared(read.every, proposals)
    return [t for t in found if t.what == "new" or (t.what == "update" and t.id in read.records)]


def _proposed(taken: Taken, asked: Ask) -> dict[str, Any]:
    L, w = asked.lang, taken.warning
    return {
        "id": proposal_id(w),
        "updates": taken.id,
        "headline": L.typeset(w.headline[L.code]),
        "text": L.typeset(w.text[L.code]),
        "level": L.word(f"level:{w.level}"),
        "deadline": w.deadline,
        "options": len(w.options),
    }


@router.post("/t/{theatre}/warnings")
@needs(Right.WARN)
def raise_proposal(asked: Asked, form: Posted) -> Response:
    """Put a proposal into the ledger as a draft, or update the open warning it is about."""
    read, wanted = reading(asked), field(form, "proposal")
    found = [t for t in _new(read, asked.built.proposals or ()) if proposal_id(t.warning) == wanted]
    try:
        refuse_stepped(asked)
        if not found:
            return _answered(asked, read, wanted)
        record = read.records.get(found[0].id)
        proposal = next(w for w in asked.built.proposals or () if proposal_id(w) == wanted)
        (taken,) = raise_all(ledger_of(asked), [proposal], hand(asked, form, record))
    except FieldError as error:
        return _show(asked, wrong=error.said[asked.lang.code], status=400)
    return RedirectResponse(asked.link(f"warnings/{taken.id}", done=taken.what), status_code=303)


def _answered(asked: Ask, read: Reading, wanted: str) -> Response:
    """Lead to the warning that answers a proposal already: somebody else was first."""
    proposals = {proposal_id(w): w for w in asked.built.proposals or ()}
    if wanted not in proposals:
        raise MissingError("proposal", wanted[:80])
    (taken,) = compared(read.every, [proposals[wanted]])
    if taken.id not in read.records:
        raise FieldError("proposal", _("The ledger answers this proposal already."))
    return RedirectResponse(asked.link(f"warnings/{taken.id}", done="unchanged"), status_code=303)
