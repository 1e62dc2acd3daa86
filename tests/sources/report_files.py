"""Exports of the shipped form as servers write them; every person in them is an invented token."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import xlsxwriter

from toguna.sources.reports.form import choices, questions

SECRETS = (
    "REPORTER-SECRET", "DEVICE-SECRET", "NOTE-SECRET", "CODE-SECRET", "PICTURE-SECRET", "76 12 34",
    "761234", "secret@example.org", "13.123456", "-4.654321",
)  # fmt: skip
"""What no file and no message may hold; the last two are where the reporter stood."""
GROUPS = {"incident_date": "incident/", "place": "incident/where/", "point": "incident/where/"}
PARTS = ("latitude", "longitude", "altitude", "precision")
Answers = dict[str, str]


def report(number: int, **changes: str) -> Answers:
    """One submission: answers by name of the question, and what the server adds."""
    day = changes.get("incident_date", "2015-11-20")
    reporter = changes.pop("reporter", "1")
    return {
        "start": f"{day}T17:00:00.000+00:00",
        "end": f"{day}T17:10:00.000+00:00",
        "today": day,
        "start-geopoint": "13.123456 -4.654321 0 5",
        "username": f"REPORTER-SECRET-{reporter}",
        "deviceid": f"DEVICE-SECRET-{reporter}",
        "phonenumber": f"+223 76 12 34 0{reporter}",
        "consent": "yes",
        "reporter_code": f"CODE-SECRET-{reporter}",
        "incident_date": "2015-11-20",
        "date_known": "day",
        "region": "Mopti",
        "place": "Sévaré",
        "point": "14.53 -4.09 270 8",
        "place_known": "exact",
        "event_type": "armed_attack",
        "tactic": "ambush",
        "target": "national_forces",
        "setting": "road",
        "killed": "3",
        "wounded": "2",
        "description": f"Attaque numéro {number}.",
        "reliability": "B",
        "credibility": "2",
        "sensitivity": "low",
        "_id": str(1000 + number),
        "_uuid": f"00000000-0000-4000-8000-{number:012d}",
        "_submission_time": f"{day}T17:11:00",
        "_notes": "NOTE-SECRET",
        "_submitted_by": "mopti",
        **changes,
    }


def labelled(answers: Answers, lang: str) -> Answers:
    """Say answers and questions by their labels, a point split over four columns beside its own."""
    asked = {q.name: q for q in questions()}
    told: Answers = {}
    for name, text in answers.items():
        question = asked.get(name)
        if question is None or not question.label[lang]:
            told[name] = text
            continue
        label = question.label[lang]
        labels = choices().get(question.list, {})
        told[label] = labels[text][1][lang] if text in labels else text
        if question.type == "geopoint" and text:
            told |= {f"_{label}_{p}": x for p, x in zip(PARTS, text.split(), strict=False)}
    return told


def grouped(answers: Answers) -> Answers:
    """Name questions with the path of their groups, as exports of names do."""
    told: Answers = {}
    for name, text in answers.items():
        told[f"{GROUPS.get(name, '')}{name}"] = text
        if name == "point":
            told |= {f"incident/where/_point_{p}": x for p, x in zip(PARTS, text.split(), strict=False)}
    return told


def write_csv(path: Path, rows: Iterable[Mapping[str, str]], mark: str = ";") -> Path:
    told = list(rows)
    names = list(dict.fromkeys(name for row in told for name in row))
    with path.open("w", encoding="utf-8-sig", newline="") as stream:
        writer = csv.DictWriter(stream, names, delimiter=mark, quoting=csv.QUOTE_ALL)
        writer.writeheader()
        writer.writerows(told)
    return path


def write_json(path: Path, rows: Iterable[Mapping[str, Any]], **page: Any) -> Path:
    """As the API gives it: with an empty status of review, attachments, and a position of the phone."""
    results = [
        {
            **grouped(dict(row)),
            "_id": int(row["_id"]),
            "meta/instanceID": f"uuid:{row['_uuid']}",
            "formhub/uuid": "f0",
            "_validation_status": {},
            "_attachments": [{"download_url": "https://example.org/REPORTER-SECRET-1/PICTURE-SECRET.jpg"}],
            "_geolocation": [13.123456, -4.654321],
            "_tags": [],
            "_notes": [],
        }
        for row in rows
    ]
    told = {"count": len(results), "next": None, "previous": None, "results": results} | page
    path.write_text(json.dumps(told), encoding="utf-8")
    return path


def write_xlsx(path: Path, rows: Iterable[Mapping[str, str]], repeats: Iterable[Mapping[str, str]]) -> Path:
    with xlsxwriter.Workbook(str(path)) as book:
        for name, told in (("Rapport", list(rows)), ("victims", list(repeats))):
            sheet = book.add_worksheet(name)
            names = list(dict.fromkeys(n for row in told for n in row))
            sheet.write_row(0, 0, names)
            for number, row in enumerate(told, start=1):
                sheet.write_row(number, 0, [row.get(n, "") for n in names])
    return path
