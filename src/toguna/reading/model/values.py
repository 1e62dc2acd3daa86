"""Proofs of days, places, kinds and names: resolved by our own calendar, gazetteer, words and registry.

Enters: what a model says of one incident, with quotes. Leaves: fields that the quotes bear out. Called by
`toguna.reading.model.proof`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from toguna.core.text import fold
from toguna.reading.days import When
from toguna.reading.deeds import event_type
from toguna.reading.drafts import Field, Span
from toguna.reading.gazetteer import Spot, close, country_names
from toguna.reading.groups import STATE
from toguna.reading.lexicon import facts
from toguna.reading.model.evidence import meets
from toguna.reading.model.proving import Proving

__all__ = ["day", "event", "kinds", "place", "who"]

Told = Sequence[Mapping[str, Any]]


def day(told: Told, work: Proving) -> dict[str, Field]:
    """Take the day that our own calendar reads in the quoted words, if the model means that one."""
    span = work.quoted("date", told[0]["quote"]) if told else None
    if span is None:
        return {}
    whens = [w for m in work.evidence.sentences(span) for w in m.whens if meets((w.start, w.end), span)]
    meant = [(w, w.first, w.last or w.first) for w in whens if w.first and not w.since]
    if not meant:
        work.drop("date", "no-day-in-quote")
        return {}
    fits = [(w, a, b) for w, a, b in meant if a <= _date(told[0]["value"]) <= b]
    if not fits:
        work.drop("date", "quote-means-another-day")
        return {}
    when, first, last = fits[0]
    return _days(when, first, last, work)


def _days(when: When, first: date, last: date, work: Proving) -> dict[str, Field]:
    sure = ["day" if when.precision == "day" else "vague"]
    values = {"date_start": first.isoformat(), "date_end": last.isoformat(), "date_precision": when.precision}
    return {k: work.field(v, [(when.start, when.end)], "date", sure) for k, v in values.items()}


def _date(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return date.min


def place(told: Told, work: Proving) -> dict[str, Field]:
    """Take a place that is named in the quote and that the gazetteer, or a word of place before it, knows."""
    quote = work.quoted("place", told[0]["quote"]) if told else None
    if quote is None:
        return {}
    name = told[0]["value"]
    span = work.evidence.find(name, within=quote)
    if isinstance(span, str):
        work.drop("place", "not-named-in-quote")
        return {}
    return _placed(name, span, work)


def _placed(name: str, span: Span, work: Proving) -> dict[str, Field]:
    country = country_names().get(fold(name))
    if country:
        return {"country": work.field(country, [span], "place", ())}
    spots = _spots(name, work)
    if spots:
        return _located(name, span, spots, work)
    if any(fold(p.name) == fold(name) for m in work.evidence.sentences(span) for p in m.places):
        return {"place": work.field(name, [span], "place", ())}
    work.drop("place", "place-unknown")
    return {}


def _spots(name: str, work: Proving) -> list[Spot]:
    """Order what a name can mean by the countries that the text names most, those of the theatre next."""
    context = work.evidence.context
    home = context.setting.gazetteer.home
    ranks = {c: n for n, c in enumerate(dict.fromkeys((*context.countries, *home)))}
    found = sorted(context.setting.gazetteer.find(name), key=lambda s: ranks.get(s.country, len(ranks)))
    distinct: list[Spot] = []
    for s in found:
        if not any(close(d, s) for d in distinct):
            distinct.append(s)
    return distinct


def _located(name: str, span: Span, spots: Sequence[Spot], work: Proving) -> dict[str, Field]:
    spot = spots[0]
    sure = ["known", *(["ambiguous"] if len(spots) > 1 else [])]
    values = {
        "place": name, "admin2": spot.admin2, "admin1": spot.admin1, "country": spot.country,
        "latitude": spot.lat, "longitude": spot.lon,
    }  # fmt: skip
    others = tuple(f"{s.name} ({s.country})" for s in spots[1:4])
    return {
        k: work.field(v, [span], "place", sure, alternatives=others if k == "place" else ())
        for k, v in values.items()
        if v not in ("", None)
    }


def kinds(told: Mapping[str, Any], work: Proving) -> dict[str, Field]:
    """Take words of the vocabulary that the words of the quote do not contradict."""
    found: dict[str, Field] = {}
    for name in ("tactic", "target_class", "setting"):
        if not told[name]:
            continue
        value, span = told[name][0]["value"], work.quoted(name, told[name][0]["quote"])
        if span is None:
            continue
        said = _said(name, span, work)
        if said and value not in said:
            work.drop(name, "words-say-otherwise")
            continue
        found[name] = work.field(value, [span], "choice", ["agreed"] if said else [])
    return found


def _said(name: str, span: Span, work: Proving) -> set[str]:
    """Collect what our dictionaries make of quoted words; nothing when they are silent."""
    hits = work.evidence.hits
    if name == "tactic":
        keys = {h.key for h in hits("tactic", span)} & {*facts("tactic")} - {"blast"}
        both = {"complex_assault"} if len(keys) > 1 else set()
        return keys | both | ({"massacre"} if keys and hits("fate", span) else set())
    things = [facts("object")[h.key] for h in hits("object", span)]
    if name == "setting":
        return {str(t["setting"]) for t in things} - {""}
    targets = {str(t["target"]) for t in things}
    targets |= {str(facts("person")[h.key]["target"]) for h in hits("person", span)}
    civil = {"civilians_local", "civilians_foreign"}
    return targets | civil if targets & {"civilians", *civil} else targets - {""}


def event(fields: Mapping[str, Field], work: Proving) -> dict[str, Field]:
    """Derive the type of event from the tactic, as for every reader."""
    if "tactic" not in fields:
        return {}
    tactic, target, by = (fields.get(n) for n in ("tactic", "target_class", "perpetrator"))
    kind = work.evidence.context.setting.registry.kind
    forces = bool(by) and all(kind(i) in STATE for i in str(by.value if by else "").split(";"))
    dead = fields["killed_best"].value if "killed_best" in fields else None
    aim = str(target.value) if target else ""
    value = event_type(str(tactic and tactic.value), aim, dead=dead, by_forces=forces)
    return {"event_type": work.field(value, tactic.spans if tactic else (), "choice", ())}


def who(told: Mapping[str, Any], work: Proving) -> dict[str, Field]:
    """Take the organisations that are known and stand in their quotes: accused, claiming, denying."""
    found = _claims(told["claims"], work)
    named = [x for t in told["perpetrator"] if (x := _known("perpetrator", t["value"], t["quote"], work))]
    if named:
        sure = ["ambiguous"] if any(len(ids) > 1 for ids, _ in named) else []
        others = tuple(i for ids, _ in named for i in ids[1:])
        ids = ";".join(dict.fromkeys(ids[0] for ids, _ in named))
        spans = [s for _, s in named]
        found["perpetrator"] = work.field(ids, spans, "actor", sure, alternatives=others)
    return found


def _known(name: str, actor: str, quote: str, work: Proving) -> tuple[tuple[str, ...], Span] | None:
    span = work.quoted(name, quote)
    if span is None:
        return None
    found = work.evidence.actor(actor, span)
    if found is None:
        work.drop(name, "actor-unknown")
    return found


def _claims(told: Told, work: Proving) -> dict[str, Field]:
    claims: list[tuple[str, list[Span], bool]] = []
    found: dict[str, Field] = {}
    for t in told:
        span = work.quoted("claims", t["quote"])
        if span is None:
            continue
        words = {h.key for m in work.evidence.sentences(span) for h in m.find("claim")}
        if not _fits(t["kind"], words):
            work.drop("claims", "words-say-otherwise")
        elif t["kind"] == "none":
            found["unclaimed"] = work.field(True, [span], "claim", ["agreed"])
        elif named := [x for n in t["names"] if (x := _known("claims", n, t["quote"], work))]:
            ids = "+".join(dict.fromkeys(ids[0] for ids, _ in named))
            if t["kind"] == "denied":
                found["claim_denied_by"] = work.field(ids, [span], "claim", ["agreed"])
            else:
                claims.append((ids, [span], bool(words)))
    if claims:
        value = "|".join(dict.fromkeys(ids for ids, _, _ in claims))
        sure = ["agreed"] if all(agreed for _, _, agreed in claims) else []
        found["claimed_by"] = work.field(value, [s for _, spans, _ in claims for s in spans], "claim", sure)
        found.pop("unclaimed", None)
    return found


def _fits(kind: str, words: set[str]) -> bool:
    """Say whether words of claiming bear a kind of claim out; a claim may be told in words we do not know."""
    if kind == "claimed":
        return not words or bool(words & {"active", "passive"})
    return kind in words
