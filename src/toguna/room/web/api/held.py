"""What is left out of what programs are given, and why: said beside every answer that holds rows of sources.

Enters: an `Ask`. Leaves: `Withheld` and the header X-Toguna-Withheld. Which rows those are is decided in
`toguna.room.withheld` and `toguna.room.disclosure`, not here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal
from urllib.parse import quote

from pydantic import BaseModel, Field

from toguna.room.reports_notes import KEPT_BACK
from toguna.room.web.ask import Ask
from toguna.room.withheld import withheld

__all__ = ["Withheld", "held_header", "held_of"]


class Withheld(BaseModel):
    """Rows of one release that are not among those given."""

    source: str
    version: str = Field(description="Release; empty = it has no name.")
    rows: int = Field(ge=0, description="Rows left out.")
    coarsened: int = Field(ge=0, description="Rows given by region and month only.")
    reason: Literal["terms", "sensitive"]
    text: str = Field(description="The reason in the reader's language.")
    get: str = Field(description="How to come by the rows.")


def held_of(asked: Ask) -> list[Withheld]:
    """Say what is left out of the rows of the day."""
    found = asked.built.assessment
    banned = [_banned(asked, account) for account in withheld(found)]
    return banned + [_kept(asked, kept) for kept in found.get("notes", {}).get(KEPT_BACK, [])]


def _banned(asked: Ask, account: Mapping[str, Any]) -> Withheld:
    L = asked.lang
    return Withheld(
        source=account["source"],
        version=account.get("version") or "",
        rows=account["accepted"],
        coarsened=0,
        reason="terms",
        text=L("The terms of the source forbid passing its rows on."),
        get=L("Ask the provider for an account, export the same rows there, and take them in yourself."),
    )


def _kept(asked: Ask, kept: Mapping[str, Any]) -> Withheld:
    L = asked.lang
    return Withheld(
        source=kept["source"],
        version="",
        rows=kept["rows"],
        coarsened=kept["coarsened"],
        reason="sensitive",
        text=L("Reports that could harm somebody stay in the house, or are told by region and month only."),
        get=L("Those who may read them do so in the house."),
    )


def held_header(held: Sequence[Withheld]) -> dict[str, str]:
    """Say the same in one line: ``acled;rows=45;coarsened=0;reason=terms, ...``; nothing for nothing."""
    parts = [
        f"{quote(h.source, safe=':._-')};rows={h.rows};coarsened={h.coarsened};reason={h.reason}"
        for h in held
    ]
    return {"X-Toguna-Withheld": ", ".join(parts)} if parts else {}
