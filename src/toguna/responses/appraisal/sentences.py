"""An appraisal in words, in each language: what could be seen comes first, the verdict last.

Enters: an `Appraisal`, the `Standing` of its declaration. Leaves: sentences. Called by the verb `appraise`.
"""

from __future__ import annotations

import numpy as np

from toguna.core.figures import figure
from toguna.core.language import LANGUAGES, Language, Word
from toguna.responses.appraisal.appraise import Appraisal
from toguna.responses.appraisal.declaration import month_name
from toguna.responses.appraisal.detectable import Detectable
from toguna.responses.appraisal.logbook import Standing
from toguna.responses.appraisal.study import Estimate

__all__ = ["could_be_seen", "sentences", "standing_in_words"]


def _verdict(L: Language, kind: str, smallest: str) -> str:
    return {
        "reduction": L("Verdict: a reduction."),
        "increase": L("Verdict: an increase."),
        "no-difference": L("Verdict: no difference larger than {smallest}.", smallest=smallest),
        "unknown": L("Verdict: it cannot be known from these data."),
    }[kind]


def _reason(L: Language, kind: str) -> str:
    return {
        "too-few-months": L("There are too few months or counts for this method."),
        "too-few-areas": L(
            "With so few areas, chance alone puts the treated ones first too often to be sure."
        ),
        "parted-before": L(
            "The areas had moved apart before the measure began, so the comparison does not hold."
        ),
        "others-moved-too": L("Areas without the measure moved in the same direction at the same time."),
        "method-unsafe": L("On counts like these the method too often finds changes where there are none."),
        "too-wide": L("The interval holds both no change and changes that would matter."),
        "ring-moved": L(
            "Counts in the neighbouring areas moved too: violence may have been "
            "displaced, or the measure may reach beyond its areas."
        ),
    }[kind]


def _standing(L: Language, kind: str, day: str) -> str:
    return {
        "before-outcome": L("Declared on {day}, before there was an outcome to look at.", day=day),
        "before-look": L(
            "Declared on {day}: the outcome existed by then; in this home nobody had looked at it.", day=day
        ),
        "after-look": L(
            "Declared on {day}, after these counts had been looked at: a suggestion, not a test.", day=day
        ),
        "undeclared": L("Not declared before looking: a suggestion, not a test."),
    }[kind]


def sentences(found: Appraisal, standing: Standing) -> dict[str, list[str]]:
    """Say an appraisal.

    Returns
    -------
    dict
        Language -> sentences: what could be seen; what was counted; the checks; the verdict with its
        reasons; when it was declared; what it is not.
    """
    return {code: _said(Language(code), found, standing) for code in LANGUAGES}


def _said(L: Language, a: Appraisal, standing: Standing) -> list[str]:
    smallest = L.percent(a.declared.smallest_change)
    told = [
        L(
            "{measure}: {outcome} in {areas} since {start}, by {method}.",
            measure=L.typeset(a.declared.measure),
            outcome=Word(a.declared.outcome),
            areas=L.join(list(a.declared.treated)),
            start=month_name(min(a.declared.treated.values())),
            method=Word(a.declared.method),
        ),
        could_be_seen(L, a.detectable, a.declared.smallest_change),
    ]
    if not np.isnan(a.estimate.log_ratio):
        told.append(_counted(L, a.estimate))
    if a.checks.before is not None:
        told.append(
            L("Placebo in time, as if begun at two thirds of the months before: {change}.",
              change=_change(L, a.checks.before))
        )  # fmt: skip
    told.append(_verdict(L, a.verdict.said, smallest))
    told += [_reason(L, reason) for reason in a.verdict.reasons]
    told.append(standing_in_words(L, standing))
    told.append(
        L("Other things that began in the same place at the same time are not told apart from the measure.")
    )
    return told


def standing_in_words(L: Language, standing: Standing) -> str:
    """Say when it was declared."""
    return _standing(L, standing.kind, L.say(standing.declared_on or ""))


def could_be_seen(L: Language, able: Detectable | None, smallest: float) -> str:
    """Say what could be seen at all."""
    if able is None:
        return L(
            "What could be seen cannot be worked out: there are too few months or counts before the measure."
        )
    if able.reduction is None:
        return L("What could be seen: not even the end of all counts would be found 8 times in 10.")
    return L(
        "What could be seen: a reduction of {reduction} or more would be found at least 8 times in 10; one "
        "of {smallest}, the smallest that matters, {power} of the time.",
        reduction=L.percent(able.reduction),
        smallest=L.percent(smallest),
        power=L.percent(able.power_at_smallest),
    )


def _counted(L: Language, one: Estimate) -> str:
    return L(
        "Counted since then: {observed}; expected without the measure: {expected}; {change}.",
        observed=figure(L, one.observed),
        expected=figure(L, one.expected),
        change=_change(L, one),
    )


def _change(L: Language, one: Estimate) -> str:
    if one.low == -np.inf and one.high == np.inf:
        return L("{change}, no interval; p {p}", change=_signed(L, one.log_ratio), p=L.p_value(one.p))
    return L(
        "{change} (90% interval {low} to {high}; p {p})",
        change=_signed(L, one.log_ratio),
        low=_signed(L, one.low),
        high=L("no limit") if one.high == np.inf else _signed(L, one.high),
        p=L.p_value(one.p),
    )


def _signed(L: Language, log: float) -> str:
    share = float(np.expm1(log))
    sign = "+" if share > 0 else "\u2212" if round(share, 2) < 0 else ""
    return sign + L.percent(abs(share))
