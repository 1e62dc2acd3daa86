"""Who was killed, wounded or taken, as one sentence counts them.

Enters: a folded sentence. Leaves: `Toll` values: what befell how many of whom. Called by
`toguna.reading.marks`; `toguna.reading.sums` adds them up.

A count gets its fate by the first of these that fits: it is itself what is counted ("13 morts"); a
verb that takes it stands right before ("killing five"); a participle follows in its clause ("five
were killed"); it continues a list that has a fate ("five soldiers and a civilian").
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from toguna.reading.counts import Count, counts
from toguna.reading.lexicon import Hit, facts, hits, phrase

__all__ = ["Toll", "tolls"]


@dataclass(frozen=True, slots=True)
class Toll:
    """A count of victims.

    Parameters
    ----------
    start, end : int
        Extent of count and noun.
    fate : {"dead", "wounded", "hostages", "missing"}
        What befell them.
    low, best, high : int or None
        Persons.
    side : {"civilians", "forces", "militia", "attackers", "unstated"}
        Who they are.
    target : str
        Class of target they make, "" for none.
    part : bool
        They belong to a count told just before ("including two soldiers").
    earlier : bool
        The text calls the figure superseded.
    rule : str
        How the count was told and tied.
    """

    start: int
    end: int
    fate: str
    low: int | None
    best: int | None
    high: int | None
    side: str
    target: str
    part: bool
    earlier: bool
    rule: str


_STOP_RIGHT = phrase("tolls.stop_right")
_MORE = re.compile(r"\b(?:others?|more|autres?)\b")
_ACTS = phrase("tolls.acts")  # somebody does something else first
_SPEAKS = phrase("tolls.speaks")
_LIST = phrase("tolls.list")
_PASSIVE_AUX = phrase("tolls.passive_aux")
_ACTIVE_AUX = re.compile(r"(?:\b(?:a|ont|avait|avaient|aurait|auraient|has|have|had)[\s]+(?:[\w-]+[\s]+)?)$")
_WITHIN = phrase("tolls.between")
_NO_ONE = re.compile(r"(?:[\s](?:or|nor|ou|ni)[\s]\w+)?[\s](?:no one|nobody|no other|personne(?! d)|aucun)\b")
_INTRANSITIVE = re.compile(
    r"recu|perdu|laisse (?:la|leur|sa)|trouve|peri|succomb|tomb|lost|died|die|perish|sustained|suffered"
)
_ONLY_ACTIVE = phrase("tolls.only_active")
_SHOOTS = re.compile(r"(?<!was )(?<!were )(?<!been )\bshot\b")  # "five gunmen shot a guard dead"


_ASIDE, _BRACKETS = phrase("tolls.aside"), re.compile(r"\([^()]*\)")
_MIXED = re.compile(r"[\s](?:and|or|et|ou)[\s](?:wounded|injured|hurt|blessee?s?)(?=\W{0,2}(?:[.,;:!?]|$))")
_OF_FOES = phrase("tolls.of_foes")
_OF_THEM = re.compile(r"[\s](?:of (?:them|whom|which)|d'entre eux|parmi eux)\b")


def _right(folded: str, c: Count, fates: Sequence[Hit], counts: Sequence[Count]) -> Hit | None:
    """Find the participle that follows a count in its clause."""
    aside = _ASIDE.match(folded, c.end)
    start = aside.end() if aside else c.end
    fate = next((f for f in fates if f.start >= start), None)
    if fate is None:
        return None
    bare = gap = folded[start : fate.start]
    for other in counts:
        if start <= other.start and other.end <= fate.start:
            bare = bare.replace(folded[other.start : other.end], " ")
    bare = _BRACKETS.sub(" ", bare)
    foes = _OF_FOES.match(bare)
    far = len(bare) > 100 or len(bare.split()) > 12 or _STOP_RIGHT.search(bare[foes.end() if foes else 0 :])
    counted = any(o is not c and not o.noun and 0 <= fate.start - o.end <= 2 for o in counts)
    acts = c.quantity.best == 1 and _ACTS.search(bare)
    acts = acts or (c.person == "attackers" and _SHOOTS.search(bare))
    if far or counted or acts or _NO_ONE.match(folded, fate.end) or _MIXED.match(folded, fate.end):
        return None
    taken = (o for o in counts if 0 <= o.start - fate.end <= 3 and "," not in folded[fate.end : o.start])
    taker = bool(gap.strip()) and next(taken, None) is not None
    head = folded[max(start, fate.start - 30) : fate.start]
    return None if _active(head, folded[fate.start : fate.end], taker=taker) else fate


def _active(head: str, word: str, *, taker: bool) -> bool:
    """Say whether a verb takes what follows it, and so does not tell of those before it.

    `head` are the words before it, `taker` is True when a count follows at once.
    """
    if _INTRANSITIVE.search(word) or _PASSIVE_AUX.search(head):
        return False
    if _ONLY_ACTIVE.search(word) and word not in ("blesse", "dead") and not word.endswith("missing"):
        return True
    helped = _ACTIVE_AUX.search(head) and "ete" not in head and "been" not in head
    return bool(helped) or (taker and word not in ("dead", "morts", "mort"))


def _left(folded: str, c: Count, fates: Sequence[Hit]) -> Hit | None:
    """Find the verb right before a count that takes it."""
    before = [f for f in fates if f.end <= c.start]
    if not before or _BY_WHOM.search(folded, before[-1].start, before[-1].end):
        return None
    gap = folded[before[-1].end : c.start]
    return before[-1] if len(gap) <= 44 and _WITHIN.fullmatch(gap) else None


_BY_WHOM = re.compile(r"(?:balles|tirs|coups)$")  # "tombe sous les balles de quatre hommes"


def _at_once(folded: str, c: Count, fate: Hit) -> bool:
    """Say whether a count without a known noun is tied to what follows: at once, or by an auxiliary."""
    of_them = _OF_THEM.match(folded, c.end) or _OF_FOES.match(folded, c.end)
    gap = folded[of_them.end() if of_them else c.end : fate.start]
    if re.search(r"\b(?:and|et)\b", gap):
        return False
    return len(gap) <= 14 or (len(gap) <= 36 and _PASSIVE_AUX.search(gap) is not None)


_BODIES = re.compile(r"\b(?:bodies|corpses|corps|cadavres|depouilles)(?: sans vie)?$")


def _own(folded: str, c: Count, fates: Sequence[Hit]) -> Hit | None:
    """Find the fate that a count itself names ("13 dead", "nine bodies")."""
    if c.noun:
        body = _BODIES.search(folded, c.quantity.end, c.end)
        return Hit("dead", body.start(), c.end) if body else None
    return next((f for f in fates if 0 <= f.start - c.end <= 2 and "," not in folded[c.end : f.start]), None)


def _tied(
    folded: str, lang: str, counts: list[Count], fates: list[Hit]
) -> list[tuple[Count, Hit | None, str]]:
    tied: list[tuple[Count, Hit | None, str]] = []
    for i, c in enumerate(counts):
        how, fate = "counted", _own(folded, c, fates)
        if fate is None:
            how, fate = "taken", _left(folded, c, fates)
        nearby = _right(folded, c, fates, counts)
        if nearby is not None and (
            fate is None or (how == "taken" and folded[c.end : nearby.start].isspace())
        ):
            how, fate = "befallen", nearby
        if (
            fate is None
            and not (c.quantity.best == 1 and _SPEAKS.match(folded, c.end))
            and not _APPOSED.match(folded[counts[i - 1].end : c.end + 6])
            and tied
            and tied[-1][1] is not None
            and tied[-1][2] != "broken"
            and _LIST.match(folded[counts[i - 1].end : c.start])
        ):
            how, fate = "listed", tied[-1][1]
        elif fate is None and tied and tied[-1][1] and _broken_down(folded, tied[-1][0], tied[-1][2], c):
            how, fate = "broken", tied[-1][1]
        elif fate is None and tied and tied[-1][2] == "befallen" and _AND_BY.match(folded, c.end):
            how, fate = "listed", tied[-1][1]
        elif fate is not None and not c.noun and how == "befallen" and not _at_once(folded, c, fate):
            fate = None
        tied.append((c, fate, how))
    return tied


_AND_BY = re.compile(
    r"(?: of [^.;:,]{1,60})?[\s](?:by|par)[\s](?!\d)"
)  # "three died, and 16 people by bandits"


def _broken_down(folded: str, total: Count, how: str, c: Count) -> bool:
    """Say whether a count follows a total as its part ("13 dead: four soldiers, five civilians")."""
    if how == "broken":
        return bool(_LIST.match(folded[total.end : c.start]))
    return not total.noun and bool(_COLON.match(folded[total.end : c.start]))


_APPOSED = re.compile(r", (?:(?:un|une) (?:homme|femme)|an? (?:man|woman)) (?:de|d|of|age|aged|qui|who)\b")
_COLON = re.compile(r"^[^.;:!?()]{0,48}?[\s]?:[\s]?(?:(?:the|les)[\s])?$")


def tolls(folded: str, lang: str, span: tuple[int, int]) -> list[Toll]:
    """Read who was killed, wounded or taken in one sentence.

    Examples
    --------
    >>> text = "two soldiers and a civilian were killed and five people wounded"
    >>> [(t.fate, t.best, t.side) for t in tolls(text, "en", (0, len(text)))]
    [('dead', 2, 'forces'), ('dead', 1, 'civilians'), ('wounded', 5, 'unstated')]
    """
    fates = hits("fate", lang, folded, *span)
    included = hits("part", lang, folded, *span)
    if not fates and not included:
        return _own_hand(folded, span, [])
    superseded = hits("earlier_toll", lang, folded, *span)
    found: list[Toll] = []
    every = counts(folded, lang, span)
    for c, tied, how in _tied(folded, lang, every, fates):
        fate = tied
        same = fate is None or not found or fate.key == found[-1].fate
        inside = _included(folded, c, how, included, found[-1:] if same else [])
        nearer = fate is not None and any(c.end <= o.start < fate.start for o in every)
        if inside and found and nearer and how == "befallen":
            fate = None  # "six died, among them a soldier, and ten were hurt": the soldier died
        elif inside and not same:
            inside = bool(_AMONG.match(folded[c.end : c.end + 70]))
        was = fate is None and found and _FROM.match(folded[found[-1].end : c.start])
        foe = c.person == "attackers" or _ranks(folded, c, None) == "enemy"
        if was and not foe:
            q, last = c.quantity, found[-1]
            found.append(
                replace(last, start=c.start, end=c.end, low=q.low, best=q.best, high=q.high, earlier=True)
            )
            continue
        if fate is None and was and found[-1].fate == "dead":
            found += _told(folded, c, None, replace(_BLANK, rule="against"), found)
            continue
        dead_named = _AMONG_DEAD.match(folded, c.end) or _dead_named(folded, included)
        if fate is None and not (inside and (found or dead_named)):
            continue
        word = fate.key if fate else (found[-1].fate if found else "dead")
        old = not (was and foe) and any(_supersedes(folded, h, c) for h in superseded)
        part = inside or how == "broken" or _more(folded, c, word, how, found)
        found += _told(folded, c, fate, replace(_BLANK, fate=word, part=part, earlier=old, rule=how), found)
    more = (*_own_hand(folded, span, found), *_captive_killed(folded, span, found))
    return _brought_to(folded, span, _lives([*found, *more]))


def _brought_to(folded: str, span: tuple[int, int], found: list[Toll]) -> list[Toll]:
    """Call counts parts of the total they bring about ("two more died, which brings the toll to 9")."""
    m = _BRINGS.search(folded, *span)
    new = {t.fate: t.best or 0 for t in found if m and t.start >= m.start() and not t.earlier}
    return [
        replace(t, part=True) if m and t.end <= m.start() and new.get(t.fate, 0) > (t.best or 0) else t
        for t in found
    ]


_BRINGS = phrase("tolls.brings")


def _supersedes(folded: str, h: Hit, c: Count) -> bool:
    """Say whether words make a count an old one; what follows "but" is the new one ("not four but six")."""
    near = h.start < c.start and c.start - h.end < OLD
    return near and _BUT.search(folded, h.end, c.start) is None


OLD = 120  # letters between the words that call a figure old and the figure
_BUT = re.compile(r"\b(?:but|mais)\b")
_BLANK = Toll(0, 0, "dead", None, None, None, "unstated", "", part=False, earlier=False, rule="")
_FROM = phrase("tolls.from")
_PASSED = phrase("tolls.passed")
_ENEMY = phrase("tolls.enemy")
_LOST = re.compile(r"(?:lost|perdus?|laisse)$")
_BODIES_OF = re.compile(r"\b(?:bodies of|corps (?:sans vie )?d[e'])[\s]?(?:the |les )?$")


def _told(folded: str, c: Count, fate: Hit | None, blank: Toll, found: Sequence[Toll]) -> list[Toll]:
    """Give a count its side and figures; a change "from 15 to 17" makes two, the old one first."""
    q, word = c.quantity, blank.fate
    side, target = _side(folded, c, fate, word, found)
    if q.best is None and q.high is None and q.low == SEVERAL and (word != "dead" or side == "attackers"):
        return []
    if q.low is None and q.best is None and q.high is None:
        return []
    old = blank.earlier or bool(found and found[-1].earlier and blank.rule == "listed")
    rule = f"{q.rule}/{_how(folded, c, blank.rule, [t for t in found if t.fate == word])}"
    one = replace(
        blank, start=c.start, end=c.end, low=q.low, best=q.best, high=q.high, side=side, target=target,
        earlier=old, rule=rule,
    )  # fmt: skip
    if q.rule == "range" and _PASSED.search(folded[max(0, q.start - 30) : q.start + 6]):
        first = replace(one, low=q.low, best=q.low, high=q.low, earlier=True)
        return [first, replace(one, low=q.high, best=q.high, high=q.high)]
    return [one]


def _how(folded: str, c: Count, how: str, before: Sequence[Toll]) -> str:
    """Say how a count was told: of bodies found, as further victims, or joined to one before by "and"."""
    if (how == "counted" and c.noun) or (how == "taken" and _BODIES_OF.search(folded, 0, c.start)):
        return "found"
    if not before:
        return "further" if _FURTHER.search(folded, c.start, c.end) else how
    between = folded[before[-1].end : c.start]
    joined = how in ("befallen", "taken") and _JOINED.search(between) and not _OTHERWISE.search(between)
    return "joined" if joined or (how == "counted" and _AMONG_OTHERS.fullmatch(between)) else how


_JOINED = re.compile(r"\b(?:and|et)\b")
_AMONG_OTHERS = re.compile(
    r"(?: morts?| dead| killed| tues?)? (?:chez|dans|parmi|among|in|at) [^.;:]{1,40} (?:et|and) (?:de |d')?"
)
_OTHERWISE = phrase("incidents.voiced")


def _side(folded: str, c: Count, fate: Hit | None, word: str, found: Sequence[Toll]) -> tuple[str, str]:
    """Say on which side the persons of a count stand: by their noun, their ranks, or those told before."""
    told = facts("person")[c.person]
    side, target = str(told["side"]), str(told["target"])
    noun = folded[c.quantity.end : c.end]
    if fate and _LOST.search(folded[fate.start : fate.end]) and re.search(r"\b(?:m[ae]n|hommes?)$", noun):
        subject = _ENEMY.search(folded[max(0, fate.start - 40) : fate.start])
        return _CLASS["enemy" if subject else "own"]
    if side == "unstated" and _OF_FOES.match(folded, c.end):
        return _CLASS["enemy"]
    if _ANY_MEN.fullmatch(noun) and fate and _NEUTRAL.match(folded[fate.start : fate.end]):
        return _CLASS["enemy"]
    if side != "unstated":
        return side, target
    ranks = _ranks(folded, c, fate)
    if ranks is None and found and word != "missing":
        before = next((t for t in reversed(found) if not t.part), found[-1])
        other = word != before.fate and (not c.noun or _OTHERS.search(folded[c.start : c.end]))
        more = word == before.fate and _MORE.search(noun) and before.side != "unstated"
        if other or (more and not before.part):
            return before.side, before.target
    return _CLASS[ranks] if ranks else (side, target)


_CLASS = {
    "enemy": ("attackers", "armed_group"),
    "civil": ("civilians", "civilians_local"),
    "own": ("forces", "national_forces"),
}


def _ranks(folded: str, c: Count, fate: Hit | None) -> str | None:
    """Say in whose ranks a count without a telling noun stands ("in its ranks", "neutralised")."""
    if fate and _NEUTRAL.match(folded[fate.start : fate.end]):
        return "enemy"
    if _LOSSES.search(folded[max(0, c.start - 50) : c.start]):
        return "enemy"
    m = _RANKS.search(folded[max(0, c.start - 60) : c.start]) or _IN_RANKS.match(folded[c.end : c.end + 60])
    return None if m is None else "enemy" if m["enemy"] else "civil" if m["civil"] else "own"


_ANY_MEN = re.compile(r"[\s](?:men|hommes)")
_NEUTRAL = re.compile(r"neutrali|elimin|aneanti|mis hors|put out of")
_LOSSES = phrase("tolls.enemy_losses")
_RANKS = phrase("tolls.ranks")
_IN_RANKS = phrase("tolls.in_ranks")
_OTHERS = re.compile(r"\b(?:others?|autres?|another)\b")
_FURTHER = re.compile(r"\b(?:another|more|others?|autres?|further|de plus)\b")
SEVERAL = 2  # the least that "several" can be


def _more(folded: str, c: Count, word: str, how: str, found: Sequence[Toll]) -> bool:
    """Say whether a sentence begins with "others" whose fellows were told before."""
    said = _MORE.search(folded[c.quantity.end : c.end])
    return word == "dead" and not found and bool(said) and how != "listed"


_HANDS = phrase("tolls.own_hand")


def _own_hand(folded: str, span: tuple[int, int], found: Sequence[Toll]) -> list[Toll]:
    """Count bombers who died by their own bomb, where the sentence counts no dead attackers itself."""
    if any(t.side == "attackers" and t.fate == "dead" for t in found):
        return []
    m = _HANDS.search(folded, *span)
    n = {"himself": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5}.get((m and m.lastgroup) or "")
    if m is None or n is None:
        return []
    return [
        replace(
            _BLANK,
            start=m.start(),
            end=m.end(),
            low=n,
            best=n,
            high=n,
            side="attackers",
            target="armed_group",
            rule="one/own-hand",
        )
    ]


def _captive_killed(folded: str, span: tuple[int, int], found: Sequence[Toll]) -> list[Toll]:
    """Count captives whom the sentence that counts them calls killed too ("abducted, then found dead")."""
    taken = [t for t in found if t.fate == "hostages" and not t.part]
    if not taken or any(t.fate == "dead" for t in found):
        return []
    m = _THEN_KILLED.search(folded, taken[-1].start, span[1])
    return [replace(taken[-1], start=m.start(), end=m.end(), fate="dead", rule="one/captive")] if m else []


_THEN_KILLED = phrase("tolls.then_killed")


def _dead_named(folded: str, included: Sequence[Hit]) -> bool:
    return any(
        "dead" in folded[h.start : h.end]
        or "victim" in folded[h.start : h.end]
        or "mort" in folded[h.start : h.end]
        for h in included
    )


def _included(folded: str, c: Count, how: str, included: Sequence[Hit], found: Sequence[Toll]) -> bool:
    """Say whether a count belongs to one told before it ("13, including five soldiers and a driver")."""
    if _AMONG.match(folded[c.end : c.end + 70]) or (found and _ranked_among(folded, c, found[-1])):
        return True
    if any(h.end <= c.start and len(folded[h.end : c.start].split()) <= 2 for h in included):
        return True
    if found and how != "taken" and _OF_THEM.match(folded[c.quantity.end : c.quantity.end + 14]):
        return True
    return bool(found) and found[-1].part and bool(_LIST.match(folded[found[-1].end : c.start]))


_AMONG = phrase("tolls.among")
_AMONG_DEAD = re.compile(
    r"[^.;:]{0,44}(?:among|parmi|au nombre) (?:the|les|des) (?:\w+ )?(?:dead|killed|morts|tues|victim\w+)\b"
)
_RANK = phrase("tolls.rank")


def _ranked_among(folded: str, c: Count, before: Toll) -> bool:
    """Say whether a single officer only names one of those counted before ("ten soldiers, a captain too")."""
    single = c.quantity.rule == "one" and before.side == "forces" and (before.best or 0) > 1
    return (
        single and folded[before.end : c.start].strip() == "," and bool(_RANK.search(folded, c.start, c.end))
    )


def _lives(found: list[Toll]) -> list[Toll]:
    """Drop a single person that only names the one dead again, and counts that stand twice."""
    out: list[Toll] = []
    for t in sorted(found, key=lambda t: (t.start, not t.earlier)):
        if out and t.start < out[-1].end and not (out[-1].earlier and t.start == out[-1].start):
            continue
        out.append(replace(t, part=False) if not out and t.part and t.side == "unstated" else t)
    return out
