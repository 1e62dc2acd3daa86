"""Bring the tables of a register up to date.

Enters: an engine. Called by `toguna.store.register.database` when a register is first used.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import Engine

from toguna.core.errors import StoreError

if TYPE_CHECKING:
    from alembic.config import Config

__all__ = ["upgrade"]


def upgrade(engine: Engine, writing: Mapping[str, Any], address: str) -> None:
    """Make what is missing in one transaction; a second process waits and finds it done.

    Parameters
    ----------
    engine : Engine
    writing : mapping
        Execution options of a transaction that writes alone.
    address : str
        Where the register lies, for the error.
    """
    from alembic import command
    from alembic.migration import MigrationContext
    from alembic.util import CommandError

    with engine.connect() as connection:
        # Only looking does not wait for a writer.
        if MigrationContext.configure(connection).get_current_revision() == _newest():
            return
    config = _config()
    with engine.execution_options(**writing).begin() as connection:
        config.attributes["connection"] = connection
        try:
            command.upgrade(config, "head")
        except CommandError:
            raise StoreError(
                f"the register {address} was written by a newer version of Toguna; update the program, or "
                "name another home."
            ) from None


def _config() -> Config:
    from alembic.config import Config

    config = Config()
    folder = Path(__file__).resolve().parent / "migrations"
    config.set_main_option("script_location", str(folder).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config


@cache
def _newest() -> str | None:
    from alembic.script import ScriptDirectory

    return ScriptDirectory.from_config(_config()).get_current_head()
