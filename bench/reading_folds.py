"""How well does the reader read pages of events that its weights never saw?

    python -m bench.reading_folds [--texts DIR --gold FILE] [--also DIR FILE] [--part N] --json OUT

Texts that tell a main event of one place at most a day apart stay together, whoever tells it; by these groups
texts are parted. Each part is read with weights fitted to the others, as ``toguna read --train`` fits them,
and by the network that was fitted without it (`bench.reading_network` parts texts in the same way). Texts of
`--also` are never counted, and teach where they are of another part.
What is counted is that of `bench.reading`. Rules and signs may still have been mended on these texts:
only pages that nobody saw tell how good the reader is.
"""

from __future__ import annotations

import argparse
import hashlib
import json
from collections.abc import Callable, Hashable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from datetime import date
from functools import cache
from itertools import pairwise
from pathlib import Path

from bench.reading import Tally, run, say
from toguna import __version__
from toguna.core.text import fold
from toguna.reading.confidence import Weights
from toguna.reading.documents import Text, text_of
from toguna.reading.examples import learned
from toguna.reading.gold import Label, read_labels
from toguna.reading.network import Network, read_network
from toguna.reading.rules import Marked, setting_of_theatre
from toguna.store.theatre import load_theatre

SET = Path(__file__).parent / "reading_set"
TEACH = (SET / "gold.jsonl", SET / "retold.jsonl")
"""Labels of the texts that networks and weights are fitted to."""
PARTS = 4
"""Parts of the texts, and so networks and weights: each is fitted without one of them."""


def labels_with_texts(texts: Path, gold: Path) -> list[Label]:
    """Read the labels of which a text is at hand."""
    return [label for label in read_labels(gold) if (texts / f"{label.id}.txt").is_file()]


@cache
def parts(*golds: Path) -> dict[str, int]:
    """Return the part of every labelled text by id; texts that tell one event are of one part."""
    labels = [label for gold in dict.fromkeys((*golds, *TEACH)) for label in read_labels(gold)]
    group = {label.id: label.id for label in labels}

    def first(id_: str) -> str:
        while group[id_] != id_:
            group[id_] = group[group[id_]]
            id_ = group[id_]
        return id_

    told = sorted((*told, label.id) for label in labels for told in told_days(label))
    for (place, day, one), (other, later, two) in pairwise(told):
        if place == other and later - day <= 1:
            group[first(two)] = first(one)
    return {
        id_: int.from_bytes(hashlib.sha256(first(id_).encode()).digest()[:4], "big") % PARTS for id_ in group
    }


def told_days(label: Label) -> Iterator[tuple[str, int]]:
    """Yield place and day, as a number, of every main event of which both are known, be it from elsewhere."""
    for i, event in enumerate(label.events):
        day = str(event.get("date") or label.elsewhere.get(i) or "")
        if event.get("main", True) and event.get("place") and len(day) == len("2015-11-20"):
            yield fold(event["place"]), date.fromisoformat(day).toordinal()


@cache
def networks() -> Network:
    """Return the networks of which each was fitted without one part."""
    return read_network(SET / "networks.npz")


@cache
def _marked() -> dict[Hashable, Marked]:
    """Return where this process keeps the marks of texts: each part asks the same network for them."""
    return {}


def unseen_by(*golds: Path) -> Callable[[Label], Network]:
    """Return for a label of these files the network that never saw its text, nor another of its event."""
    part = parts(*golds)
    return lambda label: networks().alone(part[label.id])


def without(part: int, flags: argparse.Namespace) -> tuple[Weights, list[Label]]:
    """Fit weights without a part; return them and the labels of the part."""
    golds = [flags.gold, *(Path(b) for _, b in flags.also)]
    of = parts(*golds)
    every = labels_with_texts(flags.texts, flags.gold)
    own = [label for label in every if of[label.id] == part]
    others = [replace(label, weight=flags.weight) for label in every if of[label.id] != part]
    texts: dict[str, Text] = {label.id: text_of(flags.texts / f"{label.id}.txt") for label in others}
    for folder, labels in ((Path(a), Path(b)) for a, b in flags.also):
        more = [label for label in labels_with_texts(folder, labels) if of[label.id] != part]
        texts |= {label.id: text_of(folder / f"{label.id}.txt") for label in more}
        others += more
    setting = setting_of_theatre(load_theatre(flags.theatre), as_of=date.today())
    origin, network = f"all parts but {part}", unseen_by(*golds)
    weights, _ = learned(texts, others, setting, made_from=origin, network=network, marked=_marked())
    return weights, own


def one_part(part: int, flags: argparse.Namespace) -> dict[str, Tally]:
    """Read the texts of a part with weights fitted without it, and count."""
    weights, own = without(part, flags)
    weights = weights if flags.least is None else replace(weights, least=flags.least)
    setting = setting_of_theatre(load_theatre(flags.theatre), as_of=date.today())
    tallies = {name: Tally() for name in ("all", "en", "fr")}
    run(flags.texts, own, setting, weights, tallies, network=networks().alone(part))
    return tallies


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--texts", type=Path, default=SET / "retold", help="folder with ID.txt")
    parser.add_argument("--gold", type=Path, default=SET / "retold.jsonl", help="labels with addresses")
    parser.add_argument(
        "--also",
        nargs=2,
        action="append",
        default=[],
        metavar=("DIR", "FILE"),
        help="texts and labels that always teach",
    )
    parser.add_argument("--weight", type=float, default=3.0, help="how often a label of --gold counts")
    parser.add_argument("--least", type=float, help="propose incidents from this chance on")
    parser.add_argument("--theatre", default="mali", help="shipped theatre or folder")
    parser.add_argument("--jobs", type=int, default=2, help="parts at once")
    parser.add_argument("--part", type=int, choices=range(PARTS), action="append", help="only this part")
    parser.add_argument("--json", type=Path, required=True, help="where the result goes")
    parser.add_argument("--errors", action="store_true", help="print every difference")
    flags = parser.parse_args()
    own = flags.part or list(range(PARTS))
    whole = {name: Tally() for name in ("all", "en", "fr")}
    with ProcessPoolExecutor(flags.jobs) as pool:
        for tallies in pool.map(one_part, own, [flags] * len(own)):
            for name, tally in tallies.items():
                whole[name].merge(tally)
    result = {
        "made_with": {
            "toguna": __version__,
            "folds": PARTS,
            "parts": own,
            "weight": flags.weight,
            "least": flags.least,
        },
        **{name: tally.result() for name, tally in whole.items() if tally.n["texts"]},
        "errors": whole["all"].errors,
    }
    flags.json.write_text(json.dumps(result, indent=1, ensure_ascii=False, default=str) + "\n", "utf-8")
    say(result, errors=flags.errors)


if __name__ == "__main__":
    main()
