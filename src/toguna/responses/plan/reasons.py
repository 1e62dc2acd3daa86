"""Why a portion is in a plan, in plain words: need, evidence or its absence, rules, forecast.

Enters: a `Setting`, a plan, one of its portions. Leaves: sentences, and why there is nothing in an area.
Called by `toguna.responses.plan.plan`.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from toguna.core.language import Language
from toguna.responses.evidence import Prior
from toguna.responses.plan.assemble import Setting
from toguna.responses.plan.constraints import offered
from toguna.responses.plan.cuts import Cuts
from toguna.responses.plan.problem import Floats, Problem
from toguna.responses.plan.rules import Rule
from toguna.responses.plan.value import Worth

__all__ = ["Bare", "bare", "grounds", "reasons"]


def reasons(setting: Setting, x: Floats, at: tuple[int, int, int], lang: Language) -> list[str]:
    """Return the reasons of portions (m, a, q)."""
    m, a, _ = at
    problem = setting.problem
    option = problem.options[m]
    belief = setting.priors[option.id]
    said = [_forecast(setting, a, lang)]
    if problem.reach[m, a] > 0:
        said.append(_need(setting, a, lang))
    said.append(_evidence(belief, lang))
    said += [_companion(rule.text, lang) for rule in problem.rules if _needed(setting, x, at, rule.id)]
    shares = [r for r in problem.rules if _served(problem, r, m, a)]
    if belief.mean >= 0 and not problem.reach[m, a] > 0 and shares:
        said.append(lang("It is here for a rule: “{text}”.", text=shares[0].text[lang.code]))
    if setting.measures[option.id].external:
        said.append(lang("Another actor decides this."))
    return said


def _served(problem: Problem, rule: Rule, m: int, a: int) -> bool:
    """Whether a rule asks for something like this measure in this area."""
    option = problem.options[m]
    if rule.kind == "answer-warnings":
        return option.id in rule.measures and problem.areas[a] in problem.warned
    return rule.kind == "least-share" and (option.pillar in rule.pillars or option.id in rule.measures)


def _forecast(setting: Setting, a: int, lang: Language) -> str:
    deaths = setting.problem.harm.mean(axis=0)[a].sum()
    return lang("Forecast: {deaths} deaths in {n} months.", deaths=lang.number(float(deaths)),
                n=3 * len(setting.problem.quarters))  # fmt: skip


def _need(setting: Setting, a: int, lang: Language) -> str:
    figures, score = int(setting.need.figures[a]), float(setting.need.score[a])
    if not figures:
        return lang("It serves need, of which no figure is known here.")
    return lang.plural(
        "It serves need: index {score} of 1, from {n} published figure.",
        "It serves need: index {score} of 1, from {n} published figures.",
        figures,
        score=lang.number(score, 2),
    )


def _evidence(belief: Prior, lang: Language) -> str:
    if not belief.evidence:
        return lang("On violence: no evidence found.")
    told = {
        lang("it fell in {n}", n=belief.directions["fall"]): belief.directions["fall"],
        lang("no change in {n}", n=belief.directions["none"]): belief.directions["none"],
        lang("it rose in {n}", n=belief.directions["rise"]): belief.directions["rise"],
        lang("mixed in {n}", n=belief.directions["mixed"]): belief.directions["mixed"],
    }
    return lang.plural(
        "On violence: {n} row of evidence ({found}); chance that it adds harm: {harm}.",
        "On violence: {n} rows of evidence ({found}); chance that it adds harm: {harm}.",
        len(belief.evidence),
        found=", ".join(words for words, n in told.items() if n),
        harm=lang.percent(belief.chance_of_harm),
    )


def _companion(text: dict[str, str], lang: Language) -> str:
    return lang("Other measures here need it: “{text}”.", text=text[lang.code])


def _needed(setting: Setting, x: Floats, at: tuple[int, int, int], id: str) -> bool:
    """Whether a rule wants this portion for others in the same area."""
    m, a, q = at
    problem = setting.problem
    rule = next(r for r in problem.rules if r.id == id)
    if rule.kind not in ("together", "before") or problem.options[m].id not in rule.any_of:
        return False
    others = [i for i, option in enumerate(problem.options) if option.id in rule.measures]
    since = x[others, a, q:] if rule.kind == "before" else x[others, a, q]
    return bool(np.any(since > 0))


@dataclass(frozen=True, slots=True)
class Bare:
    """An area where nothing is begun, and what speaks against it.

    Parameters
    ----------
    area : str
    deaths : float
        Forecast there over all quarters, on average.
    cover : float
        Share of its people that a full programme acts on, above 0, at most 1.
    measure : str
        The best that could be begun there.
    gain : float
        What one portion of it would add to the score, as a share of what the best further portion adds in an
        area where something is begun; below 0: it takes from the score.
    """

    area: str
    deaths: float
    cover: float
    measure: str
    gain: float

    def as_dict(self) -> dict[str, Any]:
        """Return plain values for JSON."""
        return {k: round(v, 4) if isinstance(v, float) else v for k, v in asdict(self).items()}


def bare(problem: Problem, x: Floats) -> list[Bare]:
    """Return the areas where nothing is begun, most deaths first; none for an empty plan."""
    begun = x.any(axis=(0, 2))
    if not begun.any():
        return []
    slopes = np.where(
        (x < offered(problem)) & (problem.limits.quarter > 0), Cuts(Worth(problem)).slopes(x), -np.inf
    )
    best = float(slopes[:, begun].max())
    deaths, found = problem.harm.mean(axis=0).sum(axis=1), []
    for a in np.nonzero(~begun)[0]:
        m = int(slopes[:, a].max(axis=1).argmax())
        gain = float(slopes[m, a].max()) / best if best > 0 else 0.0
        found.append(
            Bare(problem.areas[a], float(deaths[a]), float(problem.cover[a]), problem.options[m].id, gain)
        )
    return sorted(found, key=lambda one: (-one.deaths, one.area))


def grounds(setting: Setting, x: Floats) -> dict[str, int]:
    """Count portions by what speaks for them: evidence on violence, need alone, or neither."""
    problem, found = setting.problem, {"evidence": 0, "need": 0, "neither": 0}
    for m, a in zip(*np.nonzero(x.any(axis=2)), strict=True):
        serves = "need" if problem.reach[m, a] > 0 else "neither"
        ground = "evidence" if setting.priors[problem.options[m].id].evidence else serves
        found[ground] += int(x[m, a].sum())
    return found
