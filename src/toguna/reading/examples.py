"""From labelled texts to what the model learns from.

Enters: texts by id, labels, a setting. Leaves: `Example` and `Choice` values, and weights fitted to both.
Called by ``toguna read --train`` and by ``bench.reading``.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from rapidfuzz import fuzz

from toguna.core.text import fold
from toguna.reading.casualties import kind_of
from toguna.reading.classes import KINDS
from toguna.reading.confidence import Weights, prior
from toguna.reading.dated import KIND as WHEN
from toguna.reading.documents import Text
from toguna.reading.drafts import Counted, DraftIncident
from toguna.reading.episodes import Episode
from toguna.reading.gold import (
    ALIKE,
    Label,
    agreement,
    day_fits,
    dead_fit,
    pairs,
    place_of,
    same_actors,
    same_day,
    same_place,
    takes_place,
)
from toguna.reading.marks import Setting
from toguna.reading.network import Network, shipped_network
from toguna.reading.once import KIND
from toguna.reading.rules import Marked, RulesReader
from toguna.reading.scenes import Scene
from toguna.reading.struck import KIND as STRUCK
from toguna.reading.struck import Told
from toguna.reading.suspects import KIND as AUTHOR
from toguna.reading.training import Choice, Example, fitted
from toguna.reading.verdicts import Verdict

__all__ = ["FIELD_KINDS", "bearers", "learned"]

FIELD_KINDS = {
    "date": ("date", "date_start"), "place": ("place", "place"), "killed_low": ("killed", "killed_low"),
    "wounded": ("wounded", "wounded"), "hostages": ("hostages", "hostages"), "tactic": ("tactic", "tactic"),
    "target_class": ("target", "target_class"), "perpetrator": ("perpetrator", "perpetrator"),
    "claimed_by": ("claimed_by", "claimed_by"),
}  # fmt: skip
"""For each compared field: the kind of the confidence model and the field of the draft."""
LIKELY = 0.18
"""Chance from which on a draft is looked at as one that another may tell again."""
_Read = Sequence[tuple[DraftIncident, list[str]]]
PARTS = 4
"""Parts of the labelled texts: what is chosen in one is chosen by what the others teach, as in use."""


def learned(
    texts: Mapping[str, Text],
    labels: Sequence[Label],
    setting: Setting,
    *,
    made_from: str,
    network: Callable[[Label], Network] = lambda _: shipped_network(),
    marked: dict[Hashable, Marked] | None = None,
) -> tuple[Weights, int]:
    """Fit all weights to labelled texts, from the stated prior; return them and how many examples there were.

    Labels that bring their own examples count as they are; labels without a text teach nothing. What a
    later choice rests on is fitted without the text in question, as in use; `network` is to give for every
    label one that never saw its text. `marked` keeps the marks of texts for another fit of one setting, in
    which every text is read by the same network.
    """
    told = [label for label in labels if label.id in texts and not label.examples]
    kept: dict[Hashable, Marked] = {} if marked is None else marked

    def reader(weights: Weights, label: Label) -> RulesReader:
        return RulesReader(setting, weights, marked=kept, network=network(label))

    def each(part: int, of: Callable[..., Iterable[Any]], weights: Weights) -> list[Any]:
        return [x for label in told[part::PARTS] for x in of(texts[label.id], label, reader(weights, label))]

    def rest(parts: Sequence[Sequence[Any]], part: int) -> list[Any]:
        return [x for p, own in enumerate(parts) if p != part for x in own]

    parts, blank = range(PARTS), prior()
    names = [each(p, names_of, blank) for p in parts]
    first = [fitted(rest(names, p), blank, made_from=made_from) for p in parts]
    choices = [each(p, choices_of, first[p]) for p in parts]
    second = [fitted((), first[p], made_from=made_from, choices=rest(choices, p)) for p in parts]
    further = [each(p, furthers_of, second[p]) for p in parts]
    third = [fitted(rest(further, p), second[p], made_from=made_from) for p in parts]
    days = [each(p, days_of, third[p]) for p in parts]
    fourth = [fitted((), third[p], made_from=made_from, choices=rest(days, p)) for p in parts]
    again = [each(p, onces_of, fourth[p]) for p in parts]
    readings = [each(p, _reading, fourth[p]) for p in parts]
    found = [e for label in labels for e in label.examples]
    found += [e for stage in (names, further, again) for own in stage for e in own]
    found += [e for own in readings for label, read in own for e in _compared(label, read, setting)]
    verdicts = [v for own in readings for label, read in own for v in _judged(label, read, setting)]
    made = [c for stage in (choices, days) for own in stage for c in own]
    made += [c for own in readings for label, read in own for c in _authors(label, read, setting)]
    made += [c for own in readings for label, read in own for c in _counts(label, read, setting)]
    return fitted(found, blank, made_from=made_from, choices=made, verdicts=verdicts), len(found)


def _judged(label: Label, read: _Read, setting: Setting) -> Iterator[Verdict]:
    """Yield the class that a label gives each field that is chosen among classes."""
    for i, j in pairs([d for d, _ in read], label.events, setting):
        for field, kind in KINDS.items():
            if told := label.events[j].get(field):
                yield Verdict(kind, read[i][0].signs[field], str(told), label.weight)


def _authors(label: Label, read: _Read, setting: Setting) -> Iterator[Choice]:
    """Yield the choice of an author for every draft that is of a labelled event."""
    for i, j in pairs([d for d, _ in read], label.events, setting):
        options, told = read[i][0].suspects, label.events[j].get("perpetrator")
        right = tuple(same_actors(o.actors, told, setting) for o in options)
        yield Choice(AUTHOR, tuple(o.signs for o in options), right, label.weight)


def _counts(label: Label, read: _Read, setting: Setting) -> Iterator[Choice]:
    """Yield the choices of its counts of victims for every draft that is of a labelled event."""
    for i, j in pairs([d for d, _ in read], label.events, setting):
        d, event = read[i][0], label.events[j]
        for fate, options in d.counted.items():
            if fate == "dead":
                more = d.value("killed_attackers") or 0
                right = tuple(_dead_right(o, event, more) for o in options)
            else:
                told = event.get(fate) or 0
                right = tuple((o.high or o.best or o.low or 0) == told for o in options)
            yield Choice(kind_of(fate), tuple(o.signs for o in options), right, label.weight)


def _dead_right(o: Counted, event: Mapping[str, Any], attackers: int) -> bool:
    """Say whether dead victims are those of a label, which may count the attackers' dead among them."""
    if dead_fit(o.low, o.high, event):
        return True
    high = None if o.high is None else o.high + attackers
    return bool(attackers) and o.low is not None and dead_fit(o.low + attackers, high, event)


def names_of(text: Text, label: Label, reader: RulesReader) -> Iterator[Example]:
    """Yield every name of a text: right where a main event of the label was there."""
    names = list(reader.marked(text, lang=_lang(label), published=label.published).names.values())
    right: set[str] = set()
    for event in label.events:
        if event.get("main", True) and (place := place_of(event)):
            right |= bearers(names, place, reader.setting)
    for name in names:
        yield Example(STRUCK, name.signs, name.place.name in right, label.weight)


def bearers(names: Sequence[Told], place: str, setting: Setting) -> set[str]:
    """Return the names that are spelt as a place is, or where none is so those near it."""
    told = {n.place.name for n in names}
    spelt = {name for name in told if fuzz.ratio(fold(name), fold(place)) >= ALIKE}
    return spelt or {name for name in told if same_place(name, place, setting)}


def choices_of(text: Text, label: Label, reader: RulesReader) -> Iterator[Choice]:
    """Yield the choice of a scene for every labelled event whose day an incident of the text has."""
    left = reader.scenes(text, lang=_lang(label), published=label.published)
    for event in label.events:
        day = [
            (_rightness(e, found, event, reader.setting), found)
            for e, found in left
            if day_fits(e.days or _on(label), str(event.get("date") or ""))
        ]
        if not place_of(event) or not day:
            continue
        (_, right), found = max(day, key=lambda d: d[0][0])
        left = [(e, f) for e, f in left if f is not found]
        yield Choice("scene", tuple(s.signs for s in found), right, label.weight)


def furthers_of(text: Text, label: Label, reader: RulesReader) -> Iterator[Example]:
    """Yield every name at which a further incident can have been: right where a label has one no draft is."""
    setting = reader.setting
    drafts, names = reader.furthers(text, lang=_lang(label), published=label.published)
    matched = {j for _, j in pairs(drafts, label.events, setting)}
    left = [e for j, e in enumerate(label.events) if j not in matched and e.get("place")]
    for f in names:
        right = any(
            same_place(f.place.name, str(e["place"]), setting)
            and day_fits(f.days or _on(label), str(e.get("date") or ""))
            for e in left
        )
        yield Example("further", f.signs, right, label.weight)


def days_of(text: Text, label: Label, reader: RulesReader) -> Iterator[Choice]:
    """Yield the choice of a day for every incident that stands where a labelled event does."""
    left = [e for e in label.events if place_of(e) and e.get("date")]
    for episode, options in reader.days(text, lang=_lang(label), published=label.published):
        place = episode.place.name if episode.place else ""
        there = [e for e in left if same_place(place, place_of(e), reader.setting)]
        if not there:
            continue
        event = next((e for e in there if day_fits(episode.days, str(e["date"]))), there[0])
        left = [e for e in left if e is not event]
        right = tuple(day_fits(o.days, str(event["date"])) for o in options)
        yield Choice(WHEN, tuple(o.signs for o in options), right, label.weight)


def onces_of(text: Text, label: Label, reader: RulesReader) -> Iterator[Example]:
    """Yield every two drafts of which the first has a label: right where the second has none."""
    setting = reader.setting
    drafts, told = reader.onces(text, lang=_lang(label), published=label.published)
    likely = [d.confidence >= LIKELY for d in drafts]
    matched = dict(pairs(drafts, label.events, setting))
    for (a, b), signs in told.items():
        if not (likely[a] and likely[b]):
            continue
        if b in matched:
            yield Example(KIND, signs, right=False, weight=label.weight)
        elif a in matched:
            event = label.events[matched[a]]
            if same_day(drafts[b], event) or takes_place(drafts[b], event, setting):
                yield Example(KIND, signs, right=True, weight=label.weight)


def _lang(label: Label) -> str:
    return label.lang if label.lang in ("en", "fr") else "auto"


def _on(label: Label) -> Any:
    return (label.published, label.published, "day") if label.published else None


def _rightness(
    e: Episode, found: Sequence[Scene], event: Mapping[str, Any], setting: Setting
) -> tuple[bool, tuple[bool, ...]]:
    """Say which scenes are an event's place, and whether its own sentences name one of them first."""
    right = tuple(_is_at(s, place_of(event), setting) for s in found)
    own = fold(e.place.name) if e.place else ""
    return any(r and fold(s.place.name) == own for s, r in zip(found, right, strict=True)), right


def _is_at(s: Scene, told: str, setting: Setting) -> bool:
    area = any(spot.admin2 and fold(spot.admin2) == fold(told) for spot in s.place.spots[:1])
    return area or same_place(s.place.name, told, setting)


def _reading(text: Text, label: Label, reader: RulesReader) -> Iterator[tuple[Label, _Read]]:
    """Yield one text's label with all drafts that could be proposed and their features."""
    yield label, reader.features(text, lang=_lang(label), published=label.published)


def _compared(label: Label, read: _Read, setting: Setting) -> Iterator[Example]:
    """Yield for every draft whether it is of a labelled event, and for its fields whether they agree."""
    drafts, events, weight = [d for d, _ in read], label.events, label.weight
    matched = dict(pairs(drafts, events, setting))
    for i, (draft, features) in enumerate(read):
        yield Example("incident", frozenset(features), i in matched, weight)
        if i not in matched:
            continue
        agreed = agreement(draft, events[matched[i]], setting)
        for name, (kind, field) in FIELD_KINDS.items():
            own = draft.fields.get(field)
            if own is not None and agreed[name] is not None:
                yield Example(kind, frozenset(own.features), bool(agreed[name]), weight)
