"""From the mentions of one incident to a draft record.

Enters: an `Episode` and the setting. Leaves: a `DraftIncident`, or None when there is too little to
propose one. Called by `toguna.reading.rules`.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any

from toguna.core.text import fold
from toguna.reading.authors import Blame, attacked, blame, claims
from toguna.reading.bygone import own_tolls
from toguna.reading.classes import chosen_class, class_signs
from toguna.reading.confidence import Weights
from toguna.reading.deeds import event_type, objects, setting_of, tactic_of, target_of
from toguna.reading.drafts import DraftIncident, Field, Span
from toguna.reading.episodes import Episode, days_told
from toguna.reading.gazetteer import Spot, capital_of
from toguna.reading.lexicon import phrase
from toguna.reading.marks import Marks, Setting
from toguna.reading.mentions import scene
from toguna.reading.places import Place
from toguna.reading.sums import Account, Sum, sum_up
from toguna.reading.tolls import Toll

__all__ = ["Context", "draft"]


BESIDE = 140  # letters from a name to that of the area it is told to lie in


@dataclass(frozen=True)
class Context:
    """What all incidents of a text share: its countries by how often they are named, and its day."""

    setting: Setting
    weights: Weights
    published: date | None
    countries: tuple[str, ...]
    violent: bool = False
    within: Mapping[tuple[str, str], Place] = field(default_factory=dict, repr=False)
    """The area of a level in which a text tells that a name (folded) lies."""
    areas: Mapping[str, tuple[Place, ...]] = field(default_factory=dict, repr=False)
    """All areas of a level that a text names, each once."""

    def sure(self, kind: str, features: Sequence[str]) -> _Sure:
        """Return the chance of a field with these features."""
        return _Sure(self.weights.chance(kind, features), tuple(features))

    @classmethod
    def of(
        cls, marks: Sequence[Marks], setting: Setting, weights: Weights, published: date | None
    ) -> Context:
        """Count the countries that a text names; a name weighs twice what a people's name does."""
        votes: Counter[str] = Counter()
        told = {iso3 for m in marks for _, iso3, named in m.countries if named}
        spread: dict[str, set[str]] = {}
        for p in (p for m in marks for p in m.places if p.role != "dateline"):
            if len(lands := {s.country for s in p.spots}) == 1:
                spread.setdefault(lands.pop(), set()).add(fold(p.name))
        likely = told | set(setting.gazetteer.home) | {c for c, names in spread.items() if len(names) > 1}
        for m in marks:
            for _, iso3, named in m.countries:
                votes[iso3] += (4 if named else 2) + 2 * (m.sentence.number < 3)
            for p in m.places:
                lands = {s.country for s in p.spots}
                if len(lands) == 1 and p.role != "dateline" and (not told or lands <= likely):
                    votes[lands.pop()] += 1
        violent = any(d.key == "strong" for m in marks for d in m.deeds) or any(
            _KILLED.search(m.words()) or any(h.key == "attackers" for h in m.find("person")) for m in marks
        )
        ranked = tuple(c for c, _ in votes.most_common())
        return cls(setting, weights, published, ranked, violent, _within(marks), _areas(marks))


@dataclass(frozen=True, slots=True)
class _Sure:
    """A chance and the features it rests on."""

    chance: float
    features: tuple[str, ...]


def _within(marks: Sequence[Marks]) -> dict[tuple[str, str], Place]:
    """Find for every name the area named beside it ("X, in the circle of Y")."""
    found: dict[tuple[str, str], Place] = {}
    for m in marks:
        for area in (p for p in m.places if p.level in ("admin1", "admin2") and p.spots):
            for p in m.places:
                if p is not area and abs(area.start - p.end) < BESIDE and fold(p.name) != fold(area.name):
                    found.setdefault((fold(p.name), area.level), area)
    return found


def _areas(marks: Sequence[Marks]) -> dict[str, tuple[Place, ...]]:
    found: dict[str, dict[str, Place]] = {"admin1": {}, "admin2": {}}
    for p in (p for m in marks for p in m.places if p.level in found and p.role != "seat"):
        found[p.level].setdefault(fold(p.spots[0].name if p.spots else p.name), p)
    return {level: tuple(areas.values()) for level, areas in found.items()}


def _field(value: Any, spans: Sequence[Span], sure: _Sure, rule: str, **more: Any) -> Field:
    return Field(value, tuple(dict.fromkeys(spans)), sure.chance, rule, features=sure.features, **more)


def _when(e: Episode, context: Context) -> dict[str, Field]:
    spans = [(m.when.start, m.when.end) for m in e.mentions if m.when]
    days, features = e.days, ["explicit"]
    if e.inherited:
        features = ["inherited"]
    if days is None and (told := days_told(e, context.published)):
        days, features = told[0], ["inherited"]
        spans.append((told[1].start, told[1].end))
    if days is None:
        if context.published is None:
            return {}
        eve = context.published - timedelta(days=1)
        days, features = (eve, eve, "day"), ["inherited", "vague"]
    elif days[2] != "day":
        features.append("vague")
    chance = context.sure("date", features)
    rule = next((m.when.rule for m in e.mentions if m.when), "published") if not e.inherited else "inherited"
    return {
        "date_start": _field(days[0].isoformat(), spans, chance, rule),
        "date_end": _field(days[1].isoformat(), spans, chance, rule),
        "date_precision": _field(days[2], spans, chance, rule),
    }


def _country(e: Episode, context: Context) -> str:
    """Choose the country: named as where ("in", "north of"), else named, else of a people; Africa first."""
    votes: Counter[str] = Counter()
    for m in e.mentions:
        for at, iso3, by_name in m.marks.countries:
            before = m.marks.folded[max(m.marks.sentence.start, at - 40) : at]
            votes[iso3] += 2 + by_name + 2 * bool(_WITHIN.search(before)) - 3 * bool(_BESIDE.search(before))
    for rank, iso3 in enumerate(context.countries[:3]):
        votes[iso3] += 2 - rank
    told = [c for c, n in votes.most_common() if n > 0 and capital_of(c)]
    return told[0] if told else next(iter(context.countries), next(iter(context.setting.gazetteer.home), ""))


_WITHIN = phrase("episodes.within")
_BESIDE = phrase("episodes.beside")


def _chosen(place: Place, country: str, context: Context) -> list[Spot]:
    """Order what a name can mean: in the country told, else at home, else anywhere it is no contradiction."""
    told = {country, *context.countries} - {""}
    home = context.setting.gazetteer.home
    fit = [s for s in place.spots if s.country in told or (s.country in home and s.source == "theatre")]
    distinct: list[Spot] = []
    for s in sorted(
        fit or ([] if told else list(place.spots)),
        key=lambda s: (s.country != country, s.country not in home, -s.population),
    ):
        if not any(d.lat == s.lat and d.lon == s.lon for d in distinct):
            distinct.append(s)
    return distinct


def _where(e: Episode, context: Context) -> dict[str, Field]:
    country = _country(e, context)
    home = context.setting.gazetteer.home
    place = e.place or next((p for m in e.marks if (p := scene(m)) and p.role in ("scene", "near")), None)
    place = place or next((p for m in e.mentions for p in m.marks.places if _of_notable(p, m.marks)), None)
    found: dict[str, Field] = {}
    if place is None:
        if country:
            spans = [(at, at) for m in e.mentions for at, c, _ in m.marks.countries if c == country][:1]
            found["country"] = _field(country, spans, context.sure("place", ["vague"]), "named")
        return found
    spots = _chosen(place, country, context)
    spot = spots[0] if spots else None
    span: Span = (place.start, place.end)
    features = [*(["explicit"] if place.role == "scene" else []), *(["known"] if spot else [])]
    features += ["ambiguous"] if len(spots) > 1 else []
    features += ["vague"] if place.level in ("area", "admin1") or place.role == "bare" else []
    chance = context.sure("place", features)
    rule = "gazetteer" if spot else "locative"
    found["place"] = _field(
        place.name, [span], chance, rule, alternatives=tuple(f"{s.name} ({s.country})" for s in spots[1:4])
    )
    for level in ("admin2", "admin1"):
        near = _area(e, place, level)
        if near is None and not getattr(spot, level, ""):
            near = context.within.get((fold(place.name), level))
        told = (
            (near.spots[0].name if near.spots else near.name)
            if near
            else getattr(spot, level, "")
            if spot
            else ""
        )
        if place.level == level:
            told = spot.name if spot else place.name
        if not told and not spot:
            told = _lies_in(e, level, country) or _only(context.areas.get(level, ()))
        if not told and level == "admin1" and "admin2" in found:
            told = _above(str(found["admin2"].value), (spot and spot.country) or country, context)
        if told:
            found[level] = _field(
                told, [(near.start, near.end)] if near else [span], chance, "named" if near else rule
            )
    found["country"] = _field(
        (spot and spot.country) or country or next(iter(home), ""), [span], chance, rule
    )
    if spot and spot.lat is not None:
        found["latitude"] = _field(spot.lat, [span], chance, rule)
        found["longitude"] = _field(spot.lon, [span], chance, rule)
    return found


_KILLED = re.compile(
    r"\b(?:killed|slain|murder\w*|massacr\w*|tuee?s?|abattue?s?|egorg\w+|assassin\w+|balles|fusils?)\b"
)


def _of_notable(p: Place, marks: Marks) -> bool:
    """Say whether a place is only named as that of a mayor or chief, who speaks of what is his to tell."""
    capital = any(s.name == capital_of(s.country) for s in p.spots)
    before = marks.folded[max(marks.sentence.start, p.start - 24) : p.start]
    return p.role == "seat" and not capital and bool(_NOTABLE.search(before))


_NOTABLE = re.compile(r"\b(?:mayor|maire|prefet|prefect|sous-prefet|chief|chef|imam|hospital|hopital)\b")


def _lies_in(e: Episode, level: str, country: str) -> str:
    """Place an unknown village in the area of a known scene of the same incident."""
    known = (s for m in e.marks for p in m.places if p.role in ("scene", "near") for s in p.spots)
    return next((getattr(s, level) for s in known if s.country == country and getattr(s, level)), "")


def _only(areas: Sequence[Place]) -> str:
    """Return the one area that a text names; of several none is chosen."""
    named = [p.spots[0].name if p.spots else p.name for p in areas]
    return named[0] if len(named) == 1 else ""


def _above(second: str, country: str, context: Context) -> str:
    """Return the first-level area in which a second-level area lies, "" when not known."""
    spots = context.setting.gazetteer.find(second)
    first = {s.admin1 for s in spots if s.country == country and s.admin1 and fold(s.admin2) == fold(second)}
    return first.pop() if len(first) == 1 else ""


def _area(e: Episode, place: Place, level: str) -> Place | None:
    """Find the area named beside a place ("X circle, in the Y region")."""
    for m in e.mentions:
        if any(p.start == place.start for p in m.marks.places):
            return next(
                (
                    p
                    for p in m.marks.places
                    if p.level == level and p is not place and abs(p.start - place.end) < BESIDE
                ),
                None,
            )
    return None


def _persons(e: Episode, context: Context) -> tuple[dict[str, Field], dict[str, Sum]]:
    own = [_account(e, m) for m in _until_none(e.marks) if _counts(e, m)]
    if not any(t.fate == "dead" and t.side != "attackers" for a in own for t in a.tolls):
        own = [_account(e, m) for m in e.marks if not m.aggregate]
    sums = {fate: s for fate in ("dead", "wounded", "hostages") if (s := sum_up(own, fate))}
    found: dict[str, Field] = {}
    if dead := sums.get("dead"):
        chance = context.sure("killed", _sure(dead))
        for name, value in (("killed_low", dead.low), ("killed_best", dead.best), ("killed_high", dead.high)):
            if value is not None:
                found[name] = _field(value, dead.spans, chance, dead.rule, history=dead.history)
        for side in ("civilians", "forces", "attackers"):
            if side in dead.sides:
                found[f"killed_{side}"] = _field(dead.sides[side], dead.spans, chance, dead.rule)
    for fate in ("wounded", "hostages"):
        if fate in sums and (s := sums[fate]) and (value := s.high or s.best) is not None:
            found[fate] = _field(value, s.spans, context.sure(fate, _sure(s)), s.rule, history=s.history)
    return found, sums


_RISING = phrase("incidents.rising")
_NONE_DEAD = phrase("incidents.none_dead")


def _until_none(marks: Sequence[Marks]) -> Sequence[Marks]:
    """Return the sentences up to one that says nobody died, where none before it counts dead victims."""
    for i, m in enumerate(marks):
        if any(t.fate == "dead" and t.side != "attackers" for t in m.tolls):
            return marks
        if _NONE_DEAD.search(m.words()):
            return marks[: i + 1]
    return marks


_ADMITS = re.compile(r"\b(?:admit\w*|acknowledg\w+|conced\w+|reconna\w+|admet\w*|conced\w+)\b")
_VOICED = phrase("incidents.voiced")
_OTHER_VOICE = phrase("incidents.other_voice")


def _account(e: Episode, m: Marks) -> Account:
    """Take the counts of a sentence with how it stands to those before it."""
    words = m.words()
    own = next((x.when for x in e.mentions if x.marks is m), None)
    return Account(
        own_tolls(m, e.days, own),
        new=bool(m.find("toll")),
        rising=bool(_RISING.search(words)),
        other=bool(_OTHER_VOICE.search(words)),
        voiced=bool(m.find("report") or _VOICED.search(words)),
        party=bool(_ADMITS.search(words)) or any(h.key in ("active", "passive") for h in m.find("claim")),
    )


def _counts(e: Episode, m: Marks) -> bool:
    """Say whether the counts of a sentence belong to the incident: a summary of several counts for none."""
    if m.aggregate and not any(w.precision == "day" for w in m.whens):
        return False
    summary = next((x.summary for x in e.mentions if x.marks is m), False)
    return not summary or len(e.mentions) == 1


def _sure(s: Sum) -> list[str]:
    features = [] if s.rule.startswith("vague") else ["explicit"]
    features += ["vague"] if s.low != s.high or s.best is None else []
    return features + (["repeated"] if s.mentions > 1 else [])


def _authors(e: Episode, context: Context, country: str) -> tuple[dict[str, Field], Blame | None]:
    groups = context.setting.groups
    said = claims(e.marks)
    accused = blame(
        [m.marks for m in e.mentions],
        e.trailing,
        army=groups.army_of(country, context.setting.gazetteer.home),
        unknown=groups.unknown,
        unnamed_jihadist=groups.unnamed_jihadist,
    )
    found: dict[str, Field] = {}
    if text := said.text():
        features = ["ambiguous"] if "|" in text else []
        found["claimed_by"] = _field(text, said.spans, context.sure("claimed_by", features), "claim")
    if said.denied:
        found["claim_denied_by"] = _field(
            "+".join(said.denied), said.denied_spans, context.sure("claimed_by", []), "denial"
        )
    if said.unclaimed and not text:
        found["unclaimed"] = _field(True, said.unclaimed_spans, context.sure("claimed_by", []), "no-claim")
    if text:
        claimants = tuple(i for claim in said.joint for i in claim)
        ours = accused.ids if accused and accused.named else ()
        spans = (*said.spans, *(accused.spans if accused and ours else ()))
        ids = tuple(dict.fromkeys((*claimants, *ours)))
        accused = Blame(ids, spans, accused.rule if accused and ours else "claimed", named=bool(ours))
    return found, accused


_FROM_ABOVE = ("airstrike", "execution", "massacre")
"""What a force does to others and alone."""


def _perpetrator(
    accused: Blame | None, context: Context, tactic: str, *, by_forces: bool, beaten_off: bool
) -> dict[str, Field]:
    """Name the authors: of a fight or an operation both sides, of an attack only those who made it."""
    if accused is None:
        return {}
    operation = accused.rule == "forces-act" and tactic not in _FROM_ABOVE
    states = by_forces and not operation
    all_sides = tactic == "clash" or (operation and not beaten_off)
    ids = [i for i in accused.ids if all_sides or _of_state(i, context) == states] or accused.ids
    chance = context.sure("perpetrator", ["explicit"] if accused.named else [])
    return {"perpetrator": _field(";".join(ids), accused.spans, chance, accused.rule)}


def _between_groups(sentences: Sequence[Marks], tolls: Sequence[Toll]) -> bool:
    """Say whether a fight is one of armed groups alone."""
    armed = {g.id for m in sentences[:2] for g in m.groups if g.armed_group and not g.tied}
    forces = any(not g.armed_group for m in sentences[:2] for g in m.groups)
    return len(armed) > 1 and not forces and not any(t.side == "forces" for t in tolls)


def _among_groups(done: dict[str, Field], sentences: Sequence[Marks]) -> bool:
    """Say whether a fight was one of armed groups, in which neither is the attacker."""
    clash = "tactic" in done and done["tactic"].value == "clash"
    return clash and _between_groups(sentences, [t for m in sentences for t in m.tolls])


def _both_sides(accused: Blame, context: Context, country: str) -> Blame:
    """Add the army to those who fought it, where a group is named."""
    groups = context.setting.groups
    army = groups.army_of(country, context.setting.gazetteer.home)
    named = accused.named and not any(_of_state(i, context) for i in accused.ids)
    return replace(accused, ids=(army, *accused.ids)) if named else accused


def _of_state(actor: str, context: Context) -> bool:
    registry = context.setting.registry
    kind = registry.kind(actor) if actor in registry.actors else context.setting.groups.kind(actor)
    return kind in ("state_force", "international_force", "mercenary")


_Done = tuple[dict[str, Field], dict[str, frozenset[str]]]
"""Fields of the deed, and the signs of those that are chosen among classes."""


def _done(e: Episode, context: Context, accused: Blame | None, country: str) -> _Done:
    sentences = [m.marks for m in e.mentions]
    tolls = [t for m in e.mentions for t in own_tolls(m.marks, e.days, m.when)]
    lost = {
        side: sum(t.best or 0 for t in tolls if t.fate == "dead" and (t.side == "attackers") == side)
        for side in (True, False)
    }
    state = (
        accused is not None and all(_of_state(i, context) for i in accused.ids) and not attacked(sentences)
    )
    by_forces = accused is not None and (
        accused.rule == "forces-act" or (state and lost[True] >= lost[False])
    )
    tactic = tactic_of(sentences, tolls, by_forces=by_forces)
    target = target_of(sentences, tolls, by_forces=by_forces)
    setting = setting_of(sentences)
    asked = {"tactic": tactic, "target_class": target}
    signs = {
        field: class_signs(sentences, tolls, accused, by_forces=by_forces, told=told, words=field == "tactic")
        for field, told in asked.items()
    }
    tactic, target = (chosen_class(f, signs[f], told, context.weights) for f, told in asked.items())
    if tactic and tactic.value == "clash" and target and _between_groups(sentences, tolls):
        target = replace(target, value="armed_group")
    if tactic and tactic.value == "clash" and accused and any(t.target == "national_forces" for t in tolls):
        accused = _both_sides(accused, context, country)
    by_state = by_forces or (accused is not None and accused.rule == "forces-crime")
    said = tactic.value if tactic else ""
    found = _perpetrator(accused, context, said, by_forces=by_state, beaten_off=attacked(sentences))
    for name, kind, told in (
        ("tactic", "tactic", tactic),
        ("target_class", "target", target),
        ("setting", "setting", setting),
    ):
        if told:
            sure = ["explicit"] if told.rule in ("word", "object", "victims") else []
            found[name] = _field(told.value, told.spans, context.sure(kind, sure), told.rule)
    if tactic:
        dead = max((t.best or 0 for t in tolls if t.fate == "dead" and t.side != "attackers"), default=None)
        value = event_type(tactic.value, target.value if target else "", by_forces=by_forces, dead=dead)
        found["event_type"] = _field(value, tactic.spans, context.sure("tactic", []), "of-tactic")
    return found, signs


def _features(e: Episode, sums: dict[str, Sum], fields: dict[str, Field], *, amid: bool) -> list[str]:
    sentences = [m.marks for m in e.mentions]
    weapon = any(
        h.key not in ("raid", "clash", "shooting", "airstrike") for m in sentences for h in m.find("tactic")
    )
    author = "perpetrator" in fields or "claimed_by" in fields
    people = any(h.key in ("attackers",) for m in sentences for h in m.find("person"))
    told = {
        "toll": bool(sums),
        "weapon": weapon,
        "author": author or people,
        "object": any(h.key not in ("town", "road", "residence") for _, h in objects(sentences)),
        "day": (e.days is not None and e.days[2] == "day" and not e.inherited)
        or (e.days is None and bool(fields["date_start"].spans))
        if "date_start" in fields
        else False,
        "point": e.place is not None and e.place.level in ("point", "admin3", "admin2"),
        "lead": e.mentions[0].marks.sentence.number < 4,
        "repeated": len(e.mentions) > 1,
        "back": any(m.back for m in e.mentions),
        "deed": any(_violent(m) for m in sentences),
        "another": any(m.another for m in e.mentions),
        "amid": (amid or _fallen(e, sums)) and bool(sums) and not any(m.mishap for m in e.marks),
    }
    return [name for name, is_so in told.items() if is_so]


def _fallen(e: Episode, sums: dict[str, Sum]) -> bool:
    """Say whether dead counted with a day or place at the head of a text are its news: then by violence."""
    return (
        "dead" in sums
        and e.mentions[0].marks.sentence.number < 3
        and not (e.days is None and e.place is None)
    )


_BY_HAND = re.compile(
    r"\b(?:shot|shoot\w*|gun\w*|stabbed|slashed|throat|bullets?|balles?|armes?|couteau|machettes?|machetes?)\b"
    r"|\b(?:killed|slain|murdered|tue\w*|assassine\w*)\b[^.;]{0,70}\b(?:by|par)\b"
)


def _violent(marks: Marks) -> bool:
    """Say whether a sentence tells of violence in so many words, not of deaths alone."""
    return any(d.key == "strong" for d in marks.deeds) or bool(_BY_HAND.search(marks.words()))


def draft(
    e: Episode, context: Context, *, main: bool, signs: Iterable[str] = ()
) -> tuple[DraftIncident, list[str]]:
    """Make the draft of one episode, and the features that its confidence rests on, `signs` among them."""
    persons, sums = _persons(e, context)
    where = _where(e, context)
    country = str(where["country"].value) if "country" in where else ""
    authors, accused = _authors(e, context, country)
    if accused and accused.rule == "forces-act":
        persons.pop("hostages", None)  # whom an army takes is a prisoner
    done, classes = _done(e, context, accused, country)
    if _among_groups(done, [m.marks for m in e.mentions]):
        persons.pop("killed_attackers", None)  # of two groups neither is the attacker
    fields = {**_when(e, context), **where, **persons, **authors, **done}
    features = [*_features(e, sums, fields, amid=context.violent), *sorted(signs)]
    chance = context.weights.chance("incident", features)
    spans = tuple(m.span for m in e.marks)
    return DraftIncident(main, chance, spans, fields, signs=classes), features
