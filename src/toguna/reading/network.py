"""A small convolutional network that reads the words of a text with their marks, beside the rules.

Enters: `Tokens`. Leaves: an `Outlook`: how likely the text is news of violence, and of which names. Its
answers are signs among others, in steps; what is proposed is still decided by the weights of
`toguna.reading.confidence`. Called by `toguna.reading.rules`; fitted by ``python -m bench.reading_network``.

Words and marks are summed, then pass through gated convolutions (Dauphin et al. 2017, Language modeling
with gated convolutional networks) that look farther by dilation (Yu and Koltun 2016). A name is judged
by all its mentions together (log of the sum of their odds). Several networks, each fitted without one
part of the texts, are asked, and their log-odds averaged.
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

from toguna.core.errors import DataError
from toguna.reading.tokens import Extent, Tokens

__all__ = [
    "BESIDE",
    "DILATIONS",
    "PARTS",
    "Network",
    "Outlook",
    "read_network",
    "shipped_network",
    "step",
]

PARTS = 4
"""Parts of the texts, and so networks: each is fitted without one of them."""
BESIDE = 8
"""Words on both sides of a name that are looked at with it."""
STEPS = (-4.0, -2.75, -1.75, -0.85, 0.0, 0.85, 1.75, 2.75)
"""Log-odds between which an answer counts as one sign."""
DILATIONS = (1, 2, 4, 8, 16, 1)
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
    """

    news: float = 0.0
    names: Mapping[str, float] = field(default_factory=dict)


def step(log_odds: float) -> int:
    """Return between which steps log-odds lie, 0 (no) to 8 (yes)."""
    return sum(log_odds > s for s in STEPS)


@dataclass(frozen=True)
class _Member:
    """The weights of one network, by name; all as PyTorch lays them out, (outputs, inputs)."""

    weights: Mapping[str, Floats]

    def layer(self, name: str, x: Floats) -> Floats:
        """Return a layer's outputs."""
        return np.asarray(x @ self.weights[f"{name}.weight"].T + self.weights[f"{name}.bias"])

    def head(self, name: str, x: Floats) -> Floats:
        """Return the log-odds of a head: one hidden layer, none below zero."""
        return self.layer(f"{name}.3", np.maximum(self.layer(f"{name}.1", x), 0))

    def norm(self, name: str, x: Floats) -> Floats:
        """Return each row with mean 0 and variance 1, scaled."""
        off = x - x.mean(1, keepdims=True)
        off /= np.sqrt((off * off).mean(1, keepdims=True) + 1e-5)
        return np.asarray(off * self.weights[f"{name}.weight"] + self.weights[f"{name}.bias"])

    def convolved(self, i: int, dilation: int, x: Floats) -> Floats:
        """Return one block's outputs: what enters, and a gated convolution of three words beside it."""
        kernel, bias = self.weights[f"blocks.{i}.conv.weight"], self.weights[f"blocks.{i}.conv.bias"]
        around = np.pad(self.norm(f"blocks.{i}.norm", x), ((dilation, dilation), (0, 0)))
        n = len(x)
        y = bias + around[:n] @ kernel[:, :, 0].T
        y += around[dilation : dilation + n] @ kernel[:, :, 1].T
        y += around[2 * dilation :] @ kernel[:, :, 2].T
        value, gate = np.split(y, 2, axis=1)
        return np.asarray(x + value / (1 + np.exp(-gate)))

    def read(self, tokens: Tokens, rows: NDArray[np.int64], signs: NDArray[np.int64]) -> _Said:
        """Read the words of a text; `signs` are those that stand at `rows`."""
        x = self.weights["words.weight"][tokens.words]
        np.add.at(x, rows, self.weights["signs.weight"][signs])
        for i, dilation in enumerate(DILATIONS):
            x = self.convolved(i, dilation, x)
        x = self.norm("norm", x)
        whole = np.maximum(self.layer("whole", np.concatenate([x.mean(0), x.max(0)])[None]), 0)[0]
        sums = np.concatenate(
            [np.zeros_like(x[:1]), np.cumsum(x, axis=0, dtype=np.float64).astype(np.float32)]
        )
        return _Said(self, sums, whole)


@dataclass(frozen=True)
class _Said:
    """What one network made of a text: running sums over its words (T + 1, H), and all of it (H,)."""

    net: _Member
    sums: Floats
    whole: Floats

    def at(self, extents: Sequence[Extent]) -> Floats:
        """Return what stands at extents, beside them, and in the whole text, (N, 3 H)."""
        a, b = (np.array([e[k] for e in extents]) for k in (0, 1))
        far, near = np.maximum(a - BESIDE, 0), np.minimum(b + BESIDE, len(self.sums) - 1)
        mean = [(self.sums[q] - self.sums[p]) / (q - p)[:, None] for p, q in ((a, b), (far, near))]
        return np.concatenate([*mean, np.broadcast_to(self.whole, (len(a), len(self.whole)))], axis=1)

    def news(self) -> float:
        """Return the log-odds that the text is news."""
        return float(self.net.head("news", self.whole[None])[0, 0])

    def names(self, names: Sequence[Sequence[Extent]]) -> Floats:
        """Return the log-odds of all names (N,), each by all its mentions."""
        told = self.at([e for own in names for e in own])
        odds = self.net.head("names", told)[:, 0]
        first = np.cumsum([0, *(len(own) for own in names)])[:-1]
        top = np.maximum.reduceat(odds, first)
        share = np.exp(odds - np.repeat(top, [len(own) for own in names]))
        return np.asarray(top + np.log(np.add.reduceat(share, first)))


@dataclass(frozen=True)
class Network:
    """Several networks that are asked together.

    Parameters
    ----------
    signs : dict of str to int
        Number of each mark.
    members : tuple
        The networks, in the order of the part that each never saw.
    """

    signs: Mapping[str, int] = field(repr=False)
    members: tuple[_Member, ...] = field(repr=False)

    def without(self, part: int) -> Network:
        """Return only the network that never saw the texts of a part."""
        return Network(self.signs, (self.members[part],))

    def read(self, tokens: Tokens) -> Outlook:
        """Return what the networks say of a text, averaged; nothing of one without words."""
        if not len(tokens.words) or not self.members:
            return Outlook()
        known = [(i, self.signs[s]) for i, s in tokens.signs if s in self.signs]
        rows, signs = (np.array([x[k] for x in known], dtype=np.int64) for k in (0, 1))
        said = [m.read(tokens, rows, signs) for m in self.members]
        news = float(np.mean([s.news() for s in said]))
        keys, names = list(tokens.names), list(tokens.names.values())
        if not names:
            return Outlook(news)
        chance = np.mean([s.names(names) for s in said], axis=0)
        return Outlook(news, dict(zip(keys, chance.tolist(), strict=True)))


def read_network(path: Any) -> Network:
    """Read networks from a file of ``bench.reading_network``.

    Raises
    ------
    DataError
        When the file cannot be read as such.
    """
    try:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as held:
            signs = {str(s): k for k, s in enumerate(held["signs"])}
            parts = sorted({name.partition(".")[0] for name in held.files if "." in name}, key=int)
            members = tuple(
                _Member(
                    {
                        name.partition(".")[2]: held[name].astype(np.float32)
                        for name in held.files
                        if name.startswith(f"{part}.")
                    }
                )
                for part in parts
            )
            if not members:
                raise ValueError("no weights in it")
    except (OSError, ValueError, KeyError, EOFError, BadZipFile) as error:
        raise DataError(
            f"{path} holds no network of the reader ({error}); "
            "fit it anew with python -m bench.reading_network."
        ) from None
    return Network(signs, members)


@cache
def shipped_network() -> Network:
    """Return the networks that come with the program."""
    return read_network(files("toguna.reading").joinpath("data/network.npz"))
