"""Tell the user how far a long step is: a bar on a terminal, one plain line per step elsewhere."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Protocol

__all__ = ["Progress", "Silent", "for_stream"]


class Step(Protocol):
    """One running step."""

    def __call__(self, done: int, total: int) -> None:
        """Say that `done` of `total` is finished."""


class Progress(Protocol):
    """Where steps are announced."""

    def step(self, name: str) -> AbstractContextManager[Step]:
        """Open a step as a context manager that yields a `Step`."""


class Silent:
    """Says nothing (``--quiet``, tests)."""

    @contextmanager
    def step(self, name: str) -> Iterator[Step]:
        """Run a step in silence."""
        yield lambda done, total: None


class PlainLines:
    """One line per finished step on stderr, fit for a log."""

    @contextmanager
    def step(self, name: str) -> Iterator[Step]:
        """Announce the step when it is done, with its seconds."""
        started = time.monotonic()
        yield lambda done, total: None
        print(f"{name} · {time.monotonic() - started:.1f} s", file=sys.stderr)


class Bars:
    """A rich bar with the time left, for a terminal."""

    @contextmanager
    def step(self, name: str) -> Iterator[Step]:
        """Show a bar while the step runs."""
        from rich.console import Console
        from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

        columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn(), TimeRemainingColumn())
        with Progress(*columns, console=Console(stderr=True)) as bars:
            task = bars.add_task(name, total=None)

            def advance(done: int, total: int) -> None:
                bars.update(task, completed=done, total=total)

            yield advance
            bars.update(task, completed=1, total=1)


def for_stream(*, quiet: bool) -> Silent | PlainLines | Bars:
    """Choose how to tell: silent, bars on a terminal, plain lines otherwise."""
    if quiet:
        return Silent()
    return Bars() if sys.stderr.isatty() else PlainLines()
