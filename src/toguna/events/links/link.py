"""Find the events of different sources that tell of the same incident.

Enters: an event frame and what people stated. Leaves: `Linked`. Called by `toguna.room.view`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import polars as pl

from toguna.events.links import candidates
from toguna.events.links.clusters import Clusters, containers, order
from toguna.events.links.compare import FEATURES, Codes, compare
from toguna.events.links.incidents import INCIDENT, Incident, Link, Linked, Ruling
from toguna.events.links.representative import facts, figures, speaker
from toguna.events.links.rivals import NOTICED, among_rivals
from toguna.events.links.score import Model, model
from toguna.events.links.tellings import NO_KINSHIP, Floats, Ints, Kinship, Tellings, read

__all__ = ["each_by_itself", "link", "scored"]


@dataclass(frozen=True)
class _Scored:
    """Pairs worth keeping: positions, levels, probabilities; and how many were compared."""

    i: Ints
    j: Ints
    codes: Codes
    p: Floats
    compared: int


def link(
    events: pl.DataFrame,
    *,
    kinship: Kinship = NO_KINSHIP,
    rulings: Sequence[Ruling] = (),
    by: Model | None = None,
) -> Linked:
    """Link the events of different sources that tell of one incident.

    Parameters
    ----------
    events : DataFrame, N rows in the columns of `EVENT_SCHEMA`
        Of any number of sources; `perpetrators` as common ids. Missing dates are not allowed, missing points,
        precisions and deaths are.
    kinship : Kinship
        What the caller knows about those ids.
    rulings : sequence of Ruling
        What people stated; the newest about a pair holds and outweighs the score. Statements about events
        that are not in the frame change nothing.
    by : Model, optional
        Weights and thresholds. Default: those that come with the program.

    Returns
    -------
    Linked
        The result does not depend on the order of the rows.
    """
    used = by or model()
    ordered = events.sort("event_id")
    place = {name: n for n, name in enumerate(ordered["event_id"].to_list())}
    held = {
        tuple(sorted((r.event_a, r.event_b))): r for r in rulings
    }  # later statements replace earlier ones
    known = [r for (a, b), r in held.items() if a in place and b in place]
    if ordered["source"].n_unique() < 2 and not known:
        return each_by_itself(ordered)
    t = read(ordered, kinship)
    apart = [(place[r.event_a], place[r.event_b]) for r in known if r.verdict == "different"]
    same = [(place[r.event_a], place[r.event_b]) for r in known if r.verdict == "same"]
    clusters = Clusters(t, apart)
    for a, b in same:
        clusters.force(a, b)
    found = scored(t, used)
    ranks = order(t, found.i, found.j, found.p)
    likely = ranks[found.p[ranks] >= used.link]
    for a, b in zip(found.i[likely].tolist(), found.j[likely].tolist(), strict=True):
        clusters.join(a, b)
    chosen = {place[r.speaks] for r in known if r.verdict == "same" and r.speaks in place}
    return _told(_Work(t, found, clusters, used, frozenset(chosen)), tuple(known), same, apart)


def scored(t: Tellings, used: Model, *, at_least: float | None = None) -> _Scored:
    """Compare every candidate pair and keep those that are likely enough to be looked at.

    Events within wider ones are left out: the wider one is compared for them.
    """
    least = used.review if at_least is None else at_least
    inner = containers(t)
    among = np.array([n for n in range(len(t)) if n not in inner], dtype=np.int64)
    parts: list[tuple[Ints, Ints, Codes, Floats]] = []
    compared = 0
    for i, j in candidates.pairs(t, among):
        codes = compare(t, i, j)
        p = used.probability(codes)
        keep = p >= min(least, NOTICED)
        compared += len(i)
        parts.append((i[keep], j[keep], codes[keep], p[keep]))
    if not parts:
        none = np.zeros(0, dtype=np.int64)
        return _Scored(none, none, np.zeros((0, len(FEATURES)), np.int8), np.zeros(0), 0)
    i, j, codes, p = (np.concatenate(column) for column in zip(*parts, strict=True))
    p = among_rivals(t, i, j, p)
    keep = p >= least
    return _Scored(i[keep], j[keep], codes[keep], p[keep], compared)


@dataclass(frozen=True)
class _Work:
    """What the result is told from."""

    t: Tellings
    found: _Scored
    clusters: Clusters
    model: Model
    chosen: frozenset[int]

    def links(self) -> Iterator[tuple[int, int, Link]]:
        """Yield every scored pair as a link, with its positions."""
        ids = self.t.frame["event_id"].to_list()
        rows = zip(self.found.i.tolist(), self.found.j.tolist(), self.found.p.tolist(), strict=True)
        for n, (i, j, p) in enumerate(rows):
            together = self.clusters.of(i) == self.clusters.of(j)
            status = "linked" if together else "refused" if p >= self.model.link else "doubtful"
            a, b = sorted((ids[i], ids[j]))
            yield i, j, Link(a, b, p, status, self.model.reasons(self.found.codes[n]))


def _told(
    work: _Work, known: tuple[Ruling, ...], same: list[tuple[int, int]], apart: list[tuple[int, int]]
) -> Linked:
    ids = work.t.frame["event_id"].to_list()
    sure = {tuple(sorted(pair)) for pair in same}
    ruled = sure | {tuple(sorted(pair)) for pair in apart}
    holding: dict[int, list[Link]] = {}
    review: list[Link] = []
    for i, j, found in work.links():
        if found.status == "linked" and tuple(sorted((i, j))) not in sure:
            holding.setdefault(work.clusters.of(i), []).append(found)
        elif found.status != "linked" and tuple(sorted((i, j))) not in ruled:
            review.append(found)
    for i, j in same:
        holding.setdefault(work.clusters.of(i), []).append(
            Link(min(ids[i], ids[j]), max(ids[i], ids[j]), _probability(work, i, j), "confirmed")
        )
    incidents, table = _incidents(work, holding)
    against = tuple((ids[a], ids[b]) for a, b in apart if work.clusters.of(a) == work.clusters.of(b))
    review.sort(key=lambda x: (x.status, -x.probability, x.event_a, x.event_b))
    return Linked(table, incidents, tuple(review), against, work.found.compared, known)


def _probability(work: _Work, i: int, j: int) -> float:
    """Score one pair, whether it was a candidate or not."""
    one, other = np.array([i]), np.array([j])
    return float(work.model.probability(compare(work.t, one, other))[0])


def _incidents(work: _Work, holding: dict[int, list[Link]]) -> tuple[tuple[Incident, ...], pl.DataFrame]:
    t, inner = work.t, containers(work.t)
    known = facts(t, inner)
    ids = known.ids
    own = {n: INCIDENT + name for n, name in enumerate(ids)}
    silent: set[int] = set(inner)
    out: list[Incident] = []
    for members in map(sorted, work.clusters.several()):
        own |= dict.fromkeys(members, INCIDENT + ids[members[0]])
        speaks = speaker(known, members, work.chosen)
        silent |= set(members) - {speaks}
        silent.discard(speaks)
        if len({known.sources[m] for m in members}) > 1:
            out.append(
                Incident(
                    own[speaks],
                    tuple(ids[m] for m in members),
                    ids[speaks],
                    _day(t.first[speaks]),
                    _day(t.last[speaks]),
                    figures(known, members),
                    tuple(holding.get(work.clusters.of(speaks), ())),
                )
            )
    table = pl.DataFrame(
        {
            "event_id": ids,
            "incident_id": [own[n] for n in range(len(ids))],
            "speaks": [n not in silent for n in range(len(ids))],
        },
        schema={"event_id": pl.String, "incident_id": pl.String, "speaks": pl.Boolean},
    )
    return tuple(sorted(out, key=lambda x: (x.first, x.id))), table


def _day(days: int) -> date:
    return date(1970, 1, 1) + timedelta(days=int(days))


def each_by_itself(events: pl.DataFrame) -> Linked:
    """Link nothing: every event is an incident, with those that its source puts within it."""
    ids = set(events["event_id"].to_list())
    outer = pl.when(pl.col("within").is_in(sorted(ids))).then("within").otherwise("event_id")
    table = events.sort("event_id").select(
        "event_id", incident_id=INCIDENT + outer, speaks=pl.col("within").is_null()
    )
    return Linked(table)
