"""Does the server's memory stay flat? ``python benchmarks/soak.py [STORE] [--requests 200000]``.

Starts a server of its own over a built graph and asks it a mix of everything that people and programs ask, by ``wrk``, every
query differently each time, so that the caches fill; gives the resident memory of the server and of its workers after each
twentieth part.
"""

from __future__ import annotations

import argparse
import os
import re
import subprocess
import sys
from contextlib import ExitStack
from pathlib import Path
from urllib.parse import quote

from pages import pages, serving  # beside this file
from wrk import wrk

_STEPS = 20
_KINDS_EACH = 40
LOOK_UP = "SELECT ?p ?o WHERE {{ <{iri}> ?p ?o }}"
HEAVIER = (
    "PREFIX avvn: <https://w3id.org/avvn/ontology#> SELECT ?s ?o {{ ?s avvn:organisedBy ?o }} LIMIT {n}",
    "CONSTRUCT {{ ?s ?p ?o }} WHERE {{ ?s ?p ?o }} LIMIT {n}", "SELECT * {{ ?s ?p", "ASK {{ ?s ?p {n} }}",
)


def resident(pid: int) -> tuple[float, float]:
    """Megabytes of a process, and of all that descend from it together; what several share is counted once."""
    def of(one: int) -> float:
        found = re.search(r"Pss:\s+(\d+)", Path(f"/proc/{one}/smaps_rollup").read_text(encoding="ascii"))
        return int(found[1]) / 1000 if found else 0.0

    def below(one: int) -> list[int]:
        children = [int(child) for task in Path(f"/proc/{one}/task").iterdir() for child in (task / "children").read_text(encoding="ascii").split()]
        return children + [g for child in children for g in below(child)]

    return of(pid), sum(of(one) for one in below(pid))


def main() -> None:
    """Print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("store", nargs="?", type=Path, default=Path("var/graph"))
    parser.add_argument("--requests", type=int, default=200_000)
    arguments = parser.parse_args()
    os.environ["AVVN_ACCESS_LOG"] = "false"
    with ExitStack() as stack:
        client = stack.enter_context(serving(arguments.store))
        paths = [path for found in pages(client, _KINDS_EACH).values() for path in found]
        things = [path.removeprefix("/page/") for path in paths if path.count("/") > 2]
        paths += [f"/sparql?query={quote(LOOK_UP.format(iri=f'https://w3id.org/avvn/id/{key}'))}" for key in things]
        paths += [f"/sparql?query={quote(text.format(n=n))}" for text in HEAVIER for n in range(1, 200)]
        paths += ["/api/v1/resolutions?initiator=NL", "/api/v1/events", "/api/v1/search?q=honger", "/api/v1/ask?q=wat%20organiseerde%20Canada", "/metrics", "/healthz",
                  "/nowhere", "/.well-known/void", "/reconcile", *(f"/data/{key}?format=ttl" for key in things)]
        pid = int(subprocess.run(["pgrep", "-of", f"create_app --port {client.base_url.port}"], capture_output=True, text=True, check=True).stdout.split()[0])
        done = 0
        print(f"{len(paths)} addresses\n{'requests':>9} {'server MB':>10} {'workers MB':>11}")
        print(f"{done:9} {resident(pid)[0]:10.0f} {resident(pid)[1]:11.0f}", flush=True)
        while done < arguments.requests:
            before = done
            while done < before + arguments.requests // _STEPS:
                done += wrk(str(client.base_url), paths, 5, fresh="/sparql").answers
            own, workers = resident(pid)
            print(f"{done:9} {own:10.0f} {workers:11.0f}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
