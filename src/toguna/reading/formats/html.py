"""A page too large to be parsed beside other work.

Enters: bytes of HTML. Leaves: one `Text`. The parser takes time that grows with the square of the depth.
"""

from __future__ import annotations

from toguna.reading.prose import Text, html_text

__all__ = ["parse"]


def parse(data: bytes) -> list[Text]:
    """Read the prose of a page."""
    return [html_text(data)]
