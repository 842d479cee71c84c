"""Every page, as a reader meets it: in both languages, narrow, dark, without scripts, with a screen reader's eye."""

from __future__ import annotations

from collections.abc import Callable

import httpx
import pytest

from tests.browser.conftest import ARTEFACTS, Open

Rows = list[dict[str, str]]

QUESTION = "welke+resoluties+heeft+Nederland+ge%C3%AFnitieerd"
FIXED = {
    "home": "/",
    "answer": f"/?q={QUESTION}",
    "refusal": "/?q=hoe+laat+vertrekt+de+trein",
    "register": "/page",
    "letters": "/page/document",
    "countries": "/page/country",
    "statements": "/page/statement",
    "queries": "/queries",
    "query": "/queries/resolutions-initiated-by?initiator=NL",
    "sparql": "/page/sparql",
    "ontology": "/page/ontology",
    "quality": "/quality",
    "about": "/about",
    "api": "/docs",
}
KINDS = ("country", "resolution", "person", "event", "amount", "organisation", "mission", "treaty", "dossier", "document", "post", "statement")
NAMES = [*FIXED, *KINDS]


def _note(name: str, first_view: dict[str, int]) -> None:
    """Keep what a first view takes beside its picture."""
    with (ARTEFACTS / "first-view.tsv").open("a") as log:
        log.write(f"{name}\t{sum(first_view.values())}\t{sum(size for url, size in first_view.items() if '/static/' in url)}\n")


@pytest.fixture(scope="package")
def addresses(run: Callable[[str], Rows]) -> dict[str, str]:
    """The path of each page; of each kind the thing that most is said of."""
    paths = dict(FIXED)
    most = """PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> PREFIX avvn: <https://w3id.org/avvn/ontology#>
        SELECT ?t (COUNT(*) AS ?n) WHERE { %s } GROUP BY ?t ORDER BY DESC(?n) ?t LIMIT 1"""
    patterns = {
        "statement": "?t avvn:evidence ?p",
        "document": "?p avvn:inDocument ?t",
    }
    for kind in KINDS:
        either = f'?s rdf:subject|rdf:object ?t FILTER(STRSTARTS(STR(?t), "https://w3id.org/avvn/id/{kind}/"))'
        [row] = run(most % patterns.get(kind, either))
        paths[kind] = "/page/" + row["t"].removeprefix("https://w3id.org/avvn/id/")
    return paths


# The editor, with the queries and terms it completes from, and the network are not part of a first view's hundred kilobytes.
HEAVY = ("/static/islands/sparql-", "/static/islands/graph-", "/api/v1/queries", "/sparql")


@pytest.mark.parametrize("name", NAMES)
def test_wide_in_light_and_dark(visit: Open, addresses: dict[str, str], name: str) -> None:
    with visit() as v:
        page = v.go(addresses[name])
        first_view = {url: size for url, size in v.transferred.items() if not url.startswith(HEAVY)}
        assert page.locator("html").get_attribute("lang") == "nl"
        assert page.locator("h1").count() == 1
        assert page.locator("main").count() == 1
        v.settle()
        v.shot(f"{name}-wide")
        assert not v.axe()
        page.emulate_media(color_scheme="dark", reduced_motion="reduce")
        v.shot(f"{name}-dark")
        assert not v.axe("color-contrast")
        assert sum(first_view.values()) < 100_000, sorted(first_view.items(), key=lambda u: -u[1])[:6]
        _note(name, first_view)


@pytest.mark.parametrize("name", NAMES)
def test_narrow_in_english(visit: Open, addresses: dict[str, str], name: str) -> None:
    with visit(lang="en", width=360, height=740) as v:
        page = v.go(addresses[name])
        assert page.locator("html").get_attribute("lang") == "en"
        v.settle()
        v.shot(f"{name}-narrow")
        assert page.evaluate("document.documentElement.scrollWidth") <= 360


@pytest.mark.parametrize("name", NAMES)
def test_without_scripts(visit: Open, addresses: dict[str, str], name: str) -> None:
    with visit(js=False) as v:
        page = v.page
        answer = page.goto(v.base + addresses[name])
        assert answer
        assert answer.status == 200
        assert page.locator("h1").is_visible()
        assert len(page.locator("main").inner_text()) > 80


def test_a_page_that_is_not_there(visit: Open, site: httpx.Client) -> None:
    with visit(allowed=(404,)) as v:
        page = v.go("/page/country/XX")
        assert page.locator("html").get_attribute("lang") == "nl"
        v.shot("not-there")
        assert not v.axe()
