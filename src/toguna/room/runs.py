"""The record of assessments that were made on this machine.

Enters: an assessment and its folder. Leaves: a row in the register; folders, newest first. Called by
``toguna assess`` and ``toguna why``.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sqlalchemy import select

from toguna.core.digest import canonical_json
from toguna.store.register import Register
from toguna.store.register.models import Run

__all__ = ["folders", "record"]


def record(register: Register, assessment: dict[str, Any], folder: Path) -> None:
    """Record that an assessment was made and where it lies."""
    run = assessment["run"]
    row = Run(
        theatre=assessment["theatre"]["name"],
        as_of=assessment["as_of"],
        digest=run["digest"],
        seed=run["seed"],
        code_version=run["code_version"],
        inputs=canonical_json(run["inputs"]),
        parameters=canonical_json(run["parameters"]),
        folder=str(folder.absolute()),
        made_at=run["generated_at"],
    )
    with register.write() as session:
        session.add(row)


def folders(register: Register) -> list[Path]:
    """List the folders of assessments, newest first."""
    if not register.exists():
        return []
    with register.read() as session:
        named = session.scalars(select(Run.folder).order_by(Run.id.desc())).all()
    return [Path(folder) for folder in named if folder]
