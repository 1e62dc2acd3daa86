"""Run by test_orphans.py: a replay in two processes whose first look never ends."""

from __future__ import annotations

import sys
import time
from dataclasses import dataclass
from pathlib import Path

from fake_chains import Dice

from toguna.replay.looks import month_ends
from toguna.replay.run import replay
from toguna.replay.runners import runner


@dataclass(frozen=True)
class Endless(Dice):
    """Computes for ever."""

    def accident(self, name: str) -> None:
        time.sleep(600)


if __name__ == "__main__":
    out = Path(sys.argv[1])
    run = runner("processes", workers=2)
    replay(Endless(out / "log"), month_ends("2015-01", "2015-03"), out=out / "out", asked={}, run=run)
