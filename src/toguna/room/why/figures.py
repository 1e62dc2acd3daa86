"""Explain what was found: shifts, claims, chances, forecasts, warnings, plans, areas. Called by `explain`."""

from __future__ import annotations

from typing import Any

from toguna.room.why.reason import Case, Reason, line
from toguna.room.why.rows import events

__all__ = ["actor", "area", "claim", "forecast", "plan", "recurrence", "response", "shift", "similar"]


def shift(case: Case, id: str) -> Reason:
    """Say a shift with its effect, its chance, and its events."""
    found = next(s for s in (*case.assessment["shifts"], *case.assessment["tested"]) if s["id"] == id)
    effect, L = found["effect"], case.L
    values = {name: case.number(effect[name]) for name in ("value", "low", "high")}
    measured = L("effect {value} {unit} [{low}; {high}]", unit=L.word(effect["unit"]), **values)
    rates = L(
        "p {p}, q {q}, false alarms per year {rate}",
        p=L.p_value(found["p"]),
        q=L.p_value(found["q"]),
        rate=case.number(found["false_alarms_per_year"], 3),
    )
    text = f"{case.say(found['text'])} ({measured}{L(';')} {rates})"
    return Reason(id, "shift", text, events(case, found["event_ids"]))


def claim(case: Case, id: str) -> Reason:
    """Say what analysts held, and what the data say."""
    found = next(c for c in case.assessment["claims"] if c["id"] == id)
    verdict = case.L.word(found["verdict"])
    text = f"{case.say(found['statement'])} – {verdict}. {case.say(found['text'])}"
    return Reason(id, "claim", text, events(case, found["event_ids"]))


def recurrence(case: Case, id: str) -> Reason:
    """Say a chance of further attacks, what every model says, and the attacks it rests on."""
    row, L = next(r for r in case.assessment["recurrence"] if r["id"] == id), case.L
    record = row["record"]
    tried = L("{n} forecasts from {origins} past days", n=record["forecasts"], origins=record["origins"])
    lines = tuple(line(_model(case, row, name, tried)) for name in record["models"])
    alike = L.plural(
        "{n} such attack since {day}", "{n} such attacks since {day}", row["alike_here"], day=row["since"]
    )
    text = f"{case.say(row['text'])} ({L.word(row['model'])}{L(';')} {alike})"
    return Reason(id, "recurrence", text, (*lines, *events(case, row["event_ids"])))


def _model(case: Case, row: dict[str, Any], name: str, tried: str) -> str:
    L, model = case.L, row["record"]["models"][name]
    used = L("used") if name == row["model"] else L("not used")
    told = L(
        "{model}, {used}: probability {p}, expected {n}",
        model=L.word(name),
        used=used,
        p=case.number(model["probability"]),
        n=case.number(model["expected"]),
    )
    if "ignorance" not in model:
        return f"{told}{L(';')} {L('not tried on past days')}"
    scored = L(
        "ignorance {bits} bits, Brier {brier} on {tried}",
        bits=case.number(model["ignorance"]),
        brier=case.number(model["brier"]),
        tried=tried,
    )
    return f"{told}{L(';')} {scored}"


def forecast(case: Case, id: str) -> Reason:
    """Say a forecast, what moves it, and its record."""
    row, L = next(r for r in case.assessment["forecasts"] if r["id"] == id), case.L
    of = next(
        r
        for r in case.assessment["forecast_records"]
        if (r["level"], r["target"]) == (row["level"], row["target"])
    )
    driver = next(d for d in of["drivers"] if d["unit"] == row["unit"])
    moved = ", ".join(f"{L.word(name)} {value:+.2f}" for name, value in driver["parts"].items())
    weights = ", ".join(f"{L.word(name)} {case.number(w, 2)}" for name, w in driver["weights"].items() if w)
    known = " ".join(map(str, of["known"]["counts"][row["unit"]]))
    lines = [
        L(
            "a month: {base} on the whole record, {moved} = {mean}",
            base=case.number(driver["base"], 2),
            moved=moved,
            mean=case.number(driver["mean"], 2),
        ),
        L("weights: {weights}", weights=weights),
        L("counts since {month}: {counts}", month=of["known"]["first"], counts=known),
        _forecast_record(case, of["record"]),
    ]
    text = L(
        "{unit}, {month}, {target}: mean {mean}, median {median}, 90% interval {low} to {high} "
        "({source}, origin {origin})",
        unit=row["unit"],
        month=row["month"],
        target=L.word(row["target"]),
        mean=case.number(row["mean"]),
        median=case.number(row["quantiles"]["0.5"]),
        low=case.number(row["interval"]["low"]),
        high=case.number(row["interval"]["high"]),
        source=of["source"],
        origin=row["origin"],
    )
    return Reason(id, "forecast", text, tuple(map(line, lines)))


def _forecast_record(case: Case, record: dict[str, Any]) -> str:
    L = case.L
    if not record["origins"]:
        return L("no record: too few past months to try it on")
    return L(
        "record of {origins} past origins: CRPS {crps} (last-year resampling {other}), 90% interval held in "
        "{share} of {cases}",
        origins=record["origins"],
        crps=case.number(record["crps"]),
        other=case.number(record["crps_last_year"]),
        share=L.percent(record["coverage@0.9"]),
        cases=record["cases"],
    )


def plan(case: Case, id: str) -> Reason:
    """Say what a plan is worth, item by item."""
    found, L = next(p for p in case.assessment["plans"] if p["id"] == id), case.L
    value = found["value"]
    parts = tuple(
        line(
            f"{i['area']}, {i['quarter']}, {case.say(i['name'])}, {case.number(i['amount'])}{L(':')} "
            f"{case.say(i['reason'])} [{', '.join(i['evidence']) or '–'}]"
        )
        for i in found["items"]
    )
    low, high = case.number(value["low"], 1), case.number(value["high"], 1)
    text = L(
        "a plan for {budget} {unit}: {expected} deaths averted [{low}; {high}]",
        budget=case.number(found["budget"]),
        unit=L.word(found["unit"]),
        expected=case.number(value["expected"], 1),
        low=low,
        high=high,
    )
    return Reason(id, "plan", text, parts)


def similar(case: Case, id: str) -> Reason:
    """Say which earlier attacks are like one, and why."""
    found, L = next(s for s in case.assessment["similar"] if s["id"] == id), case.L
    parts = [
        Reason(
            one["event_id"],
            "alike",
            f"{case.say(one['judged'])}{L(':')} {case.say(one['why'])}",
            events(case, [one["event_id"]]),
        )
        for one in found["earlier"]
    ]
    fitted = found["fitted_on"]
    text = L(
        "{place}, {day}: compared with {n} earlier attacks, fitted on {pairs} pairs, {same} of the same "
        "family; {series} in its series",
        place=str(found["place"]),
        day=found["date"],
        n=found["compared"],
        pairs=fitted["pairs"],
        same=fitted["same"],
        series=len(found["series"]),
    )
    return Reason(id, "similar", text, (*events(case, [found["event_id"]]), *parts))


def area(case: Case, id: str) -> Reason:
    """Say how often an area was struck now and before."""
    level, _, name = id.removeprefix("area/").partition("/")
    found = next(a for a in case.assessment["areas"] if a["level"] == level and a["name"] == name)
    L = case.L
    text = L(
        "{area} ({level}), {status}: {recent} now, {reference} before, p {p}",
        area=name,
        level=L.word(level),
        status=L.word(found["status"]),
        recent=found["recent"],
        reference=found["reference"],
        p=L.p_value(found["p"]),
    )
    return Reason(id, "area", text, events(case, found["event_ids"]))


def response(case: Case, id: str) -> Reason:
    """Say what was done, by whom, and which attacks came before it."""
    found = next(r for r in case.assessment["responses"] if r["id"] == id)
    who, kind = str(found["actor"]), case.L.word(found["kind"])
    text = f"{found['date_start']}{case.L(':')} {kind}, {who}. {case.say(found['note'])}"
    lines = tuple(line(str(url)) for url in found["sources"])
    ids = [b["id"] for b in found["before"] if b["kind"] == "attack"]
    return Reason(id, "response", text, (*lines, *events(case, ids)))


def actor(case: Case, id: str) -> Reason:
    """Say what an organisation is, its sources, and the events it is named in."""
    found, L = next(a for a in case.assessment["actors"] if a["id"] == id), case.L
    lines = tuple(line(str(url)) for url in found["sources"])
    ids = [e["event_id"] for e in case.events.values() if id in (e.get("perpetrators") or ())]
    counted = L.plural("{n} event", "{n} events", int(found["n_events"] or 0))
    text = L(
        "{name} ({kind}, family {family}, {counted})",
        name=case.names.get(id, found["name"]),
        kind=L.word(found["kind"]),
        family=case.names.get(found["family"], str(found["family"])),
        counted=counted,
    )
    return Reason(id, "actor", text, (*lines, *events(case, ids)))
