"""The briefing: one content per language, rendered as a page (HTML) and on paper (PDF).

Enter the assessment, the events and the theatre; leave four files. Called by `toguna.room.assess` and
`toguna brief`.
"""

from __future__ import annotations

from toguna.room.briefing.files import render

__all__ = ["render"]
