"""Who did it, and who says so: perpetrators blamed, and claims that are single, joint, rival or denied.

Enters: the marks of the sentences of one incident. Leaves: `Claims` and `Blame`. Called by
`toguna.reading.incidents`.

Claims by several groups in one breath ("A and B claimed") are rival statements unless the words say
jointly; "claimed by A and B" is one joint claim. "The former", "le second" lead back to the
claimants of the sentence before.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from toguna.reading.drafts import Span
from toguna.reading.groups import Group
from toguna.reading.lexicon import Hit, phrase
from toguna.reading.marks import Marks
from toguna.reading.tolls import Toll

__all__ = ["Blame", "Claims", "acts", "attacked", "blame", "claims", "suspected"]

_FIRST = re.compile(r"\b(?:the former|the first|le premier|la premiere|celui-la|celle-la)\b")
_SECOND = re.compile(
    r"\b(?:the latter|the second|the other|le second|la seconde|le deuxieme|l'autre|celui-ci|celle-ci)\b"
)
_CHAIN, _JOINS = phrase("authors.chain"), phrase("authors.joins")


@dataclass
class Claims:
    """Claims of one incident: joint claimants together, rival claims one after the other."""

    joint: list[list[str]] = field(default_factory=list)
    denied: list[str] = field(default_factory=list)
    unclaimed: bool = False
    spans: list[Span] = field(default_factory=list)
    denied_spans: list[Span] = field(default_factory=list)
    unclaimed_spans: list[Span] = field(default_factory=list)

    def text(self) -> str:
        """Write them as the tables do: '+' joint, '|' rival."""
        return "|".join("+".join(c) for c in self.joint)

    def add(self, ids: Sequence[str], span: Span) -> None:
        """Add a claim unless it, or one that contains it, is there."""
        if ids and not any(set(ids) <= set(c) for c in self.joint):
            self.joint[:] = [c for c in self.joint if not set(c) < set(ids)]
            self.joint.append(list(dict.fromkeys(ids)))
        if ids:
            self.spans.append(span)

    def extend(self, which: int, ids: Sequence[str], span: Span) -> None:
        """Add partners to a claim made before."""
        if which < len(self.joint) and ids:
            self.joint[which] = list(dict.fromkeys((*self.joint[which], *ids)))
            self.spans.append(span)


@dataclass(frozen=True)
class Blame:
    """Who is blamed, by which rule, in which words; `named` is False for a mere label."""

    ids: tuple[str, ...]
    spans: tuple[Span, ...]
    rule: str
    named: bool


_OF = phrase("authors.of")


def _armed(marks: Marks) -> list[Group]:
    return [g for g in marks.groups if g.armed_group and not g.tied]


def _before(marks: Marks, hit: Hit) -> list[Group]:
    """Return the groups that are the subject of a verb: the last chain of groups before it."""
    groups = [g for g in _armed(marks) if g.end <= hit.start + 1]
    if not groups or _clause(marks.folded[groups[-1].end : hit.start]):
        return []
    if (head := _head_of_apposition(marks, hit, groups)) is not None:
        return [head]
    while len(groups) > 1 and _OF.search(marks.folded[max(0, groups[-1].start - 30) : groups[-1].start]):
        groups = groups[:-1]  # "X, an offshoot of Y, claimed": the subject is X
    chain = [groups[-1]]
    for g in reversed(groups[:-1]):
        if not _chained(marks.folded[g.end : chain[0].start]) or _apposed(marks, g, chain[0]):
            break
        chain.insert(0, g)
    return chain


def _head_of_apposition(marks: Marks, hit: Hit, groups: Sequence[Group]) -> Group | None:
    """Return the group that a verb right after a comma has for subject ("X, born of Y and Z, claimed")."""
    if len(groups) < 2 or marks.folded[hit.start - 2 : hit.start] != ", ":
        return None
    return next((g for g in groups if marks.folded[g.end : g.end + 1] == ","), None)


def _chained(between: str) -> bool:
    """Say whether words join two names; "X, a group born of Y" does not."""
    return bool(_CHAIN.match(between) and _JOINS.search(between))


def _clause(between: str) -> bool:
    return len(between) > 110 or bool(re.search(r"[;:]|\.\s", between))


def _apposed(marks: Marks, a: Group, b: Group) -> bool:
    """Say whether two names stand side by side without a word of joining ("the AQIM-linked X")."""
    return not re.search(r"[,&]|\b(?:and|et|or|ou|ainsi|as well)\b", marks.folded[a.end : b.start])


def _after(marks: Marks, start: int, end: int | None = None) -> list[Group]:
    """Return the chain of groups right after a verb."""
    stop = marks.sentence.end if end is None else end
    groups = [g for g in _armed(marks) if start <= g.start < stop]
    if not groups or _clause(marks.folded[start : groups[0].start]) or groups[0].start - start > 70:
        return []
    chain = [groups[0]]
    for g in groups[1:]:
        if not _chained(marks.folded[chain[-1].end : g.start]) or _apposed(marks, chain[-1], g):
            break
        chain.append(g)
    return chain


def claims(sentences: Sequence[Marks]) -> Claims:
    """Read the claims in the sentences of one incident."""
    found = Claims()
    nameless: list[Span] = []
    for marks in sentences:
        said = marks.find("claim")
        kinds = {h.key for h in said}
        if "none" in kinds:
            found.unclaimed = True
            found.unclaimed_spans += [(h.start, h.end) for h in said if h.key == "none"]
            continue
        for hit in () if _referred(found, marks) else said:
            _claim(found, marks, hit)
            if hit.key == "active" and _GROUP.search(marks.words()):
                nameless.append((hit.start, hit.end))
    only = {g.id for m in sentences for g in _armed(m) if g.kind == "jihadist"}
    if nameless and not found.joint and not found.unclaimed and len(only) == 1:
        found.add(sorted(only), nameless[0])  # "a jihadist group claimed": the one that the text names
    return found


_GROUP = re.compile(r"\b(?:group\w*|groupe|organi[sz]ation|mouvement|movement|militants|it|il|jihadists?)\b")


def _claim(found: Claims, marks: Marks, hit: Hit) -> None:
    span = (marks.sentence.start, marks.sentence.end)
    if hit.key == "denied":
        subjects = _before(marks, hit) or _after(marks, hit.end)
        found.denied += [g.id for g in subjects if g.id not in found.denied]
        found.denied_spans.append(span)
        return
    together = marks.find("joint")
    if hit.key == "passive":
        ids = [g.id for g in _after(marks, hit.end)]
        more = [g.id for j in together if j.start >= hit.end for g in _after(marks, j.end)]
        found.add([*ids, *more], span)
        return
    subjects = _before(marks, hit) or _after(marks, hit.end)
    partners = [g.id for j in together for g in _after(marks, j.end) if g not in subjects]
    if together and (partners or len(subjects) > 1):
        found.add([*(g.id for g in subjects), *partners], span)
        return
    for g in subjects:
        found.add([g.id], (g.start, hit.end))


def _referred(found: Claims, marks: Marks) -> bool:
    """Follow "the former ... with X, the second ... with Y" back to the claimants; say whether so told."""
    if len(found.joint) < 2:
        return False
    words, offset = marks.words(), marks.sentence.start
    refs = sorted(
        (m.start() + offset, which)
        for which, pattern in ((0, _FIRST), (1, _SECOND))
        for m in pattern.finditer(words)
    )
    together = marks.find("joint")
    for i, (at, which) in enumerate(refs):
        stop = refs[i + 1][0] if i + 1 < len(refs) else marks.sentence.end
        link = next((j for j in together if at < j.start < stop), None)
        if link:
            partners = _after(marks, link.end, stop)
            found.extend(which, [g.id for g in partners], (at, stop))
    return bool(refs)


_AGAINST = phrase("authors.against")
_BETWEEN = re.compile(
    r"\b(?:clash\w*|fighting|fire|battles?|firefights?|affrontements?|combats?|accrochages?|heurts|tirs)"
    r"[^.;:]{0,30}?\b(?:between|entre|oppos\w+|pitted|pitting|mettant aux prises)\b"
)
_DOES = phrase("authors.does")
_TIED = phrase("authors.tied")
_BY = phrase("authors.by")
_NOT_AUTHOR, _FELL = phrase("authors.not_author"), phrase("authors.fell")
_FORCES_ACT = phrase("authors.forces_act")
_FORCES_DID = phrase("authors.forces_did")


def blame(
    sentences: Sequence[Marks], after: Sequence[Marks], *, army: str, unknown: str, unnamed_jihadist: str
) -> Blame | None:
    """Say who is blamed in the sentences that tell of the deed.

    Parameters
    ----------
    sentences, after : sequence of Marks
        Sentences with the deed, in order, and those that only follow it.
    army, unknown, unnamed_jihadist : str
        Ids of the state's army, and of the labels for attackers whom nobody names.
    """
    named: list[tuple[str, Span]] = []
    for marks in sentences:
        fought = _BETWEEN.search(marks.words()) is not None
        if (
            _BACKGROUND.search(marks.words())
            and not marks.tolls
            and not any(w.precision == "day" for w in marks.whens)
        ):
            continue  # what groups often do is no deed of theirs
        own = [g for g in marks.groups if not g.tied]
        named += [(g.id, (g.start, g.end)) for g in own if fought or acts(marks, g)]
    named += [(g.id, (g.start, g.end)) for m in after for g in _armed(m) if suspected(m, g)]
    label = _labelled(sentences, unknown, unnamed_jihadist)
    if by_state := _state_acts(sentences, army):
        against = _foes(sentences) or _foes(after)
        others = [n for n in named if n[0] != by_state[0]] or against
        found = [by_state, *(others or ([(label.ids[0], label.spans[0])] if label else []))]
        return Blame(_ids(found), tuple(s for _, s in found)[:4], "forces-act", named=True)
    if crime := _state_crime(sentences, army):
        found = [crime, *(n for n in named if n[0] != crime[0])]
        return Blame(_ids(found), tuple(s for _, s in found)[:4], "forces-crime", named=True)
    if named:
        return Blame(_ids(named), tuple(s for _, s in named)[:4], "named", named=True)
    near = [m for m in after[:3] if not _BACKGROUND.search(m.words())]
    return _only_group((*sentences, *near)) or label


def _foes(sentences: Sequence[Marks]) -> list[tuple[str, Span]]:
    """Return the armed group that sentences of an army's fight name, when it is the only one."""
    found = [(g.id, (g.start, g.end)) for m in sentences for g in _armed(m)]
    return found if len({i for i, _ in found}) == 1 else []


def _ids(named: Sequence[tuple[str, Span]]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(i for i, _ in named))[:4]


def suspected(marks: Marks, g: Group) -> bool:
    """Say whether a sentence that follows the deed blames a group for it."""
    around = marks.folded[max(marks.sentence.start, g.start - 60) : g.start]
    after = marks.folded[g.end : min(marks.sentence.end, g.end + 50)]
    return bool(_SUSPECT.search(around)) or bool(_IS_BLAMED.search(after))


_SUSPECT = phrase("authors.suspect")
_IS_BLAMED = phrase("authors.is_blamed")


def _only_group(sentences: Sequence[Marks]) -> Blame | None:
    """Name the only jihadist group that the sentences of an incident name at all."""
    named = [g for m in sentences for g in _armed(m) if g.kind == "jihadist" and not _allied(m, g)]
    if len({g.id for g in named}) != 1:
        return None
    return Blame((named[0].id,), tuple((g.start, g.end) for g in named[:3]), "only-group", named=False)


def _allied(marks: Marks, g: Group) -> bool:
    before = marks.folded[max(marks.sentence.start, g.start - 30) : g.start]
    after = marks.folded[g.end : g.end + 12]
    return bool(_OF.search(before)) or bool(re.match(r"^(?:-linked|-allied|-affiliated| affiliate)", after))


def acts(marks: Marks, g: Group) -> bool:
    """Say whether a group is told as doing the deed."""
    before = marks.folded[max(marks.sentence.start, g.start - 60) : g.start]
    after = marks.folded[g.end : min(marks.sentence.end, g.end + 60)]
    if not g.armed_group:
        acts = re.match(
            r"^[^.;:,]{0,30}\b(?:killed|neutrali[sz]ed|bombed|shelled|raided|attacked|stormed|destroyed|tue|neutralise|bombarde|detruit|elimine)\b",
            after,
        )
        return bool(acts) and any(t.side == "attackers" and t.fate == "dead" for t in marks.tolls)
    if re.match(r"^(?:-linked|-allied|[\s-]affiliated)", after) or _TIED.search(before):
        return False
    if _BY.search(before) and not _NOT_AUTHOR.search(before) and not _FELL.match(after):
        return True
    if _AGAINST.search(before):
        return False
    if _IS_BLAMED.match(after):
        return True
    does = _DOES.match(after)
    return bool(does) or bool(
        re.match(r"^[\s](?:attack|assault|raid|ambush|fighters|militants|gunmen|suicide)", after)
        and marks.deeds
    )


def _state_acts(sentences: Sequence[Marks], army: str) -> tuple[str, Span] | None:
    """Find the force that killed attackers, in sentences that count no other dead."""
    if any(h.key in ("suicide_bombing", "car_bomb") for m in sentences[:2] for h in m.find("tactic")):
        return None
    dead = [t for m in sentences[:3] for t in m.tolls if t.fate == "dead"]
    if attacked(sentences):
        return None  # what forces did next was an answer
    if not dead or dead[0].side != "attackers":
        return None if any(t.side != "attackers" for t in dead) else _from_the_air(sentences, army)
    theirs = all(t.side == "attackers" for t in dead)
    quiet = not any(_ASSAULT.search(m.words()) for m in sentences[:3])
    for marks in sentences[:3]:
        own_dead = [t for t in marks.tolls if t.fate == "dead"]
        only = bool(own_dead) and all(t.side == "attackers" for t in own_dead)
        found = _FORCES_ACT.search(marks.words()) or _FORCES_DID.search(marks.words())
        found = found or (_NEUTRALISED.search(marks.words()) if only and quiet else None)
        if found and (theirs or only or _first_taken(marks, found.end(), own_dead)):
            span = marks.sentence.start + found.start(), marks.sentence.start + found.end()
            own = next((g for g in marks.groups if not g.armed_group and g.start <= span[1]), None)
            return (own.id if own else army), span
    return None


_NEUTRALISED, _ASSAULT = phrase("authors.neutralised"), phrase("authors.assault")


def _from_the_air(sentences: Sequence[Marks], army: str) -> tuple[str, Span] | None:
    """Find a strike from the air at the head of sentences that count no dead: only states strike so."""
    for marks in sentences[:2]:
        first = next(iter(marks.find("tactic")), None)
        if first is not None and first.key == "airstrike":
            own = next((g for g in marks.groups if not g.armed_group), None)
            return (own.id if own else army), (first.start, first.end)
    return None


def _state_crime(sentences: Sequence[Marks], army: str) -> tuple[str, Span] | None:
    """Find the force that is told as killing civilians: it does so, or it is said to have."""
    for marks in sentences[:4]:
        found = _CRIME.search(marks.folded, *marks.span)
        if found is None:
            continue
        before = marks.folded[max(marks.sentence.start, found.start() - 40) : found.start()]
        if _HIT_BEFORE.search(before):
            continue  # "gunmen attacked soldiers and killed 12 villagers"
        near = (g for g in marks.groups if not g.armed_group and found.start() - 60 <= g.start < found.end())
        own = next(near, None)
        return (own.id if own else army), (found.start(), found.end())
    return None


_CRIME, _HIT_BEFORE = phrase("authors.crime"), phrase("authors.hit_before")
_BACKGROUND = phrase("authors.background")


def _first_taken(marks: Marks, end: int, dead: Sequence[Toll]) -> bool:
    """Say whether a verb of forces takes attackers counted right after it ("troops killed 18 fighters")."""
    gap = dead[0].start - marks.sentence.start - end if dead and dead[0].side == "attackers" else -1
    return 0 <= gap <= 12


def attacked(sentences: Sequence[Marks]) -> bool:
    """Say whether forces were attacked, so that what they did next was an answer."""
    return any(m.once(_tells_of_attack) for m in sentences[:3])


def _tells_of_attack(m: Marks) -> bool:
    return bool(_ATTACKED.search(m.words()))


_ATTACKED = phrase("authors.attacked")


def _labelled(sentences: Sequence[Marks], unknown: str, unnamed_jihadist: str) -> Blame | None:
    found: dict[str, Span] = {}
    for marks in sentences:
        for hit in marks.find("unnamed"):
            found.setdefault(hit.key, (hit.start, hit.end))
    if "jihadist" in found:
        return Blame((unnamed_jihadist,), (found["jihadist"],), "label", named=False)
    if "unknown" in found:
        return Blame((unknown,), (found["unknown"],), "label", named=False)
    return None
