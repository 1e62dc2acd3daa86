"""Field reports: submissions of a form, sealed before anything is written.

Enters: exports of KoboToolbox as CSV, XLSX or JSON. Leaves: events without anything that says who reported.
Called by `toguna.sources` (entry point) and ``toguna reports``.
"""

from toguna.sources.reports.form import write_form
from toguna.sources.reports.source import SOURCE, Reports

__all__ = ["SOURCE", "Reports", "write_form"]
