"""What an assessment or a look was made from, digested table by table.

Enters: a question and what was collected for it. Leaves: names, digests, numbers of rows. Called by
`toguna.room.situation`, `toguna.room.again` and `toguna.room.forecasting`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import polars as pl

from toguna.core.digest import digest, digest_rows, file_sha256
from toguna.responses.protection import posts_of
from toguna.room.claims.statements import read_statements

if TYPE_CHECKING:
    from toguna.room.view import Collected, Question

__all__ = ["inputs_of"]

TIMELESS = ("regions", "places", "road_distances")
"""Tables about places: they carry no dates and are read whole."""


def inputs_of(
    question: Question, collected: Collected, measures: Sequence[dict[str, Any]]
) -> list[dict[str, Any]]:
    """Digest what was visible, table by table: never whole files, which hold later rows."""
    theatre = question.theatre
    known = collected.registry.as_dict()
    inputs = [{"name": a.source, "sha256": a.sha256, "rows": a.read} for a in collected.gathered.accounts]
    visible = {"actors": known["actors"], "relations": known["relations"], "responses": list(measures)}
    visible |= {name: _rows(theatre.tables.get(name)) for name in TIMELESS}
    visible["forces"] = [p.as_dict() for p in posts_of(theatre, question.as_of).posts]
    inputs += [{"name": n, "sha256": digest_rows(rows), "rows": len(rows)} for n, rows in visible.items()]
    said = [asdict(s) for s in read_statements(theatre.folder) if s.said_on <= question.as_of]
    inputs.append({"name": "claims", "sha256": digest(said), "rows": len(said)})
    rulings = [r.as_dict() for r in collected.linked.rulings]
    inputs.append({"name": "link statements", "sha256": digest(rulings), "rows": len(rulings)})
    for level, path in sorted(theatre.outlines.items()):
        inputs.append({"name": level, "sha256": file_sha256(path), "rows": None})
    inputs.append({"name": "theatre", "sha256": digest(theatre.settings), "rows": None})
    return inputs


def _rows(table: pl.DataFrame | None) -> list[dict[str, Any]]:
    return [] if table is None else table.drop("row", strict=False).to_dicts()
