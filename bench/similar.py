"""Does likeness tell the family behind an attack better than place and time alone? Mali, simulated groups.

Mali: the chronology of the pack as of its last day, rolling origins over the last three fifths of the attacks
whose family is known. Simulated: three groups without homes, with habits of a stated strength.

    python -m bench.similar [--worlds 40] [--out FOLDER]
"""

from __future__ import annotations

import time
from datetime import date
from typing import Any

import numpy as np
import polars as pl

from bench.record import arguments, write
from toguna.forecasts.similar.answer import Seen, first_origin, similar
from toguna.forecasts.similar.record import record
from toguna.forecasts.similar.traits import Traits, traits_of
from toguna.room.view import Question, collect, windows_of
from toguna.store.theatre import load_theatre
from toguna.store.vocabulary import VOCABULARIES

AS_OF = date(2015, 11, 24)
ATTACK = "chronology:MLI-20151120-1"
STRENGTHS = (0.0, 0.3, 0.6, 0.9)


def mali() -> Traits:
    theatre = load_theatre("mali")
    question = Question(theatre=theatre, windows=windows_of(theatre, AS_OF), sources=("chronology",))
    found = collect(question)
    return traits_of(found.events.filter(pl.col("within").is_null()), found.registry, as_of=AS_OF)


def world(rng: np.random.Generator, *, habits: float, n: int = 120) -> Traits:
    group = rng.integers(0, 3, n)
    marks = {}
    for at, mark in enumerate(("tactic", "target", "setting")):
        words = VOCABULARIES[f"{mark}s"][:9]
        chosen = np.where(rng.random(n) < habits, (group * 3 + at) % 9, rng.integers(0, 9, n))
        marks[mark] = tuple(words[k] for k in chosen)
    return Traits(
        ids=np.array([f"w:{i}" for i in range(n)]),
        day=np.sort(rng.integers(0, 1500, n)) + date(2012, 1, 1).toordinal(),
        lat=rng.uniform(10, 20, n),
        lon=rng.uniform(-5, 5, n),
        deaths=rng.geometric(0.3, n).astype(float),
        marks=marks,
        families=tuple(frozenset([f"G{g}"]) for g in group),
        claimants=tuple(frozenset[str]() for _ in range(n)),
    )


def simulated(worlds: int, seed: int) -> list[dict[str, Any]]:
    rows = []
    for strength in STRENGTHS:
        found = [
            record(
                world(np.random.default_rng([seed, w]), habits=strength),
                first=date(2015, 1, 1),
                rng=np.random.default_rng(0),
            )
            for w in range(worlds)
        ]
        gains = [f.gain[3] for f in found]
        rows.append(
            {
                "habits": strength,
                "worlds": worlds,
                "precision_at_3": round(float(np.mean([f.precision["likeness"][3].value for f in found])), 3),
                "chance": round(float(np.mean([f.precision["chance"][3].value for f in found])), 3),
                "gain_at_3": round(float(np.mean([g.value for g in gains])), 3),
                "gain_above_zero": round(float(np.mean([(g.low or 0) > 0 for g in gains])), 3),
                "gain_below_zero": round(float(np.mean([(g.high or 0) < 0 for g in gains])), 3),
                "brier_over_chance": round(
                    float(np.mean([f.brier["likeness"] / f.brier["chance"] for f in found])), 3
                ),
            }
        )
    return rows


def main() -> None:
    args = arguments(__doc__, worlds=40)
    started = time.monotonic()
    traits = mali()
    first = first_origin(traits)
    assert first is not None
    held_out = record(traits, first=first, rng=np.random.default_rng(args.seed))
    answer = similar(Seen.of(traits), ATTACK, most=5).as_dict()
    results = {
        "mali": {"first_origin": first.isoformat(), "record": held_out.as_dict(), "answer": answer},
        "simulated": simulated(args.worlds, args.seed),
    }
    write("similar", results, args, started)


if __name__ == "__main__":
    main()
