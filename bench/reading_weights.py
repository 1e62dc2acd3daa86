"""Fit the weights that come with the reader, from the texts of the reading set alone.

    python -m bench.reading_weights [--out src/toguna/reading/data/learned.toml]

Texts: the invented ones (`bench/reading_set/texts`) and the pages told in other words (`retold`), which
count three times: a rule is right where it was written more often than elsewhere. Those of `unseen`
teach nothing.
"""

from __future__ import annotations

import argparse
from dataclasses import replace
from datetime import date
from pathlib import Path

from bench.reading_folds import SET, labels_with_texts, unseen_by
from toguna.reading.documents import text_of
from toguna.reading.examples import learned
from toguna.reading.rules import setting_of_theatre
from toguna.reading.training import weights_text
from toguna.store.theatre import load_theatre

SHIPPED = Path(__file__).resolve().parents[1] / "src" / "toguna" / "reading" / "data" / "learned.toml"
TIMES = 3.0
"""How often a page counts."""
HEADER = """# Weights of the reader, fitted by `python -m bench.reading_weights` from the stated prior of
# confidence.toml.
"""


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--out", type=Path, default=SHIPPED, help="where the weights go")
    parser.add_argument("--texts", type=Path, default=SET / "retold", help="folder with ID.txt")
    parser.add_argument("--gold", type=Path, default=SET / "retold.jsonl", help="their labels")
    flags = parser.parse_args()
    invented = labels_with_texts(SET / "texts", SET / "gold.jsonl")
    retold = labels_with_texts(flags.texts, flags.gold)
    texts = {label.id: text_of(SET / "texts" / f"{label.id}.txt") for label in invented}
    texts |= {label.id: text_of(flags.texts / f"{label.id}.txt") for label in retold}
    labels = [*invented, *(replace(label, weight=TIMES) for label in retold)]
    setting = setting_of_theatre(load_theatre("mali"), as_of=date.today())
    made_from = (
        f"{len(texts)} labelled texts: {len(invented)} invented ones and {len(retold)} pages told in other "
        "words, counted three times"
    )
    network = unseen_by(flags.gold, SET / "gold.jsonl")
    weights, count = learned(texts, labels, setting, made_from=made_from, network=network)
    flags.out.write_text(HEADER + weights_text(weights), encoding="utf-8")
    print(f"{flags.out}: from {count} examples of {made_from}")


if __name__ == "__main__":
    main()
