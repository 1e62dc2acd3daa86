"""Made-up events, and the slow and plain way to search among them."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date, timedelta
from functools import cache
from typing import Any

import polars as pl

from toguna.core.language import Language
from toguna.core.names import EXPORT_COLUMNS, VIOLENCE
from toguna.core.text import words
from toguna.room.search import Called, Query

SCHEMA = {c.name: c.dtype for c in EXPORT_COLUMNS}
ACTORS = [
    {
        "id": "ANSAR",
        "names": {"en": "Ansar Dine", "fr": "Ansar Dine"},
        "aliases": ["Ançar Dine", "Ansar Eddine"],
    },
    {
        "id": "AQIM",
        "names": {"en": "Al-Qaeda in the Maghreb", "fr": "Al-Qaïda au Maghreb"},
        "aliases": ["AQMI"],
    },
    {"id": "ARMY", "names": {"en": "Armed forces", "fr": "Forces armées"}, "aliases": []},
]
CALLED = Called(ACTORS, {"tombouctou": ("Timbuktu",)}, frozenset({"closed"}))
PLACES = [
    ("Gao", "Gao"),
    ("Ménaka", "Gao"),
    ("Tombouctou", "Tombouctou"),
    ("Gaoua", None),
    (None, None),
    ("غاو", "Gao"),
]
NOTES = ["Attack on a hôtel", "Ambush of a convoy", "L'attaque d'un poste", None, '"quoted" OR (NEAR) *']
FIRST = date(2014, 1, 1)


def row(id: str, **said: Any) -> dict[str, Any]:
    """One event with what is said, everything else missing."""
    told = {
        "event_id": id,
        "source": id.partition(":")[0],
        "date_start": FIRST,
        "incident_id": f"incident/{id}",
    }
    return dict.fromkeys(SCHEMA) | told | said


def frame(rows: list[dict[str, Any]]) -> pl.DataFrame:
    """Events from rows."""
    return pl.DataFrame(rows, schema=SCHEMA)


def made(n: int = 200, seed: int = 5) -> Rows:
    """Return events of every kind: many places, sides, dates of several days, missing values."""
    dice = random.Random(seed)
    return Rows(_one(k, dice) for k in range(n))


def _one(k: int, dice: random.Random) -> dict[str, Any]:
    day = FIRST + timedelta(days=dice.randrange(900))
    place, area = dice.choice(PLACES)
    source = dice.choice(["plain", "plain", "closed"])
    return row(
        f"{source}:{k}",
        date_start=day,
        date_end=dice.choice([None, day, day + timedelta(days=dice.randrange(40))]),
        violence=dice.choice([None, "sb", "os"]),
        tactic=dice.choice(["raid", "ied_mine", None]),
        target=dice.choice(["civilians_local", "police_gendarmerie", None]),
        setting=dice.choice(["hotel", None]),
        place=place,
        admin1=area,
        country=dice.choice(["MLI", "BFA", None]),
        perpetrators=dice.choice([None, [], ["ANSAR"], ["AQIM", "ANSAR"], ["Nobody Known"]]),
        responsibility=dice.choice([None, None, "AQIM", "ANSAR+AQIM|ARMY"]),
        side_a=dice.choice([None, "Ansar Dine", "Unknown gunmen"]),
        side_b=dice.choice([None, "Forces armées du Mali"]),
        best=dice.choice([None, 0, 1, 12]),
        lat=dice.choice([None, 16.27, 15.9]),
        lon=dice.choice([-0.04, 2.4]),
        note=dice.choice(NOTES),
        incident_id=f"incident/{k // 2}",
    )


@cache
def _words_of(event_id: str, texts: tuple[str, ...]) -> frozenset[str]:
    return frozenset(word for text in texts for word in words(text))


def _texts(event: dict[str, Any]) -> Iterator[str]:
    yield from (event[c] or "" for c in ("note", "place", "admin1", "admin2", "side_a", "side_b"))
    yield from (VIOLENCE.get(event["violence"] or "", ""), event["violence"] or "")
    for column in ("violence", "event_type", "tactic", "target", "setting"):
        if event[column]:
            yield from (
                event[column].replace("_", " "),
                *(Language(c).word(event[column]) for c in ("en", "fr")),
            )
    if event["admin1"] == "Tombouctou" or event["place"] == "Tombouctou":
        yield "Timbuktu"
    if event["country"]:
        yield from (event["country"], *(Language(c).country(event["country"]) for c in ("en", "fr")))
    for actor_id in who(event):
        known = [a for a in ACTORS if a["id"] == actor_id]
        yield actor_id
        for actor in known:
            yield from (*actor["names"].values(), *actor["aliases"])


def who(event: dict[str, Any]) -> set[str]:
    """Those who are blamed and those who claim."""
    claimed = (event["responsibility"] or "").replace("|", "+").split("+")
    return {*(event["perpetrators"] or []), *(c for c in claimed if c)}


def facet(event: dict[str, Any], name: str) -> str:
    """Value of a facet of a row."""
    return str(event["date_start"].year) if name == "year" else event[name] or "-"


class Rows(list[dict[str, Any]]):
    """Rows that do not fill the screen when a test tells of them."""

    def __repr__(self) -> str:
        return f"{len(self)} rows"


def missed(event: dict[str, Any], query: Query) -> set[str]:
    """What stands against a row, the plain way: names of facets, or "rest"; empty when it is found."""
    last = max(event["date_start"], event["date_end"] or event["date_start"])
    rest = (
        (query.first is None or last >= query.first)
        and (query.last is None or event["date_start"] <= query.last)
        and (query.box is None or _in_box(event, query.box))
        and not (query.open_only and event["source"] == "closed")
        and _has(event, query.text)
        and _in_place(event, query.place)
        and _acts(event, query.actor)
    )
    facets = {f for f, values in query.chosen.items() if values and facet(event, f) not in values}
    return facets if rest else {*facets, "rest"}


def _has(event: dict[str, Any], text: str) -> bool:
    mine = _words_of(event["event_id"], tuple(_texts(event)))
    if text == event["event_id"]:
        return True
    for piece in text.split()[:12]:
        for k, word in enumerate(found := words(piece)):
            begins = piece.endswith("*") and k == len(found) - 1
            there = any(m.startswith(word) for m in mine) if begins else word in mine
            if there is piece.startswith("-"):
                return False
    return True


def _in_place(event: dict[str, Any], place: str) -> bool:
    told = " ".join(event[c] or "" for c in ("place", "admin1", "admin2"))
    if "Tombouctou" in told:
        told += " Timbuktu"
    country = event["country"] or ""
    told += f" {country} {Language('en').country(country)} {Language('fr').country(country)}"
    return set(words(place)) <= set(words(told))


def _acts(event: dict[str, Any], actor: str) -> bool:
    said = words(actor)
    if not actor:
        return True
    if not said:
        return False
    named = {a["id"]: [words(n) for n in (a["id"], *a["names"].values(), *a["aliases"])] for a in ACTORS}
    exact = {i for i, names in named.items() if said in names or i == actor}
    meant = exact or {i for i, names in named.items() if any(set(said) <= set(n) for n in names)}
    sides = " ".join(filter(None, (event["side_a"], event["side_b"], event["responsibility"])))
    return bool(meant & who(event)) or set(said) <= set(words(sides))


def _in_box(event: dict[str, Any], box: tuple[float, float, float, float]) -> bool:
    west, south, east, north = box
    lat, lon = event["lat"], event["lon"]
    return lat is not None and lon is not None and west <= lon <= east and south <= lat <= north
