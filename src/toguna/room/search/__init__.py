"""Search among the events of an assessment: a prepared index, questions, answers with counts by facet.

Enter events with resolved actors and what they are called; leaves a folder that is read in place. Called by
`toguna.room.web`: prepared when an assessment is built, asked by pages and the programming interface.
"""

from __future__ import annotations

from toguna.room.search.find import Found, Index
from toguna.room.search.prepare import Called, called_of, prepare
from toguna.room.search.query import FACETS, Query, read_query

__all__ = ["FACETS", "Called", "Found", "Index", "Query", "called_of", "prepare", "read_query"]
