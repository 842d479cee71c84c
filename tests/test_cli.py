"""The command line as a user meets it: exit codes, one clear line a failure, the served store untouched."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
Cli = Callable[..., subprocess.CompletedProcess[str]]
LETTER = "Den Haag, 6 juli 2021\n\nKenia organiseerde samen met UNICEF een side event over schoolmaaltijden.\n"


@pytest.fixture
def cli(real_build: Path) -> Cli:
    """Runs ``avvn-graph`` on the real store (or another), in a process of its own."""

    def run(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run([sys.executable, "-m", "avvn_graph.cli", *arguments], capture_output=True, text=True, timeout=120, check=False,
                              env={**os.environ, "AVVN_STORE": str(real_build), **environment})

    return run


@pytest.fixture
def served(tmp_path: Path, real_build: Path) -> Path:
    """A copy of the real store that a command may try to harm."""
    return Path(shutil.copytree(real_build, tmp_path / "graph"))


def one_line(done: subprocess.CompletedProcess[str]) -> str:
    """The single line in which a command failed."""
    assert done.returncode == 1, done.stderr
    lines = [x for x in done.stderr.splitlines() if x.startswith("avvn-graph: ")]
    assert len(lines) == 1, done.stderr
    assert "Traceback" not in done.stderr
    return lines[0]


def test_help_names_every_command(cli: Cli) -> None:
    done = cli("--help")
    assert done.returncode == 0
    for name in ("build", "serve", "export", "query", "ask", "validate", "evaluate", "add"):
        assert f"  {name} " in done.stdout


@pytest.mark.parametrize("arguments", [("frobnicate",), ("export", "--format", "xml"), ("query",), ("query", "countries", "-p", "x"), ("serve", "--port", "99999")])
def test_wrong_usage_is_two(cli: Cli, arguments: tuple[str, ...]) -> None:
    assert cli(*arguments).returncode == 2


def test_query_by_name_and_file(cli: Cli, tmp_path: Path) -> None:
    rows = json.loads(cli("query", "resolutions-initiated-by", "--param", "initiator=FR", "--format", "json").stdout)
    assert any("geweld tegen vrouwen" in r["topic"] for r in rows)
    file = tmp_path / "own.rq"
    file.write_text("SELECT (COUNT(*) AS ?n) { ?s a <https://w3id.org/avvn/ontology#Document> }")
    assert cli("query", str(file), "--format", "csv").stdout == "n\n5\n"


@pytest.mark.parametrize(("arguments", "words"), [
    (("query", "nonsense"), "neither a canned query nor a file"),
    (("query", "resolutions-initiated-by"), "initiator: resolutions-initiated-by needs this parameter"),
    (("query", "amounts", "-p", "min=much"), "min: 'much' is not a number"),
])
def test_failures_of_queries(cli: Cli, arguments: tuple[str, ...], words: str) -> None:
    assert words in one_line(cli(*arguments))


@pytest.mark.parametrize(("text", "words"), [
    ("SELECT * WHERE { ?s ?p", "does not parse"),
    ("SELECT * WHERE { SERVICE <http://127.0.0.1/> { ?s ?p ?o } }", "SERVICE"),
])
def test_bad_query_files(cli: Cli, tmp_path: Path, text: str, words: str) -> None:
    file = tmp_path / "bad.rq"
    file.write_text(text)
    assert words in one_line(cli("query", str(file)))


def test_ask(cli: Cli) -> None:
    done = cli("ask", "welke resoluties heeft Nederland geïnitieerd?")
    assert done.returncode == 0
    assert "S/RES/2417" in done.stdout
    assert "PREFIX avvn:" in done.stdout
    refused = cli("ask", "welke resoluties heeft Atlantis geïnitieerd?")
    assert refused.returncode == 0
    assert "Dit kan ik niet beantwoorden" in refused.stdout


def test_validate_and_evaluate(cli: Cli) -> None:
    assert "conform" in cli("validate").stdout
    done = cli("evaluate", *(str(ROOT / "data" / "gold" / f"{n}.jsonl") for n in ("000", "001", "004a")))
    assert done.returncode == 0, done.stderr
    assert "ALL relation" in done.stdout


def test_the_goals_on_the_given_annotations_are_met(cli: Cli) -> None:
    done = cli("evaluate", *(str(ROOT / "data" / "gold" / f"{n}.jsonl") for n in ("000", "001", "004a")))
    totals = {line.split()[1]: [float(x) for x in line.split()[-3:]] for line in done.stdout.splitlines() if line.startswith("ALL ")}
    assert totals["entity"][2] >= 0.97
    assert totals["relation"][2] >= 0.94


def test_export_is_the_canonical_file(cli: Cli, tmp_path: Path, real_build: Path) -> None:
    file = tmp_path / "out.nq"
    assert cli("export", str(file)).returncode == 0
    lines = file.read_bytes().splitlines()
    assert lines == sorted(lines)
    assert cli("export", "--format", "turtle", str(tmp_path / "out.ttl")).returncode == 0


def test_commands_that_need_a_store_say_so(cli: Cli, tmp_path: Path) -> None:
    for command in (("export",), ("validate",), ("ask", "wat?"), ("query", "countries")):
        assert "avvn-graph build" in one_line(cli(*command, AVVN_STORE=str(tmp_path / "none")))


@pytest.mark.parametrize(("name", "content", "words"), [
    ("empty.txt", b"", "empty.txt: the file is empty"),
    ("binary.txt", b"PK\x03\x04\x00\x00\x00", "binary.txt: not a text file"),
    ("latin.txt", "Curaçao\nen België".encode("latin-1"), "latin.txt: line 1 is not UTF-8"),
    ("large.txt", b"De Raad kwam bijeen. " * 2_500_000, "large.txt: 52,500,000 bytes are more than"),
])
def test_bad_letters_change_nothing(cli: Cli, tmp_path: Path, served: Path, name: str, content: bytes, words: str) -> None:
    letters = tmp_path / "letters"
    letters.mkdir()
    (letters / name).write_bytes(content)
    before = (served / "CURRENT").read_bytes()
    assert words in one_line(cli("build", "--input", str(letters), AVVN_STORE=str(served)))
    assert (served / "CURRENT").read_bytes() == before


def test_a_letter_without_metadata_is_taken_in_with_a_warning(cli: Cli, tmp_path: Path) -> None:
    letters = tmp_path / "letters"
    letters.mkdir()
    (letters / "new.txt").write_text(LETTER)
    done = cli("build", "--input", str(letters), "--output", str(tmp_path / "graph"))
    assert done.returncode == 0, done.stderr
    assert "new.txt: no metadata file" in done.stderr
    rows = json.loads(cli("query", "documents", "--format", "json", AVVN_STORE=str(tmp_path / "graph")).stdout)
    assert rows[0]["date"] == "2021-07-06"


def test_wrong_metadata_names_file_and_key(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(LETTER)
    (tmp_path / "a.yaml").write_text("date: yesterday\n")
    assert "a.yaml: date: " in one_line(cli("build", "--input", str(tmp_path), "--output", str(tmp_path / "graph")))


def test_add_takes_a_letter_in_and_leaves_no_trace_of_a_bad_one(cli: Cli, tmp_path: Path) -> None:
    documents = tmp_path / "documents"
    documents.mkdir()
    (documents / "first.txt").write_text(LETTER)
    new = tmp_path / "second.txt"
    new.write_text("Op 3 mei 2022 organiseerde Ghana een bijeenkomst over brood.\n")
    bad = tmp_path / "third.txt"
    bad.write_bytes(b"\x00")
    where = {"AVVN_DOCUMENTS": str(documents), "AVVN_STORE": str(tmp_path / "graph")}
    assert cli("add", str(new), **where).returncode == 0
    assert sorted(p.name for p in documents.iterdir()) == ["first.txt", "second.txt"]
    before = (tmp_path / "graph" / "CURRENT").read_bytes()
    assert "third.txt: not a text file" in one_line(cli("add", str(bad), **where))
    assert sorted(p.name for p in documents.iterdir()) == ["first.txt", "second.txt"]
    assert (tmp_path / "graph" / "CURRENT").read_bytes() == before


def test_an_output_that_cannot_be_written(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "letters").mkdir()
    (tmp_path / "letters" / "a.txt").write_text(LETTER)
    (tmp_path / "file").write_text("")
    one_line(cli("build", "--input", str(tmp_path / "letters"), "--output", str(tmp_path / "file" / "graph")))
    one_line(cli("build", "--input", str(tmp_path / "letters"), "--output", "/proc/graph"))


def test_a_port_in_use(cli: Cli) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert f"--port {port}: cannot listen" in one_line(cli("serve", "--port", str(port)))


def test_a_missing_input_folder(cli: Cli, tmp_path: Path) -> None:
    assert "no such folder" in one_line(cli("build", "--input", str(tmp_path / "nowhere"), "--output", str(tmp_path / "graph")))


def test_the_quality_page_is_what_the_command_makes(cli: Cli, tmp_path: Path) -> None:
    gold = sorted(str(p) for p in (ROOT / "data" / "gold").glob("*.jsonl"))
    made = tmp_path / "quality.md"
    assert cli("quality", *gold, "--output", str(made)).returncode == 0
    text = made.read_text(encoding="utf-8")
    for heading in ("## Everything together", "## Confidence", "## Each annotated text", "## What is wrong", "## What is missed"):
        assert heading in text
    assert text == (ROOT / "docs" / "quality.md").read_text(encoding="utf-8"), "docs/quality.md is not of this code: run make quality"


def test_writable_never_without_a_token(cli: Cli, tmp_path: Path) -> None:
    assert "AVVN_TOKEN" in one_line(cli("serve", "--writable", "--port", "0"))
    assert "AVVN_TOKEN" in one_line(cli("serve", "--port", "0", AVVN_WRITABLE="1"))
    assert cli("serve", "--empty", "--port", "0", AVVN_STORE=str(tmp_path)).returncode == 2


def test_a_build_of_annotated_letters_is_measured(cli: Cli, tmp_path: Path) -> None:
    letters, annotated, store = tmp_path / "letters", tmp_path / "annotated", tmp_path / "store"
    for folder in (letters, annotated):
        folder.mkdir()
    (letters / "900_letter.txt").write_text(LETTER, encoding="utf-8")
    for doc in ("900", "901"):  # of the second there is no letter
        line = {"kind": "entity", "doc": doc, "id": "e1", "type": "Country", "entity": "KE", "name": "Kenia", "quote": "Kenia"}
        (annotated / f"{doc}.jsonl").write_text(json.dumps(line) + "\n", encoding="utf-8")
    done = cli("build", AVVN_DOCUMENTS=str(letters), AVVN_ANNOTATIONS=str(annotated), AVVN_STORE=str(store))
    assert done.returncode == 0, done.stderr
    (kept,) = store.glob("builds/*/quality.json")
    figures = {row["of"]: row for row in json.loads(kept.read_text(encoding="utf-8"))["figures"]}
    assert (figures["ALL entity"]["n"], figures["ALL entity"]["recall"]) == (1, 1.0)
    (annotated / "900.jsonl").write_text("{}\n", encoding="utf-8")
    assert "900.jsonl" in one_line(cli("build", AVVN_DOCUMENTS=str(letters), AVVN_ANNOTATIONS=str(annotated), AVVN_STORE=str(tmp_path / "other")))
