"""Fit the confidence model to labelled texts, never far from its stated prior without reason.

Enters: readings of labelled texts: which features a draft had, and whether it was right. Leaves:
`Weights`. Called by ``toguna read --train``.

Maximum a posteriori: the likelihood of a logistic model times a Gaussian prior centred on the stated
weights, maximised by Newton's method. With no examples of a field its weights are the prior's; with
n examples the prior counts about as much as 4 / spread**2 of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from toguna.reading.confidence import Weights

__all__ = ["Example", "fitted", "weights_text"]

STEPS, SMALL = 50, 1e-9
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Example:
    """One draft or field: its kind, the features it had, and whether a reviewer would leave it."""

    kind: str
    features: frozenset[str]
    right: bool


def _fit(x: Floats, y: Floats, mean: Floats, spread: float) -> Floats:
    """Return the weights that maximise posterior density; x (N, K) of 0 and 1, y (N,) of 0 and 1."""
    w = mean.copy()
    precision = 1 / spread**2
    for _ in range(STEPS):
        p = 1 / (1 + np.exp(-np.clip(x @ w, -30, 30)))
        gradient = x.T @ (y - p) - precision * (w - mean)
        hessian = (x * (p * (1 - p))[:, None]).T @ x + precision * np.eye(len(w))
        step = np.linalg.solve(hessian, gradient)
        w = w + step
        if float(np.abs(step).max()) < SMALL:
            break
    return np.asarray(w)


def fitted(examples: Iterable[Example], start: Weights, *, made_from: str) -> Weights:
    """Fit every kind of field that has examples.

    Parameters
    ----------
    examples : iterable of Example
        From labelled texts.
    start : Weights
        The prior: its weights and spread.
    made_from : str
        What is said of the origin.

    Examples
    --------
    >>> from toguna.reading.confidence import prior
    >>> wrong = [Example("tactic", frozenset({"explicit"}), right=False)] * 20
    >>> after = fitted(wrong, prior(), made_from="a test")
    >>> after.chance("tactic", ["explicit"]) < prior().chance("tactic", ["explicit"])
    True
    """
    by_kind: dict[str, list[Example]] = {}
    for e in examples:
        by_kind.setdefault(e.kind, []).append(e)
    weights = {kind: dict(own) for kind, own in start.weights.items()}
    for kind, own in sorted(by_kind.items()):
        weights[kind] = _fitted_kind(own, start.weights.get(kind, {}), start.spread)
    return Weights(weights, start.least, start.spread, made_from)


def _fitted_kind(examples: Sequence[Example], own: Mapping[str, float], spread: float) -> dict[str, float]:
    names = ["bias", *sorted((set(own) | {f for e in examples for f in e.features}) - {"bias"})]
    x = np.array([[1.0 if n == "bias" else float(n in e.features) for n in names] for e in examples])
    y = np.array([float(e.right) for e in examples])
    mean = np.array([own.get(n, 0.0) for n in names])
    return {n: round(float(v), 4) for n, v in zip(names, _fit(x, y, mean, spread), strict=True)}


def weights_text(weights: Weights) -> str:
    """Write weights as the TOML that `toguna.reading.confidence.read_weights` reads."""
    lines = [
        f"made_from = {_quoted(weights.made_from)}",
        f"spread = {weights.spread}",
        f"least = {weights.least}",
    ]
    for kind, own in weights.weights.items():
        lines += ["", f"[weights.{kind}]", *(f"{name} = {value}" for name, value in own.items())]
    return "\n".join(lines) + "\n"


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
