"""The part of a briefing that says what the data are, what was wrong in them, and what they cannot carry.

Called by `content`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import date
from typing import Any

from toguna.core.language import Language, own
from toguna.core.meanings import meaning
from toguna.events.checks.licence_absent import NOT_STATED
from toguna.events.viewpoint import sentence
from toguna.room.briefing.blocks import Block, Cell, foreign, section, table, text
from toguna.room.briefing.scope import Scope, said

__all__ = ["data", "found", "last_line", "limits"]

SIMULATED = "final vintage, pseudo-real-time"
_MOST = 40
_SEVERITIES = {"stop": 0, "failure": 1, "note": 2}


def data(assessment: Mapping[str, Any], lang: Language) -> Block:
    """Say what came in, how old it is, and what was set aside."""
    accounts = assessment.get("data", [])
    again = ["superseded"] if any(a.get("superseded") for a in accounts) else []
    rows: list[list[Cell]] = [
        [
            lang.word(a["source"]) + (f" {a['version']}" if a.get("version") else ""),
            lang.date(date.fromisoformat(str(a["published_at"])))
            if a.get("published_at")
            else lang("not stated"),
            lang.word(a.get("vintage")),
            *(lang.say(int(a.get(k) or 0)) for k in ("read", "accepted", "quarantined", *again, "events")),
            _deaths(a["deaths"], lang),
        ]
        for a in accounts
    ]
    columns = [
        lang("source"), lang("last published"), lang("vintage"), lang("rows read"), lang("accepted"),
        lang("quarantined"), *([lang("superseded")] if again else []), lang("events counted"), lang("deaths"),
    ]  # fmt: skip
    terms: list[list[Cell]] = [
        [
            lang.word(a["source"]),
            lang("not stated") if a.get("licence") == NOT_STATED else own(str(a.get("licence") or "–"), lang),
            _cited(str(a.get("citation") or "–"), lang),
            str(a["sha256"])[:16],
        ]
        for a in accounts
    ]
    missing = [_missing(s, c, lang) for s, c in (assessment.get("completeness") or {}).items() if _matters(c)]
    notes = [said(a.get("coverage_note"), lang) for a in accounts if a.get("coverage")]
    rule = assessment.get("run", {}).get("parameters", {}).get("viewpoint")
    blocks: list[Block | None] = [
        text(sentence(rule, lang)) if rule else None,
        table(lang("Sources of this run"), columns, rows) if rows else None,
        *(text(lang("Coverage: {note}", note=n)) for n in notes if n),
        *(text(m) for m in missing),
        table(
            lang("Terms of use and fingerprints"),
            [lang("source"), lang("licence"), lang("citation"), lang("sha256 (first 16 signs)")],
            terms,
        )
        if terms
        else None,
    ]
    return section("data", lang("The data: vintage, coverage, quarantine"), blocks)


def _cited(citation: str, lang: Language) -> Cell:
    """Return a citation: in the language of the page when it is a phrase of ours, else as it is."""
    said_ = own(citation, lang)
    return foreign(citation) if said_ == citation else said_


def _matters(known: Mapping[str, Any]) -> bool:
    return bool(known.get("known")) and any(share < 1 for share in known["share"])


def _missing(source: str, known: Mapping[str, Any], lang: Language) -> str:
    """Say how much of the newest days is reported, and what it is multiplied by."""
    share, low, high = (float(known[name][0]) for name in ("share", "low", "high"))
    return lang(
        "{source} reports late: of the events of the last 30 days {share} are known by now, judged by "
        "earlier delays (90% interval {low} to {high}); where tempo is judged their number is multiplied by "
        "{factor}.",
        source=lang.word(source),
        share=lang.percent(share),
        low=lang.percent(low),
        high=lang.percent(high),
        factor=lang.number(1 / share, 2),
    )


def _deaths(sums: Mapping[str, int], lang: Language) -> str:
    said_ = lang("{best} ({low} to {high})", best=sums["best"], low=sums["low"], high=sums["high"])
    if sums.get("unknown"):
        said_ += (
            lang(";")
            + " "
            + lang.plural("{n} event without a figure", "{n} events without a figure", sums["unknown"])
        )
    return said_


def limits(assessment: Mapping[str, Any], scope: Scope, lang: Language) -> Block:
    """Say what the assessment cannot carry."""
    both = scope.both
    approximate = both.filter(both["where_prec"].fill_null(1) >= 2).height
    vague = both.filter(both["date_prec"].fill_null(1) >= 2).height
    unknown = int(both["best"].null_count())
    shown = lang(
        "Of {n} events shown, {a} stand at an approximate point, {b} have a vague date and {c} "
        "no figure of deaths.",
        n=both.height,
        a=approximate,
        b=vague,
        c=unknown,
    )
    later = lang(
        "Events and statements dated after the assessment have been left out. But a source marked "
        "“final release, simulated real time” was compiled or corrected later: what it says of an event may "
        "not have been known on the day."
    )
    in_time = lang("Only what was published by the date of the assessment has been used.")
    simulated = any(a.get("vintage") == SIMULATED for a in assessment.get("data", []))
    said_once = [
        *([shown] if both.height else []),
        later if simulated else in_time,
        lang(
            "A change found together with another is not its cause: nothing here measures the effect "
            "of a response."
        ),
        lang("An area without events may be quiet, or unreported."),
        lang(
            "Places and periods only: the assessment holds no persons, and must not be used to "
            "choose targets."
        ),
    ]
    notes = [
        said(n, lang)
        for id, n in (assessment.get("notes") or {}).items()
        if isinstance(n, Mapping) and not id.startswith("recurrence/")  # told where chances are
    ]
    return section("limits", lang("Limits"), [text(t) for t in (*said_once, *(n for n in notes if n))])


def found(assessment: Mapping[str, Any], lang: Language) -> Block:
    """List what was wrong or remarkable in the data."""
    all_found = list(assessment.get("findings", []))
    if not all_found:
        return section("findings", lang("Findings in the data"), [text(lang("No finding."))])
    counts = Counter((f["severity"], f["code"]) for f in all_found)
    ordered = sorted(counts.items(), key=lambda kv: (_SEVERITIES.get(kv[0][0], 3), -kv[1], kv[0][1]))
    rows: list[list[Cell]] = [
        [code, lang.word(severity), lang.say(n), _meaning(code, lang)] for (severity, code), n in ordered
    ]
    details: list[list[Cell]] = [
        [
            str(f["code"]),
            " ".join(str(v) for v in (f["table"], f.get("row") or "", f.get("field") or "") if v),
            foreign(str(f["found"])),
            foreign(f"{f['expected']}. {f['repair']}"),
        ]
        for f in sorted(all_found, key=lambda f: _SEVERITIES.get(f["severity"], 3))[:_MOST]
    ]
    more = len(all_found) - len(details)
    caption = lang.plural("{n} finding in detail", "{n} findings in detail", len(details))
    blocks: list[Block | None] = [
        table(
            lang("Findings by code"),
            [lang("code"), lang("severity"), lang("how many"), lang("what it means, what to do")],
            rows,
        ),
        table(
            caption,
            [lang("code"), lang("where"), lang("found"), lang("expected and repair")],
            details,
            folded=True,
        ),
        text(
            lang.plural("{n} more is in data/findings.csv.", "{n} more are in data/findings.csv.", more),
            small=True,
        )
        if more > 0
        else None,
        text(lang("Details are given in English, the language of the data."), small=True)
        if lang.code != "en"
        else None,
    ]
    return section("findings", lang("Findings in the data"), blocks)


def _meaning(code: str, lang: Language) -> str:
    told = meaning(code, lang.code)
    return f"{told.means} {told.repair}".replace("`", "") if told else "–"


def last_line(assessment: Mapping[str, Any], lang: Language) -> str:
    """Say the line that ends every briefing."""
    totals = {
        k: sum(int(a[k]) for a in assessment.get("data", [])) for k in ("read", "accepted", "quarantined")
    }
    line = lang.plural(
        "{read} rows read, {accepted} accepted, {quarantined} quarantined, {n} finding.",
        "{read} rows read, {accepted} accepted, {quarantined} quarantined, {n} findings.",
        len(assessment.get("findings", [])),
        **totals,
    )
    replaced = sum(int(a.get("superseded") or 0) for a in assessment.get("data", []))
    if not replaced:
        return line
    return f"{line} " + lang.plural(
        "{n} row is superseded by another release.", "{n} rows are superseded by another release.", replaced
    )
