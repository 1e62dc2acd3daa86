"""Expressions of time, resolved against the day of publication.

Enters: a folded text and the day it was published. Leaves: `When` values with offsets: first and last
day, how exact, and whether the words only count from there ("since 2012") or hang on another day
("the day before", "le lendemain"). Called by `toguna.reading.marks`.

Rules: a weekday is the last one up to the day of publication; a day and month without a year is the
last such day up to two days after publication; "in March" is the last March that has begun. Where the day
of publication is not known, a day or month without a year is of the latest year that the text tells, or of
the next one where only that fits a weekday beside it; without any year told it stays open.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cache, partial
from importlib.resources import files
from itertools import pairwise
from typing import Any

from toguna.reading.numerals import value_of

__all__ = ["When", "days"]

BEFORE = 20  # letters before a day in which its weekday stands
NIGHT = 45  # letters before a day in which a night from the day before to it is told
LEEWAY = 2  # days after publication that a date without a year may lie: pages are dated in other time zones
Rule = Callable[[re.Match[str], "date | None"], "When | None"]


@dataclass(frozen=True, slots=True)
class When:
    """A time that a text names.

    Parameters
    ----------
    start, end : int
        Extent in the text.
    first, last : date or None
        First and last day it can mean; None when it hangs on another day and that is not known yet.
    precision : {"day", "week", "month", "year"}
        How exact.
    rule : str
        Which rule read it.
    since : bool
        It only opens a period ("since Friday").
    shift : int or None
        Days from the day it hangs on ("the day before": -1).
    """

    start: int
    end: int
    first: date | None
    last: date | None
    precision: str
    rule: str
    since: bool = False
    shift: int | None = None


@cache
def _words(lang: str) -> dict[str, Any]:
    text = files("toguna.reading").joinpath("data/calendar.toml").read_text("utf-8")
    words: dict[str, Any] = tomllib.loads(text)[lang]
    return words


@cache
def _calendar(lang: str) -> tuple[dict[str, int], dict[str, int]]:
    words = _words(lang)
    months = {n: i + 1 for i, names in enumerate(words["months"].split()) for n in names.split("|")}
    weekdays = {n: i for i, names in enumerate(words["weekdays"].split()) for n in names.split("|")}
    return months, weekdays


def _exact(
    m: re.Match[str], first: date, last: date | None = None, *, rule: str, precision: str = "day"
) -> When:
    return When(m.start(), m.end(), first, last or first, precision, rule)


def _month_span(year: int, month: int) -> tuple[date, date]:
    after = date(year + month // 12, month % 12 + 1, 1)
    return date(year, month, 1), after - timedelta(days=1)


def _day_of(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _full(m: re.Match[str], published: date | None, *, lang: str) -> When | None:
    """Read a day and month, with or without a year."""
    month = _calendar(lang)[0][m["month"].rstrip(".")]
    day = int(re.sub(r"\D", "", m["day"]))
    year = m["year"]
    if year:
        found = _day_of(int(year), month, day)
    elif published is None:
        return None
    else:
        tries = (_day_of(published.year - back, month, day) for back in (-1, 0, 1, 2, 3, 4))
        found = next((d for d in tries if d and d <= published + timedelta(days=LEEWAY)), None)
    if found is None:
        return None
    last = _day_of(found.year, month, int(m["to"])) if m["to"] else None
    return _exact(m, found, last if last and last > found else None, rule="date")


def _numbers(m: re.Match[str], published: date | None) -> When | None:
    a, b, year = int(m["d"]), int(m["m"]), int(m["y"])
    year += 2000 if year < 100 else 0
    found = _day_of(year, b, a) or _day_of(year, a, b)
    return _exact(m, found, rule="date") if found else None


def _short(m: re.Match[str], published: date | None) -> When | None:
    """Read a day and month in figures without a year ("08/03"), as notes in French write them."""
    if published is None:
        return None
    tries = (_day_of(published.year - back, int(m["sm"]), int(m["sd"])) for back in (0, 1))
    found = next((d for d in tries if d and d <= published + timedelta(days=LEEWAY)), None)
    return _exact(m, found, rule="date") if found else None


def _of_month(m: re.Match[str], published: date | None) -> When | None:
    """Read a bare day of the month ("on the 3rd")."""
    if published is None:
        return None
    before = published.replace(day=1) - timedelta(days=1)
    tries = (_day_of(x.year, x.month, int(m["bare"])) for x in (published, before))
    found = next((d for d in tries if d and d <= published), None)
    return _exact(m, found, rule="date") if found else None


def _iso(m: re.Match[str], published: date | None) -> When | None:
    found = _day_of(int(m["iy"]), int(m["im"]), int(m["id"]))
    return _exact(m, found, rule="date") if found else None


def _weekday(m: re.Match[str], published: date | None, *, lang: str) -> When | None:
    if published is None:
        return None
    weekdays = _calendar(lang)[1]
    back = (published.weekday() - weekdays[m["weekday"]]) % 7
    said = m.group()
    if re.search(r"\b(next|prochaine?|coming)\b", said):
        return None
    if re.search(r"\b(last|dernier|previous|passe)\b", said) and back == 0:
        back = 7
    first = published - timedelta(days=back)
    last = first
    if m["upto"]:
        last = first + timedelta(days=(weekdays[m["upto"]] - first.weekday()) % 7)
        if last > published:
            first, last = first - timedelta(days=7), last - timedelta(days=7)
    return _exact(m, first, last, rule="weekday")


def _week_before(m: re.Match[str], published: date | None, *, lang: str) -> When | None:
    """Read the weekday of the week before that of publication ("Thursday of last week")."""
    if published is None:
        return None
    monday = published - timedelta(days=published.weekday() + 7)
    number = _calendar(lang)[1][m["weekday"] or m["alone"]]
    return _exact(m, monday + timedelta(days=number), rule="relative")


def _eve(m: re.Match[str], published: date | None, *, lang: str) -> When | None:
    """Read the day before a weekday ("the night before Friday")."""
    if published is None:
        return None
    back = (published.weekday() - _calendar(lang)[1][m["weekday"]]) % 7
    return _exact(m, published - timedelta(days=back + 1), rule="relative")


def _month(m: re.Match[str], published: date | None, *, lang: str) -> When | None:
    number = _calendar(lang)[0][m["amonth"].rstrip(".")]
    if m["ayear"]:
        year = int(m["ayear"])
    elif published is None:
        return None
    else:
        year = published.year - ((number > published.month) or "last year" in m.group())
    return _exact(m, *_month_span(year, number), rule="month", precision="month")


def _year(m: re.Match[str], published: date | None) -> When | None:
    year = int(m["only"])
    return _exact(m, date(year, 1, 1), date(year, 12, 31), rule="year", precision="year")


def _from_publication(first: int, last: int, precision: str = "day") -> Rule:
    """Make the rule of a word that counts in days from publication ("yesterday": -1, -1)."""

    def rule(m: re.Match[str], published: date | None) -> When | None:
        if published is None:
            return None
        ends = (published + timedelta(days=n) for n in (first, last))
        return _exact(m, *ends, rule="relative", precision=precision)

    return rule


def _ago(m: re.Match[str], published: date | None, *, lang: str) -> When | None:
    count = value_of(m["n"], lang) if m["n"] not in ("a", "an", "une", "un") else 1
    if count is None or published is None or count > 400:
        return None
    unit = next(
        u
        for u in ("day", "jour", "week", "semaine", "month", "mois", "year", "an")
        if m["unit"].startswith(u)
    )
    size = {"day": 1, "jour": 1, "week": 7, "semaine": 7, "month": 30, "mois": 30, "year": 365, "an": 365}[
        unit
    ]
    precision = {1: "day", 7: "week", 30: "month", 365: "year"}[size]
    around = {"day": 0, "week": 3, "month": 15, "year": 182}[precision]
    middle = published - timedelta(days=count * size)
    ends = (middle - timedelta(days=around), middle + timedelta(days=around))
    return _exact(m, *ends, rule="relative", precision=precision)


def _last_month(m: re.Match[str], published: date | None) -> When | None:
    if published is None:
        return None
    before = published.replace(day=1) - timedelta(days=1)
    return _exact(m, *_month_span(before.year, before.month), rule="relative", precision="month")


def _this_month(m: re.Match[str], published: date | None) -> When | None:
    if published is None:
        return None
    return _exact(m, published.replace(day=1), published, rule="relative", precision="month")


def _last_year(m: re.Match[str], published: date | None) -> When | None:
    if published is None:
        return None
    year = published.year - 1
    return _exact(m, date(year, 1, 1), date(year, 12, 31), rule="relative", precision="year")


def _last_week(m: re.Match[str], published: date | None) -> When | None:
    """Read the week before that of publication; on a Sunday some mean the days just past."""
    if published is None:
        return None
    monday = published - timedelta(days=published.weekday() + 7)
    last = max(monday + timedelta(days=6), published - timedelta(days=5))
    return _exact(m, monday, last, rule="relative", precision="week")


def _weekend(m: re.Match[str], published: date | None) -> When | None:
    if published is None:
        return None
    saturday = published - timedelta(days=(published.weekday() - 5) % 7)
    return _exact(m, saturday, saturday + timedelta(days=1), rule="relative")


def _hangs(shift: int) -> Rule:
    """Make the rule of a word that counts from another day of the text ("le lendemain": 1)."""
    return lambda m, _: When(m.start(), m.end(), None, None, "day", "hanging", shift=shift)


def _later(m: re.Match[str], published: date | None, *, lang: str) -> When | None:
    count = value_of(m["ln"], lang) if m["ln"] not in ("a", "une", "un") else 1
    weeks = m["lu"].startswith(("week", "semaine"))
    if count is None or count > 60:
        return None
    days_ = count * (7 if weeks else 1)
    back = re.search(r"before|earlier|plus tot|avant|auparavant", m.group())
    return When(
        m.start(), m.end(), None, None, "week" if weeks else "day", "hanging", shift=-days_ if back else days_
    )


_YEAR = r"(?:19[89]\d|20[0-4]\d)"
_NUM = r"\d{1,3}|[a-z]+(?:-[a-z]+)?"


_BOTH: list[tuple[str, Rule]] = [
    (r"(?P<sd>[0-3]\d)/(?P<sm>[01]\d)(?![\d/])", _short),
    (r"on the (?P<bare>\d{1,2})(?:st|nd|rd|th)(?! (?:of )?[a-z]+uary| [a-z]+ (?:anniv|day))", _of_month),
    (rf"(?P<iy>{_YEAR})-(?P<im>\d\d)-(?P<id>\d\d)", _iso),
    (r"(?P<d>\d{1,2})[/.](?P<m>\d{1,2})[/.](?P<y>20\d\d|[12]\d)(?![\d/.])", _numbers),
]
_SINCE = {
    "en": re.compile(r"\b(?:since|from)(?: (?:early|late|mid|the start of|the beginning of))?[ ]?$"),
    "fr": re.compile(r"\b(?:depuis|a partir de|des)(?: (?:le|la|l'|debut|fin|le mois de|le debut de))?[ ]?$"),
}


def _year_of(m: re.Match[str], published: date | None) -> When | None:
    if published is None:
        return None
    return _exact(m, date(published.year, 1, 1), published, rule="relative", precision="year")


def _named(told: str, lang: str) -> Rule:
    """Return the rule that the calendar calls by a name and, for some, numbers ("rel -1 -1 day")."""
    name, *more = told.split()
    if name == "rel":
        return _from_publication(int(more[0]), int(more[1]), more[2])
    if name == "hangs":
        return _hangs(int(more[0]))
    plain: dict[str, Rule] = {
        "weekend": _weekend, "last_month": _last_month, "this_month": _this_month, "this_year": _year_of,
        "last_week": _last_week, "last_year": _last_year, "year": _year, "of_month": _of_month,
    }  # fmt: skip
    tongued: dict[str, Any] = {
        "full": _full, "weekday": _weekday, "ago": _ago, "later": _later, "month": _month,
        "week_before": _week_before, "eve": _eve,
    }  # fmt: skip
    return plain[name] if name in plain else partial(tongued[name], lang=lang)


def _pattern(text: str, lang: str) -> re.Pattern[str]:
    months, weekdays = ("|".join(sorted(w, key=len, reverse=True)) for w in _calendar(lang))
    body = text.replace("\n", "").replace("MONTHS", months).replace("WEEKDAYS", weekdays)
    body = body.replace("YEAR", _YEAR).replace("NUM", _NUM)
    return re.compile(rf"(?<![\w-])(?:{body})(?!\w|-la\b)")


@cache
def _rules(lang: str) -> tuple[tuple[str, re.Pattern[str], Rule], ...]:
    """Return every rule with its expression, and which of `_needs` must stand in a sentence for it."""
    own = [(row["pattern"], _named(row["rule"], lang)) for row in _words(lang)["rules"]]
    return tuple((_need(text), _pattern(text, lang), rule) for text, rule in (*_BOTH, *own))


def _need(text: str) -> str:
    names = (name for name in ("WEEKDAYS", "MONTHS") if name in text)
    figures = any(group in text for group in ("(?P<only>", "(?P<bare>", "(?P<sd>", "(?P<iy>", "(?P<d>"))
    return next(names, "figure" if figures else "word")


@cache
def _needs(lang: str) -> dict[str, re.Pattern[str]]:
    """Return what an expression of time needs: a weekday, a month, a figure, or else one of these words."""
    months, weekdays = _calendar(lang)
    english = r"night|hour|day|week|month|year|ago|morning|noon|evening"
    word = english if lang == "en" else rf"{_FRENCH}|week|midi"
    told = {"WEEKDAYS": "|".join(weekdays), "MONTHS": "|".join(months), "figure": r"\d", "word": word}
    return {need: re.compile(said) for need, said in told.items()}


_FRENCH = r"hier|heure|jour|semaine|mois|soir|matin|nuit|annee|veille|lendemain|\bans?\b"


@cache
def _worth(lang: str) -> re.Pattern[str]:
    """Words of which one must stand in a sentence that names a time; most sentences are skipped by it."""
    months, weekdays = _calendar(lang)
    english = r"\d|yesterday|today|night|hour|day|week|month|year|ago"
    return re.compile("|".join((english, _FRENCH, *months, *weekdays)))


def days(
    folded: str,
    lang: str,
    *,
    published: date | None,
    start: int = 0,
    end: int | None = None,
    years: Sequence[int] = (),
) -> list[When]:
    """Find every expression of time between two offsets, in order and without overlap.

    `years` are those that the text tells, the latest first; they serve where `published` is None.

    Examples
    --------
    >>> [str(w.first) for w in days("on friday and on 7 march", "en", published=date(2015, 11, 24))]
    ['2015-11-20', '2015-03-07']
    >>> [str(w.first) for w in days("le samedi 14 octobre", "fr", published=None, years=(2023, 2004))]
    ['2023-10-14']
    """
    stop = len(folded) if end is None else end
    if not _worth(lang).search(folded, start, stop):
        return []
    found: list[When] = []
    here = {need for need, said in _needs(lang).items() if said.search(folded, start, stop)}
    for need, expression, rule in _rules(lang):
        for m in expression.finditer(folded, start, stop) if need in here else ():
            if any(m.start() < w.end and w.start < m.end() for w in found):
                continue
            when = rule(m, published)
            if when is None and published is None and years and need == "MONTHS":
                when = _of_years(m, rule, years, folded[max(start, m.start() - BEFORE) : m.start()], lang)
            if when is not None and not _to_come(when, published):
                when = _of_night(when, folded[max(start, m.start() - NIGHT) : m.start()])
                since = bool(_SINCE[lang].search(folded[max(start, m.start() - 28) : m.start()]))
                since = since or m.group().startswith(("since", "from ", "depuis"))
                found.append(replace(when, since=since))
    return _without_doubles(sorted(found, key=lambda w: w.start))


def _of_years(m: re.Match[str], rule: Rule, years: Sequence[int], before: str, lang: str) -> When | None:
    """Give a day or month without a year the latest year told, or one that fits the weekday before it."""
    said = _weekday_before(lang).search(before)
    if said is None:
        return rule(m, date(years[0], 12, 31))
    told = (rule(m, date(year, 12, 31)) for year in (years[0], years[0] + 1, *years[1:]))
    number = _calendar(lang)[1][said[1]]
    return next((w for w in told if w and w.first and w.first.weekday() == number), None)


@cache
def _weekday_before(lang: str) -> re.Pattern[str]:
    return re.compile(rf"\b({'|'.join(_calendar(lang)[1])})\W{{1,3}}(?:the )?$")


def _of_night(when: When, before: str) -> When:
    """Date "in the night from Saturday to Sunday 12 June" by the day on which the night began."""
    if when.first is None or when.precision != "day" or not _NIGHT.search(before):
        return when
    eve = when.first - timedelta(days=1)
    return replace(when, first=eve, last=eve)


_NIGHT = re.compile(r"\b(?:nuit|night)\b[^.;,]*\b(?:au|a|to) (?:[a-z]+day |[a-z]+di |dimanche )?$")


def _to_come(when: When, published: date | None) -> bool:
    """Say whether a day lies after publication: a page's stamp, or what is yet to be."""
    return bool(published and when.first and when.first > published + timedelta(days=LEEWAY))


def _without_doubles(found: list[When]) -> list[When]:
    """Drop a weekday that stands beside its date ("Friday 14 October")."""
    doubled = {
        i
        for i, (a, b) in enumerate(pairwise(found))
        if a.rule == "weekday" and b.rule == "date" and b.start - a.end <= 3
    }
    return [w for i, w in enumerate(found) if i not in doubled]
