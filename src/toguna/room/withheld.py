"""Rows that the terms of their source forbid to pass on: left out of whatever is written, and said so.

Enters: an assessment, whose accounts carry `redistribute`. Leaves: what may be shown, and the words for the
rest. Called by `situation`, `exports`, `why` and the briefing. What is computed from the rows (shifts, areas,
counts) stays, and so do their ids.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import polars as pl

from toguna.core.findings import Finding

__all__ = ["NOTICE", "may_be_shown", "notice", "said", "withheld", "without_cells"]

NOTICE = "WITHHELD.txt"
_CELL = "a cell that may not be passed on"
_OWN = ("incidents.csv",)  # of the pack
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


def without_cells(findings: Iterable[Finding], accounts: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Say findings for others: of rows that may not be passed on the id and what is wrong, never the cell.

    A finding about such a row names its id, or "no id"; a name that several sources use is withheld when the
    first event that bears it is such a row.
    """
    sources = sorted({str(account["source"]) for account in withheld({"data": list(accounts)})})
    if not sources:
        return [finding.as_dict() for finding in findings]
    ids = re.compile(rf"\b(?:{'|'.join(map(re.escape, sources))}):[\w.-]+")
    told = []
    for finding in findings:
        row = finding.as_dict()
        nameless = finding.found.endswith("in no id") and finding.table not in _OWN
        if (named := ids.findall(finding.found)) or nameless:
            row["found"] = f"{_CELL} in {', '.join(dict.fromkeys(named)) or 'a row without id'}"
        told.append(row)
    return told


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
