"""Which warnings the rules would have given in Mali, month by month, and what came of them.

    python -m bench.warnings [--seed N]

The rules are those of the package; they were written before this was run (decision 0043).
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from bench.record import arguments, write
from toguna.replay.looks import month_ends
from toguna.replay.run import replay
from toguna.replay.warned import rehearsal
from toguna.room.again import Again
from toguna.room.harm import harm_of
from toguna.room.view import Question, collect, windows_of
from toguna.room.warned import place_setting
from toguna.store.theatre import load_theatre
from toguna.warnings.rules import read_rules

MAIN = "rehearsal"
RUNS: dict[str, tuple[str, ...]] = {
    MAIN: (),
    "without_forecasts": ("published",),
    "without_chances": ("published", "chances"),
    "forecasts_alone": ("shifts", "chances"),
}
"""Rehearsal -> what its rules are not shown."""

DATES = month_ends("2012-06", "2015-11")


def main() -> None:
    """Rehearse with chances and without, and write bench/results/warnings.json."""
    args, started = arguments(__doc__, worlds=0), time.monotonic()
    theatre = load_theatre("mali")
    question = Question(theatre, windows_of(theatre, DATES[-1]), seed=args.seed)
    harm, areas = harm_of(question, collect(question))
    setting, rules = place_setting(theatre, DATES[-1]), read_rules()
    with tempfile.TemporaryDirectory() as folder:
        asked = {"theatre": "mali", "seed": args.seed}
        chain = Again("mali", model=None, chances=True, published=True)
        done = replay(chain, DATES, out=Path(folder) / "looks", asked=asked)
    runs = {
        name: rehearsal([_without(look, out) for look in done.looks], rules, setting, harm=harm, areas=areas)
        for name, out in RUNS.items()
    }
    others = {name: {"scores": told["scores"]} for name, told in runs.items() if name != MAIN}
    results: dict[str, Any] = {MAIN: runs[MAIN], **others}
    results["seconds_of_looks"] = done.seconds
    write("warnings", results, args, started)


def _without(look: Mapping[str, Any], left_out: tuple[str, ...]) -> dict[str, Any]:
    """Take out what rules are not to see."""
    found = {name: value for name, value in look["found"].items() if name not in left_out}
    return {**look, "found": {"shifts": [], **found}}


if __name__ == "__main__":
    main()
