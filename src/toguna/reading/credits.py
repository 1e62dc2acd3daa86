"""Which news agency a text credits: what stands in several papers with one credit comes from one source.

Enters: a text, and `data/agencies.toml`. Leaves: names of agencies. Called by `toguna.reading.corroboration`.
"""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib.resources import files

__all__ = ["credits_of"]


@cache
def _patterns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    """Compile one expression for each agency."""
    told = tomllib.loads(files("toguna.reading").joinpath("data/agencies.toml").read_text("utf-8"))
    names = told["agencies"] | {k: told["agencies"].get(k, []) for k in told["strict"]}
    found = []
    for agency, full in names.items():
        anywhere = "|".join(re.escape(name) for name in full) or r"(?!)"
        short = re.escape(told["strict"].get(agency, "")) or r"(?!)"
        found.append(
            (
                agency,
                re.compile(
                    rf"(?<![\w-])(?:{anywhere})(?![\w-])"
                    rf"|[(\[/–—-]\s?{short}(?=\s?[)\]/,–—-])"
                    rf"|(?i:\b(?:source|sources|with|avec|by|par|credit|crédit)\s?:?\s+){short}(?!\w)"
                ),
            )
        )
    return tuple(found)


def credits_of(text: str) -> tuple[str, ...]:
    """Name the agencies that a text credits, in the order of the file.

    Examples
    --------
    >>> credits_of("(AFP) - Deux soldats ont été tués."), credits_of("Le journal, avec AP")
    (('AFP',), ('AP',))
    """
    return tuple(agency for agency, pattern in _patterns() if pattern.search(text))
