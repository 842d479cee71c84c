"""How many cases, and the two servers that they are thrown at."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path

import httpx
import pytest
from hypothesis import HealthCheck, Phase, settings

from ..service.conftest import serving

CASES = int(os.environ.get("FUZZ_CASES", "400"))
"""A small share, the same in every run, unless `make fuzz` asks for all."""
FULL = CASES > 1000
TOKEN = "a token for the fuzzers"
_LIMITS = {"query_timeout": 0.5, "max_body_bytes": 100_000, "max_result_bytes": 2_000_000}


def budget(cases: int) -> settings:
    """Settings for so many cases."""
    return settings(
        max_examples=max(cases, 1), derandomize=not FULL, deadline=None, database=None, print_blob=True,
        suppress_health_check=list(HealthCheck), phases=(Phase.explicit, Phase.generate, Phase.shrink),
    )


def sound(status: int, headers: Mapping[str, str], text: str) -> None:
    """What no answer may be: a mistake of ours, or one that tells of our insides."""
    kind = headers.get("content-type", "")
    assert status not in (500, 501, 502, 505), f"{status}: {text[:500]}"
    if status >= 400:
        assert status in (503, 504) or status < 500, status
        assert "Traceback" not in text
        assert str(Path(__file__).resolve().parents[2]) not in text
        if status != 400 or kind:  # the HTTP library itself refuses what is no HTTP, in plain text
            assert kind.startswith(("application/problem+json", "text/plain", "text/html", "application/json")), kind


@pytest.fixture(scope="session")
def reader(real_build: Path) -> Iterator[httpx.Client]:
    """A read-only server over the real graph."""
    with serving(real_build, **_LIMITS) as client:
        yield client


@pytest.fixture(scope="session")
def writer(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    """A writable server over nothing, and a client that has the token."""
    memory = Path("/dev/shm")
    with tempfile.TemporaryDirectory(dir=memory if os.access(memory, os.W_OK) else None) as folder, serving(
        Path(folder), writable=1, token=TOKEN, **_LIMITS
    ) as client:
        client.headers.update({"authorization": f"Bearer {TOKEN}"})
        yield client
