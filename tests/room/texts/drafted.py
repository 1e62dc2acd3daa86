"""A text that never was, and a reader that always reads the same of it: quick, and true to its offsets."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from toguna.accounts.rights import Principal, Role
from toguna.core.language import Language
from toguna.reading.documents import Text, titled
from toguna.reading.drafts import DraftIncident, DraftRelation, DraftResponse, Drafts, Field
from toguna.room.reporting.places import Gazetteer
from toguna.room.reporting.questionnaire import Rules
from toguna.room.texts.decide import Reviewer, Verdict
from toguna.room.texts.fields import answers_of, corrections, proposed
from toguna.room.texts.intake import TextSent, take
from toguna.room.texts.shelf import Draft, TextRead, text_read
from toguna.store.home import Home

NOW = datetime(2015, 11, 24, 10, tzinfo=UTC)
TODAY = date(2015, 11, 24)
ANA, BEN = (Principal(Role.ANALYST, n, name, via="session") for n, name in ((9, "ana"), (10, "ben")))
WORDS = (
    "Five soldiers were killed on Friday in an ambush near Sévaré, the ministry said. MUJAO claimed the "
    "attack, and is now allied with Ansar Dine. A state of emergency of ten days was declared."
)


def at(words: str, within: str = WORDS) -> tuple[tuple[int, int], ...]:
    start = within.index(words)
    return ((start, start + len(words)),)


def field(value: Any, words: str, chance: float = 0.8, **more: Any) -> Field:
    return Field(value, at(words), chance, "word", features=("explicit",), **more)


FIELDS = {
    "date_start": field("2015-11-20", "Friday", 0.99),
    "date_end": field("2015-11-20", "Friday", 0.99),
    "date_precision": field("day", "Friday", 0.99),
    "place": field("Sévaré", "Sévaré", 0.95, alternatives=("Sare (MLI)",)),
    "admin1": field("Mopti", "Sévaré", 0.95),
    "country": field("MLI", "Sévaré", 0.95),
    "latitude": field(14.5333, "Sévaré", 0.95),
    "longitude": field(-4.1, "Sévaré", 0.95),
    "event_type": field("battle", "ambush", 0.5),
    "tactic": field("ambush", "ambush", 0.9),
    "target_class": field("national_forces", "soldiers", 0.9),
    "perpetrator": field("MUJAO", "MUJAO", 0.7),
    "claimed_by": field("MUJAO", "MUJAO claimed", 0.7),
    "killed_low": field(5, "Five soldiers", 0.8, history=(3,)),
    "killed_best": field(5, "Five soldiers", 0.8),
    "killed_high": field(5, "Five soldiers", 0.8),
    "killed_forces": field(5, "Five soldiers", 0.8),
}


class Parrot:
    """Says the same of every text."""

    name = "rules"

    def __init__(self, known: str | None = None, **changes: Field | None) -> None:
        told = {k: v for k, v in (FIELDS | changes).items() if v is not None}
        self.incident = DraftIncident(True, 0.9, at(WORDS.split(". ", maxsplit=1)[0]), told, known)

    def read(self, text: Text, *, lang: str = "auto", published: date | None = None) -> Drafts:
        pair = field("MUJAO", "MUJAO"), field("ANSAR_DINE", "Ansar Dine")
        tie = DraftRelation("alliance", *pair, at("allied"), 0.7, "tie")
        days = {"days": field(10, "ten days"), "place": field("Bamako", "emergency")}
        measure = DraftResponse("state_of_emergency", "security", recommended=False, spans=at("state"),
                                confidence=0.7, rule="measure", fields=days)  # fmt: skip
        wish = DraftResponse(
            "dialogue", "security", recommended=True, spans=at("now"), confidence=0.5, rule="m"
        )
        return Drafts("rules", "en", published or TODAY, (self.incident,), (tie,), (measure, wish))

    def features(self, text: Text, **_: Any) -> list[tuple[DraftIncident, list[str]]]:
        return [(self.incident, ["toll", "weapon"])]


def sent(number: int = 1, **changes: Any) -> TextSent:
    told: dict[str, Any] = {
        "uuid": str(UUID(int=number)), "theatre": "mali", "text": titled(WORDS), "published": TODAY,
        "source": "https://example.org/a", "keep_words": False, "reliability": "B", "credibility": "2",
        "sensitivity": "low",
    }  # fmt: skip
    return TextSent(**(told | changes))


def taken(home: Home, number: int = 1, reader: Any = None, **changes: Any) -> TextRead:
    return read_again(home, take(home, sent(number, **changes), reader or Parrot(), by="ana", now=NOW))


def read_again(home: Home, number: int) -> TextRead:
    found = text_read(home, "mali", number)
    assert found is not None
    return found


def by(who: Principal = ANA) -> Reviewer:
    return Reviewer(who, NOW, TODAY)


def accepting(
    text: TextRead, draft: Draft, gazetteer: Gazetteer, *, same_as: str = "", **changes: str
) -> Verdict:
    """Accept an incident as it was proposed, with changes."""
    given = proposed(draft) | changes
    rules = Rules(Language("en"), TODAY, gazetteer, graded=True)
    found, said = answers_of(text, draft, given, rules)
    assert found.wrong == {}
    return Verdict(act="accepted", version=draft.version, answers=found.answers, decided=said,
                   corrections=corrections(draft, said), same_as=same_as)  # fmt: skip


def rejecting(draft: Draft, why: str = "misread", reason: str = "") -> Verdict:
    return Verdict(act="rejected", version=draft.version, why=why, reason=reason)
