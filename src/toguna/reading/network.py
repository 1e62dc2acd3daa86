"""A small convolutional network that reads the words of a text with their marks, beside the rules.

Enters: `Tokens`. Leaves: an `Outlook`: how likely the text is news of violence, and of which names, and
which days, counts and organisations are of what happened at which name. Its answers are signs among others,
in steps; what is proposed is still decided by `toguna.reading.confidence`. Called by
`toguna.reading.rules`; fitted by ``python -m bench.reading_network``.

Words and marks are summed, then pass through gated convolutions (Dauphin et al. 2017, Language modeling
with gated convolutional networks) that look farther by dilation (Yu and Koltun 2016). A name is judged
by all its mentions together (log of the sum of their odds), and then, with the signs that the rules give it,
beside the other names of its text, by one step of attention (Vaswani et al. 2017; Lee et al. 2019, Set
transformer). The signs also count by themselves, as in a linear score (Cheng et al. 2016, Wide and deep
learning). What is tied to a name is judged by both and by how they stand to one another, as heads and their
dependents are (Dozat and Manning 2017, Deep biaffine attention), against the other names. Where a file
holds several networks, their log-odds are averaged.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Any
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from toguna.core.errors import DataError
from toguna.reading.tokens import Extent, Thing, Tokens, nearness

__all__ = ["BESIDE", "DILATIONS", "THINGS", "Network", "Outlook", "read_network", "shipped_network", "step"]

BESIDE = 8
"""Words on both sides of a name that are looked at with it."""
STEPS = (-4.0, -2.75, -1.75, -0.85, 0.0, 0.85, 1.75, 2.75)
"""Log-odds between which an answer counts as one sign."""
DILATIONS = (1, 2, 4, 8, 16, 1)
THINGS = ("day", "dead", "wounded", "hostages", "group")
"""Kinds of what a text tells beside names: days, counts by fate, organisations."""
HEADS = frozenset({"names", "news", "things", "among", "links"})
"""Answers of a network; one fitted by an older version lacks some."""
AT_ONCE = 1 << 22
"""Numbers that are held at once while things are tied to names."""
SUMMED = ("words", "signs", "among.wide", "among.line", "links.near", "links.rival")
"""Weights that are looked up, not multiplied."""
MOST_EXP = 80.0
"""A gate is as good as shut at so many log-odds; beyond, numbers run over."""
Floats = NDArray[np.float32]


@dataclass(frozen=True)
class Outlook:
    """What the network says of a text, in log-odds.

    Parameters
    ----------
    news : float
        It is news of violence.
    names : dict of str to float
        Its news is of this name (what its spellings share).
    things : dict of (str, int) to float
        A day, count or organisation is of its news; by kind and the letter it starts at.
    links : dict of (str, int) to dict of str to float
        It is of what happened at a name, if anything did; by name.
    """

    news: float = 0.0
    names: Mapping[str, float] = field(default_factory=dict)
    things: Mapping[Thing, float] = field(default_factory=dict)
    links: Mapping[Thing, Mapping[str, float]] = field(default_factory=dict)

    def of(self, kind: str, *starts: int) -> set[str]:
        """Return as signs how likely the news is of the likeliest and the least likely of some things."""
        odds = [self.things[kind, at] for at in starts if (kind, at) in self.things]
        return {f"net-{step(max(odds))}", f"net-least-{step(min(odds))}"} if odds else set()

    def tie(self, name: str, kind: str, *starts: int) -> set[str]:
        """Return as signs how likely the likeliest and the least likely of some things are of a name."""
        told = [self.links[kind, at] for at in starts if (kind, at) in self.links]
        odds = [own[name] for own in told if name in own]
        if not odds:
            return set()
        top = any(own[name] == max(own.values()) for own in told if name in own)
        least = {f"tie-least-{step(min(odds))}"} if len(odds) > 1 else set()
        return {f"tie-{step(max(odds))}", *least, *(["tie-top"] if top else [])}


def step(log_odds: float) -> int:
    """Return between which steps log-odds lie, 0 (no) to 8 (yes)."""
    return sum(log_odds > s for s in STEPS)


@dataclass(frozen=True)
class Network:
    """Several networks that are asked together.

    Parameters
    ----------
    signs : dict of str to int
        Number of each mark.
    weights : dict of str to ndarray (M, ...)
        Of M networks: what enters (signs, H), and layers (inputs, outputs) with their bias (1, outputs);
        those of convolutions take three words one after the other (3 H, 2 H).
    by_rules : dict of str to int
        Number of each sign that the rules give to names.
    """

    signs: Mapping[str, int] = field(repr=False)
    weights: Mapping[str, Floats] = field(repr=False)
    by_rules: Mapping[str, int] = field(default_factory=dict, repr=False)

    def alone(self, number: int) -> Network:
        """Return only one of the networks."""
        return Network(
            self.signs, {name: value[number, None] for name, value in self.weights.items()}, self.by_rules
        )

    def read(self, tokens: Tokens) -> Outlook:
        """Return what the networks say of a text, averaged; nothing of one without words."""
        if not len(tokens.words) or not self.weights:
            return Outlook()
        x = self._entered(tokens)
        for i, dilation in enumerate(DILATIONS):
            x = self._convolved(i, dilation, x)
        x = self._norm("norm", x)
        whole = self._layer("whole", np.concatenate([x.mean(1), x.max(1)], axis=1)[:, None])
        whole = np.maximum(whole, 0)
        news = float(self._head("news", whole).mean())
        own = {thing: at for thing, at in tokens.things.items() if thing[0] in THINGS}
        seen = _told(list(own.values()), x, whole) if own else None
        things = {} if seen is None else self._things(own, seen)
        names = list(tokens.names.values())
        if not names:
            return Outlook(news, things=things)
        told = _told([e for own in names for e in own], x, whole)
        odds, most = _summed(self._head("names", told), told, [len(own) for own in names])
        said = self._among(odds, most, self._told_by_rules(tokens))
        links = {} if seen is None else self._links(tokens, own, seen, most)
        return Outlook(news, dict(zip(tokens.names, said.mean(0).tolist(), strict=True)), things, links)

    def _things(self, own: Mapping[Thing, Extent], seen: Floats) -> dict[Thing, float]:
        """Return the log-odds that the news is of days, counts and organisations (M, N, W)."""
        said = self._head("things", seen).mean(0)
        return {thing: float(said[i, THINGS.index(thing[0])]) for i, thing in enumerate(own)}

    def _links(
        self, tokens: Tokens, own: Mapping[Thing, Extent], seen: Floats, most: Floats
    ) -> dict[Thing, dict[str, float]]:
        """Return the log-odds that days, counts and organisations are of what happened at each name."""
        of, by = self._layer("links.thing", seen), self._layer("links.name", most)
        alike = (of @ by.transpose(0, 2, 1) / np.sqrt(of.shape[2]))[..., None]
        near = nearness(tokens, list(own.values()))
        kinds = np.array([THINGS.index(kind) for kind, _ in own])
        n = max(1, AT_ONCE // (len(of) * by.shape[1] * of.shape[2]))
        said = np.concatenate([self._tied(of[:, i : i + n], by, alike[:, i : i + n], near[i : i + n])[
            :, np.arange(len(kinds[i : i + n])), :, kinds[i : i + n]
        ] for i in range(0, len(kinds), n)])  # fmt: skip
        top = said.max(2, keepdims=True)
        every = top + np.log(np.exp(said - top).sum(2, keepdims=True))
        rival = self.weights["links.rival"][:, kinds].T[:, :, None]
        odds = (said + rival * (said - every)).mean(1)
        return {
            t: dict(zip(tokens.names, row, strict=True)) for t, row in zip(own, odds.tolist(), strict=True)
        }

    def _tied(self, of: Floats, by: Floats, alike: Floats, near: NDArray[np.int64]) -> Floats:
        """Return the log-odds of all kinds (M, N, K, kinds) that things are of names, each by itself."""
        hidden = of[:, :, None] + by[:, None]
        for j in range(near.shape[2]):
            hidden += self.weights["links.near"][:, near[:, :, j]]
        shape = hidden.shape
        said = self._layer("links.head", np.maximum(hidden, 0).reshape(len(of), -1, shape[3]))
        return np.asarray(said.reshape(*shape[:3], -1) + alike)

    def _told_by_rules(self, tokens: Tokens) -> csr_matrix:
        """Return which of the rules' signs each name has (K, signs)."""
        signs = (tokens.by_rules.get(key, frozenset[str]()) for key in tokens.names)
        return _born(
            [(i, self.by_rules[s]) for i, own in enumerate(signs) for s in own if s in self.by_rules],
            (len(tokens.names), len(self.by_rules)),
        )

    def _among(self, odds: Floats, told: Floats, signs: csr_matrix) -> Floats:
        """Return log-odds of names (M, K), from those by themselves (M, K, 1) and what is told of each."""
        wide = np.maximum(np.stack([signs @ w for w in self.weights["among.wide"]]), 0)
        own = np.maximum(self._layer("among.own", np.concatenate([told, odds, wide], axis=2)), 0)
        asks, has, gives = (self._layer(f"among.{name}", own) for name in ("asks", "has", "gives"))
        alike = asks @ has.transpose(0, 2, 1) / np.sqrt(own.shape[2])
        alike = np.exp(alike - alike.max(2, keepdims=True))
        others = alike / alike.sum(2, keepdims=True) @ gives
        both = self._norm("among.norm", np.concatenate([own, others], axis=2))
        line = np.stack([signs @ w for w in self.weights["among.line"]])
        return np.asarray((odds + line + self._head("among.head", both))[:, :, 0])

    def _entered(self, tokens: Tokens) -> Floats:
        """Return the sum of each word's digest and signs (M, T, H)."""
        known = [(i, self.signs[s]) for i, s in tokens.signs if s in self.signs]
        born = _born(known, (len(tokens.words), len(self.signs)))
        said = np.stack([born @ w for w in self.weights["signs"]])
        return np.asarray(self.weights["words"][:, tokens.words] + said)

    def _layer(self, name: str, x: Floats) -> Floats:
        return np.asarray(x @ self.weights[f"{name}.weight"] + self.weights[f"{name}.bias"])

    def _head(self, name: str, x: Floats) -> Floats:
        """Return the log-odds of a head: one hidden layer, none below zero."""
        return self._layer(f"{name}.3", np.maximum(self._layer(f"{name}.1", x), 0))

    def _norm(self, name: str, x: Floats) -> Floats:
        """Return each word's numbers with mean 0 and variance 1, scaled (Ba et al. 2016)."""
        off: Floats = np.asarray(x - x.mean(2, keepdims=True))
        off /= np.sqrt(np.einsum("mth,mth->mt", off, off) / x.shape[2] + 1e-5)[:, :, None]
        off *= self.weights[f"{name}.weight"]
        off += self.weights[f"{name}.bias"]
        return off

    def _convolved(self, i: int, dilation: int, x: Floats) -> Floats:
        """Return one block's outputs: what enters, and a gated convolution of three words beside it."""
        n, width = x.shape[1:]
        seen = np.zeros((len(x), n, 3 * width), dtype=np.float32)
        seen[:, :, width : 2 * width] = said = self._norm(f"blocks.{i}.norm", x)
        seen[:, dilation:, :width] = said[:, : max(n - dilation, 0)]
        seen[:, : max(n - dilation, 0), 2 * width :] = said[:, dilation:]
        y = self._layer(f"blocks.{i}.conv", seen)
        value, gate = y[:, :, :width], y[:, :, width:]
        np.negative(gate, out=gate)
        np.exp(np.minimum(gate, MOST_EXP, out=gate), out=gate)
        gate += 1
        value /= gate
        value += x
        return np.asarray(value)


def _born(known: Sequence[tuple[int, int]], shape: tuple[int, int]) -> csr_matrix:
    """Return a matrix of ones where a row (word, name) has a sign."""
    at = np.array(known, dtype=np.int64).reshape(-1, 2)
    return csr_matrix((np.ones(len(at), dtype=np.float32), (at[:, 0], at[:, 1])), shape)


def _summed(odds: Floats, told: Floats, counts: Sequence[int]) -> tuple[Floats, Floats]:
    """Return the log-odds of names by all their mentions, and what is told of them, the likeliest most.

    odds (M, N, 1) and told (M, N, W) are of mentions, `counts` (K,) says how many each name has.
    """
    first = np.cumsum([0, *counts])[:-1]
    top = np.maximum.reduceat(odds, first, axis=1)
    share = np.exp(odds - np.repeat(top, counts, axis=1))
    every = np.add.reduceat(share, first, axis=1)
    most = np.add.reduceat(share * told, first, axis=1) / every
    return top + np.log(every), np.asarray(most, dtype=np.float32)


def _told(extents: Sequence[Extent], x: Floats, whole: Floats) -> Floats:
    """Return what stands at extents, beside them, and in the whole text, (M, N, 3 H)."""
    sums = np.zeros((x.shape[0], x.shape[1] + 1, x.shape[2]))
    np.cumsum(x, axis=1, out=sums[:, 1:])
    a, b = (np.array([e[k] for e in extents]) for k in (0, 1))
    around = ((a, b), (np.maximum(a - BESIDE, 0), np.minimum(b + BESIDE, x.shape[1])))
    mean = [(sums[:, q] - sums[:, p]) / (q - p)[:, None] for p, q in around]
    return np.concatenate([*mean, np.broadcast_to(whole, (len(x), len(a), x.shape[2]))], 2, dtype=np.float32)


def read_network(path: Any) -> Network:
    """Read networks from a file of ``bench.reading_network``.

    Raises
    ------
    DataError
        When the file cannot be read as such.
    """
    try:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as held:
            signs, by_rules = (
                {str(s): k for k, s in enumerate(held[name])} for name in ("signs", "by_rules")
            )
            parts = sorted({name.partition(".")[0] for name in held.files if "." in name}, key=int)
            names = [name.partition(".")[2] for name in held.files if name.startswith(f"{parts[0]}.")]
            weights = {n: np.stack([held[f"{p}.{n}"] for p in parts]).astype(np.float32) for n in names}
            if missing := sorted(HEADS - {name.partition(".")[0] for name in weights}):
                raise KeyError(f"no {', '.join(missing)}")
            network = Network(signs, _arranged(weights), by_rules)
    except (OSError, ValueError, KeyError, IndexError, EOFError, BadZipFile) as error:
        raise DataError(
            f"{path} holds no network of the reader ({error}); "
            "fit it anew with python -m bench.reading_network."
        ) from None
    return network


def _arranged(weights: Mapping[str, Floats]) -> dict[str, Floats]:
    """Return weights as PyTorch lays them out (outputs, inputs) as they are used, each in one piece."""
    out = {}
    for name, value in weights.items():
        if name.removesuffix(".weight") in SUMMED:
            out[name.removesuffix(".weight")] = value
        else:
            out[name] = value.transpose(0, 2, 1) if value.ndim == 3 else value[:, None]
    return {name: np.ascontiguousarray(value) for name, value in out.items()}


@cache
def shipped_network() -> Network:
    """Return the networks that come with the program."""
    return read_network(files("toguna.reading").joinpath("data/network.npz"))
