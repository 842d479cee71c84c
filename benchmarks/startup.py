"""Seconds from starting a server on a ready store to its first answer; prints a Markdown row."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.parse
import urllib.request


def main() -> None:
    """Start five servers one after another and print the median."""
    with tempfile.TemporaryDirectory() as store:
        environment = {**os.environ, "AVVN_STORE": store}
        subprocess.run([sys.executable, "-m", "avvn_graph.cli", "build"], check=True, capture_output=True, env=environment)
        times = sorted(_first_answer(environment) for _ in range(5))
    print(f"| server start to first SPARQL answer | {times[2]:.2f} s | slowest of five {times[-1]:.2f} s |")


def _first_answer(environment: dict[str, str]) -> float:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    query = urllib.parse.urlencode({"query": "SELECT * WHERE { ?s a <https://w3id.org/avvn/ontology#Document> }"})
    begin = time.perf_counter()
    server = subprocess.Popen([sys.executable, "-m", "avvn_graph.cli", "serve", "--port", str(port)], env=environment,
                              stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        while time.perf_counter() - begin < 30:
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{port}/sparql?{query}", timeout=5) as answer:
                    answer.read()
                return time.perf_counter() - begin
            except (urllib.error.URLError, ConnectionError):
                time.sleep(0.01)
        raise SystemExit("the server did not answer within 30 s")
    finally:
        server.terminate()
        server.wait()


if __name__ == "__main__":
    main()
