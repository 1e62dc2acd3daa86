"""Run the console blocks of the tutorial in an empty folder, and keep what they print.

A block begins with ```console. Lines that begin with "$ " are run (those with "> " continue them); all
other lines of the block are replaced by what the command prints on standard output.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

DOCS = Path(__file__).resolve().parents[1]
PAGES = ("tutorial.md",)
ASSESSMENT = "out/mali-2015-11-24"
FIGURES = {"map": "mali-map.svg", "genealogy": "mali-genealogy.svg"}
_BLOCK = re.compile(r"```console\n(.*?)```", re.DOTALL)


def commands(block: str) -> Iterator[str]:
    """Yield the commands of a block, continuation lines joined by line breaks."""
    lines: list[str] = []
    for line in block.splitlines():
        if line.startswith("$ "):
            if lines:
                yield "\n".join(lines)
            lines = [line[2:]]
        elif line.startswith("> ") and lines:
            lines.append(line[2:])
        elif lines:
            yield "\n".join(lines)
            lines = []
    if lines:
        yield "\n".join(lines)


def _shown(command: str) -> str:
    first, *rest = command.split("\n")
    return "\n".join([f"$ {first}", *(f"> {line}" for line in rest)])


def _executed(block: str, folder: Path) -> str:
    tools = str(Path(sys.executable).parent)
    env = {"PATH": f"{tools}:{os.environ['PATH']}", "HOME": str(folder), "LANG": "C.UTF-8", "COLUMNS": "100"}
    parts = []
    for command in commands(block):
        done = subprocess.run(
            ["bash", "-c", command], cwd=folder, env=env, capture_output=True, text=True, check=False
        )
        if done.returncode > 1:
            raise SystemExit(f"{command}\n{done.stderr}")
        parts.append(_shown(command) + "\n" + done.stdout)
    return "```console\n" + "".join(parts) + "```"


def run() -> None:
    """Run every page of the list and take the pictures of the assessment that it makes."""
    for name in PAGES:
        folder = Path(tempfile.mkdtemp(prefix="tutorial-"))
        page = DOCS / name
        text = _BLOCK.sub(lambda m, at=folder: _executed(m.group(1), at), page.read_text(encoding="utf-8"))
        page.write_text(text, encoding="utf-8")
        _pictures(folder / ASSESSMENT)
        shutil.rmtree(folder)


def _pictures(assessment: Path) -> None:
    """Cut the drawings out of the English briefing."""
    page = (assessment / "briefing.en.html").read_text(encoding="utf-8")
    for figure, name in FIGURES.items():
        start = page.index("<svg", page.index(f'aria-labelledby="t-{figure}"'))
        drawing = page[start : page.index("</svg>", start) + len("</svg>")]
        drawing = drawing.replace(' aria-hidden="true"', "").replace(' focusable="false"', "")
        (DOCS / "pictures" / name).write_text(drawing + "\n", encoding="utf-8")
