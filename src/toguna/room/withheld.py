"""Rows that may not be passed on: left out of whatever is written, and said so.

Enters: an assessment, whose accounts carry `redistribute`, and whose notes say which field reports were kept
back. Leaves: what may be shown, and the words for the rest. Called by `situation`, `exports`, `why` and the
briefing. What is computed from rows under a ban of their source (shifts, areas, counts) stays, and so do
their ids; of sensitive reports nothing stays, see `disclosure`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import polars as pl

from toguna.core.findings import Finding
from toguna.room.disclosure import guarded
from toguna.room.reports_notes import KEPT_BACK

__all__ = ["NOTICE", "kept_notice", "may_be_shown", "notice", "said", "withheld", "without_cells"]

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


_KEPT_HEAD = """SENSITIVE REPORTS / RAPPORTS SENSIBLES

Reports that could harm somebody if others read them are not here. Those of class high or severe, or of a
class that is not known, are in no file and in no figure; those of class moderate bear only the region and
the month.

Les rapports qui pourraient nuire à quelqu'un s'ils étaient lus par d'autres ne sont pas ici. Ceux de
classe « élevé » ou « grave », ou de classe inconnue, ne figurent dans aucun fichier ni aucun chiffre ; ceux
de classe « modéré » ne portent que la région et le mois.

"""
_KEPT_TAIL = """
In the organisation, `toguna check` tells more. / Dans l'organisation, `toguna check` en dit plus.
"""


def withheld(assessment: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Return the accounts of releases whose rows may not be passed on."""
    return [account for account in assessment.get("data", []) if account.get("redistribute") is False]


def may_be_shown(events: pl.DataFrame, assessment: Mapping[str, Any]) -> pl.DataFrame:
    """Keep the events that may be passed on, as they may be."""
    held = sorted({str(account["source"]) for account in withheld(assessment)})
    return guarded(events.filter(~pl.col("source").is_in(held)) if held else events)


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


def kept_notice(assessment: Mapping[str, Any]) -> str:
    """Say which field reports were kept back for their sensitivity; "" when none was."""
    kept = assessment.get("notes", {}).get(KEPT_BACK, [])
    if not kept:
        return ""
    lines = "".join(f"- {_kept_line(k)}\n" for k in kept)
    return _KEPT_HEAD + lines + _KEPT_TAIL


def _kept_line(kept: Mapping[str, Any]) -> str:
    deaths = "not told (fewer than three rows)" if kept["deaths"] is None else f"{kept['deaths']}"
    areas = ", ".join(f"{name} {n}" for name, n in kept["areas"].items()) or "not told"
    line = f"{kept['source']}: {kept['rows']} rows of class high or severe kept back"
    line += f" (deaths {deaths}; areas with three or more: {areas})" if kept["rows"] else ""
    return line + f"; {kept['coarsened']} rows of class moderate told by region and month."
