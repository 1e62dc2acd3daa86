"""What happens when a wheel is built: the scripts of the room are bundled into it.

Called by hatchling. An editable installation leaves the scripts to make.
"""

from __future__ import annotations

import os
import runpy
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

WITHOUT = "TOGUNA_WITHOUT_SCRIPTS"


class Scripts(BuildHookInterface):
    """Bundle the scripts before files are gathered."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Bundle, or say how to build a wheel whose pages do without."""
        if version == "editable" or os.environ.get(WITHOUT):
            return
        made = runpy.run_path(str(Path(self.root) / "frontend" / "build.py"))
        try:
            made["build"]()
        except made["FrontEndError"] as error:
            raise SystemExit(
                f"The scripts of the room could not be bundled: {error}. Mend that, or set {WITHOUT}=1: "
                "pages then work without scripts."
            ) from None
