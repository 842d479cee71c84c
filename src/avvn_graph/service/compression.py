"""Answers made smaller for clients that ask for it, off the event loop: a large result takes its time."""

from __future__ import annotations

import asyncio
import gzip
from collections.abc import Sequence

import brotli
from fastapi import Request
from starlette.responses import Response

from avvn_graph.service.negotiation import best

_SMALLEST = 1000
"""Bytes below which it does not pay."""
_LARGE = 10_000
"""Bytes from which on a thread of its own pays."""
_ENCODINGS = ("br", "gzip", "identity")
_VARY = ((b"vary", b"Accept-Encoding"),)


async def compressed(request: Request, response: Response) -> Response:
    """The response in the encoding that ``Accept-Encoding`` likes best, brotli before gzip; itself when that is none or it is short."""
    accepted = next((value for name, value in request.scope["headers"] if name == b"accept-encoding"), None)
    body, headers = await encoded(bytes(response.body), accepted)
    answer = Response(body, response.status_code)
    answer.raw_headers += [(name, value) for name, value in response.raw_headers if name != b"content-length"]
    answer.raw_headers += headers
    return answer


async def encoded(body: bytes, accepted: bytes | None) -> tuple[bytes, Sequence[tuple[bytes, bytes]]]:
    """A body in the encoding that ``Accept-Encoding`` likes best, and the headers that go with it."""
    if len(body) < _SMALLEST:
        return body, ()
    encoding = best(accepted.decode("latin-1"), _ENCODINGS) if accepted and not accepted.isspace() else None
    if encoding in (None, "identity"):
        return body, _VARY
    work = _brotli if encoding == "br" else _gzip
    body = work(body) if len(body) < _LARGE else await asyncio.to_thread(work, body)
    return body, (*_VARY, (b"content-encoding", str(encoding).encode()))


def _brotli(body: bytes) -> bytes:
    small: bytes = brotli.compress(body, quality=4)
    return small


def _gzip(body: bytes) -> bytes:
    return gzip.compress(body, 5, mtime=0)  # without a time: the same answer is the same bytes
