"""How statements about what may come, and about attacks alike, are measured.

Called by `toguna.room.claims.evaluate`; rules as in `measures`, fixed before the first look at a result:
docs/methods/claims.md.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from toguna.core.language import LANGUAGES, Language, in_every_language
from toguna.forecasts.recurrence.sentences import chance_in_words, percent
from toguna.room.claims.measures import SURE, Known, Verdict
from toguna.room.claims.statements import Statement

__all__ = ["LIKELY", "UNLIKELY", "WITHIN", "alike", "recurrence"]

WITHIN = 12
"""Months within which "only a matter of time" must come true."""
LIKELY, UNLIKELY = 0.5, 0.1


def recurrence(s: Statement, k: Known) -> Verdict:
    """Is another attack likelier than not within a year?

    Supported when the lower 90 % limit of the probability is above one half; contradicted when the upper one
    is below one tenth; mixed between. Not testable when the model could not be tried on past days.
    """
    wanted = str(s.settings["question"])
    rows = k.ahead.chances.rows if k.ahead else []
    row = next((r for r in rows if r["question"] == wanted and r["horizon_months"] == WITHIN), None)
    if row is None or not row["record"]["origins"]:
        why = in_every_language(
            "The record is too short to say how likely another attack is and to test that."
        )
        return Verdict("not-testable", why)
    verdict = "supported" if row["low"] > LIKELY else "contradicted" if row["high"] < UNLIKELY else "mixed"
    models = row["record"]["models"]
    others = sorted(one["probability"] for name, one in models.items() if name != row["model"])
    text = {code: _chance(Language(code), row, (others[0], others[-1])) for code in LANGUAGES}
    numbers = {
        **{key: row[key] for key in ("probability", "low", "high", "expected", "model", "alike_here")},
        "others": others,
        "within_months": WITHIN,
        "recurrence": row["id"],
    }
    return Verdict(verdict, text, numbers, tuple(row["event_ids"]))


def _chance(L: Language, row: dict[str, Any], others: tuple[float, float]) -> str:
    return L.plural(
        "Within 12 months {odds}: {chance} (90% interval {low} to {high}), from {n} such attack on record; "
        "the other models say {least} to {most}. A forecast from past dates, which knows no reason.",
        "Within 12 months {odds}: {chance} (90% interval {low} to {high}), from {n} such attacks on record; "
        "the other models say {least} to {most}. A forecast from past dates, which knows no reason.",
        row["alike_here"],
        odds=chance_in_words(L, row["probability"]),
        chance=percent(L, row["probability"]),
        low=percent(L, row["low"]),
        high=percent(L, row["high"]),
        least=percent(L, others[0]),
        most=percent(L, others[1]),
    )


def alike(s: Statement, k: Known) -> Verdict:
    """Is one attack among those most like another?

    All earlier attacks are ordered by likeness with the later one. Supported when at most 5 % of them are at
    least as alike as the one named, contradicted when more than half are, mixed between.
    """
    later, earlier = str(s.settings["later"]), str(s.settings["earlier"])
    seen = k.ahead.compared[1] if k.ahead and k.ahead.source else None
    ids = [str(i) for i in seen.traits.ids] if seen else []
    score = seen.likeness(ids.index(later)) if seen and later in ids else np.empty(0)
    if earlier not in ids or ids.index(earlier) >= len(score):  # only attacks of earlier days are scored
        why = in_every_language("The two attacks are not both among those that can be compared.")
        return Verdict("not-testable", why)
    rank, compared = int((score >= score[ids.index(earlier)]).sum()), len(score)
    share = rank / compared
    verdict = "supported" if share <= SURE else "contradicted" if share > LIKELY else "mixed"
    numbers = {"rank": rank, "compared": compared, "share": round(share, 4)}
    text = {
        code: Language(code)(
            "Of {compared} earlier attacks it is number {rank} by likeness of place, time, setting, target, "
            "tactic and scale.",
            compared=compared,
            rank=rank,
        )
        for code in LANGUAGES
    }
    return Verdict(verdict, text, numbers, (earlier, later))
