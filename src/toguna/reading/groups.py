"""Organisations in a text: every name the registry holds, and well-known groups beyond it.

Enters: a text and a `Registry`. Leaves: `Group` values with offsets and the actor that is meant.
Called by `toguna.reading.marks`.

Short names in capitals ("IS", "CMA") count only in capitals; a name that several organisations bear
is kept with its alternatives.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from functools import cache, lru_cache
from importlib.resources import files

from toguna.actors.registry import Registry
from toguna.core.text import fold
from toguna.reading.gazetteer import country_names

__all__ = ["Group", "Groups"]

STATE = ("state_force", "international_force", "mercenary")
_PARENTHESES = re.compile(r"\(([^()]*)\)")


@dataclass(frozen=True, slots=True)
class Group:
    """A mention of an organisation: its extent, the ids it can mean (surest first), and its kind.

    `tied` is True where it only says whom another is close to ("the al-Qaeda-linked group").
    """

    start: int
    end: int
    ids: tuple[str, ...]
    kind: str
    tied: bool = False

    @property
    def id(self) -> str:
        """The organisation meant, the first when several bear the name."""
        return self.ids[0]

    @property
    def armed_group(self) -> bool:
        """Whether it is no force of a state or of an international mission."""
        return self.kind not in (*STATE, "unknown")


@cache
def _shipped() -> tuple[tuple[str, str, str], ...]:
    text = files("toguna.reading").joinpath("data/groups.csv").read_text(encoding="utf-8")
    rows = csv.DictReader(text.splitlines())
    named = ((row, (*row["names"].split("|"), row["id"].replace("_", " "))) for row in rows)
    return tuple((name, row["id"], row["kind"]) for row, names in named for name in names)


@dataclass(frozen=True)
class Groups:
    """The names of organisations, ready to be found in texts."""

    names: dict[str, tuple[tuple[str, ...], str, bool]] = field(repr=False)
    firsts: frozenset[str] = field(repr=False)
    longest: int
    army: str
    unknown: str
    unnamed_jihadist: str

    @classmethod
    def build(cls, registry: Registry) -> Groups:
        """Collect names; those of the registry come before those shipped."""
        found: dict[str, dict[str, str]] = {}
        written: dict[str, str] = {}
        for name, id_, kind in _own(registry):
            found.setdefault(fold(name), {})[id_] = kind
            written.setdefault(fold(name), name)
        held = set(found)
        known = {i: next(iter(found[fold(n)])) for n, i, _ in _shipped() if fold(n) in held}
        for name, shipped_id, kind in _shipped():
            key, id_ = fold(name), known.get(shipped_id, shipped_id)  # the registry's, if it knows one name
            if key not in held:
                found.setdefault(key, {})[id_] = registry.kind(id_) if id_ in registry.actors else kind
                written.setdefault(key, name)
        names = {
            key: (tuple(ids), next(iter(ids.values())), _strict(written[key]))
            for key, ids in found.items()
            if len(key) > 1 and key not in country_names()
        }
        firsts = frozenset(k.split()[0] for k in names)
        longest = max((len(k.split()) for k in names), default=1)
        return cls(names, firsts, longest, _army(registry), *_unknowns(registry))

    def kind(self, actor: str) -> str:
        """Return the kind of an organisation beyond the registry; "unknown" when none bears the id."""
        return next((kind for _, i, kind in _shipped() if i == actor), "unknown")

    def army_of(self, country: str, home: Collection[str]) -> str:
        """Return the id of a country's army: the registry's at home, else that of the shipped names."""
        if not country or country in home:
            return self.army
        id_ = f"FDS_{country}"
        own = next((n for n, i, _ in _shipped() if i == id_), None)
        entry = self.names.get(fold(own)) if own else None
        return entry[0][0] if entry else id_

    def find(self, text: str, start: int, end: int) -> list[Group]:
        """Find the organisations between two offsets, the longest names first, without overlap."""
        words = [(start + m.start(), start + m.end()) for m in re.finditer(r"[^\W_]+", text[start:end])]
        bare = [_word(text[a:b]) for a, b in words]
        found: list[Group] = []
        past = start
        for i, (a, _) in enumerate(words):
            if a < past or bare[i] not in self.firsts:
                continue
            for n in range(min(self.longest, len(words) - i), 0, -1):
                entry = self.names.get(" ".join(bare[i : i + n]))
                if entry and _written(text, a, words[i + n - 1][1], entry):
                    past = words[i + n - 1][1]
                    found.append(Group(a, past, entry[0], entry[1]))
                    break
        return _merged(text, found)


@lru_cache(maxsize=20_000)
def _word(said: str) -> str:
    return fold(said)


def _strict(name: str) -> bool:
    return (name.isupper() and len(name) <= 5) or (name[:1].isupper() and " " not in name.strip())


def _written(text: str, start: int, end: int, entry: tuple[tuple[str, ...], str, bool]) -> bool:
    """Say whether a name stands as one: with a capital, in several words, or as a militia's plain name."""
    _, kind, strict = entry
    said = text[start:end]
    if "\n\n" in said or re.search(r"[.;:!?,()]", said):
        return False
    if not strict:
        return any(c.isupper() for c in said) or " " in said or kind == "militia"
    return any(c.isupper() for c in said) and (len(said) > 3 or said.isupper())  # "al-Qaeda"


def _merged(text: str, found: list[Group]) -> list[Group]:
    """Join a name and its acronym in parentheses into one mention."""
    out: list[Group] = []
    for group in found:
        last = out[-1] if out else None
        if (
            last
            and set(last.ids) & set(group.ids)
            and re.fullmatch(r"[\s]*[(\[,]?[\s]*(?:or|ou)?[\s]*", text[last.end : group.start])
        ):
            shared = tuple(i for i in group.ids if i in last.ids)
            out[-1] = Group(last.start, group.end, shared, group.kind)
        else:
            out.append(group)
    return out


def _own(registry: Registry) -> Iterator[tuple[str, str, str]]:
    for actor in registry.actors.values():
        if actor.kind == "unknown":
            continue
        spellings = [actor.name, actor.name_fr, *actor.aliases, actor.id.replace("_", " ")]
        spellings += [part for name in spellings for part in _PARENTHESES.findall(name) if not part.islower()]
        said = {bare for name in spellings for bare in _bare(name)}
        yield from ((name, actor.id, actor.kind) for name in sorted(said))


def _bare(name: str) -> Iterator[str]:
    """Yield a name without its qualifier, and without its article; single words in lower case are none."""
    bare = _PARENTHESES.sub("", name).strip()
    for said in (bare, re.sub(r"^(?:the|le|la|les|l['’])\s*", "", bare, flags=re.IGNORECASE)):
        if said and not (said.islower() and " " not in said):
            yield said


def _army(registry: Registry) -> str:
    """Return the organisation that "the army" means: the first force of the state named an army."""
    own = [a for a in registry.actors.values() if a.kind == "state_force"]
    named = [
        a for a in own if re.search(r"\b(?:army|armees?)\b", fold(" ".join((a.name, a.name_fr, *a.aliases))))
    ]
    return (named or own)[0].id if own else "ARMY"


def _unknowns(registry: Registry) -> tuple[str, str]:
    """Return the labels of attackers whom nobody names: of any kind, and jihadists."""
    labels = [a for a in registry.actors.values() if a.kind == "unknown"]
    jihadist = next((a.id for a in labels if "jihad" in fold(a.name)), "UNNAMED_JIHADIST")
    plain = next((a.id for a in labels if "unidentified" in fold(a.name) and a.id != jihadist), "UNKNOWN")
    return plain, jihadist
