"""What a data manager may sign: sentences on what holds, what does not, and what the files cannot tell.

Called by `toguna.cli.check`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from toguna.cli.check_page import Verdict
from toguna.core.language import Language

if TYPE_CHECKING:
    from toguna.core.findings import Finding
    from toguna.events.audit import ReleaseAudit

__all__ = ["of_releases", "of_theatre"]


def of_releases(releases: Sequence[ReleaseAudit], lang: Language) -> Verdict:
    """Judge the releases of a home."""
    if not releases:
        return Verdict(unknown=[lang("Nothing was taken in yet: there is nothing to check.")])
    whole = [r for r in releases if not r.problem]
    verdict = Verdict()
    if whole:
        verdict.holds.append(
            lang.plural(
                "{n} release is as it was archived; its rows and deaths were counted anew and add up.",
                "{n} releases are as they were archived; their rows and deaths were counted anew and add up.",
                len(whole),
            )
        )
    proven = sum(r.proof is not None for r in whole)
    if proven:
        verdict.holds.append(
            lang.plural("{n} of them came with proof that it is complete.",
                        "{n} of them came with proof that they are complete.", proven)
        )  # fmt: skip
    verdict.does_not_hold.extend(
        f"{r.line} {r.version or r.sha256[:16]}: {r.problem}. {r.detail}" for r in releases if r.problem
    )
    _quarantine(verdict, sum(r.quarantined for r in releases), lang)
    _recorded(verdict, whole, lang)
    _unknowable(verdict, whole, lang)
    return verdict


def _quarantine(verdict: Verdict, rows: int, lang: Language) -> None:
    if rows:
        verdict.does_not_hold.append(
            lang.plural("{n} row is in quarantine and counted nowhere.",
                        "{n} rows are in quarantine and counted nowhere.", rows)
        )  # fmt: skip


def _recorded(verdict: Verdict, whole: Sequence[ReleaseAudit], lang: Language) -> None:
    """Say which accounts were recorded otherwise: the rules have changed, or the record."""
    for r in whole:
        if r.recorded and r.recorded["accepted"] != r.accepted:
            verdict.unknown.append(
                lang(
                    "{source} {version}: {now} rows are accepted now, {then} were when it was taken in. "
                    "Rules change between versions of Toguna; which one took it in is not recorded.",
                    source=r.line,
                    version=r.version,
                    now=r.accepted,
                    then=r.recorded["accepted"],
                )
            )
        elif not r.recorded:
            verdict.unknown.append(
                lang(
                    "{source} {version}: the register has no record of its ingestion; taking the file in "
                    "again writes one.",
                    source=r.line,
                    version=r.version,
                )
            )


def _unknowable(verdict: Verdict, whole: Sequence[ReleaseAudit], lang: Language) -> None:
    files = sum(r.proof is None for r in whole)
    if files:
        verdict.unknown.append(
            lang.plural("{n} release came as a file: whether the file was complete when it was made.",
                        "{n} releases came as files: whether these were complete when they were made.", files)
        )  # fmt: skip
    undated = sum(r.published_at is None for r in whole)
    if undated:
        verdict.unknown.append(
            lang.plural("{n} release does not say when it was published.",
                        "{n} releases do not say when they were published.", undated)
        )  # fmt: skip
    unknown = sum(r.deaths_accepted.unknown for r in whole)
    if unknown:
        verdict.unknown.append(
            lang.plural("How many died in {n} accepted row that gives no figure.",
                        "How many died in {n} accepted rows that give no figure.", unknown)
        )  # fmt: skip
    verdict.unknown.append(
        lang("Whether a newer release has come out, and what happened that no source reported.")
    )


def of_theatre(
    grounds: Sequence[dict[str, Any]],
    accounts: Sequence[dict[str, Any]],
    findings: Sequence[Finding],
    lang: Language,
) -> Verdict:
    """Judge what was counted for a theatre."""
    verdict = Verdict()
    adds_up = all(a["read"] == a["accepted"] + a["quarantined"] + a["superseded"] for a in accounts)
    sums = verdict.holds if adds_up else verdict.does_not_hold
    sums.append(lang("Rows read = accepted + quarantined + superseded by another release, for every source."))
    for ground in grounds:
        said = lang(
            "{source}: the events and deaths of areas, of none of them and elsewhere make all that count.",
            source=ground["source"],
        )
        (verdict.holds if ground["conserved"] else verdict.does_not_hold).append(said)
    _quarantine(verdict, sum(a["quarantined"] for a in accounts), lang)
    grave = sum(f.severity != "note" for f in findings)
    if grave:
        verdict.does_not_hold.append(
            lang.plural("{n} finding is a failure.", "{n} findings are failures.", grave)
        )
    unknown = sum(a["deaths"]["unknown"] for a in accounts)
    if unknown:
        verdict.unknown.append(
            lang.plural("How many died in {n} event that gives no figure.",
                        "How many died in {n} events that give no figure.", unknown)
        )  # fmt: skip
    verdict.unknown.append(lang("What happened that no source reported."))
    return verdict
