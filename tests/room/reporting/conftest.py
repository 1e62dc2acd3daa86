"""Rules of the form on the day of the reports."""

from __future__ import annotations

import pytest

from toguna.core.language import Language
from toguna.room.reporting.places import Gazetteer
from toguna.room.reporting.questionnaire import Rules


@pytest.fixture
def rules(gazetteer: Gazetteer) -> Rules:
    from reports import TODAY

    return Rules(Language("en"), TODAY, gazetteer, ("reporter-secret",))
