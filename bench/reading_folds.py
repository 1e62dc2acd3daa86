"""How well does the reader read pages of sites that its weights never saw?

    python -m bench.reading_folds [--texts DIR --gold FILE] [--also DIR FILE] --json OUT

Texts are parted by the site of their address (by id where there is none); each part is read with
weights fitted to the other parts and to the texts of `--also`, as ``toguna read --train`` fits them, and by
the network that was fitted without it (`bench.reading_network` parts texts in the same way).
What is counted is that of `bench.reading`. Rules and signs may still have been mended on these texts:
only pages that nobody saw tell how good the reader is.
"""

from __future__ import annotations

import argparse
import hashlib
import json
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from datetime import date
from pathlib import Path
from urllib.parse import urlsplit

from bench.reading import Tally, run, say
from toguna import __version__
from toguna.reading.confidence import Weights
from toguna.reading.documents import Text, text_of
from toguna.reading.examples import learned
from toguna.reading.gold import Label, read_labels
from toguna.reading.network import PARTS, Network, shipped_network
from toguna.reading.rules import setting_of_theatre
from toguna.store.theatre import load_theatre

SET = Path(__file__).parent / "reading_set"


def labels_with_texts(texts: Path, gold: Path) -> list[Label]:
    """Read the labels of which a text is at hand."""
    return [label for label in read_labels(gold) if (texts / f"{label.id}.txt").is_file()]


def sites(gold: Path) -> dict[str, str]:
    """Return the site of every label's address by id, or its id where it has none."""
    rows = [json.loads(line) for line in gold.read_text(encoding="utf-8").splitlines() if line.strip()]
    hosts = {row["id"]: urlsplit(row.get("url") or "").netloc.removeprefix("www.") for row in rows}
    return {id_: host or id_ for id_, host in hosts.items()}


def part_of(site: str) -> int:
    """Return the part a site belongs to, by its digest."""
    return int.from_bytes(hashlib.sha256(site.encode()).digest()[:4], "big") % PARTS


def unseen_by(*golds: Path) -> Callable[[Label], Network]:
    """Return for a label of these files the network that never saw its text."""
    site = {id_: own for gold in golds for id_, own in sites(gold).items()}
    return lambda label: shipped_network().without(part_of(site[label.id]))


def without(part: int, flags: argparse.Namespace) -> tuple[Weights, list[Label]]:
    """Fit weights without a part; return them and the labels of the part."""
    site = sites(flags.gold)
    every = labels_with_texts(flags.texts, flags.gold)
    own = [label for label in every if part_of(site[label.id]) == part]
    others = [replace(label, weight=flags.weight) for label in every if label not in own]
    texts: dict[str, Text] = {label.id: text_of(flags.texts / f"{label.id}.txt") for label in others}
    for folder, labels in ((Path(a), Path(b)) for a, b in flags.also):
        more = labels_with_texts(folder, labels)
        texts |= {label.id: text_of(folder / f"{label.id}.txt") for label in more}
        others += more
    setting = setting_of_theatre(load_theatre(flags.theatre), as_of=date.today())
    network = unseen_by(flags.gold, *(Path(b) for _, b in flags.also))
    weights, _ = learned(texts, others, setting, made_from=f"all parts but {part}", network=network)
    return weights, own


def one_part(part: int, flags: argparse.Namespace) -> dict[str, Tally]:
    """Read the texts of a part with weights fitted without it, and count."""
    weights, own = without(part, flags)
    setting = setting_of_theatre(load_theatre(flags.theatre), as_of=date.today())
    tallies = {name: Tally() for name in ("all", "en", "fr")}
    run(flags.texts, own, setting, weights, tallies, network=shipped_network().without(part))
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
    parser.add_argument("--theatre", default="mali", help="shipped theatre or folder")
    parser.add_argument("--jobs", type=int, default=2, help="parts at once")
    parser.add_argument("--json", type=Path, required=True, help="where the result goes")
    parser.add_argument("--errors", action="store_true", help="print every difference")
    flags = parser.parse_args()
    whole = {name: Tally() for name in ("all", "en", "fr")}
    with ProcessPoolExecutor(flags.jobs) as pool:
        for tallies in pool.map(one_part, range(PARTS), [flags] * PARTS):
            for name, tally in tallies.items():
                whole[name].merge(tally)
    result = {
        "made_with": {"toguna": __version__, "folds": PARTS, "weight": flags.weight},
        **{name: tally.result() for name, tally in whole.items() if tally.n["texts"]},
        "errors": whole["all"].errors,
    }
    flags.json.write_text(json.dumps(result, indent=1, ensure_ascii=False, default=str) + "\n", "utf-8")
    say(result, errors=flags.errors)


if __name__ == "__main__":
    main()
