"""Which of the media types on offer an Accept header asks for (RFC 9110, 12.5.1)."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from avvn_graph.store.base import CSV, JSON, JSONLD, NTRIPLES, RDFXML, TSV, TURTLE, XML

RESULT_OFFERS = {
    JSON: JSON, XML: XML, CSV: CSV, TSV: TSV,
    "application/json": JSON, "application/xml": XML, "text/xml": XML,
}
"""What a client may ask for of a SELECT or ASK query, the server's favourite first, and the format that it is."""
GRAPH_OFFERS = {
    TURTLE: TURTLE, NTRIPLES: NTRIPLES, JSONLD: JSONLD, RDFXML: RDFXML,
    "text/plain": NTRIPLES, "application/json": JSONLD, "application/xml": RDFXML, "text/xml": RDFXML,
}
"""The same of a CONSTRUCT or DESCRIBE query."""
FORMATS = {
    "json": JSON, "xml": XML, "csv": CSV, "tsv": TSV,
    "json-ld": JSONLD, "rdf+xml": RDFXML, "turtle": TURTLE, "ttl": TURTLE, "nt": NTRIPLES, "ntriples": NTRIPLES, "jsonld": JSONLD, "rdf": RDFXML, "rdfxml": RDFXML,
}
"""Names that a ``format`` parameter or a suffix may have beside media types."""
GRAPH_FORMATS = {**FORMATS, "json": JSONLD, "xml": RDFXML}
"""The same where the answer is a graph, of which these two are a serialisation too."""
HTML = "text/html"


@lru_cache(maxsize=256)
def best(accept: str | None, offers: Sequence[str]) -> str | None:
    """The offer that the header likes best, the earlier one of equals; None when it wants none of them.

    Every offer has the quality of the most specific range it falls under. No header is ``*/*``. ``offers`` must be
    hashable (a tuple).
    """
    if accept is None or not accept.strip():
        return offers[0]
    ranges = _ranges(accept)
    chosen, quality = None, 0.0
    for offer in offers:
        q = max(((specific, q) for name, specific, q in ranges if _covers(name, offer)), default=(0, 0.0))[1]
        if q > quality:
            chosen, quality = offer, q
    return chosen


def _ranges(accept: str) -> list[tuple[str, int, float]]:
    found = []
    for part in accept.split(","):
        name, *parameters = (p.strip().lower() for p in part.split(";"))
        q = 1.0
        for parameter in parameters:
            key, _, value = parameter.partition("=")
            if key.strip() == "q":
                try:
                    q = min(max(float(value), 0.0), 1.0)
                except ValueError:
                    q = 0.0
        if name:
            name = "*/*" if name == "*" else name
            found.append((name, 0 if name == "*/*" else 1 if name.endswith("/*") else 2, q if q == q else 0.0))
    return found


def _covers(range_: str, offer: str) -> bool:
    return range_ in ("*/*", offer) or (range_.endswith("/*") and offer.startswith(range_[:-1]))


def content_type(media_type: str) -> str:
    """The Content-Type of an answer: text names its encoding."""
    return f"{media_type}; charset=utf-8" if media_type.startswith("text/") else media_type
