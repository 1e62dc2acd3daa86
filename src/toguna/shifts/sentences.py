"""One sentence per shift, in each language: what changed, by how much, how sure.

Enters: what a test measured. Leaves: {"en": ..., "fr": ...}. Called by `toguna.shifts.detect`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from toguna.core.dates import parse_partial
from toguna.core.language import LANGUAGES, Language, Word
from toguna.shifts.comparison import Measured

__all__ = ["sentence"]

Label = Mapping[str, str]
Said = Callable[[Language, Measured, str], str]


def _centre(L: Language, m: Measured, label: str) -> str:
    return L(
        "The centre of {label} lies {km} km further {direction} than in the reference window.",
        label=label,
        km=round(m.effect.value),
        direction=Word(m.numbers["direction"]),
    )


def _dispersion(L: Language, m: Measured, label: str) -> str:
    return L(
        "Around their centre, {label} are spread over {recent} km, "
        "against {reference} km in the reference window.",
        label=label,
        recent=round(m.numbers["recent_km"]),
        reference=round(m.numbers["reference_km"]),
    )


def _areas(L: Language, m: Measured, label: str) -> str:
    return L(
        "{recent} areas saw {label}, against {reference} in the reference window; new since: {gained}.",
        label=label,
        recent=m.numbers["recent"],
        reference=m.numbers["reference"],
        gained=L.join(m.numbers["gained"]) or L("none"),
    )


def _mix(L: Language, m: Measured, label: str) -> str:
    rows = [r for r in m.numbers["categories"] if r["difference"]]
    rose = [r for r in rows if r["difference"] > 0][:2]
    fell = [r for r in rows if r["difference"] < 0][:2]

    def shares(chosen: list[dict[str, Any]]) -> str:
        said = [
            L(
                "{category} ({before} to {after})",
                category=Word(r["category"]),
                before=L.percent(r["reference_share"]),
                after=L.percent(r["recent_share"]),
            )
            for r in chosen
        ]
        return L.join(said) or L("none")

    return L(
        "{what} of {label}: up, {rose}; down, {fell}. In all, {points} percentage points moved from one "
        "category to another.",
        what=Word(f"{m.subject}s"),
        label=label,
        points=round(m.effect.value),
        rose=shares(rose),
        fell=shares(fell),
    )


def _reach(L: Language, m: Measured, label: str) -> str:
    return L(
        "{family}: {outside} of {recent} strikes outside its earlier range of {range} km; "
        "on average {km} km farther from its earlier strikes than chance would have it.",
        family=m.numbers["names"][L.code],
        outside=m.numbers["outside"],
        recent=m.numbers["recent"],
        range=round(m.numbers["range_km"]),
        km=round(m.effect.value),
    )


def _rate(L: Language, per_month: float) -> str:
    """A small rate keeps a second digit: 0.04 a month is not 0."""
    return L.number(per_month, 2 if per_month < 0.1 else 1)


def _tempo(L: Language, m: Measured, label: str) -> str:
    said = _change_of_tempo(L, m, label)
    if "known_newest" not in m.numbers:
        return said
    share, low, high = m.numbers["known_newest"]
    return f"{said} " + L(
        "Of the events of the last 30 days {share} are reported by now, judged by earlier delays "
        "(90% interval {low} to {high}); the rates allow for that.",
        share=L.percent(share),
        low=L.percent(low),
        high=L.percent(high),
    )


def _change_of_tempo(L: Language, m: Measured, label: str) -> str:
    values: dict[str, Any] = {
        "change": Word(m.numbers["direction"]),
        "subject": label,
        "since": date.fromisoformat(m.numbers["since"]),
        "ratio": L.number(m.effect.value),
        "low": L.number(m.effect.low or 0.0),
        "high": L.number(m.effect.high or 0.0),
        "after": _rate(L, m.numbers["per_month_after"]),
        "before": _rate(L, m.numbers["per_month_before"]),
    }
    if not m.numbers["reference"]:
        return L(
            "{change} ({subject}): since {since}, {after} a month where there were none before.", **values
        )
    return L(
        "{change} ({subject}): since {since}, {after} a month against {before} before, "
        "{ratio} times the earlier rate (90% interval {low} to {high}).",
        **values,
    )


def _area(L: Language, n: Mapping[str, Any]) -> str:
    if n["level"] == "circle":
        return L.join(n["areas"][:4])
    return L("PRIO-GRID cell {number}", number=str(n["area"])) if n["level"] == "cell" else str(n["area"])


def _front(L: Language, m: Measured, label: str) -> str:
    n = m.numbers
    values: dict[str, Any] = {
        "area": _area(L, n),
        "inside": n["in_period"],
        "since": date.fromisoformat(n["since"]),
        "expected": L.number(n["expected"]),
        "reference": n["reference"],
        "label": label,
    }
    if n["level"] == "circle":
        values["radius"] = round(n["radius_km"])
        return L(
            "A front of {radius} km radius ({area}): {inside} {label} since {since} "
            "where {expected} were to be expected; {reference} in the whole reference window.",
            **values,
        )
    if n["status"] == "new":
        return L(
            "New front in {area}: {inside} {label} since {since} where {expected} were to be expected; "
            "none before the recent window.",
            **values,
        )
    if n["status"] == "re-activated":
        return L(
            "Front re-activated in {area}: {inside} {label} since {since} where {expected} were to be "
            "expected; none in the reference window, though there had been earlier ones.",
            **values,
        )
    return L(
        "Front grown in {area}: {inside} {label} since {since} where {expected} were to be expected; "
        "{reference} in the whole reference window.",
        **values,
    )


def _when(L: Language, text: str | None) -> str:
    """Say a date that may be known to the month or the year only."""
    found = parse_partial(text) if text else None
    if found is None:
        return L("at a date not stated")
    if found.first == found.last:
        return L.date(found.first)
    return L.month(found.first) if "-" in found.text else found.text


def _alliance(L: Language, m: Measured, label: str) -> str:
    n = m.numbers
    said = L(
        "{a} {verb} {b} ({when}; {sources}).",
        a=n["a_names"][L.code],
        b=n["b_names"][L.code],
        verb=Word(f"{n['change']}:{n['relation']}"),
        when=_when(L, n["start"] if n["change"] == "began" else n["end"]),
        sources=L.plural("{n} source", "{n} sources", len(n["sources"])),
    )
    return said + (" " + L("Contested.") if n["contested"] else "")


_BY_TEST: dict[str, Said] = {
    "spread/centre": _centre,
    "spread/dispersion": _dispersion,
    "spread/areas": _areas,
    "tactics": _mix,
    "targets": _mix,
    "settings": _mix,
    "reach": _reach,
    "tempo": _tempo,
    "fronts": _front,
    "alliances": _alliance,
}


def sentence(test: str, measured: Measured, label: Label, *, alarm: bool) -> dict[str, str]:
    """Say what a test found.

    Parameters
    ----------
    test : str
        "dimension/what".
    measured : Measured
        The effect and its numbers.
    label : mapping
        Name of the population, by language.
    alarm : bool
        False puts "not beyond chance" in front; the sentence then starts small, where it may.
    """
    say = _BY_TEST.get(test) or _BY_TEST[test.split("/", 1)[0]]
    out = {}
    for code in LANGUAGES:
        L = Language(code)
        said = say(L, measured, label[code])
        out[code] = said[0].upper() + said[1:] if alarm else L("Not beyond chance: {said}", said=said)
    return out
