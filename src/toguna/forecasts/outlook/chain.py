"""Draws of one target for a country, its areas and their districts, which add up draw by draw.

Enters: layers, a target. Leaves: draws from any origin. Called by `toguna.forecasts.outlook.outlook` and
`toguna.forecasts.outlook.record`.

Countries come first: their draws have the best record. Deaths of one kind of violence are fitted to the
deaths in all, areas to their country, districts to their area.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from toguna.core.errors import UsageError
from toguna.forecasts.outlook.layers import Layer
from toguna.forecasts.outlook.members import Members, members_for
from toguna.forecasts.outlook.pool import Pool, Said
from toguna.forecasts.reconcile import reconcile
from toguna.forecasts.support import draws_from

__all__ = ["KINDS", "UNCODED", "Chain", "Completed", "Drawn", "chain_of"]

Floats = NDArray[np.float64]
Completed = Callable[[str, str], tuple[Floats, ...]]
"""Level and target -> draws of the counts once late reports are in; none when nothing is expected."""

KINDS = ("deaths_sb", "deaths_ns", "deaths_os")
UNCODED = "deaths_uncoded"


@dataclass(frozen=True, slots=True)
class Drawn:
    """What is said of one level from one origin: the pool's answer, and draws (H, U, S) that add up."""

    said: Said
    draws: Floats


@dataclass(frozen=True)
class Chain:
    """One target on all levels of a chain.

    Parameters
    ----------
    target : str
        See `layers.TARGETS`.
    layers : tuple of Layer
        The largest units first.
    pools : tuple of Pool
        One for each layer.
    parts : mapping
        For a kind of violence: pools of "deaths" and of all its parts by country, else empty.
    seed : int
    """

    target: str
    layers: tuple[Layer, ...]
    pools: tuple[Pool, ...]
    parts: dict[str, Pool]
    seed: int

    def draw(self, origin: int, *, size: int, completed: Completed | None = None) -> tuple[Drawn, ...]:
        """Forecast all levels from a month (index), with what was known there.

        Parameters
        ----------
        origin : int
            Index of the last known month.
        size : int
            Draws.
        completed : function, optional
            Late reports that are expected; None: counts as they are.
        """
        late = completed or (lambda level, target: ())
        out: list[Drawn] = []
        for layer, pool in zip(self.layers, self.pools, strict=True):
            said = pool.at(origin, late(layer.level, self.target))
            draws = self._drawn(said, f"{layer.level}/{self.target}", size)
            if out:
                draws = _fitted(draws, out[-1].draws, layer)
            elif self.parts:
                draws = self._kind(origin, size, late)
            out.append(Drawn(said, draws))
        return tuple(out)

    def _kind(self, origin: int, size: int, late: Completed) -> Floats:
        """Draws of one kind of violence by country, such that all kinds add up to the deaths in all."""
        drawn = {
            name: self._drawn(pool.at(origin, late("country", name)), f"country/{name}", size)
            for name, pool in self.parts.items()
        }
        names = [*KINDS, UNCODED]
        parts, whole = np.stack([drawn[n] for n in names], axis=2), drawn["deaths"]
        out = np.empty_like(whole)
        for u in range(whole.shape[1]):
            out[:, u] = reconcile(parts[:, u], whole[:, u])[:, names.index(self.target)]
        return out

    def _drawn(self, said: Said, name: str, size: int) -> Floats:
        rng = np.random.default_rng([self.seed, 8, zlib.crc32(name.encode())])
        return np.ascontiguousarray(draws_from(said.chances, size, rng).transpose(1, 0, 2))


def _fitted(draws: Floats, above: Floats, layer: Layer) -> Floats:
    out = np.empty_like(draws)
    for i in range(above.shape[1]):
        mine = np.flatnonzero(layer.parent == i)
        out[:, mine] = reconcile(draws[:, mine], above[:, i])
    return out


MANY_UNITS, MANY_MONTHS = 20, 120
"""From so many units and months on trees have something to learn from."""


def _many(layer: Layer, target: str) -> bool:
    counts = layer.counts[target]
    return bool(counts.shape[0] >= MANY_UNITS and counts.shape[1] >= MANY_MONTHS)


def chain_of(
    layers: Sequence[Layer], target: str, *, steps: tuple[int, ...], settled: int, seed: int, trees: bool
) -> Chain:
    """Build the pools of one target; nothing is computed yet.

    Parameters
    ----------
    layers : sequence of Layer
        The largest units first.
    target : str
        See `layers.TARGETS`.
    steps : (H,) tuple of int
        Months ahead.
    settled : int
        Index of the last month whose counts are not expected to grow.
    seed : int
    trees : bool
        Whether trees speak on levels with many units.

    Raises
    ------
    UsageError
        Trees are asked, and no level has enough units and months.
    """
    members = [members_for(layer.beside, trees=trees and _many(layer, target), seed=seed) for layer in layers]
    if trees and not any(own.stepped for own in members):
        raise UsageError(
            f"trees need a level with {MANY_UNITS} units and {MANY_MONTHS} months on record; forecast "
            "without them, or name a smaller level."
        )

    def pool(counts: Floats, own: Members) -> Pool:
        return Pool(counts, own, steps, settled)

    pools = tuple(pool(layer.counts[target], m) for layer, m in zip(layers, members, strict=True))
    parts: dict[str, Pool] = {}
    if target in KINDS:
        found = layers[0].counts
        rest = found["deaths"] - sum(found[k] for k in KINDS)
        wanted = {"deaths": found["deaths"], **{k: found[k] for k in KINDS}, UNCODED: rest}
        parts = {name: pool(counts, members[0]) for name, counts in wanted.items()}
    return Chain(target, tuple(layers), pools, parts, seed)
