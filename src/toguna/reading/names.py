"""Names with a capital letter that may be places, though no gazetteer and no word of place says so.

Enters: a sentence of a text and what else was found in it. Leaves: `Place` values of the role "name".
Called by `toguna.reading.marks`; only `toguna.reading.scenes` weighs them.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from toguna.core.text import fold
from toguna.reading.gazetteer import country_names, demonyms
from toguna.reading.lexicon import plain, words
from toguna.reading.places import ADDRESS, NAME, PARTICLE, Place, namely

__all__ = ["loose_names"]

SHORT = 5
"""Letters: a shorter word at the head of a sentence is no name by itself."""
LONG = 4  # words: a longer run of capitals is a title or an office
_NAME = re.compile(NAME)
_NO_PLACE = words("places.no_place")


def loose_names(
    text: str, folded: str, span: tuple[int, int], taken: Sequence[tuple[int, int]]
) -> list[Place]:
    """Return the names in a sentence that nothing else has taken, but for its first word.

    Parameters
    ----------
    text, folded : str
        The text and its folded twin.
    span : (int, int)
        Extent of the sentence.
    taken : sequence of (int, int)
        Extents that are something else: organisations, places.
    """
    start, end = span
    long = [w for w in _LETTERS.findall(text[start:end]) if len(w) > 3]
    most = 0.8 if text[end - 1 : end] in (".", ";") else 0.6  # a title has no stop
    if len(long) > 3 and sum(w[0].isupper() for w in long) > most * len(long):
        return []  # a title in capitals
    found = []
    for m in _NAME.finditer(text, start, end):
        a, b = m.span()
        if any(x <= a and b <= y for x, y in taken):
            continue
        a, b = _trimmed(text, a, b, start)
        key = fold(text[a:b])
        alone = " " not in text[a:b] and "-" not in text[a:b]
        if alone and (
            _is_plain(text[a:b])
            or (_headed(text, a, start) and b - a < SHORT and not _LISTED.match(text, b, end))
        ):
            continue
        plainly = all(_is_plain(w) for w in _WORD.findall(text[a:b]))
        if plainly or len(key.split()) > LONG or any(x < b and a < y for x, y in taken):
            continue
        if ADDRESS.match(folded[b : b + 6]):
            continue
        if (
            set(key.removeprefix("dogon ").split()) & _NO_PLACE
            or key in country_names()
            or demonyms().search(key)
        ):
            continue
        if namely(text[a:b], key, country_names()):
            found.append(Place(a, b, text[a:b], "point", (), "name"))
    return found


def _trimmed(text: str, a: int, b: int, start: int) -> tuple[int, int]:
    """Return the extent of a name without plain words that stand with it; its sentence starts at `start`."""
    first = _FIRST.match(text, a, b)
    if first and (_headed(text, a, start) or first[1].lower() in _NO_PLACE) and _is_plain(first[1]):
        a = first.end()  # "Where Tin Akoff", at the head of a sentence
    if elided := _ELIDED.match(text, a, b):
        a = elided.end()  # "C'est Telly"
    if (of := _OF.match(text, a, b)) and (_is_plain(of[1]) or of[1].isupper()):
        a = of.end()  # "Attaque de Gandié", "CEG de Bondangou"
    b -= 2 * text[a:b].endswith(("'s", "’s"))
    b = a + len(text[a:b].rstrip(" 0123456789-"))
    if venue := _VENUE.search(text, a, b):  # "Nkwen Market"
        b = venue.start()
    if tail := PARTICLE.search(text[a:b]):  # "Chef de l'Etat" read up to its article
        b = a + tail.start()
    return a, b


_LISTED = re.compile(r"(?:, [A-ZÀ-Þ][\w’'-]+(?: [A-ZÀ-Þ][\w’'-]+)?){0,4}(?:,? (?:and|et) | \()[A-ZÀ-Þ]\w+")
"""What stands after the first name of a list: that it heads a sentence does not make it a plain word."""
_ELIDED = re.compile(r"[A-ZÀ-Þ][’'](?:est|etait|était) (?=[A-ZÀ-Þ])")
_VENUE = re.compile(
    r" (?:(?:Divisional )?Police (?:Station|Post)|(?:Central |Main |Cattle )?Market|Junction|Bridge|Road"
    r"|Base|Camp|Forest|Axis|Highway|Expressway)\b"
)
"""What stands at a place and is told with it."""
_FIRST = re.compile(r"([^\W\d_]+)[ ](?=[A-ZÀ-Þ])")
_OF = re.compile(r"([^\W\d_]+) (?:d[’']|(?:de|du|des) )(?=[A-ZÀ-Þ])")
_WORD, _LETTERS = re.compile(r"[^\W\d_]+"), re.compile(r"[^\W_]+")


def _is_plain(word: str) -> bool:
    return word.lower() in plain() or word.lower() in _NO_PLACE


def _headed(text: str, a: int, start: int) -> bool:
    """Say whether a word heads a sentence or what is quoted or parted in it."""
    return a - start <= 2 or text[max(start, a - 2) : a].strip()[-1:] in '"“«:(•-–—'
