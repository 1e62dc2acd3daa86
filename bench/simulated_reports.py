"""Invented reports of invented incidents: independent ones, copies of every kind, and near misses.

Enters: a seed, and the words in `simulated_reports.toml`. Leaves: `Made` reports, each with the incident that
it tells and the report that it was copied from. Called by ``bench.corroboration`` and the tests. Nothing here
happened.
"""

from __future__ import annotations

import random
import re
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path

__all__ = ["COPIES", "KINDS", "SAID", "Happened", "Made", "happenings", "reports"]

SAID = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))
KINDS = SAID["kinds"]
MOST_DEAD = 15


def _numbers(lang: str) -> list[str]:
    return list(SAID[lang]["numbers"].split())


@dataclass(frozen=True)
class Happened:
    """An invented incident: number, day, place, kind (key of `KINDS`), dead."""

    number: int
    day: date
    place: str
    kind: str
    dead: int


@dataclass(frozen=True)
class Made:
    """A report.

    Parameters
    ----------
    name, text, lang : str
        Its name, words and language.
    published : date
        Day of publication.
    told : Happened
        What it tells.
    dead : int
        How many it says died.
    how : str
        "own", or the kind of copy.
    origin : int
        Number of the report whose words it has; its own for an original.
    """

    name: str
    text: str
    lang: str
    published: date
    told: Happened
    dead: int
    how: str
    origin: int


def happenings(rng: random.Random, n: int) -> list[Happened]:
    """Make up incidents; every fourth shares day and place with the one before, and is another.

    Of these three in five differ in tactic and toll, one in five in the tactic, one in five in the toll.
    """
    found: list[Happened] = []
    for number in range(n):
        day = date(2016, 1, 4) + timedelta(days=rng.randrange(3 * n))
        place, kind, dead = rng.choice(SAID["places"]), rng.choice(sorted(KINDS)), rng.randint(2, MOST_DEAD)
        if number % 4 == 3:
            twin = found[-1]
            day, place = twin.day, twin.place
            differs = rng.choice(("both", "both", "both", "kind", "dead"))
            others = [k for k in sorted(KINDS) if k != twin.kind]
            tolls = [d for d in range(2, MOST_DEAD + 1) if abs(d - twin.dead) > 2]
            kind = twin.kind if differs == "dead" else rng.choice(others)
            dead = twin.dead if differs == "kind" else rng.choice(tolls)
        found.append(Happened(number, day, place, kind, dead))
    return found


def reports(seed: int, n: int) -> list[Made]:
    """Make reports of `n` incidents, about eight of each, in the order in which they were made."""
    rng = random.Random(seed)
    out: list[Made] = []
    for h in happenings(rng, n):
        first = len(out)
        for lang in rng.choices(("en", "fr"), k=rng.randint(2, 3)):
            off = rng.choice((0, 0, 0, 1, -1))
            out.append(_own(rng, h, lang, len(out), dead=min(MOST_DEAD, max(2, h.dead + off))))
        for how in rng.sample(sorted(COPIES), k=5):
            source = out[rng.randrange(first, len(out))]
            source = out[source.origin]
            copy = COPIES[how](rng, source)
            later = source.published + timedelta(days=rng.randint(0, 1))
            out.append(
                replace(copy, name=f"{len(out):05d}.txt", published=later, how=how, origin=source.origin)
            )
    return out


def _own(rng: random.Random, h: Happened, lang: str, number: int, *, dead: int) -> Made:
    said = SAID[lang]
    who, how = KINDS[h.kind][lang]
    says, n = rng.choice(said["says"]), _numbers(lang)[dead - 1]
    told = {
        "n": n, "N": n.capitalize(), "who": who, "how": how, "How": _upper(how), "says": says,
        "Says": _upper(says), "place": h.place, "day": said["weekdays"].split()[h.day.weekday()],
    }  # fmt: skip
    lead = rng.choice(said["leads"]).format(**told)
    details = [_detail(rng, d, lang, h.place) for d in rng.sample(said["details"], k=rng.randint(5, 8))]
    background = rng.sample(said["background"], k=rng.randint(1, 2))
    text = "\n\n".join((lead, " ".join(details[:3]), " ".join(details[3:]), " ".join(background)))
    published = h.day + timedelta(days=rng.randint(0, 2))
    return Made(f"{number:05d}.txt", text, lang, published, h, dead, "own", number)


def _upper(text: str) -> str:
    return text[:1].upper() + text[1:]


def _detail(rng: random.Random, text: str, lang: str, place: str) -> str:
    fill = {k: rng.choice(v) for k, v in SAID[lang]["fill"].items()}
    other = rng.choice([p for p in SAID["places"] if p != place])
    m, w = (rng.choice(_numbers(lang)[1:9]) for _ in "12")
    hour = (
        f"{rng.randint(1, 12)} {rng.choice(('a.m.', 'p.m.'))}"
        if lang == "en"
        else f"{rng.randint(0, 23)} heures"
    )
    return text.format(
        **fill, other=other, m=m, W=w.capitalize(), hour=hour, km=rng.randint(3, 90), place=place
    )


def _sentences(text: str) -> list[str]:
    return [s for s in re.split(r"(?<=[.»])\s+", text) if s]


def _verbatim(rng: random.Random, m: Made) -> Made:
    head = rng.choice(SAID[m.lang]["headings"]).format(m.told.place)
    return replace(m, text=f"{head}\n\n{m.text}\n\n{SAID[m.lang]['footer']}")


def _edited(rng: random.Random, m: Made) -> Made:
    """Change or drop about one word in twelve, but none of the first sentence."""
    lead, *rest = m.text.split("\n\n")
    words = [w for w in " ".join(rest).split() if rng.random() > 0.05]
    words = [rng.choice(words) if rng.random() < 0.035 else w for w in words]
    return replace(m, text=f"{lead}\n\n{' '.join(words)}")


def _cut(rng: random.Random, m: Made) -> Made:
    """Keep the first third to two thirds."""
    every = _sentences(m.text)
    return replace(m, text=" ".join(every[: max(3, int(len(every) * rng.uniform(0.34, 0.67)))]))


def _quoted(rng: random.Random, m: Made) -> Made:
    """Tell of the incident in the very sentences of another, amid words of one's own."""
    lead, *rest = _sentences(m.text)
    own = [_detail(rng, d, m.lang, m.told.place) for d in rng.sample(SAID[m.lang]["details"], k=7)]
    return replace(m, text=f"{' '.join(own[:2])}\n\n{lead} {rest[0]}\n\n{' '.join(own[2:])}")


def _updated(rng: random.Random, m: Made) -> Made:
    """Raise the toll in the first sentence, and shuffle the rest."""
    more = min(m.dead + rng.randint(1, 2), MOST_DEAD)
    old, new = (_numbers(m.lang)[n - 1] for n in (m.dead, more))
    lead, *rest = m.text.split("\n\n")
    lead = re.sub(rf"\b{old}\b", new, lead)
    lead = re.sub(rf"\b{old.capitalize()}\b", new.capitalize(), lead)
    rng.shuffle(rest)
    return replace(m, text="\n\n".join((lead, *rest)), dead=more)


def _retyped(rng: random.Random, m: Made) -> Made:
    """Lose accents, change quotes and wrap lines anew, as by a copy over several programs."""
    del rng
    plain = m.text.replace("’", "'").replace("«", '"').replace("»", '"').replace(" ", "\u00a0", 3)
    return replace(m, text=re.sub(r"(.{60,80}?) ", r"\1\n", plain))


COPIES = {
    "verbatim": _verbatim, "edited": _edited, "cut": _cut, "quoted": _quoted, "updated": _updated,
    "retyped": _retyped,
}  # fmt: skip


def pairs(groups: Sequence[Sequence[int]]) -> Iterator[tuple[int, int]]:
    """Yield every pair of numbers that share a group."""
    for g in groups:
        yield from ((a, b) for k, a in enumerate(sorted(g)) for b in sorted(g)[k + 1 :])
