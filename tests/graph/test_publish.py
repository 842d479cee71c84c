"""Publishing: the served build is whole at every moment, whatever happens to the next one."""

from __future__ import annotations

import json
import os
import resource
import signal
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest

from avvn_graph.errors import AvvnError
from avvn_graph.graph import publish

from . import letters
from .conftest import Publish

NQUADS = b"".join(b'<urn:s> <urn:p> "%06d" <urn:g> .\n' % i for i in range(2000))
IDS = [f"{i:016x}" for i in range(9)]


def put(folder: Path, build_id: str, nquads: bytes = NQUADS, **options: Any) -> publish.Build:
    return publish.publish(folder, build_id, nquads, {"quads": nquads.count(b"\n")}, **options)


def whole(build: publish.Build | None) -> str:
    """The id of a build that is all there."""
    assert build is not None
    assert len(ox.Store.read_only(str(build.store))) == build.manifest["quads"] == build.nquads.read_bytes().count(b"\n")
    return build.id


def leftovers(folder: Path) -> list[str]:
    return [p.name for p in [*folder.glob(".CURRENT-*"), *(folder / "builds").glob(".staging-*")]]


def test_nothing_published_is_none(tmp_path: Path) -> None:
    assert publish.current(tmp_path) is None
    assert publish.current(tmp_path / "absent") is None
    assert publish.builds(tmp_path) == []


def test_the_layout(tmp_path: Path) -> None:
    build = put(tmp_path, IDS[0])
    assert (tmp_path / "CURRENT").read_text(encoding="ascii").strip() == IDS[0]
    assert build.path == tmp_path / "builds" / IDS[0]
    assert sorted(p.name for p in build.path.iterdir()) == ["facets.sqlite", "graph.nq", "manifest.json", "store"]
    assert build.manifest["build"] == IDS[0]
    assert whole(publish.current(tmp_path)) == IDS[0]
    assert leftovers(tmp_path) == []


def test_only_the_last_two_builds_stay(tmp_path: Path) -> None:
    for build_id in IDS[:4]:
        put(tmp_path, build_id)
    assert sorted(b.id for b in publish.builds(tmp_path)) == IDS[2:4]
    assert whole(publish.current(tmp_path)) == IDS[3]


def test_going_back_to_the_build_before_serves_it_again(tmp_path: Path) -> None:
    put(tmp_path, IDS[0])
    put(tmp_path, IDS[1])
    stages: list[str] = []
    put(tmp_path, IDS[0], stage=stages.append)
    assert stages == ["swap", "clean"]
    assert whole(publish.current(tmp_path)) == IDS[0]
    assert [b.id for b in publish.builds(tmp_path)] == [IDS[0], IDS[1]]


@pytest.mark.parametrize("damage", ["graph.nq", "manifest.json", "store/CURRENT"])
def test_a_damaged_build_is_made_again(tmp_path: Path, damage: str) -> None:
    build = put(tmp_path, IDS[0])
    (build.path / damage).write_bytes(b"")
    assert whole(put(tmp_path, IDS[0])) == IDS[0]
    assert leftovers(tmp_path) == []


@pytest.mark.parametrize("stage", ["store", "manifest", "rename", "swap"])
def test_a_failure_at_any_stage_leaves_the_old_build_served(tmp_path: Path, stage: str) -> None:
    put(tmp_path, IDS[0])

    def fail(step: str) -> None:
        if step == stage:
            raise RuntimeError("interrupted")

    with pytest.raises(AvvnError, match="cannot write the graph: interrupted; what was served before is unchanged"):
        put(tmp_path, IDS[1], stage=fail)
    assert whole(publish.current(tmp_path)) == IDS[0]
    assert leftovers(tmp_path) == []
    assert whole(put(tmp_path, IDS[1])) == IDS[1]


@pytest.mark.parametrize("stage", ["store", "manifest", "rename", "swap", "clean"])
def test_a_killed_process_leaves_a_whole_build_served_and_the_next_one_cleans_up(tmp_path: Path, stage: str) -> None:
    put(tmp_path, IDS[0])
    code = textwrap.dedent(f"""
        import os, signal, sys
        from pathlib import Path
        from avvn_graph.graph import publish
        def die(step):
            if step == {stage!r}:
                os.kill(os.getpid(), signal.SIGKILL)
        publish.publish(Path({str(tmp_path)!r}), {IDS[1]!r}, {NQUADS[:4000]!r}.rsplit(b"\\n", 1)[0] + b"\\n", {{"quads": 0}}, die)
    """)
    done = subprocess.run([sys.executable, "-c", code], check=False, env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)})
    assert done.returncode == -signal.SIGKILL
    served = publish.current(tmp_path)
    assert served is not None
    assert served.id == (IDS[1] if stage == "clean" else IDS[0])
    assert whole(put(tmp_path, IDS[2])) == IDS[2]
    assert leftovers(tmp_path) == []


def test_a_check_that_fails_publishes_nothing_new(tmp_path: Path) -> None:
    def fail() -> None:
        raise AvvnError("not good enough")

    put(tmp_path, IDS[0])
    for build_id in IDS[:2]:
        with pytest.raises(AvvnError, match=r"^not good enough$"):
            put(tmp_path, build_id, check=fail)
    assert [b.id for b in publish.builds(tmp_path)] == [whole(publish.current(tmp_path))] == IDS[:1]
    assert leftovers(tmp_path) == []


def test_a_half_written_folder_is_never_picked_up(tmp_path: Path) -> None:
    put(tmp_path, IDS[0])
    (tmp_path / "builds" / IDS[1] / "store").mkdir(parents=True)
    assert [b.id for b in publish.builds(tmp_path)] == [IDS[0]]
    assert whole(put(tmp_path, IDS[1])) == IDS[1]


@pytest.mark.parametrize(("content", "message"), [
    ("", "which is no build id"),
    ("../../etc", "which is no build id"),
    (IDS[5], "is missing or damaged"),
    ("\udcff", "cannot be read"),
])
def test_a_pointer_to_nothing_is_said_so(tmp_path: Path, content: str, message: str) -> None:
    put(tmp_path, IDS[0])
    (tmp_path / "CURRENT").write_bytes(content.encode("utf-8", "surrogateescape"))
    with pytest.raises(AvvnError, match=message):
        publish.current(tmp_path)


@contextmanager
def file_size_limit(size: int) -> Iterator[None]:
    """No file can grow beyond ``size`` bytes, as on a disk that is full."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@pytest.mark.parametrize("size", [1, 10_000])
def test_a_full_disk_leaves_the_old_build_served(tmp_path: Path, size: int) -> None:
    put(tmp_path, IDS[0])
    with file_size_limit(size), pytest.raises(AvvnError, match=r"cannot write the graph: .*what was served before is unchanged"):
        put(tmp_path, IDS[1])
    assert whole(publish.current(tmp_path)) == IDS[0]
    assert leftovers(tmp_path) == []


@pytest.mark.parametrize("folder", ["/proc/avvn", "file/graph"])
def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path, folder: str) -> None:
    (tmp_path / "file").write_text("", encoding="ascii")
    with pytest.raises(AvvnError, match=f"{folder}: cannot write the graph"):
        put(tmp_path / folder, IDS[0])


def test_two_builds_at_once_do_not_mix(tmp_path: Path) -> None:
    put(tmp_path, IDS[0])

    def second(step: str) -> None:
        if step == "manifest":
            with pytest.raises(AvvnError, match="another build is writing here"):
                put(tmp_path, IDS[2])

    put(tmp_path, IDS[1], stage=second)
    assert whole(publish.current(tmp_path)) == IDS[1]


def test_a_reader_keeps_its_build_while_newer_ones_come_and_go(tmp_path: Path) -> None:
    reader = ox.Store.read_only(str(put(tmp_path, IDS[0]).store))
    for build_id in IDS[1:4]:
        put(tmp_path, build_id)
    assert len(list(reader)) == 2000


@pytest.mark.parametrize(("module", "absent"), [
    ("avvn_graph.graph.publish", ("pyoxigraph", "rdflib", "pyshacl", "spacy")),
    ("avvn_graph.graph.export", ("rdflib", "pyshacl", "spacy")),
    ("avvn_graph.graph.build", ("rdflib", "pyshacl", "spacy")),
    ("avvn_graph.evaluation", ("rdflib", "pyshacl", "spacy")),
])
def test_nothing_is_imported_before_it_is_needed(module: str, absent: tuple[str, ...]) -> None:
    code = f"import sys, {module}; print([m for m in {absent!r} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True, env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)})
    assert done.stdout.strip() == "[]"


def test_the_same_letters_give_the_same_build_whenever_it_is_made(run: Publish, tmp_path: Path) -> None:
    first = run(output=tmp_path / "a").build
    later = run(output=tmp_path / "b", created=datetime(2027, 6, 7, tzinfo=UTC)).build
    assert first.id == later.id
    assert first.manifest["created"] != later.manifest["created"]
    assert first.nquads.read_bytes() == later.nquads.read_bytes()
    assert first.nquads.read_bytes() == sorted_bytes(first.nquads)


def test_the_order_of_findings_does_not_matter(run: Publish, tmp_path: Path) -> None:
    good = letters.facts()
    shuffled = type(good)(good.letter, good.entities[::-1], good.mentions[::-1], good.statements[::-1])
    assert run([good], output=tmp_path / "a").build.nquads.read_bytes() == run([shuffled], output=tmp_path / "b").build.nquads.read_bytes()


def test_another_text_gives_another_build(run: Publish, tmp_path: Path) -> None:
    run()
    other = letters.broken(letters.facts(), confidence=0.5)
    report = run([other])
    assert len(publish.builds(tmp_path / "graph")) == 2
    assert report.build.manifest["documents"][0]["slug"] == "verslag"


def test_the_manifest_says_what_is_in_the_build(run: Publish) -> None:
    build = run().build
    manifest = json.loads((build.path / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["created"] == "2026-01-02T03:04:05+00:00"
    assert manifest["base"] == "https://w3id.org/avvn/"
    assert manifest["quads"] == build.nquads.read_bytes().count(b"\n")
    assert manifest["documents"] == [{"slug": "verslag", "source_file": "000_verslag.txt", "sha256": letters.letter().meta.sha256}]


def test_two_letters_with_one_slug_are_refused(run: Publish) -> None:
    with pytest.raises(AvvnError, match="verslag: two letters have this slug"):
        run([letters.facts(), letters.facts()])


def test_progress_names_the_steps(run: Publish) -> None:
    steps: list[str] = []
    run(progress=steps.append)
    assert [s.split()[0] if "publishing" not in s else s for s in steps] == [
        "extracting", "writing", "publishing: store", "validating", "publishing: facets", "publishing: manifest", "publishing: rename",
        "publishing: swap", "publishing: clean",
    ]


def sorted_bytes(path: Path) -> bytes:
    return b"".join(line + b"\n" for line in sorted(path.read_bytes().splitlines()))
