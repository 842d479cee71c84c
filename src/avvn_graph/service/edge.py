"""What every request passes first: HEAD as GET, CORS, limits on the body, security headers, metrics. Plain ASGI, for speed."""

from __future__ import annotations

import json
import logging
import re
import time
import uuid
from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime
from itertools import count

from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from avvn_graph import __version__
from avvn_graph.service import problems, results
from avvn_graph.service.clients import ClientGoneError
from avvn_graph.service.graphs import Graphs, Snapshot
from avvn_graph.service.metrics import Metrics, route
from avvn_graph.service.results import Whole

access = logging.getLogger("avvn_graph.access")
log = logging.getLogger(__name__)

CSP = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)


_ALWAYS = [
    (b"x-content-type-options", b"nosniff"), (b"access-control-allow-origin", b"*"),
    (b"access-control-expose-headers", b"Link, Location, Retry-After, ETag, X-Request-Id"),
]
_CSP = (b"content-security-policy", CSP.encode())
_REFERRER = (b"referrer-policy", b"no-referrer")


_RUN = uuid.uuid4().hex[:16]
_NUMBER = count()
"""A request id is that of the process and a number: a random one each time would take longer than the rest of the headers."""


Quick = Callable[[Scope, Snapshot], Awaitable[Whole | None]]
"""Answers a GET, or leaves it to the app; gives no headers but the answer's own."""


class TooLongError(Exception):
    """The body has outgrown its limit."""


class Edge:
    """Middleware around the whole app."""

    def __init__(
        self, app: ASGIApp, *, max_body_bytes: int, metrics: Metrics, graphs: Graphs, quick: Mapping[str, Quick], log: bool = False
    ) -> None:
        """``max_body_bytes`` is the longest body taken in; ``quick``: quick ways by path; ``log``: a line for each request."""
        self._app = app
        self._quick = quick
        self._graphs = graphs
        self._log = log
        if log and not access.handlers:
            handler = logging.StreamHandler()
            handler.setFormatter(logging.Formatter("%(message)s"))
            access.addHandler(handler)
            access.setLevel(logging.INFO)
            access.propagate = False
        self._limit = max_body_bytes
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on and dress the answer."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        began = time.perf_counter()
        snapshot = self._graphs.now
        asked = _asked(scope) if snapshot is not None and snapshot.whole.limit else None
        if snapshot is not None and scope["method"] == "GET":
            whole = snapshot.whole.get(asked) if asked else None
            if whole is None and (quick := self._quick.get(scope["path"])):
                whole = await self._at_once(quick, scope, snapshot)
                if whole is not None and asked:
                    snapshot.whole.put(asked, whole)
            if whole is not None:
                await self._give(scope, send, whole, began)
                return
        head = scope["method"] == "HEAD"
        if head:
            scope = {**scope, "method": "GET"}
        started = False
        status = 500
        taken = sent = 0
        body: list[bytes] = []
        out: list[tuple[bytes, bytes]] = []
        request_id = _request_id(scope)
        tag, modified = _tag(scope, snapshot)

        async def take() -> Message:
            nonlocal taken
            message = await receive()
            if message["type"] == "http.request":
                taken += len(message.get("body", b""))
                if taken > self._limit:
                    raise TooLongError
            return message

        async def give(message: Message) -> None:
            nonlocal started, status, sent
            if message["type"] == "http.response.start":
                started = True
                status = message["status"]
                headers = message["headers"] = [*message["headers"], *_ALWAYS]
                there = dict(headers)
                if there.get(b"content-type", b"").startswith(b"text/html"):
                    headers.append(_REFERRER)
                    if b"content-security-policy" not in there:  # a preview may be framed, and says so itself
                        headers.append(_CSP)
                if tag and status == 200:
                    headers += [pair for pair in _validators(tag, modified) if pair[0] not in there]
                    if asked:
                        out.extend(headers)
                headers.append((b"x-request-id", request_id.encode("latin-1")))
            elif message["type"] == "http.response.body":
                sent += len(message.get("body", b""))
                if out:
                    body.append(message.get("body", b""))
            if head and message["type"] == "http.response.body":
                message = {**message, "body": b""}
            await send(message)

        try:
            if scope["method"] == "OPTIONS":
                await Response(status_code=204, headers=_preflight(scope))(scope, take, give)
            elif _length(scope) > self._limit:
                raise TooLongError
            elif tag and tag in _matches(scope):
                await Response(status_code=304, headers={"etag": tag})(scope, take, give)
            else:
                await self._app(scope, take, give)
                if out and asked and snapshot is not None and snapshot is self._graphs.now:
                    snapshot.whole.put(asked, Whole(b"".join(body), out, route(scope)))
        except TooLongError:
            if started:
                raise
            detail = f"the body is longer than the {self._limit} bytes allowed"
            await problems.response(413, "body-too-large", detail, {"connection": "close"})(scope, receive, give)
        except ClientGoneError:
            status = 499  # nobody is there to be answered
        except Exception:
            if started:
                raise
            log.exception("a fault")  # the client is told nothing of our insides
            await problems.mistake()(scope, receive, give)
        finally:
            seconds = time.perf_counter() - began
            self._metrics.seen(scope, status, seconds)
            if self._log:
                access.info(json.dumps({"time": datetime.now(UTC).isoformat(timespec="milliseconds"), "id": request_id, "method": scope["method"],
                                     "route": route(scope), "status": status, "ms": round(1000 * seconds, 2), "bytes": sent}))

    async def _at_once(self, quick: Quick, scope: Scope, snapshot: Snapshot) -> Whole | None:
        """What a quick way gives, with the headers of every answer."""
        if not _SLOW.isdisjoint([name for name, _ in scope["headers"]]):
            return None
        try:
            made = await quick(scope, snapshot)
        except Exception:
            log.exception("a fault, and the request goes the slow way")
            return None
        if made is None:
            return None
        tag, modified = _tag(scope, snapshot)
        return Whole(made.body, [*made.headers, *_ALWAYS, *(_validators(tag, modified) if tag else ())], made.path)

    async def _give(self, scope: Scope, send: Send, whole: Whole, began: float) -> None:
        """Send an answer that is ready; past routing, parsing and negotiation, which are what a small answer costs."""
        request_id = _request_id(scope)
        await send({"type": "http.response.start", "status": 200, "headers": [*whole.headers, (b"x-request-id", request_id.encode("latin-1"))]})
        await send({"type": "http.response.body", "body": whole.body})
        seconds = time.perf_counter() - began
        self._metrics.seen({"route": whole}, 200, seconds)
        if self._log:
            access.info(json.dumps({"time": datetime.now(UTC).isoformat(timespec="milliseconds"), "id": request_id, "method": "GET", "route": whole.path,
                                    "status": 200, "ms": round(1000 * seconds, 2), "bytes": len(whole.body)}))


_OF_A_BUILD = ("/sparql", "/api/v1/", "/data/", "/page")
_DEPENDED_ON = (b"accept", b"accept-language", b"accept-encoding", b"cookie", b"host")
_SLOW = frozenset({b"if-none-match", b"content-length", b"transfer-encoding"})
"""Requests that say these are not answered the quick way."""
_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")


def _tag(scope: Scope, snapshot: Snapshot | None) -> tuple[str | None, str | None]:
    """The entity tag and date of what a GET of this address gives, where that depends on the build alone."""
    path: str = scope["path"]
    if snapshot is None or scope["method"] != "GET" or not path.startswith(_OF_A_BUILD) or results.changing(scope["query_string"]):
        return None, None
    said = tuple([pair for pair in scope["headers"] if pair[0] in _DEPENDED_ON])
    address = path.encode(errors="replace") + scope["query_string"]
    created = str(snapshot.build.manifest.get("created", ""))
    return results.etag(snapshot.build.id, __version__, said, address), results.http_date(created)


def _validators(tag: str, modified: str | None) -> tuple[tuple[bytes, bytes], ...]:
    """What a client may ask again with; it is to ask each time, and be told 304."""
    return (b"etag", tag.encode()), (b"last-modified", (modified or "").encode()), (b"cache-control", b"no-cache")


def _asked(scope: Scope) -> tuple[str, ...] | None:
    """What the answer to a GET depends on beside the build; None when it may be another, or the client may have it already."""
    path: str = scope["path"]
    query: bytes = scope["query_string"]
    if scope["method"] != "GET" or not path.startswith(_OF_A_BUILD) or results.changing(query):
        return None
    said = [path, query.decode("latin-1")]
    for name, value in scope["headers"]:
        if name in _DEPENDED_ON:
            said += (name.decode(), value.decode("latin-1"))
        elif name in (b"if-none-match", b"authorization"):
            return None
    return tuple(said)


def _request_id(scope: Scope) -> str:
    """The client's own, when it is fit to be printed, else a new one."""
    for name, value in scope["headers"]:
        if name == b"x-request-id" and _ID.fullmatch(text := value.decode("latin-1")):
            return str(text)
    return f"{_RUN}{next(_NUMBER):x}"


def _matches(scope: Scope) -> set[str]:
    for name, value in scope["headers"]:
        if name == b"if-none-match":
            return {t.strip() for t in value.decode("latin-1").split(",")}
    return set()


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
