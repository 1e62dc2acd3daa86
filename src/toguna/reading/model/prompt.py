"""What a model is asked: the prompt of a version, with the text as delimited data.

Enters: a text and its day. Leaves: the body of a request. Called by `toguna.reading.model.reader`.
"""

from __future__ import annotations

import hashlib
import json
import tomllib
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files

from toguna.core.digest import digest
from toguna.reading.model.answer import answer_schema

__all__ = ["Prompt", "prompt"]


@dataclass(frozen=True, slots=True)
class Prompt:
    """A version of the prompt: its words with places to fill in, and the digest of words and schema."""

    version: str
    system: str
    user: str
    digest: str

    def body(self, model: str, text: str, published: date | None) -> bytes:
        """Write the body of a request; the fence is of the text itself and does not stand in it."""
        fence = _fence(text)
        told = {"published": published.isoformat() if published else "not told", "fence": fence}
        system, user = self.system, self.user
        for name, value in told.items():
            system, user = system.replace(f"{{{name}}}", value), user.replace(f"{{{name}}}", value)
        return json.dumps(
            {
                "model": model,
                "temperature": 0,
                "messages": [
                    {"role": "system", "content": system},
                    {"role": "user", "content": user.replace("{text}", text)},
                ],
                "response_format": {
                    "type": "json_schema",
                    "json_schema": {"name": "report", "strict": True, "schema": answer_schema()},
                },
            }
        ).encode()


def _fence(text: str) -> str:
    """Return a mark that nobody who wrote the text could know."""
    mark = hashlib.sha256(text.encode(errors="replace")).hexdigest()[:32]
    while mark in text:
        mark = hashlib.sha256((mark + text).encode(errors="replace")).hexdigest()[:32]
    return f"=== report {mark} ==="


@cache
def prompt() -> Prompt:
    """Read the prompt that comes with the program."""
    said = files("toguna.reading").joinpath("data/model/prompt.toml").read_text(encoding="utf-8")
    told = tomllib.loads(said)
    words = [told["system"], told["user"]]
    return Prompt(
        str(told["version"]), words[0].strip(), words[1].strip(), digest([*words, answer_schema()])[:12]
    )
