"""The pictures of a briefing, with titles that say the finding.

Enters the assessment and the events shown; leaves `Picture`s by name. Called by `content`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

import networkx as nx
import polars as pl

from toguna.actors.layout import layout
from toguna.core.language import Language, Word
from toguna.core.text import fold
from toguna.room.briefing.coming import chances_picture
from toguna.room.briefing.doing import threats_picture
from toguna.room.briefing.forecast import expected_picture, fans_picture
from toguna.room.briefing.scope import Scope, every_shift, find_shifts, names_of
from toguna.room.briefing.taught import taught_pictures
from toguna.room.charts.genealogy import connected, draw_genealogy
from toguna.room.charts.map import MapData, Outline, Spot, draw_map
from toguna.room.charts.mix import draw_mix
from toguna.room.charts.picture import Picture
from toguna.room.charts.tempo import draw_tempo
from toguna.room.charts.timeline import draw_timeline
from toguna.store.theatre import Theatre

__all__ = ["draw_pictures", "fronts_of", "genealogy_picture"]

_STEP = 30


def draw_pictures(
    assessment: Mapping[str, Any], scope: Scope, theatre: Theatre, lang: Language
) -> dict[str, Picture]:
    """Draw everything that the assessment has numbers for."""
    outlined = scope.both.height or theatre.areas("adm1") or theatre.areas("adm0")
    found = {"map": _map(assessment, scope, theatre, lang)} if outlined else {}
    for dimension in ("tactics", "targets", "settings"):
        shift = next(iter(find_shifts(assessment, scope, dimension, has="categories")), None)
        if shift:
            found[dimension] = _mix(shift, lang)
    if scope.both.height:
        found["tempo"] = _tempo(assessment, scope, lang)
    if assessment.get("genealogy", {}).get("edges"):
        found["genealogy"] = _genealogy(assessment, scope, lang)
    if assessment.get("responses"):
        found["timeline"] = _timeline(assessment, scope, lang)
    drawn = {
        "threats": threats_picture(assessment, lang),
        "chances": chances_picture(assessment, lang),
        "fans": fans_picture(assessment, lang),
        "expected": expected_picture(assessment, theatre, lang),
    }
    found |= {name: picture for name, picture in drawn.items() if picture}
    return found | taught_pictures(assessment, lang)


def fronts_of(assessment: Mapping[str, Any], scope: Scope) -> list[str]:
    """Name the first-level areas of the fronts that raised an alarm and were struck more than before."""
    before, now = _struck(scope)
    told: list[str] = []
    for shift in find_shifts(assessment, scope, "fronts", has="level"):
        numbers = shift["numbers"]
        if shift["alarm"]:
            told += numbers.get("areas", []) if numbers["level"] == "circle" else [numbers["area"]]
    return list(dict.fromkeys(a for a in told if now[a] > before[fold(a)]))


def _struck(scope: Scope) -> tuple[Counter[str], Counter[str]]:
    """Count the events of each first-level area, before (by folded name) and now."""
    before = Counter(fold(a) for a in scope.before["admin1"].drop_nulls())
    return before, Counter(scope.now["admin1"].drop_nulls())


def _fresh(scope: Scope, fronts: Sequence[str]) -> list[str]:
    """Name the areas struck twice or more now and never before, outside the fronts."""
    before, now = _struck(scope)
    ordered = sorted(now.items(), key=lambda kv: (-kv[1], kv[0]))
    return [a for a, n in ordered if n > 1 and not before[fold(a)] and a not in fronts]


def _span(start: date, end: date, lang: Language) -> str:
    return lang("{start} to {end}", start=lang.short_date(start), end=lang.short_date(end))


def _named(names: Sequence[str], lang: Language, most: int = 4) -> str:
    if len(names) <= most + 1:
        return lang.join(names)
    rest = lang.plural("{n} other", "{n} others", len(names) - most)
    return lang.join([*names[:most], rest])


def _map(assessment: Mapping[str, Any], scope: Scope, theatre: Theatre, lang: Language) -> Picture:
    fronts = fronts_of(assessment, scope)
    centre = next(iter(find_shifts(assessment, scope, "spread", has="from")), None)
    moved = centre if centre and centre["alarm"] else None
    numbers = moved["numbers"] if moved else {}
    counts = [scope.before.height, scope.now.height]
    data = MapData(
        title=_map_title(centre, fronts, scope, lang),
        alt=lang(
            "Two maps of {theatre}. Before: {a} events. Now: {b} events. The table behind the "
            "picture counts them "
            "by area.",
            theatre=assessment["theatre"]["title"].get(lang.code, ""),
            a=counts[0],
            b=counts[1],
        ),
        before=f"{lang('before')} · {_span(scope.reference.start, scope.reference.end, lang)} · "
        + lang.plural("{n} event", "{n} events", counts[0]),
        after=f"{lang('now')} · {_span(scope.recent.start, scope.recent.end, lang)} · "
        + lang.plural("{n} event", "{n} events", counts[1]),
        reference=_spots(scope.before, fronts),
        recent=_spots(scope.now, fronts),
        outlines=_outlines(theatre, fronts, lang),
        centres=(tuple(numbers["from"]), tuple(numbers["to"])) if numbers else None,
        distance=lang("{n} km", n=round(float(moved["effect"]["value"]))) if moved else "",
        columns=(
            lang("area"), lang("events before"), lang("events now"), lang("deaths before"), lang("deaths now")
        ),
        rows=_by_area(scope, lang),
    )  # fmt: skip
    return draw_map(data, lang)


def _map_title(centre: Mapping[str, Any] | None, fronts: list[str], scope: Scope, lang: Language) -> str:
    subject = scope.label.get(lang.code) or lang("all events")
    parts = []
    if centre:
        values = {
            "subject": subject,
            "km": round(float(centre["effect"]["value"])),
            "direction": Word(centre["numbers"]["direction"]),
        }
        parts.append(
            lang("Centre of gravity of {subject}: moved {km} km to the {direction}.", **values)
            if centre["alarm"]
            else lang("Centre of gravity of {subject}: no proven displacement.", **values)
        )
    else:
        parts.append(lang("Where it struck: {subject}.", subject=subject))
    if fronts:
        parts.append(lang("New or grown fronts: {areas}.", areas=_named(fronts, lang)))
    fresh = _fresh(scope, fronts)
    if fresh:
        parts.append(
            lang("Struck now and not before, which proves no front: {areas}.", areas=_named(fresh, lang))
        )
    return " ".join(parts)


def _spots(events: pl.DataFrame, fronts: Sequence[str]) -> list[Spot]:
    lit = {fold(f) for f in fronts}
    return [
        Spot(
            row["lat"],
            row["lon"],
            row["best"],
            (row["where_prec"] or 1) >= 2,
            fold(row["admin1"] or "") in lit,
        )
        for row in events.filter(pl.col("lat").is_not_null() & pl.col("lon").is_not_null()).iter_rows(
            named=True
        )
    ]


def _outlines(theatre: Theatre, fronts: Sequence[str], lang: Language) -> list[Outline]:
    lit = {fold(f) for f in fronts}
    inner = [a for a in theatre.areas("adm1") if a.country in theatre.countries]
    whole = [a for a in theatre.areas("adm0") if not inner or a.country not in theatre.countries]
    return [
        *(
            Outline(lang.country(a.country, a.name), a.geometry, a.country in theatre.countries)
            for a in whole
        ),
        *(Outline(a.name, a.geometry, True, fold(a.name) in lit) for a in inner),
    ]


def _by_area(scope: Scope, lang: Language) -> tuple[tuple[str, ...], ...]:
    def sums(events: pl.DataFrame) -> dict[str, tuple[int, str]]:
        found = {}
        for (area,), part in events.group_by("admin1"):
            unknown = int(part["best"].null_count())
            deaths = lang.say(int(part["best"].sum() or 0))
            if unknown:
                deaths += " + " + lang.plural(
                    "{n} event without a figure", "{n} events without a figure", unknown
                )
            found[str(area) if area else lang("area unknown")] = (part.height, deaths)
        return found

    before, now = sums(scope.before), sums(scope.now)
    names = sorted({*before, *now}, key=lambda n: (-now.get(n, (0, ""))[0], -before.get(n, (0, ""))[0], n))
    return tuple(
        (
            n,
            *(lang.say(part.get(n, (0, "0"))[0]) for part in (before, now)),
            *(part.get(n, (0, "0"))[1] for part in (before, now)),
        )
        for n in names
    )


def _mix(shift: Mapping[str, Any], lang: Language) -> Picture:
    categories = shift["numbers"]["categories"]
    most = max(categories, key=lambda c: abs(float(c["difference"])))
    facts = {
        "category": Word(most["category"]),
        "before": lang.percent(float(most["reference_share"])),
        "now": lang.percent(float(most["recent_share"])),
        "p": lang.p_value(shift["p"]),
        "q": lang.p_value(shift["q"]),
    }
    dimension = shift["dimension"]
    titles = {
        "tactics": lang("Tactics: largest change, {category}: from {before} to {now} of events.", **facts),
        "targets": lang("Targets: largest change, {category}: from {before} to {now} of events.", **facts),
        "settings": lang("Settings: largest change, {category}: from {before} to {now} of events.", **facts),
    }
    verdict = (
        lang("The mix as a whole has changed (p = {p}, q = {q}).", **facts)
        if shift["alarm"]
        else lang("For the mix as a whole no change is proven (p = {p}, q = {q}).", **facts)
    )
    alt_text = lang(
        "Points: share of events before and now for each category; beside them the difference with "
        "its interval. "
        "The table behind the picture has all numbers."
    )
    title = f"{titles.get(dimension, '')} {verdict}".strip()
    return draw_mix(dimension, categories, lang, title=title, alt_text=alt_text)


def _tempo(assessment: Mapping[str, Any], scope: Scope, lang: Language) -> Picture:
    shifts = find_shifts(assessment, scope, "tempo", has="step_starts")
    shift = next((s for s in shifts if s["id"].endswith("/all")), None)
    if shift:
        numbers = shift["numbers"]
        days = [date.fromisoformat(d) for d in numbers["step_starts"]]
        steps = list(zip(days, (int(n) for n in numbers["counts"]), strict=True))
        title = shift["text"].get(lang.code, "")
    else:
        steps = _steps(scope)
        title = lang(
            "{subject}: {a} events before, {b} now.",
            subject=scope.label.get(lang.code) or lang("All events"),
            a=scope.before.height,
            b=scope.now.height,
        )
    alt_text = lang(
        "Bars: events per step of about 30 days over both windows. Dashed line: mean of the reference window."
    )
    return draw_tempo(steps, lang, recent_from=scope.recent.start, title=title, alt_text=alt_text)


def _steps(scope: Scope) -> list[tuple[date, int]]:
    """Count events in steps of 30 days; the steps of each window end with it."""
    steps = []
    for window, events in ((scope.reference, scope.before), (scope.recent, scope.now)):
        whole = window.days // _STEP
        first = window.end - timedelta(days=whole * _STEP - 1)
        starts = [first + timedelta(days=_STEP * i) for i in range(whole)]
        days = events["date_start"].to_list()
        steps += [(s, sum(s <= d < s + timedelta(days=_STEP) for d in days)) for s in starts]
    return steps


def _genealogy(assessment: Mapping[str, Any], scope: Scope, lang: Language) -> Picture:
    genealogy = assessment["genealogy"]
    changes = [s["numbers"].get("change") for s in every_shift(assessment) if s["dimension"] == "alliances"]
    changes = changes or [e.get("change") for e in genealogy["edges"]]
    since = genealogy.get("since") or scope.recent.start.isoformat()
    return genealogy_picture(
        {**genealogy, "since": str(since)},
        names_of(assessment, lang),
        lang,
        began=changes.count("began"),
        ended=changes.count("ended"),
    )


def genealogy_picture(
    genealogy: Mapping[str, Any], names: Mapping[str, str], lang: Language, *, began: int, ended: int
) -> Picture:
    """Draw who is with whom; nodes bear the `names`, where there is one."""
    title = lang(
        "Since {since}: {began} relations began and {ended} ended.",
        since=lang.date(date.fromisoformat(genealogy["since"])),
        began=began,
        ended=ended,
    )
    alt_text = lang(
        "A net of armed organisations and the relations between them. The table behind the picture "
        "lists every "
        "relation."
    )
    named = [n | {"name": names.get(n["id"], n.get("name"))} for n in genealogy["nodes"]]
    shown = {**genealogy, "nodes": named}
    return draw_genealogy(shown, layout(_net(genealogy)), lang, title=title, alt_text=alt_text)


def _net(genealogy: Mapping[str, Any]) -> nx.MultiDiGraph:
    net = nx.MultiDiGraph()
    for node in connected(genealogy["nodes"], genealogy["edges"]):
        net.add_node(node["id"], **{k: v or "" for k, v in node.items() if k != "id"})
    net.add_edges_from((e["source"], e["target"]) for e in genealogy["edges"])
    return net


def _timeline(assessment: Mapping[str, Any], scope: Scope, lang: Language) -> Picture:
    span = (scope.reference.start, scope.recent.end)
    counts = Counter((d.year, d.month) for d in scope.both["date_start"].to_list())
    months = []
    day = span[0].replace(day=1)
    while day <= span[1]:
        months.append((day, counts.get((day.year, day.month), 0)))
        day = date(day.year + day.month // 12, day.month % 12 + 1, 1)
    shown = [
        r for r in assessment["responses"] if str(r.get("date_end") or r["date_start"]) >= span[0].isoformat()
    ]
    taken = sum(not r.get("recommendation") for r in shown)
    military = Counter(r["kind"] for r in shown if not r.get("recommendation")).most_common(1)
    title = lang.plural(
        "{n} measure on record since {since}; most frequent: {kind} ({k}).",
        "{n} measures on record since {since}; most frequent: {kind} ({k}).",
        taken,
        since=lang.date(span[0]),
        kind=Word(military[0][0]) if military else lang("none"),
        k=military[0][1] if military else 0,
    )
    counts_beside = (assessment.get("response_timing") or {}).get("counts")
    if counts_beside and sum(counts_beside.values()):
        title = lang(
            "{after} of {n} measures began within {days} days after an attack, {before} before one.",
            n=sum(counts_beside.values()),
            days=assessment["response_timing"]["within_days"],
            after=counts_beside["after"],
            before=counts_beside["before"],
        )
    alt_text = lang(
        "Above: events per month. Below: measures by kind on the same line of time; recommendations "
        "are apart."
    )
    return draw_timeline(assessment["responses"], months, lang, span=span, words=(title, alt_text))
