"""A small fictional theatre with its events and its assessment, shaped as `toguna assess` writes them."""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import polars as pl

from toguna.core.geography import gid
from toguna.core.names import EVENT_SCHEMA
from toguna.store.theatre import Theatre

AREAS = {
    "Nordia": (0, 6, 8, 10),
    "Centralia": (0, 2, 8, 6),
    "Sudania": (0, -2, 4, 2),
    "Estuaire": (4, -2, 8, 2),
}
NASTY = '<script>alert("x")</script>'


def _square(west: float, south: float, east: float, north: float) -> dict[str, Any]:
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return {"type": "Polygon", "coordinates": [ring]}


def _geojson(path: Path, shapes: dict[str, tuple[tuple[float, float, float, float], str]]) -> Path:
    features = [
        {"type": "Feature", "properties": {"name": n, "country": c}, "geometry": _square(*box)}
        for n, (box, c) in shapes.items()
    ]
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    return path


def theatre(folder: Path) -> Theatre:
    """Write the outlines of the fictional theatre and return it."""
    adm1 = _geojson(folder / "adm1.geojson", {n: (box, "FIC") for n, box in AREAS.items()})
    adm0 = _geojson(
        folder / "adm0.geojson", {"Fictia": ((0, -2, 8, 10), "FIC"), "Elsewhere": ((8, -3, 14, 12), "ELS")}
    )
    return Theatre(
        name="fictia",
        folder=folder / "pack",
        title={"en": "Fictia", "fr": "Fictie"},
        countries=("FIC",),
        settings={
            "subjects": [
                {
                    "id": "raids",
                    "actor_kinds": ["jihadist"],
                    "unattributed": True,
                    "label": {"en": "attacks by armed groups", "fr": "attaques de groupes armés"},
                },
            ]
        },
        tables={"regions": pl.DataFrame(schema=dict.fromkeys(("level", "name", "alt_names"), pl.String))},
        outlines={"adm1": adm1, "adm0": adm0},
    )


def events() -> pl.DataFrame:
    """Return 60 events: northern before 2015, spreading south in 2015, with awkward texts."""
    rows = []
    for i in range(60):
        recent = i >= 30
        day = (
            date(2014, 12, 25) + timedelta(days=5 * (i - 30))
            if recent
            else date(2013, 1, 10) + timedelta(days=22 * i)
        )
        area = ("Nordia", "Centralia", "Sudania", "Estuaire")[i % 4 if recent else i % 7 // 6]
        west, south, east, north = AREAS[area]
        lat, lon = south + (north - south) * (i % 5 + 1) / 6, west + (east - west) * (i % 3 + 1) / 4
        rows.append(
            {
                "event_id": f"chronology:FIC-{i:03d}",
                "source": "chronology",
                "row": i + 1,
                "date_start": day,
                "date_end": day,
                "date_prec": 2 if i % 9 == 0 else 1,
                "published_at": day,
                "violence": None,
                "event_type": "armed_attack",
                "tactic": ("raid", "ied_mine", "siege_hostage")[i % 3],
                "target": ("international_forces", "civilians_local")[i % 2],
                "setting": "village",
                "perpetrators": ["ALPHA"] if i % 4 else ["UNKNOWN"],
                "responsibility": "ALPHA|BETA+GAMMA" if i == 59 else None,
                "side_a": None,
                "side_b": None,
                "best": None if i % 8 == 0 else i % 13,
                "low": i % 13,
                "high": None if i % 8 == 0 else i % 13 + 2,
                "place": NASTY if i == 58 else "=cmd|'calc'!A1" if i == 57 else f"Évêché-{i % 6}",
                "admin1": area,
                "country": "FIC",
                "lat": lat,
                "lon": lon,
                "where_prec": 2 if i % 5 == 0 else 1,
                "gid": int(gid(lat, lon)),
                "confidence": "medium",
                "note": f"Remark {NASTY}" if i == 58 else "Remark.",
                "source_urls": ["https://example.org/a?b=1&c=2", "seed:article.txt", "javascript:alert(1)"],
            }
        )
    return pl.DataFrame(rows, schema_overrides=dict(EVENT_SCHEMA)).select(
        *(pl.col(c) if c in rows[0] else pl.lit(None, dtype=t).alias(c) for c, t in EVENT_SCHEMA.items())
    )


RECENT = {"start": "2014-11-25", "end": "2015-11-24"}
REFERENCE = {"start": "2012-11-25", "end": "2014-11-24"}


def _both(words: str) -> dict[str, str]:
    return {
        "en": words,
        "fr": f"« {words.replace('Sentence of', 'Phrase :').replace('Headline number', 'Phrase')} »",
    }


def _shift(
    name: str, effect: dict[str, Any], numbers: dict[str, Any], *, alarm: bool = True
) -> dict[str, Any]:
    dimension, *_, subject = name.split("/")
    return {
        "id": name,
        "dimension": dimension,
        "subject": subject,
        "source": "chronology",
        "window": RECENT,
        "reference": REFERENCE,
        "effect": {"low": None, "high": None, **effect},
        "p": 0.0004 if alarm else 0.31,
        "q": 0.004 if alarm else 0.5,
        "false_alarms_per_year": 0.12,
        "alarm": alarm,
        "event_ids": [f"chronology:FIC-{i:03d}" for i in range(31, 60, 2)],
        "numbers": numbers,
        "text": _both(f"Sentence of {name} {NASTY}"),
    }


def _category(name: str, before: int, now: int) -> dict[str, Any]:
    gap = now / 30 - before / 30
    return {
        "category": name,
        "reference": before,
        "recent": now,
        "reference_share": before / 30,
        "recent_share": now / 30,
        "difference": gap,
        "low": gap - 0.12,
        "high": gap + 0.1,
        "p": 0.02,
    }


def shifts() -> list[dict[str, Any]]:
    """Return shifts of several dimensions, with and without alarm."""
    mix = [_category("raid", 20, 8), _category("ied_mine", 6, 12), _category("siege_hostage", 4, 10)]
    steps = [date(2012, 11, 24) + timedelta(days=30 * i) for i in range(36)]
    tempo = {
        "counts": [i % 4 + (3 if i > 26 else 0) for i in range(36)],
        "step_starts": [d.isoformat() for d in steps],
    }
    move = {"from": [8.0, 3.0], "to": [3.0, 4.0], "bearing": 170.0, "direction": "south"}
    return [
        _shift(
            "spread/chronology/raids/centre",
            {"value": 560.4, "unit": "km", "low": 410.0, "high": 700.0},
            move,
        ),
        _shift(
            "fronts/chronology/raids/Sudania",
            {"value": 8.0, "unit": "events"},
            {"level": "admin1", "area": "Sudania", "caveat": _both("Coverage is uneven.")},
        ),
        _shift(
            "tactics/chronology/raids/tactic",
            {"value": 22.5, "unit": "percentage points", "low": 9.0, "high": 31.0},
            {"categories": mix},
        ),
        _shift(
            "targets/chronology/raids/target",
            {"value": 4.5, "unit": "percentage points"},
            {"categories": mix[:2]},
            alarm=False,
        ),
        _shift(
            "tempo/chronology/raids/all",
            {"value": 1.7, "unit": "times the earlier rate", "low": 1.1, "high": 2.6},
            tempo,
        ),
        _shift(
            "reach/chronology/raids/ALPHA",
            {"value": 12.0, "unit": "km", "low": -3.0, "high": 40.0},
            {},
            alarm=False,
        ),
    ]


def genealogy() -> dict[str, Any]:
    """Return four organisations and their relations."""
    kinds = {"ALPHA": "jihadist", "BETA": "jihadist", "GAMMA": "separatist", "UNKNOWN": "unknown"}
    nodes = [
        {
            "id": k,
            "name": f"{k.title()} front",
            "kind": kind,
            "family": k,
            "active_from": f"{2011 + i}",
            "active_to": None,
            "status": "new since" if k == "BETA" else "active",
        }
        for i, (k, kind) in enumerate(kinds.items())
    ]
    edges = [
        {
            "id": "r1",
            "source": "BETA",
            "target": "ALPHA",
            "kind": "allegiance_to",
            "start": "2015-01",
            "end": None,
            "contested": True,
            "change": "began",
        },
        {
            "id": "r2",
            "source": "GAMMA",
            "target": "ALPHA",
            "kind": "rivalry",
            "start": "2013",
            "end": "2015-02",
            "contested": False,
            "change": "ended",
        },
    ]
    return {"on": "2015-11-24", "since": "2014-11-25", "nodes": nodes, "edges": edges}


def recurrence() -> list[dict[str, Any]]:
    """Return the chances of one question within 3 and 12 months."""
    rows = []
    for months, p, low, high, expected in ((3, 0.41, 0.2, 0.66, 0.53), (12, 0.88, 0.6, 0.998, 2.1)):
        models = {
            "constant rate": {
                "probability": p / 2,
                "expected": expected / 2,
                "ignorance": 0.61,
                "brier": 0.2,
            },
            "last year's rate": {
                "probability": p / 3,
                "expected": expected,
                "ignorance": 0.66,
                "brier": 0.21,
            },
            "self-exciting": {"probability": p, "expected": expected, "ignorance": 0.52, "brier": 0.17},
        }
        rows.append(
            {
                "id": f"recurrence/south/{months}",
                "question": "south",
                "label": {"en": "attack in Sudania", "fr": "attaque en Sudania"},
                "subject": "raids",
                "source": "chronology",
                "left_out": 0,
                "place": "Sudania",
                "kind": {"setting": ["hotel"]},
                "horizon_months": months,
                "probability": p,
                "low": low,
                "high": high,
                "expected": expected,
                "model": "self-exciting",
                "as_of": "2015-11-24",
                "since": "2013-01-10",
                "events": 60,
                "alike": 9,
                "here": 8,
                "alike_here": 2,
                "record": {"models": models, "origins": 4, "forecasts": 96, "happened": 31},
                "event_ids": ["chronology:FIC-033", "chronology:FIC-059"],
                "text": _both(f"Sentence of recurrence {months}."),
            }
        )
    return rows


def similar() -> list[dict[str, Any]]:
    """Return two earlier attacks like the last one."""
    stated = (
        ("chronology:FIC-056", "2015-05-04", 0.62, "unknown"),
        ("chronology:FIC-031", "2014-12-30", 0.4, "other"),
    )
    return [
        {
            "id": "similar/chronology:FIC-059",
            "event_id": "chronology:FIC-059",
            "date": "2015-05-19",
            "place": "Évêché-5",
            "deaths": {"best": 7, "low": 7, "high": 9},
            "compared": 59,
            "earlier": [
                {
                    "event_id": event,
                    "date": day,
                    "place": NASTY,
                    "probability": p,
                    "stated": blamed,
                    "judged": _both("Sentence of judgement"),
                    "why": _both("Sentence of reasons"),
                    "reasons": [{"trait": "place", "value": 12.0, "weight": 0.4}],
                }
                for event, day, p, blamed in stated
            ],
            "series": [
                {"event_id": "chronology:FIC-056", "date": "2015-05-04", "place": "Évêché-2"},
                {"event_id": "chronology:FIC-059", "date": "2015-05-19", "place": "Évêché-5"},
            ],
            "fitted_on": {"pairs": 400, "same": 150},
        }
    ]


def similar_record() -> dict[str, Any]:
    """Return a record in which likeness loses against place and time alone."""
    share = {"value": 0.4, "unit": "share", "low": 0.3, "high": 0.5}
    precision = {name: {"1": share, "3": share} for name in ("likeness", "place-and-time", "chance")}
    lost = {"value": -0.03, "unit": "share", "low": -0.1, "high": 0.05}
    return {
        "attacks": 24,
        "pairs": 300,
        "precision": precision,
        "gain": {"1": lost, "3": lost},
        "brier": dict.fromkeys(precision, 0.21),
        "reliability": [],
    }


def doing() -> dict[str, Any]:
    """Return what is being done: one measure after violence, a change of the first place, one post."""
    match = {"share": 0.25, "expected": 0.25, "correlation": 0.1, "p": 0.4}
    shares = [{"jihadist": 0.3, "separatist": 0.7}, {"jihadist": 0.6, "separatist": 0.3, "unattributed": 0.1}]
    near = {"attacks": 4, "deaths": 7, "placed": 4, "within": {"10": 0.25, "30": 0.5}}
    return {
        "response_timing": {
            "counts": {"after": 1, "before": 0, "apart": 0, "open": 1},
            "within_days": 30,
            "expected_after": 0.5,
            "p_after": 0.04,
            "median_delay": 3.0,
            "grave_from": 12.0,
            "spending": {"after": 30.0, "before": 10.0},
            "costs_stated": 1,
            "coverage": {
                "period_days": 90,
                "following": match,
                "preceding": match | {"share": 0.5, "p": 0.01},
            },
        },
        "threat_priority": {
            "following_days": 180,
            "deaths": {
                "months": ["2015-10", "2015-11"],
                "shares": shares,
                "totals": [40.0, 50.0],
                "ranking": ["jihadist", "separatist"],
                "unknown": 1,
                "changes": [
                    {"month": "2015-10", "risen": "jihadist", "fallen": "separatist", "rank": 1,
                     "probability": 0.97, "responses": ["RSP-1"], "before": 0},
                ],
            },
        },
        "protection": {
            "civilians": near,
            "near_km": 30,
            "by_force": [{"force": "Mission", "towns": ["Nordia"], "near": 0.5}],
            "forces": [{"target": "international_forces", **near}],
            "people": {"within_km": {"30": 0.4}, "within_hours": {"2": 0.5}},
            "areas": [{"area": "Nordia", "posts": 1, "people": 1000.0, "attacks": 4, "share": 1.0,
                       "forecast": 2.0, "forecast_share": 1.0}],
            "undated": 1,
            "ended": 0,
            "road_ratio": 1.3,
            "road_pairs": 9,
            "speed_km_h": 40.0,
            "missing": ["population_by_place"],
        },
    }  # fmt: skip


def warnings() -> list[dict[str, Any]]:
    """One warning that was answered, one proposal."""
    told = {
        "kind": "surge", "level": "warning", "urgency": "Immediate", "severity": "Severe",
        "certainty": "Observed", "areas": ["Nordia"], "actors": [],
        "start": "2015-06-01", "end": "2015-12-31",
        "acknowledge_by": "2015-06-04",
        "deadline": "2015-06-15", "owner": "early warning desk",
        "addressees": ["prevention desk"], "escalate_to": "head of office", "sensitivity": "addressees",
        "options": [], "options_note": None, "basis": [], "lessons": [], "actions": [],
    }  # fmt: skip
    answered = {
        "id": "fictia-0001", "status": "closed", "headline": _both("Alpha"),
        "text": _both("Beta."), "times": {"issued": "2015-06-01T12:00:00+00:00"},
        "decision": {"act": False, "reason": NASTY, "at": "2015-06-20T12:00:00+00:00"},
        "outcome": {"outcome": "came", "text": "two attacks", "at": "2015-08-01T12:00:00+00:00"},
    }  # fmt: skip
    proposed = {
        "id": "warning/surge/nordia", "status": "proposal", "headline": _both("Gamma"),
        "text": _both("Delta."), "times": {}, "decision": None, "outcome": None,
        "lessons": ["fictia-lesson-0001"],
    }  # fmt: skip
    return [told | answered, told | proposed]


def lessons() -> list[dict[str, Any]]:
    """One lesson, which fits the proposal."""
    about = {"theatre": "fictia", "kind": "surge", "areas": ["Nordia"], "actors": []}
    return [
        {
            "id": "fictia-lesson-0001", "at": "2015-08-02T12:00:00+00:00", "situation": about,
            "warning": "fictia-0001", "decision": "do not act: no means", "action": "", "outcome": "came",
            "appraisal": "", "change": "Ask for means earlier.", "headline": _both("Alpha"),
        }
    ]  # fmt: skip


def assessment() -> dict[str, Any]:
    """Return the whole assessment of the fictional theatre."""
    tested = shifts()
    deaths = {"best": 310, "low": 290, "high": 402, "unknown": 8}
    return {
        "theatre": {"name": "fictia", "title": {"en": "Fictia", "fr": "Fictie"}, "countries": ["FIC"]},
        "as_of": "2015-11-24",
        "windows": {"recent": RECENT, "reference": REFERENCE},
        "run": {
            "digest": "ab" * 32,
            "seed": 1,
            "code_version": "0.1.0",
            "generated_at": "2026-01-01T00:00:00Z",
            "inputs": [{"name": "incidents.csv", "sha256": "cd" * 32, "rows": 61}],
            "parameters": {
                "viewpoint": {
                    "name": "standard",
                    "releases": "annual-first",
                    "incidents": "apart",
                    "spread": "none",
                }
            },
        },
        "data": [
            {
                "source": "chronology",
                "version": "",
                "read": 61,
                "accepted": 60,
                "quarantined": 1,
                "events": 60,
                "deaths": deaths,
                "sha256": "ef" * 32,
                "published_at": "2015-11-24",
                "licence": "CC-BY-4.0",
                "redistribute": True,
                "citation": "The chronology",
                "vintage": "as published",
                "coverage": "uneven",
                "coverage_note": _both("More rows in 2015."),
            }
        ],
        "headline": [
            {
                "id": f"h{i}",
                "text": _both(f"Headline number {i}."),
                "number": i,
                "uncertainty": _both("90 % interval 1 to 9"),
                "why": ["spread/chronology/raids/centre"],
            }
            for i in range(5)
        ],
        "actors": [
            {
                "id": n["id"],
                "name": n["name"],
                "aliases": [f"={n['id']} alias"],
                "kind": n["kind"],
                "family": n["family"],
                "active_from": n["active_from"],
                "active_to": None,
                "status": n["status"],
                "n_events": 3,
                "sources": [],
            }
            for n in genealogy()["nodes"]
        ],
        "genealogy": genealogy(),
        "responsibility": [
            {
                "event_id": "chronology:FIC-059",
                "rule": "weights by claims",
                "probabilities": {"ALPHA": 0.6, "BETA": 0.3},
                "statements": [
                    {"actors": ["ALPHA"], "basis": "claimed", "probability": 0.6},
                    {"actors": ["BETA", "GAMMA"], "basis": "blamed", "probability": 0.3},
                ],
                "none": 0.1,
            }
        ],
        "shifts": [s for s in tested if s["alarm"]],
        "tested": [s for s in tested if not s["alarm"]],
        "false_alarms": {
            "chronology/raids": {
                "per_dimension": {"spread": {"per_year": 0.12, "low": 0.05, "high": 0.2}},
                "threshold": 0.05,
                "worlds": 40,
            }
        },
        "claims": [
            {
                "id": "c1",
                "statement": _both(f"It moved south. {NASTY}"),
                "verdict": "supported",
                "numbers": {"km": 560},
                "event_ids": [],
                "text": _both("The centre moved."),
            }
        ],
        "areas": [
            {"level": "admin1", "name": "Sudania", "status": "new", "recent": 8, "reference": 0, "p": 0.001},
            {
                "level": "admin1",
                "name": "Estuaire",
                "status": "re-activated",
                "recent": 7,
                "reference": 1,
                "p": 0.02,
            },
            {
                "level": "admin1",
                "name": "Nordia",
                "status": "active",
                "recent": 8,
                "reference": 26,
                "p": None,
            },
        ],
        "responses": [
            {
                "id": "RSP-1",
                "date_start": "2013-06-01",
                "date_end": "2014-02-01",
                "kind": "military_operation",
                "place": "Nordia",
                "admin1": "Nordia",
                "actor": "Government",
                "note": "@sum",
                "recommendation": False,
                "sources": [],
                "area": "Nordia",
                "when": "after",
                "before": [{"kind": "attack", "id": "fictional:1", "delay": 3}],
            },
            {
                "id": "RSP-2",
                "date_start": "2015-11-24",
                "date_end": "2015-11-24",
                "kind": "social_services",
                "place": None,
                "admin1": None,
                "actor": None,
                "note": "Advice.",
                "recommendation": True,
                "sources": [],
            },
        ],
        **doing(),
        "findings": [
            {
                "code": "deaths-out-of-order",
                "severity": "failure",
                "table": "incidents.csv",
                "row": 3,
                "field": "deaths_low",
                "found": "9 > 4",
                "expected": "low <= best",
                "repair": "Check the page.",
            }
        ],
        "completeness": {
            "chronology": {
                "known": True,
                "step_days": 30,
                "steps": 40,
                "events": 180,
                "share": [0.31, 0.82, 1.0],
                "low": [0.2, 0.7, 1.0],
                "high": [0.45, 0.9, 1.0],
                "deaths": [0.4, 0.9, 1.0],
            }
        },
        "revisions": [],
        "months": [
            {
                "source": "chronology",
                "month": "2015-11",
                "area": "Bamako",
                "events": 1.0,
                "best": 22,
                "low": 21,
                "high": 27,
                "unknown": 0.0,
            },
            {
                "source": "chronology",
                "month": "2015-11",
                "area": None,
                "events": 0.5,
                "best": 0,
                "low": 0,
                "high": 0,
                "unknown": 0.5,
            },
        ],
        "events_counted": 60,
        "recurrence": recurrence(),
        "similar": similar(),
        "similar_record": similar_record(),
        "warnings": warnings(),
        "warnings_restricted": 1,
        "lessons": lessons(),
        "notes": {
            "quarantined": 1,
            "within_wider_events": 0,
            "recurrence/north": _both("Sentence of a question without an answer."),
        },
    }
