"""Grow small trees of signs from examples, each mending what those before it leave wrong.

Enters: examples of one kind. Leaves: `Trees`. Called by `toguna.reading.training`.

Gradient boosting of the logistic likelihood (Friedman 2001, Greedy function approximation), by LightGBM (Ke
et al. 2017), on one thread and from one seed: the same examples give the same trees.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any, Protocol

import lightgbm as lgb
import numpy as np
from scipy.sparse import csr_matrix

from toguna.reading.trees import LEAF, Trees

__all__ = ["SELDOM", "grown"]

SELDOM = 30
"""Signs that fewer examples have are not asked for."""
ROUNDS = 300
SETTINGS = {
    "objective": "binary", "num_leaves": 8, "learning_rate": 0.05, "min_data_in_leaf": 40, "lambda_l2": 10.0,
    "feature_fraction": 0.5, "bagging_fraction": 0.8, "bagging_freq": 1, "seed": 20151120, "num_threads": 1,
    "deterministic": True, "force_row_wise": True, "verbose": -1,
}  # fmt: skip


class _Example(Protocol):
    @property
    def features(self) -> frozenset[str]: ...
    @property
    def right(self) -> bool: ...
    @property
    def weight(self) -> float: ...


def grown(examples: Sequence[_Example]) -> Trees:
    """Return the trees of one kind of examples.

    Parameters
    ----------
    examples : sequence
        With the signs of each ("features"), whether it is right, and how often it counts.
    """
    times = Counter(s for e in examples for s in e.features)
    signs = sorted(s for s, n in times.items() if n >= SELDOM)
    at = {s: k for k, s in enumerate(signs)}
    own = [sorted(at[s] for s in e.features if s in at) for e in examples]
    starts = np.cumsum([0, *(len(row) for row in own)])
    columns = np.array([k for row in own for k in row], dtype=np.int64)
    x = csr_matrix((np.ones(len(columns)), columns, starts), shape=(len(own), len(signs)))
    data = lgb.Dataset(x, [float(e.right) for e in examples], weight=[e.weight for e in examples])
    told = lgb.train(SETTINGS, data, ROUNDS).dump_model()
    nodes: list[tuple[int, int, int, float]] = []
    roots = [_laid(tree["tree_structure"], nodes) for tree in told["tree_info"]]
    asks, yes, no, values = (list(column) for column in zip(*nodes, strict=True))
    return Trees(signs, roots, asks, yes, no, values)


def _laid(node: Mapping[str, Any], nodes: list[tuple[int, int, int, float]]) -> int:
    """Lay out a node and all below it, and return its number; a sign is 1 where it is, so it leads right."""
    own = len(nodes)
    if "split_feature" not in node:
        nodes.append((LEAF, own, own, round(float(node["leaf_value"]), 5)))
        return own
    nodes.append((LEAF, own, own, 0.0))
    no, yes = _laid(node["left_child"], nodes), _laid(node["right_child"], nodes)
    nodes[own] = (int(node["split_feature"]), yes, no, 0.0)
    return own
