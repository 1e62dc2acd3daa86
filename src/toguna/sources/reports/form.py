"""The form that comes with Toguna, from two small tables beside this file, and how its answers are read.

Enters: form.csv and choices.csv. Leaves: an XLSForm, or the mapping of its answers. Called by
`toguna.sources.reports.source` and ``toguna reports form``.

References
----------
XLSForm, https://xlsform.org: sheets survey, choices, settings; labels by language.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

from toguna.core.errors import StoreError
from toguna.core.language import LANGUAGES, Language
from toguna.sources.table.mapping import Mapping
from toguna.store.vocabulary import VOCABULARIES

__all__ = [
    "FORM_VERSION",
    "TOLD_BY_TEXTS",
    "Question",
    "choices",
    "form_mapping",
    "questions",
    "write_form",
]

FORM_VERSION = "2"
TOLD_BY_TEXTS = {
    "date_end": "incident_end",
    "deaths_attackers": "killed_attackers",
    "deaths_security": "killed_security",
    "deaths_international": "killed_international",
    "responsibility": "claimed_by",
    "source_urls": "text_address",
}
"""Event columns that nobody is asked for and that texts read in the room tell: the answer that fills each."""
_TITLES = {"en": "Incident report", "fr": "Rapport d'incident"}
_NAMES = {"en": "English (en)", "fr": "Français (fr)"}


@dataclass(frozen=True, slots=True)
class Question:
    """One row of the form: its type, name, the event column it fills, labels and hints by language."""

    type: str
    name: str
    event: str
    required: bool
    label: dict[str, str]
    hint: dict[str, str]

    @property
    def list(self) -> str:
        """The list of choices; "" for other types."""
        return self.type.partition(" ")[2]


def _rows(name: str) -> Iterator[dict[str, str]]:
    text = resources.files("toguna.sources.reports").joinpath(name).read_text(encoding="utf-8")
    return csv.DictReader(text.splitlines())


@cache
def questions() -> tuple[Question, ...]:
    """Return the questions in the order of the form."""
    return tuple(
        Question(
            type=row["type"],
            name=row["name"],
            event=row["event"],
            required=row["required"] == "yes",
            label={code: row[f"label_{code}"] for code in LANGUAGES},
            hint={code: row[f"hint_{code}"] for code in LANGUAGES},
        )
        for row in _rows("form.csv")
    )


@cache
def choices() -> dict[str, dict[str, tuple[str, dict[str, str]]]]:
    """Return the choices: by list and name, the word of the event column and the label by language."""
    found: dict[str, dict[str, tuple[str, dict[str, str]]]] = {}
    for row in _rows("choices.csv"):
        label = {code: row[f"label_{code}"] for code in LANGUAGES}
        found.setdefault(row["list"], {})[row["name"]] = (row["value"], label)
    for name in {q.list for q in questions()} - {"", *found}:
        said = {word: {code: Language(code).word(word) for code in LANGUAGES} for word in VOCABULARIES[name]}
        found[name] = {word: (word, label) for word, label in said.items()}
    return found


@cache
def form_mapping() -> Mapping:
    """Say what the answers mean, whether an export gives names of choices or labels in any language."""
    asked = [question for question in questions() if question.event]
    values = {
        q.event: {
            word: value
            for name, (value, label) in choices()[q.list].items()
            for word in (name, *label.values())
        }
        for q in asked
        if q.list
    }
    columns = {q.event: [q.name] for q in asked} | {"lat": ["point lat"], "lon": ["point lon"]}
    columns |= {event: [name] for event, name in TOLD_BY_TEXTS.items()}
    return Mapping(columns=columns, values=values)


def write_form(path: Path, *, lang: str = "en") -> Path:
    """Write the form as an XLSForm workbook.

    Parameters
    ----------
    path : Path
        Where to; an existing file is replaced.
    lang : {"en", "fr"}
        Language that the form opens in; both are in it.

    Raises
    ------
    StoreError
        The file cannot be written.
    """
    import xlsxwriter

    try:
        with xlsxwriter.Workbook(str(path)) as book:
            for name, rows in (("survey", _survey()), ("choices", _choices()), ("settings", _settings(lang))):
                _write(book.add_worksheet(name), rows)
    except (OSError, xlsxwriter.exceptions.XlsxWriterException) as error:
        raise StoreError(f"{path} cannot be written: {error}.") from None
    return path


def _write(sheet: Any, rows: Iterator[list[str]]) -> None:
    for number, row in enumerate(rows):
        sheet.write_row(number, 0, row)
    sheet.freeze_panes(1, 0)


def _survey() -> Iterator[list[str]]:
    labels = [f"label::{_NAMES[code]}" for code in LANGUAGES]
    hints = [f"hint::{_NAMES[code]}" for code in LANGUAGES]
    yield ["type", "name", *labels, *hints, "required", "relevant", "constraint", "appearance"]
    for q in questions():
        meta = not q.label["en"]
        # Without consent nothing else is asked.
        relevant = "" if meta or q.name == "consent" else "${consent} = 'yes'"
        constraint = {"integer": ". >= 0", "date": ". <= today()"}.get(q.type, "")
        appearance = "placement-map" if q.type == "geopoint" else ""
        yield [
            q.type, q.name, *(q.label[c] for c in LANGUAGES), *(q.hint[c] for c in LANGUAGES),
            "yes" if q.required else "", relevant, constraint, appearance,
        ]  # fmt: skip


def _choices() -> Iterator[list[str]]:
    yield ["list_name", "name", *(f"label::{_NAMES[code]}" for code in LANGUAGES)]
    for list_name in dict.fromkeys(q.list for q in questions() if q.list):
        for name, (_, label) in choices()[list_name].items():
            yield [list_name, name, *(label[code] for code in LANGUAGES)]


def _settings(lang: str) -> Iterator[list[str]]:
    code = Language(lang).code
    yield ["form_title", "form_id", "version", "default_language"]
    yield [_TITLES[code], "toguna_incident_report", FORM_VERSION, _NAMES[code]]
