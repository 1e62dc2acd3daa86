"""No secret reaches a log: tokens, links, passwords, codes and cookies are struck out of every line.

Enters: log records. Leaves: them, without what must not stand there. Called by ``toguna serve``, which
gives the logging below to the server; the access log is off altogether: what people read is nobody's
business.
"""

from __future__ import annotations

import logging
import re
from typing import Any

__all__ = ["STRUCK", "WithoutSecrets", "logging_config", "struck"]

STRUCK = "[struck out]"
_PATTERNS = (
    re.compile(r"(?<=/link/)[^\s/?#\"']+"),
    re.compile(r"tgn_[A-Za-z0-9_-]+"),
    re.compile(r"(?i)(?<=bearer )[^\s\"',]+"),
    re.compile(r"(?i)(?<=cookie)(['\"]?\s*[:=,]\s*b?['\"]?)[^'\"\n\]}]+"),
    re.compile(
        r"(?<=toguna-session=)[^\s;\"']+|(?<=toguna-device=)[^\s;\"']+|(?<=toguna-visitor=)[^\s;\"']+"
    ),
    re.compile(r"(?i)\b(?:password|again|present|code|csrf|secret|token)(?:=|['\"]?:\s*['\"]?)[^\s&;\"']+"),
    re.compile(r"(?<![A-Za-z0-9_-])[A-Za-z0-9_-]{43}(?![A-Za-z0-9_-])"),  # 256 bits as we write them
    re.compile(r"otpauth://\S+"),
)


def struck(text: str) -> str:
    """Strike out of a text what looks like a secret of the room."""
    for pattern in _PATTERNS:
        text = pattern.sub(STRUCK, text)
    return text


class WithoutSecrets(logging.Formatter):
    """Formatter that strikes secrets out of the whole line, traces of errors included."""

    def format(self, record: logging.LogRecord) -> str:
        """Write one line."""
        return struck(super().format(record))


def logging_config() -> dict[str, Any]:
    """Return the logging of the server: warnings and errors on standard error, without secrets."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"plain": {"()": WithoutSecrets, "format": "%(levelname)s %(name)s: %(message)s"}},
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "plain"}},
        "root": {"handlers": ["stderr"], "level": "WARNING"},
        "loggers": {
            "uvicorn": {"handlers": ["stderr"], "level": "WARNING", "propagate": False},
            "uvicorn.error": {"level": "WARNING"},
            "uvicorn.access": {"handlers": [], "level": "CRITICAL", "propagate": False},
        },
    }
