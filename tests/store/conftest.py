"""A disk that is full when the record beside the rows is to be put in place."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from toguna.core.errors import StoreError


@pytest.fixture
def full_disk(monkeypatch: pytest.MonkeyPatch):
    """Within this no JSON file can be put in place, and the store must say so."""
    replace = Path.replace

    def cut(self: Path, target: Path) -> Path:
        if str(target).endswith(".json"):
            raise OSError(28, "No space left on device")
        return replace(self, target)

    @contextmanager
    def full() -> Iterator[None]:
        with monkeypatch.context() as patch, pytest.raises(StoreError, match="No space left"):
            patch.setattr(Path, "replace", cut)
            yield

    return full
