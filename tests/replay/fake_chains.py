"""Chains that cost nothing: what a replay runs in its own tests, importable by workers."""

from __future__ import annotations

import os
import signal
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np

from toguna.core.errors import UnknownNameError
from toguna.replay.task import Ready


@dataclass(frozen=True)
class Dice:
    """Throws dice with the seed of the look, and counts in a folder how often each day was computed."""

    log: Path
    sides: int = 6
    data: str = "first"

    def begin(self, as_of: date, seed: int) -> Ready:
        def compute() -> dict[str, Any]:
            name = as_of.isoformat()
            (self.log / f"{name}.{len(list(self.log.glob(f'{name}.*')))}.{os.getpid()}").touch()
            self.accident(name)
            return {"thrown": np.random.default_rng(seed).integers(1, self.sides + 1, 5).tolist()}

        return Ready([{"name": "data", "sha256": self.data}], {"sides": self.sides}, compute)

    def accident(self, name: str) -> None:
        """Happens while a look is computed."""

    def computed(self) -> list[str]:
        """Days in the order of their names, as often as they were computed."""
        return sorted(path.name[:10] for path in self.log.iterdir())


@dataclass(frozen=True)
class Mortal(Dice):
    """Is killed with signal 9 the first `lives` times that it computes `fatal`."""

    fatal: str = ""
    lives: int = 1

    def accident(self, name: str) -> None:
        if name == self.fatal and len(list(self.log.glob(f"{name}.*"))) <= self.lives:
            os.kill(os.getpid(), signal.SIGKILL)


@dataclass(frozen=True)
class Refusing(Dice):
    """Refuses on purpose, with an error that cannot be pickled."""

    def accident(self, name: str) -> None:
        raise UnknownNameError("source", "acleed", ["acled"])
