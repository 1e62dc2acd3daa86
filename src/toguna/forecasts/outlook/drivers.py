"""What a forecast rests on: how far each part of the past moves its mean away from the long-run mean.

Enters: what the pool said. Leaves: contributions by unit that add up exactly. Called by
`toguna.forecasts.outlook.outlook`; docs/methods/outlook.md.

The mean of a linear pool is the weighted mean of its members' means. Written as the unit's mean over the
whole record plus ``weight x (mean of member - that mean)``, summed over the members of a group, it falls
apart without rest: for a sum these are the Shapley values of the groups. It is an account of the sum, not
of causes.

References
----------
Shapley (1953), doi 10.1515/9781400881970-018. Lundberg and Lee (2017), doi 10.48550/arXiv.1705.07874.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from toguna.forecasts.outlook.chain import Drawn
from toguna.forecasts.outlook.members import GROUPS, Members
from toguna.forecasts.support import WIDTHS

__all__ = ["AGREEMENT", "LATE", "drivers_of"]

Floats = NDArray[np.float64]
Singles = NDArray[np.float32]

LATE, AGREEMENT = "late reports", "agreement with the larger unit"


def _means(chances: Singles) -> Floats:
    """Mean count of F (M, U, H, G), as (H, U, M)."""
    return np.asarray(((1.0 - chances.astype(np.float64)) @ WIDTHS).transpose(2, 1, 0))


def drivers_of(drawn: Drawn, plain: Singles, counts: Floats, members: Members) -> list[dict[str, Any]]:
    """Say for each unit what its mean count a month, over all steps, is made of.

    Parameters
    ----------
    drawn : Drawn
        The forecast of a level.
    plain : (M, U, 1 or H, G) float32
        What the members say of counts as known, without late reports.
    counts : (U, T) float
        Counts as known.
    members : Members

    Returns
    -------
    list of dict
        `mean` of the forecast, `base` (mean of all months on record), `parts` (group -> count a month, sum +
        base = mean), `weights` of the members, mean over steps.
    """
    base = counts.mean(axis=1)
    weights, means = drawn.said.weights, _means(plain)
    share = (weights * (means - base[:, None])).mean(axis=0)
    late = (weights * (_means(drawn.said.members) - means)).mean(axis=0).sum(axis=1)
    final = drawn.draws.mean(axis=(0, 2))
    out = []
    for u in range(len(counts)):
        parts = dict.fromkeys(dict.fromkeys(GROUPS[n] for n in members.names), 0.0)
        for m, name in enumerate(members.names):
            parts[GROUPS[name]] += float(share[u, m])
        if drawn.said.members is not plain:
            parts[LATE] = float(late[u])
        parts[AGREEMENT] = float(final[u] - base[u] - sum(parts.values()))
        used = dict(zip(members.names, weights[:, u].mean(axis=0).round(3).tolist(), strict=True))
        told = {k: round(v, 4) for k, v in parts.items()}
        told_mean, told_base = round(float(final[u]), 4), round(float(base[u]), 4)
        out.append({"mean": told_mean, "base": told_base, "parts": told, "weights": used})
    return out
