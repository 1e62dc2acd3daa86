"""Time that passes only when slept, and a client that lives in it."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import httpx

from toguna.sources.patient import Means, Pace, Patient


@dataclass
class Time:
    """A clock that only sleeping moves."""

    passed: float = 0.0
    slept: list[float] = field(default_factory=list)
    begin: datetime = datetime(2026, 1, 1, tzinfo=UTC)

    def sleep(self, seconds: float) -> None:
        assert seconds >= 0
        self.slept.append(seconds)
        self.passed += seconds

    def means(self) -> Means:
        return Means(
            clock=lambda: self.passed,
            sleep=self.sleep,
            now=lambda: self.begin + timedelta(seconds=self.passed),
            rng=random.Random(1),
        )


def client(
    server: Callable[[httpx.Request], httpx.Response], time: Time | None = None, pace: Pace | None = None
) -> Patient:
    """A patient client of a server that lives in this process, in fake time."""
    http = httpx.Client(transport=httpx.MockTransport(server), trust_env=False)
    return Patient(http, pace=pace, means=(time or Time()).means())
