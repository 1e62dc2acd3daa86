"""One sentence that tells of an incident: whether it does, the day and the scene it names, how it is told.

Enters: the marks of a sentence. Leaves: a `Mention`, or None where the sentence tells of no violence as of
something that happened. Called by `toguna.reading.episodes`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from toguna.reading.days import When
from toguna.reading.lexicon import Hit, phrase
from toguna.reading.marks import Marks
from toguna.reading.places import Place

__all__ = [
    "LEVELS", "OWN_PLACE", "PAST", "Mention", "event_days", "frees", "kills", "mention_of", "of_saying",
    "scene", "stamps",
]  # fmt: skip

AWAY = 12  # letters between a day and the deed it does not belong to
SHORTEST = 16  # letters of a sentence that can tell of something
PAST = ("memory", "exercise", "denial")  # signs that a sentence tells of no new deed, by their keys
LEAD = 3  # sentences at the head of a text in which a death at a place is news without a day
LEVELS = {"point": 5, "admin3": 4, "admin2": 3, "admin1": 2, "area": 1, "country": 0}
OWN_PLACE = {
    "en": re.compile(r"^[\s](?:on|in|at|against|near)\b"),
    "fr": re.compile(r"^[\s](?:contre|a|de|d'|sur|dans|du|pres)\b"),
}
_LETHAL = phrase("episodes.lethal")
_VERY = re.compile(r"\b(?:hauteur|environs|sortie|abords|lisiere|outskirts|village|hameau) (?:of|d[eu']) ?$")
_ARREST = re.compile(r"\b(?:arrest|detain|captur|interpell|apprehend|jug(?:e|ement)|surrender|rendu)\w*")
_FREED = phrase("episodes.freed")
_SOME = re.compile(r"\b(?:en partie|une partie|partly|partially|some of|still|encore|certains)\b")
_CAPTIVE = re.compile(r"\b(?:hostages?|captiv\w+|otages?|kidnap\w*|abduct\w*)\b")
_STRIKES = re.compile(r"struck|hit|frapp|vis|cibl|target")
_TAKEN = re.compile(r"kidnap|abduct|hostage|otage|enlev|captiv|rapt|held|taken|holding")
_MANY = phrase("episodes.many")
_GENERAL = phrase("episodes.general")
_LIKE = re.compile(
    r"\b(?:similar\w*|reminiscent|resembl\w+|recall\w*|rappel\w+|semblable|similaire|compar\w+)\b"
)


@dataclass(frozen=True)
class Mention:
    """One sentence that tells of an incident: its marks, the day and scene it names, how it is told."""

    marks: Marks
    when: When | None = None
    place: Place | None = None
    strong: bool = False
    another: bool = False
    back: bool = False
    summary: bool = False


def event_days(marks: Marks, at: int) -> When | None:
    """Choose the time at which the deed of a sentence was done; a day of saying is not one.

    Parameters
    ----------
    marks : Marks
        The sentence.
    at : int
        Offset of the deed: of two days the nearer one counts.
    """
    told = [w for w in marks.once(_of_deeds) if not _before(marks, w, at)]
    whose = [w for w in told if marks.folded[w.end : at] in (" ", "'s ") and at > w.end]
    if whose:
        return whose[-1]  # "last week's attack ... on Tuesday"
    if any(w.rule == "weekday" for w in told):
        told = [w for w in told if not stamps(marks, w)]
    exact = [w for w in told if w.precision == "day"] or [w for w in told if w.precision in ("week", "month")]
    return min(exact, key=lambda w: (w.rule == "hanging", abs(w.start - at)), default=None)


def _of_deeds(marks: Marks) -> list[When]:
    """Return the times of a sentence at which a deed can have been done, whichever stands nearest."""
    return [w for w in marks.whens if not (w.since or of_saying(marks, w) or _of_quotation(marks, w))]


def _reports(marks: Marks) -> list[Hit]:
    """Return the words of saying, counting and claiming in a sentence."""
    claims = (h for h in marks.find("claim") if h.key != "none")
    return [*marks.find("report"), *marks.find("toll"), *claims]


def stamps(marks: Marks, when: When) -> bool:
    """Say whether a date is the page's, before what a sentence tells ("07 Nov 2017 / 08:58. TOWN: ...")."""
    at_head = when.rule == "date" and when.start == marks.sentence.start
    return at_head and marks.folded[when.start].isdigit() and not marks.folded.startswith(":", when.end)


def _before(marks: Marks, when: When, at: int) -> bool:
    """Say whether a day is that of what came of the deed ("on Friday people marched after the attack")."""
    between = marks.folded[when.end : at]
    return len(between) > AWAY and bool(_CAME_OF.search(between))


_CAME_OF = phrase("episodes.came_of")


def _of_quotation(marks: Marks, when: When) -> bool:
    """Say whether "this morning" stands in quotation marks: it then counts from when that was said."""
    before = marks.folded[marks.sentence.start : when.start]
    quoted = before.count('"') % 2 == 1
    return quoted and bool(_THIS_DAY.match(marks.folded[when.start : when.end]))


_THIS_DAY = phrase("episodes.this_day")


def of_saying(marks: Marks, when: When) -> bool:
    """Say whether a day belongs to a verb of saying: "the army said Saturday", "on Monday announced"."""
    if marks.folded[when.start : when.end].endswith("'s") or any(
        0 <= d.start - when.end <= 3 for d in marks.deeds
    ):
        return False  # "Friday's assault"
    for hit in (h for h in marks.once(_reports) if not when.start <= h.start < when.end):
        start, end = hit.start, hit.end
        after = end <= when.start
        between = marks.folded[end : when.start] if after else marks.folded[when.end : start]
        only = between == " que " and re.search(r"\bn(?:e |')[^.;]{0,24}$", marks.folded[:start][-30:])
        between = "" if only else between  # "il ne l'a annonce que lundi"
        head = (
            60 if when.start - marks.sentence.start <= 4 else 16
        )  # "On Monday the Security Council condemned"
        far = len(between) > 42 if after else len(between) > head or "," in between
        kinds = ("strong",) if hit.key in ("active", "passive") else ("strong", "soft")
        deeds = [d for d in marks.deeds if d.key in kinds]
        deed = any(min(end, when.end) <= d.start < max(start, when.start) for d in deeds)
        if not far and not deed and not re.search(r"[.;:\"]|,.*,|\bthat\b|\bhow\b|\bqu[e']", between):
            return True
    return False


def scene(marks: Marks) -> Place | None:
    """Choose where the deed of a sentence was done: the finest place that is no desk and no elsewhere."""
    order = {"scene": 2, "near": 1, "bare": 0, "seat": -1}
    strong = marks.strong or marks.deeds
    first = strong[0].start if strong else marks.sentence.start
    found = [
        p for p in marks.places if p.role in order and p.level != "country" and not _beyond(marks, p, first)
    ]
    return max(
        found,
        key=lambda p: (
            (LEVELS[p.level] + (order[p.role] > 0)) * (p.role != "seat") + 3 * _own(marks, p),
            order[p.role] + bool(_VERY.search(marks.folded[max(0, p.start - 24) : p.start])),
            -abs(p.start - first),
        ),
        default=None,
    )


def _own(marks: Marks, place: Place) -> bool:
    """Say whether a place is the deed's own: "the attack near X", "un assaut contre Y"."""
    if place.role == "seat" or LEVELS[place.level] < LEVELS["admin2"]:
        return False
    gaps = (marks.folded[d.end : place.start] for d in marks.strong if d.end <= place.start)
    return any(len(gap) < 26 and OWN_PLACE[marks.lang].match(gap) for gap in gaps)


def _beyond(marks: Marks, place: Place, at: int) -> bool:
    """Say whether a place stands in another clause than the deed ("..., while talks went on in X")."""
    between = marks.folded[min(at, place.end) : max(at, place.start)]
    return bool(_MEANWHILE.search(between))


_MEANWHILE = re.compile(r"\b(?:while|whereas|tandis que|alors que)\b")


def _told_as_fact(marks: Marks) -> bool:
    """Say whether the sentence tells of violence as of something that happened."""
    hurt = any(t.fate in ("dead", "wounded", "hostages") for t in marks.tolls)
    kinds = {h.key for h in marks.unreal}
    if kinds & set(PAST) or ("training" in kinds and not hurt):
        return False
    day = any(w.precision == "day" and not w.since for w in marks.whens)
    if (marks.aggregate or _by_the_year(marks)) and not day:
        return False
    if marks.mishap and not marks.strong:
        return False
    return any(not _unreal(marks, d.start, d.end) for d in marks.deeds) or hurt


def _by_the_year(marks: Marks) -> bool:
    """Say whether a sentence counts over a year ("mines killed dozens this year")."""
    finest = {w.precision for w in marks.whens}
    return finest == {"year"} and (bool(_BULK.search(marks.words())) or not marks.strong)


_BULK = re.compile(
    r"\b(?:dozens|scores|hundreds|thousands|dizaines|centaines|milliers)\b"
    r"|\b(?:(?:this|last) year|cette annee|l'an dernier)\b"
)


def _unreal(marks: Marks, start: int, end: int) -> bool:
    if _NEGATED.search(marks.folded[max(marks.sentence.start, start - 30) : start]):
        return True
    for h in marks.unreal:
        between = marks.folded[h.end : start] if h.end <= start else marks.folded[end : h.start]
        near = len(between) < (60 if h.end <= start else 22)
        if near and not re.search(r"[.;:]", between):
            return True
        if h.start <= start < h.end:
            return True
    return False


_NEGATED = re.compile(r"\b(?:no|not|never|without|aucune?|jamais|sans|pas d['e]) ?(?:\w+ ){0,2}$")


def _tells(marks: Marks, real: Sequence[Hit], *, hurt: bool) -> bool:
    """Say whether a sentence tells of a deed: in so many words, or of attackers who act somewhere."""
    if hurt or any(d.key == "strong" for d in real):
        return True
    if _ARREST.search(marks.words()):
        return False
    where = marks.once(scene)
    placed = where is not None and where.role in ("scene", "near") and LEVELS[where.level] >= LEVELS["admin2"]
    dated = any(w.precision == "day" and not w.since for w in marks.whens)
    lethal = _LETHAL.search(marks.words())
    if marks.attackers and lethal and marks.countries and marks.sentence.number < LEAD:
        return True
    if not (placed or dated):
        return False
    if marks.attackers:
        acts = any(d.key == "act" or _STRIKES.match(marks.folded[d.start : d.end]) for d in real)
        return bool(lethal) or acts or bool(real and (marks.find("object") or (placed and dated)))
    struck = placed and (lethal or marks.find("object"))
    return bool(real and struck) and (dated or marks.sentence.number < LEAD)


def frees(marks: Marks) -> bool:
    """Say whether a sentence tells of people set free, and of no deed but that they had been taken."""
    killed = any(t.fate in ("dead", "wounded") for t in marks.tolls)
    strong = [marks.folded[d.start : d.end] for d in marks.strong]
    freed = _FREED.search(marks.words()) and not _SOME.search(marks.words())
    freed = freed and all(_TAKEN.match(said) for said in strong)
    return bool(freed and not killed and (strong or _CAPTIVE.search(marks.words())))


def kills(marks: Marks) -> bool:
    """Say whether a sentence counts dead of a deed that is more than a taking of people."""
    strong = (marks.folded[d.start : d.end] for d in marks.strong)
    return any(t.fate == "dead" for t in marks.tolls) and any(not _TAKEN.match(said) for said in strong)


def mention_of(marks: Marks) -> Mention | None:
    """Return what a sentence tells of an incident, or None."""
    real = [d for d in marks.deeds if not _unreal(marks, d.start, d.end)]
    hurt = any(t.fate in ("dead", "wounded", "hostages") for t in marks.tolls)
    if marks.sentence.number and marks.sentence.end - marks.sentence.start < SHORTEST:
        return None  # a tag, a link
    if marks.once(frees) or not _told_as_fact(marks) or not _tells(marks, real, hurt=hurt):
        return None
    deed = next((d for d in real if d.key == "strong"), real[0] if real else None)
    if like := _LIKE.search(marks.words()):
        deed = next((d for d in real if d.start > marks.sentence.start + like.start()), deed)
    at = deed.start if deed else marks.sentence.start
    when = event_days(marks, at)
    if not hurt and when is None and any(h.key == "none" for h in marks.find("claim")):
        return None  # "no group has claimed the attack"
    if not hurt and _claims(marks, at):
        return None  # what a claimant says of his reasons is no incident of its own
    if not hurt and when is None and all(_GENERAL.fullmatch(marks.folded[d.start : d.end]) for d in real):
        return None  # "attacks are frequent in the region"
    strong = (deed is not None and deed.key == "strong") or bool(_LETHAL.search(marks.words()))
    where = marks.once(scene)
    where = None if where and where.role == "seat" else where
    return Mention(
        marks, _resolved(when, marks), where, strong, _another(marks, where), _earlier(marks),
        bool(_MANY.search(marks.words())),
    )  # fmt: skip


def _another(marks: Marks, where: Place | None) -> bool:
    """Say whether words set a deed apart from that told before; "another five died" at a place of its own."""
    more = where is not None and where.role == "scene" and _MORE.search(marks.words())
    return bool(marks.another) or bool(more)


_MORE = phrase("episodes.more")


def _earlier(marks: Marks) -> bool:
    """Say whether words lead back to an earlier deed; "said that it had been hit" is reported speech."""
    said = [h.end for h in marks.find("report")]
    return any(
        not (_HAD.match(marks.folded[h.start : h.end]) and any(end <= h.start for end in said))
        for h in marks.earlier
    )


_HAD = re.compile(r"had |avai(?:t|ent) ")


def _resolved(when: When | None, marks: Marks) -> When | None:
    """Count "a day earlier" from the day of the saying in the same sentence, where there is one."""
    if (
        when is None
        or when.shift is None
        or any(h.key == "back" and not _HAD.match(marks.folded[h.start : h.end]) for h in marks.earlier)
    ):
        return when
    base = next((w.first for w in marks.whens if w.first and w.precision == "day" and not w.since), None)
    day = base + timedelta(days=when.shift) if base else None
    return replace(when, first=day, last=day, shift=None) if day else when


def _claims(marks: Marks, at: int) -> bool:
    """Say whether a deed is only named in the reasons of a claim ("saying that it avenged the raid")."""
    before = [h for h in marks.find("claim") if h.end <= at]
    return any(_REASON.search(marks.folded[h.end : at]) for h in before)


_REASON = re.compile(
    r"\b(?:saying|response|aveng\w+|revenge|reprisal|retaliation|reaction|because|venge\w*|represailles|riposte|reponse"
    r"|reagi\w*|en raison)\b"
)
