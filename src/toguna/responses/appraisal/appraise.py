"""The appraisal itself: what could be seen, what was found, what the checks say, the verdict.

Enters: a `Declaration`, `Counted`. Leaves: an `Appraisal`. Called by the verb `appraise` and the bench.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from toguna.responses.appraisal import interrupted, staggered, synthetic
from toguna.responses.appraisal.counted import Counted
from toguna.responses.appraisal.declaration import Declaration, month_name
from toguna.responses.appraisal.detectable import Detectable, Method, detectable
from toguna.responses.appraisal.study import Estimate, Study
from toguna.responses.appraisal.verdict import Checks, Verdict, judge

__all__ = ["LEVEL", "Appraisal", "appraise", "foretell", "method_of"]

LEVEL = 0.9
_METHODS: dict[str, Method] = {
    "interrupted-series": interrupted.estimate,
    "staggered-difference": staggered.estimate,
    "synthetic-control": synthetic.estimate,
}


@dataclass(frozen=True, slots=True)
class Appraisal:
    """What an appraisal found.

    Parameters
    ----------
    declared : Declaration
    counted : Counted
    detectable : Detectable or None
        What could be seen, from the months before; None when the method cannot be used at all.
    estimate : Estimate
    checks : Checks
    verdict : Verdict
    """

    declared: Declaration
    counted: Counted
    detectable: Detectable | None
    estimate: Estimate
    checks: Checks
    verdict: Verdict

    def as_dict(self) -> dict[str, Any]:
        """Return plain values for JSON."""
        able, checks = self.detectable, self.checks

        def shown(one: Estimate | None) -> dict[str, Any] | None:
            return None if one is None or np.isnan(one.log_ratio) else one.as_dict()

        return {
            "declaration": self.declared.as_dict(),
            "data": {
                "source": self.counted.source,
                "from": month_name(self.counted.first),
                "until": month_name(self.counted.first + len(self.counted.values) - 1),
                "unplaced": self.counted.unplaced,
                "digest": self.counted.digest,
            },
            "detectable": None if able is None else {
                "reduction": able.reduction,
                "power_at_smallest": able.power_at_smallest,
                "false_alarms": able.false_alarms,
                "worlds": able.worlds,
            },
            "level": LEVEL,
            "estimate": shown(self.estimate),
            "path": [{k: round(v, 3) for k, v in row.items()} for row in self.estimate.path],
            "placebo_in_time": shown(checks.before),
            "placebo_in_space": shown(checks.others),
            "neighbours": shown(checks.ring),
            "verdict": self.verdict.said,
            "reasons": list(self.verdict.reasons),
        }  # fmt: skip


def method_of(declared: Declaration) -> Method:
    """Return the method that was declared."""
    return _METHODS[declared.method]


def foretell(study: Study, declared: Declaration, rng: np.random.Generator) -> Detectable | None:
    """Say what could be seen, from the months before; None when the method cannot be used on them."""
    method = method_of(declared)
    if study.first < 2 or not study.counts[: study.first].any():
        return None
    if np.isnan(method(Study(np.ones_like(study.counts), study.starts), LEVEL).log_ratio):
        return None
    return detectable(study, method, smallest=declared.smallest_change, level=LEVEL, rng=rng)


def _placebo_in_time(study: Study, method: Method) -> Estimate | None:
    """Estimate from the months before alone, as if all had begun at two thirds of them."""
    months = study.first
    starts = np.where(study.starts < study.months, 2 * months // 3, months)
    found = method(study.until(months, starts), LEVEL) if months >= 3 else None
    return None if found is None or np.isnan(found.log_ratio) else found


def _others(study: Study) -> Estimate | None:
    """Take the comparison areas of an interrupted series for treated."""
    if not len(study.never):
        return None
    counts = study.counts[:, study.never]
    return interrupted.estimate(Study(counts, np.full(counts.shape[1], study.first)), LEVEL)


def appraise(declared: Declaration, counted: Counted, *, rng: np.random.Generator) -> Appraisal:
    """Appraise.

    Parameters
    ----------
    declared : Declaration
    counted : Counted
        As of a date: nothing here looks at dates of publication.
    rng : numpy Generator

    Returns
    -------
    Appraisal
    """
    study, method = counted.study(declared), method_of(declared)
    able = foretell(study, declared, rng)
    found = method(study, LEVEL)
    ring_method = staggered.estimate if declared.method == "synthetic-control" else method
    checks = Checks(
        before=_placebo_in_time(study, method),
        others=_others(study) if declared.method == "interrupted-series" else None,
        ring=ring_method(counted.study(declared, ring=True), LEVEL) if declared.neighbours else None,
        false_alarms=able.false_alarms if able else 0.0,
    )
    verdict = judge(found, checks, smallest=declared.smallest_change, level=LEVEL)
    return Appraisal(declared, counted, able, found, checks, verdict)
