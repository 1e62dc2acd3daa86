"""One reader for all tests: the dictionaries and the gazetteer are built once."""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path

import pytest

from toguna.reading.rules import RulesReader, setting_of_theatre
from toguna.store.theatre import load_theatre

sys.path.append(str(Path(__file__).resolve().parents[2]))  # the bench stands beside the sources


@pytest.fixture(scope="session")
def reader():
    return RulesReader(setting_of_theatre(load_theatre("mali"), as_of=date(2016, 1, 1)))
