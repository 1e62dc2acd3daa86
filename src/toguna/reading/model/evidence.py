"""What a text bears out: where quoted words stand in it, and what our own dictionaries make of them.

Enters: a text and its setting. Leaves: `Evidence`, asked by `toguna.reading.model.proof` and its neighbours.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from importlib.resources import files

from toguna.reading.confidence import Weights
from toguna.reading.context import Context
from toguna.reading.documents import Text
from toguna.reading.drafts import Span
from toguna.reading.groups import Group
from toguna.reading.lexicon import Hit, hits
from toguna.reading.marks import Marks, Setting, mark
from toguna.reading.plain import cleaned, folded
from toguna.reading.sentences import sentences

__all__ = ["Evidence", "meets", "model_weights"]

MOST_QUOTED = 600  # letters of one quote
MOST_ADDRESSED = 6  # sentences after words that address a program, in one paragraph


@cache
def model_weights() -> Weights:
    """Return how far drafts of a model are trusted."""
    told = tomllib.loads(_data("confidence"))
    return Weights(told["weights"], told["least"], told["spread"], told["made_from"])


def _data(name: str) -> str:
    return files("toguna.reading").joinpath(f"data/model/{name}.toml").read_text(encoding="utf-8")


@cache
def _addressing() -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{p})" for p in tomllib.loads(_data("addressed"))["patterns"]))


@dataclass(frozen=True)
class Evidence:
    """A text, ready to be asked.

    Parameters
    ----------
    folded : str
        The text, letter by letter.
    lang : str
        "en" or "fr".
    context : Context
        Setting, weights of a model, day, countries named.
    marks : sequence of Marks
        What our dictionaries find, sentence by sentence.
    squeezed : str
        `folded` with one space for any white space; `at` says where each of its letters stands.
    addressed : tuple of (int, int)
        Passages that address a program; they bear out nothing.
    """

    folded: str = field(repr=False)
    lang: str
    context: Context = field(repr=False)
    marks: Sequence[Marks] = field(repr=False)
    squeezed: str = field(repr=False)
    at: tuple[int, ...] = field(repr=False)
    addressed: tuple[Span, ...] = ()

    @classmethod
    def of(cls, text: str, lang: str, setting: Setting, *, published: date | None) -> Evidence:
        """Read a text once."""
        fold = folded(text)
        marks = mark(Text(text), lang, setting, published=published)
        kept = [i for i, c in enumerate(fold) if not (c.isspace() and i and fold[i - 1].isspace())]
        return cls(
            fold,
            lang,
            Context.of(marks, setting, model_weights(), published),
            marks,
            "".join(" " if fold[i].isspace() else fold[i] for i in kept),
            tuple(kept),
            tuple(_addressed(text, fold)),
        )

    def find(self, quote: str, *, near: int | None = None, within: Span | None = None) -> Span | str:
        """Find quoted words; the reason when they do not bear anything out.

        Parameters
        ----------
        quote : str
            Words of the text, alike after folding and with one space for any.
        near : int, optional
            Of several places the one nearest to this offset.
        within : (int, int), optional
            Only in this extent.

        Returns
        -------
        (int, int) or str
            The extent, or why there is none.
        """
        wanted = " ".join(folded(cleaned(quote)).split())
        if not wanted or len(wanted) > MOST_QUOTED:
            return "nothing-quoted" if not wanted else "quote-too-long"
        first = r"(?<!\w)" if wanted[0].isalnum() else ""
        last = r"(?!\w)" if wanted[-1].isalnum() else ""
        found = [
            (self.at[m.start()], self.at[m.end() - 1] + 1)
            for m in re.finditer(first + re.escape(wanted) + last, self.squeezed)
        ]
        if within is not None:
            found = [s for s in found if within[0] <= s[0] and s[1] <= within[1]]
        if not found:
            return "quote-not-in-text"
        told = [s for s in found if not any(meets(s, p) for p in self.addressed)]
        if not told:
            return "addressed-to-a-program"
        return min(told, key=lambda s: abs(s[0] - near)) if near is not None else told[0]

    def sentences(self, span: Span) -> list[Marks]:
        """List the sentences that an extent touches."""
        return [m for m in self.marks if meets(m.span, span)]

    def hits(self, theme: str, span: Span) -> list[Hit]:
        """Find the words of a theme that touch an extent, read in their sentences."""
        found = (h for m in self.sentences(span) for h in hits(theme, self.lang, self.folded, *m.span))
        return [h for h in found if meets((h.start, h.end), span)]

    def groups(self, span: Span) -> list[Group]:
        """List the organisations that an extent names."""
        return [g for m in self.sentences(span) for g in m.groups if meets((g.start, g.end), span)]

    def actor(self, name: str, quote: Span) -> tuple[tuple[str, ...], Span] | None:
        """Settle a name in a quote to ids, surest first, and its extent; None when it is nobody's."""
        span = self.find(name, within=quote)
        if isinstance(span, str):
            return None
        groups = self.context.setting.groups
        named = self.groups(span)
        if named:
            return named[0].ids, (named[0].start, named[0].end)
        label = {h.key for h in self.hits("unnamed", span)}
        if label:
            return (groups.unnamed_jihadist if "jihadist" in label else groups.unknown,), span
        return None


def meets(a: Span, b: Span) -> bool:
    """Say whether two extents share a letter."""
    return a[0] < b[1] and b[0] < a[1]


def _addressed(text: str, fold: str) -> Iterator[Span]:
    """Yield passages from words that address a program to the end of their paragraph."""
    every = sentences(text)
    for n, s in enumerate(every):
        if _addressing().search(fold, s.start, s.end):
            after = [x for x in every[n : n + 1 + MOST_ADDRESSED] if x.paragraph == s.paragraph]
            yield s.start, after[-1].end
