r"""Sort the alternatives of an expression by the letter they begin with, so that a search tries few of them.

Enters: regular expressions, as the dictionaries have them. Leaves: one expression that finds the same.
Called by `toguna.reading.lexicon`, `toguna.reading.gazetteer` and `toguna.reading.places`.

A search for one of some hundred words tries each of them at every word of a text. Grouped by their first
letter (``a(?:ttack|mbush)|b(?:omb)``) only those of that letter are tried, in the same order.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

__all__ = ["branches", "by_initial", "initials"]

WORD, GAP = r"\w", r"[\s-]"
"""Signs that are no letter: any sign of a word, which overlaps with all letters, and what parts words."""


def by_initial(alternatives: Iterable[tuple[str, str]]) -> tuple[str, tuple[str, ...]]:
    """Return one expression for all alternatives, each told by its key, and the key of each of its groups.

    Groups are empty and stand at the end of an alternative: so a search sees its next letter at once.

    Examples
    --------
    >>> by_initial([("strong", "attacks?"), ("weapon", "(?:car|air) bomb")])
    ('a(?:ttacks?()|ir bomb())|c(?:ar bomb())', ('strong', 'weapon', 'weapon'))
    """
    found = [(first, key, rest) for key, said in alternatives for first, rest in initials(said)]
    groups: list[str] = []
    keys: list[str] = []
    for sign in sorted({first: 0 for first, _, _ in found}, key=lambda first: first == WORD):
        beside = (sign, WORD) if sign.isalnum() else (sign,)
        own = [(key, rest) for first, key, rest in found if first in beside]
        groups.append(f"{sign}(?:{'|'.join(f'{rest}()' for _, rest in own)})")
        keys += [key for key, _ in own]
    return "|".join(groups), tuple(keys)


def initials(expression: str) -> Iterator[tuple[str, str]]:
    """Yield every sign that an expression can begin with, and what follows it, in the order of its choice.

    Raises
    ------
    ValueError
        When it can begin with something else than a letter, a figure, `WORD` or `GAP`.
    """
    for branch in branches(expression):
        yield from _of_branch(branch)


def _of_branch(branch: str) -> Iterator[tuple[str, str]]:
    size = next((end for _, end, depth in _walked(branch) if depth == 0), 0)
    first, rest = branch[:size], branch[size:]
    repeat = rest[:1] if rest[:1] in ("?", "*", "+") else ""
    rest = rest.removeprefix(repeat)
    then = f"{first}*{rest}" if repeat in ("*", "+") else rest
    if rest[:1] in ("?", "*", "+", "{"):
        raise ValueError(f"{branch!r}: what begins an expression can be repeated by ?, * and + alone")
    if first.startswith("(?<"):  # what stands before a word is looked up behind its first letter
        yield from ((sign, f"{first[:4]}(?:{first[4:-1]}){sign}){more}") for sign, more in initials(rest))
    elif first.startswith("(?:"):
        yield from initials("|".join(f"{inner}{then}" for inner in branches(first[3:-1])))
    elif first.isalnum() or first in (WORD, GAP):
        yield first, then
    elif first.startswith("[") and first[1:-1].isalnum():
        yield from ((letter, then) for letter in first[1:-1])
    else:
        raise ValueError(f"{branch!r}: an expression of a dictionary begins with a letter")
    if repeat in ("?", "*"):
        yield from initials(rest)


def branches(expression: str) -> Iterator[str]:
    """Yield the alternatives of an expression; those within its groups are not parted."""
    begun = 0
    for sign, end, depth in _walked(expression):
        if sign == "|" and depth == 0:
            yield expression[begun : end - 1]
            begun = end
    yield expression[begun:]


def _walked(expression: str) -> Iterator[tuple[str, int, int]]:
    """Yield every sign of an expression, where it ends, and in how many groups; a set counts as one sign."""
    depth = at = 0
    while at < len(expression):
        sign = expression[at]
        depth += (sign == "(") - (sign == ")")
        at = expression.index("]", at) + 1 if sign == "[" else at + 2 if sign == "\\" else at + 1
        yield sign, at, depth
