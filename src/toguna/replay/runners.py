"""Run the same work in this process, in several, or on a Dask cluster: the same results, whoever does it.

A runner takes a function and tasks and yields results as they finish, in any order. It knows nothing
of what is computed: seeds lie in the tasks, and results are written by whoever asked. A worker that
is killed loses the task at hand, which is done again elsewhere. Called by `toguna.replay.run`.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from typing import Any, TypeVar

from toguna.core.errors import DataError, UnknownNameError, UsageError

__all__ = ["PLAIN_MEMORY", "RUNNERS", "Runner", "on_dask", "processes", "runner", "serial"]

T = TypeVar("T")
R = TypeVar("R")
Runner = Callable[[Callable[[Any], Any], Sequence[Any]], Iterator[Any]]

RUNNERS = ("serial", "processes", "dask")
PATIENCE = 3
"""How often in a row workers may die with nothing finished in between."""

WAKE = 0.5
"""Seconds."""

PLAIN_MEMORY = {"distributed.nanny.pre-spawn-environ.MALLOC_TRIM_THRESHOLD_": None}
"""Setting of Dask that leaves memory to the system's allocator: Dask's own gives every large array back at
once, and looks at a table take two and a half times as long."""

_THREADS = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS", "POLARS_MAX_THREADS")


def runner(name: str, *, workers: int = 2, scheduler: str | None = None) -> Runner:
    """Return a runner by name.

    Parameters
    ----------
    name : {"serial", "processes", "dask"}
        Which one.
    workers : int
        Processes to start; not used by "serial" and with a `scheduler`.
    scheduler : str, optional
        Address of a running Dask scheduler ("tcp://host:8786"), or the path of its scheduler file.
    """
    if name not in RUNNERS:
        raise UnknownNameError("runner", name, RUNNERS)
    if workers < 1:
        raise UsageError(f"a replay needs at least one worker, got {workers}.")
    if scheduler and name != "dask":
        raise UsageError(f"a scheduler is of use to --runner dask only, not to {name}.")

    def chosen(work: Callable[[Any], Any], tasks: Sequence[Any]) -> Iterator[Any]:
        if name == "serial":
            return serial(work, tasks)
        if name == "processes":
            return processes(work, tasks, workers=workers)
        return on_dask(work, tasks, workers=workers, scheduler=scheduler)

    return chosen


def serial(work: Callable[[T], R], tasks: Sequence[T]) -> Iterator[R]:
    """Do one task after the other, here."""
    return map(work, tasks)


@contextmanager
def _one_thread_each() -> Iterator[None]:
    """Let processes that are started now compute with one thread: there is one for every core already."""
    before = {name: os.environ.get(name) for name in _THREADS}
    os.environ.update(dict.fromkeys(_THREADS, "1"))
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value


def processes(work: Callable[[T], R], tasks: Sequence[T], *, workers: int) -> Iterator[R]:
    """Spread tasks over processes of this machine.

    When a process dies, by a signal or for want of memory, the others are stopped too, new ones are
    started, and what was not finished is done again.

    Raises
    ------
    DataError
        Processes died `PATIENCE` times in a row and nothing was finished in between.
    """
    left, deaths = set(range(len(tasks))), 0
    while left:
        before = len(left)
        for k, result in _round(work, {k: tasks[k] for k in sorted(left)}, min(workers, len(left))):
            left.discard(k)
            yield result
        deaths = deaths + 1 if len(left) == before else 0
        if deaths >= PATIENCE:
            raise DataError(
                f"worker processes died {deaths} times with nothing finished in between, {len(left)} of "
                f"{len(tasks)} tasks left: most often there is too little memory. Try --workers 1; what is "
                "finished is kept."
            )


def _round(work: Callable[[T], R], tasks: Mapping[int, T], workers: int) -> Iterator[tuple[int, R]]:
    """Give tasks to new processes; yield those that were finished before one of the processes died."""
    with _one_thread_each(), _pool(workers) as pool:
        futures = {pool.submit(work, task): k for k, task in tasks.items()}
        for future in _as_completed(futures):
            if not _died(future):
                yield futures[future], future.result()


def _as_completed(futures: Iterable[Future[R]]) -> Iterator[Future[R]]:
    """Yield futures as they end, and wake up in between: some systems hand Ctrl-C to a sleeping thread."""
    left = set(futures)
    while left:
        ended, left = wait(left, timeout=WAKE, return_when=FIRST_COMPLETED)
        yield from ended


def _died(future: Future[Any]) -> bool:
    return isinstance(future.exception(), BrokenProcessPool)


@contextmanager
def _pool(workers: int) -> Iterator[ProcessPoolExecutor]:
    """Start processes, and stop them at once when the caller is interrupted."""
    others = set(multiprocessing.active_children())
    spawn = multiprocessing.get_context("spawn")
    pool = ProcessPoolExecutor(workers, mp_context=spawn, initializer=_obey_the_parent)
    whole = False
    try:
        yield pool
        whole = True
    finally:
        if not whole:
            for child in set(multiprocessing.active_children()) - others:
                child.terminate()
        pool.shutdown(cancel_futures=True)


def _obey_the_parent() -> None:
    """Leave Ctrl-C to the parent, which stops its workers; and end when it is gone, killed or not."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_the_parent, daemon=True).start()


def _end_with_the_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def on_dask(
    work: Callable[[T], R], tasks: Sequence[T], *, workers: int, scheduler: str | None = None
) -> Iterator[R]:
    """Spread tasks over a Dask cluster: one of this machine's own, on the loopback only, or a running one.

    Raises
    ------
    UsageError
        Dask is not installed, or no scheduler answers.
    DataError
        A task killed every worker that took it up.
    """
    try:
        from distributed import KilledWorker
        from distributed import as_completed as finished
    except ImportError:
        raise UsageError(
            "Dask is not installed: `pip install 'toguna[cluster]'`, or take --runner processes."
        ) from None
    with _client(workers, scheduler) as client:
        futures = client.map(work, list(tasks), pure=False, key=[f"look-{k}" for k in range(len(tasks))])
        try:
            for future in finished(futures):
                yield future.result()
        except KilledWorker as error:
            raise DataError(
                f"a look killed every worker that took it up; what is finished is kept. {error}"
            ) from None
        finally:
            client.cancel(futures, force=True)


@contextmanager
def _client(workers: int, scheduler: str | None) -> Iterator[Any]:
    import dask
    from distributed import Client, LocalCluster

    if scheduler is None:
        with (
            dask.config.set(PLAIN_MEMORY),
            _one_thread_each(),
            LocalCluster(
                n_workers=workers,
                threads_per_worker=1,
                host="127.0.0.1",
                dashboard_address=None,
                silence_logs="ERROR",
            ) as cluster,
            Client(cluster) as client,
        ):
            yield client
        return
    named = {"address": scheduler} if "://" in scheduler else {"scheduler_file": scheduler}
    try:
        client = Client(**named, timeout=20)
    except (OSError, ValueError) as error:
        raise UsageError(f"no Dask scheduler answers at {scheduler} ({error}).") from None
    with client:
        yield client
