"""The one table of who may do what.

Enters: a role. Leaves: its rights. Every route of the room names the right it needs; nothing else decides.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

__all__ = ["GUEST", "RIGHTS", "TOKEN_RIGHTS", "Principal", "Right", "Role", "rights_of"]


class Role(StrEnum):
    """What a person is in the room."""

    GUEST = "guest"
    MONITOR = "monitor"
    ANALYST = "analyst"
    DECIDER = "decider"
    ADMIN = "admin"


class Right(StrEnum):
    """What a route needs."""

    OPEN = "open"  # anybody: log-in, health, styles
    READ_PUBLIC = "read-public"  # the public view; of a closed room: whoever has logged in
    READ = "read"  # everything a team member may see
    REPORT = "report"  # send incident reports, see one's own
    REVIEW = "review"  # accept, merge, reject reports
    CODE = "code"  # actors, links, readings of texts
    WARN = "warn"  # draft and issue warnings, plans, lessons
    DECIDE = "decide"  # acknowledge, decide, act, close
    EXPORT = "export"  # take data files out
    OWN_ACCOUNT = "own-account"  # one's password, sessions, tokens
    SEE_REPORTER = "see-reporter"  # open the sealed identity of a reporter
    ADMINISTER = "administer"  # users, backups, settings


_READER = frozenset({Right.OPEN, Right.READ_PUBLIC})
_MEMBER = _READER | {Right.OWN_ACCOUNT}
RIGHTS: Mapping[Role, frozenset[Right]] = {
    Role.GUEST: _READER,
    Role.MONITOR: _MEMBER | {Right.REPORT},
    Role.ANALYST: _MEMBER | {Right.READ, Right.REPORT, Right.REVIEW, Right.CODE, Right.WARN, Right.EXPORT},
    Role.DECIDER: _MEMBER | {Right.READ, Right.DECIDE, Right.EXPORT},
    Role.ADMIN: frozenset(Right),
}
# What a program may be given: it never changes accounts, and never learns who reported.
TOKEN_RIGHTS = frozenset(Right) - {Right.OPEN, Right.OWN_ACCOUNT, Right.SEE_REPORTER, Right.ADMINISTER}


def rights_of(role: Role) -> frozenset[Right]:
    """Return everything a role may do."""
    return RIGHTS[role]


@dataclass(frozen=True)
class Principal:
    """Who asks.

    Parameters
    ----------
    role : Role
        What the person is.
    user_id : int or None
        None for a guest.
    name : str
        Name by which the ledger and the pages know the person; "" for a guest.
    theatres : frozenset of str or None
        Theatres the person may enter; None = all.
    lang : str or None
        Language the person chose.
    via : {"nothing", "session", "token"}
        How the person is known.
    scopes : frozenset of Right or None
        What a token was limited to; None = everything the role may.
    """

    role: Role = Role.GUEST
    user_id: int | None = None
    name: str = ""
    theatres: frozenset[str] | None = None
    lang: str | None = None
    via: str = "nothing"
    scopes: frozenset[Right] | None = None

    def may(self, right: Right, theatre: str | None = None) -> bool:
        """Whether the person has the right, in the theatre if one is named."""
        if theatre is not None and self.theatres is not None and theatre not in self.theatres:
            return False
        if self.scopes is not None and right not in self.scopes and right is not Right.OPEN:
            return False
        return right in RIGHTS[self.role]


GUEST = Principal()
