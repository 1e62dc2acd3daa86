"""What was done and to whom: tactic, type of event, target and setting of one incident.

Enters: the marks of the sentences that tell of the deed, and its victims. Leaves: `Told` values.
Called by `toguna.reading.incidents`. The words are those of the theatre's vocabulary.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from toguna.reading.drafts import Span
from toguna.reading.lexicon import Hit, facts, phrase
from toguna.reading.marks import Marks
from toguna.reading.tolls import Toll

__all__ = ["Told", "event_type", "objects", "setting_of", "tactic_of", "target_of"]

MASSACRE = 10  # civilians killed at once, by the conventions of the tables
_BOMBS = ("car_bomb", "suicide_bombing")
_ARMS = ("raid", "shooting", "grenade", "clash", "siege_hostage")
_FOREIGN = phrase("deeds.foreign")
_FIXED = (
    "army_base",
    "un_base",
    "police_post",
    "checkpoint",
    "village",
    "town",
    "market",
    "government_office",
    "hotel",
    "restaurant",
    "mine_site",
    "idp_site",
    "religious_site",
    "school",
    "group_base",
)
_MOVING = ("army_convoy", "un_convoy", "convoy", "civil_convoy", "road", "aid")
_CHOSEN = ("journalists", "aid_workers")  # victims who tell the target more than what they rode in
_PASSING = ("market", "religious_site", "mine_site", "idp_site", "checkpoint")
_PASSES = {"shooting": 2, "robbery": 2, "blast": 0}  # sentence after which the word is only said in passing
_STRENGTH = {
    "village": 2,
    "town": 3,
    "road": 3,
    "residence": 2,
    "airport": 1,
    "convoy": 1,
    "school": 1,
    "civil_convoy": 1,
}


@dataclass(frozen=True, slots=True)
class Told:
    """A word of the vocabulary, the words it came from and the rule."""

    value: str
    spans: tuple[Span, ...]
    rule: str


def objects(sentences: Sequence[Marks]) -> list[tuple[int, Hit]]:
    """Return what the sentences name that can be attacked, with the place of the sentence in their order."""
    return [(i, h) for i, marks in enumerate(sentences) for h in marks.find("object")]


def _tactics(sentences: Sequence[Marks], found: Sequence[tuple[int, Hit]]) -> list[tuple[int, Hit]]:
    mines = [(h.start, h.end) for _, h in found if h.key == "mine_site"]
    hits = [(i, h) for i, marks in enumerate(sentences) for h in marks.find("tactic")]
    answered = {i for i, marks in enumerate(sentences) if _only_attackers(marks)}
    hits = [(i, h) for i, h in hits if not (i in answered and h.key in ("shooting", "execution"))]
    return [(i, h) for i, h in hits if not any(a <= h.start < b for a, b in mines)]


def _only_attackers(marks: Marks) -> bool:
    """Say whether a sentence counts only attackers as dead: how they died is not how they struck."""
    dead = [t for t in marks.tolls if t.fate == "dead"]
    return bool(dead) and all(t.side == "attackers" for t in dead)


def tactic_of(sentences: Sequence[Marks], tolls: Sequence[Toll], *, by_forces: bool) -> Told | None:
    """Name the tactic: the most telling word, first ones before others; else what the target implies."""
    found = objects(sentences)
    hits = _tactics(sentences, found)
    civilians = _civilians_dead(tolls)
    if not by_forces and any(h.key != "airstrike" for _, h in hits):
        hits = [(i, h) for i, h in hits if h.key != "airstrike"]  # the answer from the air, not the attack
    if not by_forces and civilians + sum(t.side in ("forces", "militia") for t in tolls):
        hits = [(i, h) for i, h in hits if h.key != "airstrike" or i == 0]
    ranks = {key: int(entry["rank"]) for key, entry in facts("tactic").items()}
    kinds = {h.key for i, h in hits if i < 4}
    best = min(hits, key=lambda x: (ranks[x[1].key] + 2 * x[0], x[1].start), default=None)
    if best and kinds & set(_BOMBS) and kinds & set(_ARMS):
        return Told("complex_assault", ((best[1].start, best[1].end),), "several-means")
    if best and best[1].key == "suicide_bombing" and any(h.key == "car_bomb" for i, h in hits if i < 2):
        car = next(h for _, h in hits if h.key == "car_bomb")
        return Told("car_bomb", ((car.start, car.end),), "word")
    village = any(h.key in ("village", "market", "mine_site") for i, h in found if i < 3)
    weak = best is None or best[1].key in ("raid", "shooting", "massacre", "execution", "robbery")
    named = _civilians_dead([t for t in tolls if t.side == "civilians"]) >= MASSACRE
    moving = any(h.key in _MOVING for i, h in found if i < 2)
    if civilians >= MASSACRE and (village or (named and not moving)) and weak and not by_forces:
        spans = tuple((t.start, t.end) for t in tolls if (t.best or t.low or 0) == civilians)[:1]
        return Told("massacre", spans, "many-civilians")
    if best is None or best[0] > _PASSES.get(best[1].key, 99):
        return _implied(sentences, found, tolls, by_forces=by_forces) or (_word(best[1]) if best else None)
    if best[1].key == "shooting":
        struck = _struck(sentences, found)
        if struck and struck.key in _FIXED:
            return Told("raid", ((struck.start, struck.end),), "fixed-place")
    return _word(best[1])


def _civilians_dead(tolls: Sequence[Toll]) -> int:
    """Return the most civilians counted dead at once; people of no stated side too when no force was hit."""
    dead = [t for t in tolls if t.fate == "dead" and t.side != "attackers"]
    sides = (
        ("civilians",) if any(t.side in ("forces", "militia") for t in dead) else ("civilians", "unstated")
    )
    return max((t.best or t.low or 0 for t in dead if t.side in sides), default=0)


def _word(hit: Hit) -> Told:
    return Told(str(facts("tactic")[hit.key].get("as", hit.key)), ((hit.start, hit.end),), "word")


def _implied(
    sentences: Sequence[Marks], found: Sequence[tuple[int, Hit]], tolls: Sequence[Toll], *, by_forces: bool
) -> Told | None:
    """Infer a tactic from what was attacked: a fixed place is raided, a moving one ambushed."""
    taken = next((t for t in tolls if t.fate == "hostages"), None)
    dead = next((t for t in tolls if t.fate == "dead"), None)
    if taken and not dead:
        return Told("kidnapping", ((taken.start, taken.end),), "implied")
    if by_forces:
        return Told("raid", (), "implied")
    for kinds, tactic in ((_FIXED, "raid"), (_MOVING, "ambush")):
        hit = next((h for _, h in found if h.key in kinds), None)
        if hit:
            return Told(tactic, ((hit.start, hit.end),), "implied")
    deed = next(
        (d for m in sentences for d in m.deeds if _ATTACK_WORD.match(m.folded[d.start : d.end])), None
    )
    if deed:
        return Told("raid", ((deed.start, deed.end),), "implied")
    return Told("shooting", ((dead.start, dead.end),), "implied") if dead else None


_ATTACK_WORD = re.compile(r"attack|assault|attaqu|assaut|incursion|attentat")


def event_type(tactic: str, target: str, *, by_forces: bool) -> str:
    """Give the type of event that goes with a tactic."""
    told = str(facts("tactic")[tactic]["event_type"]) if tactic in facts("tactic") else "armed_attack"
    if by_forces and told == "armed_attack" and target == "armed_group":
        return "battle"
    return told


def target_of(sentences: Sequence[Marks], tolls: Sequence[Toll], *, by_forces: bool) -> Told | None:
    """Name the class of target: what was attacked if that is telling, else who was hit, else the place."""
    found = objects(sentences)
    fallen = next((t for t in tolls if t.side == "attackers"), None)
    if by_forces and fallen:
        return Told("armed_group", ((fallen.start, fallen.end),), "hit-by-forces")
    victims = [t for t in tolls if t.fate != "missing" and t.side != "attackers" and t.target]
    taken = _taken(victims, found)
    if taken:
        return Told(taken.target, ((taken.start, taken.end),), "victims")
    chosen = next((t for t in victims if t.target in _CHOSEN and t.fate == "dead"), None)
    thing = None if chosen else _struck(sentences, found) or (None if victims else _telling(found))
    if thing:
        return _thing(sentences, thing, victims)
    dead = [t for t in victims if t.fate == "dead"] or victims
    if dead:
        most = max(dead, key=lambda t: t.best or t.low or 1)
        return Told(most.target, ((most.start, most.end),), "victims")
    rest = next((h for _, h in found if facts("object")[h.key]["target"]), None)
    return _thing(sentences, rest, victims) if rest else _named(sentences)


def _taken(victims: Sequence[Toll], found: Sequence[tuple[int, Hit]]) -> Toll | None:
    """Return those taken hostage where they were more than the dead and no house was besieged."""
    besieged = any(h.key in ("hotel", "restaurant") for _, h in found)
    taken = max((t for t in victims if t.fate == "hostages"), key=lambda t: t.best or 1, default=None)
    dead = sum(t.best or 1 for t in victims if t.fate == "dead")
    return taken if taken and not besieged and (taken.best or 1) > dead else None


def _struck(sentences: Sequence[Marks], found: Sequence[tuple[int, Hit]]) -> Hit | None:
    """Find a telling thing that the first sentences say was attacked."""
    return next(
        (h for i, h in found if i < 3 and h.key not in _STRENGTH and _attacked(sentences[i], h)), None
    )


def _telling(found: Sequence[tuple[int, Hit]]) -> Hit | None:
    """Find a telling thing that the first sentences only name."""
    return next((h for i, h in found if i < 2 and h.key not in (*_STRENGTH, *_PASSING)), None)


def _named(sentences: Sequence[Marks]) -> Told | None:
    """Fall back on a force or on persons that the sentences name."""
    group = next((g for m in sentences for g in m.groups if not g.armed_group), None)
    if group:
        target = "international_forces" if group.kind == "international_force" else "national_forces"
        return Told(target, ((group.start, group.end),), "group")
    table = facts("person")
    every = (h for m in sentences for h in m.find("person"))
    person = next((h for h in every if table[h.key]["side"] in ("forces", "civilians")), None)
    return Told(str(table[person.key]["target"]), ((person.start, person.end),), "named") if person else None


_ATTACK = phrase("deeds.attack")
_IS_STRUCK = phrase("deeds.is_struck")


def _attacked(marks: Marks, h: Hit) -> bool:
    """Say whether a thing is told as attacked: a word of attack before it, or it is itself struck."""
    before = marks.folded[max(marks.sentence.start, h.start - 70) : h.start]
    after = marks.folded[h.end : h.end + 40]
    struck = _IS_STRUCK.match(after)
    return bool(_ATTACK.search(before)) or bool(struck)


def _thing(sentences: Sequence[Marks], h: Hit, victims: Sequence[Toll]) -> Told:
    target = str(facts("object")[h.key]["target"])
    if target == "civilians":
        foreign = (
            h.key == "hotel"
            or any(t.target == "civilians_foreign" for t in victims)
            or any(_FOREIGN.search(m.words()) for m in sentences)
        )
        target = "civilians_foreign" if foreign else "civilians_local"
    military = h.key in ("army_base", "army_convoy", "checkpoint")
    if (
        military
        and victims
        and all(t.target in ("police_gendarmerie", "international_forces") for t in victims)
    ):
        target = victims[0].target
    return Told(target, ((h.start, h.end),), "object")


def setting_of(sentences: Sequence[Marks]) -> Told | None:
    """Name the setting: the most telling kind of place, those said first before others."""
    found = [(i, h) for i, h in objects(sentences) if facts("object")[h.key]["setting"]]
    best = min(found, key=lambda x: (_STRENGTH.get(x[1].key, 0) + x[0], x[1].start), default=None)
    if best is None:
        return None
    return Told(str(facts("object")[best[1].key]["setting"]), ((best[1].start, best[1].end),), "word")
