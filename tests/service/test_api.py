"""``/api/v1`` over the real graph."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

import httpx
import pytest

from .conftest import BASE, problem

A_LIST = [
    "resolutions", "countries/NL/resolutions", "ministers", "ministers/kaag/events", "events", "amounts", "amounts/summary?by=recipient", "search?q=honger",
]


def get(client: httpx.Client, path: str, **options: Any) -> Any:
    response = client.get(f"/api/v1/{path}", **options)
    assert response.status_code == 200, response.text
    return response.json()


@pytest.mark.parametrize("path", A_LIST)
def test_every_item_has_iri_label_and_evidence(client: httpx.Client, path: str) -> None:
    page = get(client, path)
    assert page["total"] >= len(page["items"]) > 0
    assert (page["page"], page["size"]) == (1, 50)
    for item in page["items"]:
        assert item["iri"].startswith(f"{BASE}id/")
        assert item["label"]
        assert isinstance(item["labels"], list)
        for evidence in item["evidence"]:
            assert set(evidence) == {"text", "document", "documentTitle", "start", "end", "iri"}
            assert evidence["text"]
            assert evidence["documentTitle"]
            assert evidence["start"] < evidence["end"]
    assert any(item["evidence"] for item in page["items"])


@pytest.mark.parametrize("path", A_LIST)
def test_pages_add_up(client: httpx.Client, path: str) -> None:
    sign = "&" if "?" in path else "?"
    whole = get(client, f"{path}{sign}size=1000")
    pages = [get(client, f"{path}{sign}size=3&page={n}") for n in (1, 2)]
    assert [i["iri"] for p in pages for i in p["items"]] == [i["iri"] for i in whole["items"]][:6]
    assert {p["total"] for p in pages} == {whole["total"]} == {len(whole["items"])}
    assert get(client, f"{path}{sign}page=100000")["items"] == []


@pytest.mark.parametrize("path", [*A_LIST, "countries/NL", "documents/verslag-avvn-73", "queries/resolutions", "ask?q=welke resoluties heeft Nederland geïnitieerd?"])
def test_csv_by_accept_and_by_parameter(client: httpx.Client, path: str) -> None:
    by_accept = client.get(f"/api/v1/{path}", headers={"accept": "text/csv"})
    by_parameter = client.get(f"/api/v1/{path}{'&' if '?' in path else '?'}format=csv")
    assert by_accept.headers["content-type"].startswith("text/csv; charset=utf-8")
    assert by_accept.content == by_parameter.content
    lines = list(csv.reader(io.StringIO(by_accept.text)))
    assert len(lines) > 1
    assert {len(line) for line in lines} == {len(lines[0])}


def test_resolutions_the_netherlands_initiated(client: httpx.Client) -> None:
    page = get(client, "countries/NL/resolutions?body=VNVR")
    found = {item["symbol"]: item for item in page["items"]}
    item = found["S/RES/2417"]
    assert item["iri"] == f"{BASE}id/resolution/S-RES-2417"
    assert f"{BASE}id/country/NL" in {i["iri"] for i in item["initiators"]}
    assert {b["iri"] for b in item["bodies"]} == {f"{BASE}id/organisation/VNVR"}
    assert "initiative" in item["how"]
    assert any("op initiatief van het Koninkrijk" in e["text"] for e in item["evidence"])
    listed = get(client, "resolutions?initiator=NL&body=VNVR")
    assert {i["iri"] for i in listed["items"]} == {i["iri"] for i in page["items"]}


def test_evidence_is_in_the_source(client: httpx.Client, source_of: Callable[[str], str]) -> None:
    for item in get(client, "amounts?contributor=NL&currency=EUR&min=1000000")["items"]:
        assert item["currency"] == "EUR"
        assert item["value"] >= 1_000_000
        for evidence in item["evidence"]:
            source = source_of(evidence["document"])[evidence["start"]:evidence["end"]]
            # Line breaks and hyphenation are undone in the text; its words are the source's.
            assert source.split()[0] == evidence["text"].split()[0]
            assert source.split()[-1] == evidence["text"].split()[-1]


@pytest.fixture(scope="module")
def source_of(client: httpx.Client) -> Callable[[str], str]:
    from pathlib import Path

    folder = Path(__file__).resolve().parents[2] / "data" / "documents"

    def read(document: str) -> str:
        name: str = get(client, "documents/" + document.rsplit("/", 1)[-1])["sourceFile"]
        return (folder / name).read_bytes().decode("utf-8")

    return read


def test_country(client: httpx.Client) -> None:
    country = get(client, "countries/nl?size=2")
    assert country["iri"] == f"{BASE}id/country/NL"
    assert {"value": "Netherlands", "lang": "en"} in country["labels"]
    assert "http://publications.europa.eu/resource/authority/country/NLD" in country["sameAs"]
    assert len(country["relations"]["items"]) == 2 < country["relations"]["total"]
    assert country["relations"]["items"][0]["evidence"]
    assert get(client, "countries/AW")["constituentOf"] == [{"iri": f"{BASE}id/country/NL", "label": "Nederland"}]


def test_document_and_its_statements(client: httpx.Client) -> None:
    document = get(client, "documents/verslag-avvn-73?size=5")
    assert (document["session"], document["type"]) == (73, "report")
    assert document["sourceFile"].endswith(".txt")
    assert document["passages"] > 100 < document["mentions"]
    first = document["statements"]["items"][0]
    again = get(client, "statements/" + first["iri"].rsplit("/", 1)[-1])
    assert again == first
    assert 0 <= again["confidence"] <= 1


def test_events_by_organiser_attendee_and_time(client: httpx.Client) -> None:
    for item in get(client, "events?organiser=NL")["items"]:
        assert f"{BASE}id/country/NL" in {o["iri"] for o in item["organisers"]}
    for item in get(client, "events?attendee=person/kaag")["items"]:
        assert f"{BASE}id/person/kaag" in {o["iri"] for o in item["attendees"]}
    found = get(client, "events?from=2018-09&to=2018-09-30")["items"]
    assert found
    assert all(item["date"].startswith("2018-09") for item in found)


def test_totals_are_sums(client: httpx.Client) -> None:
    totals = get(client, "amounts/summary?by=recipient&contributor=NL&size=1000")["items"]
    amounts = get(client, "amounts?contributor=NL&size=1000")["items"]
    for total in totals:
        same = [a for a in amounts if a["currency"] == total["currency"] and total["iri"] in {r["iri"] for r in a["recipients"]}]
        assert sum(a["value"] for a in same) == total["total"]
        assert len(same) == total["amounts"]


@pytest.mark.parametrize("path", [
    "countries/ZZ", "countries/ZZ/resolutions", "ministers/nobody/events", "documents/none", "statements/0000000000000000", "queries/none",
    "resolutions?initiator=ZZ", "events?organiser=person/nobody", "amounts?recipient=organisation/none", "queries/mentions-of?entity=country/ZZ",
])
def test_the_unknown_is_404(client: httpx.Client, path: str) -> None:
    assert problem(client.get(f"/api/v1/{path}"), 404)["code"] == "unknown"


@pytest.mark.parametrize(("path", "status", "names"), [
    ("resolutions?initiator=Nederland", 400, "initiator"), ("resolutions?year=twintig", 400, "year"), ("amounts?min=veel", 400, "min"),
    ("amounts?currency=EURO", 400, "currency"), ("events?from=gisteren", 400, "from"), ("events?session=x", 400, "session"),
    ("resolutions?initatior=NL", 400, "initatior"), ("queries/resolutions?foo=1", 400, "foo"), ("queries/mentions-of", 400, "entity"),
    ("queries/resolutions?year=2018&year=2019", 400, "year"), ("resolutions?size=0", 422, "size"), ("resolutions?size=x", 422, "size"),
    ("resolutions?page=0", 422, "page"), ("resolutions?size=100000", 422, "size"), ("resolutions?format=xml", 422, "format"),
    ("amounts/summary?by=colour", 422, "by"), ("search", 422, "q"), ("search?q=a", 422, "q"), ("ask", 422, "q"),
    ("ministers/kaag/events?role=king", 422, "role"), ("countries/N1", 400, "country"),
])
def test_wrong_parameters_are_named(client: httpx.Client, path: str, status: int, names: str) -> None:
    assert names in str(problem(client.get(f"/api/v1/{path}"), status)["detail"])


def test_not_acceptable(client: httpx.Client) -> None:
    problem(client.get("/api/v1/resolutions", headers={"accept": "application/pdf"}), 406)


INJECTIONS = [
    'NL" } SERVICE <http://127.0.0.1/> { ?s ?p ?o } #', "NL> } ?s ?p ?o { <", "\\u0022 } #", "'''", '"""', "x\n} UNION { ?s ?p ?o", "?x", "$x",
    "}} LIMIT 1 #", "country/NL> <http://e/> <", "\x00", "é}\U0001f600{", "%3E%7D", "{{year}}", "UNDEF", "UNDEF } VALUES ?q { \"de\"",
]


@pytest.mark.parametrize("value", INJECTIONS)
def test_parameters_cannot_leave_their_place(client: httpx.Client, value: str) -> None:
    for path in ("resolutions?initiator=", "resolutions?body=", "resolutions?year=", "events?organiser=", "amounts?min=", "amounts?currency=",
                 "queries/mentions-of?entity=", "queries/document-statements?document="):
        name = path.split("?")[1].rstrip("=")
        response = client.get(f"/api/v1/{path.split('?')[0]}", params={name: value})
        assert response.status_code in (400, 404), (path, value, response.text)
    # Text may hold anything, and is searched for as it stands.
    response = client.get("/api/v1/search", params={"q": value})
    assert response.status_code in ((200,) if len(value) > 1 else (422,))
    if response.status_code == 200:
        assert all(value.lower() in item["evidence"][0]["text"].lower() for item in response.json()["items"])
    asked = client.get("/api/v1/ask", params={"q": value})
    assert asked.status_code == 200
    for path in (f"/id/country/{value}", f"/api/v1/countries/{value}", f"/page/event/{value}"):
        assert client.get(quote(path)).status_code in (400, 404)


def test_search(client: httpx.Client) -> None:
    page = get(client, "search?q=HONGER&size=5")
    assert all("honger" in item["evidence"][0]["text"].lower() for item in page["items"])
    assert get(client, "search", params={"q": "zzzzzz"})["total"] == 0


def test_search_finds_words_in_any_form_and_order_and_pages_through_them(client: httpx.Client) -> None:
    found = get(client, "search", params={"q": "conflicten honger", "size": 1000})
    texts = [item["evidence"][0]["text"].lower() for item in found["items"]]
    assert found["total"] == len(texts) > 1
    assert found["query"] is None  # no canned query gives these
    assert all("conflict" in text and "honger" in text for text in texts)
    paged = [get(client, "search", params={"q": "conflicten honger", "size": 1, "page": n})["items"][0]["iri"] for n in range(1, len(texts) + 1)]
    assert paged == [item["iri"] for item in found["items"]]
    assert get(client, "search", params={"q": "honger", "size": 5, "page": 100_000})["items"] == []


def test_search_finds_a_part_of_a_word_where_no_word_is_so(client: httpx.Client) -> None:
    found = get(client, "search", params={"q": "veiligheidsra", "size": 20})
    assert found["items"]
    assert found["query"] == "search"
    assert all("veiligheidsra" in item["evidence"][0]["text"].lower() for item in found["items"])


def test_canned_queries_are_listed_and_run(client: httpx.Client) -> None:
    listed = get(client, "queries")
    assert listed["total"] == len(listed["items"]) >= 20
    for query in listed["items"]:
        example = {p["name"]: p["example"] for p in query["parameters"] if p["required"]}
        if query["name"] == "statement":  # its id depends on what the letters say
            example["statement"] = get(client, "documents/verslag-avvn-73?size=1")["statements"]["items"][0]["iri"]
        found = client.get(query["href"], params={**example, "size": 2})
        assert found.status_code == 200, (query["name"], found.text)
        assert found.json()["columns"]
        assert found.json()["sparql"].startswith("#")


@pytest.mark.parametrize("question", ["welke resoluties heeft Nederland geïnitieerd?", "which resolutions did NL initiate"])
def test_ask(client: httpx.Client, question: str) -> None:
    answer = get(client, "ask", params={"q": question})
    assert answer["answered"]
    assert answer["query"] == "resolutions-initiated-by"
    assert answer["parameters"]
    assert "VALUES" in answer["sparql"]
    assert f"{BASE}id/resolution/S-RES-2417" in {item["iri"] for item in answer["items"]}
    assert all(item["evidence"] for item in answer["items"])


def test_ask_does_not_guess(client: httpx.Client) -> None:
    answer = get(client, "ask", params={"q": "wat is de kleur van de zee?"})
    assert not answer["answered"]
    assert answer["items"] == []
    assert answer["summary"]
    assert answer["nearest"]


def test_openapi_is_the_manual(client: httpx.Client) -> None:
    schema = client.get("/openapi.json").json()
    contract = {
        "/sparql", "/id/{kind}/{key}", "/data/{kind}/{key}", "/.well-known/void", "/healthz", "/readyz", "/metrics",
        *(f"/api/v1/{p}" for p in (
            "resolutions", "countries/{iso}", "countries/{iso}/resolutions", "ministers", "ministers/{slug}/events", "events", "amounts",
            "amounts/summary", "documents/{slug}", "statements/{id}", "search", "queries", "queries/{name}", "ask")),
    }
    assert contract <= set(schema["paths"])
    for path, methods in schema["paths"].items():
        for method, operation in methods.items():
            assert operation["summary"], (path, method)
            assert operation["description"], (path, method)
            if path.startswith("/api/v1/"):
                content = operation["responses"]["200"]["content"]["application/json"]
                assert "$ref" in content["schema"], path
                for parameter in operation.get("parameters", ()):
                    if parameter["in"] == "query":
                        assert parameter.get("description"), (path, parameter["name"])
