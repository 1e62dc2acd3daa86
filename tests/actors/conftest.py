"""The shipped pack, read once."""

from __future__ import annotations

from typing import Any

import pytest


@pytest.fixture(scope="session")
def mali() -> Any:
    """The shipped Mali pack."""
    from toguna.store.theatre import load_theatre

    return load_theatre("mali")
