"""Draws of what recent months will have counted once late reports are in.

Enters: layers, the events behind them, the share of events known by age. Leaves: completed counts, by level
and target. Called by `toguna.forecasts.outlook.outlook`; method: docs/methods/nowcast.md.

The number of events still missing in a month is negative binomial, given how many are known and a draw of
the share that is known. Each missing event has the deaths of an event of the same country of the last 24
months, drawn at random: late reports are held to be as deadly as timely ones.
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from datetime import date

import numpy as np
import polars as pl
from numpy.typing import NDArray

from toguna.events.nowcast import Completeness
from toguna.events.targets import on_civilians
from toguna.forecasts.outlook.chain import KINDS, UNCODED
from toguna.forecasts.outlook.layers import Layer
from toguna.forecasts.outlook.span import Span, last_day
from toguna.panels.counting import month_of

__all__ = ["WHOLE", "Late", "settled"]

Floats = NDArray[np.float64]

PASTS, TOLLS_FROM = 12, 24
WHOLE = 0.95
"""Share known from which a month is taken for settled: it may teach and judge forecasts."""


def settled(known: Completeness | None, span: Span, as_of: date) -> int:
    """Return the index of the last month of which at least 95 % is known; -1 when there is none."""
    if known is None or not known.matters:
        return span.months - 1
    shares = known.over(*_ages(span, as_of))
    open_ = np.flatnonzero(shares < WHOLE)
    return int(open_[0]) - 1 if len(open_) else span.months - 1


def _ages(span: Span, as_of: date) -> tuple[Floats, Floats]:
    """Age in days of the last and of the first day of every month."""
    ends = np.array([last_day(m).toordinal() for m in range(span.first - 1, span.last + 1)], dtype=float)
    age = as_of.toordinal() - ends
    return np.maximum(age[1:], 0.0), np.maximum(age[:-1], 1.0)


@dataclass(frozen=True)
class Late:
    """What is expected to be told late.

    Parameters
    ----------
    layers : tuple of Layer
        Counts as known.
    events : event frame
        Behind them.
    known : Completeness
        Share known by age.
    span : Span
    as_of : date
    seed : int
    """

    layers: tuple[Layer, ...]
    events: pl.DataFrame
    known: Completeness
    span: Span
    as_of: date
    seed: int

    def completed(self, level: str, target: str) -> tuple[Floats, ...]:
        """Return draws of (U, T) counts; none when nothing is expected."""
        layer = next((x for x in self.layers if x.level == level), None)
        if layer is None or not self.known.matters:
            return ()
        rng = np.random.default_rng([self.seed, 9, zlib.crc32(f"{level}/{target}".encode())])
        shares = self.known.draws_over(*_ages(self.span, self.as_of))
        counts = layer.counts[target] if target != UNCODED else _uncoded(layer)
        open_ = np.flatnonzero(shares.mean(axis=0) < 1)
        tolls = [self._tolls(country, target) for country in self.layers[0].units]
        return tuple(self._one(layer, counts, shares[k], (open_, tolls), rng) for k in self._rows(shares))

    def _rows(self, shares: Floats) -> list[int]:
        return [int(k) for k in np.linspace(0, len(shares) - 1, PASTS)]

    def _one(
        self,
        layer: Layer,
        counts: Floats,
        share: Floats,
        told: tuple[NDArray[np.int64], list[Floats]],
        rng: np.random.Generator,
    ) -> Floats:
        open_, tolls = told
        events, out = layer.counts["incidents"], counts.copy()
        alike = 0.5 / len(layer.units)
        for t in open_:
            missing = rng.negative_binomial(events[:, t] + alike, min(share[t], 1 - 1e-12))
            for u in np.flatnonzero(missing):
                country = self._country(layer, int(u))
                out[u, t] += rng.choice(tolls[country], missing[u]).sum() if len(tolls[country]) else 0.0
        return out

    def _country(self, layer: Layer, u: int) -> int:
        return self.layers[0].units.index(layer.units[u].partition("/")[0])

    def _tolls(self, country: str, target: str) -> Floats:
        """What each event of the last two years added to the target."""
        own = self.events.filter(pl.col("within").is_null() & (pl.col("country") == country))
        own = own.filter(month_of().is_between(self.span.last - TOLLS_FROM + 1, self.span.last))
        if target == "incidents":
            return np.ones(max(own.height, 1))
        if target == "attacks_civilians":
            return own.select(on_civilians().cast(pl.Float64)).to_series().to_numpy()
        best = pl.col("best").fill_null(0)
        kind = pl.col("violence").fill_null("")
        if target == UNCODED:
            best = pl.when(~kind.is_in([k.removeprefix("deaths_") for k in KINDS])).then(best).otherwise(0)
        elif target in KINDS:
            best = pl.when(kind == target.removeprefix("deaths_")).then(best).otherwise(0)
        return own.select(best.cast(pl.Float64)).to_series().to_numpy()


def _uncoded(layer: Layer) -> Floats:
    return np.asarray(layer.counts["deaths"] - sum(layer.counts[k] for k in KINDS))
