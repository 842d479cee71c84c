"""Requests a second of the SPARQL endpoint beside the native server and rdflib-endpoint, in one run on one machine.

    python benchmarks/serve.py [--seconds 5] [--rounds 1] [--copies 21] [--output FILE]

Needs ``wrk`` (Debian's package of that name), ``oxigraph`` (PyPI, in the dev extra) and, for the third server,
``rdflib-endpoint`` in a Python of its own named by RDFLIB_ENDPOINT_PYTHON (it wants other versions of what we use). All
serve the same graph. The servers are measured one after the other, each with the machine for itself; with several rounds
all have their turn in each, and the median counts, so that a drift of the machine falls on all alike.
"""

from __future__ import annotations

import argparse
import os
import platform
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

import httpx
from wrk import wrk  # beside this file

from avvn_graph.catalogue import load
from avvn_graph.graph import publish
from avvn_graph.settings import get_settings

PREFIX = "PREFIX avvn: <https://w3id.org/avvn/ontology#> PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> "
# Written with GRAPH, so that they mean the same whatever a server's default graph is.
LOOK_UPS = [f"SELECT ?p ?o WHERE {{ GRAPH ?g {{ <https://w3id.org/avvn/id/country/{c}> ?p ?o }} }}" for c in ("NL", "BE", "FR", "CA", "KE", "SE", "DE", "PE")]
LIGHT = PREFIX + "SELECT ?r ?t WHERE { GRAPH ?g { ?r avvn:initiatedBy <https://w3id.org/avvn/id/country/NL> } ?r a ?t }"
HEAVY = {
    "join over all statements": PREFIX + "SELECT (COUNT(*) AS ?n) WHERE { GRAPH ?g { ?s rdf:subject ?a ; avvn:evidence ?p } GRAPH ?h { ?m avvn:mentionOf ?a ; avvn:inPassage ?q } }",
    "aggregation": PREFIX + "SELECT ?d (COUNT(DISTINCT ?e) AS ?n) WHERE { GRAPH ?g { ?m avvn:mentionOf ?e ; avvn:inDocument ?d } } GROUP BY ?d ORDER BY DESC(?n)",
    "text filter": PREFIX + 'SELECT (COUNT(*) AS ?n) WHERE { GRAPH ?g { ?p avvn:text ?t } FILTER(REGEX(?t, "resolutie|veiligheidsraad", "i")) }',
}


def free_port() -> int:
    """A port that nobody has."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def server(command: list[str], url: str, **environment: str) -> Iterator[str]:
    """A server of its own process; gives the address of its endpoint once it answers."""
    process = subprocess.Popen(command, env=os.environ | environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        until = time.monotonic() + 120
        while True:
            try:
                httpx.get(url, params={"query": "ASK {}"}, timeout=5).raise_for_status()
                break
            except httpx.HTTPError:
                if process.poll() is not None or time.monotonic() > until:
                    raise SystemExit(f"{command[0]} does not answer at {url}") from None
                time.sleep(0.1)
        yield url
    finally:
        process.terminate()
        process.wait(120)  # a query that takes much memory takes time to give it back


def measured(url: str, queries: list[str], seconds: int, connections: int = 8) -> float:
    """Answers a second to GETs of some queries in turn; raises SystemExit when one is no success."""
    run = wrk(url, [f"{httpx.URL(url).path}?query={quote(q)}" for q in queries], seconds, connections=connections, accept="application/sparql-results+json")
    if run.faults:
        raise SystemExit(f"{url}: some of these got no answer: {queries}")
    return run.per_second


def settled(most: float = 120.0) -> None:
    """Wait until the machine has had next to nothing to do for two seconds: servers make things ready in the background."""
    until = time.monotonic() + most
    quiet = 0
    while quiet < 2 and time.monotonic() < until:
        before = _worked()
        time.sleep(1.0)
        quiet = quiet + 1 if _worked() - before < 0.1 else 0


def _worked() -> float:
    """Seconds that all processors together have worked."""
    user, nice, system = (int(n) for n in Path("/proc/stat").read_text(encoding="ascii").split()[1:4])
    return (user + nice + system) / os.sysconf("SC_CLK_TCK")


def asked(url: str, paths: list[str]) -> None:
    """Ask each of some paths once, whatever comes of it, so that answers that may be kept are."""
    with httpx.Client(timeout=120, headers={"accept": "application/sparql-results+json, application/json"}) as client:
        for path in paths:
            client.get(httpx.URL(url).join(path))


def beside(url: str, query: str, times: int = 1500) -> tuple[float, float]:
    """Milliseconds of the 99th percentile of a light query: alone, and while an endless one runs."""
    def p99(client: httpx.Client) -> float:
        taken = []
        for n in range(times):
            began = time.perf_counter()
            client.post(url, data={"query": f"{query} #{n}"}).raise_for_status()
            taken.append(time.perf_counter() - began)
        return sorted(taken)[int(times * 0.99)] * 1000

    endless = "SELECT (COUNT(*) AS ?n) WHERE { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
    with httpx.Client(timeout=30) as client:
        p99(client)
        alone = p99(client)
        other = subprocess.Popen([sys.executable, "-c", f"import httpx; httpx.post({url!r}, data={{'query': {endless!r}}}, timeout=60)"])
        time.sleep(1)
        busy = p99(client)
        other.kill()
    return alone, busy


def enlarged(build: publish.Build, copies: int, folder: Path) -> publish.Build:
    """A graph of so many copies of a build, whose things differ in their IRIs; in a store folder of its own."""
    lines = build.nquads.read_bytes()
    own = [lines.replace(b"/avvn/id/", b"/avvn/id/c%d-" % n) if n else lines for n in range(copies)]
    quads = b"".join(sorted({line for part in own for line in part.splitlines(keepends=True)}))
    publish.publish(folder, "f" * 16, quads, {"created": build.manifest.get("created"), "quads": quads.count(b"\n"), "documents": []})
    found = publish.current(folder)
    assert found is not None
    return found


def canned() -> list[str]:
    """Ten of the canned queries, as the catalogue's examples ask them."""
    settings = get_settings()
    catalogue = load(settings.queries)
    names = ("resolutions-initiated-by", "resolutions", "amounts", "amount-totals-by-recipient", "events", "memberships", "troop-contributions", "ministers", "mentions-of", "country-overview")
    return [catalogue[n].bind({p.name: p.example for p in catalogue[n].parameters if p.required and p.example}, settings.base_iri) for n in names]


def compared(build: publish.Build, store: Path, seconds: int, foreign: str | None, connections: int, rounds: int = 1) -> list[str]:
    """The table of one graph, and what a light query suffers beside an endless one.

    Each server has the machine for itself: two of them go on with queries whose client has gone.
    """
    folder = Path(tempfile.mkdtemp())
    oxigraph = str(Path(sys.executable).with_name("oxigraph"))
    subprocess.run([oxigraph, "load", "--location", str(folder / "native"), "--file", str(build.nquads)], check=True, capture_output=True)
    ours = [sys.executable, "-m", "uvicorn", "--factory", "avvn_graph.service.app:create_app", "--log-level", "error", "--no-access-log", "--port"]
    common = {"AVVN_STORE": str(store.resolve()), "AVVN_ACCESS_LOG": "false", "AVVN_QUERY_TIMEOUT": "60", "AVVN_QUERIES_PER_CLIENT": "64"}
    port = str(free_port())
    servers: dict[str, tuple[list[str], str, dict[str, str]]] = {
        "native `oxigraph serve-read-only`":
            ([oxigraph, "serve-read-only", "--location", str(folder / "native"), "--union-default-graph", "--bind", f"127.0.0.1:{port}"], "/query", {}),
        "avvn-graph, cache off": ([*ours, port], "/sparql", {**common, "AVVN_CACHE_BYTES": "0"}),
        "the same, two processes": ([*ours, port, "--workers", "2"], "/sparql", {**common, "AVVN_CACHE_BYTES": "0"}),
        "avvn-graph, cache on": ([*ours, port], "/sparql", common),
    }
    if foreign:
        servers["rdflib-endpoint on Oxigraph"] = ([str(Path(foreign).with_name("rdflib-endpoint")), "serve", str(build.nquads), "--store", "Oxigraph", "--port", port], "/", {})
    light = {"look-ups of a thing's triples": LOOK_UPS, "ten canned queries in turn": canned()}
    apis = ("/api/v1/resolutions?initiator=NL", "/api/v1/countries/NL", "/api/v1/ministers")
    figures: dict[str, dict[str, list[float]]] = {what: {name: [] for name in servers} for what in (*light, *HEAVY, *(f"`{path}`" for path in apis))}
    beside_: list[str] = []
    for n in range(rounds):
        for name, (command, path, environment) in servers.items():
            with server(command, f"http://127.0.0.1:{port}{path}", **environment) as url:
                settled()
                if name.endswith("cache on"):
                    asked(url, [f"{path}?query={quote(q)}" for queries in (*light.values(), HEAVY.values()) for q in queries] + list(apis))
                for what, queries in light.items():
                    figures[what][name].append(measured(url, queries, seconds))
                for path_ in apis if name == "avvn-graph, cache on" else ():
                    figures[f"`{path_}`"][name].append(wrk(url, [path_], seconds).per_second)
                for what, text in HEAVY.items():
                    figures[what][name].append(measured(url, [text], seconds * 8 // connections, connections))
                for kind, query in {"A look-up": LOOK_UPS[0], "A query of two patterns": LIGHT}.items() if name == "avvn-graph, cache off" else ():
                    alone, busy = beside(url, query)
                    beside_.append(f"{kind}, asked one at a time{f', round {n + 1}' if rounds > 1 else ''}: 99th percentile {alone:.2f} ms alone, {busy:.2f} ms while an endless query runs beside it ({busy / alone:.1f} times).  ")
    rows = ["| requests a second | " + " | ".join(servers) + " |", "|---" * (len(servers) + 1) + "|"]
    for what, by_server in figures.items():
        found = [statistics.median(f) if f else None for f in by_server.values()]
        first = found[0]
        rows.append(f"| {what} | " + " | ".join("–" if f is None else f"{f:,.1f}" + (f" ({f / first:.2f})" if n and first else "") for n, f in enumerate(found)) + " |")
    shutil.rmtree(folder)
    return [*rows, "", *beside_]


def main() -> None:
    """Print the page, or write it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=int, default=5)
    parser.add_argument("--rounds", type=int, default=1, help="on our graph: the median of so many")
    parser.add_argument("--copies", type=int, default=0, help="also on a graph of so many copies of ours (21 make two million quads)")
    parser.add_argument("--output", type=Path)
    arguments = parser.parse_args()
    build = publish.current(get_settings().store)
    if build is None or not shutil.which("wrk"):
        raise SystemExit("needs a build (avvn-graph build) and wrk")
    page = [
        "# Performance", "",
        f"Made by `python benchmarks/serve.py --seconds {arguments.seconds}{f' --rounds {arguments.rounds}' if arguments.rounds > 1 else ''}{f' --copies {arguments.copies}' if arguments.copies else ''}`; {os.cpu_count()} cores, {platform.machine()}, "
        f"Python {platform.python_version()}. Ours is one server process with its query",
        "workers unless it says otherwise, with the cache on each question was asked once before; `wrk -t1 -c8` (`-c2` for heavy queries on the large graph) on the same machine takes its part of the cores from every server. In brackets: the share of the native server's.", "",
        f"## The graph of the letters: {build.manifest.get('quads')} quads", "",
        *compared(build, get_settings().store, arguments.seconds, os.environ.get("RDFLIB_ENDPOINT_PYTHON"), 8, arguments.rounds),
    ]
    if arguments.copies:
        with tempfile.TemporaryDirectory() as folder:
            large = enlarged(build, arguments.copies, Path(folder))
            page += ["", f"## {arguments.copies} copies of it: {large.manifest.get('quads')} quads", "", *compared(large, Path(folder), arguments.seconds, None, 2)]
    text = "\n".join([*page, ""])
    if arguments.output:
        arguments.output.write_text(text, encoding="utf-8")
    else:
        print(text)


if __name__ == "__main__":
    main()
