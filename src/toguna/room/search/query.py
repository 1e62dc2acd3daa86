"""A question to the index: what it says, how it is read from an address and written into one.

Enters: parameters of an address, as strangers may write them. Leaves: a `Query`, and what of the parameters
could not be read. Called by pages and the programming interface.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, Literal, cast

from toguna.core.text import words

__all__ = ["FACETS", "LONGEST", "MISSING", "PER_PAGE", "SORTS", "Box", "Query", "Term", "read_query", "terms"]

FACETS = ("violence", "tactic", "target", "source", "admin1", "year")
SORTS = ("newest", "oldest", "deaths")
MISSING = "-"
"""How a facet asks for the rows in which it is not stated."""
PER_PAGE = 25
LONGEST = 200
MOST_WORDS, MOST_CHOSEN = 12, 40
MOST_PAGE = 10**9
Box = tuple[float, float, float, float]
Sort = Literal["newest", "oldest", "deaths"]


@dataclass(frozen=True, slots=True)
class Term:
    """One word of a free text: `begins` for a word with a star, `without` for one with a minus before it."""

    word: str
    begins: bool = False
    without: bool = False


@dataclass(frozen=True, kw_only=True)
class Query:
    """What is looked for; everything said has to hold.

    Parameters
    ----------
    text : str
        Words of any column, names and aliases of organisations among them; ``word*`` = words that begin so,
        ``-word`` = rows without it. The id of an event finds the event.
    place : str
        Words of a place, an area or a country.
    actor : str
        An organisation: its id, a name or an alias of the registry, or words of a side as its source wrote.
    first, last : date or None
        Days; an event of several days is found when any of them lies between.
    chosen : dict of str to tuple of str
        By facet the values wanted, any of them; `MISSING` = not stated.
    box : (west, south, east, north) or None
        Degrees; rows without a point lie in no box. West beyond east: the box crosses 180 degrees.
    sort : {"newest", "oldest", "deaths"}
        Order; "deaths" = the most first, unknown last.
    page : int
        1 or more.
    open_only : bool
        Leave out rows of sources that forbid passing rows on: whatever leaves the room asks so.
    """

    text: str = ""
    place: str = ""
    actor: str = ""
    first: date | None = None
    last: date | None = None
    chosen: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    box: Box | None = None
    sort: Sort = "newest"
    page: int = 1
    open_only: bool = False

    def params(self) -> dict[str, Any]:
        """Return the query as parameters of an address: reading them again gives the same query."""
        plain = {"q": self.text, "place": self.place, "actor": self.actor}
        found: dict[str, Any] = {name: said for name, said in plain.items() if said}
        found |= {n: d.isoformat() for n, d in (("from", self.first), ("to", self.last)) if d}
        found |= {name: list(values) for name, values in self.chosen.items() if values}
        if self.box:
            found["box"] = ",".join(f"{degrees:g}" for degrees in self.box)
        if self.sort != "newest":
            found["sort"] = self.sort
        if self.page > 1:
            found["page"] = self.page
        return found

    def at(self, page: int) -> Query:
        """Return the same question for another page."""
        return replace(self, page=page)

    def toggled(self, facet: str, value: str) -> Query:
        """Return the question with one value of a facet taken in, or out again, on its first page."""
        had = self.chosen.get(facet, ())
        now = tuple(v for v in had if v != value) if value in had else (*had, value)
        return replace(self, chosen={**self.chosen, facet: now}, page=1)


def terms(text: str) -> Iterator[Term]:
    """Read the words of a free text; signs of any other query language are no more than gaps between words.

    Examples
    --------
    >>> [t.word for t in terms('hôtel NEAR("radisson")')]
    ['hotel', 'near', 'radisson']
    """
    n = 0
    for piece in text.split():
        without, begins = piece.startswith("-"), piece.endswith("*")
        found = words(piece)
        for k, word in enumerate(found):
            n += 1
            if n > MOST_WORDS:
                return
            yield Term(word, begins and k == len(found) - 1, without)


def read_query(
    params: Mapping[str, Sequence[str]], *, open_only: bool = False
) -> tuple[Query, dict[str, str]]:
    """Read a question from the parameters of an address.

    Parameters
    ----------
    params : mapping of str to sequence of str
        Every value of every parameter.
    open_only : bool
        See `Query`.

    Returns
    -------
    query : Query
        What could be read.
    wrong : dict of str to str
        Parameters that could not be read, with what stood there; they narrow nothing.
    """
    wrong: dict[str, str] = {}

    def one(name: str) -> str:
        values = params.get(name) or ("",)
        return values[-1].strip()[:LONGEST]

    def read(name: str, how: Any) -> Any:
        said = one(name)
        try:
            return how(said) if said else None
        except (ValueError, OverflowError):
            wrong[name] = said
            return None

    first, last = read("from", date.fromisoformat), read("to", date.fromisoformat)
    if first and last and last < first:
        wrong["to"] = last.isoformat()
        last = None
    chosen = {name: tuple(dict.fromkeys(params.get(name) or ()))[:MOST_CHOSEN] for name in FACETS}
    return Query(
        text=one("q"),
        place=one("place"),
        actor=one("actor"),
        first=first,
        last=last,
        chosen={name: tuple(v for v in values if v) for name, values in chosen.items() if any(values)},
        box=read("box", _box),
        sort=cast(Sort, read("sort", _sort) or "newest"),
        page=read("page", _page) or 1,
        open_only=open_only,
    ), wrong


def _box(said: str) -> Box:
    west, south, east, north = (float(part) for part in said.split(","))
    if not (-180 <= west <= east <= 180 and -90 <= south <= north <= 90):
        raise ValueError(said)
    return west, south, east, north


def _sort(said: str) -> str:
    if said not in SORTS:
        raise ValueError(said)
    return said


def _page(said: str) -> int:
    number = int(said) if said.isascii() and said.isdigit() else 0
    if not 1 <= number <= MOST_PAGE:
        raise ValueError(said)
    return number
