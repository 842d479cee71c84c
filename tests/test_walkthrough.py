"""The code of the walk-through runs against the real server, and its figures are of this graph."""

from __future__ import annotations

import contextlib
import io
import json
from pathlib import Path
from typing import Any

import pytest

from .service.conftest import serving

NOTEBOOK = Path(__file__).resolve().parent.parent / "docs" / "walkthrough.ipynb"


def test_it_runs_and_shows_what_it_shows(real_build: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cells = [c for c in json.loads(NOTEBOOK.read_text(encoding="utf-8"))["cells"] if c["cell_type"] == "code"]
    names: dict[str, Any] = {}
    monkeypatch.setenv("MPLBACKEND", "agg")
    with serving(real_build) as client:
        monkeypatch.setenv("AVVN_ENDPOINT", str(client.base_url.join("/sparql")))
        for cell in cells:
            printed = io.StringIO()
            with contextlib.redirect_stdout(printed):
                exec("".join(cell["source"]), names)
            shown = "".join("".join(o["text"]) for o in cell["outputs"] if o.get("name") == "stdout")
            assert printed.getvalue() == shown
    table = next("".join(o["data"]["text/plain"]) for c in cells for o in c["outputs"] if "text/plain" in o.get("data", {}) and "country" in "".join(o["data"]["text/plain"]))
    assert str(names["resolutions"].head(8)) == table
    assert any("image/png" in o.get("data", {}) for c in cells for o in c["outputs"])
