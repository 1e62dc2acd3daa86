"""Any table of events, through a small mapping that lies beside it.

Enters: CSV, XLSX, Parquet or GeoJSON with its mapping. Leaves: events, or a proposal for a mapping. Called by
`toguna.sources` (entry point) and ``toguna mapping``.
"""

from toguna.sources.table.source import SOURCE, Table
from toguna.sources.table.suggest import Suggestion, suggest

__all__ = ["SOURCE", "Suggestion", "Table", "suggest"]
