"""The real server, as a process of its own on a free port, over the real graph."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import httpx
import pytest

BASE = "https://w3id.org/avvn/"
Serve = Callable[..., AbstractContextManager[httpx.Client]]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def serving(store: Path, **settings: object) -> Iterator[httpx.Client]:
    """A client of a server of its own; ``settings`` are those of Settings."""
    port = free_port()
    environment = {k: v for k, v in os.environ.items() if not k.startswith("AVVN_")}
    environment |= {"AVVN_STORE": str(store), **{f"AVVN_{k.upper()}": str(v) for k, v in settings.items()}}
    process = subprocess.Popen(
        [sys.executable, "-m", "uvicorn", "--factory", "avvn_graph.service.app:create_app", "--port", str(port), "--log-level", "warning"],
        env=environment,
    )
    try:
        with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=30) as client:
            until = time.monotonic() + 20
            while True:
                try:
                    client.get("/healthz")
                    break
                except httpx.TransportError:
                    assert process.poll() is None, "the server ended"
                    assert time.monotonic() < until, "the server does not answer"
                    time.sleep(0.02)
            yield client
            assert process.poll() is None, "the server did not survive"
    finally:
        process.terminate()
        process.wait(10)


@pytest.fixture(scope="session")
def client(real_build: Path) -> Iterator[httpx.Client]:
    """A server with a time limit of two seconds for queries and small limits for what comes in and goes out."""
    with serving(real_build, query_timeout=2, max_body_bytes=200_000, max_result_bytes=3_000_000) as found:
        yield found


@pytest.fixture
def copy(real_build: Path, tmp_path: Path) -> Path:
    """A store folder of one's own."""
    return Path(shutil.copytree(real_build, tmp_path / "graph"))


def problem(response: httpx.Response, status: int) -> dict[str, object]:
    """The problem document of a response, which must be one of this status."""
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == "application/problem+json"
    found: dict[str, object] = response.json()
    assert found["status"] == status
    assert {"type", "title", "code", "detail"} <= set(found)
    assert "/work" not in response.text
    assert "/tmp" not in response.text
    return found
