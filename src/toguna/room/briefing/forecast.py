"""The part of "What may come" that tells forecasts: tables by month, what they rest on, their record.

Enters the assessment; leaves blocks. Called by `coming`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from toguna.core.language import Language
from toguna.forecasts.outlook.words import (
    begins,
    by_unit,
    caution,
    columns,
    driven,
    judged,
    level_title,
    lines,
    target_title,
    unit_title,
)
from toguna.room.briefing.blocks import Block, sentences, table, text
from toguna.room.briefing.scope import said

__all__ = ["blocks"]

SILENT = "forecast/"
MOST_DRIVEN = 3


def blocks(assessment: Mapping[str, Any], lang: Language) -> list[Block | None]:
    """Tell the forecasts of an assessment, or why there are none."""
    records = list(assessment.get("forecast_records") or [])
    notes = (assessment.get("notes") or {}).items()
    silent = [text(said(why, lang)) for id, why in notes if id.startswith(SILENT)]
    if not records:
        return [*silent]
    told = [_sentence(record, lang) for record in records]
    return [
        text(f"{begins(lang, records[0])} {caution(lang)}", small=True),
        *silent,
        sentences(told),
        *(_table(assessment, record, lang) for record in records),
    ]


def _sentence(record: Mapping[str, Any], lang: Language) -> dict[str, Any]:
    """Say the largest expectations of a level, what goes with them, and the record."""
    largest = sorted(record["drivers"], key=lambda d: -d["mean"])[:MOST_DRIVEN]
    first = largest[0]["unit"]
    return {
        "id": f"ahead-{record['level']}-{record['target']}",
        "text": " ".join(driven(lang, record, one) for one in largest if one["mean"] > 0),
        "uncertainty": judged(lang, record),
        "why": lang("Ask: toguna why {id}", id=f"forecast/{record['level']}/{record['target']}/{first}/1"),
    }


def _table(assessment: Mapping[str, Any], record: Mapping[str, Any], lang: Language) -> Block | None:
    mine = by_unit(assessment["forecasts"], record["level"], record["target"])
    rows = [[unit_title(lang, unit), *line] for unit, own in mine.items() for line in lines(lang, own)]
    caption = lang(
        "Forecast of {target}, by {level} and month",
        target=target_title(lang, record["target"]),
        level=level_title(lang, record["level"]),
    )
    return table(caption, [lang("where"), *columns(lang)], rows, folded=True) if rows else None
