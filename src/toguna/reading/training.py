"""Fit the confidence model to labelled texts, never far from its stated prior without reason.

Enters: readings of labelled texts: which features a draft had, and whether it was right; which candidates
there were, and which of them were right. Leaves: `Weights`. Called by ``toguna read --train``.

Maximum a posteriori: the likelihood of a logistic model times a Gaussian prior centred on the stated
weights, maximised by L-BFGS (Liu and Nocedal 1989). With no examples of a field its weights are the
prior's; with n examples the prior counts about as much as 4 / spread**2 of them. A choice among candidates
has the likelihood that its softmax gives to those that are right together (McFadden 1974).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.sparse import csr_matrix

from toguna.reading.confidence import Weights
from toguna.reading.trees import Trees
from toguna.reading.verdicts import Verdict, fitted_classes

__all__ = ["Choice", "Example", "fitted", "weights_text"]

STEPS = 500
SELDOM = 5  # signs of candidates seen less often than this get no weight
MANY = 1000  # signs of one kind: of so many, most are words that were seen once
CLOSE_KINDS = frozenset({"further", "once", "struck"})
"""Kinds of many signs and few right examples: their weights stay as near to the prior as those of choices."""
FREE_KINDS, FREE = frozenset({"author", "dead-count", "wounded-count"}), 2.0
"""Kinds of choices with few signs, each seen often: their prior is so many times as wide."""
TREE_KINDS, ENOUGH = ("incident",), 5000
"""Kinds that are judged by trees where there are so many examples; of fewer the weights know more."""
_BARE = re.compile(r"[A-Za-z0-9_-]+")
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


Likelihood = Callable[[Floats], tuple[float, Floats]]
"""Log-likelihood of weights (K,) and its gradient (K,)."""


def _highest(likelihood: Likelihood, mean: Floats, spread: float) -> Floats:
    """Return the weights (K,) that maximise posterior density, by a quasi-Newton method (L-BFGS)."""
    precision = 1 / spread**2

    def cost(w: Floats) -> tuple[float, Floats]:
        value, gradient = likelihood(w)
        off = w - mean
        return precision / 2 * float(off @ off) - value, precision * off - gradient

    found = minimize(cost, mean, jac=True, method="L-BFGS-B", options={"maxiter": STEPS, "ftol": 1e-12})
    return np.asarray(found.x)


def _logistic(x: csr_matrix, y: Floats, n: Floats, off: Floats) -> Likelihood:
    """Return the likelihood of x (N, K) of 0 and 1, y (N,) of 0 and 1, each counting n (N,) times.

    off (N,) are the log-odds to which weights add.
    """

    def likelihood(w: Floats) -> tuple[float, Floats]:
        z = off + x @ w
        p = 1 / (1 + np.exp(-np.clip(z, -30, 30)))
        return float((n * (y * z - np.logaddexp(0, z))).sum()), x.T @ (n * (y - p))

    return likelihood


def _softmax(x: csr_matrix, right: Floats, first: NDArray[np.int64], n: Floats) -> Likelihood:
    """Return the likelihood of C choices among M options in all.

    x (M, K) and right (M,) hold 0 and 1; `first` (C,) is each choice's first option, n (C,) how often it
    counts.
    """
    of = np.repeat(np.arange(len(first)), np.diff(np.append(first, len(right))))

    def likelihood(w: Floats) -> tuple[float, Floats]:
        z = x @ w
        z = np.exp(z - np.maximum.reduceat(z, first)[of])
        every, fit = np.add.reduceat(z, first), np.add.reduceat(z * right, first)
        value = float((n * np.log(fit / every)).sum())
        return value, x.T @ (n[of] * (z * right / fit[of] - z / every[of]))

    return likelihood


def _table(rows: Sequence[frozenset[str]], names: Sequence[str]) -> csr_matrix:
    """Return which names each row holds, (N, K); a row of examples holds "bias" as well where it is named."""
    at = {name: k for k, name in enumerate(names)}
    held = [sorted(at[s] for s in row if s in at) for row in rows]
    columns = np.array([k for row in held for k in row], dtype=np.int64)
    starts = np.cumsum([0, *(len(row) for row in held)])
    return csr_matrix((np.ones(len(columns)), columns, starts), shape=(len(rows), len(names)))


def fitted(
    examples: Iterable[Example],
    start: Weights,
    *,
    made_from: str,
    choices: Iterable[Choice] = (),
    verdicts: Iterable[Verdict] = (),
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
    verdicts : iterable of Verdict
        From labelled texts: signs of incidents and their classes.

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
    trees = {
        **start.trees,
        **_trees({k: by_kind[k] for k in TREE_KINDS if len(by_kind.get(k, ())) >= ENOUGH}),
    }
    for kind, own in sorted(by_kind.items()):
        if trees.get(kind) is not start.trees.get(kind):
            asked = {"bias", *trees[kind].signs}  # what is too seldom for trees stays as the prior has it
            weights[kind] = {s: w for s, w in start.weights.get(kind, {}).items() if s not in asked}
            continue
        spread = start.narrow if kind in CLOSE_KINDS else start.spread
        weights[kind] = _fitted_kind(own, start.weights.get(kind, {}), spread, trees.get(kind))
    for kind, made in sorted(by_choice.items()):
        spread = start.narrow * (FREE if kind in FREE_KINDS else 1)
        weights[kind] = _fitted_choices(made, start.weights.get(kind, {}), spread)
    by_class: dict[str, list[Verdict]] = {}
    for v in verdicts:
        by_class.setdefault(v.kind, []).append(v)
    for kind, told in sorted(by_class.items()):
        weights[kind] = fitted_classes(told, start.weights.get(kind, {}), start.narrow)
    return replace(start, weights=weights, made_from=made_from, trees=trees)


def _trees(examples: Mapping[str, Sequence[Example]]) -> dict[str, Trees]:
    if not examples:
        return {}
    from toguna.reading.grown import grown  # LightGBM takes long to load, and few who come here need it

    return {kind: grown(own) for kind, own in examples.items()}


def _fitted_kind(
    examples: Sequence[Example], own: Mapping[str, float], spread: float, trees: Trees | None
) -> dict[str, float]:
    """Return the weights of a kind; where there are trees, what is to be added to what they say."""
    told = Counter(f for e in examples for f in e.features)
    least = SELDOM if len(told) > MANY else 1
    names = ["bias", *sorted((set(own) | {f for f, n in told.items() if n >= least}) - {"bias"})]
    x = _table([e.features | {"bias"} for e in examples], names)
    y, n = (np.array([float(e.right) for e in examples]), np.array([e.weight for e in examples]))
    mean = np.array([own.get(name, 0.0) for name in names])
    off = np.array([trees.score(e.features) if trees else 0.0 for e in examples])
    return _named(names, _highest(_logistic(x, y, n, off), mean, spread))


def _fitted_choices(choices: Sequence[Choice], own: Mapping[str, float], spread: float) -> dict[str, float]:
    told = Counter(s for c in choices for o in c.options for s in o)
    names = sorted({s for s, n in told.items() if n >= SELDOM} | set(own))
    x = _table([o for c in choices for o in c.options], names)
    right = np.array([float(r) for c in choices for r in c.right])
    first = np.cumsum([0, *(len(c.options) for c in choices[:-1])])
    n = np.array([c.weight for c in choices])
    mean = np.array([own.get(name, 0.0) for name in names])
    return _named(names, _highest(_softmax(x, right, first, n), mean, spread))


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
        lines += ["", f"[weights.{kind}]", *(f"{_key(name)} = {value}" for name, value in own.items())]
    for kind, trees in weights.trees.items():
        lines += ["", f"[trees.{kind}]", f"signs = [{', '.join(map(_quoted, trees.signs))}]"]
        for name in ("roots", "asks", "yes", "no", "values"):
            lines.append(f"{name} = {list(getattr(trees, name))}")
    return "\n".join(lines) + "\n"


def _key(name: str) -> str:
    """Return a key of TOML: an actor may have a space or a letter with an accent in its id."""
    return name if _BARE.fullmatch(name) else _quoted(name)


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
