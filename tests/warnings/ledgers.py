"""Warnings and ledgers to test with."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from toguna.store.home import Home
from toguna.warnings.ledger.book import Ledger
from toguna.warnings.moves import Hand, carry, raise_one
from toguna.warnings.states import Record
from toguna.warnings.types import Area, Basis, Warning

NOW = datetime(2026, 1, 15, 9, tzinfo=UTC)
DAY = date(2015, 11, 24)
SQUARE = ((12.0, -8.0), (12.0, -7.0), (13.0, -7.0), (12.0, -8.0))


def warning(**changes: Any) -> Warning:
    made = Warning(
        theatre="fictia",
        kind="surge",
        level="warning",
        urgency="Immediate",
        severity="Severe",
        certainty="Observed",
        areas=(Area("Nordia", "adm1", (SQUARE,)),),
        start=DAY,
        end=DAY + timedelta(days=183),
        basis=(Basis("shift", "tempo/x/y/area/Nordia", "d" * 64, DAY.isoformat(), "surge-in-an-area"),),
        owner="early warning desk",
        acknowledge_by=DAY + timedelta(days=3),
        deadline=DAY + timedelta(days=14),
        addressees=("prevention desk",),
        escalate_to="head of office",
        headline={"en": "Warning: surge in Nordia", "fr": "Alerte : recrudescence (Nordia)"},
        text={"en": "More attacks than before.", "fr": "Plus d’attaques qu’auparavant."},
    )
    return replace(made, **changes)


def hand(by: str = "analyst", day: int = 0) -> Hand:
    """Somebody who does something so many days after the day of the warning."""
    return Hand(by, NOW, datetime(2015, 11, 24, 12, tzinfo=UTC) + timedelta(days=day))


def ledger(folder: Path) -> Ledger:
    return Ledger(Home(folder / "home"))


def led_to(book: Ledger, *steps: str, made: Warning | None = None) -> Record:
    """Raise a warning and lead it through steps, one day each."""
    record = raise_one(book, made or warning(), hand())
    bodies: dict[str, dict[str, Any]] = {
        "decide": {"act": True, "reason": "guards are needed"},
        "act": {"text": "patrols"},
        "close": {"outcome": "came", "text": "two attacks"},
        "withdraw": {"reason": "an error"},
    }
    for day, step in enumerate(steps, start=1):
        by = "second person" if step == "release" else "analyst"
        record = carry(book, record.id, step, bodies.get(step, {}), hand(by, day))
    return record


WHOLE = ("issue", "acknowledge", "decide", "act", "close")
