"""Make a plan for a question of the room, in a process of its own: ``python -m toguna.room.web.planning``.

Enters: home, theatre, day, a `Wish` as JSON. Leaves: HOME/room/THEATRE/plans/DIGEST.json, written in one
step: the plan, or why there is none. Called by `toguna.room.web.planner`. The address of an answer is the
digest of its question and of the assessment it was asked beside, so that the same question is answered
once.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import sys
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from toguna.core.digest import digest
from toguna.core.errors import DataError, NoAnswerError, TogunaError
from toguna.core.language import LANGUAGES
from toguna.responses.plan.assemble import Ask
from toguna.responses.plan.problem import Aims
from toguna.room.atomic import write_bytes
from toguna.room.planning import plan_of, told, warned_in
from toguna.room.view import Question, collect, windows_of
from toguna.room.web.building import shelf
from toguna.store.home import Home
from toguna.store.theatre import load_theatre

__all__ = ["FOLDER", "Wish", "answer_to", "answers", "main", "path_of"]

FOLDER = "plans"


@dataclass(frozen=True, kw_only=True)
class Wish:
    """What somebody asks of a plan.

    Parameters
    ----------
    theatre, as_of : str
        Name of the theatre; day (ISO).
    run : str
        Digest of the assessment it is asked beside: other data make another question.
    budget : float
        Points (100: a reference budget), or local money.
    goal : str
        See `toguna.responses.plan.problem.GOALS`.
    off : tuple of str
        Rules switched off.
    areas : tuple of str
        Areas in which something may be begun; empty = all.
    """

    theatre: str
    as_of: str
    run: str
    budget: float = 100.0
    goal: str = "mixed"
    off: tuple[str, ...] = ()
    areas: tuple[str, ...] = ()

    @classmethod
    def of(cls, plain: Mapping[str, Any]) -> Wish:
        """Read it back."""
        return cls(**{**plain, "off": tuple(plain["off"]), "areas": tuple(plain["areas"])})

    @property
    def digest(self) -> str:
        """The name of its answer."""
        return digest(asdict(self))[:24]

    def ask(self, seed: int) -> Ask:
        """Return it as the planner takes it."""
        aims = Aims().towards(self.goal)
        return Ask(budget=self.budget, off=self.off, aims=aims, seed=seed, areas=self.areas)


def path_of(home: Home, theatre: str, name: str) -> Path:
    """Return where the answer to a question lies."""
    return shelf(home, theatre) / FOLDER / f"{name}.json"


def answer_to(home: Home, theatre: str, name: str) -> dict[str, Any] | None:
    """Return an answer (``wish``, ``plan`` or ``why_not``, ``made_at``, ``seconds``); None: not there."""
    if not (name.isascii() and name.isalnum()):
        return None
    try:
        found: dict[str, Any] = json.loads(path_of(home, theatre, name).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return found


def answers(home: Home, theatre: str, as_of: date) -> list[dict[str, Any]]:
    """List the answers of a day, newest first, each with its name as ``id``."""
    found = []
    for path in (shelf(home, theatre) / FOLDER).glob("*.json"):
        told_ = answer_to(home, theatre, path.stem)
        if told_ and told_["wish"]["as_of"] == as_of.isoformat():
            found.append({**told_, "id": path.stem})
    return sorted(found, key=lambda one: str(one["made_at"]), reverse=True)


def planned(home: Home, theatre_path: str, wish: Wish) -> dict[str, Any]:
    """Make the plan, as quickly as an assessment makes its own; what forbids it is an answer too."""
    theatre = load_theatre(theatre_path)
    question = Question(
        theatre=theatre, windows=windows_of(theatre, date.fromisoformat(wish.as_of)), home=home
    )
    try:
        known = collect(question)
        ask = replace(wish.ask(question.seed), warned=warned_in(known, question))
        found = plan_of(known, question, ask, thorough=False)
    except NoAnswerError as error:
        return {"why_not": dict(error.said)}
    except DataError as error:
        return {"why_not": dict.fromkeys(LANGUAGES, str(error))}
    return {"plan": told(found)}


def main(words: list[str] | None = None) -> int:
    """Answer one question; what goes wrong is one line on stderr."""
    parser = argparse.ArgumentParser(prog="python -m toguna.room.web.planning")
    for name in ("home", "theatre", "wish"):
        parser.add_argument(f"--{name}", required=True)
    asked = parser.parse_args(words)
    if hasattr(os, "nice"):
        os.nice(10)  # readers come first
    began, wish, home = time.monotonic(), Wish.of(json.loads(asked.wish)), Home(Path(asked.home))
    try:
        found = planned(home, asked.theatre, wish)
        path = path_of(home, wish.theatre, wish.digest)
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        said = {
            "wish": asdict(wish),
            "made_at": datetime.now(UTC).isoformat(timespec="seconds"),
            "seconds": math.ceil(time.monotonic() - began),
        }
        write_bytes(path, json.dumps(said | found, ensure_ascii=False).encode())
    except TogunaError as error:
        print(error, file=sys.stderr)
        return error.exit_code
    return 0


if __name__ == "__main__":
    sys.exit(main())
