"""Fit the network that the reader asks, from the texts of the reading set alone.

    python -m bench.reading_network [--texts DIR --gold FILE] [--out src/toguna/reading/data/network.npz]

Needs PyTorch and scikit-learn (``pip install torch scikit-learn``); reading needs neither. Two networks are
shipped, fitted to all texts from two beginnings; their log-odds are averaged. Others, in
`bench/reading_set/networks.npz`, are each fitted without one part (`bench.reading_folds`): where other
weights are fitted, each text is read by the one that never saw it (stacking: Wolpert 1992, Stacked
generalization). How each does on its part is printed. Eighty minutes of two processors, beside other work,
for 13,822 texts.

What is asked in use is learnt beside other lessons, which nobody asks later (Caruana 1997, Multitask
learning). From the same labels: is a name the scene of an incident that the text only recalls, what happened
there, to whom, how many died. From the texts alone: which words were hidden (Taylor 1953, Cloze procedure;
Devlin et al. 2019, BERT). Names are hidden too, so that a village counts by what is told of it, not by what
befell it in other texts.
"""

from __future__ import annotations

import argparse
import json
import random
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import torch
from sklearn.metrics import average_precision_score, roc_auc_score
from torch import Tensor, nn
from torch.nn import functional

from bench.reading_folds import SET, labels_with_texts, parts
from toguna.reading.confidence import prior
from toguna.reading.documents import text_of
from toguna.reading.examples import bearers
from toguna.reading.gold import Label, day_fits, place_of
from toguna.reading.marks import Marks
from toguna.reading.network import BESIDE, DILATIONS, THINGS, Network
from toguna.reading.rules import RulesReader, setting_of_theatre
from toguna.reading.tokens import BUCKETS, NEARNESS, Extent, Tokens, nearness, tokens_of
from toguna.store.theatre import load_theatre
from toguna.store.vocabulary import VOCABULARIES

SHIPPED = Path(__file__).resolve().parents[1] / "src" / "toguna" / "reading" / "data" / "network.npz"
APART = SET / "networks.npz"
SELDOM, SELDOM_RULES = 5, 8
"""Signs that fewer texts have, and signs by rules that fewer names have, are left out."""
WIDTH = 64
"""Numbers for each word, and of hidden layers."""
DROP, DROP_WORDS, HIDE, HIDE_NAMES, DROP_SIGNS = 0.25, 0.3, 0.08, 0.4, 0.3
"""Shares left out in fitting: of numbers, of those of words, of whole words, of names with all mentions (what
is written there, not that a name stands there), and of names' signs."""
EPOCHS, BATCH, RATE, DECAY = 9, 16, 2e-3, 0.15
EVERY = ((0, 1, 0), (1, 2, 1), (2, 3, 2), (3, 4, 3), (-1, 0, 1), (-1, 100, 100))
"""For each network the part it is fitted without (-1: none); seeds of its weights and of the order."""
TIMES = {"names": 2.0, "news": 0.5, "bygone": 0.5, "deeds": 0.3, "things": 0.5, "links": 0.5, "hidden": 0.6}
"""How much each answer counts."""
ASKED = ("names", "news", "things", "links")
"""Answers that are asked in use."""
DEEDS = {
    "tactic": VOCABULARIES["tactics"],
    "target_class": VOCABULARIES["targets"],
    "killed_low": ("0", "1", "3", "10"),
}
"""What is to be said of a name where an incident was, by field of its label: its class, the least dead."""
PAGE = 3.0
"""How often a page counts; an invented text counts once."""


@dataclass(frozen=True)
class Taught:
    """One text with the right answers.

    Parameters
    ----------
    part, lang, weight
        Its part and language, and how often it counts.
    tokens : Tokens
        Its words.
    news : bool
        It tells a new incident.
    names : tuple of bool
        Of each name: a new incident was there.
    deeds : tuple of (sequence of int or None)
        Of each name: whether what was there is only recalled, and the classes of `DEEDS` (-1: not told).
    things : tuple of (Extent, int, bool)
        Days, counts and organisations: where, which of `THINGS`, and whether they are of the news.
    links : ndarray of int (N, K)
        Whether each of them is of what happened at each name (-1: nothing did).
    """

    part: int
    lang: str
    weight: float
    tokens: Tokens
    news: bool
    names: tuple[bool, ...]
    deeds: tuple[Sequence[int] | None, ...] = ()
    things: tuple[tuple[Extent, int, bool], ...] = ()
    links: np.ndarray = field(default_factory=lambda: np.zeros((0, 0), dtype=np.int8))


@dataclass(frozen=True)
class Numbered:
    """A text with its signs as numbers: of words (which word, which sign), and of each name by rules."""

    text: Taught
    words: np.ndarray
    signs: np.ndarray
    by_rules: tuple[np.ndarray, ...]
    near: np.ndarray
    """How its things stand to its names (N, K, 5)."""


@dataclass(frozen=True)
class Signs:
    """The number of every sign: of words, and of names by rules."""

    words: dict[str, int]
    by_rules: dict[str, int]


Batch = Sequence[Numbered]


def taught(folder: Path, gold: Path, reader: RulesReader, weight: float) -> Iterator[Taught]:
    """Yield every labelled text that has words."""
    part = parts(gold)
    for label in labels_with_texts(folder, gold):
        one = of_label(label, folder, reader, part[label.id], weight)
        if len(one.tokens.words):
            yield one


def of_label(label: Label, folder: Path, reader: RulesReader, part: int, weight: float) -> Taught:
    """Return a text with the right answers of its label."""
    text = text_of(folder / f"{label.id}.txt")
    lang = label.lang if label.lang in ("en", "fr") else "auto"
    known = reader.marked(text, lang=lang, published=label.published)
    told = list(known.names.values())
    at: dict[str, list[Mapping[str, Any]]] = {}
    for event in sorted(label.events, key=lambda e: not e.get("main", True)):
        if place := place_of(event):
            for name in bearers(told, place, reader.setting):
                at.setdefault(name, []).append(event)
    events = {n.key: at.get(n.place.name, []) for n in told}
    day = label.published or text.published
    tokens = tokens_of(text.text, known.marks, day, {n.key: n.signs for n in told})
    there = [events[k] for k in tokens.names]
    own = tuple(_deed(e[0]) if e else None for e in there)
    things = list(_things(tokens, known.marks, label))
    return Taught(
        part,
        label.lang,
        weight,
        tokens,
        not label.negative,
        tuple(deed is not None and not deed[0] for deed in own),
        own,
        tuple((at, kind, any(e.get("main", True) for e in found)) for at, kind, found in things),
        np.array(
            [[any(e is x for x in found for e in here) if here else -1 for here in there]
             for _, _, found in things],
            dtype=np.int8,
        ).reshape(len(things), len(there)),
    )  # fmt: skip


def _deed(event: Mapping[str, Any]) -> Sequence[int]:
    """Return whether an event is only recalled, and its classes."""
    tactic, target = (
        DEEDS[f].index(event[f]) if event.get(f) in DEEDS[f] else -1 for f in ("tactic", "target_class")
    )
    dead = sum(int(event.get("killed_low") or 0) >= int(n) for n in DEEDS["killed_low"][1:])
    return (not event.get("main", True), tactic, target, dead)


COUNTED = {
    "dead": ("killed_low", "killed_high", "killed_attackers"),
    "wounded": ("wounded",),
    "hostages": ("hostages",),
}
Event = Mapping[str, Any]
Thing = tuple[Extent, int, list[Event]]
"""A day, count or organisation: where, which of `THINGS`, and which incidents have it."""


def _things(tokens: Tokens, marks: Sequence[Marks], label: Label) -> Iterator[Thing]:
    """Yield the days, counts and organisations of a text, and which incidents have them."""

    def told(thing: Any, kind: str, has: Callable[[Event], bool]) -> Iterator[Thing]:
        if (at := tokens.things.get((kind, thing.start))) is not None:
            yield at, THINGS.index(kind), [e for e in label.events if has(e)]

    for m in marks:
        for w in m.whens:
            if w.first and w.last:
                yield from told(w, "day", partial(_is_on, (w.first, w.last, w.precision)))
        for t in m.tolls:
            if t.fate in COUNTED:
                yield from told(t, t.fate, partial(_counts, t.fate, {t.low, t.best, t.high} - {None}))
        for g in m.groups:
            yield from told(g, "group", partial(_is_by, g.id))


def _is_on(days: Any, event: Event) -> bool:
    day = str(event.get("date") or "")
    return len(day) == len("2015-11-20") and day_fits(days, day)


def _counts(fate: str, persons: set[int], event: Event) -> bool:
    return any(event.get(f) in persons for f in COUNTED[fate] if event.get(f))


def _is_by(actor: str, event: Event) -> bool:
    return actor in str(event.get("perpetrator") or "").split(";")


class Block(nn.Module):
    """A gated convolution of three words beside what enters, looking farther by dilation."""

    def __init__(self, dilation: int) -> None:
        super().__init__()
        self.far = dilation
        self.norm, self.conv = nn.LayerNorm(WIDTH), nn.Linear(3 * WIDTH, 2 * WIDTH)

    def forward(self, x: Tensor, mask: Tensor) -> Tensor:
        """Return what enters (texts, words, H) with what each word and its neighbours say."""
        y = functional.dropout(self.norm(x) * mask, DROP / 2, self.training)
        wide = functional.pad(y, (0, 0, self.far, self.far))
        seen = torch.cat([wide[:, : y.shape[1]], y, wide[:, 2 * self.far :]], 2)
        return (x + functional.glu(self.conv(seen), -1)) * mask


class Among(nn.Module):
    """What a name is beside the other names of its text: one step of attention."""

    def __init__(self, by_rules: int) -> None:
        super().__init__()
        self.wide, self.line = (nn.EmbeddingBag(by_rules, n, mode="sum") for n in (WIDTH, 1))
        self.wide.weight.data *= 0.05
        nn.init.zeros_(self.line.weight)
        self.own = nn.Linear(4 * WIDTH + 1, WIDTH)
        self.asks, self.has, self.gives = (nn.Linear(WIDTH, WIDTH) for _ in range(3))
        self.norm, self.head = nn.LayerNorm(2 * WIDTH), head(2 * WIDTH)
        nn.init.zeros_(self.head[3].weight)  # it begins with what each name is by itself
        nn.init.zeros_(self.head[3].bias)

    def forward(self, odds: Tensor, told: Tensor, text: Tensor, signs: Sequence[np.ndarray]) -> Tensor:
        """Return log-odds (K,) of names, from those by themselves, and what is told of each."""
        wide, line = self.by_rules(signs)
        told = functional.dropout(told, DROP, self.training)
        own = functional.relu(self.own(torch.cat([told, odds.detach()[:, None], wide], 1)))
        alike = self.asks(own) @ self.has(own).T / WIDTH**0.5
        alike = alike.masked_fill(text[:, None] != text[None, :], -torch.inf)
        others = torch.softmax(alike, 1) @ self.gives(own)
        return odds + line + self.head(self.norm(torch.cat([own, others], 1)))[:, 0]

    def by_rules(self, signs: Sequence[np.ndarray]) -> tuple[Tensor, Tensor]:
        """Return what the signs of names tell together (K, H), and each by itself (K,)."""
        share = 1 - DROP_SIGNS if self.training else 1.0
        kept = [own[torch.rand(len(own)).numpy() < share] for own in signs]
        first = torch.tensor(np.cumsum([0, *(len(own) for own in kept[:-1])]))
        flat = torch.from_numpy(np.concatenate(kept))
        wide = functional.dropout(functional.relu(self.wide(flat, first)), DROP, self.training)
        return wide, self.line(flat, first)[:, 0] / share


class Links(nn.Module):
    """Whether a day, count or organisation is of what happened at a name."""

    def __init__(self) -> None:
        super().__init__()
        self.thing, self.name = nn.Linear(3 * WIDTH, WIDTH), nn.Linear(3 * WIDTH, WIDTH)
        self.near = nn.Embedding(NEARNESS, WIDTH)
        self.near.weight.data *= 0.3
        self.head, self.rival = nn.Linear(WIDTH, len(THINGS)), nn.Parameter(torch.zeros(len(THINGS)))

    def forward(self, things: Tensor, names: Tensor, near: Tensor, kinds: Tensor) -> Tensor:
        """Return log-odds (N, K) of the things and names of one text, from what is told of each."""
        of, by = (
            self.thing(functional.dropout(things, DROP, self.training)),
            self.name(functional.dropout(names, DROP, self.training)),
        )
        hidden = functional.relu(of[:, None] + by[None] + self.near(near).sum(2))
        hidden = functional.dropout(hidden, DROP, self.training)
        odds = self.head(hidden)[torch.arange(len(kinds)), :, kinds] + of @ by.T / WIDTH**0.5
        every = torch.logsumexp(odds, 1, keepdim=True)
        return odds + self.rival[kinds][:, None] * (odds - every)


def head(inputs: int, outputs: int = 1) -> nn.Sequential:
    """Return a head of one hidden layer; its places 1 and 3 hold weights."""
    return nn.Sequential(nn.Dropout(DROP), nn.Linear(inputs, WIDTH), nn.ReLU(), nn.Linear(WIDTH, outputs))


class Net(nn.Module):
    """As `toguna.reading.network`, in batches and with gradients."""

    def __init__(self, signs: Signs) -> None:
        super().__init__()
        self.words, self.signs = nn.Embedding(BUCKETS, WIDTH), nn.Embedding(len(signs.words), WIDTH)
        self.words.weight.data *= 0.1
        self.signs.weight.data *= 0.3
        self.blocks = nn.ModuleList([Block(d) for d in DILATIONS])
        self.norm, self.whole = nn.LayerNorm(WIDTH), nn.Linear(2 * WIDTH, WIDTH)
        self.names, self.news, self.among = head(3 * WIDTH), head(WIDTH), Among(len(signs.by_rules))
        self.lessons = head(3 * WIDTH, 1 + sum(map(len, DEEDS.values())))
        self.things, self.guess = head(3 * WIDTH, len(THINGS)), nn.Linear(WIDTH, WIDTH)
        self.links = Links()

    def forward(self, batch: Batch) -> dict[str, Tensor]:
        """Return log-odds: of every text that it is news, of every name that the news is of it; lessons.

        While it is fitted, also how badly hidden words were guessed ("hidden", ()).
        """
        words, mask, hidden = self.laid(batch)
        x = self.entered(batch, words, mask, hidden | self.nameless(batch, words))
        for block in self.blocks:
            x = block(x, mask)
        x = self.norm(x) * mask
        whole = torch.cat([x.sum(1) / mask.sum(1), (x - (1 - mask) * 9).amax(1)], 1)
        whole = functional.relu(self.whole(whole))
        sums = torch.cat([torch.zeros(len(batch), 1, WIDTH), x.cumsum(1)], 1)
        out = {"news": self.news(whole)[:, 0]}
        if hidden.any():
            guessed = self.guess(x[hidden]) @ self.words.weight.T
            out["hidden"] = functional.cross_entropy(guessed, words[hidden])
        own = [(i, at) for i, t in enumerate(batch) for at in t.text.tokens.names.values()]
        if own:
            told = self.told([(i, e) for i, at in own for e in at], batch, sums, whole)
            said, counts = self.names(told)[:, 0], [len(at) for _, at in own]
            apart = list(zip(said.split(counts), told.split(counts), strict=True))
            odds = torch.stack([torch.logsumexp(z, 0) for z, _ in apart])
            most = torch.stack([torch.softmax(z, 0) @ t for z, t in apart])
            signs = [signs for t in batch for signs in t.by_rules]
            out["names"] = self.among(odds, most, torch.tensor([i for i, _ in own]), signs)
            taught = self.lessons(torch.stack([t.mean(0) for t in told.split(counts)]))
            out |= {"bygone": taught[:, 0], "deeds": taught[:, 1:]}
        things = [(i, at, kind) for i, t in enumerate(batch) for at, kind, _ in t.text.things]
        if things:
            told = self.told([(i, at) for i, at, _ in things], batch, sums, whole)
            kinds = torch.tensor([kind for _, _, kind in things])
            out["things"] = self.things(told).gather(1, kinds[:, None])[:, 0]
            if own:
                out["links"] = self.tied(batch, told, most, kinds)
        return out

    def tied(self, batch: Batch, told: Tensor, most: Tensor, kinds: Tensor) -> Tensor:
        """Return the log-odds that things are of names at which something happened, text by text."""
        sizes = [t.text.links.shape for t in batch]
        every = zip(
            batch, told.split([n for n, _ in sizes]), most.split([k for _, k in sizes]),
            kinds.split([n for n, _ in sizes]), strict=True,
        )  # fmt: skip
        odds = [
            self.links(things, names, torch.from_numpy(t.near), own)[torch.from_numpy(t.text.links >= 0)]
            for t, things, names, own in every
            if t.text.links.size
        ]
        return torch.cat(odds) if odds else told.new_zeros(0)

    def laid(self, batch: Batch) -> tuple[Tensor, Tensor, Tensor]:
        """Return digests (texts, words), where words stand (texts, words, 1), and which are hidden."""
        longest = max(len(t.text.tokens.words) for t in batch)
        words = torch.zeros(len(batch), longest, dtype=torch.long)
        mask = torch.zeros(len(batch), longest, 1)
        for i, own in enumerate(t.text.tokens.words for t in batch):
            words[i, : len(own)] = torch.from_numpy(own)
            mask[i, : len(own)] = 1
        share = HIDE if self.training else 0.0
        return words, mask, (torch.rand(words.shape) < share) & (mask[:, :, 0] > 0)

    def nameless(self, batch: Batch, words: Tensor) -> Tensor:
        """Return which words (texts, words) are of names that are hidden; they are not to be guessed."""
        off = torch.zeros(words.shape, dtype=torch.bool)
        if self.training:
            for i, t in enumerate(batch):
                names = list(t.text.tokens.names.values())
                for own, kept in zip(names, torch.rand(len(names)) >= HIDE_NAMES, strict=True):
                    for a, b in () if kept else own:
                        off[i, a:b] = True
        return off

    def entered(self, batch: Batch, words: Tensor, mask: Tensor, hidden: Tensor) -> Tensor:
        """Return words and signs, summed (texts, words, H)."""
        n, longest = words.shape
        rows = torch.from_numpy(np.concatenate([t.words + i * longest for i, t in enumerate(batch)]))
        signs = torch.from_numpy(np.concatenate([t.signs for t in batch]))
        x = torch.zeros(n * longest, WIDTH).index_add(0, rows, self.signs(signs))
        said = functional.dropout(self.words(words), DROP_WORDS, self.training) * ~hidden[:, :, None]
        return functional.dropout(x.view(n, longest, WIDTH) + said, DROP, self.training) * mask

    @staticmethod
    def told(places: Sequence[tuple[int, Extent]], batch: Batch, sums: Tensor, whole: Tensor) -> Tensor:
        """Return what stands at extents, beside them, and in the whole text, (N, 3 H)."""
        row = torch.tensor([i for i, _ in places])
        end = torch.tensor([len(batch[i].text.tokens.words) for i, _ in places])
        a, b = (torch.tensor([e[k] for _, e in places]) for k in (0, 1))
        around = ((a, b), ((a - BESIDE).clamp(min=0), torch.minimum(b + BESIDE, end)))
        mean = [(sums[row, q] - sums[row, p]) / (q - p)[:, None] for p, q in around]
        return torch.cat([*mean, whole[row]], 1)


def right(batch: Batch) -> dict[str, tuple[Tensor, Tensor]]:
    """Return the right answers of a batch, and how much each counts."""
    rows = {
        "news": [(t.text.news, t.text.weight) for t in batch],
        "names": [(r, t.text.weight) for t in batch for r in t.text.names],
        "bygone": [(d is not None and d[0], t.text.weight) for t in batch for d in t.text.deeds],
        "things": [(r, t.text.weight) for t in batch for _, _, r in t.text.things],
        "links": [(r, t.text.weight) for t in batch for r in t.text.links[t.text.links >= 0]],
    }
    return {
        kind: (torch.tensor([float(y) for y, _ in own]), torch.tensor([n for _, n in own]))
        for kind, own in rows.items()
    }


def off_deeds(said: Tensor, batch: Batch) -> Tensor:
    """Return how far the classes of names are off, (), by cross-entropy; those not told count nothing."""
    rows = [(d, t.text.weight) for t in batch for d in t.text.deeds]
    off, at = said.new_zeros(()), 0
    for k, classes in enumerate(DEEDS.values(), start=1):
        known = [i for i, (d, _) in enumerate(rows) if d is not None and d[k] >= 0]
        if known:
            y = torch.tensor([rows[i][0][k] for i in known])  # type: ignore[index]
            n = torch.tensor([rows[i][1] for i in known])
            own = functional.cross_entropy(said[known, at : at + len(classes)], y, reduction="none")
            off = off + (own * n).sum() / len(rows)
        at += len(classes)
    return off


def fit(texts: Batch, net: Net, seed: int) -> None:
    """Fit a network to texts; the same seed gives the same weights."""
    dice = random.Random(seed)
    steps = EPOCHS * -(-len(texts) // BATCH)
    best = torch.optim.AdamW(net.parameters(), lr=RATE, weight_decay=DECAY, fused=True)
    pace = torch.optim.lr_scheduler.OneCycleLR(best, RATE, total_steps=steps, pct_start=0.15)
    net.train()
    for _ in range(EPOCHS):
        order = sorted(texts, key=lambda t: len(t.text.tokens.words) + 60 * dice.random())
        batches = [order[i : i + BATCH] for i in range(0, len(order), BATCH)]
        dice.shuffle(batches)
        for batch in batches:
            answers, loss = right(batch), torch.zeros(())
            said = net(batch)
            if "hidden" in said:
                loss = loss + TIMES["hidden"] * said.pop("hidden")
            if "deeds" in said:
                loss = loss + TIMES["deeds"] * off_deeds(said.pop("deeds"), batch)
            for kind, odds in ((kind, z) for kind, z in said.items() if len(z)):
                y, n = answers[kind]
                off = functional.binary_cross_entropy_with_logits(odds, y, reduction="none")
                loss = loss + TIMES[kind] * (off * n).mean()
            best.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(net.parameters(), 2.0)
            best.step()
            pace.step()


def judged(texts: Batch, net: Net) -> dict[str, float]:
    """Return how well a network answers of texts it never saw: area under curves of two kinds."""
    net.eval()
    with torch.no_grad():
        told = [(net([t]), right([t])) for t in texts]
    out = {}
    for kind in ASKED:
        z, y = (np.concatenate([x[kind].numpy() for x in own]) for own in (
            [said for said, _ in told if kind in said],
            [{kind: answer[kind][0]} for said, answer in told if kind in said],
        ))  # fmt: skip
        out |= {
            f"{kind}_auc": roc_auc_score(y, z),
            f"{kind}_average_precision": average_precision_score(y, z),
        }
    return {name: round(float(value), 3) for name, value in out.items()}


def one(
    which: tuple[int, int, int], texts: Sequence[Taught], signs: Signs
) -> tuple[dict[str, np.ndarray], dict[str, Any]]:
    """Fit one of `EVERY`; return it, and how it does on the part it never saw."""
    part, begin, order = which
    torch.set_num_threads(1)
    torch.manual_seed(begin)
    begun = time.time()
    every = [numbered(t, signs) for t in texts]
    net = Net(signs)
    fit([t for t in every if t.text.part != part], net, order)
    own = [t for t in every if t.text.part == part and t.text.weight == PAGE]
    said: dict[str, Any] = {
        lang or "all": judged([t for t in own if not lang or t.text.lang == lang], net)
        for lang in (("", "en", "fr") if own else ())
    }
    said |= {"part": part, "seconds": round(time.time() - begun)}
    # half precision is enough for what the weights tell, and half the size
    taught = ("lessons.", "guess.")
    kept = {name: v for name, v in net.state_dict().items() if not name.startswith(taught)}
    return {name: value.numpy().astype(np.float16) for name, value in kept.items()}, said


def numbered(text: Taught, signs: Signs) -> Numbered:
    """Return a text with the numbers of its known signs."""
    known = [(i, signs.words[s]) for i, s in text.tokens.signs if s in signs.words]
    at = np.array(known, dtype=np.int64).reshape(-1, 2)
    own = (text.tokens.by_rules.get(key, frozenset[str]()) for key in text.tokens.names)
    by_rules = (sorted(signs.by_rules[s] for s in said if s in signs.by_rules) for said in own)
    things = [at for at, _, _ in text.things]
    near = nearness(text.tokens, things) if text.links.size else np.zeros((0, 0, 5), dtype=np.int64)
    rules = tuple(np.array(x, dtype=np.int64) for x in by_rules)
    return Numbered(text, at[:, 0], at[:, 1], rules, near)


def often(seen: Iterator[set[str]], least: int) -> dict[str, int]:
    """Return a number for every sign that is seen so often."""
    times = Counter(s for signs in seen for s in signs)
    return {s: k for k, s in enumerate(sorted(s for s, n in times.items() if n >= least))}


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--texts", type=Path, default=SET / "retold", help="folder with ID.txt")
    parser.add_argument("--gold", type=Path, default=SET / "retold.jsonl", help="labels with addresses")
    parser.add_argument("--out", type=Path, default=SHIPPED, help="where the network goes")
    parser.add_argument("--apart", type=Path, default=APART, help="where those fitted without a part go")
    parser.add_argument("--json", type=Path, default=None, help="where what is printed goes too")
    parser.add_argument("--jobs", type=int, default=2, help="networks fitted at once")
    flags = parser.parse_args()
    setting = setting_of_theatre(load_theatre("mali"), as_of=date.today())
    reader = RulesReader(setting, prior(), marked={}, network=Network({}, {}))
    texts = [
        *taught(SET / "texts", SET / "gold.jsonl", reader, 1.0),
        *taught(flags.texts, flags.gold, reader, PAGE),
    ]
    signs = Signs(
        often(({s for _, s in t.tokens.signs} for t in texts), SELDOM),
        often((set(said) for t in texts for said in t.tokens.by_rules.values()), SELDOM_RULES),
    )
    made: dict[bool, list[dict[str, np.ndarray]]] = {True: [], False: []}
    result = []
    with ProcessPoolExecutor(flags.jobs) as pool:
        for weights, said in pool.map(one, EVERY, [texts] * len(EVERY), [signs] * len(EVERY)):
            print(json.dumps(said), flush=True)
            made[said["part"] < 0].append(weights)
            result.append(said)
    write(flags.out, made[True], signs)
    write(flags.apart, made[False], signs)
    if flags.json:
        flags.json.write_text(json.dumps({"parts": result, "texts": len(texts)}, indent=1) + "\n", "utf-8")


def write(path: Path, networks: Sequence[dict[str, np.ndarray]], signs: Signs) -> None:
    """Write networks of the same signs as `toguna.reading.network` reads them."""
    held = {f"{k}.{name}": value for k, own in enumerate(networks) for name, value in own.items()}
    names = {"signs": np.array(list(signs.words)), "by_rules": np.array(list(signs.by_rules))}
    np.savez_compressed(path, **names, **held)


if __name__ == "__main__":
    main()
