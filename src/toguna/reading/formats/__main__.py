"""``python -m toguna.reading.formats KIND SECONDS BYTES``: parse one document within limits."""

from __future__ import annotations

from toguna.reading.formats.child import serve

PARSERS = {
    "pdf": "toguna.reading.formats.pdf",
    "word": "toguna.reading.formats.word",
    "mail": "toguna.reading.formats.mail",
    "feed": "toguna.reading.formats.feed",
    "html": "toguna.reading.formats.html",
}
"""Modules with a function ``parse(data)``."""

if __name__ == "__main__":
    serve(PARSERS)
