"""Carry out a replay: every look once, results kept as they come, finished ones never again.

Enters: a chain, dates, a folder, a runner. Leaves: the looks in the order of their dates. Called by
``toguna replay`` and the cluster demonstration.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

from toguna.replay.looks import seed_of
from toguna.replay.results import INDEX, Results
from toguna.replay.runners import Runner, serial
from toguna.replay.task import Chain, Done, Task, carry_out

__all__ = ["Replayed", "replay"]


@dataclass(frozen=True)
class Replayed:
    """A finished replay.

    Parameters
    ----------
    looks : list of dict
        Results in the order of their dates; ``found`` is what the chain says.
    computed : int
        How many of them were computed now; the others were there.
    seconds : float
        Time of the workers together, for what was computed now.
    peak_mb : float or None
        Most memory that one worker held.
    """

    looks: list[dict[str, Any]]
    computed: int
    seconds: float
    peak_mb: float | None


def replay(
    chain: Chain,
    dates: Sequence[date],
    *,
    out: Path,
    asked: Mapping[str, Any],
    run: Runner = serial,
    told: Callable[[Done, int], None] = lambda done, count: None,
) -> Replayed:
    """Run a chain on every date.

    Parameters
    ----------
    chain : Chain
        What is run.
    dates : sequence of date
        Days of the looks.
    out : Path
        Folder of the results.
    asked : mapping
        What the replay is of, for the index; its ``seed`` is the root of all seeds.
    run : Runner
        See `toguna.replay.runners`.
    told : callable
        Is told each finished look, and how many are finished.
    """
    results = Results(out)
    results.open(asked)
    there, root = results.finished(), int(asked.get("seed", 0))
    tasks = [
        Task(day, seed_of(root, day.isoformat()), there.get(day.isoformat(), frozenset())) for day in dates
    ]
    done: dict[str, Done] = {}
    for each in run(partial(carry_out, chain), tasks):
        results.keep(each)
        done[each.name] = each
        told(each, len(done))
    looks = [results.read(task.name, done[task.name].key) for task in tasks]
    listed = [{"as_of": k["as_of"], "key": k["key"], "digest": k["digest"], "seed": k["seed"]} for k in looks]
    results.write(INDEX, {"asked": asked, "complete": True, "looks": listed})
    new = [each for each in done.values() if each.text is not None]
    peaks = [each.peak_mb for each in done.values() if each.peak_mb is not None]
    return Replayed(looks, len(new), round(sum(d.seconds for d in new), 1), max(peaks, default=None))
