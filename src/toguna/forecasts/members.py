"""The members of the ensemble, by name, and where each may speak.

Chosen on forecasts for 1999-2014 (docs/decisions/0026). `exceedance` is not asked about wars: it
takes every record for a peak.
"""

from __future__ import annotations

from toguna.forecasts.exceedance import exceedance
from toguna.forecasts.history import Model
from toguna.forecasts.recent import recent
from toguna.forecasts.relative import relative
from toguna.forecasts.resampling import past_months

__all__ = ["BELOW_WAR", "IN_WAR", "members"]

BELOW_WAR = {
    "last_12": 1.0,
    "last_6_wide": 1.0,
    "last_24": 1.0,
    "fading_3": 1.0,
    "fading_6": 1.0,
    "fading_12": 1.0,
    "exceedance": 4.0,
    "relative": 2.0,
}
"""Members in regimes below war, with the prior weight they are shrunk to."""

IN_WAR = {
    "last_3_wide": 1.0,
    "last_6_wide": 1.0,
    "last_12": 1.0,
    "last_24": 1.0,
    "last_12_less": 1.0,
    "fading_3": 1.0,
    "fading_6": 1.0,
    "relative": 1.0,
}


def members(seed: int) -> dict[str, Model]:
    """Return all members by name."""
    return {
        "last_12": past_months(12),
        "last_24": past_months(24),
        "last_3_wide": recent(3, spread=0.5),
        "last_6_wide": recent(6, spread=0.5),
        "last_12_less": recent(12, spread=0.5, shift=-0.5),
        "fading_3": recent(24, spread=0.5, half_life=3),
        "fading_6": recent(60, spread=0.4, half_life=6),
        "fading_12": recent(60, spread=0.5, half_life=12),
        "exceedance": exceedance(seed),
        "relative": relative(seed),
    }
