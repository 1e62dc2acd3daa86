"""``/users``: the administrator adds accounts, changes their rights, closes them, and reads the audit."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from fastapi import APIRouter, Response
from fastapi.responses import RedirectResponse
from sqlalchemy.orm import Session
from starlette.datastructures import FormData

from toguna.accounts.audit import audit, note
from toguna.accounts.auditverify import Verdict, said, verify
from toguna.accounts.codes import drop_codes
from toguna.accounts.links import make_link
from toguna.accounts.names import theatres_of
from toguna.accounts.refusals import RefusedError, refused
from toguna.accounts.rights import Right, Role
from toguna.accounts.sessions import end_sessions
from toguna.accounts.users import (
    NewAccount,
    accounts_of,
    add_account,
    change_role,
    close_account,
    find_account,
    open_account,
)
from toguna.core.errors import UnknownNameError
from toguna.core.meanings import meaning
from toguna.room.web import answer
from toguna.room.web.ask import Ask, Asked, MissingError, needs
from toguna.room.web.security.forms import Posted, field, fields
from toguna.store.register.account_tables import Account

__all__ = ["router"]

router = APIRouter(include_in_schema=False)
_ROLES = tuple(role for role in Role if role is not Role.GUEST)
_EVERY = "*"
_MOST_WRONG = 20


def _typed(asked: Ask, form: FormData, name: str) -> NewAccount:
    """Return what the form says of an account; a form that ticks no theatre is refused: none is not all."""
    theatres = fields(form, "theatre")
    if not theatres:
        raise refused("Tick at least one theatre, or all of them.")
    role = field(form, "role")
    if role not in {one.value for one in _ROLES}:
        raise refused("Choose a role.")
    lang = field(form, "lang") or asked.lang.code
    if lang not in ("en", "fr"):
        raise refused("Choose a language.")
    return NewAccount(name, role, theatres, field(form, "display"), lang)


def _page(asked: Ask, template: str, *, status: int = 200, **values: Any) -> Response:
    shared = {
        "roles": _ROLES,
        "theatres": [
            (name, t.title.get(asked.lang.code, name)) for name, t in asked.room.desk.theatres.items()
        ],
        "places": theatres_of,
        "wrong": "",
        "link": "",
        "done": "",
    }
    return answer.page(asked, template, status=status, **(shared | values))


def _list(asked: Ask, **values: Any) -> Response:
    with asked.room.gate.register.read() as session:
        accounts: Sequence[Account] = accounts_of(session)
    counted = asked.lang.plural("{n} account", "{n} accounts", len(accounts))
    return _page(asked, "users.html.j2", accounts=accounts, counted=counted, **({"typed": {}} | values))


def _one(asked: Ask, name: str, **values: Any) -> Response:
    with asked.room.gate.register.read() as session:
        account = _found(session, name)
        acts = audit(session, by=account.name, most=20)
    return _page(asked, "user.html.j2", account=account, acts=acts, **values)


def _found(session: Session, name: str) -> Account:
    try:
        return find_account(session, name)
    except UnknownNameError:
        raise MissingError("account", name[:40]) from None


def _address(asked: Ask, token: str, lang: str) -> str:
    return f"{str(asked.request.base_url).rstrip('/')}/link/{token}?lang={lang}"


@router.get("/users")
@needs(Right.ADMINISTER)
def every(asked: Asked) -> Response:
    """List the accounts."""
    return _list(asked)


@router.post("/users")
@needs(Right.ADMINISTER)
def add(asked: Asked, form: Posted) -> Response:
    """Add an account, and show its one-time link this once."""
    gate, by = asked.room.gate, asked.principal.name
    try:
        new = _typed(asked, form, field(form, "name"))
        with gate.register.write() as session:
            account = add_account(session, new, by=by, now=gate.now())
            token = make_link(session, account, by=by, now=gate.now())
    except RefusedError as refusal:
        typed: dict[str, Any] = {key: field(form, key)[:100] for key in ("name", "display", "role", "lang")}
        typed["theatres"] = fields(form, "theatre")
        return _list(asked, status=400, wrong=refusal.said[asked.lang.code], typed=typed)
    return _one(asked, new.name, link=_address(asked, token, new.lang))


@router.get("/users/{name}")
@needs(Right.ADMINISTER)
def one(asked: Asked, name: str) -> Response:
    """Show one account."""
    saved = asked.lang("Saved.") if asked.request.query_params.get("done") else ""
    return _one(asked, name, done=saved)


@router.post("/users/{name}")
@needs(Right.ADMINISTER)
def change(asked: Asked, name: str, form: Posted) -> Response:
    """Change role, theatres, shown name or language."""

    def act(session: Session, account: Account) -> None:
        new = _typed(asked, form, account.name)
        change_role(session, account, new, by=asked.principal.name, now=asked.room.gate.now())

    return _carry(asked, name, act)


def _carry(asked: Ask, name: str, act: Callable[[Session, Account], None]) -> Response:
    try:
        with asked.room.gate.register.write() as session:
            account = _found(session, name)
            act(session, account)
    except RefusedError as refusal:
        return _one(asked, name, status=400, wrong=refusal.said[asked.lang.code])
    return RedirectResponse(f"/users/{account.name}?done=1", status_code=303)


@router.post("/users/{name}/link")
@needs(Right.ADMINISTER)
def link(asked: Asked, name: str) -> Response:
    """Make a one-time link with which a new password is set, and show it this once."""
    gate = asked.room.gate
    try:
        with gate.register.write() as session:
            account = _found(session, name)
            token = make_link(session, account, by=asked.principal.name, now=gate.now())
    except RefusedError as refusal:
        return _one(asked, name, status=400, wrong=refusal.said[asked.lang.code])
    return _one(asked, name, link=_address(asked, token, account.lang))


@router.post("/users/{name}/close")
@needs(Right.ADMINISTER)
def close(asked: Asked, name: str) -> Response:
    """Close an account: everything of it ends at once."""
    by, now = asked.principal.name, asked.room.gate.now()
    return _carry(asked, name, lambda session, account: close_account(session, account, by=by, now=now))


@router.post("/users/{name}/open")
@needs(Right.ADMINISTER)
def reopen(asked: Asked, name: str) -> Response:
    """Open a closed account again."""
    by, now = asked.principal.name, asked.room.gate.now()
    return _carry(asked, name, lambda session, account: open_account(session, account, by=by, now=now))


@router.post("/users/{name}/codes")
@needs(Right.ADMINISTER)
def forget_codes(asked: Asked, name: str) -> Response:
    """Switch off the codes of somebody who lost the telephone; the sessions of the account end."""

    def act(session: Session, account: Account) -> None:
        drop_codes(session, account)
        end_sessions(session, account.id)
        note(session, asked.room.gate.now(), asked.principal.name, "codes-off", account.name)

    return _carry(asked, name, act)


@router.get("/audit")
@needs(Right.ADMINISTER)
def read_audit(asked: Asked) -> Response:
    """Show the newest entries of the audit; that it was read is one itself."""
    gate, query = asked.room.gate, asked.request.query_params
    by = "".join(sign for sign in query.get("by", "")[:64] if sign.isprintable()).strip() or None
    with gate.register.write() as session:
        note(session, gate.now(), asked.principal.name, "read-audit", by or "")
        entries = audit(session, by=by)
    counted = asked.lang.plural("{n} entry", "{n} entries", len(entries))
    verdict = verify(asked.room.settings.home)
    return answer.page(
        asked,
        "audit.html.j2",
        entries=entries,
        counted=counted,
        by=by or "",
        chain=said(verdict, asked.lang),
        told=list(_told(verdict, asked.lang.code)),
    )


def _told(verdict: Verdict, lang: str) -> Iterator[tuple[int | None, str]]:
    """Say which entries are not as they were written, and what that means."""
    for finding in verdict.findings[:_MOST_WRONG]:
        means = meaning(finding.code, lang)
        yield finding.row, means.means if means else finding.code
