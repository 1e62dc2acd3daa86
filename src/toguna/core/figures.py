"""Say effects and chances so that a reader who is no statistician takes them in.

Enters: a number and the language. Leaves: text. Called by the sentences of shifts, headline and briefing.
"""

from __future__ import annotations

from toguna.core.language import Language

__all__ = ["figure", "odds"]


def figure(lang: Language, value: float) -> str:
    """Format an effect or a limit: no digit after the point from 100 on, two below 1.

    Examples
    --------
    >>> figure(Language("en"), 447.4), figure(Language("en"), 0.038)
    ('447', '0.04')
    """
    digits = 0 if abs(value) >= 100 else 1 if abs(value) >= 1 else 2
    return lang.number(value, digits)


def odds(lang: Language, p: float) -> str:
    """Say a probability in plain words, with two digits at most.

    Examples
    --------
    >>> odds(Language("en"), 0.0005), odds(Language("en"), 0.14), odds(Language("en"), 0.226)
    ('about 1 time in 2,000', 'about 1 time in 7', 'about 2 times in 10')
    """
    if p >= 0.195:  # below, whole tenths are too coarse: 14% is not 1 time in 10
        return lang.plural("about {n} time in 10", "about {n} times in 10", round(10 * p))
    if p < 0.0001:
        return lang("less than 1 time in {n}", n=10_000)
    often = 1 / p
    grain = 10 ** max(0, len(str(int(often))) - 2)
    return lang("about 1 time in {n}", n=round(often / grain) * grain)
