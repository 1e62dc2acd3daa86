"""The page that ``toguna check`` prints: plain lines, the same on a terminal and in a file.

Enters: audits of releases, or what was counted for a theatre. Leaves: `Line`s and the verdict. Called by
`toguna.cli.check`.
"""

from __future__ import annotations

import shutil
import textwrap
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any

from toguna.core.language import Language

if TYPE_CHECKING:
    from toguna.core.types import Deaths
    from toguna.events.audit import Found, ReleaseAudit

__all__ = ["Line", "Verdict", "found_lines", "labelled", "release_lines", "verdict_lines"]

_LABEL, _WIDEST = 12, 100
_DAYS_A_YEAR = 365.25


@dataclass(frozen=True, slots=True)
class Line:
    """One line; `style` is used on a terminal alone."""

    text: str = ""
    style: str = ""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What holds, what does not, and what nobody can know from the files."""

    holds: list[str] = field(default_factory=list)
    does_not_hold: list[str] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)

    @property
    def exit_code(self) -> int:
        """0 when everything holds, else 1."""
        return 1 if self.does_not_hold else 0

    def as_dict(self) -> dict[str, Any]:
        """Return plain values for JSON."""
        return {**asdict(self), "exit_code": self.exit_code}


def _width() -> int:
    return max(min(shutil.get_terminal_size((80, 24)).columns, _WIDEST), 40)


def labelled(label: str, text: str, style: str = "") -> list[Line]:
    """Put a label before a text, and wrap the text beside it."""
    head = f"  {label:<{_LABEL}}"
    room = textwrap.wrap(text, _width() - len(head), break_long_words=True, break_on_hyphens=False) or [""]
    return [Line((head if i == 0 else " " * len(head)) + part, style) for i, part in enumerate(room)]


def release_lines(release: ReleaseAudit, lang: Language, *, told: set[str]) -> list[Line]:
    """Say everything about one release; repairs in `told` were given further up the page."""
    state = lang("whole") if not release.problem else lang("DOES NOT HOLD")
    name = f"{release.line} {release.version}".strip()
    title = f"{name}{state:>{max(_width() - len(name), len(state) + 2)}}"
    lines = [Line(title, "bold" if not release.problem else "bold red")]
    lines += labelled(lang("file"), release.file_name)
    if release.problem:
        lines += labelled(lang("problem"), f"{release.problem}: {release.detail}", "red")
    if release.read:
        lines += _counts(release, lang)
    lines += labelled(lang("published"), _published(release, lang))
    if release.licence:
        lines += labelled(lang("terms"), _terms(release, lang))
    lines += labelled(lang("proof"), _proof(release, lang))
    lines += labelled("sha256", release.sha256[:16])
    return [*lines, *found_lines(release.findings, lang, told=told), Line()]


def _terms(release: ReleaseAudit, lang: Language) -> str:
    absent = any(found.code == "licence-absent" for found in release.findings)
    if absent or release.licence.startswith("not stated"):
        return lang("no licence stated: do not pass rows on")
    if release.source.split(":")[0] == "reports":
        return lang("of the collecting organisation; the class of each report says what may leave the house")
    if not release.redistribute:
        return lang.typeset(f"{release.licence}; {lang('rows may NOT be passed on')}")
    return lang.typeset(f"{release.licence}; {lang('rows may be passed on with the citation')}")


def _counts(release: ReleaseAudit, lang: Language) -> list[Line]:
    rows = lang(
        "{read} read = {accepted} accepted + {quarantined} quarantined",
        read=release.read,
        accepted=release.accepted,
        quarantined=release.quarantined,
    )
    lines = labelled(lang("rows"), rows)
    dead = lang(
        "{read} in rows read = {accepted} in accepted + {quarantined} in quarantined",
        read=release.deaths_read.best,
        accepted=release.deaths_accepted.best,
        quarantined=release.deaths_quarantined.best,
    )
    lines += labelled(
        lang("deaths"), lang.typeset(f"{dead}; {_bounds(release.deaths_accepted, release.widened, lang)}")
    )
    if release.first_day and release.last_day:
        days = lang("{first} to {last}", first=release.first_day, last=release.last_day)
        lines += labelled(lang("events"), days)
    return lines


def _bounds(deaths: Deaths, widened: Deaths, lang: Language) -> str:
    said = [lang("accepted between {low} and {high}", low=deaths.low, high=deaths.high)]
    if widened.low or widened.high:
        said.append(lang("widened by {low} and {high}", low=widened.low, high=widened.high))
    if deaths.unknown:
        unknown = lang.plural("{n} row without a figure", "{n} rows without a figure", deaths.unknown)
        said.append(unknown)
    return "; ".join(said)


def _published(release: ReleaseAudit, lang: Language) -> str:
    said = []
    if release.published_at and release.age_days is not None:
        age = release.age_days
        years = lang("{n} years ago", n=round(age / _DAYS_A_YEAR, 1))
        ago = years if age > 2 * _DAYS_A_YEAR else lang.plural("{n} day ago", "{n} days ago", age)
        said.append(f"{lang.date(release.published_at)}, {ago}")
    else:
        said.append(lang("not stated"))
    if release.ingested_at:
        said.append(lang("taken in {day}", day=date.fromisoformat(release.ingested_at[:10])))
    if release.cadence:
        said.append(lang("the source publishes: {cadence}", cadence=release.cadence))
    return lang.typeset("; ".join(said))


def _proof(release: ReleaseAudit, lang: Language) -> str:
    proof = release.proof
    if not proof:
        return lang("none: it came as a file")
    return lang(
        "fetched whole: {announced} rows announced, {rows} received, {ids} different ids",
        announced=int(proof.get("announced_total", 0)),
        rows=int(proof.get("rows", 0)),
        ids=int(proof.get("distinct_ids", 0)),
    )


def found_lines(findings: Sequence[Found], lang: Language, *, told: set[str]) -> list[Line]:
    """Say findings by code: how many, one example, and the repair once a page."""
    if not findings:
        return labelled(lang("findings"), lang("none"))
    lines = labelled(lang("findings"), _by_severity(findings, lang))
    for found in findings:
        style = "" if found.severity == "note" else "yellow"
        head = f"    {lang.word(found.severity):<10}{lang.say(found.n):>9}  {found.code}"
        lines.append(Line(head, style))
        repair = [] if found.code in told else [f"→ {found.repair}"]
        told.add(found.code)
        for text in (found.example, *repair):
            lines += [Line(" " * 6 + part, "dim") for part in textwrap.wrap(text, _width() - 6)]
    return lines


def _by_severity(findings: Sequence[Found], lang: Language) -> str:
    counts: dict[str, int] = {}
    for found in findings:
        counts[found.severity] = counts.get(found.severity, 0) + found.n
    return ", ".join(f"{lang.word(severity)} {lang.say(n)}" for severity, n in counts.items())


def verdict_lines(verdict: Verdict, lang: Language) -> list[Line]:
    """Say the verdict."""
    lines = [Line(lang("Verdict"), "bold")]
    parts = (
        (lang("Holds"), verdict.holds, "green"),
        (lang("Does not hold"), verdict.does_not_hold, "red"),
        (lang("Cannot be known from the files"), verdict.unknown, ""),
    )
    for head, sentences, style in parts:
        if sentences:
            lines.append(Line(f"  {head}", style))
            for sentence in sentences:
                wrapped = textwrap.wrap(sentence, _width() - 6)
                lines += [Line(("    - " if i == 0 else " " * 6) + t) for i, t in enumerate(wrapped)]
    return lines
