"""Explain what lies at the bottom: events, their tellings, releases, findings. Called by `explain`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from toguna.core.language import own
from toguna.events.viewpoint import sentence
from toguna.room.why.reason import Case, Reason, line, withheld_words
from toguna.room.withheld import withheld

__all__ = ["data", "event", "events", "finding", "incident", "linked", "rule", "window"]


def event(case: Case, id: str) -> Reason:
    """Say what happened, where, by whom, with how many deaths; below, who tells it."""
    told, L = case.events[id], case.L
    what = ", ".join(L.word(told[c]) for c in ("event_type", "tactic", "target") if told.get(c))
    where = ", ".join(str(told[c]) for c in ("place", "admin1", "country") if told.get(c))
    who = ", ".join(case.names.get(a, a) for a in told.get("perpetrators") or ()) or L("nobody named")
    text = L(
        "{day}, {where}: {what}; {who}; {deaths}",
        day=str(told["date_start"]),
        where=where,
        what=what,
        who=who,
        deaths=_deaths(case, told),
    )
    return Reason(id, "event", text + _grade(case, told), (*_lines(case, told), *_other_tellings(case, id)))


def events(case: Case, ids: Iterable[str]) -> tuple[Reason, ...]:
    """Explain events; those that may not be shown are named, and why."""
    held = {str(account["source"]) for account in withheld(case.assessment)}
    return tuple(
        event(case, id) if id in case.events else Reason(id, "event", withheld_words(case.L))
        for id in ids
        if id in case.events or id.partition(":")[0] in held
    )


def _deaths(case: Case, told: dict[str, Any]) -> str:
    L, best, low, high = case.L, told.get("best"), told.get("low"), told.get("high")
    if best is None and low is None and high is None:
        return L("deaths unknown")
    span = f"{'?' if low is None else L.say(int(low))}–{'?' if high is None else L.say(int(high))}"
    if best is None:
        return L("deaths not known exactly ({span})", span=span)
    return L("deaths {best} ({span})", best=int(best), span=span)


def _grade(case: Case, told: dict[str, Any]) -> str:
    """Say the grades of a field report; nothing for other events."""
    if not told.get("reliability"):
        return ""
    grade = f"{told['reliability']}{told['credibility']}"
    said = case.L(
        "graded {grade}, confidence {confidence}", grade=grade, confidence=case.L.word(told["confidence"])
    )
    coarse = f", {case.L('told by region and month')}" if told["row"] is None else ""
    return f"{case.L(';')} {said}{coarse}"


def _lines(case: Case, told: dict[str, Any]) -> Iterator[Reason]:
    L, accounts = case.L, _tellers(case, told)
    row = L("row not told") if told["row"] is None else L("row {n}", n=str(told["row"]))
    among = L(", in one of {n} releases", n=len(accounts)) if len(accounts) > 1 else ""
    for account in accounts:
        release = f"{account['source']} {account['version']}".strip()
        yield line(
            L(
                "{release}, {row}{among}, sha256 of visible rows {sha256}",
                release=release,
                row=row,
                among=among,
                sha256=account["sha256"],
            )
        )
    for url in told.get("source_urls") or ():
        yield line(str(url))


def _tellers(case: Case, told: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the releases that may have told an event: those with rows that count, and of its day."""
    own = [a for a in case.assessment["data"] if a["source"] == told["source"]]
    used = [a for a in own if a["accepted"]]
    dated = [a for a in used if a["published_at"] and a["published_at"] == str(told["published_at"])]
    return dated or used


def linked(case: Case) -> list[dict[str, Any]]:
    """Return the incidents that several sources tell."""
    return list((case.assessment.get("incidents") or {}).get("several_sources", []))


def _other_tellings(case: Case, id: str) -> Iterator[Reason]:
    """Say which events tell of the same incident, and why that is thought."""
    for found in linked(case):
        if id in found["event_ids"]:
            others = ", ".join(e for e in found["event_ids"] if e != id)
            yield line(
                case.L(
                    "{incident}: also told as {others}; {speaker} speaks for it",
                    incident=found["incident_id"],
                    others=others,
                    speaker=found["representative"],
                )
            )
            yield from (_link(case, x) for x in found["links"] if id in (x["event_a"], x["event_b"]))


def _link(case: Case, found: dict[str, Any]) -> Reason:
    L = case.L
    words = (L.word(f"link:{r['feature']}/{r['level']}") + f" ({r['weight']:+.1f})" for r in found["reasons"])
    reasons = L(":") + " " + ", ".join(words) if found["reasons"] else ""
    said = L(
        "{a} and {b}, {status}, probability {p}",
        a=found["event_a"],
        b=found["event_b"],
        status=L.word(found["status"]),
        p=case.number(found["score"], 2),
    )
    return line(said + reasons)


def incident(case: Case, id: str) -> Reason:
    """Say what each source counts of an incident, and why the tellings are thought one."""
    found, L = next(i for i in linked(case) if i["incident_id"] == id), case.L
    sums = "; ".join(
        f"{name}{L(':')} "
        + (
            withheld_words(L)
            if row["withheld"]
            else L.plural(
                "{n} event, {deaths}", "{n} events, {deaths}", row["events"], deaths=_deaths(case, row)
            )
        )
        for name, row in found["figures"].items()
    )
    parts = (*(_link(case, x) for x in found["links"]), *events(case, found["event_ids"]))
    text = L("{sums}; {speaker} speaks for it", sums=sums, speaker=found["representative"])
    return Reason(id, "incident", text, parts)


def data(case: Case, id: str) -> Reason:
    """Say how the rows of a source add up, release by release."""
    first, *others = [a for a in case.assessment["data"] if a["source"] == id]
    lines = (*_release(case, first), *(line(_counts(case, a), *_release(case, a)) for a in others))
    findings = [f for f in case.assessment["findings"] if f["table"] == id]
    parts = (*rule(case), *lines, *(_finding_line(case, f) for f in findings))
    return Reason(id, "data", _counts(case, first), parts)


def _counts(case: Case, account: dict[str, Any]) -> str:
    L, name = case.L, f"{account['source']} {account['version']}".rstrip()
    text = L(
        "{name}: read {read} = accepted {accepted} + quarantined {quarantined}",
        name=name,
        read=account["read"],
        accepted=account["accepted"],
        quarantined=account["quarantined"],
    )
    if account.get("superseded"):
        text += " + " + L("superseded by another release {n}", n=account["superseded"])
    return text


def _release(case: Case, account: dict[str, Any]) -> tuple[Reason, ...]:
    published = account["published_at"] or case.L("on a day not stated")
    digest = case.L(
        "sha256 of visible rows {sha256}, published {day}", sha256=account["sha256"], day=published
    )
    return (line(digest), line(f"{own(account['licence'], case.L)}. {own(account['citation'], case.L)}"))


def rule(case: Case) -> tuple[Reason, ...]:
    """Say by which rule many tellings became one account."""
    found = case.assessment["run"].get("parameters", {}).get("viewpoint")
    return (Reason("viewpoint", "viewpoint", sentence(found, case.L)),) if found else ()


def window(case: Case, id: str) -> Reason:
    """List the counted events of a source in a window."""
    _, which, source = id.split("/", 2)
    days, L = case.assessment["windows"][which], case.L
    span = L(
        "{source}, {window}, {start} to {end}",
        source=source,
        window=L.word(f"window:{which}"),
        start=days["start"],
        end=days["end"],
    )
    if any(account["source"] == source for account in withheld(case.assessment)):
        return Reason(id, "window", f"{span}{L(':')} {withheld_words(L)}", (data(case, source),))
    inside = [
        e["event_id"]
        for e in case.events.values()
        if e["source"] == source
        and e["within"] is None
        and days["start"] <= str(e["date_start"]) <= days["end"]
    ]
    counted = L.plural("{n} counted event", "{n} counted events", len(inside))
    return Reason(id, "window", f"{span}{L(':')} {counted}", (data(case, source), *events(case, inside)))


def _finding_line(case: Case, found: dict[str, Any]) -> Reason:
    L = case.L
    where = found["table"] + (f", {L('row {n}', n=str(found['row']))}" if found["row"] is not None else "")
    field = f", {found['field']}" if found["field"] else ""
    return line(
        L(
            "{severity}: {where}: found {found}; expected {expected}. {repair}",
            severity=L.word(found["severity"]),
            where=where + field,
            found=str(found["found"]),
            expected=str(found["expected"]),
            repair=str(found["repair"]),
        )
    )


def finding(case: Case, id: str) -> Reason:
    """List the findings of a code."""
    found = [f for f in case.assessment["findings"] if f["code"] == id]
    text = case.L.plural("{n} finding", "{n} findings", len(found))
    return Reason(id, "finding", text, tuple(_finding_line(case, f) for f in found))
