"""``toguna user``: accounts of the situation room; whoever may write to the home may do this."""

from __future__ import annotations

import getpass
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any

import typer

from toguna.cli.flags import Common, alone, verb
from toguna.cli.report import advise, print_findings, print_json, print_table
from toguna.core.errors import UsageError

if TYPE_CHECKING:
    from toguna.accounts.gate import Gate
    from toguna.store.register.account_tables import Account

__all__ = ["user"]

Name = Annotated[str, typer.Argument(metavar="NAME", help="Name of the account.")]
FromStdin = Annotated[
    bool, typer.Option("--password-stdin", help="Read the password from standard input, one line.")
]


@dataclass(frozen=True, kw_only=True)
class LinkFlags(Common):
    """Flags of verbs that print a one-time link."""

    url: Annotated[str, typer.Option("--url", metavar="URL", help="Address of the room, for the link.")] = (
        "http://127.0.0.1:8420"
    )


def _gate(flags: Common) -> Gate:
    from toguna.accounts.gate import Gate
    from toguna.cli.view import home_of

    home = home_of(flags)
    print_findings(home.sealing_key()[1], quiet=flags.quiet)
    return Gate.of(home)


def _by() -> str:
    """Name who does this, for the audit: the user of the machine."""
    try:
        return f"{getpass.getuser()} (command line)"
    except (OSError, KeyError):
        return "command line"


def _told(account: Account) -> dict[str, Any]:
    from toguna.accounts.names import theatres_of

    places = theatres_of(account.theatres)
    return {
        "name": account.name,
        "display": account.display,
        "role": account.role,
        "theatres": None if places is None else sorted(places),
        "lang": account.lang,
        "codes": account.totp_sealed is not None,
        "password": account.password_hash is not None,
        "created_at": account.created_at,
        "disabled_at": account.disabled_at,
    }


def _typed(name: str, from_stdin: bool) -> str:
    """Read a new password: one line of standard input, or typed twice on a terminal."""
    from toguna.accounts.passwords import check_password

    if from_stdin:
        said = sys.stdin.readline().rstrip("\r\n")
    elif not sys.stdin.isatty():
        raise UsageError("there is no terminal to type a password on; say --password-stdin, or use a link.")
    else:
        said = getpass.getpass("New password: ")
        if said != getpass.getpass("Once more: "):
            raise UsageError("the two passwords are not the same.")
    check_password(said, name=name)
    return said


def _say_link(flags: LinkFlags, account: Account, token: str) -> None:
    link = f"{flags.url.rstrip('/')}/link/{token}?lang={account.lang}"
    if flags.json:
        print_json({**_told(account), "link": link})
        return
    print(link)
    advise(
        f"This link sets the password of {account.name}, once, within 7 days; hand it over unseen by others.",
        quiet=flags.quiet,
    )


@dataclass(frozen=True, kw_only=True)
class AddFlags(LinkFlags):
    """Flags of a new account."""

    role: Annotated[str, typer.Option("--role", metavar="ROLE", help="monitor, analyst, decider or admin.")]
    theatre: Annotated[
        list[str] | None,
        typer.Option("--theatre", metavar="NAME", help="May see only this theatre; may be repeated."),
    ] = None
    display: Annotated[
        str, typer.Option("--display", metavar="TEXT", help="Name shown: an office rather than a person.")
    ] = ""
    password_stdin: FromStdin = False


@verb
def add(flags: AddFlags, name: Name) -> None:
    """Add an account and print its one-time link.

    With --password-stdin the password is set at once and no link is made.
    """
    from toguna.accounts.links import make_link
    from toguna.accounts.users import NewAccount, add_account, set_password_hash

    gate, by = _gate(flags), _by()
    kept = gate.hash(_typed(name, True)) if flags.password_stdin else None
    new = NewAccount(name, flags.role, flags.theatre or (), flags.display, flags.lang)
    token = ""
    with gate.register.write() as session:
        account = add_account(session, new, by=by, now=gate.now())
        if kept is None:
            token = make_link(session, account, by=by, now=gate.now())
        else:
            set_password_hash(session, account, kept, by=by, now=gate.now())
    if token:
        _say_link(flags, account, token)
    else:
        _say(flags, account, "added")


def _say(flags: Common, account: Account, done: str) -> None:
    if flags.json:
        print_json(_told(account))
    else:
        print(f"{account.name} ({account.role}): {done}")


def _list(flags: Common) -> None:
    from toguna.accounts.users import accounts_of

    with _gate(flags).register.read() as session:
        told = [_told(account) for account in accounts_of(session)]
    if flags.json:
        print_json({"accounts": told})
        return
    columns = ("name", "role", "theatres", "codes", "state", "shown as")
    print_table(columns, [_row(one) for one in told])
    if not told:
        advise("Next: toguna user add NAME --role admin", quiet=flags.quiet)


def _row(one: dict[str, Any]) -> list[str]:
    state = "closed" if one["disabled_at"] else "open" if one["password"] else "no password yet"
    places = "all" if one["theatres"] is None else ", ".join(one["theatres"])
    return [one["name"], one["role"], places, "on" if one["codes"] else "off", state, one["display"]]


@verb
def list_accounts(flags: Common) -> None:
    """List the accounts."""
    _list(flags)


@verb
def disable(flags: Common, name: Name) -> None:
    """Close an account: its sessions, tokens and links end at once."""
    from toguna.accounts.users import close_account, find_account

    gate = _gate(flags)
    with gate.register.write() as session:
        account = find_account(session, name)
        close_account(session, account, by=_by(), now=gate.now())
    _say(flags, account, "closed")


@verb
def enable(flags: Common, name: Name) -> None:
    """Open a closed account again."""
    from toguna.accounts.users import find_account, open_account

    gate = _gate(flags)
    with gate.register.write() as session:
        account = find_account(session, name)
        open_account(session, account, by=_by(), now=gate.now())
    _say(flags, account, "open")


@verb
def password(flags: Common, name: Name, password_stdin: FromStdin = False) -> None:
    """Set a password; every session of the account ends."""
    from toguna.accounts.users import find_account, set_password_hash

    gate = _gate(flags)
    with gate.register.read() as session:
        known = find_account(session, name).name
    kept = gate.hash(_typed(known, password_stdin))
    with gate.register.write() as session:
        account = find_account(session, known)
        set_password_hash(session, account, kept, by=_by(), now=gate.now())
    _say(flags, account, "password set")


@verb
def invite(flags: LinkFlags, name: Name) -> None:
    """Print a one-time link for a new password; earlier links end."""
    from toguna.accounts.links import make_link
    from toguna.accounts.users import find_account

    gate = _gate(flags)
    with gate.register.write() as session:
        account = find_account(session, name)
        token = make_link(session, account, by=_by(), now=gate.now())
    _say_link(flags, account, token)


@verb
def reset_codes(flags: Common, name: Name) -> None:
    """Forget the codes of a lost telephone; the password is enough again."""
    from toguna.accounts.audit import note
    from toguna.accounts.codes import drop_codes
    from toguna.accounts.sessions import end_sessions
    from toguna.accounts.users import find_account

    gate = _gate(flags)
    with gate.register.write() as session:
        account = find_account(session, name)
        drop_codes(session, account)
        end_sessions(session, account.id)
        note(session, gate.now(), _by(), "codes-off", account.name)
    _say(flags, account, "codes are off")


@verb
def top(flags: Common, ctx: typer.Context) -> None:
    """Accounts of the situation room."""
    if alone(flags, ctx):
        _list(flags)


user = typer.Typer(rich_markup_mode=None, callback=top, invoke_without_command=True)
user.command("add")(add)
user.command("list")(list_accounts)
user.command("disable")(disable)
user.command("enable")(enable)
user.command("password")(password)
user.command("invite")(invite)
user.command("reset-codes")(reset_codes)
