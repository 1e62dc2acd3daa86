"""Say in sentences what is being done: timing, coverage, threats, protection.

Enters: the entries `response_timing`, `threat_priority` and `protection` of an assessment. Leaves: sentences
in one language. Called by the briefing and by `toguna responses`.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from toguna.core.figures import figure, odds
from toguna.core.language import Language, Word

__all__ = ["coverage_said", "limits_said", "no_cause", "protection_said", "threats_said", "timing_said"]

Told = Mapping[str, Any]


def no_cause(lang: Language) -> str:
    """Say what none of these figures says."""
    return lang(
        "Order in time and nearness are not effect: nothing here says what a measure caused or prevented."
    )


def timing_said(found: Told, lang: Language) -> list[str]:
    """Say how many measures came after, before, or apart from violence, and what chance would give."""
    counts = found["counts"]
    n = sum(counts.values())
    if not n:
        return [lang("No measure on record can be held against attacks.")]
    out = [
        lang.plural(
            "Of {n} measure taken, {after} began within {days} days after an attack, {before} in the {days} "
            "days before one with none behind it, {apart} apart from any.",
            "Of {n} measures taken, {after} began within {days} days after an attack, {before} in the {days} "
            "days before one with none behind it, {apart} apart from any.",
            n,
            days=found["within_days"],
            **{name: counts[name] for name in ("after", "before", "apart")},
        )
    ]
    if counts["open"]:
        out.append(lang("Begun too lately to tell: {n}.", n=counts["open"]))
    if found["expected_after"] is not None:
        out.append(
            lang(
                "Had they begun without regard to violence, about {expected} would have come after it; "
                "chance alone gives as many {odds}.",
                expected=figure(lang, found["expected_after"]),
                odds=odds(lang, found["p_after"]),
            )
        )
    if found["median_delay"] is not None:
        out.append(
            lang("Half of those with an attack in the year behind them began at most {n} days after it.",
                 n=round(found["median_delay"]))
        )  # fmt: skip
    return [*out, _grave(found, lang), _spending(found, lang)]


def _grave(found: Told, lang: Language) -> str:
    if found["grave_from"] is None:
        return lang("Measures for the whole theatre are held against the gravest attacks; no toll is known.")
    return lang(
        "A measure for one area is held against any attack there, one for the whole theatre against those "
        "with {n} deaths or more (the gravest tenth).",
        n=round(found["grave_from"]),
    )


def _spending(found: Told, lang: Language) -> str:
    told = found["spending"]
    either = told.get("after", 0.0) + told.get("before", 0.0)
    if not either:
        return lang("Too few costs are stated to say how spending stands before and after violence.")
    return lang.plural(
        "Of the spending that came before or after violence, {share} came after ({n} measure with a cost).",
        "Of the spending that came before or after violence, {share} came after ({n} measures with a cost).",
        found["costs_stated"],
        share=lang.percent(told["after"] / either),
    )


def coverage_said(found: Told, lang: Language) -> list[str]:
    """Say how well areas covered match areas struck next and before."""
    later, earlier = found["following"], found["preceding"]
    if not later or later["share"] is None:
        return [lang("Too few periods or measures by area to compare areas covered with areas struck.")]
    out = [
        lang(
            "Areas covered by measures in one {days}-day period took {share} of the attacks of the next one; "
            "with areas drawn at random it would be {expected} (as high {odds}).",
            days=found["period_days"],
            share=lang.percent(later["share"]),
            expected=lang.percent(later["expected"]),
            odds=odds(lang, later["p"]),
        )
    ]
    if earlier and earlier["share"] is not None:
        out.append(
            lang(
                "Of the attacks of the period before they took {share} (at random {expected}, as high "
                "{odds}).",
                share=lang.percent(earlier["share"]),
                expected=lang.percent(earlier["expected"]),
                odds=odds(lang, earlier["p"]),
            )
        )
        if earlier["share"] > later["share"]:
            out.append(lang("Measures were nearer to where harm had been than to where it came next."))
    return out


def threats_said(found: Told, lang: Language) -> list[str]:
    """Say which family of threat did most harm, and which changes of rank withstood resampling."""
    told = found["deaths"]
    if not told["months"] or not told["ranking"]:
        return [lang("Less than a year is on record: no ranking of threats.")]
    last = told["shares"][-1]
    listed = lang.join(
        f"{lang.word('threat:' + name)} {lang.percent(share)}"
        for name, share in sorted(last.items(), key=lambda kv: -kv[1])
        if share
    )
    out = [lang("Deaths of the last year by family of threat: {listed}.", listed=listed)]
    led = _leaders(told)
    if len(led) > 1:
        parts = "; ".join(
            lang("{family} from {month}", family=Word("threat:" + name), month=_month(lang, month))
            for month, name in led
        )
        out.append(lang("The largest share by month, sure or not: {parts}.", parts=parts))
    first = [c for c in told["changes"] if c["rank"] == 1]
    if not first:
        out.append(lang("No change of the first place withstood resampling."))
    out += [_change(c, found["following_days"], lang) for c in told["changes"]]
    if told["unknown"]:
        out.append(
            lang.plural(
                "{n} event of the last year has no known toll and counts for nothing here.",
                "{n} events of the last year have no known toll and count for nothing here.",
                told["unknown"],
            )
        )
    return out


def _leaders(told: Told) -> list[tuple[str, str]]:
    """Return the months in which the largest share passed to another family."""
    out: list[tuple[str, str]] = []
    for month, shares in zip(told["months"], told["shares"], strict=True):
        named = {k: v for k, v in shares.items() if k != "unattributed" and v}
        top = max(named, key=lambda k: named[k]) if named else ""
        if top and (not out or out[-1][1] != top):
            out.append((month, top))
    return out


def _month(lang: Language, month: str) -> str:
    return lang.month(date.fromisoformat(f"{month}-01"))


def _change(change: Told, days: int, lang: Language) -> str:
    said = lang(
        "Change of rank, {month}: {risen} above {fallen}, place {rank} (in {sure} of resamplings).",
        month=_month(lang, change["month"]),
        risen=Word("threat:" + change["risen"]),
        fallen=Word("threat:" + change["fallen"]),
        rank=change["rank"],
        sure=lang.percent(change["probability"]),
    )
    followed = lang.plural(
        "{n} measure began in the {days} days after it could be known, {before} in as many days before.",
        "{n} measures began in the {days} days after it could be known, {before} in as many days before.",
        len(change["responses"]),
        days=days,
        before=change["before"],
    )
    return f"{said} {followed}"


def protection_said(found: Told, lang: Language) -> list[str]:
    """Say how near attacks on civilians and on forces were to posts."""
    hit = found["civilians"]
    out = [
        lang.plural(
            "{n} attack on civilians in the recent window, {deaths} known to have died.",
            "{n} attacks on civilians in the recent window, {deaths} known to have died.",
            hit["attacks"],
            deaths=hit["deaths"] if hit["deaths"] is not None else lang("none"),
        )
    ]
    near = str(found["near_km"])
    if not hit["within"]:
        return [*out, lang("No post is on record to hold them against.")]
    out.append(
        lang(
            "Of the {n} with a known place {share} came within {km} km of a post that was known before the "
            "attack.",
            n=hit["placed"],
            share=lang.percent(hit["within"][near]),
            km=found["near_km"],
        )
    )
    out += [
        lang(
            "Posts of {force} (towns: {towns}): {share} within {km} km.",
            force=f["force"],
            towns=len(f["towns"]),
            share=lang.percent(f["near"]),
            km=found["near_km"],
        )
        for f in found["by_force"]
        if f["near"]
    ]
    out += [_force(f, lang) for f in found["forces"] if f["attacks"]]
    if found["people"]:
        out.append(_people(found, lang))
    return out


def _force(force: Told, lang: Language) -> str:
    within = force["within"].get("10")
    return lang.plural(
        "{n} attack on {target}, {deaths} known to have died; {share} within 10 km of a post.",
        "{n} attacks on {target}, {deaths} known to have died; {share} within 10 km of a post.",
        force["attacks"],
        target=Word(force["target"]),
        deaths=force["deaths"] if force["deaths"] is not None else lang("none"),
        share=lang.percent(within) if within is not None else lang("not known"),
    )


def _people(found: Told, lang: Language) -> str:
    people = found["people"]
    return lang(
        "{km} of the people live in an area whose chief town is within {near} km of a post; {hours} where it "
        "is within two hours by road.",
        km=lang.percent(people["within_km"][str(found["near_km"])]),
        near=found["near_km"],
        hours=lang.percent(people["within_hours"]["2"]),
    )


def limits_said(found: Told, lang: Language) -> list[str]:
    """Say what the check of protection rests on and what it lacks."""
    out = [
        lang(
            "Posts are towns named on published pages; {undated} without a first day and {ended} of forces "
            "since ended are left out. Many are on record only because they were attacked.",
            undated=found["undated"],
            ended=found["ended"],
        )
    ]
    if found["road_ratio"] is not None:
        out.append(
            lang(
                "Roads are taken as {ratio} times the straight line (median of {n} published distances) at "
                "{speed} km an hour, an assumption.",
                ratio=lang.number(found["road_ratio"], 2),
                n=found["road_pairs"],
                speed=round(found["speed_km_h"]),
            )
        )
    words = {
        "population_by_place": lang(
            "No table says how many people live where within an area: people near a chief town stand for all."
        ),
        "population": lang("The pack has no people by area."),
        "roads": lang("The pack has no road distances: the straight line stands in."),
        "forecast": lang("No forecast by area was at hand: recent harm stands in."),
        "posts": lang("The pack has no posts known by this day."),
    }
    return [*out, *(words[code] for code in found["missing"])]
