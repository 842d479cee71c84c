"""Atom feeds (RFC 4287) of canned queries and questions: the facts that came with a new build.

When a statement, passage or thing was first in the graph is kept from build to build (``graph/seen.py``). A fact is as new
as its statement or, in rows that name none, as the newest thing in them. The feed has the facts of the last build that
brought any for this query, so that a reader who comes late still finds them; ``?all=1`` has those of every build.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import quote, urlencode
from xml.etree import ElementTree

from fastapi import APIRouter, Depends, Query, Request
from starlette.responses import Response

from avvn_graph.graph import seen
from avvn_graph.service import asking, lookups
from avvn_graph.service.deps import State, state
from avvn_graph.service.graphs import Row, Snapshot
from avvn_graph.service.linked_data import LICENSE
from avvn_graph.service.problems import ProblemError

router = APIRouter(prefix="/feeds", tags=["Feeds"])

App = Annotated[State, Depends(state)]
All = Annotated[bool, Query(alias="all", description="The facts of every build, not of the last one that brought any.")]
MEDIA_TYPE = "application/atom+xml"
MOST = 500
"""A feed has at most so many entries, the newest first."""

_ATOM = "http://www.w3.org/2005/Atom"
_NEVER = "1970-01-01T00:00:00Z"
_ASIDE = frozenset({"passage", "document", "statement"})


@router.get("/queries/{name}", summary="A canned query as a feed", response_class=Response, openapi_extra={"parameters": [{
    "name": "parameters", "in": "query", "style": "form", "explode": True, "description": "The query's own parameters.",
    "schema": {"type": "object", "additionalProperties": {"type": "string"}}, "example": {"initiator": "NL"},
}]})
async def query(request: Request, app: App, name: str, everything: All = False) -> Response:
    """An Atom entry for each fact that is new, with its sentence."""
    canned = app.catalogue.get(name)
    if canned is None:
        raise ProblemError(404, "unknown", f"there is no canned query {name[:100]!r}; /api/v1/queries lists them")
    values: dict[str, str | None] = {k: v for k, v in request.query_params.items() if k != "all"}
    async with app.graphs.lease() as snapshot:
        _, rows, _ = await lookups.run(snapshot, canned, values, app.settings.base_iri)
        given = urlencode(sorted((k, v or "") for k, v in values.items()))
        address = f"queries/{quote(name)}" + (f"?{given}" if given else "")
        title = canned.title_nl + (f" ({', '.join(f'{k}: {v}' for k, v in sorted(values.items()))})" if values else "")
        return await _feed(request, app, snapshot, _About(title, canned.description, address, address), rows, everything)


@router.get("/ask", summary="A question as a feed", response_class=Response)
async def ask(
    request: Request, app: App, q: Annotated[str, Query(min_length=1, max_length=500)], everything: All = False
) -> Response:
    """The same for the answer to a question; 404 when the question is not understood."""
    async with app.graphs.lease() as snapshot:
        answer = await asking.ask(app, snapshot, q)
        if answer.query is None:
            raise ProblemError(404, "question", "this question is not understood, so it can have no news; /api/v1/ask suggests others")
        asked = urlencode({"q": q})
        return await _feed(request, app, snapshot, _About(q, answer.summary, f"ask?{asked}", f"?{asked}"), asking.rows(answer), everything)


@dataclass(frozen=True, slots=True)
class _About:
    title: str
    subtitle: str
    address: str
    """Of the feed, below ``feeds/``."""
    page: str


@dataclass(frozen=True, slots=True)
class _Fact:
    key: str
    iri: str
    build: int
    rows: tuple[Row, ...]


async def _feed(
    request: Request, app: State, snapshot: Snapshot, about: _About, rows: Sequence[Row], everything: bool
) -> Response:
    base = app.settings.base_iri
    builds, index = await asyncio.to_thread(_read, snapshot.build.path)
    facts = _facts(rows, index, len(builds) - 1, base)
    newest = max((f.build for f in facts), default=len(builds) - 1)
    shown = sorted((f for f in facts if everything or f.build == newest), key=lambda f: (-f.build, f.key))[:MOST]
    things = {row[name].value for f in shown for row in f.rows for name in row if row[name].type == "uri"}
    names = {iri: found[0][0] for iri, found in (await lookups.labels(snapshot, things)).items() if found}
    body = _atom(about, shown, builds, newest, names, base)
    etag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    headers = {"etag": etag, "content-type": MEDIA_TYPE, "cache-control": "max-age=300", "link": f'<{LICENSE}>; rel="license"'}
    if etag in (t.strip().removeprefix("W/") for t in request.headers.get("if-none-match", "").split(",")):
        return Response(status_code=304, headers=headers)
    return Response(body, headers=headers)


def _read(folder: Path) -> tuple[list[dict[str, str]], dict[str, int]]:
    try:
        found: dict[str, Any] = json.loads((folder / seen.FILE).read_text(encoding="utf-8"))
    except FileNotFoundError:  # an empty store, or a build of an earlier release
        return [{"id": "", "created": _NEVER}], {}
    return found["builds"], found["seen"]


def _facts(rows: Sequence[Row], index: Mapping[str, int], last: int, base: str) -> list[_Fact]:
    """One fact for all rows of one statement, or of the same things."""
    groups: dict[str, list[Row]] = {}
    for row in rows:
        if "statement" in row:
            key = row["statement"].value
        else:
            things = [row[n].value for n in sorted(row) if row[n].type == "uri" and n not in _ASIDE]
            key = "|".join(things or [row[n].value for n in sorted(row)])
        groups.setdefault(key, []).append(row)
    out = []
    for key, same in groups.items():
        first = same[0]
        iris = [first["statement"].value] if "statement" in first else [t.value for row in same for t in row.values() if t.type == "uri"]
        own = [index[i.removeprefix(f"{base}id/")] for i in iris if i.removeprefix(f"{base}id/") in index]
        about = next((first[n].value for n in first if first[n].type == "uri" and n not in _ASIDE), iris[0] if iris else base)
        out.append(_Fact(hashlib.sha256(key.encode()).hexdigest()[:32], about, max(own, default=last), tuple(same)))
    return out


def _atom(
    about: _About, facts: Sequence[_Fact], builds: Sequence[Mapping[str, str]], newest: int, names: Mapping[str, str], base: str
) -> bytes:
    ElementTree.register_namespace("", _ATOM)
    feed = ElementTree.Element(f"{{{_ATOM}}}feed", {"{http://www.w3.org/XML/1998/namespace}lang": "nl"})
    address = f"{base}feeds/{about.address}"

    def put(parent: ElementTree.Element, name: str, text: str = "", **attributes: str) -> ElementTree.Element:
        element = ElementTree.SubElement(parent, f"{{{_ATOM}}}{name}", attributes)
        element.text = _clean(text) or None
        return element

    put(feed, "id", address)
    put(feed, "title", about.title)
    put(feed, "subtitle", about.subtitle)
    put(feed, "updated", _time(builds, newest))
    put(feed, "link", rel="self", type=MEDIA_TYPE, href=address)
    put(feed, "link", rel="alternate", type="text/html", href=f"{base}{about.page}")
    put(feed, "rights", LICENSE)
    put(feed, "generator", "avvn-graph", uri=base)
    put(put(feed, "author"), "name", "avvn-graph")
    for fact in facts:
        entry = put(feed, "entry")
        put(entry, "id", f"{base}feeds/{about.address}#{fact.key}")
        put(entry, "title", _title(fact, names))
        put(entry, "updated", _time(builds, fact.build))
        put(entry, "link", rel="alternate", href=fact.iri)
        if "statement" in fact.rows[0]:
            put(entry, "link", rel="related", href=fact.rows[0]["statement"].value)
        sentences = dict.fromkeys(
            f"“{row['evidence'].value}” ({row['documentTitle'].value if 'documentTitle' in row else ''})" for row in fact.rows if "evidence" in row
        )
        put(entry, "content", "\n".join(sentences) or _title(fact, names), type="text")
    body: bytes = ElementTree.tostring(feed, encoding="utf-8", xml_declaration=True)
    return body


def _title(fact: _Fact, names: Mapping[str, str]) -> str:
    row = fact.rows[0]
    parts = []
    for name, term in row.items():
        if name in _ASIDE or name in asking.EVIDENCE or name == "label" or name.endswith("Label"):
            continue
        parts.append(names.get(term.value) or lookups.local_name(term.value) if term.type == "uri" else term.value)
    return " · ".join(dict.fromkeys(p for p in parts if p)) or fact.iri


def _time(builds: Sequence[Mapping[str, str]], index: int) -> str:
    return str(builds[index]["created"]).replace("+00:00", "Z") if 0 <= index < len(builds) else _NEVER


def _clean(text: str) -> str:
    """Without characters that XML cannot have."""
    return "".join(c for c in text if c in "\t\n\r" or (c >= " " and not "\ud800" <= c <= "\udfff" and c not in "\ufffe\uffff"))
