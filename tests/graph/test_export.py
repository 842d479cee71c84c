"""Exports: every format holds what the build holds."""

from __future__ import annotations

import re
from pathlib import Path

import pyoxigraph as ox
import pytest

from avvn_graph.errors import AvvnError
from avvn_graph.graph.export import FORMATS, export
from avvn_graph.graph.publish import Build


def store_dir(build: Build) -> Path:
    return build.path.parent.parent


@pytest.mark.parametrize("format", FORMATS)
def test_an_export_holds_what_the_build_holds(published: Build, tmp_path: Path, format: str) -> None:
    file = tmp_path / "out"
    assert export(store_dir(published), format, file) == published.manifest["quads"]
    back, original = (
        set(ox.parse(path=str(path), format=f)) for path, f in ((file, FORMATS[format]), (published.nquads, ox.RdfFormat.N_QUADS))
    )
    if format == "turtle":
        assert {q.triple for q in back} == {q.triple for q in original}
    else:
        assert back == original
    assert [p.name for p in tmp_path.iterdir()] == ["out"]


@pytest.mark.parametrize("format", FORMATS)
def test_an_export_is_the_same_every_time(published: Build, tmp_path: Path, format: str) -> None:
    for name in ("a", "b"):
        export(store_dir(published), format, tmp_path / name)
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()


def test_turtle_and_trig_use_prefixes(published: Build, tmp_path: Path) -> None:
    for format in ("turtle", "trig"):
        export(store_dir(published), format, tmp_path / format)
        assert re.search(rb"\ba (\w+:\w+ , )*avvn:Statement [,;]", (tmp_path / format).read_bytes())


def test_without_a_file_it_goes_to_standard_output(published: Build, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    export(store_dir(published))
    assert capfdbinary.readouterr().out == published.nquads.read_bytes()


def test_errors_say_what_and_where(published: Build, tmp_path: Path) -> None:
    with pytest.raises(AvvnError, match="--format rdfxml: not a format; one of nquads, trig, turtle, jsonld"):
        export(store_dir(published), "rdfxml")
    with pytest.raises(AvvnError, match="nothing has been published here yet"):
        export(tmp_path)
    (tmp_path / "file").write_text("", encoding="ascii")
    with pytest.raises(AvvnError, match=r"file/out: cannot be written"):
        export(store_dir(published), "nquads", tmp_path / "file" / "out")
