"""Choose how many were killed and wounded among all counts of a text: the rules' sum is one candidate.

Enters: the incidents of one text with their drafts, and the marks of all sentences. Leaves: the same
drafts, with their counts chosen. Called by `toguna.reading.rules`; fitted by `toguna.reading.training`.

Rules add up what an incident's own sentences count (`toguna.reading.sums`). A text gives the figure in its
headline, once more for all incidents together, and beside it those of other days; here every count of
victims of one fate in the text, those of a sentence together, and none at all are held against the sum of the
rules, and a score over signs (one kind of weights for each fate) says which figure a reader would record.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from toguna.core.text import fold
from toguna.reading.bygone import own_tolls
from toguna.reading.context import Context, told_field
from toguna.reading.drafts import Counted, DraftIncident, Field, Span
from toguna.reading.episodes import Episode
from toguna.reading.marks import Marks
from toguna.reading.mentions import Mention
from toguna.reading.network import Outlook
from toguna.reading.scenes import scene_key
from toguna.reading.tolls import Toll

__all__ = ["FATES", "kind_of", "with_casualties"]

FATES = {
    "dead": ("killed_low", "killed_best", "killed_high"),
    "wounded": ("wounded",),
}
"""What befell those who are counted, and the fields that bear it."""
SIZES = (1, 3, 9, 49)
"""Persons, in steps."""
MANY = (0, 1, 2, 4)
"""Counts of one kind that a text gives, in steps."""
MARGIN = 0.5
"""Log-odds by which another figure must be likelier than that of the rules to be taken."""
HEAD, NEAR = 2, 5  # sentences at the head of a text; sentences from an incident's own
_Value = tuple[int | None, int | None, int | None]


@dataclass(frozen=True)
class _Said:
    """One count of a text: its sentence, and whether it is a sum over the sentence."""

    marks: Marks
    tolls: tuple[Toll, ...]

    @cached_property
    def value(self) -> _Value:
        """Persons: lowest, best, highest figure."""
        return _total([(t.low, t.best, t.high) for t in self.tolls])

    @cached_property
    def spans(self) -> tuple[Span, ...]:
        """Where it stands."""
        return tuple((t.start, t.end) for t in self.tolls)


@dataclass(frozen=True)
class _Case:
    """One incident with its draft and one fate, and what is told of the others of its text."""

    fate: str
    episode: Episode
    draft: DraftIncident
    mine: Mapping[int, Mention]
    trail: frozenset[int]
    theirs: frozenset[int]
    """Sentences of others."""
    values: frozenset[_Value]
    """What the rules count of others."""
    shared: bool
    """The rules count for another by the same words."""
    places: frozenset[str]
    """Scenes of others."""
    foreign: frozenset[Span]
    """Counts that are of other incidents too."""

    @property
    def ruled(self) -> _Value:
        """Return what the rules count of victims."""
        return _ruled(self.draft, self.fate)

    @property
    def spans(self) -> frozenset[Span]:
        """Return the words on which the rules' count rests."""
        return _spans(self.draft, self.fate)

    def asks(self, s: _Said) -> bool:
        """Say whether a count stands near enough to be its own, or at the head of the text."""
        at = s.marks.sentence.number
        return at < HEAD or at in self.trail or any(abs(at - n) <= NEAR for n in self.mine)


def kind_of(fate: str) -> str:
    """Return the kind of the weights by which one of several figures is chosen."""
    return f"{fate}-count"


def with_casualties(
    found: Sequence[Episode],
    drafts: Sequence[DraftIncident],
    marks: Sequence[Marks],
    foreign: Sequence[frozenset[Span]],
    context: Context,
) -> list[DraftIncident]:
    """Return the drafts of a text with their likeliest counts of victims, and all candidates for training.

    `foreign` are for each incident the extents of counts that are of others too. Weights that were fitted
    before there was such a kind leave every figure as the rules gave it.
    """
    out = list(drafts)
    for fate in FATES:
        said = list(_all_counts(marks, fate))
        for i, case in enumerate(_cases(fate, found, drafts, foreign)):
            own = [s for s in said if case.asks(s)]
            if own or case.spans:
                options = _options(case, own, context.outlook)
                out[i] = _chosen(replace(out[i], counted={**out[i].counted, fate: options}), fate, context)
    return out


def _cases(
    fate: str, found: Sequence[Episode], drafts: Sequence[DraftIncident], foreign: Sequence[frozenset[Span]]
) -> Iterator[_Case]:
    """Yield every incident of a text beside the others."""
    sentences = Counter(m.marks.sentence.number for e in found for m in e.mentions)
    values = Counter(_ruled(d, fate) for d in drafts)
    words = Counter(at for d in drafts for at in _spans(d, fate))
    places = Counter(fold(e.place.name) for e in found if e.place)
    for e, d, of_others in zip(found, drafts, foreign, strict=True):
        own = Counter(m.marks.sentence.number for m in e.mentions)
        yield _Case(
            fate,
            e,
            d,
            {m.marks.sentence.number: m for m in e.mentions},
            frozenset(m.sentence.number for m in e.trailing),
            frozenset(n for n, times in sentences.items() if times > own[n]),
            frozenset(v for v, times in values.items() if times > (v == _ruled(d, fate))),
            any(words[at] > 1 for at in _spans(d, fate)),
            frozenset(places) - ({fold(e.place.name)} if e.place else set()),
            of_others,
        )


def _all_counts(marks: Sequence[Marks], fate: str) -> Iterator[_Said]:
    """Yield every count of victims of a fate, and those of each sentence together."""
    for m in marks:
        own = [t for t in m.tolls if t.fate == fate and t.side != "attackers"]
        yield from (_Said(m, (t,)) for t in own)
        whole = tuple(t for t in own if not t.part and not t.earlier)
        if len(whole) > 1:
            yield _Said(m, whole)


def _total(values: Sequence[_Value]) -> _Value:
    def each(k: int) -> int | None:
        own = [v[k] for v in values]
        return None if None in own else sum(x for x in own if x is not None)

    return each(0), each(1), each(2)


def _ruled(d: DraftIncident, fate: str) -> _Value:
    """Return what the rules count of victims: of a draft's dead those that are no attackers."""
    less = (d.value("killed_attackers") or 0) if fate == "dead" else 0
    told = [d.value(name) for name in FATES[fate]]
    low, best, high = told if fate == "dead" else told * 3
    if less and low == less:
        return None, None, None  # attackers alone
    return tuple(None if x is None else x - less for x in (low, best, high))  # type: ignore[return-value]


def _field(d: DraftIncident, fate: str) -> Field | None:
    return d.fields.get(FATES[fate][0]) or d.fields.get(FATES[fate][-1])


def _spans(d: DraftIncident, fate: str) -> frozenset[Span]:
    field = _field(d, fate)
    return frozenset(field.spans) if field else frozenset()


def _options(case: _Case, said: Sequence[_Said], outlook: Outlook) -> tuple[Counted, ...]:
    """Return all candidates with their signs, the figure of the rules first."""
    ruled, spans, field = case.ruled, case.spans, _field(case.draft, case.fate)
    rule = field.rule if field else "none"
    told = any(x is not None for x in ruled)
    by_value: dict[_Value, tuple[set[str], tuple[Span, ...]]] = {}
    times = Counter(s.value for s in said)
    for s in said:
        if _is_total(s, ruled, case, said):
            continue
        signs = _signs(s, case, said) | ({"repeated"} if times[s.value] > 1 else set())
        signs |= _by_network(case, [s], outlook)
        known = by_value.get(s.value)
        by_value[s.value] = (signs | known[0], known[1]) if known else (signs, s.spans)
    own = by_value.pop(ruled, None) if told else None
    made = _made(case)
    signs = {"rule", f"rule-{rule}" if told else f"rule-none-{_step(len(said), MANY)}", *made}
    if own:
        signs |= own[0]
    elif told:  # a sum or a range: where its parts stand, it stands
        parts = [s for s in said if len(s.tolls) == 1 and _rests(spans, s)]
        signs |= {"rule-sum"}.union(*(_signs(s, case, said) for s in parts))
        signs |= _by_network(case, parts, outlook)
    options = [Counted(*ruled, tuple(sorted(spans)), frozenset(signs))]
    if "rule-added" in made:  # one of several sides, or bodies found later, is no rival of their sum
        by_value = {v: own for v, own in by_value.items() if "in-rule" not in own[0]}
    options += [
        Counted(*v, at, frozenset(of | {f"{how}-{'in' if 'in-rule' in of else 'out'}" for how in made}))
        for v, (of, at) in by_value.items()
    ]
    if told:
        none = {"nobody", f"nobody-not-{rule}"}
        none |= {f"nobody-{s}" for s in signs & {"rule-sum", *made, "theirs", "foreign", "bygone"}}
        none |= {"nobody-further"} if case.episode.further is not None else set()
        none |= {f"nobody-{s}" for s in _by_network(case, said, outlook) if s.startswith("tie-")}
        options.append(Counted(None, None, None, (), frozenset(none)))
    return tuple(options)


def _by_network(case: _Case, said: Sequence[_Said], outlook: Outlook) -> set[str]:
    """Return how likely counts are of the text's news, and of what happened at the scene."""
    at = [start for s in said for start, _ in s.spans]
    return outlook.of(case.fate, *at) | outlook.tie(scene_key(case.episode), case.fate, *at)


def _is_total(s: _Said, ruled: _Value, case: _Case, said: Sequence[_Said]) -> bool:
    """Say whether a count is of several places whose own are listed after it, this incident's among them."""
    more = (s.value[1] or 0) > (ruled[1] or 0)
    here = [x.tolls[0] for x in said if x.marks is s.marks and x.value == ruled]
    return bool(case.places) and more and any(t.rule.endswith("listed") for t in here)


def _rests(spans: frozenset[Span], s: _Said) -> bool:
    """Say whether a figure rests on a count: a span of the rules can hold several counts of one voice."""
    return any(a <= x and y <= b for a, b in spans for x, y in s.spans)


def _made(case: _Case) -> set[str]:
    """Return how the rules came to their figure: by several voices, by adding, with those of another."""
    ruled = case.ruled
    if all(x is None for x in ruled):
        return set()
    told = {
        "rule-shared": case.shared,
        "rule-range": ruled[0] != ruled[2],
        "rule-with-attackers": "killed_attackers" in case.draft.fields,
    }
    made = {f"rule-{how}" for how in case.draft.signs.get(case.fate, ())}
    return made | {name for name, is_so in told.items() if is_so}


def _step(n: int, steps: Sequence[int]) -> int:
    return sum(n > s for s in steps)


def _signs(s: _Said, case: _Case, said: Sequence[_Said]) -> set[str]:
    """Return the signs of one count for one incident."""
    ruled, spans = case.ruled, case.spans
    m, at = s.marks, s.marks.sentence.number
    e, first = case.episode, s.tolls[0]
    mine, trail, theirs = case.mine, case.trail, case.theirs
    where = "own" if at in mine else "trail" if at in trail else "before" if at < min(mine) else "later"
    here = [o for o in said if o.marks is m]
    own = own_tolls(m, e.days, mine[at].when if at in mine else None)
    size, against = s.value[1] or s.value[0] or 0, ruled[1] or ruled[0]
    told = {
        "opening": at == min(mine),
        "head": at < HEAD,
        "theirs": at in theirs and at not in mine,
        "also-theirs": at in theirs and at in mine,
        "foreign": any(x in case.foreign for x in s.spans),
        "bygone": any(t not in own for t in s.tolls),
        "in-rule": _rests(spans, s),
        "sum": len(s.tolls) > 1,
        "part": any(t.part for t in s.tolls),
        "earlier": any(t.earlier for t in s.tolls),
        "vague": s.value[0] != s.value[2] or s.value[1] is None,
        "aggregate": bool(m.aggregate),
        "unreal": bool(m.unreal),
        "back": bool(m.earlier),
        "another": bool(m.another),
        "new": bool(m.find("toll")),
        "strong": bool(m.strong),
        "alone": len(said) == 1,
        "first-here": first is here[0].tolls[0],
        "biggest": size == max(x.value[1] or x.value[0] or 0 for x in said),
        "biggest-here": size == max(x.value[1] or x.value[0] or 0 for x in here),
        "only-here": len(here) == 1,
        "more": against is not None and size > against,
        "less": against is not None and size < against,
        "of-another": s.value in case.values,
    }
    signs = {name for name, is_so in told.items() if is_so} | _place_signs(first, m, case)
    signs |= {where, f"size-{_step(size, SIZES)}", f"rule-of-{first.rule}", f"side-{first.side}"}
    signs |= {f"count-{_step(len(said), MANY)}"}
    return signs | {f"{where}-{x}" for x in signs & BESIDE} | ({"unruled"} if against is None else set())


BESIDE = frozenset({
    "aggregate", "also-theirs", "at-scene", "at-other", "back", "biggest", "bygone", "foreign", "head",
    "in-rule", "less", "more", "new", "only-here", "opening", "part", "repeated", "sum", "theirs", "unreal",
})  # fmt: skip
"""Signs that say another thing in the incident's own sentences than before or behind them."""


def _place_signs(t: Toll, m: Marks, case: _Case) -> set[str]:
    """Return whether the name that stands nearest to a count is the scene, that of another, or neither."""
    names = [p for p in m.places if p.level != "country"]
    if not names:
        return {"no-name"}
    scene = fold(case.episode.place.name) if case.episode.place else ""
    near = min(names, key=lambda p: max(t.start - p.end, p.start - t.end))
    told = {
        "at-scene": fold(near.name) == scene,
        "at-other": fold(near.name) in case.places,
        "names-scene": any(fold(p.name) == scene for p in names),
        "names-other": any(fold(p.name) in case.places for p in names),
    }
    return {name for name, is_so in told.items() if is_so}


def _chosen(d: DraftIncident, fate: str, context: Context) -> DraftIncident:
    """Return a draft with the likeliest figure of a fate."""
    kind = kind_of(fate)
    if kind not in context.weights.weights:
        return d
    score = {o: context.weights.score(kind, o.signs) for o in d.counted[fate]}
    best, first = max(score, key=lambda o: score[o]), d.counted[fate][0]
    if score[best] - score[first] <= MARGIN:
        return d
    return replace(
        d, fields=_with_dead(d, best, context) if fate == "dead" else _with(d, best, fate, context)
    )


def _with(d: DraftIncident, best: Counted, fate: str, context: Context) -> Mapping[str, Field]:
    """Return the fields of a draft with another figure for its wounded."""
    fields = {n: f for n, f in d.fields.items() if n not in FATES[fate]}
    value = best.high if best.high is not None else best.best if best.best is not None else best.low
    if value is not None:
        sure = context.sure(fate, ["chosen"])
        fields |= dict.fromkeys(FATES[fate], told_field(value, best.spans, sure, "chosen"))
    return fields


def _with_dead(d: DraftIncident, best: Counted, context: Context) -> Mapping[str, Field]:
    """Return the fields of a draft with another figure for its dead victims."""
    names = FATES["dead"]
    fields = {n: f for n, f in d.fields.items() if n not in (*names, "killed_civilians", "killed_forces")}
    attackers = d.fields.get("killed_attackers")
    values = (best.low, best.best, best.high)
    if all(v is None for v in values):
        return fields if attackers is None else {**fields, **dict.fromkeys(names, attackers)}
    sure, more = context.sure("killed", ["chosen"]), attackers.value if attackers else 0
    for name, value in zip(names, values, strict=True):
        if value is not None:
            fields[name] = told_field(value + more, best.spans, sure, "chosen")
    return fields
