"""The graph as tables, in CSV and Parquet."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from pathlib import Path

import pyarrow.parquet
import pyoxigraph as ox
import pytest

from avvn_graph.errors import AvvnError
from avvn_graph.graph.publish import Build
from avvn_graph.graph.tables import METADATA, export_tables
from avvn_graph.graph.terms import AVVN, RDF

Publish = Callable[..., object]


def store_dir(build: Build) -> Path:
    return build.path.parent.parent


def read(folder: Path, name: str) -> list[dict[str, str]]:
    with (folder / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_a_table_for_each_kind_and_one_of_statements(published: Build, store: ox.Store, tmp_path: Path) -> None:
    assert export_tables(store_dir(published), "csv", tmp_path / "t") == len(list((tmp_path / "t").glob("*.csv")))
    assert {p.stem for p in (tmp_path / "t").glob("*.csv")} >= {"country", "resolution", "person", "event", "document", "passage", "mention", "statement"}
    statements = {getattr(q.subject, "value", "") for q in store.quads_for_pattern(None, ox.NamedNode(RDF + "type"), ox.NamedNode(AVVN + "Statement"), None)}
    rows = read(tmp_path / "t", "statement")
    assert {r["iri"] for r in rows} == statements
    initiated = next(r for r in rows if r["predicate"] == f"{AVVN}initiatedBy" and "/country/" in r["object"])
    names = {r["iri"]: r["rdfs_label"].split("|") for r in read(tmp_path / "t", "country")}
    assert initiated["objectLabel"] in names[initiated["object"]]
    assert initiated["sentence"]
    assert 0 < float(initiated["confidence"]) <= 1
    # Nothing of what is only inferred.
    assert all("foaf" not in r["type"] for r in read(tmp_path / "t", "person"))


def test_the_metadata_describe_what_is_there(published: Build, tmp_path: Path) -> None:
    export_tables(store_dir(published), "csv", tmp_path / "t")
    metadata = json.loads((tmp_path / "t" / METADATA).read_text("utf-8"))
    assert metadata["@context"][0] == "http://www.w3.org/ns/csvw"
    assert {t["url"] for t in metadata["tables"]} == {p.name for p in (tmp_path / "t").glob("*.csv")}
    for table in metadata["tables"]:
        rows = read(tmp_path / "t", table["url"].removesuffix(".csv"))
        columns = table["tableSchema"]["columns"]
        assert [c["name"] for c in columns] == list(rows[0])
        assert len({r["iri"] for r in rows}) == len(rows)
        for column in columns:
            for row in rows:
                values = row[column["name"]].split("|") if "separator" in column else [row[column["name"]]]
                for value in filter(None, values):
                    if column["datatype"] in ("integer", "decimal"):
                        float(value)
                    elif column["datatype"] == "anyURI":
                        assert ox.NamedNode(value).value == value


def test_parquet_has_the_same(published: Build, tmp_path: Path) -> None:
    export_tables(store_dir(published), "csv", tmp_path / "c")
    export_tables(store_dir(published), "parquet", tmp_path / "p")
    for path in (tmp_path / "c").glob("*.csv"):
        table = pyarrow.parquet.read_table(tmp_path / "p" / f"{path.stem}.parquet").to_pylist()
        assert [r["iri"] for r in table] == [r["iri"] for r in read(tmp_path / "c", path.stem)]
    passage = pyarrow.parquet.read_table(tmp_path / "p" / "passage.parquet")
    assert str(passage.schema.field("start").type) == "int64"


@pytest.mark.parametrize("format_", ["csv", "parquet"])
def test_two_builds_of_the_same_letters_give_the_same_bytes(run: Publish, published: Build, tmp_path: Path, format_: str) -> None:
    run(output=tmp_path / "a")
    run(output=tmp_path / "b")
    for name in ("a", "b"):
        export_tables(tmp_path / name, format_, tmp_path / f"{name}.out")
    files = [sorted((p.name, p.read_bytes()) for p in (tmp_path / f"{n}.out").iterdir()) for n in ("a", "b")]
    assert files[0] == files[1]


def test_errors(published: Build, tmp_path: Path) -> None:
    with pytest.raises(AvvnError, match="not a format of tables"):
        export_tables(store_dir(published), "xls", tmp_path / "t")
    with pytest.raises(AvvnError, match="nothing has been published"):
        export_tables(tmp_path / "none", "csv", tmp_path / "t")
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.txt").write_text("x")
    with pytest.raises(AvvnError, match="was not written by this command"):
        export_tables(store_dir(published), "csv", tmp_path / "mine")
    assert (tmp_path / "mine" / "thesis.txt").read_text() == "x"
    export_tables(store_dir(published), "csv", tmp_path / "t")
    export_tables(store_dir(published), "csv", tmp_path / "t")  # its own may be replaced
