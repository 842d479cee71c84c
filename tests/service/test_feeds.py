"""Feeds: what a new letter adds, as valid Atom."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path
from xml.etree import ElementTree

import feedparser
import httpx
import pytest

from avvn_graph.graph.build import build_letters
from avvn_graph.settings import Settings
from tests.graph import letters

from .conftest import BASE, problem, serving

ATOM = "{http://www.w3.org/2005/Atom}"
VOCABULARIES = Path(__file__).parent.parent / "graph" / "vocabularies"
FEED = "/feeds/queries/resolutions-initiated-by?initiator=NL"
FIRST, SECOND = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC), datetime(2026, 2, 3, 4, 5, 6, tzinfo=UTC)


def publish(store: Path, created: datetime, *slugs: str) -> None:
    facts = [letters.facts(slug, f"00{n}_{slug}.txt") for n, slug in enumerate(slugs)]
    build_letters([f.letter for f in facts], Settings(vocabularies=VOCABULARIES), output=store, extractor=lambda _: facts, created=created)


def entries(client: httpx.Client, address: str) -> dict[str, str]:
    """Id and time of each entry of what must be a valid feed (RFC 4287, 4.1)."""
    response = client.get(address)
    assert response.status_code == 200, response.text
    assert response.headers["content-type"] == "application/atom+xml"
    root = ElementTree.fromstring(response.content)
    assert root.tag == f"{ATOM}feed"
    for element in (root, *root.iter(f"{ATOM}entry")):
        for name in ("id", "title", "updated"):
            assert len(element.findall(f"{ATOM}{name}")) == 1
            assert element.findtext(f"{ATOM}{name}")
    assert root.find(f"{ATOM}author/{ATOM}name") is not None
    found = feedparser.parse(response.content)
    assert not found.bozo
    assert found.version == "atom10"
    assert all(e.updated_parsed and e.link.startswith(BASE) and e.content[0].value for e in found.entries)
    ids = [e.id for e in found.entries]
    assert len(set(ids)) == len(ids)
    return {e.id: e.updated for e in found.entries}


def test_a_new_letter_is_news_and_what_was_known_is_not(tmp_path: Path) -> None:
    publish(tmp_path, FIRST, "verslag")
    with serving(tmp_path) as client:
        first = entries(client, FEED)
    assert first
    assert set(first.values()) == {"2026-01-02T03:04:05Z"}
    publish(tmp_path, SECOND, "verslag", "inzet")
    with serving(tmp_path) as client:
        news = entries(client, FEED)
        assert news
        assert set(news.values()) == {"2026-02-03T04:05:06Z"}
        assert not set(news) & set(first)
        # All of them: the ids and times of those known are what they were.
        assert entries(client, f"{FEED}&all=1") == first | news
        # A build that adds nothing to this question leaves its feed as it was.
        body = client.get(FEED).content
        publish(tmp_path, datetime(2026, 3, 1, tzinfo=UTC), "verslag", "inzet")
        assert client.get(FEED).content == body


def test_feeds_have_validators_and_questions_have_feeds(client: httpx.Client) -> None:
    response = client.get(FEED)
    tag = response.headers["etag"]
    again = client.get(FEED, headers={"if-none-match": tag})
    assert (again.status_code, again.content) == (304, b"")
    assert f'<link rel="alternate" type="application/atom+xml" href="{FEED}"' in client.get(FEED.removeprefix("/feeds")).text
    page = client.get("/", params={"q": "Welke resoluties heeft Nederland geïnitieerd?"}).text
    address = re.search(r'type="application/atom\+xml" href="([^"]+)"', page)
    assert address
    assert entries(client, address[1])
    asked = entries(client, "/feeds/ask?q=Welke resoluties heeft Nederland geïnitieerd?")
    assert len(asked) > 3


@pytest.mark.parametrize("name", ["countries", "documents", "amounts", "events-together", "ministers", "planned-and-reported"])
def test_any_query_is_a_feed(client: httpx.Client, name: str) -> None:
    assert entries(client, f"/feeds/queries/{name}")


def test_what_cannot_be_a_feed(client: httpx.Client) -> None:
    problem(client.get("/feeds/queries/nothing"), 404)
    problem(client.get("/feeds/queries/resolutions-initiated-by"), 400)
    problem(client.get("/feeds/ask?q=xyzzy"), 404)
