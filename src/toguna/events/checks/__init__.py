"""The checks of events, one per file; each gives one finding per bad row. Run by `toguna.events.admit`."""

from __future__ import annotations

from collections.abc import Callable

import polars as pl

from toguna.core.findings import Finding
from toguna.events.checks import (
    actor_out_of_time,
    actor_unknown,
    cell_not_matching,
    centroid_pile,
    coordinates,
    date_in_future,
    date_unreadable,
    dates_out_of_order,
    deaths_negative,
    deaths_not_a_number,
    deaths_out_of_order,
    formula_in_cell,
    grade_unknown,
    id_duplicated,
    id_missing,
    licence_absent,
    markup_in_cell,
    parts_exceed_total,
    place_unknown,
    point_outside_area,
    point_outside_country,
    precision_codes,
    published_before_event,
    report_ahead,
    report_repeated,
    report_review,
    report_superseded,
    summary_event,
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
        published_before_event,
        summary_event,
        deaths_not_a_number,
        deaths_negative,
        deaths_out_of_order,
        parts_exceed_total,
        coordinates,
        point_outside_country,
        point_outside_area,
        place_unknown,
        centroid_pile,
        cell_not_matching,
        precision_codes,
        violence_unknown,
        actor_unknown,
        actor_out_of_time,
        text_encoding,
        markup_in_cell,
        formula_in_cell,
        licence_absent,
    )
)
