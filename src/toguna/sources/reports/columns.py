"""Give the columns of an export one name each, whatever the export was told to write as headers.

Enters: cells under headers: labels in any language or names, with the path of groups or without, points
split over four columns, choices of several split over one column each. Leaves: cells under the names of the
form's questions; of another form, under the last part of the path. Called by
`toguna.sources.reports.source`.

References
----------
kobotoolbox/formpack: split points are "_NAME_latitude", "_NAME_longitude", "_NAME_altitude",
"_NAME_precision"; split choices are "NAME/CHOICE" beside "NAME"; groups are joined by "/".
"""

from __future__ import annotations

import re
from functools import cache

import polars as pl

from toguna.sources.reports.form import questions
from toguna.sources.table.header import normal

__all__ = ["SYSTEM", "is_own_form", "named", "with_points"]

SYSTEM = (
    "_id", "_uuid", "_submission_time", "_validation_status", "_status", "_submitted_by", "_notes", "_tags",
    "_attachments", "_geolocation", "_index", "_parent_index", "_parent_table_name", "_xform_id_string",
    "__version__", "formhub/uuid", "meta/instanceID", "meta/rootUuid", "meta/deprecatedID",
    "meta/instanceName", "start", "end", "today", "deviceid", "phonenumber", "username", "simserial",
    "subscriberid", "email", "audit", "start-geopoint",
)  # fmt: skip
# What other servers of the same family call the same thing.
_SAME = {
    "submissiondate": "_submission_time", "key": "meta/instanceID", "instanceid": "meta/instanceID",
    "meta-instanceid": "meta/instanceID", "deprecatedid": "meta/deprecatedID", "rootuuid": "meta/rootUuid",
    "submittername": "_submitted_by", "submitterid": "_submitted_by", "reviewstate": "_validation_status",
}  # fmt: skip
_PART = re.compile(r"^(?P<path>.*/)?_(?P<name>.+)_(?P<part>latitude|longitude|altitude|precision)$")
_POINT = r"^\s*(-?\d{1,3}(?:\.\d+)?)[ ,;]+(-?\d{1,3}(?:\.\d+)?)(?:[ ,;]+-?[\d.]+){0,2}\s*$"
_YES = ("1", "1.0", "true", "yes", "oui", "vrai")


@cache
def _known() -> dict[str, str]:
    names = {system.lower(): system for system in SYSTEM} | _SAME
    for question in questions():
        for text in (question.name, *question.label.values()):
            if text:
                names.setdefault(normal(text), question.name)
    return names


def _name(header: str) -> str:
    """Return the name of a question or system column that a header means; "" for none."""
    known = _known()
    if found := known.get(header.lower()) or known.get(normal(header)):
        return found
    parts = header.split("/")
    for start in range(1, len(parts)):
        rest = "/".join(parts[start:])
        if found := known.get(rest.lower()) or known.get(normal(rest)):
            return found
    return ""


def named(frame: pl.DataFrame) -> tuple[pl.DataFrame, dict[str, str]]:
    """Rename the columns; return also what each was called.

    Columns of split choices are put together where the summary is missing, else left out: they say the same
    again.
    """
    wanted = {header: _wanted(header) for header in frame.columns}
    names: dict[str, str] = {}
    # A header that is a name already keeps it, whatever stands in a group under the same last part.
    for header in sorted(frame.columns, key=lambda h: wanted[h] != h):
        name, number = wanted[header], 2
        while name in names.values():
            name, number = f"{wanted[header]} ({number})", number + 1
        names[header] = name
    told = _choices_joined(frame, names)
    kept = {old: new for old, new in names.items() if old in told.columns}
    return told.rename(kept), {new: old for old, new in kept.items()}


def _wanted(header: str) -> str:
    split = _PART.match(header)
    if not split:
        return _name(header) or header.rpartition("/")[2] or header
    of = _name(f"{split['path'] or ''}{split['name']}") or _name(split["name"]) or split["name"]
    return f"_{of}_{split['part']}"


def _choices_joined(frame: pl.DataFrame, names: dict[str, str]) -> pl.DataFrame:
    """Take the columns "question/choice" out; where no column "question" sums them up, make one."""
    headers = frame.columns
    groups: dict[str, list[str]] = {}
    for header in headers:
        question, slash, _ = header.rpartition("/")
        if slash and not _name(header) and _is_flag(frame[header]):
            groups.setdefault(question, []).append(header)
    for question, columns in groups.items():
        if len(columns) < 2 and question not in headers:
            continue
        if question not in headers:
            chosen = [
                pl.when(pl.col(c).str.to_lowercase().is_in(_YES)).then(pl.lit(c.rpartition("/")[2]))
                for c in columns
            ]
            summed = pl.concat_str(chosen, separator=" ", ignore_nulls=True)
            frame = frame.with_columns(pl.when(summed != "").then(summed).alias(question))
            plain = _name(question) or question.rpartition("/")[2]
            names[question] = question if plain in names.values() else plain
        frame = frame.drop(columns)
    return frame


def _is_flag(cells: pl.Series) -> bool:
    said = set(cells.drop_nulls().str.to_lowercase().unique().to_list())
    return bool(said) and said <= {*_YES, "0", "0.0", "false", "no", "non", "faux"}


def is_own_form(frame: pl.DataFrame) -> bool:
    """Whether the columns are those of the form that comes with Toguna."""
    needed = {q.name for q in questions() if q.required and q.event}
    return len(needed & set(frame.columns)) > len(needed) // 2 and "incident_date" in frame.columns


def with_points(frame: pl.DataFrame, name: str) -> pl.DataFrame:
    """Put "NAME lat" and "NAME lon" for a point in one column ("lat lon alt accuracy") or in four."""
    split = [f"_{name}_{part}" for part in ("latitude", "longitude")]
    whole = frame[name] if name in frame.columns else pl.Series(name, [None] * frame.height, dtype=pl.String)
    found = []
    for number, (column, suffix) in enumerate(zip(split, ("lat", "lon"), strict=True), start=1):
        cells = whole.str.extract(_POINT, number)
        # A point that cannot be read is kept as it stands, so that it is told.
        cells = pl.select(pl.coalesce(cells, whole)).to_series()
        if column in frame.columns:
            cells = pl.select(pl.coalesce(frame[column], cells)).to_series()
        found.append(cells.alias(f"{name} {suffix}"))
    spent = [n for n in frame.columns if n == name or ((m := _PART.match(n)) and m["name"] == name)]
    return frame.with_columns(found).drop(spent)
