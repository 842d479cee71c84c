"""What the service answers against the JSON schemas that the specification publishes with it.

The schemas are not ours to hand on: they are read from the folder ``RECONCILIATION_SCHEMAS``, which holds the files of
``0.2/schemas`` of https://github.com/reconciliation-api/specs. So this is no part of the test run (``make schemas``).
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import httpx
import pytest
from jsonschema import Draft7Validator
from referencing import Registry
from referencing.jsonschema import DRAFT7

SCHEMAS = Path(os.environ.get("RECONCILIATION_SCHEMAS") or "schemas")
if not (SCHEMAS / "manifest.json").is_file():
    pytest.exit(f"{SCHEMAS}: no manifest.json here; RECONCILIATION_SCHEMAS must name the folder with the specification's schemas (0.2)", 2)


def errors(name: str, document: Any) -> list[str]:
    """What a schema has against a document."""
    schemas = {path.name: json.loads(path.read_text(encoding="utf-8")) for path in SCHEMAS.glob("*.json")}
    known: Registry[Any] = Registry().with_resources(
        (address, DRAFT7.create_resource(schema)) for file, schema in schemas.items() for address in (file, schema.get("$id", file)))
    found = Draft7Validator(schemas[f"{name}.json"], registry=known).iter_errors(document)
    return [f"{error.json_path}: {error.message}" for error in found]


QUERIES = {
    "q0": {"query": "Frankrijk", "type": "country", "limit": 3}, "q1": {"query": "Min. Kaag"}, "q2": {"query": "Atlantis", "type": "country"},
    "q3": {"query": "Niger", "type": "country", "properties": [{"pid": "iso", "v": "NE"}], "type_strict": "should"},
}
EXTEND: dict[str, Any] = {"ids": ["country/NL", "person/kaag", "country/XX"], "properties": [{"id": "iso"}, {"id": "initiated"}, {"id": "memberOf", "settings": {"limit": "2"}}]}


def test_a_schema_can_refuse() -> None:
    assert errors("manifest", {"name": 3})
    assert errors("reconciliation-result-batch", {"q0": {"result": [{"id": 1}]}})


def test_manifest(client: httpx.Client) -> None:
    assert errors("manifest", client.get("/reconcile").json()) == []


def test_batch(client: httpx.Client) -> None:
    assert errors("reconciliation-query-batch", QUERIES) == []
    answer = client.post("/reconcile", data={"queries": json.dumps(QUERIES)}).json()
    assert answer.keys() == QUERIES.keys()
    assert errors("reconciliation-result-batch", answer) == []


@pytest.mark.parametrize(("path", "prefix", "schema"), [
    ("entity", "Ne", "suggest-entities-response"), ("type", "co", "suggest-types-response"), ("property", "in", "suggest-properties-response"),
])
def test_suggest(client: httpx.Client, path: str, prefix: str, schema: str) -> None:
    answer = client.get(f"/reconcile/suggest/{path}", params={"prefix": prefix}).json()
    assert answer["result"]
    assert errors(schema, answer) == []


def test_extension(client: httpx.Client) -> None:
    assert errors("data-extension-query", EXTEND) == []
    answer = client.post("/reconcile", data={"extend": json.dumps(EXTEND)}).json()
    assert answer["rows"].keys() == set(EXTEND["ids"])
    assert errors("data-extension-response", answer) == []
    proposed = client.get("/reconcile/propose-properties", params={"type": "country"}).json()
    assert errors("data-extension-property-proposal", proposed) == []
