"""Many reports of one incident as one record: its sources, how many are independent, how tolls differ.

Enters: texts and their drafts. Leaves: `Record` values. Called by `toguna read` for several texts.

A source counts as independent unless it was copied from one that is counted (whole, or in the sentences
that tell of the incident), or credits an agency that is counted. What tells of an incident as background is
a source, and not an independent one while another tells of it as news.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from toguna.core.text import fold
from toguna.reading.copies import Index, Prints, copies, prints
from toguna.reading.credits import credits_of
from toguna.reading.documents import Text
from toguna.reading.drafts import Drafts, Span
from toguna.reading.known import on_record
from toguna.reading.marks import Setting
from toguna.reading.same import Told, same_incidents

__all__ = ["Read", "Record", "Source", "records"]

QUOTED, LEAST_QUOTED = 0.5, 6
"""Share, and number, of the fingerprints around the sentences that tell of an incident, from which they are a
quotation: a first sentence alone can be alike by chance."""

AROUND = 300
"""Letters of its paragraph before and after a sentence that are looked at with it."""

_COUNTS = ("killed", "wounded", "hostages")


@dataclass(frozen=True)
class Read:
    """A text that was read: its name, words and drafts."""

    name: str
    text: Text
    drafts: Drafts


@dataclass(frozen=True)
class Source:
    """One text that tells of an incident.

    Parameters
    ----------
    name : str
        Of the text.
    number : int
        Of the draft among those of the text, from 0.
    published : date or None
        Day of publication.
    agencies : tuple of str
        That it credits.
    copied_from : tuple of str
        Names of sources of this incident that it was copied from, or whose words it quotes.
    independent : bool
        Whether it counts as a source of its own.
    main : bool
        False when it tells of the incident as background.
    counts : dict of str to (low, best, high)
        Persons, by "killed", "wounded", "hostages".
    """

    name: str
    number: int
    published: date | None
    agencies: tuple[str, ...]
    copied_from: tuple[str, ...]
    independent: bool
    main: bool
    counts: dict[str, tuple[int | None, int | None, int | None]]

    def as_dict(self) -> dict[str, Any]:
        """Return plain values for JSON."""
        return {
            "file": self.name,
            "incident": self.number,
            "published": self.published.isoformat() if self.published else None,
            "agencies": list(self.agencies),
            "copied_from": list(self.copied_from),
            "independent": self.independent,
            "main": self.main,
            **{k: dict(zip(("low", "best", "high"), v, strict=True)) for k, v in self.counts.items()},
        }


@dataclass(frozen=True)
class Record:
    """One incident and its sources, the first published first.

    Parameters
    ----------
    values : dict
        "date_start" (the earliest told), "place", "admin1", "admin2", "country", "tactic", "target_class",
        "perpetrator", as the surest draft has them.
    known : str or None
        Id of the incident on record.
    sources : tuple of Source
        One for each text.
    """

    values: dict[str, Any]
    known: str | None
    sources: tuple[Source, ...]

    @property
    def independent(self) -> int:
        """How many sources count as independent."""
        return sum(s.independent for s in self.sources)

    def spread(self, count: str) -> tuple[int, int] | None:
        """Return the lowest and highest figure that a source gives (persons); None when none does."""
        told = [x for s in self.sources for x in s.counts.get(count, ()) if x is not None]
        return (min(told), max(told)) if told else None

    def as_dict(self) -> dict[str, Any]:
        """Return plain values for JSON."""
        first = min((s.published for s in self.sources if s.published), default=None)
        ends = {c: self.spread(c) for c in _COUNTS}
        return {
            **self.values,
            "known": self.known,
            "first_published": first.isoformat() if first else None,
            "independent": self.independent,
            **{c: {"lowest": e[0], "highest": e[1]} if e else None for c, e in ends.items()},
            "sources": [s.as_dict() for s in self.sources],
        }


def records(read: Sequence[Read], setting: Setting) -> list[Record]:
    """Make one record of each incident that some texts tell.

    Parameters
    ----------
    read : sequence of Read
        Texts with their drafts, in any order.
    setting : Setting
        Gazetteer and incidents on record.

    Returns
    -------
    list of Record
        By day; what has no day last.
    """
    held = [prints(r.text.text) for r in read]
    order = sorted(range(len(read)), key=lambda n: (*_published(read[n]), len(held[n]), n))
    batch = _Batch(read, held, copies(held, order), [credits_of(r.text.text) for r in read], order)
    told = [Told(n, k, d) for n, r in enumerate(read) for k, d in enumerate(r.drafts.incidents)]
    groups = _with_undated(same_incidents(told, setting), batch)
    found = [_record(g, batch, setting) for g in groups]
    return sorted(found, key=lambda r: (r.values["date_start"] or "9999", str(r.values["place"])))


@dataclass(frozen=True)
class _Batch:
    """The texts, what is known of each by its number, and their order: the first published first."""

    read: Sequence[Read]
    held: Sequence[Prints]
    originals: Sequence[tuple[int, ...]]
    agencies: Sequence[tuple[str, ...]]
    order: Sequence[int]


def _published(r: Read) -> tuple[bool, date]:
    day = r.drafts.published
    return day is None, day or date.max


def _with_undated(groups: list[list[Told]], batch: _Batch) -> list[list[Told]]:
    """Put what a copy tells without a day to what its original tells of the same place and toll."""
    home = {(t.text, _place_and_toll(t)): g for g in groups if g[0].first for t in g}
    kept: list[list[Told]] = []
    for g in groups:
        key = _place_and_toll(g[0])
        homes = (home.get((n, key)) for n in batch.originals[g[0].text]) if g[0].first is None else ()
        found = next((h for h in homes if h is not None and all(t.text != g[0].text for t in h)), None)
        if found is None:
            kept.append(g)
        else:
            found += g
    return kept


def _place_and_toll(t: Told) -> tuple[str, Any]:
    return fold(str(t.draft.value("place") or "")), t.draft.value("killed_best")


def _record(group: Sequence[Told], batch: _Batch, setting: Setting) -> Record:
    surest = max(group, key=lambda t: (t.draft.main, t.draft.confidence))
    names = ("place", "admin2", "admin1", "country", "tactic", "target_class", "perpetrator")
    days = [t.draft.value("date_start") for t in group if t.draft.value("date_precision") == "day"]
    day = min(days) if days else surest.draft.value("date_start")
    known = next((t.draft.known for t in group if t.draft.known), None) or on_record(surest.draft, setting)
    values = {"date_start": day, **{n: surest.draft.value(n) for n in names}}
    return Record(values, known, tuple(_sources(group, batch)))


def _sources(group: Sequence[Told], batch: _Batch) -> Iterator[Source]:
    """Yield the sources in the order of publication; whoever brings nothing of its own is not independent."""
    rank = {n: k for k, n in enumerate(batch.order)}
    news = any(t.draft.main for t in group)
    quotes = _Quotes(batch)
    origins, agencies, inside = set[int](), set[str](), {t.text for t in group}
    for t in sorted(group, key=lambda t: rank[t.text]):
        from_ = [*batch.originals[t.text], *quotes.of(t)]
        credited = set(batch.agencies[t.text])
        counts = (t.draft.main or not news) and not (
            {t.text, *from_} & origins or (credited and credited <= agencies)
        )
        if counts:
            origins |= {t.text, *batch.originals[t.text]}
            agencies |= credited
            quotes.add(t)
        told = batch.read[t.text]
        yield Source(
            told.name, t.number, told.drafts.published, batch.agencies[t.text],
            tuple(dict.fromkeys(batch.read[n].name for n in from_ if n in inside)), counts, t.draft.main,
            _counts(t),
        )  # fmt: skip


class _Quotes:
    """Which of the sources counted so far share with a text the very sentences that tell of the incident."""

    def __init__(self, batch: _Batch) -> None:
        self._batch = batch
        self._whole, self._telling = Index(), Index()
        self._lengths: dict[int, int] = {}

    def add(self, t: Told) -> None:
        """Count a source."""
        own = self._own(t)
        self._whole.add(t.text, self._batch.held[t.text].at)
        self._telling.add(t.text, own)
        self._lengths[t.text] = len(own)

    def of(self, t: Told) -> list[int]:
        """List those whose words a text tells the incident in, or that tell it in words of this text."""
        own = self._own(t)
        found = [n for n, count in self._whole.shared(own).most_common() if _is_quoted(count, len(own))]
        theirs = self._telling.shared(self._batch.held[t.text].at).most_common()
        return [*found, *(n for n, count in theirs if _is_quoted(count, self._lengths[n]))]

    def _own(self, t: Told) -> list[int]:
        """List the fingerprints around the words of toll or day, else around all its sentences."""
        text, told = self._batch.read[t.text].text.text, t.draft.fields
        fields = (told[name] for name in ("killed_best", "killed_low", "date_start") if name in told)
        spans = next((f.spans for f in fields if f.spans), t.draft.spans)
        return self._batch.held[t.text].within([_widened(text, s) for s in spans])


def _is_quoted(shared: int, all_: int) -> bool:
    return shared >= LEAST_QUOTED and shared / all_ >= QUOTED


def _widened(text: str, span: Span) -> Span:
    """Add to a sentence what stands around it in its paragraph."""
    before = text.rfind("\n\n", max(0, span[0] - AROUND), span[0])
    after = text.find("\n\n", span[1], span[1] + AROUND)
    start = before if before >= 0 else max(0, span[0] - AROUND)
    return start, after if after >= 0 else min(len(text), span[1] + AROUND)


def _counts(t: Told) -> dict[str, tuple[int | None, int | None, int | None]]:
    value = t.draft.value
    killed = (value("killed_low"), value("killed_best"), value("killed_high"))
    plain = {name: (value(name),) * 3 for name in ("wounded", "hostages")}
    every = {"killed": killed, **plain}
    return {k: v for k, v in every.items() if any(x is not None for x in v)}
