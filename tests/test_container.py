"""The container files say what the repository has; an engine to build them with is not needed here."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parent.parent


def test_the_dockerfile_rests_on_what_is_here() -> None:
    text = (ROOT / "Dockerfile").read_text(encoding="utf-8")
    stages = re.findall(r"^FROM (\S+)(?: AS (\w+))?$", text, re.M)
    assert [name for _, name in stages] == ["build", ""]
    assert all(":" in image and not image.endswith(":latest") for image, _ in stages)
    assert re.search(r"^USER [1-9]\d*$", text, re.M)
    assert "HEALTHCHECK" in text
    assert (ROOT / "constraints.txt").is_file()
    ignored = (ROOT / ".dockerignore").read_text(encoding="utf-8").split()
    assert not set(ignored) & {"data", "ontology", "queries", "docs", "src", "web", "hatch_build.py", "README.md", "LICENSE"}


def test_compose_names_settings_that_exist() -> None:
    from avvn_graph.settings import Settings

    service = yaml.safe_load((ROOT / "compose.yaml").read_text(encoding="utf-8"))["services"]["avvn-graph"]
    assert all(name.removeprefix("AVVN_").lower() in Settings.model_fields for name in service["environment"])
    assert service["build"] == "."


def test_the_dockerfile_is_linted() -> None:
    linter = Path(sys.executable).with_name("hadolint")
    done = subprocess.run([linter, str(ROOT / "Dockerfile")], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
