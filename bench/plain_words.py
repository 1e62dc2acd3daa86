"""Collect the plain words of both languages: words that texts have in small letters.

    python -m bench.plain_words DIR [DIR ...]

A capital letter makes no name of them, at the head of a sentence or in a headline. A word counts if
at least `TEXTS` texts have it in small letters, and fewer have it only with a capital within a sentence:
what is a name somewhere ("Share", "Mars") is left to the words around it. Writes
`src/toguna/reading/data/plain.txt`, a word a line.
"""

from __future__ import annotations

import argparse
import re
from collections import Counter
from pathlib import Path

from toguna.reading.plain import cleaned

OUT = Path(__file__).parents[1] / "src/toguna/reading/data/plain.txt"
TEXTS = 2
LEAST = 4  # letters
_WORD = re.compile(r"[^\W\d_]+")
_WITHIN = re.compile(r"(?<=[a-zà-ÿ,] )[A-ZÀ-Þ][^\W\d_]+")


def plain_words(texts: list[str]) -> list[str]:
    """Return the plain words of texts, in small letters, sorted."""
    small: Counter[str] = Counter()
    capital: Counter[str] = Counter()
    for text in texts:
        own = {w for w in _WORD.findall(text) if w.islower() and len(w) >= LEAST}
        small.update(own)
        capital.update({w.lower() for w in _WITHIN.findall(text)} - own)
    return sorted(w for w, n in small.items() if n >= TEXTS and n > capital[w])


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folders", nargs="+", type=Path, help="folders of texts")
    folders: list[Path] = parser.parse_args().folders
    texts = [cleaned(p.read_text("utf-8")) for folder in folders for p in sorted(folder.glob("*.txt"))]
    words = plain_words(texts)
    OUT.write_text("\n".join(words) + "\n", "utf-8")
    print(f"{len(words)} words of {len(texts)} texts")


if __name__ == "__main__":
    main()
