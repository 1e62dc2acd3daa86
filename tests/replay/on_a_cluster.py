"""Run by test_dask.py in a process of its own, where the loopback is open."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from fake_chains import Dice, Mortal

from toguna.replay.looks import month_ends
from toguna.replay.run import replay
from toguna.replay.runners import runner

if __name__ == "__main__":
    out, dates = Path(sys.argv[1]), month_ends("2015-01", "2015-05")
    asked = {"theatre": "dice", "seed": 7}
    for name in ("calm", "log"):
        (out / name).mkdir()
    replay(Dice(out / "calm"), dates, out=out / "serial", asked=asked)
    chain = Mortal(out / "log", fatal=dates[2].isoformat())
    found = replay(chain, dates, out=out / "dask", asked=asked, run=runner("dask", workers=2))
    [kept] = runner("dask", workers=1)(os.getenv, ["MALLOC_TRIM_THRESHOLD_"])
    print(found.computed, chain.computed().count(chain.fatal), kept)
