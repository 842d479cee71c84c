"""How long a page takes on the server, and how much goes over the line: ``python benchmarks/pages.py [STORE]``.

Starts a server of its own over a built graph (default ``var/graph``), waits five seconds, in which it makes ready what takes
long, asks every page of every kind once, as nobody has asked it before, and then again; times are from request to whole answer over a connection that stands, so a little more than the
server's own. Weight is that of the page alone as it is sent to a browser that takes what the server can compress.
"""

from __future__ import annotations

import argparse
import os
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

import httpx

BASE = "https://w3id.org/avvn/id/"
QUESTIONS = (
    "welke resoluties heeft Nederland geïnitieerd?", "hoeveel zegde Nederland toe?", "bij welke bijeenkomsten sprak minister Kaag in 2018?",
    "wat organiseerde Canada?", "welke brieven noemen Iran?", "which resolutions did the Security Council adopt?", "honger en conflict",
    "wat vindt Atlantis?", "welke ministers komen voor?", "waarvan is Nederland lid?",
)
KINDS = (
    "country", "organisation", "person", "event", "resolution", "treaty", "amount", "mission", "dossier", "document", "post", "group", "thing", "statement",
)


@contextmanager
def serving(store: Path) -> Iterator[httpx.Client]:
    """A client of a server over a built graph."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    process = subprocess.Popen(
        [sys.executable, "-m", "uvicorn", "--factory", "avvn_graph.service.app:create_app", "--port", str(port), "--log-level", "warning"],
        env={**os.environ, "AVVN_STORE": str(store)},
    )
    headers = {"accept": "text/html", "accept-language": "nl", "accept-encoding": "gzip, br"}
    try:
        with httpx.Client(base_url=f"http://127.0.0.1:{port}", headers=headers, timeout=60) as client:
            until = time.monotonic() + 30
            while True:
                try:
                    client.get("/readyz").raise_for_status()
                    break
                except httpx.HTTPError:
                    if time.monotonic() > until or process.poll() is not None:
                        raise
                    time.sleep(0.1)
            time.sleep(5)  # what it makes ready in the background
            yield client
    finally:
        process.terminate()
        process.wait(10)


def pages(client: httpx.Client, most: int) -> dict[str, list[str]]:
    """Addresses by sort of page."""
    found = {
        "home": ["/"], "question": [f"/?q={quote(q)}" for q in QUESTIONS],
        "canned query": ["/queries/resolutions-initiated-by?initiator=NL", "/queries/amounts", "/queries/country-overview?country=NL", "/queries/events",
                         "/queries/mentions-of?entity=country/CN", "/queries/document-statements?document=verslag-avvn-73"],
        "other": ["/queries", "/page/sparql", "/page/ontology", "/quality", "/about", "/docs"],
        "index": ["/page", *(f"/page/{kind}" for kind in KINDS)],
    }
    for kind in KINDS:
        query = f'SELECT DISTINCT ?s WHERE {{ ?s a ?t FILTER(STRSTARTS(STR(?s), "{BASE}{kind}/")) }} ORDER BY ?s'
        rows = client.get("/sparql", params={"query": query, "format": "json"}).json()["results"]["bindings"]
        paths = [f"/page/{row['s']['value'].removeprefix(BASE)}" for row in rows]
        if paths:
            found[kind] = paths[:: max(1, len(paths) // most)]
    return found


def measured(client: httpx.Client, path: str) -> tuple[float, int]:
    """Milliseconds and bytes of one request."""
    began = time.perf_counter()
    with client.stream("GET", path) as response:
        size = sum(len(part) for part in response.iter_raw())
    took = (time.perf_counter() - began) * 1000
    if response.status_code != 200:
        raise SystemExit(f"{path}: {response.status_code}")
    return took, size


def p95(values: list[float]) -> float:
    """The 95th percentile."""
    return statistics.quantiles(values, n=20, method="inclusive")[-1] if len(values) > 1 else values[0]


def main() -> None:
    """Print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("store", nargs="?", type=Path, default=Path("var/graph"))
    parser.add_argument("--most", type=int, default=150, help="pages of a kind to ask at most")
    parser.add_argument("--again", type=int, default=3, help="how often to ask again")
    arguments = parser.parse_args()
    all_first: list[float] = []
    all_again: list[float] = []
    with serving(arguments.store) as client:
        print(f"{'page':14} {'n':>4} {'first p50':>10} {'p95':>7} {'max':>7} {'again p50':>10} {'p95':>7} {'max':>7} {'heaviest kB':>12}")
        for sort, paths in pages(client, arguments.most).items():
            first, sizes = zip(*(measured(client, path) for path in paths), strict=True)
            again = [measured(client, path)[0] for _ in range(arguments.again) for path in paths]
            all_first += first
            all_again += again
            print(f"{sort:14} {len(paths):4} {statistics.median(first):10.1f} {p95(list(first)):7.1f} {max(first):7.1f} "
                  f"{statistics.median(again):10.1f} {p95(again):7.1f} {max(again):7.1f} {max(sizes) / 1000:12.1f}")
    print(f"{'all':14} {len(all_first):4} {statistics.median(all_first):10.1f} {p95(all_first):7.1f} {max(all_first):7.1f} "
          f"{statistics.median(all_again):10.1f} {p95(all_again):7.1f} {max(all_again):7.1f}")


if __name__ == "__main__":
    main()
