"""``toguna check``: what is wrong with the data, of a home or of a theatre at a date."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

import typer

from toguna.cli.flags import ViewFlags, verb
from toguna.cli.report import print_json
from toguna.cli.view import home_of, lang_of, progress_of, question_of, say_viewpoint
from toguna.core.errors import UsageError

if TYPE_CHECKING:
    from toguna.cli.check_page import Line
    from toguna.core.findings import Finding
    from toguna.core.language import Language
    from toguna.events.gather import Gathered
    from toguna.room.view import Question

__all__ = ["check"]


@verb
def check(flags: ViewFlags) -> None:
    """List what is wrong or odd in the data.

    With --home and nothing that concerns a theatre: every release in that home, counted anew.
    Else: what counts for the theatre at the date. Ends with what holds, what does not, and what
    the files cannot tell; leaves with 1 when something does not hold.
    """
    if _asks_for_home(flags):
        _check_home(flags)
    else:
        _check_theatre(flags)


def _asks_for_home(flags: ViewFlags) -> bool:
    of_theatre = ("theatre", "as_of", "areas", "source", "recent_days", "reference_days", "recent_from",
                  "reference_from")  # fmt: skip
    named = any(getattr(flags, name) for name in of_theatre) or os.environ.get("TOGUNA_THEATRE")
    return flags.home is not None and not named


def _check_home(flags: ViewFlags) -> None:
    from toguna.cli.check_page import Line, release_lines, verdict_lines
    from toguna.cli.check_verdict import of_releases
    from toguna.core.language import Language
    from toguna.events.audit import audit

    lang, home, today = Language(lang_of(flags)), home_of(flags), date.today()
    if home.path.exists() and not home.path.is_dir():
        raise UsageError(f"{home.path} is no folder; name the home, or `toguna ingest` the file first.")
    with progress_of(flags).step("count every release anew"):
        releases = audit(home, today=today)
    verdict = of_releases(releases, lang)
    if flags.json:
        answer = {"home": str(home.path), "today": today, "releases": [r.as_dict() for r in releases]}
        print_json({**answer, "data": [], "findings": [], "tally": {}, "verdict": verdict.as_dict()})
    else:
        title = lang("Check of {home}, {day}", home=str(home.path), day=today)
        lines = [Line(title, "bold"), Line()]
        told: set[str] = set()
        for release in releases:
            lines += release_lines(release, lang, told=told)
        _print([*lines, *verdict_lines(verdict, lang)])
    raise typer.Exit(verdict.exit_code)


def _check_theatre(flags: ViewFlags) -> None:
    from toguna.cli.check_verdict import of_theatre
    from toguna.core.findings import tally
    from toguna.core.language import Language
    from toguna.room.view import collect

    lang, question = Language(lang_of(flags)), question_of(flags)
    collected = collect(question, progress=progress_of(flags), in_the_house=True)
    gathered, findings = collected.gathered, collected.findings
    accounts = [account.as_dict() for account in gathered.accounts]
    grounds = _grounds(gathered, question)
    verdict = of_theatre(grounds, accounts, findings, lang)
    if flags.json:
        where = {"name": question.theatre.name, "as_of": question.as_of, "areas": grounds}
        told = {"data": accounts, "findings": [f.as_dict() for f in findings], "tally": tally(findings)}
        rule = question.viewpoint.as_dict()
        print_json({"viewpoint": rule, **told, "theatre": where, "verdict": verdict.as_dict()})
    else:
        _print_theatre(accounts, grounds, findings, lang=lang, question=question)
        from toguna.cli.check_page import verdict_lines

        _print(verdict_lines(verdict, lang))
        say_viewpoint(flags)
    raise typer.Exit(verdict.exit_code)


def _grounds(gathered: Gathered, question: Question) -> list[dict[str, Any]]:
    """Count events and deaths by area for each source, and hold the sums against all that counts."""
    import polars as pl

    from toguna.core.types import Deaths
    from toguna.events.admit import sum_deaths
    from toguna.events.locate import at_home, by_area

    theatre, said = question.theatre, []
    counted = gathered.events.filter(pl.col("within").is_null())
    for name in sorted(counted["source"].unique()):
        mine = counted.filter(pl.col("source") == name)
        sums, abroad = by_area(mine, theatre), mine.filter(~at_home(theatre))
        events, deaths = sums.total()
        far, whole = sum_deaths(abroad), sum_deaths(mine)
        together = Deaths(*(getattr(deaths, n) + getattr(far, n) for n in ("best", "low", "high", "unknown")))
        said.append(
            {
                "source": name,
                "areas": [
                    {"area": area, "events": n, "deaths": d.as_dict()}
                    for area, (n, d) in sums.areas.items()
                    if area is not None
                ],
                "unplaced": {"events": sums.unplaced[0], "deaths": sums.unplaced[1].as_dict()},
                "elsewhere": {"events": abroad.height, "deaths": far.as_dict()},
                "country": {"events": events, "deaths": deaths.as_dict()},
                "conserved": (events + abroad.height, together) == (mine.height, whole),
            }
        )
    return said


def _print_theatre(
    accounts: Sequence[dict[str, Any]],
    grounds: Sequence[dict[str, Any]],
    findings: Sequence[Finding],
    *,
    lang: Language,
    question: Question,
) -> None:
    from toguna.cli.check_page import Line, found_lines, labelled

    title = question.theatre.title.get(lang.code, question.theatre.name)
    head = lang("Check of {home}, {day}", home=title, day=question.as_of)
    _print([Line(head, "bold"), Line()])
    for account in accounts:
        counts = lang("{read} read = {accepted} accepted + {quarantined} quarantined",
                      **{k: account[k] for k in ("read", "accepted", "quarantined")})  # fmt: skip
        if account["superseded"]:
            counts += " + " + lang("{n} superseded by another release", n=account["superseded"])
        n = lang.plural("{n} event counts", "{n} events count", account["events"])
        name = f"{account['source']} {account['version']}".strip()
        _print([Line(f"{name} ({lang.word(account['vintage'])})", "bold")])
        _print(labelled(lang("rows"), lang.typeset(f"{counts}; {n}")))
        _print(labelled(lang("deaths"), _deaths(account["deaths"], lang)))
    for ground in grounds:
        _print([Line(lang("{source} by area", source=ground["source"]), "bold")])
        rows = [(a["area"], a) for a in ground["areas"]]
        rows += [(lang("in no area"), ground["unplaced"]), (lang("elsewhere"), ground["elsewhere"])]
        for name, part in rows:
            n = lang.plural("{n} event", "{n} events", part["events"])
            _print(labelled(name, f"{n}, {_deaths(part['deaths'], lang)}"))
    _print([*found_lines(_by_code(findings), lang, told=set()), Line()])


def _deaths(deaths: dict[str, int], lang: Language) -> str:
    said = lang("{best} ({low} to {high})", best=deaths["best"], low=deaths["low"], high=deaths["high"])
    if not deaths["unknown"]:
        return said
    return f"{said}, " + lang.plural(
        "{n} event without a figure", "{n} events without a figure", deaths["unknown"]
    )


def _by_code(findings: Sequence[Finding]) -> list[Any]:
    from toguna.events.audit import Found

    weight = {"stop": 0, "failure": 1, "note": 2}
    groups: dict[tuple[str, str], list[Finding]] = {}
    for finding in findings:
        groups.setdefault((finding.severity, finding.code), []).append(finding)
    ordered = sorted(groups.items(), key=lambda kv: (weight[kv[0][0]], -len(kv[1]), kv[0][1]))
    return [Found(s, code, len(group), _example(group[0]), group[0].repair) for (s, code), group in ordered]


def _example(finding: Finding) -> str:
    where = [finding.table, *([f"row {finding.row}"] if finding.row is not None else [])]
    where += [finding.field] if finding.field else []
    return f"{', '.join(where)}: {finding.found}"


def _print(lines: Sequence[Line]) -> None:
    if not sys.stdout.isatty():
        for line in lines:
            print(line.text.rstrip())
        return
    from rich.console import Console
    from rich.text import Text

    console = Console(highlight=False)
    for line in lines:
        console.print(Text(line.text, style=line.style), soft_wrap=True)
