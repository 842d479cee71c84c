"""The graph for language-model clients: a Model Context Protocol server over standard input and output.

Every tool is a route of the service, asked in this process: the same answers, the same limits, and for each fact the
sentence it rests on. Needs the extra ``mcp``.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Annotated, Any

import httpx
from pydantic import Field

from avvn_graph.errors import AvvnError
from avvn_graph.settings import Settings

try:
    from mcp.server import MCPServer
    from mcp.server.mcpserver.exceptions import ToolError
except ImportError as error:  # what a light installation has
    raise AvvnError("the MCP server needs the extra `mcp`: pip install 'avvn-graph[mcp]'") from error

_INSTRUCTIONS = (
    "Letters from the Dutch government to parliament about the UN General Assembly, as a knowledge graph. Each fact comes with its evidence: the sentence, the "
    "letter and the offsets; quote it when you state the fact. `planned` and `realised` differ. Try `ask` first, then `search` and `describe`; `run_query` has "
    "ready-made questions, `sparql` takes any read-only query over https://w3id.org/avvn/ontology#."
)
_MOST_TEXT = 60_000


def create_server(settings: Settings) -> MCPServer[Any]:
    """The server over the published graph; it has tools only."""
    from avvn_graph import __version__

    box: dict[str, httpx.AsyncClient] = {}

    @asynccontextmanager
    async def lifespan(server: MCPServer[Any]) -> AsyncIterator[None]:
        from avvn_graph.service.app import create_app

        app = create_app(settings)
        async with app.router.lifespan_context(app):
            transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
            async with httpx.AsyncClient(transport=transport, base_url="http://localhost", timeout=settings.query_timeout + 30) as client:
                box["client"] = client
                yield

    server: MCPServer[Any] = MCPServer(name="avvn-graph", version=__version__, instructions=_INSTRUCTIONS, lifespan=lifespan, log_level="WARNING")

    async def get(path: str, accept: str = "application/json", **parameters: Any) -> str:
        given = {k: v for k, v in parameters.items() if v is not None}
        return _told(await box["client"].get(path, params=given, headers={"accept": accept}))

    @server.tool()
    async def ask(
        question: Annotated[str, Field(max_length=500, description="A question in Dutch or English, such as: which resolutions did NL initiate?")],
        size: Annotated[int, Field(ge=1, le=100, description="At most so many rows.")] = 20,
    ) -> str:
        """Answer a question from the letters: rows with their evidence and the SPARQL; what cannot be mapped is refused, with questions that can."""
        return await get("/api/v1/ask", q=question, size=size)

    @server.tool()
    async def search(
        text: Annotated[str, Field(min_length=2, max_length=200, description="Words as they stand in the letters, or the beginning of a name.")],
        size: Annotated[int, Field(ge=1, le=50)] = 10,
    ) -> str:
        """Find things by name and passages by words; a thing's IRI ends in the kind and key that `describe` takes."""
        names = json.loads(await get("/api/v1/complete", q=text, limit=size))
        passages = json.loads(await get("/api/v1/search", q=text, size=size))
        return json.dumps({"things": names.get("items", names), "passages": passages.get("items", passages), "total": passages.get("total")}, ensure_ascii=False)

    @server.tool()
    async def describe(
        kind: Annotated[str, Field(pattern=r"^[a-z]+$", description="Kind of thing: country, person, resolution, event, amount, organisation, document, …")],
        key: Annotated[str, Field(max_length=200, description="Its key, such as NL or kaag.")],
    ) -> str:
        """Everything about one thing as Turtle: its names, the statements about it and the passages they rest on."""
        return await get(f"/data/{kind}/{key}", accept="text/turtle")

    @server.tool()
    async def list_queries() -> str:
        """The canned queries with their parameters."""
        found = json.loads(await get("/api/v1/queries"))
        for item in found.get("items", ()):
            item.pop("sparql", None)
        return json.dumps(found, ensure_ascii=False)

    @server.tool()
    async def run_query(
        name: Annotated[str, Field(pattern=r"^[a-z0-9-]+$", description="Name of a canned query, from list_queries.")],
        parameters: Annotated[dict[str, str] | None, Field(description="Its parameters, such as {\"initiator\": \"NL\"}.")] = None,
        size: Annotated[int, Field(ge=1, le=100)] = 20,
    ) -> str:
        """Run a canned query: each row with its evidence."""
        return await get(f"/api/v1/queries/{name}", **(parameters or {}), size=size)

    @server.tool()
    async def sparql(query: Annotated[str, Field(max_length=20_000, description="A SPARQL 1.1 query; the default graph is the union of all.")]) -> str:
        """Run a read-only SPARQL query, with the service's limits on time, memory and size. A statement's avvn:evidence is the passage it rests on."""
        return _told(await box["client"].post("/sparql", data={"query": query}, headers={"accept": "application/sparql-results+json, text/turtle;q=0.9"}))

    return server


def _told(answer: httpx.Response) -> str:
    """The body of an answer; raises ToolError, which the client is told, when the service refused."""
    if answer.status_code >= 400:
        try:
            problem = answer.json()
            raise ToolError(f"{problem.get('title', answer.status_code)}: {problem.get('detail', '')}")
        except json.JSONDecodeError:
            raise ToolError(f"the service answered {answer.status_code}") from None
    if len(answer.text) > _MOST_TEXT:
        raise ToolError(f"the answer has {len(answer.text)} characters, more than the {_MOST_TEXT} that fit: ask for less (size, LIMIT)")
    return answer.text
