"""How well, and how fast, the tellings of different sources are linked.

    python -m bench.linking                 labelled pairs and speed; writes bench/results/linking.json
    python -m bench.linking --json FILE     the same into FILE
    python -m bench.linking --tune          measure the weights anew on the pairs marked "tune", and write
    them python -m bench.linking --pairs 5000    fewer simulated events per source

The labels (`bench/labels/mali_chronology_ucdp.csv`) hold ids and verdicts only; the events come from the
theatre pack and from the file of UCDP GED named with --events. Without that file the labelled part is left
out, and said.
"""

from __future__ import annotations

import argparse
import json
import platform
import resource
import time
from dataclasses import dataclass, replace
from datetime import date
from importlib import resources
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from bench.record import RESULTS
from toguna import __version__
from toguna.actors.attach import attach
from toguna.actors.registry import Registry
from toguna.core.geography import distance_km
from toguna.events.links.clusters import Clusters, order
from toguna.events.links.compare import FEATURES, LEVELS, compare
from toguna.events.links.link import link, scored
from toguna.events.links.repeated import repeated
from toguna.events.links.score import Model, model
from toguna.events.links.tellings import Kinship, Tellings, read
from toguna.room.additions import with_additions
from toguna.room.incidents import kinship_of
from toguna.sources import get_source
from toguna.sources.chronology import SOURCE as CHRONOLOGY
from toguna.sources.protocol import RawFile
from toguna.store.theatre import load_theatre
from toguna.testing.tellings import Reporting, tell

ROOT = Path(__file__).resolve().parents[1]
LABELS = ROOT / "bench" / "labels" / "mali_chronology_ucdp.csv"
EVENTS = ROOT.parent / "shared" / "data" / "ucdp" / "ucdp_ged_v21_1_global_whereprec12_1989_2020.parquet"
NEIGHBOURS = ["Mali", "Niger", "Algeria", "Burkina Faso", "Mauritania"]
AS_OF = date(2015, 11, 24)

# Features that the labelled files do not carry (UCDP's thin file names no place and no tactic): likelihoods
# as assumed, level by level, among pairs of one incident and among other pairs.
ASSUMED = {
    "place": ((0.70, 0.20, 0.10), (0.20, 0.10, 0.70)),
    "tactic": ((0.70, 0.30), (0.30, 0.70)),
    "target": ((0.75, 0.25), (0.35, 0.65)),
    "setting": ((0.65, 0.35), (0.35, 0.65)),
}
LINK = 0.5
ORDERED = ("day", "distance", "actors", "victims", "deaths")


@dataclass(frozen=True)
class Labelled:
    """Labelled pairs beside the events they are about."""

    t: Tellings
    pairs: pl.DataFrame
    i: np.ndarray
    j: np.ndarray
    same: np.ndarray
    tune: np.ndarray
    unsure: np.ndarray


def labelled(ged: Path) -> Labelled:
    """Read the events and put the labels beside them."""
    theatre = load_theatre("mali")
    raw = pl.read_parquet(ged).filter(
        pl.col("country").is_in(NEIGHBOURS) & pl.col("year").is_between(2011, 2016)
    )
    ucdp = get_source("ucdp").parse(
        RawFile(raw, version="21.1", published_at=None, table=ged.name, licence="", citation=""),
        theatre=theatre,
    )
    chronology = CHRONOLOGY.parse(CHRONOLOGY.of(theatre), theatre=theatre)
    registry = Registry.build(with_additions(theatre, None), as_of=AS_OF)
    events, _ = attach(pl.concat([chronology.events, ucdp.events]), registry)
    events = events.sort("event_id")
    t = read(events, kinship_of(registry))
    place = {name: n for n, name in enumerate(events["event_id"].to_list())}
    within = set(events.filter(pl.col("within").is_not_null())["event_id"].to_list())
    pairs = pl.read_csv(LABELS).filter(~pl.col("event_a").is_in(sorted(within)))
    i = np.array([place[x] for x in pairs["event_a"]])
    j = np.array([place[x] for x in pairs["event_b"]])
    return Labelled(
        t,
        pairs,
        i,
        j,
        (pairs["verdict"] == "same").to_numpy(),
        (pairs["split"] == "tune").to_numpy(),
        (pairs["unsure"] == "yes").to_numpy(),
    )


def candidates_of(t: Tellings) -> set[tuple[int, int]]:
    """Return every pair that blocking lets through."""
    found = scored(t, model(), at_least=0.0)
    return set(zip(found.i.tolist(), found.j.tolist(), strict=True))


# --- tuning: only pairs marked "tune"


def tuned(data: Labelled) -> Model:
    """Measure weights and thresholds by the rule in docs/methods/links.md."""
    allowed = candidates_of(data.t)
    use = data.tune & np.array([p in allowed for p in zip(data.i.tolist(), data.j.tolist(), strict=True)])
    codes = compare(data.t, data.i[use], data.j[use])
    same, counts = data.same[use], np.where(data.unsure[use], 0.5, 1.0)
    weights = {f: _weights(f, codes[:, k], same, counts) for k, f in enumerate(FEATURES)}
    raw = Model(0.0, weights, 0.5, 0.1, {})
    p = np.clip(raw.probability(codes), 1e-12, 1 - 1e-12)
    intercept, slope = _line(np.log2(p / (1 - p)), same, counts)
    fitted = Model(
        round(intercept, 2),
        {f: tuple(round(float(slope) * w, 2) + 0.0 for w in ws) for f, ws in weights.items()},
        0.5,
        0.1,
        {},
    )
    return _thresholds(fitted, data)


def _weights(feature: str, levels: np.ndarray, same: np.ndarray, counts: np.ndarray) -> tuple[float, ...]:
    n = len(LEVELS[feature])
    if feature in ASSUMED:
        m, u = (np.array(x) for x in ASSUMED[feature])
        return tuple(np.log2(m / u))
    table = np.array(
        [[counts[(levels == k) & (same == truth)].sum() for k in range(n)] for truth in (True, False)]
    )
    share = (table + 0.5) / (table.sum(axis=1, keepdims=True) + 0.5 * n)
    weights = np.log2(share[0] / share[1])
    return tuple(_falling(weights, table.sum(axis=0) + 1.0)) if feature in ORDERED else tuple(weights)


def _falling(values: np.ndarray, counts: np.ndarray) -> list[float]:
    """Pool neighbours until nothing rises (pool adjacent violators): less agreement never weighs more."""
    blocks: list[tuple[float, float, int]] = []
    for value, count in zip(values.tolist(), counts.tolist(), strict=True):
        blocks.append((value, count, 1))
        while len(blocks) > 1 and blocks[-2][0] < blocks[-1][0]:
            (a, x, p), (b, y, q) = blocks[-2:]
            blocks[-2:] = [((a * x + b * y) / (x + y), x + y, p + q)]
    return [value for value, _, n in blocks for _ in range(n)]


def _line(total: np.ndarray, same: np.ndarray, counts: np.ndarray) -> tuple[float, float]:
    """Fit log2 odds = a + b * total by maximum likelihood: what is said twice counts less."""
    x = np.stack([np.ones_like(total), total], axis=1) * np.log(2)
    beta = np.zeros(2)
    for _ in range(50):
        p = 1 / (1 + np.exp(-x @ beta))
        hessian = (x * (counts * p * (1 - p))[:, None]).T @ x
        beta = beta + np.linalg.solve(hessian, x.T @ (counts * (same - p)))
    return float(beta[0]), float(beta[1])


def _thresholds(fitted: Model, data: Labelled) -> Model:
    """Link what is likelier than not; review from where 95 % of the true tuning pairs lie above."""
    found = scored(data.t, fitted, at_least=0.0)
    known = dict(zip(zip(found.i.tolist(), found.j.tolist(), strict=True), found.p.tolist(), strict=True))
    part = data.tune & data.same
    pairs = zip(data.i[part].tolist(), data.j[part].tolist(), strict=True)
    p = np.array([known[x] for x in pairs if x in known])
    below = [s for s in np.round(np.arange(0.02, LINK, 0.01), 2) if (p < s).mean() <= 0.05]
    return replace(fitted, link=LINK, review=float(max(below, default=0.02)))


def predicted(data: Labelled, by: Model) -> np.ndarray:
    """Say for each labelled pair whether both are put into one incident."""
    found = scored(data.t, by)
    clusters = Clusters(data.t)
    ranks = order(data.t, found.i, found.j, found.p)
    ranks = ranks[found.p[ranks] >= by.link]
    for a, b in zip(found.i[ranks].tolist(), found.j[ranks].tolist(), strict=True):
        clusters.join(a, b)
    return np.array(
        [clusters.of(a) == clusters.of(b) for a, b in zip(data.i.tolist(), data.j.tolist(), strict=True)]
    )


def simple(data: Labelled) -> np.ndarray:
    """Apply the rule that comes to mind first: at most 2 days and 50 km apart."""
    t, i, j = data.t, data.i, data.j
    days = np.maximum(np.maximum(t.first[i] - t.last[j], t.first[j] - t.last[i]), 0)
    return np.asarray((days <= 2) & (distance_km(t.lat[i], t.lon[i], t.lat[j], t.lon[j]) <= 50))


# --- figures


def _f1(said: np.ndarray, truth: np.ndarray) -> float:
    hits = (said & truth).sum()
    return float(2 * hits / max(said.sum() + truth.sum(), 1))


def _wilson(hits: int, n: int) -> list[float]:
    if not n:
        return [0.0, 1.0]
    z, p = 1.959964, hits / n
    middle, half = p + z * z / (2 * n), z * np.sqrt(p * (1 - p) / n + z * z / (4 * n * n))
    return [
        round(float((middle - half) / (1 + z * z / n)), 3),
        round(float((middle + half) / (1 + z * z / n)), 3),
    ]


def quality(said: np.ndarray, truth: np.ndarray) -> dict[str, Any]:
    """Precision and recall with Wilson's 95 % intervals."""
    hits, told, all_ = int((said & truth).sum()), int(said.sum()), int(truth.sum())
    return {
        "pairs": len(truth),
        "same": all_,
        "linked": told,
        "right": hits,
        "precision": round(hits / told, 3) if told else None,
        "precision_95": _wilson(hits, told),
        "recall": round(hits / all_, 3) if all_ else None,
        "recall_95": _wilson(hits, all_),
        "f1": round(_f1(said, truth), 3),
    }


def _drawn(data: Labelled, said: np.ndarray, part: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """F1 in 2,000 bootstrap samples of whole chronology rows: the pairs of a row hang together."""
    rows = data.pairs["event_a"].to_numpy()
    names = np.unique(rows[part])
    at = {name: np.flatnonzero(part & (rows == name)) for name in names}
    picks = (np.concatenate([at[n] for n in rng.choice(names, len(names))]) for _ in range(2000))
    return np.array([_f1(said[pick], data.same[pick]) for pick in picks])


def _against(data: Labelled, one: np.ndarray, other: np.ndarray, part: np.ndarray, seed: int) -> list[float]:
    """Interval of the difference in F1 on the same samples."""
    drawn = [_drawn(data, x, part, np.random.default_rng(seed)) for x in (one, other)]
    return [round(float(q), 3) for q in np.quantile(drawn[0] - drawn[1], [0.025, 0.975])]


def on_labels(data: Labelled, by: Model, seed: int) -> dict[str, Any]:
    """Measure on both parts; the held-out part is the one to quote."""
    said, rule = predicted(data, by), simple(data)
    allowed = candidates_of(data.t)
    let = np.array([p in allowed for p in zip(data.i.tolist(), data.j.tolist(), strict=True)])
    out: dict[str, Any] = {}
    for name, part in (("held_out", ~data.tune), ("tune", data.tune)):
        sure = part & ~data.unsure
        out[name] = {
            "links": quality(said[part], data.same[part]),
            "links_sure_only": quality(said[sure], data.same[sure]),
            "simple_rule": quality(rule[part], data.same[part]),
            "blocking_recall": round(float(let[part & data.same].mean()), 3),
            "f1_above_simple_rule_95": _against(data, said, rule, part, seed),
        }
    wrong = [
        {**row, "linked": bool(said[n])}
        for n, row in enumerate(data.pairs.to_dicts())
        if said[n] != data.same[n]
    ]
    out["wrong_pairs"] = wrong
    return out


def at_scale(n: int, seed: int) -> dict[str, Any]:
    """Link two simulated sources of n events each with known truth; time and peak memory."""
    rows: dict[str, Any] = {}
    for name, how in (("sharp", Reporting()), ("vague", Reporting(vague_days=0.3, vague_place=0.3))):
        world = tell(n, seed=seed, reporting=how)
        started, cpu = time.monotonic(), time.process_time()
        linked = link(world.events, kinship=Kinship())
        seconds, cpu = time.monotonic() - started, time.process_time() - cpu
        told = linked.table.filter(pl.len().over("incident_id") > 1)
        pairs = told.join(told, on="incident_id").filter(pl.col("event_id") < pl.col("event_id_right"))
        said = set(pairs.select("event_id", "event_id_right").iter_rows())
        hits = len(said & world.truth)
        rows[name] = {
            "events": world.events.height,
            "candidates": linked.compared,
            "true_pairs": len(world.truth),
            "linked_pairs": len(said),
            "precision": round(hits / max(len(said), 1), 4),
            "recall": round(hits / len(world.truth), 4),
            "seconds": round(seconds, 1),
            "cpu_seconds": round(cpu, 1),
        }
    rows["peak_memory_mb"] = round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
    return rows


def copies(ged: Path) -> dict[str, Any]:
    """Count rows of the whole GED file that look like copies: what the strict rule says of clean data."""
    parsed = get_source("ucdp").parse(
        RawFile(
            pl.read_parquet(ged), version="21.1", published_at=None, table=ged.name, licence="", citation=""
        ),
        theatre=None,
    )
    started = time.monotonic()
    _, extra = repeated(parsed.events)
    return {
        "rows": parsed.events.height,
        "rows_beyond_the_first": extra,
        "share": round(extra / parsed.events.height, 4),
        "seconds": round(time.monotonic() - started, 1),
    }


def _write_weights(found: Model, data: Labelled) -> None:
    held, part = on_labels(data, found, 1)["held_out"], data.tune
    links = held["links"]
    lines = [
        "# Weights of the linking of events: log2(m / u) of every level, scaled so that features which say",
        "# the same thing twice do not count twice. Written by `python -m bench.linking --tune`.",
        f'# Measured on {int(part.sum())} pairs labelled "tune"; place, tactic, target, setting: assumed.',
        f"prior = {found.prior}",
        f"link = {found.link}",
        f"review = {found.review}",
        "",
        "[measured] # on labelled pairs that were not used above, with 95 % intervals",
        *(f"{k} = {links[k]}" for k in ("pairs", "same", "precision", "precision_95", "recall", "recall_95")),
    ]
    for feature in FEATURES:
        lines += ["", f"[weights.{feature}]"]
        lines += [f"{level} = {w}" for level, w in zip(LEVELS[feature], found.weights[feature], strict=True)]
    place = resources.files("toguna.events.links").joinpath("weights.toml")
    Path(str(place)).write_text("\n".join(lines) + "\n", encoding="utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--events", type=Path, default=EVENTS, help="UCDP GED file (Parquet)")
    parser.add_argument("--pairs", type=int, default=100_000, help="simulated events per source")
    parser.add_argument("--seed", type=int, default=20151120)
    parser.add_argument("--json", type=Path, default=RESULTS / "linking.json")
    parser.add_argument("--tune", action="store_true")
    flags = parser.parse_args()
    started = time.monotonic()
    data = labelled(flags.events) if flags.events.is_file() else None
    if flags.tune:
        if data is None:
            parser.error(f"--tune needs {flags.events}")
        _write_weights(tuned(data), data)
        print("weights.toml written; run again without --tune")
        return
    results: dict[str, Any] = {"simulated": at_scale(flags.pairs, flags.seed)}
    if data is None:
        results["labels"] = None
        print(f"no file {flags.events}: the labelled pairs are left out")
    else:
        results["labels"] = on_labels(data, model(), flags.seed)
        results["copies"] = copies(flags.events)
    results["made_with"] = {
        "toguna": __version__,
        "python": platform.python_version(),
        "seed": flags.seed,
        "seconds": round(time.monotonic() - started, 1),
    }
    flags.json.parent.mkdir(parents=True, exist_ok=True)
    flags.json.write_text(json.dumps(results, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    print(json.dumps({k: v for k, v in results.items() if k != "labels"}, indent=1))
    if results["labels"]:
        print(json.dumps({k: v for k, v in results["labels"].items() if k != "wrong_pairs"}, indent=1))
    print(flags.json)


if __name__ == "__main__":
    main()
