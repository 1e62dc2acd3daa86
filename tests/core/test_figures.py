from __future__ import annotations

import pytest

from toguna.core.figures import figure, odds
from toguna.core.language import Language

EN, FR = Language("en"), Language("fr")


@pytest.mark.parametrize(
    ("p", "said"),
    [
        (1e-5, "less than 1 time in 10,000"),
        (0.0005, "about 1 time in 2,000"),
        (0.039, "about 1 time in 26"),
        (0.09, "about 1 time in 11"),
        (0.14, "about 1 time in 7"),
        (0.226, "about 2 times in 10"),
        (0.1, "about 1 time in 10"),
    ],
)
def test_chances_are_said_in_plain_words(p, said):
    assert odds(EN, p) == said
    assert odds(FR, p).endswith(
        ("fois sur 10", "sur 2\u202f000", "sur 26", "sur 11", "sur 7", "sur 10\u202f000")
    )


def test_effects_have_the_digits_that_mean_something():
    assert [figure(EN, v) for v in (447.5, 57.43, 0.038, -125.3)] == ["448", "57.4", "0.04", "\u2212125"]
