"""Every IRI under our base that occurs in the graph answers."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import json
import os
import random
import re
import subprocess
import sys
from collections import defaultdict
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pyoxigraph as ox
import pytest
from rdflib import Graph
from rdflib.query import ResultRow

from avvn_graph.graph import publish
from avvn_graph.service.app import create_app
from avvn_graph.settings import Settings
from tests.conftest import ROOT

from .conftest import BASE, problem, serving

OA = "http://www.w3.org/ns/oa#"
FORMATS = {
    "ttl": ("text/turtle", ox.RdfFormat.TURTLE), "nt": ("application/n-triples", ox.RdfFormat.N_TRIPLES),
    "jsonld": ("application/ld+json", ox.RdfFormat.JSON_LD), "rdf": ("application/rdf+xml", ox.RdfFormat.RDF_XML),
    "trig": ("application/trig", ox.RdfFormat.TRIG), "nq": ("application/n-quads", ox.RdfFormat.N_QUADS),
}


def occurring(real_build: Path) -> set[str]:
    """Every IRI under the base, in whatever place, without its fragment."""
    build = publish.current(real_build)
    assert build is not None
    found = re.findall(rb"<(https://w3id\.org/avvn/[^>]*)>", build.nquads.read_bytes())
    return {iri.decode().partition("#")[0] for iri in set(found)}


def links(response: httpx.Response) -> dict[str, list[str]]:
    out = defaultdict(list)
    for target, rel in re.findall(r'<([^>]+)>; rel="([^"]+)"', response.headers.get("link", "")):
        out[rel].append(target)
    return out


def test_every_iri_answers(real_build: Path) -> None:
    """All of them lead somewhere; of each kind every one is followed to RDF that speaks of it, or a sample of the many."""
    iris = sorted(occurring(real_build))
    assert len(iris) > 8000
    kinds: defaultdict[str, list[str]] = defaultdict(list)
    for iri in iris:
        kinds["/".join(iri.removeprefix(BASE).split("/")[:2])].append(iri)
    choose = random.Random(6)
    followed = {iri for group in kinds.values() for iri in (group if len(group) <= 40 else choose.sample(group, 12))}
    app = create_app(Settings(store=real_build, query_timeout=30))
    wrong: list[str] = []

    async def walk() -> None:
        async with app.router.lifespan_context(app), httpx.AsyncClient(
            transport=httpx.ASGITransport(app=app), base_url="http://test", headers={"accept": "text/turtle"}
        ) as client:
            async def visit(iri: str) -> None:
                path = iri.removeprefix(BASE.rstrip("/"))
                answer = await client.head(path)
                if answer.status_code not in (200, 303):
                    wrong.append(f"{answer.status_code} {path}")
                    return
                if path.startswith("/text/"):
                    assert (await client.get(path, headers={"accept": "*/*"})).status_code == 200
                    return
                if path.startswith("/id/"):
                    assert answer.status_code == 303
                    assert answer.headers["vary"] == "Accept"
                    assert {"alternate", "describedby", "license"} <= set(links(answer))
                if iri in followed:
                    data = await client.get(path, follow_redirects=True)
                    assert data.status_code == 200, path
                    triples = list(ox.parse(data.content, format=ox.RdfFormat.TURTLE))
                    assert triples, path
                    if path.startswith("/id/"):
                        assert any(t.subject == ox.NamedNode(iri) for t in triples), path

            for start in range(0, len(iris), 8):
                await asyncio.gather(*map(visit, iris[start:start + 8]))

    asyncio.run(walk())
    assert wrong == []


@pytest.mark.parametrize("thing", ["country/NL", "resolution/S-RES-2417", "document/verslag-avvn-73", "rule/x"])
def test_all_formats_say_the_same(client: httpx.Client, thing: str) -> None:
    if thing == "rule/x":
        query = "SELECT ?r { ?s <https://w3id.org/avvn/ontology#rule> ?r } GROUP BY ?r ORDER BY DESC(COUNT(?s)) LIMIT 1"
        thing = client.get("/sparql", params={"query": query}).json()["results"]["bindings"][0]["r"]["value"].removeprefix(f"{BASE}id/")
    said = {}
    for suffix, (media_type, format_) in FORMATS.items():
        response = client.get(f"/data/{thing}.{suffix}")
        assert response.headers["content-type"].split(";")[0] == media_type
        assert response.content == client.get(f"/data/{thing}", headers={"accept": media_type}).content
        said[suffix] = {q.triple for q in ox.parse(response.content, format=format_)}
    assert len({frozenset(triples) for triples in said.values()}) == 1
    graphs = {q.graph_name.value for q in ox.parse(client.get(f"/data/{thing}.trig").content, format=ox.RdfFormat.TRIG)}
    assert any("/graph/document/" in g for g in graphs)
    # What a statement rests on comes with it, and so does a name for all that is pointed at and has one.
    found = said["ttl"]
    passages = {t.object for t in found if t.predicate.value.endswith("#evidence")}
    assert passages
    assert passages <= {t.subject for t in found if t.predicate.value.endswith("ontology#text")}
    objects = {t.object for t in found if isinstance(t.object, ox.NamedNode) and "/id/country/" in t.object.value}
    assert objects <= {t.subject for t in found if t.predicate.value.endswith("label")}


def test_descriptions_page(client: httpx.Client) -> None:
    page, address = 0, "/data/document/verslag-avvn-73.ttl"
    seen: set[str] = set()
    sizes = []
    while address:
        page += 1
        response = client.get(address)
        assert response.status_code == 200
        triples = {q.triple for q in ox.parse(response.content, format=ox.RdfFormat.TURTLE)}
        statements = {t.subject.value for t in triples if t.predicate.value.endswith("#confidence")}
        assert not statements & seen
        seen |= statements
        sizes.append(len(statements))
        rels = links(response)
        address = rels["next"][0] if "next" in rels else ""
        if address:
            assert any(t.predicate.value.endswith("core#next") for t in triples)
    assert page > 1
    assert max(sizes) == 100
    query = f"SELECT (COUNT(*) AS ?n) {{ ?s a <{BASE}ontology#Statement> ; <{BASE}ontology#inDocument> <{BASE}id/document/verslag-avvn-73> }}"
    assert len(seen) == int(client.get("/sparql", params={"query": query}).json()["results"]["bindings"][0]["n"]["value"])
    problem(client.get("/data/country/NL", params={"page": 9999}), 404)


def test_negotiation_fails_with_what_there_is(client: httpx.Client) -> None:
    for path in ("/id/country/NL", "/data/country/NL", "/ontology/0.1.0", "/.well-known/void", "/catalog", "/annotation/document/verslag-avvn-73"):
        response = client.get(path, headers={"accept": "image/png"})
        detail = str(problem(response, 406)["detail"])
        assert "text/turtle" in detail
        assert "application/trig" in detail
        assert response.headers["vary"] == "Accept"


def test_json_ld_is_compact_and_its_context_published(client: httpx.Client) -> None:
    document = client.get("/data/resolution/S-RES-2417.jsonld").json()
    thing = next(n for n in document["@graph"] if n["id"] == f"{BASE}id/resolution/S-RES-2417")
    assert thing["initiatedBy"] == f"{BASE}id/country/NL"
    assert thing["symbol"] == "S/RES/2417"
    response = client.get("/context.jsonld")
    assert response.headers["content-type"] == "application/ld+json"
    published = response.json()["@context"]
    assert document["@context"].items() <= published.items()
    # With the published context in place of its own the document says the same, to a reader that is not ours.
    own, other = Graph().parse(data=json.dumps(document), format="json-ld"), Graph()
    other.parse(data=json.dumps(document | {"@context": published}), format="json-ld")
    turtle = Graph().parse(data=client.get("/data/resolution/S-RES-2417.ttl").text, format="turtle")
    assert set(own) == set(other) == set(turtle)


def test_versions_of_the_ontology(client: httpx.Client) -> None:
    data = client.get("/data/ontology.ttl").text
    graph = Graph().parse(data=data, format="turtle")
    ontology = f"{BASE}ontology"
    versions = {
        str(o) for _, p, o in graph if str(p).endswith(("versionIRI", "priorVersion", "backwardCompatibleWith"))
    }
    assert versions
    for version in versions:
        path = version.removeprefix(BASE.rstrip("/"))
        for suffix, (media_type, _) in FORMATS.items():
            assert client.get(f"{path}.{suffix}").headers["content-type"].split(";")[0] == media_type
        old = Graph().parse(data=client.get(path, headers={"accept": "text/turtle"}).text, format="turtle")
        assert version in {str(o) for s, p, o in old if str(s) == ontology and str(p).endswith("versionIRI")}
        assert client.get(path, headers={"accept": "text/html"}).headers["location"] == "/page/ontology"
    problem(client.get("/ontology/9.9.9"), 404)


def test_texts_are_what_offsets_count_in(client: httpx.Client) -> None:
    query = f"""SELECT ?t ?sum ?p ?start ?end {{ ?d <http://purl.org/dc/terms/hasFormat> ?t ; <{BASE}ontology#sha256> ?sum .
        ?p <{BASE}ontology#inDocument> ?d ; a <{BASE}ontology#Passage> ; <{BASE}ontology#start> ?start ; <{BASE}ontology#end> ?end }} LIMIT 3000"""
    rows = client.get("/sparql", params={"query": query}).json()["results"]["bindings"]
    texts = {}
    for row in rows:
        address = row["t"]["value"]
        if address not in texts:
            response = client.get(address.removeprefix(BASE.rstrip("/")))
            assert response.headers["content-type"] == "text/plain; charset=utf-8"
            digest = hashlib.sha256(response.content)
            assert digest.hexdigest() == row["sum"]["value"]
            assert response.headers["repr-digest"] == f"sha-256=:{base64.b64encode(digest.digest()).decode()}:"
            texts[address] = response.content.decode()
        assert texts[address][int(row["start"]["value"]):int(row["end"]["value"])].strip()
    assert len(texts) == 5
    problem(client.get("/text/nothing"), 404)
    problem(client.get("/text/..%2f..%2fmanifest"), 404)


@pytest.mark.parametrize("kind", ["passage", "mention", "statement"])
def test_evidence_as_web_annotations(client: httpx.Client, kind: str) -> None:
    query = f"SELECT ?s {{ ?s a <{BASE}ontology#{kind.capitalize()}> }} ORDER BY ?s LIMIT 5"
    for row in client.get("/sparql", params={"query": query}).json()["results"]["bindings"]:
        path = "/annotation/" + row["s"]["value"].removeprefix(f"{BASE}id/")
        response = client.get(path)
        assert response.headers["content-type"] == 'application/ld+json; profile="http://www.w3.org/ns/anno.jsonld"'
        found = response.json()
        assert found["@context"] == "http://www.w3.org/ns/anno.jsonld"
        assert found["type"] == "Annotation"
        targets = found["target"] if isinstance(found["target"], list) else [found["target"]]
        for target in targets:
            text = client.get(target["source"].removeprefix(BASE.rstrip("/"))).content.decode()
            quote, position = target["selector"]
            assert text[position["start"]:position["end"]] == quote["exact"]
            assert quote["prefix"] + quote["exact"] + quote["suffix"] in text
        turtle = Graph().parse(data=client.get(path, headers={"accept": "text/turtle"}).text, format="turtle")
        exacts = {str(o) for p, o in turtle.predicate_objects() if str(p) == f"{OA}exact"}
        assert exacts == {t["selector"][0]["exact"] for t in targets}
        assert f'</annotation/{row["s"]["value"].removeprefix(f"{BASE}id/")}>' in client.get(f'/data/{row["s"]["value"].removeprefix(f"{BASE}id/")}').headers["link"]


def test_all_annotations_of_a_letter(client: httpx.Client) -> None:
    found, address = [], "/annotation/document/verslag-avvn-73"
    while address:
        page = client.get(address).json()
        assert page["type"] == "AnnotationPage"
        found += [a["id"] for a in page["items"]]
        address = page.get("next", "").removeprefix(BASE.rstrip("/"))
    assert len(found) == len(set(found)) == page["partOf"]["total"] > 200
    problem(client.get("/annotation/document/nothing"), 404)
    problem(client.get("/annotation/country/NL"), 404)


def test_the_data_set_describes_itself(client: httpx.Client, real_build: Path) -> None:
    void = Graph().parse(data=client.get("/.well-known/void").text, format="turtle")
    rows = list(void.query(f"""PREFIX void: <http://rdfs.org/ns/void#> SELECT ?class ?n {{
        <{BASE}.well-known/void#dataset> void:classPartition [ void:class ?class ; void:entities ?n ] }}"""))
    counts = {str(r[0]): int(str(r[1])) for r in rows if isinstance(r, ResultRow)}
    query = "SELECT ?c (COUNT(*) AS ?n) { ?s a ?c } GROUP BY ?c"
    there = client.get("/sparql", params={"query": query}).json()["results"]["bindings"]
    assert counts == {r["c"]["value"]: int(r["n"]["value"]) for r in there}
    catalog = Graph().parse(data=client.get("/catalog").text, format="turtle")
    dumps = list(catalog.query("""PREFIX dcat: <http://www.w3.org/ns/dcat#> PREFIX spdx: <http://spdx.org/rdf/terms#>
        SELECT ?url ?sum ?size { ?d dcat:downloadURL ?url ; spdx:checksum/spdx:checksumValue ?sum ; dcat:byteSize ?size }"""))
    ((url, sum_, size),) = (tuple(map(str, row)) for row in dumps if isinstance(row, ResultRow))
    response = client.get(str(url).removeprefix(BASE.rstrip("/")))
    assert len(response.content) == int(size)
    assert hashlib.sha256(response.content).hexdigest() == str(sum_).lower() == response.headers["etag"].strip('"')
    build = publish.current(real_build)
    assert build is not None
    assert response.content == build.nquads.read_bytes()
    assert client.get("/dump/latest.nq").headers["location"] == f"/dump/{build.id}.nq"
    problem(client.get("/dump/0000000000000000.nq"), 404)
    texts = {str(o) for o in catalog.objects(None, None) if str(o).startswith(f"{BASE}text/") and "#" not in str(o)}
    assert len(texts) == 5
    for graph in (void, catalog):
        said = {str(p).rsplit("/", 1)[-1] for p in graph.predicates()}
        assert {"license", "bibliographicCitation", "issued", "dcat#version"} <= said
    assert urlsplit(str(url)).path.endswith(".nq")


def test_quality_is_stated_as_measured(copy: Path) -> None:
    gold = sorted(str(p) for p in (ROOT / "data" / "gold").glob("00*.jsonl"))
    environment = {k: v for k, v in os.environ.items() if not k.startswith("AVVN_")} | {"AVVN_STORE": str(copy)}
    done = subprocess.run(
        [sys.executable, "-m", "avvn_graph.cli", "evaluate", "--record", *gold], env=environment, check=True, capture_output=True, text=True
    )
    printed = {line[:28].strip(): line.split()[-3:] for line in done.stdout.splitlines()[1:]}
    with serving(copy) as client:
        graph = Graph().parse(data=client.get("/catalog").text, format="turtle")
    found = {
        str(r[0]).removeprefix(f"{BASE}catalog#"): str(r[1])
        for r in graph.query("""PREFIX dqv: <http://www.w3.org/ns/dqv#> SELECT ?m ?v {
            ?m a dqv:QualityMeasurement ; dqv:value ?v ; dqv:computedOn ?d ; dqv:isMeasurementOf [ a dqv:Metric ] }""")
        if isinstance(r, ResultRow)
    }
    assert len(printed) > 20
    for name, (precision, recall, f1) in printed.items():
        key = name.replace(" ", "-")
        assert [found[f"{m}-{key}"] for m in ("precision", "recall", "f1")] == [precision, recall, f1]
    assert len(found) == 3 * len(printed)
