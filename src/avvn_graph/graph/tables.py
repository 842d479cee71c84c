"""A published build as tables: one for each kind of thing and one of statements, as CSV with CSVW metadata or as Parquet.

What is inferred is left out: a table is what is stated. A column that has several values in some row has them separated
by ``|`` in CSV (which its metadata says; a bar within such a value becomes ``¦``) and as a list in Parquet.
"""

from __future__ import annotations

import csv
import io
import json
import shutil
import tempfile
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyoxigraph as ox

from avvn_graph.errors import AvvnError
from avvn_graph.graph import publish
from avvn_graph.graph.terms import AVVN, PREFIXES, RDF, RDFS, XSD

METADATA = "csv-metadata.json"
FORMATS = ("csv", "parquet")
_SEPARATOR = "|"
_TYPE = RDF + "type"
_NUMBERS = {XSD + "integer": "integer", XSD + "decimal": "decimal"}

_Node = dict[str, list[ox.NamedNode | ox.Literal]]


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its name, the property it has the values of, its CSVW datatype, and whether a row may have several."""

    name: str
    property: str
    datatype: str
    several: bool


@dataclass(frozen=True, slots=True)
class Table:
    """A table: rows have a list of values for each column."""

    name: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[tuple[str, ...], ...], ...]


def export_tables(store_dir: Path, format: str, folder: Path) -> int:
    """Write the served build as tables into ``folder`` and return their number.

    The same build gives the same bytes. The folder appears whole or not at all; one that was written by this before is
    replaced. Raises AvvnError when there is no build, the format is none of FORMATS or its library is missing, or the
    folder cannot be written or has other things in it.
    """
    if format not in FORMATS:
        raise AvvnError(f"--format {format}: not a format of tables; one of {', '.join(FORMATS)}")
    build = publish.current(store_dir)
    if build is None:
        raise AvvnError(f"{store_dir}: nothing has been published here yet; run `avvn-graph build`")
    if folder.exists() and not (folder.is_dir() and ((folder / METADATA).is_file() or not any(folder.iterdir()))):
        raise AvvnError(f"{folder}: is there already and was not written by this command; name another folder")
    found = tables(build)
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        staging = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
        try:
            for table in found:
                _write(table, format, staging / f"{table.name}.{format}")
            text = json.dumps(_metadata(found, format, build), ensure_ascii=False, indent=1) + "\n"
            (staging / METADATA).write_text(text, encoding="utf-8")
            staging.chmod(0o755)
            if folder.exists():
                shutil.rmtree(folder)
            staging.rename(folder)
        finally:
            shutil.rmtree(staging, ignore_errors=True)
    except OSError as error:
        raise AvvnError(f"{folder}: cannot be written: {error.strerror or error}") from error
    return len(found)


def tables(build: publish.Build) -> list[Table]:
    """The tables of a build, by name."""
    nodes: defaultdict[str, _Node] = defaultdict(lambda: defaultdict(list))
    base = str(build.manifest["base"])
    for quad in ox.parse(path=str(build.nquads), format=ox.RdfFormat.N_QUADS):
        if quad.graph_name.value not in (f"{base}graph/inferred", f"{base}graph/ontology") and isinstance(quad.object, ox.NamedNode | ox.Literal):
            nodes[quad.subject.value][quad.predicate.value].append(quad.object)
    kinds: defaultdict[str, list[str]] = defaultdict(list)
    for iri in sorted(nodes):
        if iri.startswith(f"{base}id/") and "#" not in iri:
            kinds[iri[len(base) + 3:].split("/", 1)[0]].append(iri)
    return [_statements(kinds[k], nodes) if k == "statement" else _kind(k, kinds[k], nodes, base) for k in sorted(kinds)]


def _kind(kind: str, iris: Sequence[str], nodes: Mapping[str, _Node], base: str) -> Table:
    properties = sorted({p for iri in iris for p in nodes[iri]} - {_TYPE}, key=_name)
    columns = [Column("iri", "", "anyURI", False), Column("key", "", "string", False), Column("type", _TYPE, "anyURI", True)]
    columns += [_column(p, [nodes[iri].get(p, []) for iri in iris]) for p in properties]
    start = len(f"{base}id/{kind}/")
    rows = tuple(
        ((iri,), (iri[start:],), *(tuple(sorted(v.value for v in nodes[iri].get(p, []))) for p in (_TYPE, *properties))) for iri in iris
    )
    return Table(kind, tuple(columns), rows)


_LABEL = RDFS + "label"
_STATEMENT = (RDF + "subject", RDF + "predicate", RDF + "object")
_EVIDENCE = AVVN + "evidence"


def _statements(iris: Sequence[str], nodes: Mapping[str, _Node]) -> Table:
    """With the names of subject and object and the sentences beside their IRIs, to be read without a join."""

    def label(iri: str) -> tuple[str, ...]:
        named = nodes[iri].get(_LABEL, []) if iri in nodes else []
        return tuple(sorted(v.value for v in named if isinstance(v, ox.Literal) and v.language in ("nl", None)))[:1]

    properties = sorted({p for iri in iris for p in nodes[iri]} - {_TYPE, *_STATEMENT}, key=_name)
    columns = [Column("iri", "", "anyURI", False)]
    for property_ in _STATEMENT:
        columns.append(Column(_name(property_), property_, "string" if property_.endswith("object") else "anyURI", False))
        if not property_.endswith("predicate"):
            columns.append(Column(f"{_name(property_)}Label", "", "string", False))
    columns += [_column(p, [nodes[iri].get(p, []) for iri in iris]) for p in properties]
    columns.append(Column("sentence", "", "string", True))
    rows = []
    for iri in iris:
        own = nodes[iri]
        cells: list[tuple[str, ...]] = [(iri,)]
        for property_ in _STATEMENT:
            value = own[property_][0].value
            cells.append((value,))
            if not property_.endswith("predicate"):
                cells.append(label(value) if isinstance(own[property_][0], ox.NamedNode) else (value,))
        cells += [tuple(sorted(v.value for v in own.get(p, []))) for p in properties]
        passages = sorted(v.value for v in own.get(_EVIDENCE, []))
        cells.append(tuple(t.value for p in passages for t in nodes[p].get(AVVN + "text", [])))
        rows.append(tuple(cells))
    return Table("statement", tuple(columns), tuple(rows))


def _column(property_: str, values: Sequence[Sequence[ox.NamedNode | ox.Literal]]) -> Column:
    types = {v.datatype.value if isinstance(v, ox.Literal) else "" for own in values for v in own}
    datatype = "anyURI" if types == {""} else _NUMBERS.get(next(iter(types)), "string") if len(types) == 1 else "string"
    return Column(_name(property_), property_, datatype, any(len(own) > 1 for own in values))


def _name(property_: str) -> str:
    """``startDate`` for our own, ``foaf_name`` for those of others, of which two may have the same name."""
    for prefix, namespace in PREFIXES.items():
        if property_.startswith(namespace):
            local = property_[len(namespace):]
            return local if prefix in ("avvn", "rdf") else f"{prefix}_{local}"
    return property_.replace("#", "/").rsplit("/", 1)[-1]


def _write(table: Table, format: str, path: Path) -> None:
    if format == "parquet":
        _parquet(table, path)
        return
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")  # as RFC 4180 has it
    writer.writerow([c.name for c in table.columns])
    several = [c.several for c in table.columns]
    writer.writerows(
        [_SEPARATOR.join(v.replace(_SEPARATOR, "¦") if bars else v for v in cell) for bars, cell in zip(several, row, strict=True)]
        for row in table.rows
    )
    path.write_bytes(text.getvalue().encode("utf-8"))


def _parquet(table: Table, path: Path) -> None:
    try:
        import pyarrow
        import pyarrow.parquet
    except ImportError:
        raise AvvnError('--format parquet needs pyarrow: pip install "avvn-graph[parquet]"') from None
    arrays, fields = [], []
    for index, column in enumerate(table.columns):
        cells = [row[index] for row in table.rows]
        kind: Any = pyarrow.int64() if column.datatype == "integer" else pyarrow.float64() if column.datatype == "decimal" else pyarrow.string()
        convert = int if column.datatype == "integer" else float if column.datatype == "decimal" else str
        if column.several:
            kind = pyarrow.list_(kind)
            values: list[Any] = [[convert(v) for v in cell] for cell in cells]
        else:
            values = [convert(cell[0]) if cell else None for cell in cells]
        fields.append(pyarrow.field(column.name, kind))
        arrays.append(pyarrow.array(values, type=kind))
    pyarrow.parquet.write_table(pyarrow.Table.from_arrays(arrays, schema=pyarrow.schema(fields)), path)


def _metadata(found: Sequence[Table], format: str, build: publish.Build) -> dict[str, Any]:
    """Of what the folder has, in the W3C's words for CSV on the web."""
    return {
        "@context": ["http://www.w3.org/ns/csvw", {"@language": "nl"}],
        "dc:title": "AVVN graph", "dc:identifier": build.id, "dc:license": {"@id": "https://spdx.org/licenses/MIT"},
        "dc:source": {"@id": str(build.manifest["base"])},
        "tables": [
            {
                "url": f"{table.name}.{format}", "dc:title": table.name,
                "tableSchema": {
                    "primaryKey": "iri", "aboutUrl": "{+iri}",
                    "columns": [
                        {"name": c.name, "titles": c.name, "datatype": c.datatype}
                        | ({"propertyUrl": c.property} if c.property else {"suppressOutput": True})
                        | ({"separator": _SEPARATOR} if c.several else {})
                        | ({"required": True} if c.name == "iri" else {})
                        for c in table.columns
                    ],
                },
            }
            for table in found
        ],
    }
