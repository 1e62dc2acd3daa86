"""Scripts and styles: kept by browsers for good when their address holds the version.

Called by `toguna.room.web.app`.
"""

from __future__ import annotations

from urllib.parse import parse_qs

from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

__all__ = ["KeptFiles"]


class KeptFiles(StaticFiles):
    """Files of a folder; those asked for with ``?v=`` do not change under their address."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        """Return a file."""
        answered = await super().get_response(path, scope)
        if answered.status_code in (200, 304) and "v" in parse_qs(scope["query_string"].decode("latin-1")):
            answered.headers["Cache-Control"] = "public, max-age=31536000, immutable"
        return answered
