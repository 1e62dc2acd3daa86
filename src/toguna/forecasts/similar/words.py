"""Say why two attacks are alike.

Enters: an `Earlier`. Leaves: one sentence by language. Called by the command line and `toguna.room`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from toguna.core.language import Language, Word
from toguna.forecasts.similar.answer import Earlier, Reason

__all__ = ["judgement", "reasons"]

Names = Callable[[str], str]
_SAME_TOLL = 1.5  # ratio of deaths, both plus one, up to which tolls count as of one size


def reasons(lang: Language, earlier: Earlier, name: Names) -> str:
    """List what the two attacks have in common, or how far apart they are.

    Parameters
    ----------
    lang : Language
        To speak in.
    earlier : Earlier
        The earlier attack.
    name : callable
        Names an organisation by its id.
    """
    told = {reason.trait: reason for reason in earlier.reasons}
    said = [_SAY[trait](lang, told[trait]) for trait in _SAY]
    said += [_shared(lang, told[trait], name) for trait in ("family", "claim")]
    return "; ".join(part for part in said if part)


def judgement(lang: Language, earlier: Earlier) -> str:
    """Say whether the same family is behind both: what is stated, or how likely it is."""
    if earlier.stated != "unknown":
        return lang("stated: same family") if earlier.stated == "same" else lang("stated: other family")
    if earlier.probability is None:
        return lang("cannot be said")
    return lang.percent(earlier.probability)


def _place(lang: Language, reason: Reason) -> str:
    km = reason.value
    return lang("{km} km away", km=round(km)) if isinstance(km, float) else lang("place not known")


def _time(lang: Language, reason: Reason) -> str:
    assert isinstance(reason.value, float)
    return lang.plural("{n} day before", "{n} days before", round(reason.value))


def _setting(lang: Language, reason: Reason) -> str:
    return lang("setting: {word}", word=_word(reason)) if reason.value else ""


def _target(lang: Language, reason: Reason) -> str:
    return lang("target: {word}", word=_word(reason)) if reason.value else ""


def _tactic(lang: Language, reason: Reason) -> str:
    return lang("tactic: {word}", word=_word(reason)) if reason.value else ""


def _word(reason: Reason) -> Word:
    return Word(str(reason.value))


def _scale(lang: Language, reason: Reason) -> str:
    ratio = reason.value
    if not isinstance(ratio, float):
        return ""
    return lang("deaths of the same order") if 1 / _SAME_TOLL <= ratio <= _SAME_TOLL else ""


def _shared(lang: Language, reason: Reason, name: Names) -> str:
    if not isinstance(reason.value, tuple):
        return ""
    names = lang.join([name(one) for one in reason.value])
    if reason.trait == "claim":
        return lang("both claimed by {names}", names=names)
    return lang("both blamed on {names} or its family", names=names)


_SAY: Mapping[str, Callable[[Language, Reason], str]] = {
    "place": _place,
    "time": _time,
    "setting": _setting,
    "target": _target,
    "tactic": _tactic,
    "scale": _scale,
}
