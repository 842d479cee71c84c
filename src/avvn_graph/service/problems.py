"""Errors as RFC 9457 problem documents: the one table of what becomes which status."""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ConfigDict, Field
from starlette.exceptions import HTTPException
from starlette.responses import Response

from avvn_graph.errors import AvvnError
from avvn_graph.store.base import (
    OutOfMemory,
    Overloaded,
    QueryFailed,
    QueryRefused,
    QuerySyntaxError,
    QueryTimeout,
    ResultTooLarge,
    StoreError,
    Unavailable,
)

log = logging.getLogger(__name__)

MEDIA_TYPE = "application/problem+json"


class Problem(BaseModel):
    """What went wrong (RFC 9457)."""

    model_config = ConfigDict(json_schema_extra={"example": {
        "type": "about:blank", "title": "Bad Request", "status": 400, "code": "syntax",
        "detail": "line 2, column 8: unexpected '%o }'", "line": 2, "column": 8,
    }})

    type: str = Field("about:blank", description="Always about:blank; `code` tells the kinds apart.")
    title: str = Field(description="The status in words.")
    status: int = Field(description="The HTTP status.")
    code: str = Field(description="The kind of problem, for programs.")
    detail: str = Field(description="What is wrong with this request and what to do, for people.")
    line: int | None = Field(None, description="Where in the query, counted from 1.")
    column: int | None = Field(None, description="Where in the line, counted from 1.")


class ProblemError(Exception):
    """Raised by a route to answer with a problem."""

    def __init__(self, status: int, code: str, detail: str, headers: Mapping[str, str] | None = None) -> None:
        """The members of the problem document, and headers to go with it."""
        super().__init__(detail)
        self.status = status
        self.code = code
        self.detail = detail
        self.headers = headers


# The most specific class first; an error is what its first match says. Retry-After in seconds.
_STORE: tuple[tuple[type[AvvnError], int, str, int | None], ...] = (
    (QueryRefused, 403, "refused", None),
    (QuerySyntaxError, 400, "syntax", None),
    (QueryFailed, 400, "failed", None),
    (QueryTimeout, 504, "timeout", None),
    (OutOfMemory, 503, "memory", None),
    (ResultTooLarge, 422, "result-too-large", None),
    (Overloaded, 503, "overloaded", 2),
    (Unavailable, 503, "unavailable", 5),
    (StoreError, 503, "store", 5),
    (AvvnError, 400, "parameter", None),
)


def response(
    status: int, code: str, detail: str, headers: Mapping[str, str] | None = None, **members: Any
) -> Response:
    """A problem document."""
    body = {"type": "about:blank", "title": HTTPStatus(status).phrase, "status": status, "code": code, "detail": detail}
    body |= {k: v for k, v in members.items() if v is not None}
    return Response(
        json.dumps(body, ensure_ascii=False).encode("utf-8", "replace"), status, dict(headers or {}), media_type=MEDIA_TYPE
    )


def of(error: AvvnError) -> Response:
    """The problem document of one of our own errors."""
    status, code, retry = next((s, c, r) for kind, s, c, r in _STORE if isinstance(error, kind))
    headers = {} if retry is None else {"retry-after": str(retry)}
    if isinstance(error, QuerySyntaxError):
        place = f"line {error.line}, column {error.column}: " if error.line is not None else ""
        return response(status, code, place + str(error), headers, line=error.line, column=error.column)
    return response(status, code, str(error), headers)


def answer(error: AvvnError | ProblemError) -> Response:
    """The problem document of an error of ours or of a route."""
    return response(error.status, error.code, error.detail, error.headers) if isinstance(error, ProblemError) else of(error)


def mistake() -> Response:
    """What a client is told of a fault of ours."""
    return response(500, "fault", "the server made a mistake; it has been logged")


def allowed(path: str) -> str:
    """The methods of a path, for Allow."""
    if path == "/graph-store" or path.startswith("/graph/"):
        return "GET, HEAD, PUT, POST, DELETE, OPTIONS"
    return "GET, HEAD, POST, OPTIONS" if path == "/sparql" else "GET, HEAD, OPTIONS"


def install(app: FastAPI) -> None:
    """Have every error of the app end as a problem document."""

    @app.exception_handler(AvvnError)
    async def ours(request: Request, error: AvvnError) -> Response:
        return of(error)

    @app.exception_handler(ProblemError)
    async def problem(request: Request, error: ProblemError) -> Response:
        return answer(error)

    @app.exception_handler(RequestValidationError)
    async def invalid(request: Request, error: RequestValidationError) -> Response:
        faults = [
            {"parameter": ".".join(str(p) for p in e["loc"][1:]), "detail": str(e["msg"])} for e in error.errors()
        ]
        detail = "; ".join(f"{f['parameter']}: {f['detail']}" for f in faults)
        return response(422, "parameter", detail, errors=faults)

    @app.exception_handler(HTTPException)
    async def http(request: Request, error: HTTPException) -> Response:
        detail = str(error.detail)
        if error.status_code == 404 and detail == "Not Found":
            detail = f"there is nothing at {request.url.path[:200]}; /docs lists what there is"
        elif error.status_code == 405:
            detail = f"{request.method} is not allowed at {request.url.path[:200]}"
            return response(405, "method", detail, {"allow": allowed(request.url.path)})
        code = HTTPStatus(error.status_code).phrase.lower().replace(" ", "-")
        return response(error.status_code, code, detail, error.headers)

    @app.exception_handler(Exception)
    async def fault(request: Request, error: Exception) -> Response:
        # Starlette logs it with its traceback; the client is told nothing of our insides.
        return mistake()
