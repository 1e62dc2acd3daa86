"""Fit the confidence model to labelled texts, never far from its stated prior without reason.

Enters: readings of labelled texts: which features a draft had, and whether it was right; which candidates
there were, and which of them were right. Leaves: `Weights`. Called by ``toguna read --train``.

Maximum a posteriori: the likelihood of a logistic model times a Gaussian prior centred on the stated
weights, maximised by Newton's method. With no examples of a field its weights are the prior's; with
n examples the prior counts about as much as 4 / spread**2 of them. A choice among candidates
has the likelihood that its softmax gives to those that are right together (McFadden 1974).
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from toguna.reading.confidence import Weights

__all__ = ["Choice", "Example", "fitted", "weights_text"]

STEPS, SMALL, CLOSE = 30, 1e-6, 1e-5
SELDOM = 8  # signs of candidates seen less often than this get no weight
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Example:
    """One draft or field: its kind, the features it had, and whether a reviewer would leave it."""

    kind: str
    features: frozenset[str]
    right: bool
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class Choice:
    """Candidates of which one is to be chosen: the signs of each, and which of them are right."""

    kind: str
    options: tuple[frozenset[str], ...]
    right: tuple[bool, ...]
    weight: float = 1.0


Likelihood = Callable[[Floats], tuple[float, Floats, Floats]]
"""Log-likelihood of weights (K,), its gradient (K,) and the negative of its Hessian (K, K)."""


def _highest(likelihood: Likelihood, mean: Floats, spread: float) -> Floats:
    """Return the weights (K,) that maximise posterior density, by Newton's method with halved steps."""
    precision = 1 / spread**2
    w = mean.copy()
    value, gradient, hessian = likelihood(w)
    for _ in range(STEPS):
        pull = precision * (w - mean)
        step = np.linalg.solve(hessian + precision * np.eye(len(w)), gradient - pull)
        here = value - precision / 2 * float((w - mean) @ (w - mean))
        share = 1.0
        while share > SMALL:
            ahead = w + share * step
            value, gradient, hessian = likelihood(ahead)
            if value - precision / 2 * float((ahead - mean) @ (ahead - mean)) >= here:
                break
            share /= 2
        w = ahead
        if share * float(np.abs(step).max()) < CLOSE:
            break
    return np.asarray(w)


def _logistic(x: Floats, y: Floats, n: Floats) -> Likelihood:
    """Return the likelihood of x (N, K) of 0 and 1, y (N,) of 0 and 1, each counting n (N,) times."""

    def likelihood(w: Floats) -> tuple[float, Floats, Floats]:
        z = x @ w
        p = 1 / (1 + np.exp(-np.clip(z, -30, 30)))
        value = float((n * (y * z - np.logaddexp(0, z))).sum())
        return value, x.T @ (n * (y - p)), (x * (n * p * (1 - p))[:, None]).T @ x

    return likelihood


def _softmax(choices: Sequence[tuple[Floats, Floats, float]], size: int) -> Likelihood:
    """Return the likelihood of choices: x (M, K), right (M,) of 0 and 1, and how often it counts."""

    def likelihood(w: Floats) -> tuple[float, Floats, Floats]:
        value, gradient, hessian = 0.0, np.zeros(size), np.zeros((size, size))
        for x, right, n in choices:
            z = np.exp(x @ w - float((x @ w).max()))
            p, q = z / z.sum(), z * right / float((z * right).sum())
            value += n * math.log(float((p * right).sum()))
            mean = p @ x
            gradient += n * (q @ x - mean)
            hessian += n * ((x * p[:, None]).T @ x - np.outer(mean, mean))
        return value, gradient, hessian

    return likelihood


def fitted(
    examples: Iterable[Example], start: Weights, *, made_from: str, choices: Iterable[Choice] = ()
) -> Weights:
    """Fit every kind of field that has examples, and every kind of choice.

    Parameters
    ----------
    examples : iterable of Example
        From labelled texts.
    start : Weights
        The prior: its weights and spread.
    made_from : str
        What is said of the origin.
    choices : iterable of Choice
        From labelled texts; those without a right candidate teach nothing.

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
    by_choice: dict[str, list[Choice]] = {}
    for c in choices:
        if any(c.right) and not all(c.right):
            by_choice.setdefault(c.kind, []).append(c)
    weights = {kind: dict(own) for kind, own in start.weights.items()}
    for kind, own in sorted(by_kind.items()):
        weights[kind] = _fitted_kind(own, start.weights.get(kind, {}), start.spread)
    for kind, made in sorted(by_choice.items()):
        weights[kind] = _fitted_choices(made, start.weights.get(kind, {}), start.narrow)
    return replace(start, weights=weights, made_from=made_from)


def _fitted_kind(examples: Sequence[Example], own: Mapping[str, float], spread: float) -> dict[str, float]:
    names = ["bias", *sorted((set(own) | {f for e in examples for f in e.features}) - {"bias"})]
    x = np.array([[1.0 if n == "bias" else float(n in e.features) for n in names] for e in examples])
    y = np.array([float(e.right) for e in examples])
    mean = np.array([own.get(n, 0.0) for n in names])
    likelihood = _logistic(x, y, np.array([e.weight for e in examples]))
    return _named(names, _highest(likelihood, mean, spread))


def _fitted_choices(choices: Sequence[Choice], own: Mapping[str, float], spread: float) -> dict[str, float]:
    told = Counter(s for c in choices for o in c.options for s in o)
    names = sorted({s for s, n in told.items() if n >= SELDOM} | set(own))
    made = [
        (
            np.array([[float(n in o) for n in names] for o in c.options]),
            np.array([float(r) for r in c.right]),
            c.weight,
        )
        for c in choices
    ]
    mean = np.array([own.get(n, 0.0) for n in names])
    return _named(names, _highest(_softmax(made, len(names)), mean, spread))


def _named(names: Sequence[str], values: Floats) -> dict[str, float]:
    return {n: round(float(v), 4) for n, v in zip(names, values, strict=True)}


def weights_text(weights: Weights) -> str:
    """Write weights as the TOML that `toguna.reading.confidence.read_weights` reads."""
    lines = [
        f"made_from = {_quoted(weights.made_from)}",
        f"spread = {weights.spread}",
        f"narrow = {weights.narrow}",
        f"least = {weights.least}",
    ]
    for kind, own in weights.weights.items():
        lines += ["", f"[weights.{kind}]", *(f"{name} = {value}" for name, value in own.items())]
    return "\n".join(lines) + "\n"


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
