"""The pages as a reader without scripts gets them, from the real server over the real graph."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path

import httpx
import pytest

from avvn_graph.catalogue import load
from avvn_graph.service.pages import layout
from avvn_graph.service.words import KINDS, LANGUAGES, RELATIONS, WORDS
from avvn_graph.service.words.descriptions import DESCRIPTIONS
from avvn_graph.service.words.sentences import OTHERWISE, SENTENCES

from .conftest import BASE, problem

SERVICE = Path(__file__).resolve().parents[2] / "src" / "avvn_graph" / "service"
QUESTION = "welke resoluties heeft Nederland geïnitieerd?"
PAGES = [
    "/", f"/?q={QUESTION}", "/?q=xyzzy", "/page", "/page/document", "/page/country", "/page/person", "/page/event", "/page/amount", "/page/statement",
    "/page/country/NL", "/page/person/kaag", "/page/resolution/S-RES-2417", "/page/organisation/VNVR", "/page/document/inzet-avvn-75",
    "/page/document/schriftelijk-overleg-avvn-75", "/queries", "/queries/resolutions-initiated-by", "/queries/resolutions-initiated-by?initiator=NL",
    "/page/sparql", "/page/sparql?run=1&query=SELECT%20*%20{?s%20?p%20?o}%20LIMIT%203", "/page/ontology", "/quality", "/about", "/docs",
]
VOID = frozenset({"meta", "link", "input", "br", "wbr", "rect", "img"})


@pytest.fixture
def reader(client: httpx.Client) -> Iterator[httpx.Client]:
    """A browser that has chosen nothing yet."""
    client.cookies.clear()
    yield client
    client.cookies.clear()


class Page(HTMLParser):
    """A page's elements; notes those that are left open or closed twice."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.text: list[str] = []
        self.faults: list[str] = []
        self._open: list[str] = []
        self.feed(html)
        self.faults += self._open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag in VOID:
            return
        if not self._open or self._open.pop() != tag:
            self.faults.append(f"</{tag}>")

    def handle_data(self, data: str) -> None:
        self.text.append(data)

    def all(self, tag: str, **attributes: str | None) -> list[dict[str, str | None]]:
        """The elements of a tag that have these attributes; ``class_`` is a class among others."""
        name = attributes.pop("class_", None)
        return [a for t, a in self.elements if t == tag and all((k := key.replace("_", "-")) in a and a[k] == v for key, v in attributes.items())
                and (name is None or name in (a.get("class") or "").split())]


def get(reader: httpx.Client, path: str, status: int = 200, **headers: str) -> Page:
    response = reader.get(path, headers={"accept": "text/html", **headers})
    assert response.status_code == status, response.text[:500]
    assert response.headers["content-type"] == "text/html; charset=utf-8"
    return Page(response.text)


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("path", PAGES)
def test_every_page_is_whole_and_safe(reader: httpx.Client, path: str, lang: str) -> None:
    response = reader.get(path, headers={"accept": "text/html", "accept-language": lang})
    assert response.status_code == 200, response.text[:300]
    assert "default-src 'none'" in response.headers["content-security-policy"]
    assert {"Accept-Language", "Cookie"} <= {v.strip() for v in response.headers["vary"].split(",")}
    page = Page(response.text)
    assert page.faults == []
    assert page.all("html")[0]["lang"] == lang
    assert len(page.all("h1")) == 1 or path == "/quality"
    ids = [i for _, a in page.elements if (i := a.get("id"))]
    assert len(ids) == len(set(ids)), sorted({i for i in ids if ids.count(i) > 1})[:5]
    for tag, attributes in page.elements:
        assert "style" not in attributes
        assert not any(name.startswith("on") for name in attributes)
        if tag == "script":
            assert attributes.get("type") == "application/ld+json" or str(attributes.get("src")).startswith("/static/")
        for name in ("src", "action", "formaction"):
            assert str(attributes.get(name) or "/").startswith("/"), (tag, attributes)
        if tag == "link":
            assert str(attributes["href"]).startswith("/")
        if tag == "a":
            assert attributes.get("href"), attributes
        if tag in ("input", "select", "textarea") and attributes.get("type") != "hidden":
            assert attributes.get("aria-label") or attributes.get("id") or "<label" in response.text


def test_every_word_in_the_templates_is_there_in_both_languages() -> None:
    used = set()
    for path in (SERVICE / "templates").glob("*.html"):
        used |= set(re.findall(r"\bw\.(\w+)", path.read_text(encoding="utf-8")))
    assert used
    for lang in LANGUAGES:
        assert used <= WORDS[lang].keys()
        assert all(WORDS[lang].values())
        assert KINDS[lang].keys() == KINDS["nl"].keys()
        assert RELATIONS[lang].keys() == RELATIONS["nl"].keys()


def test_every_canned_query_is_told_in_dutch_and_answers_in_a_sentence_that_fits() -> None:
    catalogue = load(SERVICE.parents[2] / "queries")
    assert catalogue.keys() - {"labels"} == DESCRIPTIONS.keys()
    allowed = {"n", "them", "title", "in_year", "as"}
    for key, languages in {**SENTENCES, "": OTHERWISE}.items():
        name = key.partition(":")[0]
        parameters = {p.name for p in catalogue[name].parameters} if name else set()
        for forms in languages:
            assert len(forms) == 3
            for form in forms:
                assert set(re.findall(r"\{(\w+)\}", form)) <= allowed | parameters, form


def test_a_chosen_language_and_theme_stay(reader: httpx.Client) -> None:
    assert get(reader, "/").all("html")[0]["lang"] == "nl"
    assert Page(reader.get("/", headers={"accept-language": "fr, en;q=0.8, nl;q=0.2"}).text).all("html")[0]["lang"] == "en"
    chosen = reader.get("/page?lang=en&theme=dark")
    assert all("samesite=lax" in c.lower() for c in chosen.headers.get_list("set-cookie"))
    html = Page(reader.get("/about", headers={"accept-language": "nl"}).text).all("html")[0]
    assert (html["lang"], html["data-theme"]) == ("en", "dark")
    reader.get("/?lang=xx&theme=pink")
    assert get(reader, "/about").all("html")[0]["lang"] == "en"
    assert "data-theme" not in get(reader, "/?theme=auto").all("html")[0]


def test_a_question_is_answered_with_its_sentences(reader: httpx.Client) -> None:
    response = reader.get("/", params={"q": QUESTION})
    page = Page(response.text)
    text = " ".join(page.text)
    assert "Nederland nam het initiatief tot 7 resoluties" in text
    assert page.all("a", href="/page/resolution/S-RES-2417")
    assert "op initiatief van het Koninkrijk" in text
    # Each row has a sentence that is a link to its place in the letter, and the place is there.
    cited = [str(a["href"]) for a in page.all("a") if re.match(r"/page/document/[^#]+#p\d", str(a.get("href")))]
    assert len(cited) >= 7
    address, _, place = cited[0].partition("#")
    assert place in {a.get("id") for _, a in get(reader, address).elements}
    # One resolution is one row, with all its sentences.
    rows = [a for a in page.all("a", class_="resolution") if a["href"] == "/page/resolution/S-RES-2417"]
    assert len(rows) == 1


def test_what_was_understood_can_be_changed(reader: httpx.Client) -> None:
    page = get(reader, f"/?q={QUESTION}")
    assert page.all("option", value="resolutions-initiated-by", selected=None)
    options = {o["value"] for o in page.all("option")}
    assert {"NL", "FR", "events-organised-by"} <= options
    other = reader.get("/queries", params={"query": "events-organised-by", "initiator": "NL"})
    assert (other.status_code, other.headers["location"]) == (303, "/queries/events-organised-by?organiser=country%2FNL")
    assert "Nederland organiseerde" in reader.get(other.headers["location"]).text
    changed = get(reader, "/queries/resolutions-initiated-by?initiator=FR")
    assert "Frankrijk nam het initiatief" in " ".join(changed.text)


def test_an_answer_can_be_taken_along(reader: httpx.Client) -> None:
    page = get(reader, f"/?q={QUESTION}")
    links = [str(a["href"]) for _, a in page.elements if a.get("href")]
    csv = next(x for x in links if "format=csv" in x)
    assert reader.get(csv).headers["content-type"].startswith("text/csv")
    assert reader.get(next(x for x in links if "format=json" in x)).json()["total"] >= 7
    turtle = reader.get(next(x for x in links if ".ttl?" in x))
    assert turtle.headers["content-type"] == "text/turtle; charset=utf-8"
    assert "avvn:initiatedBy" in turtle.text
    assert "avvn:evidence" in turtle.text
    editor = get(reader, next(x for x in links if x.startswith("/page/sparql?query=")))
    assert "VALUES" in " ".join(editor.text)
    assert "S/RES/2417" in reader.get(next(x for x in links if x == "/queries/resolutions-initiated-by?initiator=NL")).text


def test_turtle_asserts_nothing_that_is_only_called_for(reader: httpx.Client) -> None:
    called = reader.get("/queries/country-overview.ttl?country=NL").text
    direct = reader.get("/sparql", params={"query": """PREFIX avvn: <https://w3id.org/avvn/ontology#>
        PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#>
        SELECT ?s { ?x avvn:modality avvn:calledFor ; rdf:subject ?s ; rdf:predicate ?p ; rdf:object ?o MINUS { ?s ?p ?o } }"""}).json()
    assert called
    assert direct["results"]["bindings"]


def test_words_are_found_in_names_and_passages(reader: httpx.Client) -> None:
    page = get(reader, "/?q=honger conflict")
    text = re.sub(r"\s+", " ", " ".join(page.text))
    assert len(page.all("blockquote")) > 2
    assert "honger en conflict" in text.lower()
    for quote in re.findall(r'<blockquote><p lang="nl">(.*?)</p>', reader.get("/?q=honger conflict").text):
        assert "<mark>" in quote
        assert "honger" in quote.lower()
        assert "conflict" in quote.lower()
    assert "Gevonden voor" in text
    assert WORDS["nl"]["cannot"].split()[-1] not in text
    assert get(reader, "/?q=veiligheidsraad").all("a", href="/page/organisation/VNVR")
    assert WORDS["nl"]["foundNothing"] in reader.get("/?q=xyzzy").text
    plural = [set(re.findall(r'href="(/page/document/[^"]+#p[^"]+)"', reader.get("/", params={"q": q}).text)) for q in ("kernwapen", "kernwapens", "Kernwápens")]
    assert plural[0]
    assert plural[0] == plural[1] == plural[2]
    assert WORDS["nl"]["looseWords"] in reader.get("/?q=honger xyzzy conflict").text
    assert reader.get("/", params={"q": '"\\ } SELECT'}).status_code == 200


def test_names_are_completed(reader: httpx.Client) -> None:
    def labels(**parameters: str | int) -> list[str]:
        return [item["label"] for item in reader.get("/api/v1/complete", params=parameters).json()["items"]]

    assert labels(q="nederl")[0] == "Nederland"
    assert "Curaçao" in labels(q="curac")
    assert labels(q="curac") == labels(q="Curaç")
    assert labels(q="vn veilig")[0].startswith("VN")
    assert len(labels(q="a", limit=3)) == 3
    kinds = {item["kind"] for item in reader.get("/api/v1/complete", params={"q": "ka", "kind": "person"}).json()["items"]}
    assert kinds == {"person"}
    assert labels(q="") == labels(q="'\" *") == []
    assert reader.get("/api/v1/complete", params={"q": "frank"}, headers={"accept-language": "en"}).json()["items"][0]["kindLabel"] == "country"


def test_a_refusal_says_why_and_offers_what_it_can(reader: httpx.Client) -> None:
    page = get(reader, "/?q=Wat vindt Atlantis van ontwapening?")
    text = " ".join(page.text)
    assert "Atlantis" in text
    assert WORDS["nl"]["canAsk"] in text
    offered = [str(a["href"]) for a in page.all("a") if str(a.get("href")).startswith("/?q=")]
    assert offered
    assert "caption" not in text
    assert reader.get(offered[0]).status_code == 200
    html = reader.get("/", params={"q": "<script>alert(1)</script>"}).text
    assert "<script>alert" not in html


@pytest.mark.parametrize("name", ["amounts", "person-events", "events", "memberships", "questions-by-party", "mentions-of", "answer", "documents"])
def test_canned_queries_have_forms_and_answers(reader: httpx.Client, name: str) -> None:
    info = next(q for q in reader.get("/api/v1/queries").json()["items"] if q["name"] == name)
    page = get(reader, f"/queries/{name}")
    assert {p["name"] for p in info["parameters"]} <= {a.get("name") for t, a in page.elements if t in ("input", "select")}
    values = {p["name"]: p["example"] for p in info["parameters"] if p["required"]}
    assert Page(reader.get(f"/queries/{name}", params=values).text).all("table", class_="answer")


def test_wrong_parameters_are_told_on_the_page(reader: httpx.Client) -> None:
    page = get(reader, "/queries/resolutions-initiated-by?initiator=Nederland", 400)
    assert "ISO 3166-1" in " ".join(page.text)
    assert page.all("select", name="initiator") or page.all("input", name="initiator")


def test_problems_are_pages_for_browsers_and_documents_for_programs(reader: httpx.Client) -> None:
    for path in ("/page/country/ZZ", "/page/nothing", "/queries/none", "/page/document/none"):
        page = get(reader, path, 404)
        assert WORDS["nl"]["notFound"] in " ".join(page.text)
        problem(reader.get(path, headers={"accept": "application/json"}), 404)


def test_countries_show_what_they_did(reader: httpx.Client) -> None:
    text = reader.get("/page/country/NL").text
    for word in ("initiatedResolutions", "organisedEvents", "contributions", "missionContributions", "memberships", "together", "neighbours"):
        assert f">{WORDS['nl'][word]}<" in text or f">{WORDS['nl'][word]} <" in text, word
    page = Page(text)
    assert page.all("figure", data_island="chart", data_kind="bar")
    island = page.all("div", data_island="graph")[0]
    assert island["data-entity"] == f"{BASE}id/country/NL"
    assert reader.get(str(island["data-source"])).json()["nodes"]
    assert page.all("li", class_="planned")
    assert page.all("li", class_="realised")
    assert page.all("a", href="http://www.wikidata.org/entity/Q29999")


def test_what_follows_in_other_vocabularies_is_not_said_twice(reader: httpx.Client) -> None:
    facts = reader.get("/page/person/kaag").text.split('<dl class="facts">')[1].split("</dl>")[0]
    assert re.findall("<dt>(.*?)</dt>", facts) == ["Vertegenwoordigt"]


def test_facts_can_stand_by_letter(reader: httpx.Client) -> None:
    page = get(reader, "/page/country/NL?by=letter")
    assert page.all("section", id="letter-inzet-avvn-75")
    assert not page.all("section", id="initiatedBy-object")


@pytest.mark.parametrize(("value", "nl", "en"), [
    ("2018", "2018", "2018"), ("2018-10", "oktober 2018", "October 2018"), ("2018-09-05", "5 september 2018", "5 September 2018"),
    ("P5Y", "5 jaar", "5 years"), ("P1M", "1 maand", "1 month"), ("rond 2018", "rond 2018", "rond 2018"), ("2018-13", "2018", "2018"),
])
def test_dates_are_written_as_the_language_does(value: str, nl: str, en: str) -> None:
    assert (layout.date(value, "nl"), layout.date(value, "en")) == (nl, en)


@pytest.mark.parametrize(("value", "currency", "nl", "en"), [
    ("100000000", "EUR", "€\u00a0100\u00a0miljoen", "€\u00a0100\u00a0million"), ("58500000", "EUR", "€\u00a058,5\u00a0miljoen", "€\u00a058.5\u00a0million"),
    ("500000", "USD", "$\u00a0500.000", "$\u00a0500,000"), ("13000000000.0", "CHF", "CHF\u00a013\u00a0miljard", "CHF\u00a013\u00a0billion"),
    ("1234567", "EUR", "€\u00a01.234.567", "€\u00a01,234,567"), ("x", "EUR", "€ x", "€ x"),
])
def test_sums_are_written_as_the_language_does(value: str, currency: str, nl: str, en: str) -> None:
    assert (layout.money(value, currency, "nl"), layout.money(value, currency, "en")) == (nl, en)


def test_a_passage_and_a_rule_show_their_statements(reader: httpx.Client) -> None:
    query = """PREFIX avvn: <https://w3id.org/avvn/ontology#> SELECT ?p ?r ?g WHERE { ?s avvn:evidence ?p ; avvn:rule ?r ; avvn:claimedBy ?g } LIMIT 1"""
    [row] = reader.get("/sparql", params={"query": query}).json()["results"]["bindings"]
    statement = reader.get("/sparql", params={"query": query.replace("?p ?r ?g", "?s")}).json()["results"]["bindings"][0]
    for thing in (statement | row).values():
        page = get(reader, f"/page/{thing['value'].removeprefix(BASE + 'id/')}")
        assert page.all("span", class_="rel")
        assert page.all("ul", class_="lines")


def test_ministers_have_an_agenda_in_order(reader: httpx.Client) -> None:
    page = get(reader, "/page/person/kaag")
    assert page.all("figure", data_island="chart", data_kind="timeline")
    assert len(page.all("td", class_="when")) > 10
    dates = [str(a["datetime"]) for a in page.all("time")]
    assert dates == sorted(dates)


def test_json_ld_is_in_the_page(reader: httpx.Client) -> None:
    for path, type_ in (("country/NL", "Country"), ("person/kaag", "Person"), ("document/inzet-avvn-75", "Report"), ("resolution/S-RES-2417", "Legislation")):
        html = reader.get(f"/page/{path}").text
        found = json.loads(re.findall(r'<script type="application/ld\+json">(.*?)</script>', html, re.S)[0])
        assert (found["@id"], found["@type"]) == (f"{BASE}id/{path}", type_)
        assert found["name"]


def test_the_register_has_every_kind(reader: httpx.Client) -> None:
    page = get(reader, "/page")
    for kind in ("document", "country", "person", "event", "resolution", "amount", "treaty", "mission", "organisation"):
        assert page.all("a", href=f"/page/{kind}"), kind
        assert reader.get(f"/page/{kind}").status_code == 200
    assert "Frankrijk" in reader.get("/page/country?name=frankr").text
    assert "Duitsland" not in reader.get("/page/country?name=frankr").text
    assert WORDS["nl"]["noneFound"] in reader.get("/page/country?name=zzz").text


def test_a_letter_is_whole_and_marked(reader: httpx.Client) -> None:
    response = reader.get("/page/document/verslag-avvn-73")
    page = Page(response.text)
    assert len(page.all("a", class_="country")) > 30
    assert {str(a["id"]).removeprefix("show-") for a in page.all("input", class_="show")} >= {"country", "person", "event", "organisation"}
    query = f"""PREFIX avvn: <https://w3id.org/avvn/ontology#> SELECT ?s ?e ?t {{ ?p avvn:inDocument <{BASE}id/document/verslag-avvn-73> ;
        avvn:start ?s ; avvn:end ?e ; avvn:text ?t }}"""
    rows = reader.get("/sparql", params={"query": query}).json()["results"]["bindings"]
    ids = {a.get("id") for _, a in page.elements}
    text = re.sub(r"\s+", " ", "".join(page.text))
    assert len(rows) > 200
    for row in rows:
        assert f"p{row['s']['value']}-{row['e']['value']}" in ids
        words = row["t"]["value"].split()
        assert words[0] in text
        assert words[-1] in text
    assert page.all("details", class_="says")
    contents = [a["href"] for a in page.all("a") if str(a.get("href")).startswith("#p")]
    assert len(contents) >= 12
    assert {str(h).removeprefix("#") for h in contents} <= ids


def test_questions_and_answers_are_told_apart(reader: httpx.Client) -> None:
    page = get(reader, "/page/document/schriftelijk-overleg-avvn-75")
    assert len(page.all("section", class_="question")) > 100
    assert len(page.all("section", class_="answer")) > 100
    assert page.all("section", id="answer-8")


def test_a_place_is_lit_without_a_script(reader: httpx.Client) -> None:
    path = "/page/document/inzet-avvn-75"
    page = get(reader, path)
    spans = [str(a["id"]) for a in page.all("span", class_="s")]
    start, end = spans[10].removeprefix("p").split("-")
    lit = get(reader, f"{path}?char={int(start) + 1},{int(end) - 1}")
    assert [a["id"] for _, a in lit.elements if "data-lit" in a] == [spans[10]]
    order = [a.get("id") or "says" for t, a in page.elements if "s" in (a.get("class") or "").split() or a.get("class") == "says"]
    stated = order[order.index("says") - 1]
    opened = get(reader, f"{path}?passage={stated.removeprefix('p')}")
    assert [n for n, a in enumerate(opened.all("details", class_="says")) if "open" in a] == [0]
    silent = next(one for one, after in pairwise(order) if "says" not in (one, after))
    assert not [a for a in get(reader, f"{path}?passage={silent.removeprefix('p')}").all("details", class_="says") if "open" in a]
    marked = get(reader, f"{path}?mark=organisation/WHO")
    assert {a["href"] for a in marked.all("a") if "data-lit" in a} == {"/page/organisation/WHO"}
    for wrong in ("char=x", "char=5,", "passage=1-2-3", "mark=%22%3E%3Cscript%3E", "char=99999999,1"):
        assert "<script>" not in reader.get(f"{path}?{wrong}").text


def test_the_editor_answers_as_a_table(reader: httpx.Client) -> None:
    asked = "SELECT ?c WHERE { VALUES ?c { <https://w3id.org/avvn/id/country/NL> } ?r <https://w3id.org/avvn/ontology#initiatedBy> ?c } LIMIT 3"
    page = get(reader, str(httpx.URL("/page/sparql", params={"query": asked, "run": "1"})))
    assert page.all("table", class_="list")
    assert page.all("a", href="/page/country/NL")
    assert ">Ja<" in reader.get("/page/sparql", params={"query": "ASK { ?s ?p ?o }", "run": "1"}).text
    assert "avvn:" in reader.get("/page/sparql", params={"query": f"DESCRIBE <{BASE}id/country/NL>", "run": "1"}).text
    wrong = reader.get("/page/sparql", params={"query": "SELECT nothing", "run": "1"})
    assert wrong.status_code == 400
    assert WORDS["nl"]["queryFailed"] in wrong.text
    refused = reader.get("/page/sparql", params={"query": "SELECT * { SERVICE <http://x.example/> { ?s ?p ?o } }", "run": "1"})
    assert refused.status_code == 403
    island = get(reader, "/page/sparql").all("div", data_island="sparql")[0]
    for address in (island["data-prefixes"], island["data-examples"]):
        assert reader.get(str(address)).json()


def test_neighbours(reader: httpx.Client) -> None:
    found = reader.get("/api/v1/neighbours/country/NL?limit=10").json()
    assert found["nodes"][0]["id"] == found["center"] == f"{BASE}id/country/NL"
    assert len(found["nodes"]) == 11 < found["total"]
    assert found["left"] == found["total"] - 10
    ids = {n["id"] for n in found["nodes"]}
    assert all(e["source"] in ids and e["target"] in ids for e in found["edges"])
    assert {e["modality"] for e in found["edges"]} <= {"realised", "planned", "calledFor"}
    only = reader.get("/api/v1/neighbours/country/NL?relation=initiatedBy").json()
    assert {e["predicate"] for e in only["edges"]} == {"initiatedBy"}
    assert {r["name"] for r in only["relations"]} > {"initiatedBy", "organisedBy"}
    english = reader.get("/api/v1/neighbours/country/NL?relation=initiatedBy", headers={"accept-language": "en"}).json()
    assert (only["nodes"][0]["label"], english["nodes"][0]["label"]) == ("Nederland", "Netherlands")
    problem(reader.get("/api/v1/neighbours/country/ZZ"), 404)
    problem(reader.get("/api/v1/neighbours/country/NL?limit=0"), 422)
