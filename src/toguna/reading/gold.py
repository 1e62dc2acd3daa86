"""Labelled texts: what a careful reader found in them, and how drafts compare with that.

Enters: a file of labels (JSON lines) and drafts. Leaves: `Label` values, pairs of drafts and labelled
events, and which fields agree. Called by `toguna read --train` and by ``bench.reading``.

A label is one line::

    {"id", "lang", "pub_date", "negative", "events": [{"date", "place", "admin1", "country", "event_type",
     "tactic", "target_class", "killed_low", "killed_high", "killed_attackers", "wounded", "hostages",
     "perpetrator", "claimed_by", "main"}]}

A label that also has ``examples`` (kind, features, right; as ``toguna read --examples`` writes them) says by
itself what it teaches, and needs no text.

A draft matches an event when their days are at most one apart and their places lie within 25 km, in one
second-level area, or bear one name. Where the label names no place, area and country decide.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from rapidfuzz import fuzz

from toguna.core.errors import DataError
from toguna.core.text import fold
from toguna.reading.drafts import DraftIncident
from toguna.reading.gazetteer import country_names
from toguna.reading.lexicon import hits
from toguna.reading.marks import Setting
from toguna.reading.plain import folded
from toguna.reading.training import Example

__all__ = [
    "ALIKE",
    "FIELDS",
    "Label",
    "agreement",
    "day_fits",
    "dead_fit",
    "pairs",
    "place_of",
    "read_labels",
    "same_actors",
    "same_day",
    "same_place",
    "takes_place",
]  # fmt: skip

FIELDS = (
    "date", "place", "killed_low", "killed_high", "killed_attackers", "wounded", "hostages",
    "tactic", "target_class", "perpetrator", "claimed_by",
)  # fmt: skip
DAYS_APART = 1
ALIKE = 85  # of 100: spellings of one unlisted name, by rapidfuzz's ratio
_UNNAMED = ("unknown", "none", "unidentified", "unnamed", "null", "inconnu")


@dataclass(frozen=True)
class Label:
    """What one text tells, by hand: its id, language, day of publication, and events as in the module.

    `examples` are what reviewers decided on drafts of it; empty for texts that were labelled whole.
    `weight` is how often it counts when weights are fitted. `elsewhere` has days of events, by their number,
    that are known from other texts and that this one does not tell.
    """

    id: str
    lang: str
    published: date | None
    negative: bool
    events: tuple[Mapping[str, Any], ...]
    examples: tuple[Example, ...] = ()
    weight: float = 1.0
    elsewhere: Mapping[int, str] = field(default_factory=dict)


def read_labels(path: Path) -> list[Label]:
    """Read a file of labels.

    Raises
    ------
    DataError
        When it cannot be read, or a line is no label; the message names the line.
    """
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise DataError(f"{path} cannot be read as UTF-8 text ({error}).") from None
    return [_label(line, path, n) for n, line in enumerate(lines, start=1) if line.strip()]


def _label(line: str, path: Path, number: int) -> Label:
    try:
        row = json.loads(line)
        events = tuple(row.get("events") or ())
        published = date.fromisoformat(row["pub_date"]) if row.get("pub_date") else None
        if not all(isinstance(e, Mapping) for e in events):
            raise TypeError("an event is no object")
        negative = bool(row.get("negative", not events))
        examples = tuple(
            Example(str(e["kind"]), frozenset(map(str, e["features"])), bool(e["right"]))
            for e in row.get("examples") or ()
        )
        lang, weight = str(row.get("lang") or "auto"), float(row.get("weight", 1))
        elsewhere = {int(o["event"]): str(o["date"]) for o in row.get("elsewhere") or ()}
        return Label(str(row["id"]), lang, published, negative, events, examples, weight, elsewhere)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise DataError(
            f"{path} line {number} is no label ({type(error).__name__}: {error}); expected an object with "
            "id, lang, pub_date, negative and events."
        ) from None


def _days(text: Any) -> date | None:
    try:
        return date.fromisoformat(str(text)[:10])
    except ValueError:
        return None


def same_day(draft: DraftIncident, event: Mapping[str, Any]) -> bool:
    """Say whether a draft's days come within one of a labelled day; a label to the month, within it."""
    first, last = _days(draft.value("date_start")), _days(draft.value("date_end"))
    told = (first, last or first, str(draft.value("date_precision"))) if first else None
    return day_fits(told, str(event.get("date") or ""))


def day_fits(own: tuple[date, date, str] | None, told: str) -> bool:
    """Say whether days (first, last, how exact) come within one of a labelled day, month or year (ISO)."""
    if not told or own is None:
        return not told
    day = _days(told)
    if day is None:
        return own[0].isoformat().startswith(told)
    near = min(abs((d - day).days) for d in own[:2])
    return near <= DAYS_APART or (own[2] != "day" and own[0] <= day <= own[1])


def place_of(event: Mapping[str, Any]) -> str:
    """Return where a labelled event was: its place, or its region where the text names nothing smaller."""
    return str(event.get("place") or event.get("admin1") or "")


def same_place(a: str, b: str, setting: Setting) -> bool:
    """Say whether two names mean one place: near one another, or spelt alike where one is not known."""
    x, y = fold(a), fold(b)
    if not x or not y:
        return False
    if x == y or setting.gazetteer.near(a, b):
        return True
    shorter, longer = sorted((x, y), key=len)
    if len(shorter) >= 4 and f" {shorter} " in f" {longer} ":
        return True
    return len(shorter) >= 4 and fuzz.ratio(x, y) >= ALIKE


def takes_place(draft: DraftIncident, event: Mapping[str, Any], setting: Setting) -> bool:
    """Say whether a draft is where an event is: its place, its area, or its country where none is told."""
    own, told = str(draft.value("place") or ""), str(event.get("place") or "")
    area, region = str(draft.value("admin1") or ""), str(event.get("admin1") or "")
    if told and own:
        return same_place(own, told, setting) or _same_area(draft, event, told)
    if region and (area or own):
        return same_place(area or own, region, setting)
    country = str(event.get("country") or "")
    same = country_names().get(fold(country), country) == draft.value("country")
    return not country or (same and not told)


def _same_area(draft: DraftIncident, event: Mapping[str, Any], told: str) -> bool:
    """Accept the second-level area of a place for the place, in either direction."""
    second = str(draft.value("admin2") or "")
    labelled = str(event.get("admin2") or "")
    return bool(second) and fold(second) in (fold(labelled), fold(told))


def pairs(
    drafts: Sequence[DraftIncident], events: Sequence[Mapping[str, Any]], setting: Setting
) -> list[tuple[int, int]]:
    """Pair drafts with labelled events, each at most once: the pairs that agree in most fields first."""
    scored = [
        (sum(agreement(d, e, setting)[f] is True for f in FIELDS) + bool(e.get("main", True)), i, j)
        for i, d in enumerate(drafts)
        for j, e in enumerate(events)
        if same_day(d, e) and takes_place(d, e, setting)
    ]
    found: list[tuple[int, int]] = []
    for _, i, j in sorted(scored, key=lambda s: (-s[0], s[1], s[2])):
        if all(i != a and j != b for a, b in found):
            found.append((i, j))
    return sorted(found)


def agreement(draft: DraftIncident, event: Mapping[str, Any], setting: Setting) -> dict[str, bool | None]:
    """Compare a draft with the labelled event, field by field; None where the label is silent on both sides.

    Deaths agree when they are equal
    with the attackers' dead counted, as in the tables, or without: labels differ in that.
    """
    told: dict[str, bool | None] = {
        "date": same_day(draft, event),
        "place": takes_place(draft, event, setting),
    }
    attackers = draft.value("killed_attackers") or 0
    for name in ("killed_low", "killed_high"):
        told[name] = _same_count(draft.value(name), event.get(name), attackers)
    if event.get("killed_high") is None and event.get("killed_low") is not None:
        told["killed_high"] = None  # "at least 13": the label leaves the end open
    for name in ("killed_attackers", "wounded", "hostages"):
        told[name] = _same_count(draft.value(name), event.get(name), 0)
    for name in ("tactic", "target_class"):
        label = event.get(name)
        told[name] = None if not label else fold(str(label)) == fold(str(draft.value(name) or ""))
    told["perpetrator"] = same_actors(draft.value("perpetrator"), event.get("perpetrator"), setting)
    told["claimed_by"] = _claims(draft.value("claimed_by"), setting) == _claims(
        event.get("claimed_by"), setting
    )
    return told


def _same_count(own: Any, label: Any, attackers: int) -> bool | None:
    if label is None or label == "":
        return None if own is None else own == attackers != 0
    if own is None:
        return int(label) == 0
    return int(label) in (own, own - attackers) if attackers else int(label) == own


def dead_fit(low: int | None, high: int | None, event: Mapping[str, Any]) -> bool:
    """Say whether figures for dead victims are those of a label; none told is as good as zero."""
    first, last = event.get("killed_low"), event.get("killed_high")
    if first is None or low is None:
        return not first and not low
    return low == first and (last is None or high == last)


def _names(text: Any) -> list[str]:
    if text is None:
        return []
    raw = (
        text
        if isinstance(text, list)
        else str(text).replace("|", ";").replace("+", ";").replace(",", ";").split(";")
    )
    return [str(part).strip() for part in raw if str(part).strip()]


def _id(name: str, setting: Setting) -> str:
    """Settle a name to an id; labels for attackers whom nobody names all mean nobody."""
    match = setting.registry.resolve(name)
    known = match.actor_id if match.certain and match.actor_id else None
    if known is None:
        entry = setting.groups.names.get(fold(name))
        known = entry[0][0] if entry else None
    if known is not None:
        return "" if setting.registry.kind(known) == "unknown" else known
    bare = folded(name)
    label = fold(name).startswith(_UNNAMED) or any(hits("unnamed", lang, bare) for lang in ("en", "fr"))
    return "" if label else fold(name)


def _who(text: Any, setting: Setting) -> frozenset[str]:
    return frozenset(i for name in _names(text) if (i := _id(name, setting)))


def same_actors(a: Any, b: Any, setting: Setting) -> bool:
    """Say whether two tellings of who did it name the same organisations; mere labels name none."""
    return _who(a, setting) == _who(b, setting)


def _claims(text: Any, setting: Setting) -> frozenset[frozenset[str]]:
    if isinstance(text, list):
        text = "|".join(str(t) for t in text)
    rivals = str(text or "").split("|")
    return frozenset(who for r in rivals if (who := _who(r, setting)))
