"""What was done and to whom: tactic, type of event, target and setting of one incident.

Enters: the marks of the sentences that tell of the deed, and its victims. Leaves: `Told` values.
Called by `toguna.reading.incidents`. The words are those of the theatre's vocabulary.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from toguna.reading.drafts import Span
from toguna.reading.lexicon import Hit, facts, phrase
from toguna.reading.marks import Marks
from toguna.reading.tolls import Toll

__all__ = [
    "Told", "civilians_dead", "event_type", "is_attacked", "objects", "setting_of", "tactic_of", "target_of",
]  # fmt: skip

MASSACRE = 10  # civilians killed at once, by the conventions of the tables
_BOMBS = ("car_bomb", "suicide_bombing")
_ARMS = ("raid", "shooting", "grenade", "clash", "siege_hostage")
_FOREIGN = phrase("deeds.foreign")
_FIXED = (
    "army_base",
    "un_base",
    "police_post",
    "checkpoint",
    "customs_post",
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
BESIDE = 60  # letters: a fight on the ground so close after a strike from the air is told with it
SOME = 2  # dead up to which people shot nowhere in particular are taken for a shooting, not a raid
STRUCK = 5.5  # rank of a thing that is told as struck, among the ranks of the words of tactics
_MILITARY = ("army_base", "un_base", "police_post", "checkpoint", "army_convoy", "un_convoy")
_MOVING = ("army_convoy", "un_convoy", "convoy", "civil_convoy", "road", "aid")
_SPEAKERS = ("government_office", "school", "police_post")  # offices that oftener speak than are struck
_HOUSES = ("hotel", "restaurant", "residence", "government_office", "school", "religious_site", "police_post")
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
    if by_forces:
        return _of_forces(hits, tolls)
    hits = _telling_words(hits, found, tolls)
    first = min(_ranked(sentences, found, hits), key=lambda r: (r.rank, r.hit.start), default=None)
    best = first.hit if first else None
    told = (
        _joined(sentences, found, hits, best)
        or _massacre(found, tolls, best)
        or _fixed(sentences, found, best)
    )
    if told is None and (first is None or first.number > _PASSES.get(first.hit.key, 99)):
        told = _implied(sentences, found, tolls)
    return told or (_word(first.hit, first.rule) if first else None)


def _telling_words(
    hits: list[tuple[int, Hit]], found: Sequence[tuple[int, Hit]], tolls: Sequence[Toll]
) -> list[tuple[int, Hit]]:
    """Leave out words of what only went with the attack: the answer from the air, fire before an assault."""
    if any(h.key != "airstrike" for _, h in hits):
        hits = [(i, h) for i, h in hits if h.key != "airstrike" or i == 0]
    if {"raid", "ambush"} & {h.key for i, h in hits if i < 4}:
        hits = [(i, h) for i, h in hits if h.key != "rocket_mortar"]
    first = min(hits, key=lambda x: (x[0], x[1].start), default=None)
    led = first is not None and first[1].key == "kidnapping" and first[0] == 0
    if not _carried_off(found, tolls, led=led):
        hits = [(i, h) for i, h in hits if h.key != "kidnapping"]
    return hits


def _joined(
    sentences: Sequence[Marks],
    found: Sequence[tuple[int, Hit]],
    hits: Sequence[tuple[int, Hit]],
    best: Hit | None,
) -> Told | None:
    """Name what several means make together: bomb and assault, a bomber's car, mine and fire on a patrol."""
    if best is None:
        return None
    span = ((best.start, best.end),)
    under_way = _under_way(sentences, found) if best.key in _ON_A_PATROL else None
    if under_way and _fired_on(sentences, hits, best):
        return Told("ambush", ((under_way.start, under_way.end),), "struck")
    robbed = next((h for i, h in hits if h.key == "robbery" and i < 2), None)
    if (
        best.key in ("ambush", "raid")
        and robbed
        and not any(t.fate == "dead" for m in sentences for t in m.tolls)
    ):
        return Told("robbery", ((robbed.start, robbed.end),), "word")
    if best.key == "siege_hostage" and _on_a_road(found):
        return Told("kidnapping", span, "no-siege")
    if _with_arms(hits):
        return Told("complex_assault", span, "several-means")
    car = next((h for i, h in hits if h.key == "car_bomb" and i < 4), None)
    return (
        Told("car_bomb", ((car.start, car.end),), "word") if best.key == "suicide_bombing" and car else None
    )


def _fixed(sentences: Sequence[Marks], found: Sequence[tuple[int, Hit]], best: Hit | None) -> Told | None:
    """Say whether an "ambush" or a "clash" was a raid: on a base or post, and none under way."""
    if (
        best is None
        or best.key not in ("ambush", "clash")
        or any(h.key in _MOVING for i, h in found if i < 3)
    ):
        return None
    struck = next(
        (h for i, h in found if i < 4 and h.key in (*_MILITARY, "village") and is_attacked(sentences[i], h)),
        None,
    )
    span = (struck.start, struck.end) if struck else None
    if span is None and best.key == "clash":
        span = next((s for m in sentences[:4] if (s := _troops_hit(m))), None)
    return Told("raid", (span,), "struck") if span else None


def _troops_hit(marks: Marks) -> Span | None:
    found = _TROOPS_HIT.search(marks.folded, *marks.span)
    return (found.start(), found.end()) if found else None


_TROOPS_HIT = phrase("deeds.troops_hit")
_ON_A_PATROL = ("complex_assault", "ied_mine", "rocket_mortar")


def _fired_on(sentences: Sequence[Marks], hits: Sequence[tuple[int, Hit]], best: Hit) -> bool:
    """Say whether a patrol that was hit was fired on too, and by no bomber."""
    if best.key == "complex_assault":
        return not any(h.key in _BOMBS for i, h in hits if i < 4)
    return best.key == "rocket_mortar" or any(_FIRED.search(m.words()) for m in sentences[:3])


def _on_a_road(found: Sequence[tuple[int, Hit]]) -> bool:
    """Say whether captives were taken on a road, and no house was besieged."""
    kinds = {h.key for _, h in found}
    return bool(kinds & {"civil_convoy", "road"}) and not kinds & set(_HOUSES)


@dataclass(frozen=True, slots=True)
class _Sign:
    """A sign of a tactic: how telling it is (less is more), its sentence, where it stands, and its rule."""

    rank: float
    number: int
    hit: Hit
    rule: str


def _under_way(sentences: Sequence[Marks], found: Sequence[tuple[int, Hit]]) -> Hit | None:
    """Find a patrol, convoy or vehicle that the first sentences say was attacked."""
    moving = (h for i, h in found if h.key in _MOVING and i < 3 and is_attacked(sentences[i], h))
    return next(moving, None)


def _with_arms(hits: Sequence[tuple[int, Hit]]) -> bool:
    """Say whether a bomb and an assault are told together, in one sentence or the next."""
    bombs = [i for i, h in hits if h.key in _BOMBS and i < 4]
    return any(abs(i - b) <= 1 for i, h in hits if h.key in _ARMS for b in bombs)


_FIRED = phrase("deeds.fired")


def _ranked(
    sentences: Sequence[Marks], found: Sequence[tuple[int, Hit]], hits: Sequence[tuple[int, Hit]]
) -> list[_Sign]:
    """Rank the words of tactics, and the things struck: a fixed one is raided, a moving one ambushed."""
    ranks = {key: float(entry["rank"]) for key, entry in facts("tactic").items()}
    ranked = [_Sign(ranks[h.key] + 2 * i, i, h, "word") for i, h in hits]
    for i, h in found:
        tactic = "raid" if h.key in _FIXED else "ambush" if h.key in _MOVING else ""
        if tactic and i < 4 and is_attacked(sentences[i], h):
            ranked.append(_Sign(STRUCK + 2 * i, i, Hit(tactic, h.start, h.end), "struck"))
    return ranked


def _carried_off(found: Sequence[tuple[int, Hit]], tolls: Sequence[Toll], *, led: bool) -> bool:
    """Say whether taking people away was the deed, and not what went with an attack that killed.

    `led`: it is what the first sentence tells first.
    """
    dead = sum(
        t.best or t.low or 0 for t in tolls if t.fate == "dead" and t.side != "attackers" and not t.part
    )
    taken = sum(t.best or 1 for t in tolls if t.fate == "hostages" and not t.part)
    village = any(h.key in ("village", "market", *_MILITARY) for i, h in found if i < 3)
    return dead == 0 or (dead <= SOME and not village and (taken > dead or (led and taken > 0)))


def _of_forces(hits: Sequence[tuple[int, Hit]], tolls: Sequence[Toll]) -> Told:
    """Name what an army did: a strike from the air, a crime against people held, else a fight."""
    air = next((h for i, h in hits if h.key == "airstrike" and i < 2), None)
    ground = next((h for i, h in hits if h.key in ("clash", "raid", "ambush") and i < 2), None)
    if air and not (ground and (ground.start < air.start or ground.start - air.end < BESIDE)):
        return _word(air)
    crime = next((h for i, h in hits if h.key in ("execution", "massacre") and i < 3), None)
    if crime and not any(t.side == "attackers" for t in tolls):
        return _word(crime)
    first = ground or next((h for _, h in hits), None)
    return Told("clash", ((first.start, first.end),) if first else (), "forces-act")


def _massacre(found: Sequence[tuple[int, Hit]], tolls: Sequence[Toll], best: Hit | None) -> Told | None:
    """Say whether ten civilians were killed by hand or gun, and not under way on a road."""
    if best is not None and best.key not in (
        "raid",
        "shooting",
        "massacre",
        "execution",
        "robbery",
        "clash",
        "ambush",
    ):
        return None
    civilians = civilians_dead(tolls)
    village = any(h.key in ("village", "market", "mine_site", "religious_site") for i, h in found if i < 3)
    named = civilians_dead([t for t in tolls if t.side == "civilians"]) >= MASSACRE
    forces = any(h.key in _MILITARY for i, h in found if i < 2)
    moving = any(h.key in _MOVING for i, h in found if i < 2)
    if civilians < MASSACRE or not (village or (named and not moving) or not (forces or moving)):
        return None
    if best is not None and best.key in ("clash", "ambush") and not (village and not (moving or forces)):
        return None
    spans = tuple((t.start, t.end) for t in tolls if (t.best or t.low or 0) == civilians)[:1]
    return Told("massacre", spans, "many-civilians")


def civilians_dead(tolls: Sequence[Toll]) -> int:
    """Return the most civilians counted dead at once; people of no stated side too when no force was hit."""
    dead = [t for t in tolls if t.fate == "dead" and t.side != "attackers"]
    sides = (
        ("civilians",) if any(t.side in ("forces", "militia") for t in dead) else ("civilians", "unstated")
    )
    return max((t.best or t.low or 0 for t in dead if t.side in sides), default=0)


def _word(hit: Hit, rule: str = "word") -> Told:
    return Told(str(facts("tactic")[hit.key].get("as", hit.key)), ((hit.start, hit.end),), rule)


def _implied(
    sentences: Sequence[Marks], found: Sequence[tuple[int, Hit]], tolls: Sequence[Toll]
) -> Told | None:
    """Infer a tactic from what was attacked: a fixed place is raided, a moving one ambushed."""
    taken = next((t for t in tolls if t.fate == "hostages"), None)
    dead = next((t for t in tolls if t.fate == "dead"), None)
    if taken and not dead:
        return Told("kidnapping", ((taken.start, taken.end),), "implied")
    for kinds, tactic in ((_FIXED, "raid"), (_MOVING, "ambush")):
        hit = next((h for _, h in found if h.key in kinds), None)
        if hit:
            return Told(tactic, ((hit.start, hit.end),), "implied")
    deed = next(
        (d for m in sentences for d in m.deeds if _ATTACK_WORD.match(m.folded[d.start : d.end])), None
    )
    if deed:
        return Told("raid", ((deed.start, deed.end),), "implied")
    many = dead is not None and (dead.best or dead.low or 0) > SOME
    return Told("raid" if many else "shooting", ((dead.start, dead.end),), "implied") if dead else None


_ATTACK_WORD = re.compile(r"attack|assault|attaqu|assaut|incursion|attentat")


def event_type(tactic: str, target: str, *, by_forces: bool, dead: int | None = None) -> str:
    """Give the type of event that goes with a tactic, a class of target and the number of dead.

    A raid on a base is a battle; one office holder or cleric shot is an assassination.
    """
    told = str(facts("tactic")[tactic]["event_type"]) if tactic in facts("tactic") else "armed_attack"
    if tactic in ("raid", "complex_assault") and target in ("national_forces", "international_forces"):
        return "battle"
    if tactic in ("shooting", "execution") and target in ("government", "religious") and dead == 1:
        return "assassination"
    if told == "battle" and target.startswith("civilians"):
        return "armed_attack"
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
    thing = None if chosen else _struck(sentences, found) or _telling(found, hotels_only=bool(victims))
    force = None if chosen else _force_struck(sentences)
    if thing and not (force and thing.key in _MILITARY):
        return _thing(sentences, thing, victims)
    return force or _hurt(victims) or _elsewise(sentences, found, tolls, victims)


def _hurt(victims: Sequence[Toll]) -> Told | None:
    """Name the class of most victims, the dead before others."""
    most_told = max((t.best or t.low or 1 for t in victims), default=0)
    whole = [t for t in victims if not t.part or 2 * (t.best or 1) >= most_told] or victims
    dead = [t for t in whole if t.fate == "dead"] or whole
    most = max(dead, key=lambda t: t.best or t.low or 1, default=None)
    return Told(most.target, ((most.start, most.end),), "victims") if most else None


def _elsewise(
    sentences: Sequence[Marks], found: Sequence[tuple[int, Hit]], tolls: Sequence[Toll], victims: list[Toll]
) -> Told | None:
    """Fall back on a thing named, on a force named, or on people: who is only "people" is a civilian."""
    rest = next((h for _, h in found if facts("object")[h.key]["target"] and h.key not in _SPEAKERS), None)
    if rest:
        return _thing(sentences, rest, victims)
    people = next((t for t in tolls if t.side == "unstated" and t.fate != "missing"), None)
    if people is None:
        return _named(sentences)
    span = ((people.start, people.end),)
    return _named(sentences, forces_only=True) or Told("civilians_local", span, "people")


def _taken(victims: Sequence[Toll], found: Sequence[tuple[int, Hit]]) -> Toll | None:
    """Return those taken hostage where they were more than the dead and no house was besieged."""
    besieged = any(h.key in ("hotel", "restaurant") for _, h in found)
    taken = max((t for t in victims if t.fate == "hostages"), key=lambda t: t.best or 1, default=None)
    dead = sum(t.best or 1 for t in victims if t.fate == "dead")
    return taken if taken and not besieged and (taken.best or 1) > dead else None


def _struck(sentences: Sequence[Marks], found: Sequence[tuple[int, Hit]]) -> Hit | None:
    """Find a telling thing that the first sentences say was attacked."""
    return next(
        (h for i, h in found if i < 4 and h.key not in _STRENGTH and is_attacked(sentences[i], h)), None
    )


def _force_struck(sentences: Sequence[Marks]) -> Told | None:
    """Find a force or armed group that the first sentences say was attacked, by its name."""
    for marks in sentences[:3]:
        for g in marks.groups:
            before = marks.folded[max(marks.sentence.start, g.start - 40) : g.start]
            if not g.tied and _FORCE_HIT.search(before):
                kinds = {"international_force": "international_forces", "mercenary": "national_forces"}
                armed = "armed_group" if g.armed_group else "national_forces"
                return Told(kinds.get(g.kind, armed), ((g.start, g.end),), "group")
    return None


_FORCE_HIT = phrase("deeds.force_hit")


def _telling(found: Sequence[tuple[int, Hit]], *, hotels_only: bool) -> Hit | None:
    """Find a telling thing that the first sentences only name; beside victims only a hotel is one."""
    if hotels_only:
        return next((h for i, h in found if i < 4 and h.key in ("hotel", "restaurant")), None)
    return next((h for i, h in found if i < 2 and h.key not in (*_STRENGTH, *_PASSING)), None)


def _named(sentences: Sequence[Marks], *, forces_only: bool = False) -> Told | None:
    """Fall back on a force or on persons that the sentences name."""
    group = next((g for m in sentences for g in m.groups if not g.armed_group), None)
    if group:
        target = "international_forces" if group.kind == "international_force" else "national_forces"
        return Told(target, ((group.start, group.end),), "group")
    table = facts("person")
    every = (h for m in sentences for h in m.find("person"))
    sides = ("forces",) if forces_only else ("forces", "civilians")
    person = next((h for h in every if table[h.key]["side"] in sides), None)
    return Told(str(table[person.key]["target"]), ((person.start, person.end),), "named") if person else None


_ATTACK = phrase("deeds.attack")
_IS_STRUCK = phrase("deeds.is_struck")
_POSSESSOR = phrase("deeds.possessor")
_NEARBY = phrase("deeds.nearby")


def is_attacked(marks: Marks, h: Hit) -> bool:
    """Say whether a thing is told as attacked: a word of attack before it, or it is itself struck."""
    before = marks.folded[max(marks.sentence.start, h.start - 70) : h.start]
    after = marks.folded[h.end : min(marks.sentence.end, h.end + 110)]
    if _POSSESSOR.search(before):
        return False  # "the commander of the post was shot"
    if h.key in ("village", "town") and _NEARBY.search(before):
        return False
    return bool(_ATTACK.search(before)) or bool(_IS_STRUCK.match(after))


def _thing(sentences: Sequence[Marks], h: Hit, victims: Sequence[Toll]) -> Told:
    target = str(facts("object")[h.key]["target"])
    if target == "civilians":
        foreign = (
            h.key == "hotel"
            or any(t.target == "civilians_foreign" for t in victims)
            or any(_FOREIGN.search(m.words()) for m in sentences)
        )
        target = "civilians_foreign" if foreign else "civilians_local"
    if h.key in ("army_base", "army_convoy", "checkpoint"):
        target = _whose(victims) or target
    return Told(target, ((h.start, h.end),), "object")


def _whose(victims: Sequence[Toll]) -> str | None:
    """Say whose a post or patrol was by who fell there: police and foreign forces, where they are most."""
    forces = [t for t in victims if t.side == "forces"]
    lost = [t for t in forces if t.fate == "dead"] or forces
    counted = Counter[str]()
    for t in lost:
        counted[t.target] += t.best or t.low or 1
    return max(counted, key=lambda k: counted[k], default=None)


def setting_of(sentences: Sequence[Marks]) -> Told | None:
    """Name the setting: the most telling kind of place, those said first before others."""
    found = [(i, h) for i, h in objects(sentences) if facts("object")[h.key]["setting"]]
    best = min(found, key=lambda x: (_STRENGTH.get(x[1].key, 0) + x[0], x[1].start), default=None)
    if best is None:
        return None
    return Told(str(facts("object")[best[1].key]["setting"]), ((best[1].start, best[1].end),), "word")
