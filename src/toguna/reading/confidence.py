"""How sure a draft is: a small logistic model over what the rules saw.

Enters: named features (0 or 1) of a field. Leaves: the chance that a reviewer leaves it as it is.
Called by `toguna.reading.incidents`, `toguna.reading.scenes` and their neighbours; trained by
`toguna.reading.training`.

p = 1 / (1 + exp(-(sum of the weights of the features present, bias included))). The weights are data:
a stated prior in `data/confidence.toml`, or a file written by ``toguna read --train``.
"""

from __future__ import annotations

import math
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from importlib.resources import files
from pathlib import Path

from toguna.core.errors import DataError

__all__ = ["Weights", "prior", "read_weights", "shipped"]


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
    """

    weights: Mapping[str, Mapping[str, float]]
    least: float
    spread: float
    made_from: str = "prior"
    narrow: float = 0.3

    @cached_property
    def by_sign(self) -> Mapping[str, Mapping[str, Sequence[tuple[str, float]]]]:
        """By kind and sign the classes that it speaks for or against, of weights named ``class--sign``."""
        found: dict[str, dict[str, list[tuple[str, float]]]] = {}
        for kind, own in self.weights.items():
            for name, value in own.items():
                told, between, sign = name.partition("--")
                if between:
                    found.setdefault(kind, {}).setdefault(sign, []).append((told, value))
        return found

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
        return own.get("bias", 0.0) + sum(own.get(f, 0.0) for f in set(features))


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
