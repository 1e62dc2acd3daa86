"""Which warnings the rules would have given in Mali, month by month, and what came of them.

    python -m bench.warnings [--seed N]

The rules are those of the package; they were written before this was run (decision 0043).
"""

from __future__ import annotations

import tempfile
import time
from pathlib import Path

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
        done = replay(Again("mali", chances=True), DATES, out=Path(folder) / "looks", asked=asked)
    alone = [{**look, "found": {**look["found"], "chances": []}} for look in done.looks]
    results = {
        name: rehearsal(looks, rules, setting, harm=harm, areas=areas)
        for name, looks in (("rehearsal", done.looks), ("without_chances", alone))
    }
    write("warnings", results, args, started)


if __name__ == "__main__":
    main()
