"""``/t/THEATRE/ahead``: what may come, month by month for the place and the count that a reader chooses."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter, Response

from toguna.accounts.rights import Right
from toguna.forecasts.outlook.words import by_unit, columns, level_title, lines, target_title, unit_title
from toguna.room.briefing.forecast import series_picture
from toguna.room.charts.drawing import draw_svg
from toguna.room.web import answer
from toguna.room.web.ask import Ask, Asked, MissingError, needs
from toguna.room.web.kept import kept

__all__ = ["router"]

router = APIRouter(include_in_schema=False)
Rows = list[Mapping[str, Any]]


def _series(asked: Ask) -> dict[str, dict[str, Rows]]:
    """Return what is told of the months to come: rows by place, for each count; the larger places first."""
    rows, found = asked.built.assessment["forecasts"], {}
    for target in dict.fromkeys(row["target"] for row in rows):
        levels = dict.fromkeys(row["level"] for row in rows if row["target"] == target)
        order = sorted(levels, key=("country", "admin1", "admin2", "grid").index)
        found[target] = {unit: own for level in order for unit, own in by_unit(rows, level, target).items()}
    return {target: units for target, units in found.items() if units}


def _chosen(asked: Ask, series: Mapping[str, Mapping[str, Rows]]) -> tuple[str, str]:
    """Read the count and the place; where one is not told of, the first that is."""
    query = asked.request.query_params
    target = query.get("target", "")
    target = target if target in series else next(iter(series))
    unit = query.get("unit", "")
    return target, unit if unit in series[target] else next(iter(series[target]))


@router.get("/t/{theatre}/ahead")
@needs(Right.READ_PUBLIC)
@kept()
def ahead(asked: Asked) -> Response:
    """Show what may come."""
    lang, L = asked.lang.code, asked.lang
    section, series = asked.built.section("ahead", lang), _series(asked)
    shown = None
    if series:
        target, unit = _chosen(asked, series)
        own = series[target][unit]
        places = dict.fromkeys(unit for units in series.values() for unit in units)
        shown = {
            "target": target,
            "unit": unit,
            "targets": [(name, target_title(L, name)) for name in series],
            "units": [(name, unit_title(L, name)) for name in places],
            "title": f"{unit_title(L, unit)} ({level_title(L, own[0]['level'])}) · {target_title(L, target)}",
            "columns": columns(L),
            "cells": [[{"text": cell} for cell in line] for line in lines(L, own)],
        }
    told = asked.built.pages[lang]
    sections = [section] if section else []
    return answer.fresh(asked, answer.page(asked, "ahead.html.j2", sections=sections, told=told, shown=shown))


@router.get("/t/{theatre}/ahead/series.svg")
@needs(Right.READ_PUBLIC)
def drawn(asked: Asked) -> Response:
    """Draw the months counted and the range of those to come; drawn once for each build."""
    series = _series(asked)
    if not series:
        raise MissingError("drawing", "series")
    target, unit = _chosen(asked, series)
    held, key = asked.built.asked_for, ("series", target, unit, asked.lang.code)
    if key not in held:
        picture = series_picture(asked.built.assessment, series[target][unit], asked.lang)
        held[key] = draw_svg(picture, asked.lang).encode()
    return Response(held[key], media_type="image/svg+xml", headers=answer.DRAWING)
