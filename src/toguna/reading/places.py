"""Places in a text: names of the gazetteer, unknown names where a place must stand, and their part.

Enters: a text, its folded twin, the gazetteer. Leaves: `Place` values with offsets: what the name can
mean, how it was cued, and whether it can be where something happened (a dateline, a hospital and the
seat of a speaker cannot). Called by `toguna.reading.marks`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache, lru_cache

from toguna.core.text import fold
from toguna.reading.gazetteer import Gazetteer, Spot, capital_of, country_names, demonyms, people_of
from toguna.reading.initials import by_initial
from toguna.reading.lexicon import phrase, plain, raw, words

__all__ = [
    "ADDRESS",
    "NAME",
    "PARTICLE",
    "Place",
    "countries_in",
    "dateline",
    "is_kind",
    "is_kind_after",
    "namely",
    "places",
]


@dataclass(frozen=True, slots=True)
class Place:
    """A place that a text names.

    Parameters
    ----------
    start, end : int
        Extent of the name.
    name : str
        As written.
    level : {"point", "admin3", "admin2", "admin1", "area", "country"}
        What the words make it.
    spots : tuple of Spot
        What it can mean, likeliest first; empty for a name that the gazetteer does not hold.
    role : {"scene", "near", "away", "seat", "dateline", "bare", "name"}
        Its part: where something happens, what that is near to, somewhere else, the seat of an office,
        the agency's desk, named without a word of place before it, or any other name
        (`toguna.reading.names`).
    """

    start: int
    end: int
    name: str
    level: str
    spots: tuple[Spot, ...]
    role: str


_IS_A = re.compile(
    r"[^,.;]{3,30}, (?:a|an|un|une) (?:\w+ )?(?:village|hamlet|town|hameau|localite|ville)\b"
    r"(?! (?:close|near|voisin))"
)
QUARTER = 80  # letters between the name of a quarter and that of its town
FAR_KM = 60
"""A place so far from the scene (km) only says where that lies, and does not stand for it."""

_WORD = re.compile(r"[^\W_]+(?:['’ʼ][^\W_]+)*")
NAME = (
    r"(?:[A-ZÀ-ÖØ-Þ][\w’'ʼ]*)(?:[-’' ](?:[A-ZÀ-ÖØ-Þ][\w’'ʼ]*|el|al|de|du|des|d[’']|n[’']|l[’']))*"
    r"(?:[- ](?:\d{1,2}|[IV]{1,3})\b)?"
)
_KINDS = {level: raw("kinds", level) for level in ("point", "admin3", "admin2", "admin1", "area")}
_KIND_NEXT = {
    level: re.compile(rf" (?:{_KINDS[level]})\b".replace("_", " "))
    for level in ("admin1", "admin2", "admin3")
}
_BROKEN = re.compile(r"[.,;:()\n]")
_LINK = r"(?:\s+(?:of|de|du|des|d'|de la|de l'|called|known as|named|dit|denomme|appele|,)\s*|\s*)"
_AWAY = phrase("places.away")
_NEAR = phrase("places.near")
_DATELINE = phrase("places.dateline")
_SEAT = phrase("places.seat")
_TITLES = phrase("places.titles")
_NO_PLACE, _COMMON = words("places.no_place"), words("places.common")


@cache
def _kind_patterns() -> dict[str, tuple[re.Pattern[str], re.Pattern[str]]]:
    found = {}
    for level, kinds in _KINDS.items():
        said = kinds.replace("_", "[ -]")
        before = re.compile(rf"\b(?:{said}){_LINK}(?:[\"']\s?)?$")
        bare = ", |" if level == "point" else ""  # "X, village de Y" is one; "X, cercle de Y" is no cercle
        after = re.compile(rf"^[\s\"']*(?:{bare}, (?:a|an|the|un|une|le|la)\s)?(?:\w+\s)?(?:{said})\b")
        found[level] = (before, after)
    return found


@cache
def _any_kind() -> re.Pattern[str]:
    """Return one expression for what `_kind_patterns` find before a name, whichever the level."""
    return re.compile("|".join(first.pattern for first, _ in _kind_patterns().values()))


@cache
def _kind_but_area() -> re.Pattern[str]:
    """Return one expression for every kind of place that stands after a name, but for areas."""
    after = (then.pattern for level, (_, then) in _kind_patterns().items() if level != "area")
    return re.compile("|".join(after))


@cache
def _cue(lang: str) -> re.Pattern[str]:
    before = raw("cues", lang)
    return re.compile(
        rf"(?:(?:(?<![\w'])|(?<=qu'))(?:{before})(?:\s(?:the|nearby|neighbou?ring|central|northern|southern|eastern|western|downtown|la|le|les|l'))?\s*|[,(]\s*)$"
    )


def _level(folded: str, start: int, end: int, default: str) -> str:
    before, after = folded[max(0, start - 34) : start], folded[end : end + 26]
    for level, kind in _KIND_NEXT.items():  # "a village of Borno state"
        if kind.match(after):
            return level
    for level, (first, then) in _kind_patterns().items():
        if first.search(before) or then.search(after):
            return level
    return default


def _area_or_near(folded: str, start: int, end: int, role: str) -> tuple[str, str]:
    """Read "the X zone", "the road to X" as near X; a valley, a lake, an island is an area."""
    level = _level(folded, start, end, "")
    if level != "area" or _LAND.search(folded[max(0, start - 34) : start] + "|" + folded[end : end + 26]):
        return level, role
    return "", "near" if role in ("scene", "bare") else role


_LAND = re.compile(r"\b(?:valley|lake|lac|delta|island|ile|borders?|frontieres?)\b")


def _role(folded: str, start: int, lang: str, sentence_start: int) -> str:
    before = folded[max(sentence_start, start - 60) : start]
    if _NEAR.search(before):
        far = re.search(r"(\d{2,3}|cent|hundred)[\s]?(?:km|kilomet|miles?)", before)
        return "away" if far and (not far[1].isdigit() or int(far[1]) > FAR_KM) else "near"
    if _SEAT.search(before) and not _IS_A.match(folded, start):
        return "seat"
    if _AWAY.search(before):
        return "away"
    return "scene" if _cue(lang).search(before) or is_kind(before) else "bare"


def is_kind(before: str) -> bool:
    """Say whether folded words end with a kind of place ("the village of")."""
    return bool(_any_kind().search(before[-34:]))


def is_kind_after(after: str) -> bool:
    """Say whether folded words begin with a kind of place (", a village")."""
    return bool(_kind_patterns()["point"][1].match(after))


_STRAY = re.compile(r"(?:\d{1,4}\s*\n\s*)?")


@lru_cache(maxsize=16)
def dateline(text: str, start: int, end: int) -> tuple[int, int] | None:
    """Return the extent of an agency's dateline at the head of a sentence."""
    start += _STRAY.match(text, start, end).end() - start  # type: ignore[union-attr]
    m = _DATELINE.match(text[start : min(end, start + 110)])
    return (start, start + m.end()) if m else None


def _known(
    text: str, gazetteer: Gazetteer, start: int, end: int
) -> Iterator[tuple[int, int, tuple[Spot, ...]]]:
    """Yield the longest names of the gazetteer that begin with a capital letter."""
    words_ = [(start + m.start(), start + m.end()) for m in re.finditer(r"[^\W_]+", text[start:end])]
    past = start
    for i, (a, b) in enumerate(words_):
        if a < past or not text[a].isupper() or not gazetteer.begins(text[a:b]):
            continue
        ends = (words_[i + n - 1][1] for n in range(min(gazetteer.longest, len(words_) - i, 5), 0, -1))
        named = ((b, gazetteer.find(text[a:b])) for b in ends if b - a < 40 and not _BROKEN.search(text[a:b]))
        found = next(((b, spots) for b, spots in named if spots), None)
        more = _COMPOUND.match(text, found[0], end) if found else None
        if found and not (more and not gazetteer.find(more[1])):
            past = found[0]
            yield a - 2 * bool(_N_BEFORE.search(text, max(start, a - 3), a)), *found


def _longer(text: str, folded: str, b: int, end: int, gazetteer: Gazetteer) -> int | None:
    """Return the end of an unknown name that begins with a known one ("Bobi Mingaw")."""
    m = _MORE.match(text, b, end)
    if m is None or folded[m.end() : m.end() + 1] == ".":
        return None
    said = m[0].split()
    whole = all(
        not (w.isupper() or w.lower() in plain() or fold(w) in _NO_PLACE)
        and not any(s.source != "geonames" for s in gazetteer.find(w))
        and fold(w) not in country_names()
        and not demonyms().search(fold(w))
        for w in said
    )
    return m.end() if whole else None


_MORE = re.compile(r"(?: [A-ZÀ-Þ][a-zà-ÿ’'-]+){1,2}(?!\w)")
_N_BEFORE = re.compile(r"(?<!\w)N['’]$")
"""What belongs to a name though the gazetteer has it without ("N'Goma Coura")."""
_COMPOUND = re.compile(r"-([A-ZÀ-Þ][\w’']+)")


_MONTH = re.compile(
    r"(?:january|february|march|april|may|june|july|august|september|october|november|december) \d"
)


def _doubtful(text: str, folded: str, start: int, end: int, role: str) -> bool:
    """Say whether a known name is likelier a person's name or a plain word here."""
    name = folded[start:end]
    if name in _NO_PLACE or fold(name) in country_names() or _MONTH.match(name):
        return True
    if re.match(r"[\s](?:brigade|katiba|emirate|battalion|process)\b", folded[end : end + 12]):
        return True
    follows = re.match(r"[ -][A-ZÀ-ÖØ-Þ]\w+", text[end : end + 20])
    precedes = re.search(r"[A-ZÀ-ÖØ-Þ][\w’'-]+ $", text[max(0, start - 24) : start])
    person = bool(_TITLES.search(folded[max(0, start - 16) : start])) or bool(follows or precedes)
    if role == "bare":
        return person or len(name) <= 4 or name in _COMMON
    return name in _COMMON and (person or not is_kind(folded[max(0, start - 34) : start])) and len(name) < 9


def namely(said: str, key: str, countries: Mapping[str, str]) -> bool:
    """Say whether words with a capital letter can be the name of a place."""
    other = (
        re.sub(r" \d+$", "", key) in countries
        or key.split(" ", maxsplit=1)[0] in _NO_PLACE
        or demonyms().search(key)
        or _UNKNOWN_NO.match(key)
        or _KIND_ALONE.fullmatch(key)
    )
    acronym = (said.isupper() and len(said) <= 6) or _ELIDED.match(said)
    return not other and not acronym and len(key) >= 3


_ELIDED = re.compile(r"(?![MNK]['’][b-df-gj-np-tv-xz])[A-Z]['’][a-zà-ÿ]")
"""An article or pronoun before a plain word ("L'attaque", "N'ayant"), but no name ("N'gagam")."""
_KIND_ALONE = re.compile("|".join(_KINDS.values()).replace("_", "[ -]"))
_HEAD = re.compile(
    r"(?:"
    + "|".join(_KINDS.values()).replace("_", "[ -]")
    + r")[\s](?:de[\s]|du[\s]|des[\s]|d'|of[\s])?(?=\w)"
)
ADDRESS = re.compile(r"\.(?:com|net|org|info|ml|bf|ne|fr|tv)\b|@")
_LEAD = re.compile(r"(?:From|In|At|Near|To|On|De|Dans|À|A|Entre|Vers|The|Le|La|Les) (?=[A-ZÀ-Þ])")
PARTICLE = re.compile(r"(?:[-’' ](?:el|al|de|du|des|d[’']|n[’']|l[’']|d|l))+$")
_A_NAME, _OWNER = re.compile(NAME), re.compile(r".*['’]s[\s-]")
_KIND_LAST = re.compile(
    r" (?:Village|Town|City|Community|Settlement|Ward|District|LGA|Local Government(?: Area)?)s?$"
)
_PLAIN = {"en": phrase("places.plain_en"), "fr": phrase("places.plain_fr")}
_LIES = phrase("places.lies")
_UNKNOWN_NO = re.compile(
    r"^(?:al|el|ansar|boko|abou?|ag|ould|ben|ibn|mouvement|movement|front|operation|route|rn\d)\b"
)


def _unknown(  # noqa: PLR0917
    text: str,
    folded: str,
    lang: str,
    taken: list[tuple[int, int]],
    span: tuple[int, int],
    gazetteer: Gazetteer,
) -> Iterator[Place]:
    start, end = span
    countries = country_names()
    long = [w for w in _WORD.findall(text[start:end]) if len(w) > 3]
    headline = len(long) > 3 and sum(w[0].isupper() for w in long) > 0.7 * len(long)
    for m in _A_NAME.finditer(text[start:end]):
        a, b = start + m.start(), start + m.end()
        if any(x <= a and b <= y for x, y in taken):
            continue
        if owner := _OWNER.match(text[a:b]):  # "Niger's Tillabery": the owner is told as a country
            a += owner.end()
        if kind := _HEAD.match(folded[a:b]):  # "Commune de X", written with a capital
            a += kind.end()
        if lead := _LEAD.match(text[a:b]):  # "From X" at the head of a sentence
            a += lead.end()
        b -= 2 * text[a:b].endswith(("'s", "’s"))
        if tail := PARTICLE.search(text[a:b]):  # "Chef de l'Etat" read up to its article
            b = a + tail.start()
        if kind := _KIND_LAST.search(text[a:b]):  # "Tin Akoff Village"
            b = a + kind.start()
        before, after = folded[max(start, a - 34) : a], folded[b : b + 26]
        if any(x < b and a < y for x, y in taken) or _TITLES.search(before):
            continue
        cued = is_kind(before) or _kind_but_area().match(after)
        plain = _PLAIN[lang].search(before) or _LIES.match(folded[b : b + 60])
        key = fold(text[a:b])
        if ADDRESS.match(folded[b : b + 6]):
            continue
        if a == start and not is_kind(before) and not plain and folded[b : b + 1] == " ":
            continue  # "Refugee camp", "Another village": the first word of a sentence bears a capital anyway
        if not (cued or (plain and not headline)) or not namely(text[a:b], key, countries):
            continue
        role = _role(folded, a, lang, start)
        level, role = _area_or_near(folded, a, b, "scene" if role == "bare" else role)
        yield Place(
            a,
            b,
            text[a:b],
            level or "point",
            gazetteer.alike(text[a:b]) if level in ("", "point") else (),
            role,
        )


def places(
    text: str,
    folded: str,
    lang: str,
    gazetteer: Gazetteer,
    *,
    span: tuple[int, int],
    taken: list[tuple[int, int]],
) -> list[Place]:
    """Find the places of one sentence, in order.

    Parameters
    ----------
    text, folded : str
        The text and its folded twin.
    span : tuple of int
        Extent of the sentence.
    taken : list of (int, int)
        Extents that are something else (names of organisations).
    """
    start, end = span
    line = dateline(text, start, end)
    found: list[Place] = []
    for a, b, spots in _known(text, gazetteer, start, end):
        if any(x < b and a < y for x, y in taken):
            continue
        desk = bool(line and b <= line[1]) or _desk(text, a, b, span)
        role = "dateline" if desk else _role(folded, a, lang, start)
        if fold(text[a:b]) in country_names() or (role != "dateline" and _doubtful(text, folded, a, b, role)):
            continue
        if role in ("scene", "near") and (more := _longer(text, folded, b, end, gazetteer)):
            found.append(Place(a, more, text[a:more], _level(folded, a, more, "point"), (), role))
            continue
        level, role = _area_or_near(folded, a, b, role)
        kept = tuple(s for s in spots if s.level == level) if level in ("admin1", "admin2") else spots
        found.append(Place(a, b, text[a:b], level or spots[0].level, kept or spots, role))
    found = _joined(text, found)
    extents = [*taken, *((p.start, p.end) for p in found)] + ([line] if line else [])
    found += _unknown(text, folded, lang, extents, span, gazetteer)
    if not any(p.role in ("scene", "near") for p in found):
        found += _capital(text, folded, gazetteer, span)
    found = _between(folded, sorted(found, key=lambda p: p.start))
    return _quarters([_aside(folded, p, found[i - 1] if i else None) for i, p in enumerate(found)])


def _aside(folded: str, p: Place, before: Place | None) -> Place:
    """Read "X (Y)" as X in Y, "X, Y and Z" as X, as one place must stand; "the X mine" is only near X."""
    if p.role not in ("scene", "bare"):
        return p
    gap = folded[before.end : p.start] if before and before.role in ("scene", "bare", "near") else ""
    listed = before is not None and before.role == "scene" and p.level == before.level
    named = _WORKS.match(folded[p.end : p.end + 16]) or _WORKS_OF.search(
        folded[max(0, p.start - 24) : p.start]
    )
    if named:
        return replace(p, role="near", level="area" if p.role == "scene" else p.level)
    if (gap and _INSIDE.fullmatch(gap)) or (listed and p.spots == () and _LISTED.fullmatch(gap)):
        return replace(p, role="near")
    return p


_INSIDE = re.compile(
    r" ?\((?:(?:dans|in) )?(?:(?:the|la|le|l') ?)?"
    r"(?:(?:region|cercle|province|commune|district) (?:de |d'|of |du )?)?"
)
_LISTED = re.compile(r"(?:,| et| and) (?:a |in |at )?")
_WORKS = re.compile(r" (?:gold |uranium )?(?:mines?|dam|mining)\b")
_WORKS_OF = re.compile(r"\b(?:mines?(?: d'or)?|barrage|dam) (?:de |d'|du |of )$")


def _desk(text: str, a: int, b: int, span: tuple[int, int]) -> bool:
    """Say whether a name in capitals heads a sentence that is not: a dateline without its dash."""
    after = text[b : min(span[1], b + 60)]
    return (
        a - span[0] <= 4 < b - a and text[a:b].isupper() and sum(c.islower() for c in after) > len(after) // 2
    )


def _quarters(found: list[Place]) -> list[Place]:
    """Let a capital stand for the quarter of it that the words before it name ("at X in the capital Y")."""
    seats = [p for p in found if p.role == "scene" and any(s.name == capital_of(s.country) for s in p.spots)]
    return [
        replace(p, role="near")
        if p.role == "scene" and _loose(p) and any(0 < s.start - p.end < QUARTER for s in seats)
        else p
        for p in found
    ]


def _loose(p: Place) -> bool:
    """Say whether nothing but its spelling ties a name to a place of the gazetteer."""
    return not any(s.source != "geonames" or s.admin1 for s in p.spots)


def _between(folded: str, found: list[Place]) -> list[Place]:
    """Let the first of "between A and B", "on the road from A to B" stand for the road, as one place must."""
    return [
        replace(p, role="near")
        if i
        and p.role == "scene"
        and _BETWEEN.search(folded[max(0, found[i - 1].start - 30) : found[i - 1].start])
        and _OTHER_END.fullmatch(folded[found[i - 1].end : p.start])
        else p
        for i, p in enumerate(found)
    ]


_BETWEEN = phrase("places.ends")
_OTHER_END = re.compile(r"(?: \([^()]*\))?,? (?:et|and|a|to|vers) (?:la |le |l')?")


def _joined(text: str, found: list[Place]) -> list[Place]:
    """Make one place of a road's two ends ("the A-B road")."""
    out: list[Place] = []
    for p in found:
        last = out[-1] if out else None
        if last and re.fullmatch(r"\s?[-–—]\s?", text[last.end : p.start]):
            out[-1] = Place(
                last.start, p.end, text[last.start : p.end], "point", last.spots + p.spots, last.role
            )
        else:
            out.append(p)
    return out


_CAPITAL = phrase("places.capital")


def _capital(text: str, folded: str, gazetteer: Gazetteer, span: tuple[int, int]) -> Iterator[Place]:
    """Read "the capital" as the seat of the country that the sentence names, else of the theatre's."""
    m = _CAPITAL.search(folded, *span)
    if (
        m is None
        or _role(folded, m.start("word"), "en", span[0]) in ("away", "seat", "near")
        or re.search(
            r"(?:regional|provincial|state|region\w*) $",
            folded[max(0, m.start("word") - 12) : m.start("word")],
        )
    ):
        return
    named = sorted(gazetteer.named) if len(gazetteer.named) == 1 else gazetteer.home[:1]
    said = [c for at, c, _ in countries_in(folded, *span)] or list(named)
    name = capital_of(said[0]) if said else None
    if name:
        yield Place(m.start("word"), m.end("word"), name, "point", gazetteer.find(name), "scene")


def countries_in(folded: str, start: int, end: int) -> list[tuple[int, str, bool]]:
    """Find countries between two offsets: where, ISO code, and whether by its name (else by its people)."""
    names = _country_pattern()
    found = [(m.start(), country_names()[fold(m.group())], True) for m in names.finditer(folded, start, end)]
    found += [(m.start(), people_of(m), False) for m in demonyms().finditer(folded, start, end)]
    return sorted(found)


@cache
def _country_pattern() -> re.Pattern[str]:
    names = sorted((n for n in country_names() if len(n) > 3), key=len, reverse=True)
    body, _ = by_initial(("country", re.escape(n).replace(r"\ ", r"[ '-]")) for n in names)
    return re.compile(rf"(?<!\w)(?:{body})(?![\w-])")
