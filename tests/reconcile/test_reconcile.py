"""The Reconciliation Service API 0.2 over the real server and the real graph."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import httpx
import pandas as pd
import pytest
import reconciler

from avvn_graph.reconciliation import Named, Reconciler, fold

NAMES = Path(__file__).resolve().parent / "names.csv"


def ask(client: httpx.Client, **queries: Any) -> dict[str, Any]:
    """The results of a batch."""
    answer = client.post("/reconcile", data={"queries": json.dumps(queries)})
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def test_the_manifest_names_what_there_is(client: httpx.Client) -> None:
    manifest = client.get("/reconcile").json()
    assert manifest["versions"] == ["0.2"]
    assert manifest["identifierSpace"] == "https://w3id.org/avvn/id/"
    assert {t["id"] for t in manifest["defaultTypes"]} >= {"country", "person", "resolution"}
    for url in (manifest["view"]["url"], manifest["preview"]["url"]):
        assert client.get(url.replace("{{id}}", "country/NL"), headers={"accept": "text/html"}).status_code == 200
    for service in (*manifest["suggest"].values(), manifest["extend"]["propose_properties"]):
        path = service["service_url"] + service["service_path"]
        assert client.get(path, params={"prefix": "n", "type": "country"}).status_code == 200
    assert client.get("/reconcile").headers["access-control-allow-origin"] == "*"


def test_a_batch_in_both_ways(client: httpx.Client) -> None:
    queries = {"q0": {"query": "Frankrijk", "type": "country", "limit": 3}, "q1": {"query": "Min. Kaag"}, "q2": {"query": "Parijs", "type": "country"}}
    posted = ask(client, **queries)
    assert posted == client.get("/reconcile", params={"queries": json.dumps(queries)}).json()
    best = posted["q0"]["result"][0]
    assert (best["id"], best["match"], best["score"]) == ("country/FR", True, 100.0)
    assert best["type"][0]["id"] == "country"
    assert posted["q1"]["result"][0]["id"] == "person/kaag"
    assert not any(r["match"] for r in posted["q2"]["result"])


def test_newspaper_spellings_reconcile(client: httpx.Client) -> None:
    rows = list(csv.DictReader(NAMES.open(encoding="utf-8")))
    assert len(rows) >= 1000
    right = wrong = missed = 0
    for at in range(0, len(rows), 100):
        batch = {f"q{n}": {"query": row["name"], "type": row["type"]} for n, row in enumerate(rows[at:at + 100])}
        for n, found in ask(client, **batch).items():
            row = rows[at + int(n[1:])]
            match = next((r["id"] for r in found["result"] if r["match"]), None)
            right += match is not None and match == row["id"]
            wrong += match is not None and match != row["id"]
            missed += bool(row["id"]) and match != row["id"]
    assert right / (right + wrong) >= 0.98
    assert right / (right + missed) >= 0.9


def test_a_client_that_is_not_ours(client: httpx.Client) -> None:
    column = pd.Series(["Zwitserland", "Ivoorkust", "Peru"])
    found = reconciler.reconcile(column, type_id="country", reconciliation_endpoint=str(client.base_url.join("/reconcile")))
    assert list(found["id"]) == ["country/CH", "country/CI", "country/PE"]


def test_suggestions(client: httpx.Client) -> None:
    found = client.get("/reconcile/suggest/entity", params={"prefix": "Blo", "type": "person"}).json()["result"]
    assert "person/blok" in {r["id"] for r in found}
    assert [r["id"] for r in client.get("/reconcile/suggest/type", params={"prefix": "coun"}).json()["result"]] == ["country"]
    assert "memberOf" in {r["id"] for r in client.get("/reconcile/suggest/property", params={"prefix": "member"}).json()["result"]}


def test_previews_may_be_framed(client: httpx.Client) -> None:
    answer = client.get("/reconcile/preview", params={"id": "country/NL"})
    assert "frame-ancestors *" in answer.headers["content-security-policy"]
    assert "Nederland" in answer.text
    assert client.get("/reconcile/preview", params={"id": "country/XX"}).status_code == 404


def test_columns_about_a_thing(client: httpx.Client) -> None:
    proposed = client.get("/reconcile/propose-properties", params={"type": "country"}).json()
    assert {"iso", "initiated"} <= {p["id"] for p in proposed["properties"]}
    query = {"ids": ["country/NL", "country/XX"], "properties": [{"id": "iso"}, {"id": "initiated"}, {"id": "wikidata"}]}
    found = client.post("/reconcile", data={"extend": json.dumps(query)}).json()
    assert found["rows"]["country/NL"]["iso"] == [{"str": "NL"}]
    assert {"id": "resolution/S-RES-2417", "name": "Resolutie S/RES/2417"} in found["rows"]["country/NL"]["initiated"]
    assert found["rows"]["country/XX"]["initiated"] == []
    assert [m["id"] for m in found["meta"]] == ["iso", "initiated", "wikidata"]


@pytest.mark.parametrize("queries", ["", "[1]", '{"q0": 1}', '{"q0": {}}', "{", '{"q0": {"query": 3}}'])
def test_bad_batches_are_told(client: httpx.Client, queries: str) -> None:
    answer = client.post("/reconcile", data={"queries": queries})
    assert answer.status_code == 400
    assert "queries" in answer.json()["detail"]


KAAG = Named("person/kaag", "person", ("Sigrid Kaag", "S.A.M. Kaag"), "Kaag", 3)
STAAIJ = Named("person/van-der-staaij", "person", ("C.G. van der Staaij",), "Van der Staaij")


@pytest.mark.parametrize(("name", "id"), [
    ("Sigrid Kaag", "person/kaag"), ("S. Kaag", "person/kaag"), ("minister Kaag", "person/kaag"), ("Min. Kaag", "person/kaag"), ("Femke Kaag", None), ("F. Kaag", None),
    ("C. van der Staaij", "person/van-der-staaij"), ("de heer Van der Staaij", "person/van-der-staaij"), ("", None),
])
def test_persons_by_the_parts_of_their_names(name: str, id: str | None) -> None:
    found = Reconciler([KAAG, STAAIJ]).find(name)
    assert next((c.id for c in found if c.match), None) == id


def test_two_of_a_name_are_no_match() -> None:
    romers = [Named("person/romer-nl", "person", ("Emile Roemer",), "Roemer"), Named("person/romer-cw", "person", ("Camelia Roemer",), "Roemer")]
    assert not any(c.match for c in Reconciler(romers).find("Roemer"))
    assert [c.id for c in Reconciler(romers).find("Camelia Roemer") if c.match] == ["person/romer-cw"]


def test_folding() -> None:
    assert fold("Côte d’Ivoire") == "cote d ivoire"
    assert fold("Sint-Maarten") == fold("SINT MAARTEN")
