"""How sure a draft is: a small logistic model over what the rules saw.

Enters: named features (0 or 1) of a field. Leaves: the chance that a reviewer leaves it as it is.
Called by `toguna.reading.incidents`, `toguna.reading.scenes` and their neighbours; trained by
`toguna.reading.training`.

p = 1 / (1 + exp(-(sum of the weights of the features present, bias included))). The weights are data:
a stated prior in `data/confidence.toml`, or a file written by ``toguna read --train``. Fitted to thousands of
examples, a kind can have trees, to whose log-odds the sum is added.
"""

from __future__ import annotations

import math
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property
from importlib.resources import files
from itertools import repeat
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from toguna.core.errors import DataError
from toguna.reading.trees import Trees

__all__ = ["ByClass", "Weights", "prior", "read_weights", "shipped"]


@dataclass(frozen=True)
class ByClass:
    """Log-odds of several classes by sign.

    Parameters
    ----------
    classes : tuple of str
        In the order of their names.
    rows : dict of str to int
        The row of each sign.
    table : ndarray (signs, classes)
        What a sign speaks for or against a class.
    """

    classes: tuple[str, ...]
    rows: Mapping[str, int]
    table: NDArray[np.float64] = field(repr=False)

    @classmethod
    def of(cls, weights: Mapping[tuple[str, str], float]) -> ByClass:
        """Lay out weights that are told by class and sign."""
        classes = {told: i for i, told in enumerate(sorted({told for told, _ in weights}))}
        rows = {sign: i for i, sign in enumerate(dict.fromkeys(sign for _, sign in weights))}
        table = np.zeros((len(rows), len(classes)))
        for (told, sign), value in weights.items():
            table[rows[sign], classes[told]] = value
        return cls(tuple(classes), rows, table)

    def scores(self, signs: Iterable[str]) -> dict[str, float]:
        """Return the log-odds of every class."""
        own = sorted(
            self.rows[sign] for sign in signs if sign in self.rows
        )  # in one order: ties fall one way
        return dict(zip(self.classes, self.table[own].sum(0).tolist(), strict=True))


@dataclass(frozen=True)
class Weights:
    """Log-odds by field and feature.

    Parameters
    ----------
    weights : dict of str to dict of str to float
        By kind of field, then feature; a feature without a weight counts nothing.
    least : float
        Incidents less likely than this are not proposed, 0 to 1.
    spread : float
        Standard deviation of the prior around each weight (log-odds).
    narrow : float
        The same for the weights by which one of several candidates is chosen.
    made_from : str
        "prior", or what it was trained on.
    trees : dict of str to Trees
        By kind of field, what its weights are added to.
    """

    weights: Mapping[str, Mapping[str, float]]
    least: float
    spread: float
    made_from: str = "prior"
    narrow: float = 0.3
    trees: Mapping[str, Trees] = field(default_factory=dict, repr=False)

    @cached_property
    def by_class(self) -> Mapping[str, ByClass]:
        """The weights named ``class--sign``, by their kind."""
        found: dict[str, dict[tuple[str, str], float]] = {}
        for kind, own in self.weights.items():
            for name, value in own.items():
                told, between, sign = name.partition("--")
                if between:
                    found.setdefault(kind, {})[told, sign] = value
        return {kind: ByClass.of(own) for kind, own in found.items()}

    def chance(self, kind: str, features: Iterable[str]) -> float:
        """Return the chance for a kind of field with these features.

        Examples
        --------
        >>> round(prior().chance("date", ["explicit"]), 2)
        0.93
        """
        return 1 / (1 + math.exp(-max(-30.0, min(30.0, self.score(kind, features)))))

    def score(self, kind: str, features: Iterable[str]) -> float:
        """Return the log-odds of a kind with these features; of several candidates the highest is chosen."""
        own = self.weights.get(kind, {})
        told = features if isinstance(features, (set, frozenset)) else set(features)
        # in any order the same
        trees = self.trees[kind].score(told) if kind in self.trees else 0.0
        return math.fsum([trees, own.get("bias", 0.0), *map(own.get, told, repeat(0.0))])


def _weights(text: str, made_from: str) -> Weights:
    told = tomllib.loads(text)
    weights = {
        str(kind): {str(k): float(v) for k, v in own.items()} for kind, own in told.get("weights", {}).items()
    }
    return Weights(
        weights,
        float(told["least"]),
        float(told["spread"]),
        str(told.get("made_from", made_from)),
        float(told.get("narrow", Weights.narrow)),
        {str(kind): Trees.of(own) for kind, own in told.get("trees", {}).items()},
    )


@cache
def prior() -> Weights:
    """Return the weights stated by judgement, where fitting starts."""
    return _weights(files("toguna.reading").joinpath("data/confidence.toml").read_text("utf-8"), "prior")


@cache
def shipped() -> Weights:
    """Return the weights that come with the program: the prior, fitted to labelled texts."""
    return _weights(files("toguna.reading").joinpath("data/learned.toml").read_text("utf-8"), "learned")


def read_weights(path: Path) -> Weights:
    """Read weights that were trained.

    Raises
    ------
    DataError
        When the file cannot be read as such.
    """
    try:
        return _weights(path.read_text(encoding="utf-8"), path.name)
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise DataError(
            f"{path} holds no weights of a reader ({error}); write it anew with toguna read --train."
        ) from None
