"""How two tellings compare, feature by feature, each in a few levels with words.

Enters: `Tellings` and pairs of positions. Leaves: one small whole number per pair and feature: which level.
Called by `toguna.events.links.link` and by the benchmark that measures the weights.

Level -1 means "not comparable": one of the two does not say. It weighs nothing, as nothing was learnt.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import polars as pl
from numpy.typing import NDArray

from toguna.core.geography import distance_km
from toguna.core.text import fold
from toguna.events.links.candidates import day_gap
from toguna.events.links.tellings import COMMON, RARE, Floats, Ints, Tellings

__all__ = ["FEATURES", "LEVELS", "compare", "similarity"]

Codes = NDArray[np.int8]

LEVELS: dict[str, tuple[str, ...]] = {
    "day": ("same-day", "shared-days", "next-day", "as-precision-allows", "beyond-precision"),
    "distance": ("same-point", "as-precision-allows", "beyond-precision", "far"),
    "actors": ("rare-actor-shared", "actor-shared", "kin", "common-actor-shared", "none-shared"),
    "victims": ("same", "different"),
    "deaths": ("equal", "ranges-meet", "within-twice", "more-than-twice"),
    "place": ("same-name", "similar-name", "different-name"),
    "tactic": ("same", "different"),
    "target": ("same", "different"),
    "setting": ("same", "different"),
}
"""Levels of every feature, from agreement to contradiction."""

FEATURES = tuple(LEVELS)
SAME_POINT_KM = 5.0


def compare(t: Tellings, i: Ints, j: Ints) -> Codes:
    """Compare pairs of events.

    Parameters
    ----------
    t : Tellings
        N events.
    i, j : ints, shape (P,)
        Positions of the two events of each pair.

    Returns
    -------
    int8, shape (P, len(FEATURES))
        Level of each feature as a position in `LEVELS`; -1 = not comparable.
    """
    if not len(i):
        return np.zeros((0, len(FEATURES)), dtype=np.int8)
    columns: dict[str, Callable[[], NDArray[np.signedinteger]]] = {
        "day": lambda: _day(t, i, j),
        "distance": lambda: _distance(t, i, j),
        "actors": lambda: _actors(t, i, j),
        "victims": lambda: _equal(t.victims[i], t.victims[j], t.victims[i] * t.victims[j] > 0),
        "deaths": lambda: _deaths(t, i, j),
        "place": lambda: _place(t, i, j),
        **{name: _word(t, name, i, j) for name in ("tactic", "target", "setting")},
    }
    return np.stack([columns[name]().astype(np.int8) for name in FEATURES], axis=1)


def _word(t: Tellings, name: str, i: Ints, j: Ints) -> Callable[[], NDArray[np.signedinteger]]:
    """Compare words of a vocabulary, where both sources use both words at all."""
    return lambda: _equal(t.texts[name][i], t.texts[name][j], _shared_words(t, name, i, j))


def _equal(a: Ints, b: Ints, comparable: NDArray[np.bool_]) -> Ints:
    return np.where(comparable, (a != b).astype(np.int64), -1)


def _day(t: Tellings, i: Ints, j: Ints) -> Ints:
    gap, off = day_gap(t, i, j), t.days_off[i] + t.days_off[j]
    short = (t.last[i] == t.first[i]) & (t.last[j] == t.first[j])
    sharp = short & (np.maximum(t.days_off[i], t.days_off[j]) <= 3)
    return np.select([(gap == 0) & sharp, gap == 0, gap == 1, gap <= off], [0, 1, 2, 3], default=4)


def _distance(t: Tellings, i: Ints, j: Ints) -> Ints:
    off = t.km_off[i] + t.km_off[j]
    km = distance_km(t.lat[i], t.lon[i], t.lat[j], t.lon[j])
    level = np.select([km <= SAME_POINT_KM, km <= off, km <= 2 * off], [0, 1, 2], default=3)
    return np.where(np.isfinite(off), level, -1)


def _actors(t: Tellings, i: Ints, j: Ints) -> Ints:
    """Sharing a name that is in every fifth event says less than sharing a scarce one (Winkler)."""
    both = t.named[i].multiply(t.named[j])
    scarcest = _row_max(both.multiply(t.scarcity[np.newaxis, :]).tocsr())
    kin = np.asarray(t.named[i].multiply(t.kin[j]).sum(axis=1)).ravel() > 0
    silent = (_row_sum(t.named[i]) == 0) | (_row_sum(t.named[j]) == 0)
    return np.select(
        [silent, scarcest > 1 / RARE, scarcest > 1 / COMMON, kin, scarcest > 0], [-1, 0, 1, 2, 3], default=4
    )


def _row_sum(matrix: object) -> Floats:
    return np.asarray(matrix.sum(axis=1)).ravel()  # type: ignore[attr-defined]


def _row_max(matrix: object) -> Floats:
    return np.asarray(matrix.max(axis=1).todense()).ravel()  # type: ignore[attr-defined]


def _deaths(t: Tellings, i: Ints, j: Ints) -> Ints:
    """Compare tolls, each row by itself or with the others that its source tells at the same days and point.

    A source that splits one incident over pairs of sides splits its dead too: the better comparison holds.
    """
    own = np.stack([t.best, t.low, t.high])
    levels = [_tolls(a[:, i], b[:, j]) for a, b in ((own, own), (t.whole, own), (own, t.whole))]
    nearest = np.min([np.where(x < 0, len(LEVELS["deaths"]), x) for x in levels], axis=0)
    return np.where(levels[0] < 0, -1, nearest)


def _tolls(a: Floats, b: Floats) -> Ints:
    """Compare (best, low, high) with (best, low, high), shapes (3, P)."""
    known = ~(np.isnan(a[1]) | np.isnan(b[1]))
    equal = a[0] == b[0]  # NaN equals nothing
    meet = (a[1] <= b[2]) & (b[1] <= a[2])
    middle = [np.where(np.isnan(x[0]), (x[1] + x[2]) / 2, x[0]) for x in (a, b)]
    few, many = np.minimum(*middle), np.maximum(*middle)
    # + 1: one and two dead are as near as ten and twenty are not.
    level = np.select([equal, meet, many + 1 <= 2 * (few + 1)], [0, 1, 2], default=3)
    return np.where(known, level, -1)


def _place(t: Tellings, i: Ints, j: Ints) -> Ints:
    """Compare names of places; at the same point an equal name says nothing new, another name does."""
    a, b = t.texts["place"][i], t.texts["place"][j]
    said = (a >= 0) & (b >= 0)
    out = np.full(len(i), -1, dtype=np.int64)
    if said.any():
        names = t.frame["place"].drop_nulls().unique().sort().to_list()
        alike = similarity(names, a[said], b[said])
        out[said] = np.select([alike >= 90, alike >= 70], [0, 1], default=2)
    return np.where((out < 2) & (_distance(t, i, j) == 0), -1, out)


def similarity(names: list[str], a: Ints, b: Ints) -> Floats:
    """Score names from 0 to 100, each distinct pair once, whatever the order of their words."""
    from rapidfuzz import fuzz
    from rapidfuzz.process import cpdist

    folded = [fold(name) for name in names]
    keys, back = np.unique(a * len(names) + b, return_inverse=True)
    left = [folded[k] for k in (keys // len(names)).tolist()]
    right = [folded[k] for k in (keys % len(names)).tolist()]
    scores = cpdist(left, right, scorer=fuzz.token_set_ratio, dtype=np.float32)
    return np.asarray(np.asarray(scores, dtype=float)[back.ravel()])


def _shared_words(t: Tellings, name: str, i: Ints, j: Ints) -> NDArray[np.bool_]:
    """Say where both words belong to a vocabulary that both sources use."""
    codes, n = t.texts[name], int(t.texts[name].max(initial=0)) + 1
    used = pl.DataFrame({"s": t.source, "w": codes}).filter(pl.col("w") >= 0).unique()
    table = np.zeros((int(t.source.max(initial=0)) + 1, n), dtype=bool)
    table[used["s"].to_numpy(), used["w"].to_numpy()] = True
    a, b = codes[i], codes[j]
    said = (a >= 0) & (b >= 0)
    return said & table[t.source[j], a] & table[t.source[i], b]
