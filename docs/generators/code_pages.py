"""Reference pages from the code: commands, event columns, tables of a pack, the assessment, modules."""

from __future__ import annotations

import contextlib
import io
import os
from pathlib import Path
from typing import Any

SRC = Path(__file__).resolve().parents[2] / "src" / "toguna"
PACKAGES = (
    "core",
    "scores",
    "store",
    "accounts",
    "sources",
    "events",
    "actors",
    "reading",
    "panels",
    "shifts",
    "forecasts",
    "responses",
    "warnings",
    "replay",
    "room",
    "client",
    "testing",
)
KEYS = {
    "theatre": "which theatre: name, title by language, countries (ISO 3166-1 alpha-3)",
    "as_of": "the day of the assessment; nothing published later is used",
    "windows": "recent and reference window, both ends included",
    "run": "digest of the result, seed, code version, digests of what was visible, parameters, time",
    "data": "one account per release used: rows, deaths, digest, terms, vintage, coverage",
    "headline": "the five sentences of page one, each with number, uncertainty and the ids it rests on",
    "actors": "organisations known by then",
    "genealogy": "who belonged with whom, and what changed since the start of the recent window",
    "responsibility": "events with joint or rival claims: statements and probabilities",
    "shifts": "what passed the threshold (alarms), and documented changes among actors",
    "tested": "everything else that was tested",
    "false_alarms": "false alarms per year by population and dimension",
    "claims": "statements by analysts with verdict, numbers and events",
    "areas": "events of every area in both windows, status, scan p",
    "responses": "measures taken and recommendations, each with the attack, shift and warning before it",
    "response_timing": "measures after, before or apart from violence, against chance; "
    "areas covered beside areas struck",
    "threat_priority": "share of harm by family of threat month by month, "
    "and changes of rank that withstood resampling",
    "protection": "attacks on civilians and on forces beside the towns where forces are known to be posted",
    "months": "events and deaths by source, month and area, vague events spread as the viewpoint says",
    "recurrence": "how likely another attack is, by question and months, with every model's record",
    "similar": "the gravest recent attacks with the earlier ones most like them, reasons and series",
    "similar_record": "how likeness did on attacks it had not seen; null when nothing alike is told",
    "forecasts": "deaths and incidents to come by level, unit and month: mean, quantiles, interval, chances",
    "forecast_records": "by level and target: how forecasts did on the past, what moves them, recent counts",
    "replay": "what a replay of the past taught, when one ended by the day on the same data",
    "plans": "what could be done for a reference budget: items, worth, other ways to spend, rules, flips",
    "warnings": "warnings of the ledger as they stood on the day, then proposals by stated rules",
    "warnings_restricted": "issued warnings that are restricted and therefore not told",
    "lessons": "what was learnt from earlier warnings",
    "completeness": "by source, which share of recent events is known by now, or why none can be told",
    "revisions": "what newer releases changed in the events of the theatre, in numbers",
    "findings": "what is wrong or remarkable in the data",
    "incidents": "which events of different sources tell of one incident, which source gave which figure, "
    "how sure that is, and how well the linking does on labelled pairs",
    "events_counted": "incidents: an event told by several sources, or contained in a wider one, counts once",
    "notes": "numbers for the last line of the briefing",
}


def pages() -> dict[str, str]:
    """Return the pages by their path under docs/."""
    return {
        "reference/cli.md": _cli(),
        "reference/events.md": _events(),
        "reference/theatre-pack.md": _tables(),
        "reference/assessment.md": _assessment(),
        **_modules(),
    }


def commands() -> dict[str, Any]:
    """Return every verb, "actors show" among them, with its command."""
    import typer

    from toguna.cli.app import app

    top = typer.main.get_command(app)
    found: dict[str, Any] = {}
    for name, command in top.commands.items():  # type: ignore[attr-defined]
        found[name] = command
        found |= {f"{name} {sub}": c for sub, c in getattr(command, "commands", {}).items()}
    return found


def _help(words: list[str]) -> str:
    from toguna.cli.app import run

    os.environ |= {"COLUMNS": "80", "NO_COLOR": "1", "TERM": "dumb"}
    said = io.StringIO()
    with contextlib.redirect_stdout(said):
        run([*words, "--help"])
    return said.getvalue().rstrip()


def _cli() -> str:
    parts = [_CLI_HEAD, "```text\n" + _help([]) + "\n```\n"]
    for name in commands():
        parts.append(f"\n## toguna {name}\n\n```text\n{_help(name.split())}\n```\n")
    return "".join(parts)


_CLI_HEAD = """# Commands

What `toguna VERB --help` prints. Results go to standard output, progress and advice to standard error.

| exit code | meaning |
|---|---|
| 0 | done |
| 1 | done, and something in the data must be repaired |
| 2 | the command is wrong |
| 3 | cannot proceed |

"""


def _cell(text: object) -> str:
    return str(text).replace("|", "\\|")


def _events() -> str:
    from toguna.core.names import EXPORT_COLUMNS

    rows = [
        f"| `{c.name}` | {c.dtype} | {_cell(c.meaning)} | {_cell(c.unit)} | {_cell(c.span)} |"
        for c in EXPORT_COLUMNS
    ]
    head = (
        "# Columns of an event\n\nEvery source is put into these columns (`toguna.core.names`). They are the "
        "columns of `data/events.parquet`;\n`data/events.csv` adds a line of HXL tags. A missing "
        "count is unknown, never zero.\n\n| column | type | meaning | unit | range |\n|---|---|---|---|---|\n"
    )
    return head + "\n".join(rows) + "\n"


def _tables() -> str:
    from toguna.store.check.recurrence import KEYS
    from toguna.store.tables import TABLES
    from toguna.store.vocabulary import VOCABULARIES

    parts = [_PACK_HEAD, _CHANCES_HEAD, *(f"| `{key}` | {holds} |\n" for key, holds in KEYS.items())]
    for name, table in TABLES.items():
        parts.append(
            f"\n## {name}.csv\n\nOne row: {table.meaning}.\n\n"
            "| column | must be filled | holds |\n|---|---|---|\n"
        )
        parts += [
            f"| `{c}` | {'yes' if c in table.required else ''} | {_holds(table, c)} |\n"
            for c in table.columns
        ]
    words = [f"| `{key}` | {', '.join(known)} |\n" for key, known in VOCABULARIES.items()]
    parts.append("\n## Words\n\n| list | words |\n|---|---|\n" + "".join(words))
    return "".join(parts)


def _holds(table: Any, column: str) -> str:
    kinds = [
        (column in table.days, "a day, YYYY-MM-DD"),
        (column in table.partial_dates, "YYYY, YYYY-MM or YYYY-MM-DD"),
        (column in table.words, f"a word of `{table.words.get(column)}`"),
        (column in table.counts, "a whole number, 0 or more"),
        (column in table.actors, "ids of actors.csv"),
        (column in table.key, "part of what makes the row unique"),
    ]
    if column in table.numbers:
        low, high = table.numbers[column]
        kinds.append((True, f"a number from {low:g} to {high:g}"))
    return "; ".join(text for holds, text in kinds if holds) or "text"


_PACK_HEAD = """# Tables of a theatre pack

A pack is a folder with `theatre.toml` and these CSV files (UTF-8; a blank cell is unknown). A file that
is absent counts as empty. Extra columns are kept. How to make one: [Make your own theatre
pack](../howto/theatre-pack.md).

In `perpetrator` several ids are separated by `;`. In `claimed_by`, `+` joins those who claim together and
`|` separates rival claims. `within` is the id of a wider row that already contains this one.
`source_urls` are separated by spaces.
"""


def _assessment() -> str:
    from toguna.room.situation import schema

    told = schema()
    if set(told["properties"]) != set(KEYS):
        raise SystemExit(f"docs/generators/code_pages.py, KEYS: {set(told['properties']) ^ set(KEYS)}")
    parts = [_ASSESSMENT_HEAD]
    for name, part in told["properties"].items():
        parts.append(f"\n## {name}\n\n{KEYS[name][0].upper() + KEYS[name][1:]}.\n\n")
        rows = _rows(name, part, told["$defs"])
        parts.append("| path | type |\n|---|---|\n" + "".join(f"| `{p}` | {_cell(t)} |\n" for p, t in rows))
    parts.append(
        "\n## A shift\n\nThe shape of every entry of `shifts` and `tested`.\n\n| path | type |\n|---|---|\n"
    )
    parts += [f"| `{p}` | {_cell(t)} |\n" for p, t in _rows("shift", told["$defs"]["shift"], told["$defs"])]
    return "".join(parts)


_ASSESSMENT_HEAD = """# assessment.json

Everything that a briefing says, as data: pages, data files and `toguna why` all read this one file. The
JSON schema lies in `src/toguna/room/assessment.schema.json`; `toguna.room.situation.schema()` returns it.
Apart from `run.generated_at` the same question on the same data gives the same bytes.
"""


def _rows(path: str, part: dict[str, Any], defs: dict[str, Any]) -> list[tuple[str, str]]:
    """Flatten one part of the schema; definitions other than a shift are opened in place."""
    if "$ref" in part:
        name = part["$ref"].rsplit("/", 1)[1]
        return [(path, "a shift, below")] if name == "shift" else _rows(path, defs[name], defs)
    if part.get("type") == "array" and "items" in part:
        return _rows(f"{path}[]", part["items"], defs)
    if "properties" not in part:
        return [(path, _type(part))]
    return [row for key, value in part["properties"].items() for row in _rows(f"{path}.{key}", value, defs)]


def _type(part: dict[str, Any]) -> str:
    if "enum" in part:
        return " / ".join(map(str, part["enum"]))
    kind = part.get("type", "any")
    said = " or ".join(kind) if isinstance(kind, list) else kind
    bounds = [
        f"{word} {part[key]:g}" for key, word in (("minimum", "from"), ("maximum", "to")) if key in part
    ]
    return " ".join([said, *bounds, *([part["format"]] if "format" in part else [])])


def _modules() -> dict[str, str]:
    """One page per package: its modules, read from their docstrings when the site is built."""
    out = {}
    for package in PACKAGES:
        names = sorted(
            ".".join(["toguna", *path.relative_to(SRC).with_suffix("").parts])
            for path in (SRC / package).rglob("*.py")
            if path.name != "__init__.py" and "migrations" not in path.parts
        )
        body = "".join(f"\n::: {name}\n" for name in names)
        out[f"reference/api/{package}.md"] = f"# toguna.{package}\n{body}"
    return out


_CHANCES_HEAD = """
## Chances, in theatre.toml

One `[[recurrence]]` section: one chance that the assessment states, within 3, 6 and 12 months, see
[recurrence](../methods/recurrence.md). Without any section the three first-level areas with most recent
attacks of the first population are asked about. The French label must go with « Nouvelle … »
(« attaque à … »).

| key | holds |
|---|---|
"""
