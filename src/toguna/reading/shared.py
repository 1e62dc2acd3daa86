"""What a text tells of several incidents at once: who made the attacks of one day.

Enters: the drafts of one text. Leaves: the same drafts, authors taken over. Called by
`toguna.reading.rules`.

A group that is named for, or claims, one attack of a day is the author of the others of that day and country
that the text leaves to mere labels ("jihadists") or to nobody. States are not: they do other things.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from toguna.reading.drafts import DraftIncident, Field
from toguna.reading.marks import Setting

__all__ = ["with_shared_authors"]

_OPEN = ("label", "only-group")
SHARED = 0.8  # how sure an author taken over is, of how sure the one told is


def with_shared_authors(drafts: Sequence[DraftIncident], setting: Setting) -> list[DraftIncident]:
    """Give incidents without a named author the one that the text names for others of their day."""
    return [_with_author(d, drafts, setting) for d in drafts]


def _with_author(draft: DraftIncident, every: Sequence[DraftIncident], setting: Setting) -> DraftIncident:
    own = draft.fields.get("perpetrator")
    if own is not None and own.rule not in _OPEN:
        return draft
    others = [o for o in every if o is not draft and _same_day(o, draft)]
    told = [f for o in others if (f := o.fields.get("perpetrator")) and f.rule not in _OPEN]
    if len({f.value for f in told}) != 1 or not _armed(str(told[0].value), setting):
        return draft
    shared: Field = replace(told[0], confidence=told[0].confidence * SHARED, rule="shared")
    return replace(draft, fields={**draft.fields, "perpetrator": shared})


def _same_day(a: DraftIncident, b: DraftIncident) -> bool:
    day = b.value("date_start")
    return day is not None and a.value("date_start") == day and a.value("country") == b.value("country")


def _armed(ids: str, setting: Setting) -> bool:
    kinds = [
        setting.registry.kind(i) if i in setting.registry.actors else setting.groups.kind(i)
        for i in ids.split(";")
    ]
    return not set(kinds) & {"state_force", "international_force", "mercenary", "unknown"}
