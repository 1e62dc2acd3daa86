"""How well does the offline reader read? Labelled texts in, precision, recall and exactness out.

    python -m bench.reading --texts DIR --gold FILE --json OUT [--theatre NAME] [--weights FILE] [--errors]

Texts are ID.txt with a first line ``DATE: YYYY-MM-DD``; labels as in `toguna.reading.gold`. A draft counts
as found when it is at most a day and 25 km (or one second-level area) from the labelled event. Per field: the
share of matched events whose value is exactly the label's; where both are silent nothing is counted.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import platform
import resource
import time
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Any

from toguna import __version__
from toguna.reading.confidence import Weights, read_weights, shipped
from toguna.reading.documents import text_of
from toguna.reading.drafts import DraftIncident, Drafts
from toguna.reading.examples import FIELD_KINDS
from toguna.reading.gold import FIELDS, Label, agreement, pairs, read_labels, same_day, takes_place
from toguna.reading.marks import Setting
from toguna.reading.network import Network
from toguna.reading.rules import RulesReader, setting_of_theatre
from toguna.store.theatre import load_theatre

PAGE = 3000  # letters; about 500 words
BINS = (0.0, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 1.0)


class Tally:
    """What is counted over texts."""

    def __init__(self) -> None:
        self.n: Counter[str] = Counter()
        self.fields: dict[str, Counter[str]] = defaultdict(Counter)
        self.lost: Counter[str] = Counter()
        self.sure: list[tuple[str, float, bool]] = []
        self.errors: list[dict[str, Any]] = []

    def add(self, label: Label, drafts: Drafts, setting: Setting) -> None:
        """Compare the drafts of one text with its label."""
        self.n["texts"] += 1
        if label.negative:
            self.n["negatives"] += 1
            self.n["negatives_clean"] += not drafts.incidents
        matched = dict(pairs(drafts.incidents, label.events, setting))
        self.n["drafts"] += len(drafts.incidents)
        self.n["events"] += len(label.events)
        self.n["matched"] += len(matched)
        main = [j for j, e in enumerate(label.events) if e.get("main", True)]
        self.n["main"] += len(main)
        self.n["main_found"] += sum(j in matched.values() for j in main)
        self._spurious(label, drafts.incidents, matched)
        for i, j in matched.items():
            self._field_by_field(label, drafts.incidents[i], label.events[j], setting)
        for j, event in enumerate(label.events):
            if j not in matched.values():
                self.errors.append({"id": label.id, "missed": dict(event)})
        self.lost.update(
            why_lost(label.events[j], drafts.incidents, matched, setting)
            for j in main
            if j not in matched.values()
        )

    def _spurious(self, label: Label, drafts: Sequence[DraftIncident], matched: Mapping[int, int]) -> None:
        for i, d in enumerate(drafts):
            self.sure.append(("incident", d.confidence, i in matched))
            self.n["main_drafts"] += d.main
            self.n["main_drafts_right"] += d.main and i in matched
            if i not in matched:
                self.errors.append({"id": label.id, "spurious": {k: f.value for k, f in d.fields.items()}})

    def _field_by_field(
        self, label: Label, draft: DraftIncident, event: Mapping[str, Any], setting: Setting
    ) -> None:
        agreed = agreement(draft, event, setting)
        for name in FIELDS:
            if agreed[name] is None:
                continue
            self.fields[name]["n"] += 1
            self.fields[name]["right"] += bool(agreed[name])
            kind, field = FIELD_KINDS.get(name, ("", ""))
            if field in draft.fields:
                self.sure.append((kind, draft.fields[field].confidence, bool(agreed[name])))
            if not agreed[name]:
                own = draft.value(field or name) if field or name in draft.fields else None
                self.errors.append({"id": label.id, "field": name, "read": own, "label": event.get(name)})

    def merge(self, other: Tally) -> None:
        """Add what another has counted."""
        self.n += other.n
        self.lost += other.lost
        for name, counted in other.fields.items():
            self.fields[name] += counted
        self.sure += other.sure
        self.errors += other.errors

    def result(self) -> dict[str, Any]:
        """Return shares and counts."""
        n = self.n
        tolls = [self.fields[f] for f in ("killed_low", "killed_high", "killed_attackers", "wounded")]
        return {
            "counts": dict(sorted(n.items())),
            "main_lost": dict(self.lost.most_common()),
            "recall_main": share(n["main_found"], n["main"]),
            "recall_all": share(n["matched"], n["events"]),
            "precision": share(n["matched"], n["drafts"]),
            "precision_main": share(n["main_drafts_right"], n["main_drafts"]),
            "negatives_clean": share(n["negatives_clean"], n["negatives"]),
            "fields": {f: share(c["right"], c["n"]) for f, c in self.fields.items()},
            "tolls": share(sum(c["right"] for c in tolls), sum(c["n"] for c in tolls)),
            "calibration": calibration(self.sure),
        }


def why_lost(
    event: Mapping[str, Any],
    drafts: Sequence[DraftIncident],
    matched: Mapping[int, int],
    setting: Setting,
) -> str:
    """Say why no draft is a labelled event: what those drafts are that come nearest to it."""
    fits = [(same_day(d, event), takes_place(d, event, setting)) for d in drafts]
    free = [fit for i, fit in enumerate(fits) if i not in matched]
    if any(day and place for day, place in fits):
        return "another of its day and place was found"
    if any(place for _, place in free):
        return "day wrong"
    if any(day for day, _ in free):
        return "place wrong"
    return "only others found" if matched else "nothing right proposed" if drafts else "nothing proposed"


def share(right: int, n: int) -> dict[str, Any]:
    """A share with its counts; no share of nothing."""
    return {"share": round(right / n, 4) if n else None, "right": right, "n": n}


def calibration(sure: Sequence[tuple[str, float, bool]]) -> dict[str, Any]:
    """Mean confidence beside the share that was right, by bins; Brier score."""
    if not sure:
        return {"n": 0}
    bins = []
    for low, high in pairwise(BINS):
        own = [(p, r) for _, p, r in sure if low <= p < high or (high == BINS[-1] and p == high)]
        if own:
            mean, right = (sum(x[k] for x in own) / len(own) for k in (0, 1))
            bins.append(
                {"from": low, "to": high, "n": len(own), "mean": round(mean, 3), "right": round(right, 3)}
            )
    brier = sum((p - r) ** 2 for _, p, r in sure) / len(sure)
    gap = sum(b["n"] * abs(b["mean"] - b["right"]) for b in bins) / len(sure)
    return {"n": len(sure), "brier": round(brier, 4), "expected_error": round(gap, 4), "bins": bins}


def run(
    texts: Path,
    labels: Sequence[Label],
    setting: Setting,
    weights: Weights,
    tallies: dict[str, Tally] | None = None,
    network: Network | None = None,
) -> dict[str, Any]:
    """Read every labelled text; count, into `tallies` (all, and by language) if given, and time."""
    reader = RulesReader(setting, weights, network=network)
    tallies = defaultdict(Tally) if tallies is None else tallies
    missing, letters, seconds = [], 0, 0.0
    for label in labels:
        path = texts / f"{label.id}.txt"
        if not path.is_file():
            missing.append(label.id)
            continue
        text = text_of(path)
        lang = label.lang if label.lang in ("en", "fr") else "auto"
        if not letters:
            reader.read(text, lang="en"), reader.read(text, lang="fr")  # dictionaries are compiled once
        begun = time.perf_counter()
        drafts = reader.read(text, lang="auto", published=label.published)
        seconds += time.perf_counter() - begun
        letters += max(len(text.text), 1)
        for name in ("all", lang):
            tallies[name].add(label, drafts, setting)
    pages = max(letters / PAGE, 1e-9)
    return {
        "missing_texts": missing,
        "seconds_per_page": round(seconds / pages, 4),
        "pages": round(pages, 1),
        "peak_memory_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
        **{name: tally.result() for name, tally in sorted(tallies.items())},
        "errors": tallies["all"].errors,
    }


def part_of(id_: str) -> str:
    """Return the part a text belongs to: rules may be mended on "tune" only."""
    return "held-out" if hashlib.sha256(id_.encode()).digest()[0] % 2 else "tune"


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--texts", type=Path, required=True, help="folder with ID.txt")
    parser.add_argument("--gold", type=Path, required=True, help="labels, JSON lines")
    parser.add_argument("--json", type=Path, required=True, help="where the result goes")
    parser.add_argument("--theatre", default="mali", help="shipped theatre or folder")
    parser.add_argument("--weights", type=Path, default=None, help="trained weights of confidence")
    parser.add_argument(
        "--part", choices=("all", "tune", "held-out"), default="all", help="by the id's digest"
    )
    parser.add_argument("--errors", action="store_true", help="print every difference")
    args = parser.parse_args()
    weights = read_weights(args.weights) if args.weights else shipped()
    begun = time.perf_counter()
    setting = setting_of_theatre(load_theatre(args.theatre), as_of=date.today())
    start = time.perf_counter() - begun
    labels = [label for label in read_labels(args.gold) if args.part in ("all", part_of(label.id))]
    found = run(args.texts, labels, setting, weights)
    made = {
        "toguna": __version__,
        "python": platform.python_version(),
        "weights": weights.made_from,
        "part": args.part,
    }
    args.json.parent.mkdir(parents=True, exist_ok=True)
    result = {"made_with": made, "seconds_to_start": round(start, 2), **found}
    args.json.write_text(
        json.dumps(result, indent=1, ensure_ascii=False, default=str) + "\n", encoding="utf-8"
    )
    say(result, errors=args.errors)


def say(result: Mapping[str, Any], *, errors: bool) -> None:
    """Print the shares."""
    for name in ("all", "en", "fr"):
        own = result.get(name)
        if not own:
            continue
        print(f"{name}: {own['counts']['texts']} texts")
        for key in ("recall_main", "recall_all", "precision", "precision_main", "negatives_clean", "tolls"):
            print(f"  {key:18} {own[key]['share']}  ({own[key]['right']}/{own[key]['n']})")
        for field, value in own["fields"].items():
            print(f"    {field:18} {value['share']}  ({value['right']}/{value['n']})")
    if "seconds_per_page" in result:
        print(
            f"{result['seconds_per_page'] * 1000:.0f} ms a page, {result['peak_memory_mb']} MB, "
            f"start {result['seconds_to_start']} s"
        )
    for error in result["errors"] if errors else ():
        print(json.dumps(error, ensure_ascii=False, default=str))


if __name__ == "__main__":
    main()
