"""place-unknown: a place should be one that the theatre knows, or one more to add to its list.

One finding per place, at its first row, with the number of its events: a name that is spelt in two ways is
two places to every count that goes by name. Words such as "town" or "région de" are not compared.
"""

from __future__ import annotations

import polars as pl

from toguna.core.findings import Finding
from toguna.core.text import fold
from toguna.events.checks.context import Context, Rule

__all__ = ["bare", "check"]

_RULE = Rule(
    "place-unknown",
    "note",
    "a place or area of the theatre's tables",
    "Correct the spelling, or add the place to places.csv; the point is used as given.",
)
_WORDS = frozenset(
    fold(
        "town city village area near north south east west of the region province district commune county "
        "department prefecture governorate cercle ville environs près nord sud est ouest de du la le"
    ).split()
)


def bare(name: str) -> str:
    """Fold a name and drop the words that only say what kind of place it is.

    Examples
    --------
    >>> bare("Région de Gao"), bare("near Gao town")
    ('gao', 'gao')
    """
    folded = fold(name)
    return " ".join(word for word in folded.split() if word not in _WORDS) or folded


def check(frame: pl.DataFrame, context: Context) -> list[Finding]:
    """Find places that the theatre does not know."""
    if not context.ground.places:
        return []
    named = frame.filter(pl.col("place").is_not_null())
    unknown = [name for name in named["place"].unique().sort() if bare(name) not in context.ground.places]
    rows = named.filter(pl.col("place").is_in(unknown))
    places = rows.group_by("place", maintain_order=True).agg(pl.col("row", "event_id").first(), _n=pl.len())
    return _RULE.say(places, context, "place", pl.format("'{}' (events: {}), first", "place", "_n"))
