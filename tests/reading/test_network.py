"""The network that reads a text beside the rules: what it computes, says, and cannot be made to do."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from bench.reading_folds import PARTS, TEACH, networks, parts
from toguna.core.errors import DataError
from toguna.reading import network
from toguna.reading.documents import titled
from toguna.reading.gold import read_labels
from toguna.reading.network import (
    BESIDE,
    DILATIONS,
    THINGS,
    Network,
    Outlook,
    read_network,
    shipped_network,
    step,
)
from toguna.reading.rules import RulesReader
from toguna.reading.tokens import BUCKETS, GAPS, MOST, NEARNESS, SENTENCES, Tokens, nearness, tokens_of

FRIDAY = date(2015, 11, 20)
TWO = {
    "en": "Gunmen attacked a checkpoint at Boni on Thursday and killed six soldiers, "
    "the army said in Bamako.\n\n"
    "On Tuesday a mine had exploded under a truck near Tessalit and killed three traders.",
    "fr": "Des hommes armés ont attaqué jeudi un poste à Boni et tué six soldats, "
    "a dit l'armée à Bamako.\n\n"
    "Mardi, une mine avait explosé au passage d'un camion près de Tessalit et tué trois commerçants.",
}
TRIAL = {
    "en": "BAMAKO - The trial of two men for the attack on the hotel in Bamako in 2015, in which 20 people "
    "died, opened on Monday before the criminal court. The hearings are to last three weeks.",
    "fr": "BAMAKO - Le procès de deux hommes pour l'attaque de l'hôtel à Bamako en 2015, qui avait fait 20 "
    "morts, s'est ouvert lundi devant la cour d'assises. Les audiences doivent durer trois semaines.",
}
WIDTH, SIGNS, RULES = 6, 3, 2


def _weights(rng):
    """Random weights of a network, as small as can be."""

    def layer(name, outputs, inputs):
        return {
            f"{name}.weight": rng.normal(size=(outputs, inputs)) * 0.3,
            f"{name}.bias": rng.normal(size=outputs) * 0.3,
        }

    weights = {
        "words.weight": rng.normal(size=(BUCKETS, WIDTH)),
        "signs.weight": rng.normal(size=(SIGNS, WIDTH)),
        **layer("whole", WIDTH, 2 * WIDTH),
    }
    for kind, inputs in (("names", 3 * WIDTH), ("news", WIDTH)):
        weights |= {**layer(f"{kind}.1", WIDTH, inputs), **layer(f"{kind}.3", 1, WIDTH)}
    weights |= {**layer("things.1", WIDTH, 3 * WIDTH), **layer("things.3", len(THINGS), WIDTH)}
    for i in range(len(DILATIONS)):
        weights |= {
            f"blocks.{i}.norm.weight": rng.normal(size=WIDTH),
            f"blocks.{i}.norm.bias": rng.normal(size=WIDTH),
            f"blocks.{i}.conv.weight": rng.normal(size=(2 * WIDTH, 3 * WIDTH)) * 0.3,
            f"blocks.{i}.conv.bias": rng.normal(size=2 * WIDTH) * 0.3,
        }
    weights |= {"norm.weight": rng.normal(size=WIDTH), "norm.bias": rng.normal(size=WIDTH)}
    weights |= {
        "among.wide.weight": rng.normal(size=(RULES, WIDTH)),
        "among.line.weight": rng.normal(size=(RULES, 1)),
    }
    weights |= layer("among.own", WIDTH, 4 * WIDTH + 1)
    for name in ("asks", "has", "gives"):
        weights |= layer(f"among.{name}", WIDTH, WIDTH)
    weights |= {f"among.norm.{name}": rng.normal(size=2 * WIDTH) for name in ("weight", "bias")}
    weights |= {**layer("among.head.1", WIDTH, 2 * WIDTH), **layer("among.head.3", 1, WIDTH)}
    weights |= {**layer("links.thing", WIDTH, 3 * WIDTH), **layer("links.name", WIDTH, 3 * WIDTH)}
    weights |= {**layer("links.head", len(THINGS), WIDTH), "links.rival": rng.normal(size=len(THINGS))}
    return weights | {"links.near.weight": rng.normal(size=(NEARNESS, WIDTH))}


@pytest.fixture
def made(tmp_path):
    def write(*seeds) -> Network:
        held = {"signs": np.array(["a", "b", "c"]), "by_rules": np.array(["near", "far"])}
        for n, seed in enumerate(seeds):
            held |= {f"{n}.{k}": v for k, v in _weights(np.random.default_rng(seed)).items()}
        np.savez(tmp_path / "net.npz", **held)
        return read_network(tmp_path / "net.npz")

    return write


def _tokens(n=40, seed=1) -> Tokens:
    rng = np.random.default_rng(seed)
    signs = tuple((int(rng.integers(n)), str(rng.choice(["a", "b", "c", "unheard"]))) for _ in range(n))
    names = {"boni": ((3, 4), (20, 22)), "gao": ((9, 10),), "kidal": ((30, 31),)}
    by_rules = {"boni": frozenset({"near"}), "gao": frozenset({"near", "far", "unheard"})}
    things = {("day", 5): (1, 2), ("dead", 17): (6, 9), ("missing", 30): (12, 13)}
    signs += tuple((at, "opens") for at in (0, 8, 15, 28))
    return Tokens(rng.integers(BUCKETS, size=n), signs, names, by_rules, things)


def _told(reader, text):
    text = titled(text, published=FRIDAY)
    known = reader.marked(text, published=FRIDAY)
    return tokens_of(text.text, known.marks, FRIDAY, {key: n.signs for key, n in known.names.items()})


def _word_by_word(w, tokens) -> Outlook:
    """The same answers, computed one word and one number at a time."""
    number = {"a": 0, "b": 1, "c": 2}
    x = [list(w["words.weight"][k]) for k in tokens.words]
    for i, s in tokens.signs:
        if s in number:
            x[i] = [a + b for a, b in zip(x[i], w["signs.weight"][number[s]], strict=True)]

    def normed(name, row):
        mean = sum(row) / len(row)
        var = sum((v - mean) ** 2 for v in row) / len(row)
        pairs = zip(row, w[f"{name}.weight"], w[f"{name}.bias"], strict=True)
        return [(v - mean) / (var + 1e-5) ** 0.5 * g + b for v, g, b in pairs]

    def layer(name, row):
        return [
            sum(a * b for a, b in zip(row, out, strict=True)) + bias
            for out, bias in zip(w[f"{name}.weight"], w[f"{name}.bias"], strict=True)
        ]

    def head(name, row):
        return layer(f"{name}.3", [max(v, 0) for v in layer(f"{name}.1", row)])

    for i, far in enumerate(DILATIONS):
        kernel, bias = w[f"blocks.{i}.conv.weight"], w[f"blocks.{i}.conv.bias"]
        seen = [normed(f"blocks.{i}.norm", row) for row in x]
        out = []
        for t, row in enumerate(x):
            y, half = list(bias), len(row)
            for k in range(3):
                at = t + (k - 1) * far
                if 0 <= at < len(x):
                    y = [
                        v + sum(a * b for a, b in zip(kernel[o, k * half :], seen[at], strict=False))
                        for o, v in enumerate(y)
                    ]
            out.append([r + y[h] / (1 + np.exp(-y[half + h])) for h, r in enumerate(row)])
        x = out
    x = [normed("norm", row) for row in x]
    columns = list(zip(*x, strict=True))
    whole = [
        max(v, 0) for v in layer("whole", [*(sum(c) / len(c) for c in columns), *(max(c) for c in columns)])
    ]

    def mean(a, b):
        return [sum(row[h] for row in x[a:b]) / (b - a) for h in range(len(columns))]

    def beside(a, b):
        return [*mean(a, b), *mean(max(a - BESIDE, 0), min(b + BESIDE, len(x))), *whole]

    extents = {thing: at for thing, at in tokens.things.items() if thing[0] in THINGS}
    things = {thing: head("things", beside(*at))[THINGS.index(thing[0])] for thing, at in extents.items()}
    alone, own, line, mosts = {}, {}, {}, {}
    for key, at in tokens.names.items():
        told = [beside(a, b) for a, b in at]
        odds = [np.exp(head("names", t)[0]) for t in told]
        alone[key] = float(np.log(sum(odds)))
        most = [
            sum(o * v for o, v in zip(odds, column, strict=True)) / sum(odds)
            for column in zip(*told, strict=True)
        ]
        mosts[key] = most
        rules = [{"near": 0, "far": 1}[r] for r in tokens.by_rules.get(key, ()) if r != "unheard"]
        wide = [max(sum(w["among.wide.weight"][r][h] for r in rules), 0) for h in range(WIDTH)]
        own[key] = [max(v, 0) for v in layer("among.own", [*most, alone[key], *wide])]
        line[key] = sum(w["among.line.weight"][r][0] for r in rules)
    names = {}
    for key, mine in own.items():
        asks = layer("among.asks", mine)
        pairs = [zip(asks, layer("among.has", o), strict=True) for o in own.values()]
        alike = [np.exp(sum(a * b for a, b in pair) / WIDTH**0.5) for pair in pairs]
        gives = zip(*(layer("among.gives", o) for o in own.values()), strict=True)
        others = [sum(a * g for a, g in zip(alike, column, strict=True)) / sum(alike) for column in gives]
        names[key] = alone[key] + line[key] + head("among.head", normed("among.norm", [*mine, *others]))[0]
    links = {}
    near = nearness(tokens, list(extents.values()))
    for i, (thing, at) in enumerate(extents.items()):
        of, kind = layer("links.thing", beside(*at)), THINGS.index(thing[0])
        odds = {}
        for j, key in enumerate(own):
            by = layer("links.name", mosts[key])
            hidden = [
                max(a + b + sum(w["links.near.weight"][n][h] for n in near[i, j]), 0)
                for h, (a, b) in enumerate(zip(of, by, strict=True))
            ]
            alike = sum(a * b for a, b in zip(of, by, strict=True)) / WIDTH**0.5
            odds[key] = layer("links.head", hidden)[kind] + alike
        every = np.log(sum(np.exp(z) for z in odds.values()))
        links[thing] = {key: z + w["links.rival"][kind] * (z - every) for key, z in odds.items()}
    return Outlook(float(head("news", whole)[0]), names, things, links)


def test_it_computes_what_its_definition_says(made):
    net, tokens = made(7), _tokens()
    said = net.read(tokens)
    by_hand = _word_by_word(_weights(np.random.default_rng(7)), tokens)
    assert said.news == pytest.approx(by_hand.news, abs=1e-3)
    assert said.names == pytest.approx(by_hand.names, abs=1e-3)
    assert said.things == pytest.approx(by_hand.things, abs=1e-3)
    assert said.links.keys() == by_hand.links.keys() == {("day", 5), ("dead", 17)}
    for thing, of in by_hand.links.items():
        assert said.links[thing] == pytest.approx(of, abs=1e-3)


def test_things_are_tied_alike_all_at_once_and_few_at_once(made, monkeypatch):
    net, tokens = made(7, 8), _tokens()
    once = net.read(tokens).links
    monkeypatch.setattr(network, "AT_ONCE", 1)
    assert net.read(tokens).links == once


def test_how_near_a_thing_is_to_names_is_told_by_words_sentences_and_rivals():
    near = nearness(_tokens(), [(1, 2), (21, 22)])
    steps, sentences = len(GAPS) + 2, len(SENTENCES) + 2
    none, nowhere = steps - 1, sentences - 1
    # boni stands at 3 and 20, gao at 9, kidal at 30; sentences open at 0, 8, 15 and 28
    boni, gao, kidal = near[1].tolist()
    assert [boni[0], gao[0], kidal[0]] == [1, 5, none]  # one word before it, 12 before, none before
    assert [x - steps for x in (boni[1], gao[1], kidal[1])] == [none, none, 5]  # 9 words behind
    assert [x - 2 * steps for x in (boni[2], gao[2], kidal[2])] == [0, 1, nowhere]
    assert [x - 2 * steps - sentences for x in (boni[3], gao[3], kidal[3])] == [nowhere, nowhere, 1]
    assert [x - 2 * steps - 2 * sentences for x in (boni[4], gao[4], kidal[4])] == [0, 2, 1]
    assert near.max() < NEARNESS
    assert near[0, 0, 1] == steps + 2  # two words before the first mention of boni


def test_days_counts_and_organisations_are_judged_where_they_stand(reader):
    text = titled(TWO["en"], published=FRIDAY)
    said = shipped_network().read(_told(reader, TWO["en"]))
    words = {(kind, text.text[at:].split()[0]) for kind, at in said.things}
    assert {("day", "Thursday"), ("day", "Tuesday"), ("dead", "six"), ("dead", "three")} <= words
    assert said.of("day") == said.of("dead", -1) == set()


@pytest.mark.parametrize(
    ("odds", "signs"),
    [({3: 1.0}, {"net-6", "net-least-6"}), ({3: 1.0, 9: -9.0}, {"net-6", "net-least-0"})],
)
def test_signs_tell_of_the_likeliest_and_the_least_likely(odds, signs):
    said = Outlook(things={("dead", at): z for at, z in odds.items()})
    assert said.of("dead", *odds) == signs


def test_several_are_averaged_and_one_can_be_asked_alone(made):
    net, tokens = made(7, 8), _tokens()
    each = [net.alone(k).read(tokens) for k in (0, 1)]
    assert net.read(tokens).news == pytest.approx((each[0].news + each[1].news) / 2, abs=1e-4)
    assert each[0].names["boni"] != pytest.approx(each[1].names["boni"], abs=1e-3)


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_both_towns_attacked_are_likelier_than_the_capital_that_speaks(lang, reader):
    said = shipped_network().read(_told(reader, TWO[lang])).names
    boni, tessalit, bamako = (next(k for k in said if k.startswith(start)) for start in ("bon", "tes", "ba"))
    assert min(said[boni], said[tessalit]) > said[bamako] + 1


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_a_trial_is_less_of_news_than_an_attack(lang, reader):
    said = [shipped_network().read(_told(reader, text[lang])).news for text in (TRIAL, TWO)]
    assert said[0] < said[1] - 1


def test_every_name_that_is_judged_is_one_that_the_reader_knows(reader):
    text = titled(TWO["en"], published=FRIDAY)
    keys = set(reader.marked(text, published=FRIDAY).names)
    assert set(shipped_network().read(_told(reader, TWO["en"])).names) == keys


def test_nothing_is_said_of_a_text_without_words(reader):
    assert shipped_network().read(_told(reader, "")) == Outlook()
    assert Network({}, {}).read(_tokens()) == Outlook()


def test_a_long_text_is_read_as_far_as_it_goes(reader):
    tokens = _told(reader, TWO["en"] + "\n\n" + "The weather was fine over the river. " * 500 + TWO["en"])
    assert len(tokens.words) == MOST
    assert all(b <= MOST for at in tokens.names.values() for _, b in at)
    assert np.isfinite(shipped_network().read(tokens).news)


@pytest.mark.parametrize(
    "text",
    ["\x00\u202e" * 50, "((((" * 400, "Boni " * 2000, "🙂 1 2 3 " * 99, "é" * 9000, "\ud800 Boni \udfff"],
)
def test_strange_texts_give_finite_answers(text, reader):
    said = shipped_network().read(_told(reader, text))
    assert np.isfinite([said.news, *said.names.values(), *said.things.values()]).all()


def test_a_reader_without_a_network_still_reads(reader):
    bare = RulesReader(reader.setting, reader.weights, network=Network({}, {}))
    assert bare.read(titled(TWO["en"], published=FRIDAY)).incidents


def test_two_networks_are_shipped_and_one_for_each_part_beside_them():
    for net, count in ((shipped_network(), 2), (networks(), PARTS)):
        assert {len(value) for value in net.weights.values()} == {count}
        assert all(np.isfinite(value).all() for value in net.weights.values())


def test_texts_of_one_event_are_never_parted():
    part = parts()
    told = defaultdict(set)
    for label in (label for gold in TEACH for label in read_labels(gold)):
        for e in label.events:
            if e["main"] and e["place"] and len(str(e["date"])) == len("2015-11-20"):
                told[e["place"], e["date"]].add(part[label.id])
    assert all(len(own) == 1 for own in told.values())
    assert min(Counter(part.values()).values()) > 0.2 * len(part)


def test_what_is_no_network_is_refused(tmp_path):
    bad = tmp_path / "net.npz"
    for content in (b"", b"PK\x03\x04 no archive", b"\x93NUMPY"):
        bad.write_bytes(content)
        with pytest.raises(DataError, match=r"net\.npz holds no network"):
            read_network(bad)
    np.savez(bad, other=np.zeros(3))
    with pytest.raises(DataError, match="holds no network"):
        read_network(bad)
    with pytest.raises(DataError, match="holds no network"):
        read_network(tmp_path / "none.npz")


def test_a_network_of_an_older_version_is_refused_with_what_it_lacks(tmp_path):
    held = {"signs": np.array(["a", "b", "c"]), "by_rules": np.array(["near", "far"])}
    weights = _weights(np.random.default_rng(1))
    held |= {f"0.{k}": v for k, v in weights.items() if not k.startswith("things.")}
    np.savez(tmp_path / "old.npz", **held)
    with pytest.raises(DataError, match=r"no things.*fit it anew"):
        read_network(tmp_path / "old.npz")


@pytest.mark.parametrize(
    ("tied", "signs"),
    [
        ({3: {"boni": 1.0, "gao": 0.0}}, {"tie-6", "tie-top"}),
        ({3: {"boni": 1.0, "gao": 2.0}}, {"tie-6"}),
        (
            {3: {"boni": 1.0, "gao": 2.0}, 9: {"boni": -9.0, "gao": -10.0}},
            {"tie-6", "tie-least-0", "tie-top"},
        ),
        ({3: {"gao": 2.0}}, set()),
    ],
)
def test_ties_are_told_as_signs_of_a_name(tied, signs):
    said = Outlook(links={("dead", at): of for at, of in tied.items()})
    assert said.tie("boni", "dead", *tied) == signs


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_the_dead_of_each_of_two_attacks_are_tied_to_its_place_and_the_news_day_to_the_news(lang, reader):
    text = titled(TWO[lang], published=FRIDAY).text
    links = shipped_network().read(_told(reader, TWO[lang])).links
    six, three, day = {
        "en": ("six soldiers", "three traders", "Thursday"),
        "fr": ("six soldats", "trois commerçants", "jeudi"),
    }[lang]
    for kind, said, mine, other in (
        ("dead", six, "bon", "tes"),
        ("dead", three, "tes", "bon"),
        ("day", day, "bon", "tes"),
    ):
        of = links[kind, text.index(said)]
        at, away = (next(z for k, z in of.items() if k.startswith(name)) for name in (mine, other))
        assert at > away + 1, (kind, said)


def test_steps_rise():
    assert [step(x) for x in (-9, -3, 0.1, 9)] == [0, 1, 5, 8]


def test_what_it_says_moves_no_draft_where_weights_know_no_such_sign(reader):
    """A file of weights fitted before there was a network reads as it did."""
    old = {
        kind: {s: w for s, w in own.items() if "net-" not in s and "tie-" not in s}
        for kind, own in reader.weights.weights.items()
    }
    weights = replace(reader.weights, weights=old, trees={})
    text = titled(TWO["fr"], published=FRIDAY)
    with_net, without = (
        RulesReader(reader.setting, weights, network=n).features(text) for n in (None, Network({}, {}))
    )
    expected = pytest.approx([d.confidence for d, _ in without], abs=1e-12)
    assert [d.confidence for d, _ in with_net] == expected
