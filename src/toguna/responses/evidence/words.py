"""Say how a prior came about, step by step, in every language.

Enters: a `Prior` and the catalogue. Leaves: sentences by language. Called by
`toguna.responses.evidence.prior`.
"""

from __future__ import annotations

from collections.abc import Callable

from toguna.core.language import LANGUAGES, Language
from toguna.responses.evidence.catalogue import Catalogue, Effect
from toguna.responses.evidence.mixture import Entry, Prior

__all__ = ["change", "derivation", "kind"]


def derivation(found: Prior, catalogue: Catalogue, setting: str) -> tuple[dict[str, str], ...]:
    """Return the steps of a derivation in words: rows, halving, spread, mixture, what came out."""
    rows = {e.id: e for e in catalogue.of(found.measure)}
    steps = [_both(lambda lang: kind(lang, found))]
    if not found.entries:
        steps.append(_both(_nothing_found))
    for entry in found.entries:
        steps.append(_both(lambda lang, e=entry: _entered(lang, e, rows[e.effect])))  # type: ignore[misc]
    if found.entries:
        steps.append(_both(lambda lang: _mixed(lang, found)))
    steps += _beside(found, setting)
    steps.append(_both(lambda lang: _outcome(lang, found)))
    return tuple(steps)


def _both(say: Callable[[Language], str]) -> dict[str, str]:
    return {code: Language(code).typeset(say(Language(code))) for code in LANGUAGES}


def change(lang: Language, share: float) -> str:
    """Say a proportional change with its sign, in whole or tenth percent."""
    digits = 0 if abs(share) >= 0.1 else 1
    text = lang.percent(abs(share), digits)
    return text if round(share, 3) == 0 else ("+" if share > 0 else "−") + text


def kind(lang: Language, found: Prior) -> str:
    """Say in plain words what sort of evidence there is."""
    if found.kind == "none":
        return lang("No evidence found: no study at hand measures what this does to violence.")
    if found.kind == "need":
        return lang(
            "Justified by need, not by a fall of violence: no fall is credited; reported rises count."
        )
    if found.kind == "conflicting":
        return lang("Results conflict: they are kept side by side, never averaged.")
    if found.kind == "direction" and not (found.directions["fall"] or found.directions["rise"]):
        return lang("Studies saw no change of harm; nothing is credited.")
    if found.kind == "direction":
        return lang("Only a direction is known, no size that can be carried over.")
    return lang("A size was published; it is shrunk and kept wide.")


def _nothing_found(lang: Language) -> str:
    return lang("With nothing to go by, a rise of harm is held to be about as likely as a fall.")


def _source(lang: Language, row: Effect) -> str:
    first = row.citation.split(" ")[0].rstrip(",")
    first = lang("author not stated") if first.isdigit() else first
    place = row.setting or lang("place not stated")
    when = str(row.year) if row.year else lang("year not stated")
    return f"{row.id} ({first}, {when}; {place})"


def _entered(lang: Language, entry: Entry, row: Effect) -> str:
    c = entry.component
    values = {
        "row": _source(lang, row),
        "centre": change(lang, c.centre),
        "sd": lang.percent(c.sd),
        "weight": lang.percent(c.weight),
    }
    if entry.stated is not None:
        text = lang(
            "{row}: published size {stated}; centre {centre}, standard deviation {sd}, weight {weight}",
            stated=change(lang, entry.stated), **values,
        )  # fmt: skip
    else:
        text = lang(
            "{row}: {said}, no size; centre {centre}, standard deviation {sd}, weight {weight}",
            said=_said(lang, entry.harm), **values,
        )  # fmt: skip
    return text + _why(lang, entry) + "."


def _said(lang: Language, harm: str) -> str:
    words = {
        "fall": lang("harm falls"),
        "none": lang("no change of harm seen"),
        "rise": lang("harm rises"),
        "mixed": lang("falls and rises both reported"),
    }
    return words[harm]


def _why(lang: Language, entry: Entry) -> str:
    reasons = [
        (entry.outside and entry.harm != "none", lang("halved: from elsewhere")),
        (entry.weak and entry.harm != "none", lang("halved: a weak study")),
        (entry.proxy and entry.harm != "none", lang("halved: not violence itself")),
        (not entry.credited, lang("the fall is not credited")),
    ]
    said = [words for holds, words in reasons if holds]
    return f" ({'; '.join(said)})" if said else ""


def _mixed(lang: Language, found: Prior) -> str:
    return lang(
        "Studies weigh alike, rows of one study share its weight ({n} studies); the rest, {rest}, goes to "
        '"it does nothing here".',
        n=found.studies,
        rest=lang.percent(found.components[-1].weight),
    )


def _beside(found: Prior, setting: str) -> list[dict[str, str]]:
    out = []
    if found.entries and not setting:
        out.append(
            _both(
                lambda lang: lang("No setting is named for this theatre: every row counts as from elsewhere.")
            )
        )
    if found.shown:
        out.append(_both(lambda lang: _shown(lang, found)))
    if found.adverse:
        out.append(_both(lambda lang: lang("Other harm reported: {rows}.", rows=", ".join(found.adverse))))
    if found.later:
        out.append(_both(lambda lang: _later(lang, found)))
    return out


def _shown(lang: Language, found: Prior) -> str:
    return lang.plural(
        "{n} row on views or other outcomes is shown and does not enter: {rows}.",
        "{n} rows on views or other outcomes are shown and do not enter: {rows}.",
        len(found.shown),
        rows=", ".join(found.shown),
    )


def _later(lang: Language, found: Prior) -> str:
    return lang.plural(
        "{n} row published later, or in a year not known, was left out: {rows}.",
        "{n} rows published later, or in a year not known, were left out: {rows}.",
        len(found.later),
        rows=", ".join(found.later),
    )


def _outcome(lang: Language, found: Prior) -> str:
    low, high = found.interval
    return lang(
        "Prior: harm changes by {mean} per unit on average, 90% interval {low} to {high}; "
        "chance that it rises: {chance}.",
        mean=change(lang, found.mean),
        low=change(lang, low),
        high=change(lang, high),
        chance=lang.percent(found.chance_of_harm),
    )
