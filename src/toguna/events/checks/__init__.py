"""The checks of events, one per file; each gives one finding per bad row. Run by `toguna.events.admit`."""

from __future__ import annotations

from collections.abc import Callable

import polars as pl

from toguna.core.findings import Finding
from toguna.events.checks import (
    actor_unknown,
    cell_not_matching,
    coordinates,
    date_in_future,
    date_unreadable,
    dates_out_of_order,
    deaths_negative,
    deaths_not_a_number,
    deaths_out_of_order,
    grade_unknown,
    id_duplicated,
    id_missing,
    markup_in_cell,
    parts_exceed_total,
    precision_codes,
    report_ahead,
    report_repeated,
    report_review,
    report_superseded,
    text_encoding,
    violence_unknown,
)
from toguna.events.checks.context import Context

__all__ = ["CHECKS"]

CHECKS: tuple[Callable[[pl.DataFrame, Context], list[Finding]], ...] = tuple(
    module.check
    for module in (
        id_missing,
        id_duplicated,
        report_superseded,
        report_repeated,
        report_review,
        report_ahead,
        grade_unknown,
        date_unreadable,
        dates_out_of_order,
        date_in_future,
        deaths_not_a_number,
        deaths_negative,
        deaths_out_of_order,
        parts_exceed_total,
        coordinates,
        cell_not_matching,
        precision_codes,
        violence_unknown,
        actor_unknown,
        text_encoding,
        markup_in_cell,
    )
)
