"""What a pair is worth when an event could be linked to several others.

Enters: pairs with probabilities, each for itself. Leaves: probabilities that know of one another. Called by
`toguna.events.links.link`.

An event of one day has at most one counterpart in another source, or none. With odds o1, o2 ... of its
candidates, each for itself, the chance that it is the first becomes ``o1 / (1 + o1 + o2 + ...)``: a vague
event with many equal candidates is linked to none of them. Rows of one source with the same days at the same
point are one candidate (UCDP tells one incident once per pair of sides), and an event that lasts longer than
a day may hold many, so nobody competes for it. The smaller of the chances seen from both ends holds.
"""

from __future__ import annotations

import numpy as np

from toguna.events.links.tellings import Floats, Ints, Tellings

__all__ = ["NOTICED", "among_rivals"]

NOTICED = 0.02  # probability below which a candidate is no rival


def among_rivals(t: Tellings, i: Ints, j: Ints, p: Floats) -> Floats:
    """Lower the probability of pairs by the candidates that compete with them.

    Parameters
    ----------
    t : Tellings
        The events.
    i, j : ints, shape (P,)
        Pairs.
    p : floats, shape (P,)
        Probability of each for itself.

    Returns
    -------
    floats, shape (P,)
        Never above `p`.
    """
    if not len(p):
        return p
    odds = p / np.maximum(1 - p, 1e-12)
    return np.minimum(_seen_from(t, (i, j), odds), _seen_from(t, (j, i), odds))


def _seen_from(t: Tellings, pair: tuple[Ints, Ints], odds: Floats) -> Floats:
    """Weigh each pair against the other candidates, in the same source, of the first event of the pair."""
    one, other = pair
    seat = one * (int(t.source.max()) + 1) + t.source[other]
    key = seat * (int(t.spot.max()) + 1) + t.spot[other]
    _, place = np.unique(key, return_inverse=True)
    best = np.zeros(int(place.max()) + 1)
    np.maximum.at(best, place, odds)
    home = np.zeros(len(best), dtype=np.int64)
    home[place] = seat
    _, at = np.unique(home, return_inverse=True)
    total = np.bincount(at, weights=best)
    rivals = total[at[place]] - best[place]
    rivals[t.last[one] > t.first[one]] = 0.0
    return odds / (1 + rivals + odds)
