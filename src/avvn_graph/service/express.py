"""The endpoint's own way past the framework, whose routing and dependencies take longer than a small answer."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

from fastapi import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from avvn_graph.errors import AvvnError
from avvn_graph.service import problems
from avvn_graph.service.deps import State
from avvn_graph.service.problems import ProblemError

Handler = Callable[[Request, State], Awaitable[Response]]


@dataclass(frozen=True, slots=True)
class _Route:
    """What the metrics and the log call the route."""

    path: str


class Express:
    """Middleware that calls some routes directly; their paths have no parameters, and they declare none but the request and the state."""

    def __init__(self, app: ASGIApp, *, handlers: Mapping[tuple[str, str], Handler], state: State) -> None:
        """``handlers`` by method and path."""
        self._app = app
        self._handlers = {key: (handler, _Route(key[1])) for key, handler in handlers.items()}
        self._state = state

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, or pass the request on."""
        found = self._handlers.get((scope["method"], scope["path"])) if scope["type"] == "http" else None
        if found is None:
            await self._app(scope, receive, send)
            return
        handler, scope["route"] = found
        try:
            response = await handler(Request(scope, receive, send), self._state)
        except (AvvnError, ProblemError) as error:
            response = problems.answer(error)
        await response(scope, receive, send)
