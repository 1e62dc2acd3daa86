"""The tables of an assessment as sheets: columns, HXL tags, and cells that no spreadsheet executes.

Enters the assessment; leaves CSV bytes (UTF-8, the tags of https://hxlstandard.org in the second line).
Called by `toguna.room.exports`.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import polars as pl

from toguna.core.names import EXPORT_COLUMNS

__all__ = ["SHEETS", "Field", "Sheet", "event_sheet", "safe", "sheet_frame", "to_csv"]

Rows = list[dict[str, Any]]
_DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


@dataclass(frozen=True, slots=True)
class Field:
    """One column: name, HXL tag, type of Frictionless."""

    name: str
    tag: str
    kind: str = "string"


@dataclass(frozen=True, slots=True)
class Sheet:
    """One table: its name, its columns, and how its rows are taken from an assessment."""

    name: str
    columns: tuple[Field, ...]
    rows: Callable[[Mapping[str, Any]], Rows]


def safe(text: str) -> str:
    """Quote text that a spreadsheet would execute (OWASP, CSV injection).

    Examples
    --------
    >>> safe("=1+1")
    "'=1+1"
    """
    return "'" + text if text.startswith(_DANGEROUS) or text.lstrip().startswith(_DANGEROUS) else text


def _cell(value: Any) -> Any:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return value
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, list | tuple):
        return safe(" ; ".join(str(v) for v in value))
    return safe(str(value))


def to_csv(sheet: Sheet, rows: Iterable[Mapping[str, Any]], *, tags: bool = True) -> bytes:
    """Write a sheet: names, HXL tags unless they are not wanted, rows."""
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, lineterminator="\r\n")
    writer.writerow([c.name for c in sheet.columns])
    if tags:
        writer.writerow([c.tag for c in sheet.columns])
    for row in rows:
        writer.writerow([_cell(row.get(c.name)) for c in sheet.columns])
    return stream.getvalue().encode()


_DTYPES = {"integer": pl.Int64(), "number": pl.Float64(), "boolean": pl.Boolean(), "date": pl.Date()}


def sheet_frame(sheet: Sheet, rows: Iterable[Mapping[str, Any]]) -> pl.DataFrame:
    """Return a sheet as a frame: columns typed as the sheet says, lists joined with " ; " as in CSV."""
    told = [{c.name: _value(row.get(c.name), c.kind) for c in sheet.columns} for row in rows]
    return pl.DataFrame(told, schema={c.name: _DTYPES.get(c.kind, pl.String()) for c in sheet.columns})


def _value(value: Any, kind: str) -> Any:
    if value is None or kind in ("integer", "number", "boolean"):
        return float(value) if kind == "number" and value is not None else value
    if kind == "date":
        return date.fromisoformat(value) if isinstance(value, str) else value
    return " ; ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)


_EVENT_TAGS = {
    "event_id": "#event+id", "source": "#meta+source", "row": "#meta+row", "date_start": "#date+start",
    "date_end": "#date+end", "date_prec": "#date+precision", "published_at": "#date+published",
    "violence": "#event+violence", "event_type": "#event+type", "tactic": "#event+tactic",
    "target": "#event+target", "setting": "#event+setting", "perpetrators": "#org+perpetrator+list",
    "responsibility": "#org+claim", "side_a": "#org+side_a", "side_b": "#org+side_b",
    "best": "#affected+killed", "low": "#affected+killed+min", "high": "#affected+killed+max",
    "deaths_attackers": "#affected+killed+attackers", "deaths_civilians": "#affected+killed+civilians",
    "deaths_security": "#affected+killed+security", "deaths_international": "#affected+killed+international",
    "wounded": "#affected+injured", "hostages": "#affected+abducted", "place": "#loc+name",
    "admin1": "#adm1+name", "admin2": "#adm2+name", "country": "#country+code+v_iso3", "lat": "#geo+lat",
    "lon": "#geo+lon", "where_prec": "#geo+precision", "gid": "#geo+grid+v_priogrid",
    "within": "#event+within+id",
    "confidence": "#meta+confidence", "reporter": "#meta+reporter", "reliability": "#meta+reliability",
    "credibility": "#meta+credibility", "sensitivity": "#meta+sensitivity", "note": "#description",
    "source_urls": "#meta+url+list", "incident_id": "#event+incident+id",
}  # fmt: skip


def event_sheet() -> Sheet:
    """Return the columns of events.csv."""
    numbers = {pl.Int64: "integer", pl.Int8: "integer", pl.Float64: "number", pl.Date: "date"}
    columns = tuple(
        Field(c.name, _EVENT_TAGS.get(c.name, "#meta"), numbers.get(type(c.dtype), "string"))
        for c in EXPORT_COLUMNS
    )
    return Sheet("events", columns, lambda assessment: [])


def _shift_rows(assessment: Mapping[str, Any]) -> Rows:
    return [
        {
            **s,
            "window_start": s["window"]["start"], "window_end": s["window"]["end"],
            "reference_start": s["reference"]["start"], "reference_end": s["reference"]["end"],
            "effect": s["effect"]["value"], "unit": s["effect"]["unit"],
            "effect_low": s["effect"]["low"], "effect_high": s["effect"]["high"],
            "text_en": s["text"].get("en"), "text_fr": s["text"].get("fr"),
        }
        for s in [*assessment.get("shifts", []), *assessment.get("tested", [])]
    ]  # fmt: skip


def _claim_rows(assessment: Mapping[str, Any]) -> Rows:
    return [
        {
            **c,
            "statement_en": c["statement"].get("en"), "statement_fr": c["statement"].get("fr"),
            "text_en": c["text"].get("en"), "text_fr": c["text"].get("fr"),
        }
        for c in assessment.get("claims", [])
    ]  # fmt: skip


def _incident_rows(assessment: Mapping[str, Any]) -> Rows:
    """One row per incident and source: which source gave which figure."""
    return [
        {**i, **figures, "source": source}
        for i in (assessment.get("incidents") or {}).get("several_sources", [])
        for source, figures in i["figures"].items()
    ]


def _plain(key: str) -> Callable[[Mapping[str, Any]], Rows]:
    return lambda assessment: list(assessment.get(key, []))


def _fields(*specs: str) -> tuple[Field, ...]:
    """Read "name #tag kind" specs."""
    return tuple(Field(*spec.split(" ")) for spec in specs)


SHEETS = (
    Sheet("shifts", _fields(
        "id #indicator+id", "dimension #indicator+type", "subject #indicator+name", "source #meta+source",
        "alarm #status+alarm boolean", "window_start #date+start date", "window_end #date+end date",
        "reference_start #date+reference+start date", "reference_end #date+reference+end date",
        "effect #indicator+value+num number",
        "unit #indicator+unit", "effect_low #indicator+value+min number",
        "effect_high #indicator+value+max number", "p #indicator+p number", "q #indicator+q number",
        "false_alarms_per_year #indicator+false_alarms number", "event_ids #event+id+list",
        "text_en #description+i_en", "text_fr #description+i_fr"), _shift_rows),
    Sheet("actors", _fields(
        "id #org+id", "name #org+name", "aliases #org+alt+list", "kind #org+type", "family #org+family+id",
        "active_from #date+start", "active_to #date+end", "status #status", "n_events #event+num integer",
        "sources #meta+url+list"), _plain("actors")),
    Sheet("responses", _fields(
        "id #activity+id", "date_start #date+start date", "date_end #date+end date", "kind #activity+type",
        "place #loc+name", "admin1 #adm1+name", "actor #org+name", "recommendation #status+advised boolean",
        "note #description", "sources #meta+url+list", "pillar #activity+pillar", "status #status",
        "cost #value+cost number", "currency #currency", "area #adm1+name+held", "when #status+violence"),
        _plain("responses")),
    Sheet("areas", _fields(
        "level #adm+level", "name #adm+name", "status #status", "reference #event+num+reference integer",
        "recent #event+num+recent integer", "p #indicator+p number"), _plain("areas")),
    Sheet("claims", _fields(
        "id #indicator+id", "verdict #status+verdict", "statement_en #description+statement+i_en",
        "statement_fr #description+statement+i_fr", "text_en #description+i_en", "text_fr #description+i_fr",
        "event_ids #event+id+list"), _claim_rows),
    Sheet("incidents", _fields(
        "incident_id #event+incident+id", "source #meta+source", "events #event+num integer",
        "best #affected+killed integer", "low #affected+killed+min integer",
        "high #affected+killed+max integer", "withheld #status+withheld boolean",
        "representative #event+id+representative", "date_start #date+start date", "date_end #date+end date",
        "score #indicator+probability number", "event_ids #event+id+list"), _incident_rows),
    Sheet("months", _fields(
        "source #meta+source", "month #date+month", "area #adm1+name", "events #event+num number",
        "best #affected+killed integer", "low #affected+killed+min integer",
        "high #affected+killed+max integer", "unknown #event+num+unknown number"), _plain("months")),
    Sheet("findings", _fields(
        "code #meta+code", "severity #severity", "table #meta+table", "row #meta+row integer",
        "field #meta+field",
        "found #description+found", "expected #description+expected", "repair #description+repair"),
        _plain("findings")),
)  # fmt: skip
