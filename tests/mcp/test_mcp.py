"""The MCP server, started as its own process and asked with the SDK's own client over the real graph."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from mcp import Client, StdioServerParameters

Asked = Callable[[Client], Awaitable[Any]]


@pytest.fixture(scope="module")
def talk(real_build: Path) -> Callable[[Asked], Any]:
    """A function that runs a conversation with a server of its own."""
    environment = {k: v for k, v in os.environ.items() if not k.startswith("AVVN_")} | {"AVVN_STORE": str(real_build), "AVVN_QUERY_TIMEOUT": "2"}
    server = StdioServerParameters(command=sys.executable, args=["-m", "avvn_graph.cli", "mcp"], env=environment)

    async def conversation(asked: Asked) -> Any:
        async with Client(server, read_timeout_seconds=60) as client:
            return await asked(client)

    return lambda asked: asyncio.run(conversation(asked))


def text(result: Any) -> str:
    """What a tool said."""
    return "".join(part.text for part in result.content)


def test_tools_answer_with_evidence_and_tell_why_they_refuse(talk: Callable[[Asked], Any]) -> None:
    async def asked(client: Client) -> None:
        tools = {tool.name: tool for tool in (await client.list_tools()).tools}
        assert tools.keys() == {"ask", "search", "describe", "list_queries", "run_query", "sparql"}
        assert all(tool.description for tool in tools.values())

        answer = json.loads(text(await client.call_tool("ask", {"question": "which resolutions did NL initiate"})))
        assert answer["answered"]
        assert all(item["evidence"] and item["evidence"][0]["text"] for item in answer["items"])

        found = json.loads(text(await client.call_tool("search", {"text": "honger"})))
        assert found["passages"][0]["evidence"]

        described = text(await client.call_tool("describe", {"kind": "resolution", "key": "S-RES-2417"}))
        assert "avvn:initiatedBy" in described
        assert "avvn:text" in described

        listed = json.loads(text(await client.call_tool("list_queries", {})))
        assert "resolutions-initiated-by" in {q["name"] for q in listed["items"]}
        rows = json.loads(text(await client.call_tool("run_query", {"name": "resolutions-initiated-by", "parameters": {"initiator": "NL"}, "size": 3})))
        assert len(rows["items"]) == 3
        assert rows["items"][0]["evidence"]

        counted = json.loads(text(await client.call_tool("sparql", {"query": "SELECT (COUNT(*) AS ?n) WHERE { ?s a <https://w3id.org/avvn/ontology#Statement> }"})))
        assert int(counted["results"]["bindings"][0]["n"]["value"]) > 400

        for tool, arguments, says in _REFUSED:
            refused = await client.call_tool(tool, arguments)
            assert refused.is_error, tool
            assert says.lower() in text(refused).lower()

    talk(asked)


_REFUSED: list[tuple[str, dict[str, Any], str]] = [
    ("sparql", {"query": "SELECT * WHERE {"}, "line"),
    ("sparql", {"query": "SELECT * WHERE { SERVICE <http://localhost/> { ?s ?p ?o } }"}, "SERVICE"),
    ("sparql", {"query": "SELECT (COUNT(*) AS ?n) WHERE { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"}, "time"),
    ("describe", {"kind": "country", "key": "ZZ"}, "no"),
    ("run_query", {"name": "no-such-query"}, "no canned query"),
]
