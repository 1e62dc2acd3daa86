"""What is known about the effect of measures, and how little: rows, priors, derivations.

Enters: the tables of this folder and those of users. Leaves: a `Catalogue`, and a `Prior` for each of its
measures. Called by `toguna.responses`, `toguna.room` and the command line.
"""

from toguna.responses.evidence.catalogue import Catalogue, Cost, Effect, Measure
from toguna.responses.evidence.combining import MOST_TOGETHER, combined
from toguna.responses.evidence.mixture import Component, Entry, Prior
from toguna.responses.evidence.prior import known_by, prior, setting_of
from toguna.responses.evidence.reading import load_catalogue

__all__ = [
    "MOST_TOGETHER",
    "Catalogue",
    "Component",
    "Cost",
    "Effect",
    "Entry",
    "Measure",
    "Prior",
    "combined",
    "known_by",
    "load_catalogue",
    "prior",
    "setting_of",
]
