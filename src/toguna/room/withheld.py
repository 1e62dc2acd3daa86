"""Rows that the terms of their source forbid to pass on: left out of whatever is written, and said so.

Enters: an assessment, whose accounts carry `redistribute`. Leaves: what may be shown, and the words for the
rest. Called by `exports`, `why` and the briefing. What is computed from the rows (shifts, areas, counts)
stays, and so do their ids.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl

__all__ = ["NOTICE", "may_be_shown", "notice", "said", "withheld"]

NOTICE = "WITHHELD.txt"
_REASON = "The terms of the source forbid passing its rows on."
_GET = "Ask the provider for an account, export the same rows there, and take them in with `toguna ingest`."
_HEAD = """WITHHELD ROWS

{reason} events.csv, events.geojson and events.parquet hold none of the rows listed
here. What was computed from them (shifts, areas, counts, deaths in sum) is in the other files, and
assessment.json names them by id only.

"""
_TAIL = """
How to get them: {get}

LIGNES RETENUES

Les conditions de la source interdisent de transmettre ses lignes. Les fichiers events.* ne contiennent aucune
des lignes ci-dessus ; les résultats calculés à partir d'elles figurent dans les autres fichiers. Pour les
obtenir : demander un compte au fournisseur, y exporter les mêmes lignes et les reprendre avec
`toguna ingest`.
"""


def withheld(assessment: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Return the accounts of releases whose rows may not be passed on."""
    return [account for account in assessment.get("data", []) if account.get("redistribute") is False]


def may_be_shown(events: pl.DataFrame, assessment: Mapping[str, Any]) -> pl.DataFrame:
    """Keep the events that may be passed on."""
    held = sorted({str(account["source"]) for account in withheld(assessment)})
    return events.filter(~pl.col("source").is_in(held)) if held else events


def said(account: Mapping[str, Any]) -> dict[str, Any]:
    """Say what of one release is withheld, why, and how to get it."""
    return {
        "source": account["source"],
        "version": account.get("version") or "",
        "rows": account["accepted"],
        "sha256": account["sha256"],
        "licence": account["licence"],
        "citation": account["citation"],
        "reason": _REASON,
        "get": _GET,
    }


def notice(held: Sequence[Mapping[str, Any]]) -> str:
    """Say the same as a text for people."""
    lines = [
        f"- {a['source']} {a.get('version') or '(no version)'}: {a['accepted']} rows. {a['licence']}. "
        f"{a['citation']}.\n  sha256 of the rows: {a['sha256']}\n"
        for a in held
    ]
    return _HEAD.format(reason=_REASON) + "".join(lines) + _TAIL.format(get=_GET)
