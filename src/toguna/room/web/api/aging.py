"""Whether what programs are given is older than it should be: said beside every answer of an assessment.

Enters: an `Ask`. Leaves: `StaleOut` and the header X-Toguna-Stale. When an assessment is stale is decided in
`toguna.room.web.desk`, for pages and programs alike.
"""

from __future__ import annotations

from pydantic import BaseModel, Field

from toguna.accounts.rights import Right
from toguna.room.web.ask import Ask

__all__ = ["StaleOut", "stale_header", "stale_of"]


class StaleOut(BaseModel):
    """A newer assessment than the one given is due."""

    made_at: str = Field(description="Moment at which the assessment given was made.")
    since: str = Field(description="Since when newer data, or a new day, wait; empty = just now.")
    failed: bool = Field(description="Whether the newer one could not be built; false = it is being built.")
    lags: bool = Field(description="Whether the one given is of an earlier day than the room stands on.")
    said: str = Field(description="What went wrong, in English; empty for who cannot do anything about it.")


def stale_of(asked: Ask) -> StaleOut | None:
    """Say what is the matter with the assessment given; None when it is the newest that there can be."""
    found = asked.stale
    if found is None:
        return None
    said = found.said if asked.may(Right.WARN) else ""
    return StaleOut(
        made_at=found.made_at, since=found.since, failed=bool(found.said), lags=found.lags, said=said
    )


def stale_header(found: StaleOut | None) -> dict[str, str]:
    """Say the same in one line: ``made=...;since=...;failed=true;lags=false``; nothing for nothing."""
    if found is None:
        return {}
    flags = (("failed", found.failed), ("lags", found.lags))
    parts = [f"made={found.made_at}", f"since={found.since}", *(f"{n}={str(v).lower()}" for n, v in flags)]
    return {"X-Toguna-Stale": ";".join(parts)}
