"""From the mentions of one incident to a draft record.

Enters: an `Episode` and the setting. Leaves: a `DraftIncident`, or None when there is too little to
propose one. Called by `toguna.reading.rules`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import timedelta

from toguna.reading.authors import Blame, attacked, blame, claims
from toguna.reading.bygone import own_tolls
from toguna.reading.classes import chosen_class, class_signs
from toguna.reading.context import Context, told_field
from toguna.reading.deeds import event_type, objects, setting_of, tactic_of, target_of
from toguna.reading.drafts import DraftIncident, Field, Span
from toguna.reading.episodes import Episode, days_told
from toguna.reading.lexicon import phrase
from toguna.reading.marks import Marks
from toguna.reading.sums import Account, Sum, sum_up
from toguna.reading.tolls import Toll
from toguna.reading.whereabouts import where

__all__ = ["completed", "draft"]


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
        "date_start": told_field(days[0].isoformat(), spans, chance, rule),
        "date_end": told_field(days[1].isoformat(), spans, chance, rule),
        "date_precision": told_field(days[2], spans, chance, rule),
    }


def _persons(
    e: Episode, context: Context, others: frozenset[Span]
) -> tuple[dict[str, Field], dict[str, Sum]]:
    """Add up who was killed, wounded and taken; `others` are extents of counts that are of others too."""
    own = [_account(e, m) for m in _until_none(e.marks) if _counts(e, m)]
    if not any(t.fate == "dead" and t.side != "attackers" for a in own for t in a.tolls):
        own = [_account(e, m) for m in e.marks if not m.aggregate]
    if others:
        own = [_without(a, others) for a in own]
    return _counted(own, context)


def _without(account: Account, others: frozenset[Span]) -> Account:
    """Leave out counts of a sentence; parts of a total that is left out stand for themselves."""
    kept = [t for t in account.tolls if (t.start, t.end) not in others]
    if len(kept) < len(account.tolls) and all(t.part for t in kept):
        kept = [replace(t, part=False) for t in kept]
    return replace(account, tolls=kept)


def _counted(own: Sequence[Account], context: Context) -> tuple[dict[str, Field], dict[str, Sum]]:
    """Add up what sentences count, and make fields of it."""
    sums = {fate: s for fate in ("dead", "wounded", "hostages") if (s := sum_up(own, fate))}
    found: dict[str, Field] = {}
    if dead := sums.get("dead"):
        chance = context.sure("killed", _sure(dead))
        for name, value in (("killed_low", dead.low), ("killed_best", dead.best), ("killed_high", dead.high)):
            if value is not None:
                found[name] = told_field(value, dead.spans, chance, dead.rule, history=dead.history)
        for side in ("civilians", "forces", "attackers"):
            if side in dead.sides:
                found[f"killed_{side}"] = told_field(dead.sides[side], dead.spans, chance, dead.rule)
    for fate in ("wounded", "hostages"):
        if fate in sums and (s := sums[fate]) and (value := s.high or s.best) is not None:
            found[fate] = told_field(value, s.spans, context.sure(fate, _sure(s)), s.rule, history=s.history)
    return found, sums


_TOLD_BY = {"dead": ("killed_low", "killed_high"), "wounded": ("wounded",)}
"""Fields that tell of a fate."""


def completed(d: DraftIncident, e: Episode, left: Sequence[Marks], context: Context) -> DraftIncident:
    """Give a draft that counts nobody of a fate what sentences count that are of no incident proposed.

    Parameters
    ----------
    d : DraftIncident
        The draft.
    e : Episode
        Its incident.
    left : sequence of Marks
        Sentences left over beside it.
    context : Context
        The text.
    """
    lacks = {fate for fate, names in _TOLD_BY.items() if not any(n in d.fields for n in names)}
    own = [_account(e, m) for m in left if lacks and not m.aggregate]
    own = [replace(a, tolls=[t for t in a.tolls if t.fate in lacks]) for a in own]
    if not any(a.tolls for a in own):
        return d
    return replace(d, fields={**d.fields, **_counted(own, context)[0]})


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
    own = next((x.when for x in e.mentions if x.marks is m), None)
    return replace(m.once(_voice), tolls=own_tolls(m, e.days, own))


def _voice(m: Marks) -> Account:
    """Say how a sentence tells counts, whichever these are."""
    words = m.words()
    return Account(
        (),
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
        found["claimed_by"] = told_field(text, said.spans, context.sure("claimed_by", features), "claim")
    if said.denied:
        found["claim_denied_by"] = told_field(
            "+".join(said.denied), said.denied_spans, context.sure("claimed_by", []), "denial"
        )
    if said.unclaimed and not text:
        found["unclaimed"] = told_field(
            True, said.unclaimed_spans, context.sure("claimed_by", []), "no-claim"
        )
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
    return {"perpetrator": told_field(";".join(ids), accused.spans, chance, accused.rule)}


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
            found[name] = told_field(told.value, told.spans, context.sure(kind, sure), told.rule)
    if tactic:
        dead = max((t.best or 0 for t in tolls if t.fate == "dead" and t.side != "attackers"), default=None)
        value = event_type(tactic.value, target.value if target else "", by_forces=by_forces, dead=dead)
        found["event_type"] = told_field(value, tactic.spans, context.sure("tactic", []), "of-tactic")
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
    return bool(marks.strong) or bool(_BY_HAND.search(marks.words()))


def draft(
    e: Episode,
    context: Context,
    *,
    main: bool,
    signs: Iterable[str] = (),
    others: frozenset[Span] = frozenset(),
) -> tuple[DraftIncident, list[str]]:
    """Make the draft of one episode, and the features that its confidence rests on, `signs` among them.

    `others` are the extents of counts that are not its own, or not its alone.
    """
    persons, sums = _persons(e, context, others)
    placed = where(e, context)
    country = str(placed["country"].value) if "country" in placed else ""
    authors, accused = _authors(e, context, country)
    if accused and accused.rule == "forces-act":
        persons.pop("hostages", None)  # whom an army takes is a prisoner
    done, classes = _done(e, context, accused, country)
    if _among_groups(done, [m.marks for m in e.mentions]):
        persons.pop("killed_attackers", None)  # of two groups neither is the attacker
    fields = {**_when(e, context), **placed, **persons, **authors, **done}
    features = [*_features(e, sums, fields, amid=context.violent), *sorted(signs)]
    chance = context.weights.chance("incident", features)
    spans = tuple(m.span for m in e.marks)
    made = {fate: s.made for fate, s in sums.items()}
    return DraftIncident(main, chance, spans, fields, signs={**classes, **made}), features
