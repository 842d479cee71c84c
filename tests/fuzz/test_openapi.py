"""What the OpenAPI document allows, and what it does not, by schemathesis: never a mistake of the server's."""

from __future__ import annotations

from typing import Any

import httpx
import pytest
import requests
import schemathesis
from hypothesis import given
from schemathesis import GenerationMode

from .conftest import CASES, FULL, budget, sound


def operations(client: httpx.Client) -> list[Any]:
    schema: Any = schemathesis.openapi.from_dict(client.get("/openapi.json").json())
    return [found.ok() for found in schema.get_all_operations()]


def throw(client: httpx.Client, found: list[Any], cases: int) -> int:
    """That many cases, shared out over the operations and over good and bad ones; returns how many were sent."""
    sent = 0
    session = requests.Session()
    session.headers.update({k: v for k, v in client.headers.items() if k == "authorization"})
    base = str(client.base_url).rstrip("/")
    both = (GenerationMode.POSITIVE, GenerationMode.NEGATIVE)
    for number, operation in enumerate(found):
        modes = both if FULL else both[number % 2:number % 2 + 1]
        for mode in modes:

            @budget(cases // (len(modes) * len(found)))
            @given(case=operation.as_strategy(generation_mode=mode))
            def one(case: Any) -> None:
                nonlocal sent
                sent += 1
                response = case.call(base_url=base, session=session)
                content = response.content if isinstance(response.content, bytes) else b""
                headers = {k.lower(): v if isinstance(v, str) else v[0] for k, v in response.headers.items()}
                sound(response.status_code, headers, content.decode("utf-8", "replace"))

            try:
                one()
            except Exception as error:
                if "Unsatisfiable" in type(error).__name__:
                    continue  # an operation without parameters cannot be asked wrongly
                raise
    return sent


@pytest.mark.parametrize("which", ["reader", "writer"])
def test_openapi(which: str, request: pytest.FixtureRequest) -> None:
    client: httpx.Client = request.getfixturevalue(which)
    found = operations(client)
    assert {"/sparql", "/graph-store", "/api/v1/resolutions"} <= {o.path for o in found}
    if which == "writer":
        found = [o for o in found if o.path.startswith(("/sparql", "/graph"))]
    elif not FULL:
        found = found[::3]  # what takes its time is making a strategy for each
    cases = CASES * 2 // 5 if which == "reader" else CASES // 10
    sent = throw(client, found, cases)
    print(f"\n{sent} cases from the OpenAPI document to the {which}")  # some operations have fewer different ones than their share
    assert sent >= cases // 3
    assert client.get("/healthz").status_code == 200
