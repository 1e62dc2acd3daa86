"""Write what in the documentation comes from the code and the benchmarks; the result is committed.

    python docs/generate.py            pages, blocks between "generated" marks, picture of the benchmarks
    python docs/generate.py --check    only say which pages on disk differ (exit code 1)
    python docs/generate.py --run      also run the tutorial and take its output and pictures anew

Enters: `src/toguna` and `bench/results`. Leaves: Markdown and SVG under `docs/`.
Called by `make docs` and by tests/docs.
"""

from __future__ import annotations

import argparse
import re
import sys
from pathlib import Path

DOCS = Path(__file__).resolve().parent
sys.path.insert(0, str(DOCS))

from generators import (  # noqa: E402
    about,
    appraisal,
    benchmarks,
    code_pages,
    evidence,
    executed,
    findings,
    forecast_scores,
    http_api,
    links,
    nowcast,
    replay,
    responses,
    scored,
    similar,
    warned,
)

_BLOCK = re.compile(r"(<!-- generated: (?P<what>[^>]+?) -->\n).*?(<!-- end -->)", re.DOTALL)


def pages() -> dict[str, str]:
    """Return every page that is generated as a whole, by its path under docs/."""
    return {
        **code_pages.pages(),
        "reference/findings.md": findings.page(),
        "reference/evidence.md": evidence.page(),
        "reference/web-api.md": http_api.page(),
        "benchmarks.md": benchmarks.page(),
        "forecasts.md": forecast_scores.page(),
    }


def block(what: str) -> str:
    """Return the text of one block: its kind is the first word, what it is about the rest."""
    kind, _, rest = what.partition(" ")
    makers = {
        "size": benchmarks.size_block,
        "coverage": benchmarks.coverage_block,
        "about": about.table,
        "appraisal": appraisal.block,
        "similar": similar.block,
        "limits": about.limits,
        "columns": about.columns,
        "evidence-uses": lambda _: evidence.uses(),
        "nowcast": nowcast.block,
        "replay": replay.block,
        "warned": warned.block,
        "links": links.block,
        "responses": responses.block,
        "scores": scored.scores,
        "recurrence": scored.recurrence,
        "outlook": scored.outlook,
    }
    return makers[kind](rest).strip() + "\n"


def filled(text: str) -> str:
    """Fill the generated blocks of a page that is written by hand."""
    return _BLOCK.sub(lambda m: m.group(1) + "\n" + block(m.group("what")) + "\n" + m.group(3), text)


def wanted() -> dict[Path, str]:
    """Return what every page should hold that is generated as a whole or in part."""
    out = {DOCS / name: text for name, text in pages().items()}
    for path in sorted(DOCS.rglob("*.md")):
        if path not in out and _BLOCK.search(path.read_text(encoding="utf-8")):
            out[path] = filled(path.read_text(encoding="utf-8"))
    return out


def differing() -> list[Path]:
    """List the pages on disk that are not what they should be."""
    return [
        path
        for path, text in wanted().items()
        if not path.is_file() or path.read_text(encoding="utf-8") != text
    ]


def write() -> None:
    """Write every page that differs, and the picture of the benchmarks."""
    for path, text in wanted().items():
        if not path.is_file() or path.read_text(encoding="utf-8") != text:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
            print(path.relative_to(DOCS))
    benchmarks.draw()


def main() -> int:
    """Read the flags and do it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--check", action="store_true")
    parser.add_argument("--run", action="store_true")
    flags = parser.parse_args()
    if flags.check:
        late = differing()
        for path in late:
            print(f"{path.relative_to(DOCS)} is out of date; run: .venv/bin/python docs/generate.py")
        return 1 if late else 0
    if flags.run:
        executed.run()
    write()
    return 0


if __name__ == "__main__":
    sys.exit(main())
