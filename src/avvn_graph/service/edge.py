"""What every request passes first: HEAD as GET, CORS, limits on the body, security headers, metrics. Plain ASGI, for speed."""

from __future__ import annotations

import time

from starlette.datastructures import MutableHeaders
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from avvn_graph.service import problems
from avvn_graph.service.metrics import Metrics

CSP = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)


class TooLongError(Exception):
    """The body has outgrown its limit."""


class Edge:
    """Middleware around the whole app."""

    def __init__(self, app: ASGIApp, *, max_body_bytes: int, metrics: Metrics) -> None:
        """``max_body_bytes`` is the longest body taken in."""
        self._app = app
        self._limit = max_body_bytes
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on and dress the answer."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        began = time.perf_counter()
        head = scope["method"] == "HEAD"
        if head:
            scope = {**scope, "method": "GET"}
        started = False
        status = 500
        taken = 0

        async def take() -> Message:
            nonlocal taken
            message = await receive()
            if message["type"] == "http.request":
                taken += len(message.get("body", b""))
                if taken > self._limit:
                    raise TooLongError
            return message

        async def give(message: Message) -> None:
            nonlocal started, status
            if message["type"] == "http.response.start":
                started = True
                status = message["status"]
                _dress(MutableHeaders(scope=message))
            elif head and message["type"] == "http.response.body":
                message = {**message, "body": b""}
            await send(message)

        try:
            if scope["method"] == "OPTIONS":
                await Response(status_code=204, headers=_preflight(scope))(scope, take, give)
            elif _length(scope) > self._limit:
                raise TooLongError
            else:
                await self._app(scope, take, give)
        except TooLongError:
            if started:
                raise
            detail = f"the body is longer than the {self._limit} bytes allowed"
            await problems.response(413, "body-too-large", detail, {"connection": "close"})(scope, receive, give)
        finally:
            self._metrics.seen(scope, status, time.perf_counter() - began)


def _length(scope: Scope) -> int:
    for name, value in scope["headers"]:
        if name == b"content-length":
            return int(value) if value.isdigit() else 0
    return 0


def _preflight(scope: Scope) -> dict[str, str]:
    methods = problems.allowed(scope["path"])
    headers = {"allow": methods, "access-control-allow-methods": methods, "access-control-max-age": "86400"}
    for name, value in scope["headers"]:
        if name == b"access-control-request-headers":
            headers["access-control-allow-headers"] = value.decode("latin-1")
            headers["vary"] = "Access-Control-Request-Headers"
    return headers


def _dress(headers: MutableHeaders) -> None:
    headers["x-content-type-options"] = "nosniff"
    headers["access-control-allow-origin"] = "*"
    headers["access-control-expose-headers"] = "Link, Location, Retry-After, ETag"
    if headers.get("content-type", "").startswith("text/html"):
        headers.setdefault("content-security-policy", CSP)  # a preview may be framed, and says so itself
        headers["referrer-policy"] = "no-referrer"
