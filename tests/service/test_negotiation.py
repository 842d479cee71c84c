"""Accept headers."""

from __future__ import annotations

import pytest

from avvn_graph.service.negotiation import best

OFFERS = ("text/turtle", "application/n-triples", "application/ld+json", "text/html")


@pytest.mark.parametrize(("accept", "chosen"), [
    (None, "text/turtle"),
    ("", "text/turtle"),
    ("*/*", "text/turtle"),
    ("*", "text/turtle"),
    ("text/*", "text/turtle"),
    ("application/*", "application/n-triples"),
    ("application/ld+json", "application/ld+json"),
    ("APPLICATION/LD+JSON", "application/ld+json"),
    ("application/ld+json;q=0.5, application/n-triples;q=0.4", "application/ld+json"),
    ("application/ld+json; q=0.4, application/n-triples ; q = 0.5", "application/n-triples"),
    ("*/*;q=0.1, application/ld+json;q=0.9", "application/ld+json"),
    ("text/turtle;q=0, */*", "application/n-triples"),
    ("text/turtle;q=0.1, text/*;q=0.9", "text/html"),
    ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "text/html"),
    ("image/png", None),
    ("text/turtle;q=0", None),
    ("*/*;q=0", None),
    ("text/turtle;q=nonsense", None),
    ("text/turtle;q=nan", None),
    ("application/ld+json;profile=\"http://www.w3.org/ns/json-ld#expanded\"", "application/ld+json"),
    (",;,q=1,,", None),
])
def test_best(accept: str | None, chosen: str | None) -> None:
    assert best(accept, OFFERS) == chosen
