"""A warning of the ledger in the words of its page: options, history, what was changed by whom.

Enters: a record and a language. Leaves: plain values for templates. Called by the pages of warnings. What
people wrote stays in the language they wrote it in.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from toguna.core.language import Language
from toguna.warnings.ledger.chain import Entry
from toguna.warnings.outputs.words import offices
from toguna.warnings.states import Record
from toguna.warnings.types import Option

__all__ = ["field_names", "history", "moment", "options", "since"]

Said = tuple[str, str]
"""A term and what somebody wrote; "" as a term for words that need none."""


def moment(at: str, L: Language) -> str:
    """Write a moment: day and minute, UTC."""
    found = datetime.fromisoformat(at).astimezone(UTC)
    return L("{day}, {time} UTC", day=L.short_date(found.date()), time=f"{found:%H:%M}")


def options(record: Record, measures: Mapping[str, Any], L: Language) -> list[dict[str, Any]]:
    """Say what could be done: words, area, cost, evidence, whether it was chosen."""
    chosen = record.decision.options if record.decision and record.decision.act else ()
    return [_option(one, measures, L) | {"chosen": one.measure in chosen} for one in record.warning.options]


def _option(option: Option, measures: Mapping[str, Any], L: Language) -> dict[str, Any]:
    known = measures.get(option.measure)
    return {
        "measure": option.measure if known else "",
        "id": option.measure,
        "name": known.name[L.code] if known else option.measure,
        "text": L.typeset(option.text.get(L.code, "")),
        "area": option.area,
        "cost": L("not known")
        if option.cost is None
        else f"{L.number(option.cost, 2)} {L.word(option.unit) if option.unit else ''}".strip(),
        "evidence": option.evidence,
    }


def history(record: Record, L: Language) -> list[dict[str, Any]]:
    """Tell every step, oldest first: what, who, when, when it was written down, what was said."""
    before: dict[str, Any] = {}
    told = []
    for entry in record.history:
        told.append(_step(entry, before, L))
        before = dict(entry.body.get("warning") or before)
    return told


def since(record: Record, version: str, L: Language) -> list[dict[str, Any]]:
    """Tell what happened after a version was read."""
    number = version.partition("-")[0]
    known = int(number) if number.isdecimal() else 0
    return [row for row in history(record, L) if row["seq"] > known]


def _step(entry: Entry, before: Mapping[str, Any], L: Language) -> dict[str, Any]:
    happened, recorded = (datetime.fromisoformat(m) for m in (entry.happened_at, entry.recorded_at))
    return {
        "seq": entry.seq,
        "what": L.word(f"step:{entry.kind}"),
        "by": entry.by,
        "at": moment(entry.happened_at, L),
        "recorded": moment(entry.recorded_at, L) if (recorded - happened).total_seconds() > 60 else "",
        "said": [pair for pair in _said(entry, before, L) if pair[1]],
        "hash": entry.hash[:16],
    }


def _said(entry: Entry, before: Mapping[str, Any], L: Language) -> Iterator[Said]:
    say = _SAID.get(entry.kind)
    if say is not None:
        yield from say(entry.body, L)
    elif entry.kind == "update":
        yield L("changed"), ", ".join(_changed(before, entry.body["warning"], L))


def _changed(before: Mapping[str, Any], after: Mapping[str, Any], L: Language) -> Iterator[str]:
    names = field_names(L)
    for name, value in after.items():
        if before.get(name) != value:
            yield names.get(name, name)


def field_names(L: Language) -> dict[str, str]:
    """Name the fields of a warning."""
    return {
        "kind": L("what is warned of"),
        "level": L("level"),
        "urgency": L("urgency"),
        "severity": L("severity"),
        "certainty": L("certainty"),
        "areas": L("where"),
        "actors": L("organisations"),
        "start": L("from"),
        "end": L("until"),
        "basis": L("what it rests on"),
        "owner": L("owner"),
        "acknowledge_by": L("acknowledge by"),
        "deadline": L("decide by"),
        "addressees": L("for"),
        "escalate_to": L("whom to tell when it is late"),
        "sensitivity": L("who may read it"),
        "options": L("what could be done"),
        "headline": L("headline"),
        "text": L("text"),
        "corrects": L("takes the place of"),
    }


def _decided(body: Mapping[str, Any], L: Language) -> Iterator[Said]:
    yield L("decision"), L("to act") if body["act"] else L("not to act")
    yield L("reason"), str(body["reason"])
    yield L("chosen"), ", ".join(body.get("options") or ())


def _acted(body: Mapping[str, Any], L: Language) -> Iterator[Said]:
    yield "", str(body["text"])
    yield L("done by"), str(body.get("who") or "")
    yield L("measure"), str(body.get("measure") or "")


def _closed(body: Mapping[str, Any], L: Language) -> Iterator[Said]:
    yield L("outcome"), L.word(f"outcome:{body['outcome']}")
    yield "", str(body.get("text") or "")
    yield L("events"), ", ".join(body.get("event_ids") or ())


def _escalated(body: Mapping[str, Any], L: Language) -> Iterator[Said]:
    yield L("told"), offices([str(body.get("to") or "")], L)
    if body.get("owed"):
        yield L("owed"), L.word(f"owed:{body['owed']}")
        yield L("days over"), L.say(int(body.get("days_over") or 0))
    yield "", str(body.get("text") or "")


def _extended(body: Mapping[str, Any], L: Language) -> Iterator[Said]:
    yield L("new deadline"), L.date(datetime.fromisoformat(body["deadline"]).date())
    yield L("reason"), str(body["reason"])


_SAID: Mapping[str, Callable[[Mapping[str, Any], Language], Iterator[Said]]] = {
    "decide": _decided,
    "act": _acted,
    "close": _closed,
    "escalate": _escalated,
    "extend": _extended,
    "withdraw": lambda body, L: iter([(L("reason"), str(body["reason"]))]),
    "note": lambda body, L: iter([("", str(body["text"]))]),
    "supersede": lambda body, L: iter([(L("by"), str(body["by_warning"]))]),
    "sent": lambda body, L: iter([(L("to"), f"{body['host']} ({body['status']})")]),
}
