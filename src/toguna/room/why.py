"""Why a figure says what it says: from any id of an assessment down to source lines.

Enters: an assessment, its events, an id. Leaves: a tree of `Reason`. Called by ``toguna why``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import polars as pl

from toguna.core.errors import UnknownNameError
from toguna.core.language import Language
from toguna.events.viewpoint import sentence
from toguna.room.withheld import withheld

__all__ = ["Reason", "known_ids", "why"]

Assessment = dict[str, Any]
_WITHHELD = "withheld: the terms of the source forbid passing its rows on"


@dataclass(frozen=True, slots=True)
class Reason:
    """One node: what it is, what it says, and what it rests on.

    Parameters
    ----------
    id : str
        Id of a figure, event, source; "" for a source line.
    kind : str
        headline, shift, claim, recurrence, similar, forecast, warning, alike, area, window, response, actor,
        event, line, data, viewpoint, finding.
    text : str
        What it says.
    parts : tuple of Reason
        What it rests on.
    """

    id: str
    kind: str
    text: str
    parts: tuple[Reason, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """Return plain values for JSON."""
        return {
            "id": self.id,
            "kind": self.kind,
            "text": self.text,
            "parts": [part.as_dict() for part in self.parts],
        }


@dataclass(frozen=True, slots=True)
class _Case:
    """What the walk looks things up in."""

    assessment: Assessment
    events: dict[str, dict[str, Any]]
    lang: str

    def say(self, text: Any) -> str:
        return str(text.get(self.lang) or text.get("en") or "") if isinstance(text, dict) else str(text)


def _lines(case: _Case, event: dict[str, Any]) -> Iterator[Reason]:
    accounts = _tellers(case, event)
    row = "row not told" if event["row"] is None else f"row {event['row']}"
    among = f", in one of {len(accounts)} releases" if len(accounts) > 1 else ""
    for account in accounts:
        release = f" {account['version']}" if account["version"] else ""
        text = f"{account['source']}{release}, {row}{among}, sha256 of visible rows {account['sha256']}"
        yield Reason("", "line", text)
    for url in event.get("source_urls") or ():
        yield Reason("", "line", str(url))


def _tellers(case: _Case, event: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the releases that may have told an event: those with rows that count, and of its day."""
    own = [a for a in case.assessment["data"] if a["source"] == event["source"]]
    used = [a for a in own if a["accepted"]]
    dated = [a for a in used if a["published_at"] and a["published_at"] == str(event["published_at"])]
    return dated or used


def _deaths(event: dict[str, Any]) -> str:
    best, low, high = event.get("best"), event.get("low"), event.get("high")
    if best is None and low is None and high is None:
        return "deaths unknown"
    span = f" ({low if low is not None else '?'}-{high if high is not None else '?'})"
    return f"deaths {best if best is not None else 'not known'}{span}"


def _grade(event: dict[str, Any]) -> str:
    """Say the grades of a field report; nothing for other events."""
    if not event.get("reliability"):
        return ""
    coarse = ", told by region and month" if event["row"] is None else ""
    return f"; graded {event['reliability']}{event['credibility']}, confidence {event['confidence']}{coarse}"


def _event(case: _Case, id: str) -> Reason:
    event = case.events[id]
    what = " ".join(str(event[c]) for c in ("event_type", "tactic", "target") if event.get(c))
    where = ", ".join(str(event[c]) for c in ("place", "admin1", "country") if event.get(c))
    who = ", ".join(event.get("perpetrators") or ()) or "nobody named"
    text = f"{event['date_start']}, {where}: {what}; {who}; {_deaths(event)}{_grade(event)}"
    return Reason(id, "event", text, (*_lines(case, event), *_other_tellings(case, id)))


def _linked(case: _Case) -> list[dict[str, Any]]:
    return list((case.assessment.get("incidents") or {}).get("several_sources", []))


def _other_tellings(case: _Case, id: str) -> Iterator[Reason]:
    """Say which events tell of the same incident, and why that is thought."""
    for incident in _linked(case):
        if id in incident["event_ids"]:
            speaks = "speaks" if id == incident["representative"] else f"{incident['representative']} speaks"
            others = ", ".join(e for e in incident["event_ids"] if e != id)
            yield Reason("", "line", f"{incident['incident_id']}: also told as {others}; {speaks} for it")
            mine = (x for x in incident["links"] if id in (x["event_a"], x["event_b"]))
            yield from (_link(case, x) for x in mine)


def _link(case: _Case, found: dict[str, Any]) -> Reason:
    lang = Language(case.lang)
    words = (
        lang.word(f"link:{r['feature']}/{r['level']}") + f" ({r['weight']:+.1f})" for r in found["reasons"]
    )
    why_ = ": " + ", ".join(words) if found["reasons"] else ""
    pair = f"{found['event_a']} and {found['event_b']}"
    return Reason("", "line", f"{pair}, {found['status']}, probability {found['score']:.2f}{why_}")


def _incident(case: _Case, id: str) -> Reason:
    incident = next(i for i in _linked(case) if i["incident_id"] == id)
    sums = "; ".join(
        f"{name}: " + (_WITHHELD if row["withheld"] else f"{row['events']} events, {_deaths(row)}")
        for name, row in incident["figures"].items()
    )
    parts = (*(_link(case, x) for x in incident["links"]), *_events(case, incident["event_ids"]))
    return Reason(id, "incident", f"{sums}; {incident['representative']} speaks for it", parts)


def _events(case: _Case, ids: Iterable[str]) -> tuple[Reason, ...]:
    held = {str(account["source"]) for account in withheld(case.assessment)}
    return tuple(
        _event(case, id) if id in case.events else Reason(id, "event", _WITHHELD)
        for id in ids
        if id in case.events or id.partition(":")[0] in held
    )


def _shift(case: _Case, id: str) -> Reason:
    shift = next(s for s in (*case.assessment["shifts"], *case.assessment["tested"]) if s["id"] == id)
    effect = shift["effect"]
    measured = f"effect {effect['value']} {effect['unit']} [{effect['low']}, {effect['high']}]"
    rates = f"p {shift['p']}, q {shift['q']}, false alarms per year {shift['false_alarms_per_year']}"
    text = f"{case.say(shift['text'])} ({measured}; {rates})"
    return Reason(id, "shift", text, _events(case, shift["event_ids"]))


def _claim(case: _Case, id: str) -> Reason:
    claim = next(c for c in case.assessment["claims"] if c["id"] == id)
    said = f"{case.say(claim['statement'])}: {claim['verdict']}. {case.say(claim['text'])}"
    return Reason(id, "claim", said, _events(case, claim["event_ids"]))


def _recurrence(case: _Case, id: str) -> Reason:
    row = next(r for r in case.assessment["recurrence"] if r["id"] == id)
    record = row["record"]
    tried = f"{record['forecasts']} forecasts from {record['origins']} past days"
    lines = tuple(Reason("", "line", _model(row, name, m, tried)) for name, m in record["models"].items())
    parts = (*lines, *_events(case, row["event_ids"]))
    text = f"{case.say(row['text'])} ({row['model']}; {row['alike_here']} such attacks since {row['since']})"
    return Reason(id, "recurrence", text, parts)


def _model(row: dict[str, Any], name: str, model: dict[str, Any], tried: str) -> str:
    used = "used" if name == row["model"] else "not used"
    said = f"{name}, {used}: probability {model['probability']}, expected {model['expected']}"
    if "ignorance" not in model:
        return f"{said}; not tried on past days"
    return f"{said}; ignorance {model['ignorance']} bits, Brier {model['brier']} on {tried}"


def _forecast(case: _Case, id: str) -> Reason:
    row = next(r for r in case.assessment["forecasts"] if r["id"] == id)
    of = next(
        r
        for r in case.assessment["forecast_records"]
        if (r["level"], r["target"]) == (row["level"], row["target"])
    )
    driver = next(d for d in of["drivers"] if d["unit"] == row["unit"])
    moved = [f"{name} {value:+.2f}" for name, value in driver["parts"].items()]
    rests = f"a month: {driver['base']:.2f} on the whole record, {', '.join(moved)} = {driver['mean']:.2f}"
    weights = ", ".join(f"{name} {w}" for name, w in driver["weights"].items() if w)
    known = of["known"]["counts"][row["unit"]]
    lines = [
        rests,
        f"weights: {weights}",
        f"counts since {of['known']['first']}: {' '.join(map(str, known))}",
    ]
    lines.append(_forecast_record(of["record"]))
    interval = row["interval"]
    text = (
        f"{row['unit']}, {row['month']}, {row['target']}: mean {row['mean']}, "
        f"median {row['quantiles']['0.5']:g}, "
        f"90% interval {interval['low']:g} to {interval['high']:g} ({of['source']}, origin {row['origin']})"
    )
    return Reason(id, "forecast", text, tuple(Reason("", "line", line) for line in lines))


def _forecast_record(record: dict[str, Any]) -> str:
    if not record["origins"]:
        return "no record: too few past months to try it on"
    return (
        f"record of {record['origins']} past origins: CRPS {record['crps']} (last-year resampling "
        f"{record['crps_last_year']}), 90% interval held in {record['coverage@0.9']:.0%} of {record['cases']}"
    )


def _warning(case: _Case, id: str) -> Reason:
    row = next(w for w in case.assessment["warnings"] if w["id"] == id)
    kinds = _kinds(case)
    parts = tuple(_rested_on(case, basis, kinds) for basis in row["basis"])
    return Reason(
        id, "warning", f"{case.say(row['headline'])} ({row['status']}). {case.say(row['text'])}", parts
    )


def _plan(case: _Case, id: str) -> Reason:
    plan = next(p for p in case.assessment["plans"] if p["id"] == id)
    value = plan["value"]
    parts = tuple(
        Reason(
            "",
            "line",
            f"{i['area']}, {i['quarter']}, {case.say(i['name'])}, {i['amount']}: {case.say(i['reason'])} "
            f"[{', '.join(i['evidence']) or '–'}]",
        )
        for i in plan["items"]
    )
    low, high = value["low"], value["high"]
    text = f"{plan['budget']:g} {plan['unit']}: {value['expected']:.1f} [{low:.1f}; {high:.1f}]"
    return Reason(id, "plan", text, parts)


def _rested_on(
    case: _Case, basis: dict[str, Any], kinds: dict[str, Callable[[_Case, str], Reason]]
) -> Reason:
    numbers = ", ".join(f"{name} {value}" for name, value in basis["numbers"].items())
    rule, digest = basis["rule"] or basis["origin"], basis["digest"][:12]
    said = f"{rule}, as of {basis['as_of']}: {numbers}; sha256 {digest}"
    below = (kinds[basis["id"]](case, basis["id"]),) if basis["id"] in kinds else ()
    return Reason(basis["id"], "line", said, below)


def _similar(case: _Case, id: str) -> Reason:
    found = next(s for s in case.assessment["similar"] if s["id"] == id)
    parts = [
        Reason(one["event_id"], "alike", _alike(case, one), _events(case, [one["event_id"]]))
        for one in found["earlier"]
    ]
    fitted = found["fitted_on"]
    text = (
        f"{found['place']}, {found['date']}: compared with {found['compared']} earlier attacks, fitted on "
        f"{fitted['pairs']} pairs, {fitted['same']} of the same family; {len(found['series'])} in its series"
    )
    return Reason(id, "similar", text, (*_events(case, [found["event_id"]]), *parts))


def _alike(case: _Case, one: dict[str, Any]) -> str:
    return f"{case.say(one['judged'])}: {case.say(one['why'])}"


def _area(case: _Case, id: str) -> Reason:
    level, _, name = id.removeprefix("area/").partition("/")
    area = next(a for a in case.assessment["areas"] if a["level"] == level and a["name"] == name)
    counts = f"{area['recent']} recent, {area['reference']} before, p {area['p']}"
    text = f"{name} ({level}) {area['status']}: {counts}"
    return Reason(id, "area", text, _events(case, area["event_ids"]))


def _response(case: _Case, id: str) -> Reason:
    response = next(r for r in case.assessment["responses"] if r["id"] == id)
    text = f"{response['date_start']}: {response['kind']}, {response['actor']}. {response['note']}"
    lines = tuple(Reason("", "line", str(url)) for url in response["sources"])
    ids = [b["id"] for b in response["before"] if b["kind"] == "attack"]
    return Reason(id, "response", text, (*lines, *_events(case, ids)))


def _actor(case: _Case, id: str) -> Reason:
    actor = next(a for a in case.assessment["actors"] if a["id"] == id)
    lines = tuple(Reason("", "line", str(url)) for url in actor["sources"])
    ids = [e["event_id"] for e in case.events.values() if id in (e.get("perpetrators") or ())]
    text = f"{actor['name']} ({actor['kind']}, family {actor['family']}, {actor['n_events']} events)"
    return Reason(id, "actor", text, (*lines, *_events(case, ids)))


def _data(case: _Case, id: str) -> Reason:
    first, *others = [a for a in case.assessment["data"] if a["source"] == id]
    lines = (*_release(first), *(Reason("", "line", _counts(a), _release(a)) for a in others))
    findings = [f for f in case.assessment["findings"] if f["table"] == id]
    parts = (*_rule(case), *lines, *map(_finding_line, findings))
    return Reason(id, "data", _counts(first), parts)


def _counts(account: dict[str, Any]) -> str:
    """Say how the rows of one release add up."""
    counts = f"read {account['read']} = accepted {account['accepted']} + quarantined {account['quarantined']}"
    if account.get("superseded"):
        counts += f" + superseded by another release {account['superseded']}"
    return f"{account['source']} {account['version']}".rstrip() + f": {counts}"


def _release(account: dict[str, Any]) -> tuple[Reason, ...]:
    published = account["published_at"] or "on a day not stated"
    digest = f"sha256 of visible rows {account['sha256']}, published {published}"
    terms = f"{account['licence']}. {account['citation']}"
    return (Reason("", "line", digest), Reason("", "line", terms))


def _rule(case: _Case) -> tuple[Reason, ...]:
    rule = case.assessment["run"].get("parameters", {}).get("viewpoint")
    return (Reason("viewpoint", "viewpoint", sentence(rule, Language(case.lang))),) if rule else ()


def _window(case: _Case, id: str) -> Reason:
    _, which, source = id.split("/", 2)
    days = case.assessment["windows"][which]
    inside = [
        e["event_id"]
        for e in case.events.values()
        if e["source"] == source
        and e["within"] is None
        and days["start"] <= str(e["date_start"]) <= days["end"]
    ]
    if any(account["source"] == source for account in withheld(case.assessment)):
        text = f"{source}, {which} window {days['start']} to {days['end']}: {_WITHHELD}"
        return Reason(id, "window", text, (_data(case, source),))
    text = f"{source}, {which} window {days['start']} to {days['end']}: {len(inside)} counted events"
    return Reason(id, "window", text, (_data(case, source), *_events(case, inside)))


def _finding_line(finding: dict[str, Any]) -> Reason:
    where = finding["table"] + (f" row {finding['row']}" if finding["row"] is not None else "")
    field = f", {finding['field']}" if finding["field"] else ""
    said = f"{where}{field}: found {finding['found']}; expected {finding['expected']}. {finding['repair']}"
    return Reason("", "line", f"{finding['severity']}: {said}")


def _finding(case: _Case, id: str) -> Reason:
    found = [f for f in case.assessment["findings"] if f["code"] == id]
    return Reason(id, "finding", f"{len(found)} findings", tuple(map(_finding_line, found)))


def _headline(case: _Case, id: str) -> Reason:
    sentence = next(s for s in case.assessment["headline"] if s["id"] == id)
    text = f"{case.say(sentence['text'])} [{sentence['number']}; {case.say(sentence['uncertainty'])}]"
    kinds = _kinds(case)
    parts = tuple(kinds[part](case, part) for part in sentence["why"] if part in kinds and part != id)
    return Reason(id, "headline", text, parts)


def _kinds(case: _Case) -> dict[str, Callable[[_Case, str], Reason]]:
    """Say for every id of an assessment how it is explained; earlier kinds win."""
    found = case.assessment
    groups: tuple[tuple[Callable[[_Case, str], Reason], Iterable[str]], ...] = (
        (_finding, (f["code"] for f in found["findings"])),
        (_actor, (a["id"] for a in found["actors"])),
        (_response, (r["id"] for r in found["responses"])),
        (_area, (f"area/{a['level']}/{a['name']}" for a in found["areas"])),
        (_data, (a["source"] for a in found["data"])),
        (lambda case, _: _rule(case)[0], (rule.id for rule in _rule(case))),
        (_window, (f"window/{w}/{a['source']}" for w in ("recent", "reference") for a in found["data"])),
        (_incident, (i["incident_id"] for i in _linked(case))),
        (_event, case.events),
        (_recurrence, (r["id"] for r in found.get("recurrence", []))),
        (_similar, (s["id"] for s in found.get("similar", []))),
        (_forecast, (f["id"] for f in found.get("forecasts", []))),
        (_warning, (w["id"] for w in found.get("warnings", []))),
        (_plan, (p["id"] for p in found.get("plans", []))),
        (_claim, (c["id"] for c in found["claims"])),
        (_shift, (s["id"] for s in (*found["shifts"], *found["tested"]))),
        (_headline, (s["id"] for s in found["headline"])),
    )
    return {id: explain for explain, ids in groups for id in ids}


def known_ids(assessment: Assessment, events: pl.DataFrame) -> list[str]:
    """List every id that can be asked for."""
    return sorted(_kinds(_case(assessment, events, "en")))


def _case(assessment: Assessment, events: pl.DataFrame, lang: str) -> _Case:
    return _Case(assessment, {e["event_id"]: e for e in events.iter_rows(named=True)}, lang)


def why(assessment: Assessment, events: pl.DataFrame, id: str, *, lang: str = "en") -> Reason:
    """Explain a figure: what it says and, below, everything it rests on.

    Parameters
    ----------
    assessment : dict
        As in assessment.json.
    events : DataFrame
        Event frame of the same assessment.
    id : str
        Headline, shift, claim, ``recurrence/QUESTION/MONTHS``, ``similar/EVENT``, warning, ``plan/best``,
        ``forecast/LEVEL/TARGET/UNIT/STEP``, ``area/LEVEL/NAME``, ``window/recent/SOURCE``, response,
        actor, event, source, ``viewpoint`` or finding code.
    lang : {"en", "fr"}
        Language of the sentences.

    Raises
    ------
    UnknownNameError
        When nothing has that id.
    """
    case = _case(assessment, events, lang)
    kinds = _kinds(case)
    bare = {key.partition(":")[2]: key for key in case.events}
    found = id if id in kinds else bare.get(id, id)
    if found not in kinds:
        raise UnknownNameError("id", id, kinds)
    return kinds[found](case, found)
