"""How far do two careful readers agree? A second reading of texts, scored as the drafts of a reader are.

    python -m bench.reading_agreement [--gold FILE --second FILE] --json OUT

Both files are labels of the same texts, by hands that did not see each other's work. What
`bench.reading` counts is counted, with the second reading in the place of the drafts: no reader can be
expected to do better against one hand's labels than another hand does.
"""

from __future__ import annotations

import argparse
import json
from calendar import monthrange
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from bench.reading import Tally, say
from bench.reading_folds import SET
from toguna import __version__
from toguna.reading.drafts import DraftIncident, Drafts, Field
from toguna.reading.gold import Label, read_labels
from toguna.reading.marks import Setting
from toguna.reading.rules import setting_of_theatre
from toguna.store.theatre import load_theatre

KEPT = (
    "place", "admin1", "country", "tactic", "target_class", "killed_low", "killed_high", "killed_attackers",
    "wounded", "hostages", "perpetrator", "claimed_by",
)  # fmt: skip


def drafts_of(label: Label, setting: Setting) -> Drafts:
    """Return a label's events as if a reader had drafted them."""
    made = tuple(_draft(e, setting) for e in label.events)
    return Drafts("hand", label.lang, label.published, made, (), (), ())


def _draft(event: Mapping[str, Any], setting: Setting) -> DraftIncident:
    told = {name: event[name] for name in KEPT if event.get(name) is not None}
    told |= _days(str(event.get("date") or ""))
    near = setting.gazetteer.find(str(event.get("place") or ""))
    second = next((s.admin2 for s in near if s.country == event.get("country") and s.admin2), None)
    if second:
        told["admin2"] = second
    fields = {name: Field(value, (), 1.0, "hand") for name, value in told.items()}
    return DraftIncident(bool(event.get("main", True)), 1.0, (), fields)


def _days(told: str) -> dict[str, str]:
    """Return first and last day and precision of an ISO day, month or year; nothing of no date."""
    if not told:
        return {}
    year, month = int(told[:4]), int(told[5:7] or 1)
    first = told if len(told) == 10 else f"{year}-{month:02}-01"
    end = date(year, month if len(told) > 4 else 12, monthrange(year, month if len(told) > 4 else 12)[1])
    last = told if len(told) == 10 else end.isoformat()
    return {
        "date_start": first,
        "date_end": last,
        "date_precision": {10: "day", 7: "month"}.get(len(told), "year"),
    }


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--gold", type=Path, default=SET / "unseen.jsonl", help="labels")
    parser.add_argument("--second", type=Path, default=SET / "second.jsonl", help="labels by another hand")
    parser.add_argument("--json", type=Path, required=True, help="where the result goes")
    parser.add_argument("--errors", action="store_true", help="print every difference")
    flags = parser.parse_args()
    setting = setting_of_theatre(load_theatre("mali"), as_of=date.today())
    second = {label.id: label for label in read_labels(flags.second)}
    tallies = {name: Tally() for name in ("all", "en", "fr")}
    for label in read_labels(flags.gold):
        if label.id not in second:
            continue
        for name in ("all", label.lang):
            tallies[name].add(label, drafts_of(second[label.id], setting), setting)
    result: dict[str, Any] = {name: t.result() for name, t in tallies.items() if t.n["texts"]}
    for own in result.values():
        own.pop("calibration")
    result = {"made_with": {"toguna": __version__}, **result, "errors": tallies["all"].errors}
    flags.json.write_text(json.dumps(result, indent=1, ensure_ascii=False, default=str) + "\n", "utf-8")
    say(result, errors=flags.errors)


if __name__ == "__main__":
    main()
