"""A thing as JSON-LD in terms of schema.org, for the page it is in; search engines and reference managers read it."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from fastapi import Request
from markupsafe import Markup

from avvn_graph.service import lookups
from avvn_graph.service.graphs import Row
from avvn_graph.service.pages.things import Said

_TYPES = {
    "country": "Country", "organisation": "Organization", "mission": "Organization", "group": "Organization", "person": "Person",
    "event": "Event", "resolution": "Legislation", "treaty": "Legislation", "dossier": "CreativeWork", "document": "Report",
    "amount": "MonetaryAmount", "post": "Role", "passage": "Quotation", "statement": "Claim",
}
_ATTRIBUTES = {
    "startDate": "startDate", "endDate": "endDate", "symbol": "legislationIdentifier", "topic": "about", "familyName": "familyName",
    "value": "value", "currency": "currency", "date": "datePublished", "identifier": "identifier", "text": "text", "place": "location",
    "adoptionDate": "legislationDate",
}
_RELATIONS = {
    ("event", "organisedBy"): "organizer", ("event", "speaker"): "performer", ("event", "attendedBy"): "attendee",
    ("resolution", "initiatedBy"): "legislationResponsible", ("resolution", "adoptedBy"): "legislationPassedBy",
    ("country", "memberOf"): "memberOf", ("person", "holdsOffice"): "jobTitle",
}


def of(
    iri: str, kind: str, title: str, labels: Iterable[tuple[str, str | None]], triples: Iterable[Row], said: Iterable[Said], request: Request
) -> Markup:
    """The JSON-LD of a thing, safe within a script element."""
    found: dict[str, Any] = {
        "@context": "https://schema.org", "@type": _TYPES.get(kind, "Thing"), "@id": iri, "name": title,
        "url": str(request.url.replace(query="", fragment="")).rstrip("?"),
    }
    others = list(dict.fromkeys(text for text, _ in labels if text != title))
    if others:
        found["alternateName"] = others
    for row in triples:
        name = lookups.local_name(row["p"].value)
        if name in ("exactMatch", "sameAs"):
            _add(found, "sameAs", row["o"].value)
        elif name in _ATTRIBUTES and row["o"].type == "literal":
            _add(found, _ATTRIBUTES[name], row["o"].value)
    for one in said:
        term = _RELATIONS.get((kind, one.predicate))
        if term and one.side == "subject" and one.modality != "calledFor" and one.claimant is None and one.other.iri:
            _add(found, term, one.other.label if term == "jobTitle" else {
                "@type": _TYPES.get(one.other.kind, "Thing"), "@id": one.other.iri, "name": one.other.label})
    text = json.dumps(found, ensure_ascii=False, separators=(",", ":"))
    return Markup(text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026"))


def _add(found: dict[str, Any], name: str, value: Any) -> None:
    if name not in found:
        found[name] = value
    elif found[name] != value:
        values = found[name] if isinstance(found[name], list) else [found[name]]
        if value not in values:
            found[name] = [*values, value]
