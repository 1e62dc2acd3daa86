"""Is a text news of violence? Signs of the whole text, and the sentence that tells it where no rule saw one.

Enters: the marks of all sentences and the day of publication. Leaves: names of signs, which the
confidence of every incident of the text rests on, or an `Episode`. Called by `toguna.reading.rules`.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from toguna.reading.about import signs_of_topics
from toguna.reading.episodes import TRAIL, Episode
from toguna.reading.lexicon import hits
from toguna.reading.marks import Marks
from toguna.reading.mentions import Mention, event_days, frees, kills, scene
from toguna.reading.network import Outlook, step
from toguna.reading.sameness import days_of

__all__ = ["RECENT", "signs_of_text", "unopened"]

HEAD = 3
"""Sentences at the head of a text that say what it is about."""
RECENT = timedelta(days=21)
"""An incident older than this at publication is background, unless the text has nothing newer."""
SPORT = 4  # words of sport; a text with more of them than victims is about a game
NEAR_HEAD = 8  # sentences among which the news of a text is looked for when no rule found it
SHORT, LONG = 6, 25  # sentences


def signs_of_text(
    marks: Sequence[Marks], published: date | None, outlook: Outlook | None = None
) -> frozenset[str]:
    """Return the signs of a text for and against its being news of violence."""
    head = marks[:HEAD]
    mishaps = sum(len(m.mishap) for m in marks)
    violent = sum(len(m.strong) for m in marks)
    violent += sum(m.attackers for m in marks)
    dead = sum(t.fate == "dead" for m in marks for t in m.tolls)
    sport = len(hits("topic", marks[0].lang, marks[0].folded)) if marks else 0
    recent = any(
        w.first and w.precision == "day" and published and timedelta(0) <= published - w.first <= RECENT
        for m in marks[: 2 * HEAD]
        for w in m.whens
    )
    told = {
        "head-strong": any(m.strong for m in head),
        "head-dead": any(t.fate == "dead" for m in head for t in m.tolls),
        "head-attackers": any(m.attackers for m in head),
        "head-mishap": any(m.mishap for m in head),
        "mishap-more": mishaps > violent,
        "sport": sport >= SPORT and sport > 3 * dead,
        "freed": any(m.once(frees) for m in marks[:2]) and not any(kills(m) for m in marks),
        "recent": recent,
        "violent": violent > 2,
        "very-violent": violent > 6,
        "dead-often": dead > 2,
        "short": len(marks) < SHORT,
        "long": len(marks) > LONG,
    }
    kinds = [h.key for m in marks for h in (*m.unreal, *m.aggregate)]
    signs = {f"head-{h.key}" for m in head for h in (*m.unreal, *m.aggregate)}
    signs |= {f"much-{k}" for k in set(kinds) if kinds.count(k) > 1}
    signs |= signs_of_topics(marks)
    if outlook and outlook.names:
        signs.add(f"net-news-{step(outlook.news)}")
    return frozenset(signs | {name for name, is_so in told.items() if is_so})


def unopened(marks: Sequence[Marks]) -> Episode | None:
    """Open an incident at the most telling sentence near the head of a text in which no rule found one."""
    ranked = [(_telling(m), -m.sentence.number, i) for i, m in enumerate(marks[:NEAR_HEAD])]
    best, _, i = max(ranked, default=(0.0, 0, 0))
    if best < 2:
        return None
    m = marks[i]
    when = event_days(m, m.sentence.start)
    mention = Mention(m, when, m.once(scene))
    return Episode(
        (mention,), days_of(when, None), mention.place, trailing=tuple(marks[i + 1 : i + 1 + TRAIL])
    )


def _telling(m: Marks) -> float:
    """Count what a sentence has of an incident: a deed, people hurt, attackers, weapons, a day, a scene."""
    if {h.key for h in m.unreal} & {"memory", "exercise", "denial", "training"} or m.mishap:
        return 0.0
    deed = bool(m.strong) + 0.5 * bool(m.deeds)
    hurt = any(t.fate in ("dead", "wounded", "hostages") for t in m.tolls)
    core = deed + hurt + m.attackers + bool(m.find("tactic"))
    return (
        core + 0.5 * bool(event_days(m, m.sentence.start)) + 0.5 * bool(m.once(scene)) if core >= 1 else 0.0
    )
