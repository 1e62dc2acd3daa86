"""How each kind of statement is measured.

Every function takes the statement and what is known, and returns a `Verdict`. The rule is the same
nearly everywhere: *supported* when the data point the way the statement says and more than chance
would explain, *contradicted* when they point the other way (or name another leader), *mixed* in
between, *not-testable* when there is nothing to test with. `overtakes` compares counts, without p.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import polars as pl

from toguna.actors.registry import Registry
from toguna.core.dates import Window
from toguna.core.language import LANGUAGES, Language, Word
from toguna.core.types import Shift
from toguna.room.ahead.ahead import Ahead
from toguna.room.claims.statements import Statement
from toguna.shifts.comparison import FEWEST, Comparison, one_hot
from toguna.shifts.detect import Detection
from toguna.shifts.fronts import leading_level
from toguna.shifts.population import Population
from toguna.shifts.resampling import bootstrap_weights, count_blocks, limits, monte_carlo_p

__all__ = ["Known", "Verdict", "displacement", "fronts", "largest", "overtakes", "reach", "share", "tempo"]

SURE = 0.05


@dataclass(frozen=True, slots=True)
class Known:
    """What a statement is held against."""

    events: pl.DataFrame
    registry: Registry
    detection: Detection
    population: Population
    uneven: bool
    ahead: Ahead | None = None

    @property
    def comparison(self) -> Comparison:
        """The two windows of the population."""
        return self.population.battery.comparison

    def shift(self, test: str) -> Shift | None:
        """Return the shift of this population tested as "dimension/what"."""
        dimension, what = test.split("/", 1)
        wanted = f"{dimension}/{self.population.source}/{self.population.subject}/{what}"
        return next((s for s in self.detection.tested if s.id == wanted), None)


@dataclass(frozen=True, slots=True)
class Verdict:
    """The outcome for one statement."""

    verdict: str
    text: dict[str, str]
    numbers: Mapping[str, Any] = field(default_factory=dict)
    event_ids: tuple[str, ...] = ()


def _say(make: Any) -> dict[str, str]:
    return {code: make(Language(code)) for code in LANGUAGES}


def _too_few() -> Verdict:
    return Verdict(
        "not-testable", _say(lambda L: L("There are too few events in the two windows to test this."))
    )


def displacement(s: Statement, k: Known) -> Verdict:
    """Did the centre of violence move the way the statement says?"""
    shift = k.shift("spread/centre")
    if shift is None or shift.p is None:
        return _too_few()
    axis = {"south": 1, "north": -1}[str(s.settings["direction"])]
    bounds = sorted(axis * shift.numbers[f"south_km_{end}"] for end in ("low", "high"))
    moved = axis * shift.numbers["south_km"]
    verdict = "supported" if shift.p <= SURE and bounds[0] > 0 else "mixed"
    verdict = "contradicted" if bounds[1] < 0 else verdict
    numbers = {"km": round(moved, 1), "low": bounds[0], "high": bounds[1], "p": shift.p, "shift": shift.id}
    text = _say(
        lambda L: L(
            "On the north-south line the centre of attacks moved {km} km to the {direction} "
            "(90% interval {low} to {high}; p {p}).",
            km=round(moved),
            direction=Word(str(s.settings["direction"])),
            low=round(bounds[0]),
            high=round(bounds[1]),
            p=L.p_value(shift.p),
        )
    )
    return Verdict(verdict, text, numbers, shift.event_ids)


def fronts(s: Statement, k: Known) -> Verdict:
    """Did violence reach areas where there was none, beyond chance?"""
    scan = k.shift("fronts/scan")
    if scan is None:
        return _too_few()
    level = leading_level(k.population.history)
    rows = [r for r in k.detection.areas if r["level"] == level and r["recent"]]
    new = [r for r in rows if r["status"] in ("new", "re-activated")]
    c = k.comparison
    names = {r["name"] for r in new}
    coded = c.sample.coded[level]
    ids = c.recent_ids(np.array([v >= 0 and coded.names[v] in names for v in coded.codes]))
    # A front may also be an old area that flares up while a single event falls into a new one.
    mostly_new = 2 * len(set(ids) & set(scan.event_ids)) >= len(scan.event_ids)
    verdict = "supported" if scan.alarm and mostly_new and new else ("mixed" if new else "contradicted")
    listed = [f"{r['name']} ({r['recent']})" for r in sorted(new, key=lambda r: -r["recent"])]
    text = _say(
        lambda L: L(
            "Attacked now and not in the reference window: {areas}. "
            "Chance of so strong a front without any shift: p {p}.",
            areas=L.join(listed) or L("none"),
            p=L.p_value(scan.p),
        )
    )
    return Verdict(verdict, text, {"areas": {r["name"]: r["recent"] for r in new}, "p": scan.p}, ids)


def tempo(s: Statement, k: Known) -> Verdict:
    """Did the number of attacks surge (or fall)?"""
    shift = k.shift("tempo/all")
    if shift is None or shift.p is None:
        return _too_few()
    sure = shift.p <= SURE and not k.uneven
    verdict = "mixed"
    if sure:
        verdict = "supported" if shift.numbers["direction"] == "surge" else "contradicted"
    ratio, low, high = (v or 0.0 for v in (shift.effect.value, shift.effect.low, shift.effect.high))

    def text(L: Language) -> str:
        said = L(
            "{ratio} times the earlier rate (90% interval {low} to {high}; p {p}).",
            ratio=L.number(ratio),
            low=L.number(low),
            high=L.number(high),
            p=L.p_value(shift.p),
        )
        if not k.uneven:
            return said
        return said + " " + L("Seen in a source of uneven coverage only, so it does not prove a surge.")

    return Verdict(
        verdict, _say(text), {"ratio": ratio, "low": low, "high": high, "p": shift.p}, shift.event_ids
    )


def reach(s: Statement, k: Known) -> Verdict:
    """Did groups strike outside their earlier range?"""
    own = f"reach/{k.population.source}/{k.population.subject}/"
    found = [x for x in k.detection.tested if x.id.startswith(own)]
    if not found:
        return _too_few()
    sure = [x for x in found if x.p is not None and x.p <= SURE]
    outside, total = (sum(int(x.numbers[key]) for x in found) for key in ("outside", "recent"))
    beyond = any(x.alarm and (x.effect.low or 0.0) > 0 for x in found)
    verdict = "supported" if beyond else ("mixed" if sure or outside else "contradicted")
    ids = tuple(dict.fromkeys(i for x in found for i in x.event_ids))

    def text(L: Language) -> str:
        parts = [
            L(
                "{family}: {outside} of {recent} strikes outside its range (p {p})",
                family=x.numbers["names"][L.code],
                outside=x.numbers["outside"],
                recent=x.numbers["recent"],
                p=L.p_value(x.p),
            )
            for x in found
        ]
        return "; ".join(parts) + "."

    return Verdict(verdict, _say(text), {"outside": outside, "recent": total, "families": len(found)}, ids)


def _membership(c: Comparison, column: str, categories: list[str]) -> tuple[Any, Any]:
    """Which events are coded, and which of those are in the categories: two bool (N,)."""
    coded = c.sample.coded[column]
    known = coded.codes >= 0
    marks = one_hot(coded)
    chosen = [i for i, name in enumerate(coded.names) if name in categories]
    return known, marks[:, chosen].sum(axis=1) > 0


def _boot_shares(c: Comparison, known: Any, hit: Any, window: Any, stream: int = 0) -> Any:
    # The same draws for all groups of one window (they compete); another stream for another window.
    rng = np.random.default_rng([11, stream])
    weight = bootstrap_weights(c.sample.day[window], replicates=1999, rng=rng)
    return (weight @ (known & hit)[window]) / np.maximum(weight @ known[window], 1e-9)


def share(s: Statement, k: Known) -> Verdict:
    """Did a share of the attacks rise or fall as stated?"""
    c = k.comparison
    column = str(s.settings["column"])
    known, hit = _membership(c, column, list(s.settings["categories"]))
    counts = [(int((known & hit & w).sum()), int((known & w).sum())) for w in (~c.recent, c.recent)]
    if not c.testable or min(n for _, n in counts) < FEWEST:
        return _too_few()
    sign = 1 if s.settings["expect"] == "rise" else -1
    before, after = (a / n for a, n in counts)
    boot = _boot_shares(c, known, hit, c.recent) - _boot_shares(c, known, hit, ~c.recent, 1)
    k_blocks = count_blocks(c.sample.day[c.recent], c.sample.day[~c.recent])
    low, high = limits(after - before, boot, blocks=k_blocks)
    lands = c.weights.astype(float)
    null = lands @ (known & hit) / np.maximum(lands @ known, 1) - (1 - lands) @ (known & hit) / np.maximum(
        (1 - lands) @ known, 1
    )
    p = monte_carlo_p(sign * (after - before), sign * null)
    bounds = sorted((sign * float(low), sign * float(high)))
    verdict = "supported" if p <= SURE and bounds[0] > 0 else ("contradicted" if bounds[1] < 0 else "mixed")
    numbers = {
        "reference": counts[0][0],
        "reference_of": counts[0][1],
        "recent": counts[1][0],
        "recent_of": counts[1][1],
        "difference": round(after - before, 4),
        "low": round(float(low), 4),
        "high": round(float(high), 4),
        "p": p,
    }
    text = _say(
        lambda L: L(
            "{recent} of {recent_of} attacks ({after}) against {reference} of {reference_of} "
            "before ({before}); p {p}. Counted: {categories}.",
            categories=", ".join(L.word(name) for name in s.settings["categories"]),
            **{key: numbers[key] for key in ("recent", "recent_of", "reference", "reference_of")},
            after=L.percent(after),
            before=L.percent(before),
            p=L.p_value(p),
        )
    )
    return Verdict(verdict, text, numbers, c.recent_ids(known & hit))


def largest(s: Statement, k: Known) -> Verdict:
    """Is a group of categories the largest of several in the recent window?"""
    c = k.comparison
    if not c.testable:
        return _too_few()
    column, groups, own = str(s.settings["column"]), dict(s.settings["groups"]), str(s.settings["group"])
    hits = {name: _membership(c, column, list(cats)) for name, cats in groups.items()}
    recent = {name: int((hit & c.recent).sum()) for name, (_, hit) in hits.items()}
    if not any(recent.values()):
        return _too_few()
    before = {name: int((hit & ~c.recent).sum()) for name, (_, hit) in hits.items()}
    boot = {name: _boot_shares(c, known, hit, c.recent) for name, (known, hit) in hits.items()}
    others = np.max([v for name, v in boot.items() if name != own], axis=0)
    chance = float((boot[own] > others).mean())
    leader = max(recent, key=lambda name: (recent[name], name == own))
    ahead = leader == own and sum(v == recent[own] for v in recent.values()) == 1
    verdict = "supported" if ahead and chance >= 1 - SURE else "mixed"
    verdict = "contradicted" if leader != own and chance < 0.5 else verdict
    numbers = {"recent": recent, "reference": before, "chance_of_being_largest": round(chance, 3)}

    def text(L: Language) -> str:
        listed = [
            L("{group} {n} (before: {m})", group=Word(name), n=recent[name], m=before[name])
            for name in sorted(recent, key=lambda name: -recent[name])
        ]
        return L(
            "Attacks in the recent window by kind of target: {listed}. Largest: {leader}.",
            listed=", ".join(listed),
            leader=Word(leader),
        )

    return Verdict(verdict, _say(text), numbers, c.recent_ids(hits[own][1]))


def _harm(
    events: pl.DataFrame, kinds: set[str], registry: Registry, window: Window
) -> tuple[list[str], int, int]:
    """Events that involve actors of some kinds in a window: ids, deaths (best), how many give none."""
    inside = events.filter(pl.col("date_start").is_between(window.start, window.end))
    rows = inside.select("event_id", "perpetrators", "best").iter_rows()
    chosen = [(i, d) for i, a, d in rows if {registry.kind(x) for x in (a or [])} & kinds]
    return [i for i, _ in chosen], sum(d or 0 for _, d in chosen), sum(d is None for _, d in chosen)


def overtakes(s: Statement, k: Known) -> Verdict:
    """Has one kind of actor overtaken another as a source of violence?"""
    reference, recent = s.reference(), k.comparison.windows.recent
    events = k.events.filter(pl.col("within").is_null() & (pl.col("source") == k.population.source))
    if reference is None or reference.end >= recent.start or not len(events):
        return _too_few()
    kinds = [set(s.settings["kinds"]), set(s.settings["over"])]
    now, then = ([_harm(events, group, k.registry, w) for group in kinds] for w in (recent, reference))
    led_then = [then[0][1] > then[1][1], len(then[0][0]) > len(then[1][0])]
    leads_now = [now[0][1] > now[1][1], len(now[0][0]) > len(now[1][0])]
    verdict = "mixed"
    if all(leads_now) and not all(led_then):
        verdict = "supported"
    elif not any(leads_now):
        verdict = "contradicted"
    numbers = {
        name: {
            "events": [len(x[0]) for x in side],
            "deaths": [x[1] for x in side],
            "events_without_deaths_given": [x[2] for x in side],
        }
        for name, side in (("recent", now), ("reference", then))
    }
    sides = [sorted(map(str, s.settings[key])) for key in ("kinds", "over")]

    def text(L: Language) -> str:
        counts = [
            L("{events} events and {deaths} deaths", events=len(ids), deaths=deaths)
            for ids, deaths, _ in (*now, *then)
        ]
        return L(
            "Recent window: {a} involving {kind} groups against {b} involving {over} ones; "
            "in {year}: {c} against {d}. An event with both counts for both; "
            "deaths are best estimates where one is given.",
            **dict(zip("abcd", counts, strict=True)),
            kind=L.join(L.word(kind) for kind in sides[0]),
            over=L.join(L.word(kind) for kind in sides[1]),
            year=str(reference.start.year),
        )

    return Verdict(verdict, _say(text), numbers, tuple(now[0][0]))
