"""What the rules propose, kept whole beside an assessment: the assessment itself tells only part of it.

Enters: a `View`, a folder. Leaves: warnings that can be put into the ledger as they were found, with outlines
and events. Written by `toguna.room.web.building`, read by `toguna.room.web.built`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from toguna.core.errors import StoreError, TogunaError
from toguna.room.warned import proposed
from toguna.warnings.options import options_of
from toguna.warnings.types import Warning

if TYPE_CHECKING:
    from toguna.room.view import View

__all__ = ["PROPOSALS", "proposals_in", "write_proposals"]

PROPOSALS = "proposals.json"


def write_proposals(view: View, assessment: Mapping[str, Any], folder: Path) -> None:
    """Write every warning that the rules make of a view, whatever the ledger holds already."""
    plans = assessment["plans"]
    options = options_of(plans[0]["items"], plans[0]["unit"]) if plans else None
    rows = [warning.as_dict() for warning in proposed(view, options)]
    (folder / PROPOSALS).write_text(json.dumps(rows, ensure_ascii=False), encoding="utf-8")


def proposals_in(folder: Path) -> tuple[Warning, ...] | None:
    """Read them back, loudest first; None where nothing was written.

    Raises
    ------
    StoreError
        The file is not one of ours.
    """
    path = folder / PROPOSALS
    try:
        return tuple(Warning.of(row) for row in json.loads(path.read_text(encoding="utf-8")))
    except FileNotFoundError:
        return None
    except (ValueError, KeyError, TypeError, TogunaError) as error:
        raise StoreError(f"{path} cannot be read ({error}); remove the folder, it is built again.") from None
