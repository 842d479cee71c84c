"""The build of the islands, as the package's own build uses it."""

from __future__ import annotations

import importlib.util
import sys
from types import ModuleType

import pytest

from tests.conftest import ROOT


def load_builder() -> ModuleType:
    """The module web/islands.py, which stands outside the package."""
    if "islands" not in sys.modules:
        spec = importlib.util.spec_from_file_location("islands", ROOT / "web" / "islands.py")
        assert spec
        assert spec.loader
        module = importlib.util.module_from_spec(spec)
        sys.modules["islands"] = module
        spec.loader.exec_module(module)
    return sys.modules["islands"]


@pytest.fixture(scope="session")
def islands() -> ModuleType:
    """web/islands.py, with the islands built; skips where there is no Node for it."""
    module = load_builder()
    if not module.fresh() and module.node() is None:
        pytest.skip("the islands are not built, and there is no Node 20.19 or 22.12 to build them with")
    module.build()
    return module
