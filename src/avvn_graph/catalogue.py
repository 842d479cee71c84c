"""The canned queries: one ``.rq`` file a question, its title, description and parameters in the header.

A header is YAML in the comment lines that open the file. Parameters stand in the query as ``{{name}}`` inside a
``VALUES`` row and nowhere else; what takes their place is a serialised RDF term or ``UNDEF``, never text as given.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import yaml

from avvn_graph.errors import AvvnError

_XSD = "http://www.w3.org/2001/XMLSchema#"
_PLACE = re.compile(r"\{\{(\w+)\}\}")
TYPES = ("country", "entity", "document", "body", "string", "integer", "decimal", "year", "date", "currency")
MAX_PAGE = 1000


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter of a canned query."""

    name: str
    type: str
    required: bool = False
    description: str = ""
    example: str = ""
    kind: str = ""


@dataclass(frozen=True, slots=True)
class CannedQuery:
    """A query with its description; ``text`` is SPARQL with places for the parameters."""

    name: str
    title: str
    title_nl: str
    description: str
    parameters: tuple[Parameter, ...]
    text: str

    def bind(self, values: Mapping[str, str], base: str, *, limit: int | None = None, offset: int = 0) -> str:
        """The query with its parameters bound, ready to run.

        ``base`` is the base IRI. ``limit`` and ``offset`` count rows. Raises AvvnError that names the parameter
        when one is missing, unknown or of the wrong type.
        """
        known = {p.name: p for p in self.parameters}
        for name in values:
            if name not in known:
                allowed = ", ".join(known) or "none"
                raise AvvnError(f"{name}: {self.name} has no such parameter; it takes: {allowed}")
        terms: dict[str, str] = {}
        for p in self.parameters:
            given = (values.get(p.name) or "").strip()
            if given:
                terms[p.name] = term(p, given, base)
            elif p.required:
                raise AvvnError(f"{p.name}: {self.name} needs this parameter"
                                + (f", for example {p.name}={p.example}" if p.example else ""))
            else:
                terms[p.name] = "UNDEF"
        query = _PLACE.sub(lambda m: terms[m[1]], self.text)
        if base != DEFAULT_BASE:
            query = query.replace(DEFAULT_BASE, base)
        if limit is not None:
            if not 0 <= limit <= MAX_PAGE or offset < 0:
                raise AvvnError(f"page: at most {MAX_PAGE} rows a page, counted from 0")
            query = f"{query.rstrip()}\nLIMIT {int(limit)} OFFSET {int(offset)}\n"
        return query


DEFAULT_BASE = "https://w3id.org/avvn/"


def term(p: Parameter, given: str, base: str) -> str:
    """The serialised RDF term of a value; raises AvvnError when the value is not of the parameter's type."""

    def wrong(expected: str) -> AvvnError:
        return AvvnError(f"{p.name}: {given!r} is not {expected}" + (f"; for example {p.example}" if p.example else ""))

    try:
        if p.type == "country":
            code = given.upper()
            if given.startswith(f"{base}id/country/"):
                code = given.rsplit("/", 1)[-1]
            if not re.fullmatch(r"[A-Z]{2}", code):
                raise wrong("an ISO 3166-1 alpha-2 code")
            return str(ox.NamedNode(f"{base}id/country/{code}"))
        if p.type in ("entity", "document", "body"):
            if given.startswith(base):
                return str(ox.NamedNode(given))
            kind = {"document": "document", "body": "organisation"}.get(p.type, p.kind)
            key = given if "/" in given and not kind else f"{kind}/{given}"
            if not re.fullmatch(r"[a-z]+/[^\s<>\"{}|\\^`]+", key):
                raise wrong("a key or an IRI of this graph")
            return str(ox.NamedNode(f"{base}id/{key}"))
        if p.type == "integer":
            return str(ox.Literal(str(int(given)), datatype=ox.NamedNode(_XSD + "integer")))
        if p.type == "decimal":
            if not re.fullmatch(r"-?\d+(\.\d+)?", given):
                raise wrong("a number")
            return str(ox.Literal(given, datatype=ox.NamedNode(_XSD + "decimal")))
        if p.type == "year":
            if not re.fullmatch(r"\d{4}", given):
                raise wrong("a year of four digits")
            return str(ox.Literal(given))
        if p.type == "date":
            if not re.fullmatch(r"\d{4}(-\d{2}(-\d{2})?)?", given):
                raise wrong("a date (YYYY, YYYY-MM or YYYY-MM-DD)")
            return str(ox.Literal(given))
        if p.type == "currency":
            if not re.fullmatch(r"[A-Za-z]{3}", given):
                raise wrong("an ISO 4217 code")
            return str(ox.Literal(given.upper()))
    except ValueError:
        raise wrong(f"a value of type {p.type}") from None
    return str(ox.Literal(given))


def load(folder: Path) -> dict[str, CannedQuery]:
    """The canned queries of a folder by name; raises AvvnError that names the file whose header is wrong."""
    if not folder.is_dir():
        raise AvvnError(f"{folder}: no such folder of queries (AVVN_QUERIES)")
    return {path.stem: read(path) for path in sorted(folder.glob("*.rq"))}


def read(path: Path) -> CannedQuery:
    """One canned query from its file."""
    text = path.read_text(encoding="utf-8")
    header = "".join(line[2:] if line.startswith("# ") else line[1:] for line in _header_lines(text))
    try:
        rows: dict[str, Any] = yaml.safe_load(header) or {}
        parameters = tuple(
            Parameter(name, row["type"], bool(row.get("required")), str(row.get("description", "")), str(row.get("example", "")),
                      str(row.get("kind", "")))
            for name, row in (rows.get("parameters") or {}).items()
        )
        query = CannedQuery(path.stem, rows["title"], rows["title_nl"], rows["description"].strip(), parameters, text)
    except (yaml.YAMLError, KeyError, TypeError, AttributeError) as error:
        raise AvvnError(f"{path.name}: its header is wrong: {error}") from None
    for p in parameters:
        if p.type not in TYPES:
            raise AvvnError(f"{path.name}: parameter {p.name} has the unknown type {p.type!r}; known: {', '.join(TYPES)}")
    places = set(_PLACE.findall(text))
    if places != {p.name for p in parameters}:
        raise AvvnError(f"{path.name}: header and query disagree on parameters: {sorted(places ^ {p.name for p in parameters})}")
    return query


def _header_lines(text: str) -> list[str]:
    lines = []
    for line in text.splitlines(keepends=True):
        if not line.startswith("#"):
            break
        lines.append(line)
    return lines
