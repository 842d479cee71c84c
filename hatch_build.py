"""Build hook: the islands of web/ become part of the package, in an editable installation as in a wheel."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

sys.path.insert(0, str(Path(__file__).resolve().parent / "web"))
import islands

_WITHOUT = "AVVN_WITHOUT_ISLANDS"


class IslandsHook(BuildHookInterface[Any]):
    """Builds the islands, with a Node from PyPI where the machine has none."""

    def dependencies(self) -> list[str]:
        """What the build needs besides hatchling."""
        if os.environ.get(_WITHOUT) or islands.fresh() or islands.node():
            return []
        return [islands.PIP_NODE]

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """An editable installation goes on without islands, since every page works without them; a wheel does not."""
        if self.target_name != "wheel" or os.environ.get(_WITHOUT):
            return
        try:
            islands.build()
        except islands.BuildError as error:
            if version != "editable":
                raise RuntimeError(f"{error}\nSet {_WITHOUT}=1 for a wheel whose pages have no scripts.") from error
            self.app.display_warning(f"The pages will have no scripts: {error}")
