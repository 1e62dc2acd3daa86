"""What `toguna read` says beyond single drafts: of a model's answers, and of several texts together.

Enters: texts with their drafts, the flags of the verb. Leaves: rows and lines. Called by `toguna.cli.read`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from toguna.cli.report import print_table
from toguna.core.errors import UnknownNameError

if TYPE_CHECKING:
    from toguna.core.language import Language
    from toguna.reading.corroboration import Record
    from toguna.reading.documents import Text
    from toguna.reading.drafts import Drafts
    from toguna.reading.marks import Setting

__all__ = ["at_home", "classed", "records_of", "say_notes", "say_records"]


def at_home(setting: Setting, home: Path) -> Setting:
    """Give readers the home whose settings they may need."""
    return replace(setting, home=home)


def classed(text: Text, sensitivity: str) -> Text:
    """Give a text the class of the flag ``--sensitivity``, if it was said."""
    from toguna.reading.model.settings import CLASSES

    if sensitivity and sensitivity not in CLASSES:
        raise UnknownNameError("sensitivity", sensitivity, CLASSES)
    return replace(text, sensitivity=sensitivity or text.sensitivity)


def say_notes(drafts: Drafts, lang: Language) -> None:
    """Say how much of a model's answer was dropped, and that a text addresses a program."""
    from toguna.reading.model.lost import ADDRESSES, lost

    dropped = len(lost(drafts.notes))
    if dropped:
        print(
            lang.plural(
                "{n} field that the text does not bear out was dropped.",
                "{n} fields that the text does not bear out were dropped.",
                dropped,
            )
        )
    if ADDRESSES in drafts.notes:
        print(lang("The text addresses a program: look at it with care."))


def records_of(told: Sequence[tuple[str, Text, Drafts]], setting: Setting) -> list[Record]:
    """Make one record of each incident that several texts tell; none of a single text."""
    from toguna.reading.corroboration import Read, records

    return records([Read(*t) for t in told], setting) if len(told) > 1 else []


def say_records(records: Sequence[Record], lang: Language) -> None:
    """Say what several texts tell together: one row for each incident."""
    if not records:
        return
    print(f"{lang('All texts together')}\n")
    rows = [
        [
            r.values["date_start"] or "?",
            r.values["place"] or r.values["country"] or "?",
            len(r.sources),
            r.independent,
            f"{spread[0]}-{spread[1]}" if (spread := r.spread("killed")) else "?",
            "; ".join(_told_by(s.name, s.copied_from, s.counts.get("killed"), lang) for s in r.sources),
            r.known,
        ]
        for r in records
    ]
    heads = [
        lang("date"),
        lang("place"),
        lang("texts"),
        lang("independent"),
        lang("dead"),
        lang("told by"),
        lang("on record"),
    ]
    print_table(heads, rows)


def _told_by(
    name: str, copied_from: Sequence[str], killed: Sequence[int | None] | None, lang: Language
) -> str:
    """Name a text, its toll and what it was copied from."""
    low, best, high = killed or (None, None, None)
    toll = next((x for x in (best, high, low) if x is not None), "?")
    copied = lang("copied from {name}", name=copied_from[0]) if copied_from else ""
    return f"{name}: {toll}" + (f" ({copied})" if copied else "")
