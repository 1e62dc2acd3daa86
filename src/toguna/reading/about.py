"""What a text is about beside violence: a release, talks, a tribute, a trial, an accident, a report.

Enters: the marks of sentences. Leaves: names of signs, learnt for and against an incident. Called by
`toguna.reading.news` for whole texts and by `toguna.reading.rules` for the sentence that opens an incident.

None of the topics forbids an incident: a visit or an arrest is told in reports of the day too. How many
sentences speak of it, and whether the first one does, says more than one word.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from toguna.reading.marks import Marks

__all__ = ["signs_of_topics", "topics"]

SOME, MUCH = (2, 0.1), (3, 0.2)
"""Sentences that speak of a topic, at the least, and their share of all: a long text touches on many."""


def topics(marks: Marks) -> frozenset[str]:
    """Return the topics of one sentence, by their keys in `data/about.toml`."""
    return frozenset(h.key for h in marks.find("about"))


def signs_of_topics(marks: Sequence[Marks]) -> frozenset[str]:
    """Return which topics stand in the first sentence, in some, and in many sentences of a text."""
    told = [topics(m) for m in marks]
    counted = Counter(topic for own in told for topic in own)
    some, much = (max(least, share * len(marks)) for least, share in (SOME, MUCH))
    signs = {f"title-{topic}" for own in told[:1] for topic in own}
    signs |= {f"some-{topic}" for topic, n in counted.items() if n >= some}
    signs |= {f"full-{topic}" for topic, n in counted.items() if n >= much}
    return frozenset(signs)
