"""The part of the page of benchmarks about taking files in: speed, memory, kills, fuzzing.

Called by `generators.benchmarks`. Every word about met or missed is computed from the numbers.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

Results = dict[str, Any]
_NAMES = {"ucdp": "in the shape of UCDP GED", "acled": "in the shape of an ACLED export"}
_WORDS = {"ratio": "times a bare read and write", "peak_gb": "GB at most"}

_HEAD = """
## Taking files in

A made file (every value invented; widths, blanks and faults as in published ones) is taken into a new home
with its digest, all checks, archive and register. Beside it, taking turns, Polars alone reads the same file
and writes it as Parquet: nothing checked, nothing recorded. Each turn has a process of its own.

"""
_KILL_HEAD = """
## Killed while taking in

Into a home that holds one release already a second file is taken in, and the process is ended by `kill -9`:
half of the times at a random moment, half at a step, before or after a file is flushed, renamed, or the
register commits. What is left is looked through, then the ingest is repeated. See [what the archive
guarantees](reference/archive.md).

"""
_ROOM_KILL_HEAD = """
## Killed while a team writes

Some hands send reports and photos over HTTP and decide on them, and the server of the room is ended by
`kill -9` at random moments and started again. What was not acknowledged is sent again under its own number.
Then the files alone are looked through.

"""
_FUZZ_HEAD = """
## Fuzzing the reader of tables

Inputs are changed so that they reach new branches. Each must be read with every row accounted for, or refused
with a finding, and twice the same.

"""


def sections(load: Callable[[str], Results | None], made: Callable[[Results], str], absent: str) -> str:
    """Return the sections, or for each how to make its results."""
    parts = (
        ("ingest", _HEAD, _ingest),
        ("kill_ingest", _KILL_HEAD, _kills),
        ("room_kill", _ROOM_KILL_HEAD, _room_kills),
        ("fuzz_table", _FUZZ_HEAD, _fuzz),
    )
    text = ""
    for name, head, say in parts:
        found = load(name)
        text += head + (absent if found is None else made(found) + say(found))
    return text


def _ingest(found: Results) -> str:
    names = ("file", "rows", "MB", "bare, s", "taken in, s", "ratio", "peak of memory, GB")
    head = f"| {' | '.join(names)} |\n{'|---' * len(names)}|\n"
    parts = {name: found[name] for name in _NAMES if name in found}
    rows = "".join(
        f"| {_NAMES[name]} | {p['rows']:,} | {p['megabytes']} | {p['seconds_bare']:g} "
        f"| {p['seconds_ingest']:g} | {p['ratio']:.2f} | {p['peak_gb']:.2f} "
        f"(bare {p['peak_gb_bare']:.2f}) |\n"
        for name, p in parts.items()
    )
    stages = "".join(
        f"- {_NAMES[name]}: "
        + ", ".join(f"{stage} {seconds:g}" for stage, seconds in p["stages"].items())
        + "\n"
        for name, p in parts.items()
    )
    spread = "".join(
        f"- {_NAMES[name]}: bare {_range(p['all_seconds_bare'])}, "
        f"taken in {_range(p['all_seconds_ingest'])}\n"
        for name, p in parts.items()
    )
    cpu = "".join(
        f"- {_NAMES[name]}: bare {p['cpu_seconds_bare']:g} s, taken in {p['cpu_seconds_ingest']:g} s "
        f"({p['cpu_ratio']:.2f} times)\n"
        for name, p in parts.items()
    )
    return (
        f"{head}{rows}\nSeconds are medians, on {found['cores']} cores; by stage:\n\n{stages}\n"
        f"From the fastest to the slowest turn:\n\n{spread}\nProcessor time, all cores together, which "
        f"hardly depends on what else the machine does:\n\n{cpu}\n{_judged(parts)}"
    )


def _range(seconds: list[float]) -> str:
    return f"{min(seconds):g} to {max(seconds):g} s"


def _judged(parts: dict[str, Results]) -> str:
    lines = []
    for name, part in parts.items():
        for what, most in part["targets"].items():
            said = "met" if part["met"][what] else "**missed**"
            lines.append(f"- {_NAMES[name]}: {part[what]:.2f}, aim {most:g} {_WORDS[what]}: {said}.\n")
    return "".join(lines)


def _kills(found: Results) -> str:
    steps = ", ".join(f"{step} {number}" for step, number in found["killed_after_step"].items())
    faults = found["faults"]
    said = (
        "Nothing was ever half there; every repeated ingest gave account and digests of an undisturbed one.\n"
        if not faults
        else "**Faults**: "
        + "; ".join(f"{fault} ({number} times)" for fault, number in faults.items())
        + ".\n"
    )
    return (
        f"{found['killed']} ingests of {found['rows']:,} rows were killed (undisturbed they take "
        f"{found['undisturbed_seconds']:g} s); the last step seen was: {steps}.\n\n{said}\n"
        f"- The release was whole already in {found['release_whole_already']}, its record in "
        f"{found['record_whole_already']}.\n"
        f"- Half-written files found: {found['half_written_files_found']}, at most "
        f"{found['most_half_written_files_at_once']} at a time; after the repeated ingest: "
        f"{found['half_written_files_after_repeating']}.\n"
    )


def _room_kills(found: Results) -> str:
    told = (
        f"{found['writes']} reports from {found['hands']} hands, {found['killed']} kills: acknowledged were "
        f"{found['reports_acknowledged']} reports, {found['photos_acknowledged']} of them with a photo, and "
        f"{found['decisions_acknowledged']} decisions. "
    )
    if not found["faults"]:
        return told + "Every one is there, once and whole.\n"
    return told + f"**Faults**: {'; '.join(found['faults'])}.\n"


def _fuzz(found: Results) -> str:
    number = len(found["found"])
    said = "No crash, no hang, no lost row.\n" if not number else f"**{number} inputs failed.**\n"
    return (
        f"{found['inputs']:,} inputs, of which {found['read']:,} were read and {found['refused']:,} refused; "
        f"branches reached: {found['branches_at_first']} at first, "
        f"{found['branches_at_last']} at last. {said}"
    )
