"""Are copies found, and are reports of one incident put together? On simulated reports, and at scale.

    python -m bench.corroboration [--seed N] [--incidents N] [--scale N] [--texts DIR --gold FILE]
        [--json OUT]

Copies: a copied report counts as found when a report with its words is named; one that names a report with
other words is a false one. Reports that only quote two sentences are counted by kind, not in the recall of
whole copies. Grouping: pairs of reports that tell one incident, once from drafts made of what the simulation
knows (grouping alone), once from what the rules read (reading and grouping). With --texts: how the reports of
a labelled set are grouped.
"""

from __future__ import annotations

import argparse
import json
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from itertools import combinations
from pathlib import Path
from typing import Any

from bench.simulated_reports import COPIES, KINDS, SAID, Made, pairs, reports
from toguna.reading.copies import copies, prints
from toguna.reading.corroboration import Read, Record, records
from toguna.reading.documents import Text, text_of
from toguna.reading.drafts import DraftIncident, Drafts, Field
from toguna.reading.gold import Label, read_labels, same_place
from toguna.reading.gold import pairs as matched
from toguna.reading.marks import Setting
from toguna.reading.rules import RulesReader, setting_of_theatre
from toguna.store.theatre import load_theatre

__all__ = ["copying", "drafted", "grouping", "independence"]


def drafted(m: Made, setting: Setting) -> Read:
    """Draft a report as a reader without a fault would."""
    spot = setting.gazetteer.find(m.told.place)[0]
    values: dict[str, Any] = {
        "date_start": m.told.day.isoformat(), "date_end": m.told.day.isoformat(), "date_precision": "day",
        "place": m.told.place, "admin1": spot.admin1, "admin2": spot.admin2, "country": spot.country,
        "latitude": spot.lat, "longitude": spot.lon, "tactic": m.told.kind,
        "target_class": KINDS[m.told.kind]["target"], "killed_low": m.dead, "killed_best": m.dead,
        "killed_high": m.dead,
    }  # fmt: skip
    lead = m.text.find(SAID[m.lang]["weekdays"].split()[m.told.day.weekday()])
    start = max(m.text.rfind(". ", 0, lead), m.text.rfind("\n", 0, lead)) + 1
    spans = ((start, m.text.find(".", lead) + 1),)
    fields = {k: Field(v, spans, 0.9, "made") for k, v in values.items() if v not in ("", None)}
    drafts = Drafts("made", m.lang, m.published, (DraftIncident(True, 0.9, spans, fields),))
    return Read(m.name, Text(m.text, m.published), drafts)


def copying(made: Sequence[Made]) -> dict[str, Any]:
    """Count copies found whole, by kind, and reports wrongly called copies."""
    held = [prints(m.text) for m in made]
    order = sorted(range(len(made)), key=lambda n: (made[n].published, n))
    found = copies(held, order)
    n: Counter[str] = Counter()
    for m, origins in zip(made, found, strict=True):
        right = any(made[o].origin == m.origin for o in origins)
        n[f"{m.how} all"] += 1
        n[f"{m.how} found"] += right
        n["called"] += bool(origins)
        n["called right"] += right
    whole = [k for k in COPIES if k != "quoted"]
    return {
        "precision": _share(n["called right"], n["called"]),
        "recall": _share(sum(n[f"{k} found"] for k in whole), sum(n[f"{k} all"] for k in whole)),
        "by_kind": {k: [n[f"{k} found"], n[f"{k} all"]] for k in sorted({m.how for m in made})},
    }


def grouping(found: Sequence[Record], made: Sequence[Made]) -> dict[str, float]:
    """Compare pairs put together with pairs that tell one incident."""
    number = {m.name: n for n, m in enumerate(made)}
    got = set(pairs([[number[s.name] for s in r.sources] for r in found]))
    by_incident: dict[int, list[int]] = {}
    for n, m in enumerate(made):
        by_incident.setdefault(m.told.number, []).append(n)
    told = set(pairs(list(by_incident.values())))
    return {"precision": _share(len(got & told), len(got)), "recall": _share(len(got & told), len(told))}


def independence(found: Sequence[Record], made: Sequence[Made]) -> dict[str, float]:
    """Compare how many sources are counted as independent with how many have words of their own."""
    by_name = {m.name: m for m in made}
    off = [r.independent - len({by_name[s.name].origin for s in r.sources}) for r in found]
    return {
        "exact": _share(sum(x == 0 for x in off), len(off)),
        "too_many": _share(sum(x > 0 for x in off), len(off)),
        "too_few": _share(sum(x < 0 for x in off), len(off)),
    }


def _share(a: int, b: int) -> float:
    return round(a / b, 3) if b else 1.0


def _scale(n: int, setting: Setting) -> dict[str, float]:
    """Time `n` reports of many incidents, and `n` copies of one text."""
    many = [drafted(m, setting) for m in reports(1, n // 7)][:n]
    one = [Read(f"{i}.txt", many[0].text, many[0].drafts) for i in range(n)]
    told: dict[str, float] = {}
    for name, batch in (("many", many), ("one", one)):
        start = time.perf_counter()
        found = records(batch, setting)
        told[f"{name}_texts"], told[f"{name}_records"] = len(batch), len(found)
        told[f"{name}_seconds"] = round(time.perf_counter() - start, 2)
    return told


def _labelled(texts: Path, gold: Path, reader: RulesReader) -> dict[str, Any]:
    """Group a labelled set: pairs of texts put together against pairs with a label of one day and place."""
    labels = {x.id: x for x in read_labels(gold)}
    read = [
        Read(p.stem, t := text_of(p), reader.read(t)) for p in sorted(texts.glob("*.txt")) if p.stem in labels
    ]
    got = {
        tuple(sorted((a.name, b.name)))
        for r in records(read, reader.setting)
        for a, b in combinations(r.sources, 2)
    }
    found = {r.name: _found(r, labels[r.name], reader.setting) for r in read}
    told, could = (
        {
            (a, b)
            for a, b in combinations(sorted(events), 2)
            if any(_one(e, f, reader.setting) for e in events[a] for f in events[b])
        }
        for events in ({n: labels[n].events for n in found}, found)
    )
    called = copies([prints(r.text.text) for r in read], range(len(read)))
    return {
        "put_together_rightly": sorted(got & told),
        "put_together_wrongly": sorted(got - told),
        "kept_apart_though_read": sorted(could - got),
        "kept_apart_as_one_was_not_read": sorted(told - could - got),
        "copies_called": [(read[n].name, read[o].name) for n, origins in enumerate(called) for o in origins],
    }


def _found(r: Read, label: Label, setting: Setting) -> list[Mapping[str, Any]]:
    """List the labelled events that a text's drafts match."""
    return [label.events[j] for _, j in matched(r.drafts.incidents, label.events, setting)]


def _one(a: Mapping[str, Any], b: Mapping[str, Any], setting: Setting) -> bool:
    """Say whether two labels are of one day (or next to it) and place."""
    days = [str(x.get("date") or "") for x in (a, b)]
    if not all(len(d) == len("2015-11-24") for d in days):
        return False
    near = abs(date.fromisoformat(days[0]) - date.fromisoformat(days[1])) <= timedelta(days=1)
    return near and same_place(str(a.get("place") or ""), str(b.get("place") or ""), setting)


def main() -> None:
    """Run it."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--seed", type=int, default=2)
    parser.add_argument("--incidents", type=int, default=60)
    parser.add_argument("--scale", type=int, default=2000)
    parser.add_argument("--texts", type=Path)
    parser.add_argument("--gold", type=Path)
    parser.add_argument("--json", type=Path)
    args = parser.parse_args()
    reader = RulesReader(setting_of_theatre(load_theatre("mali"), as_of=date(2016, 12, 31)))
    made = reports(args.seed, args.incidents)
    known = records([drafted(m, reader.setting) for m in made], reader.setting)
    texts = [Text(m.text, m.published) for m in made]
    read = records(
        [Read(m.name, t, reader.read(t, lang=m.lang)) for m, t in zip(made, texts, strict=True)],
        reader.setting,
    )
    told: dict[str, Any] = {
        "reports": len(made), "incidents": args.incidents, "copies": copying(made),
        "grouping_of_known": grouping(known, made), "independence_of_known": independence(known, made),
        "grouping_of_read": grouping(read, made), "independence_of_read": independence(read, made),
        "scale": _scale(args.scale, reader.setting) if args.scale else {},
    }  # fmt: skip
    if args.texts and args.gold:
        told["labelled"] = _labelled(args.texts, args.gold, reader)
    text = json.dumps(told, indent=1, ensure_ascii=False)
    print(text)
    if args.json:
        args.json.write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
