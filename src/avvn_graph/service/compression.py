"""Answers made smaller for clients that ask for it, off the event loop: a large result takes its time."""

from __future__ import annotations

import asyncio
import gzip

import brotli
from fastapi import Request
from starlette.responses import Response

from avvn_graph.service.negotiation import best

_SMALLEST = 1000
"""Bytes below which it does not pay."""
_ENCODINGS = ("br", "gzip", "identity")


async def compressed(request: Request, response: Response) -> Response:
    """The response in the encoding that ``Accept-Encoding`` likes best, brotli before gzip; itself when that is none or it is short."""
    body = bytes(response.body)
    if len(body) < _SMALLEST:
        return response
    response.raw_headers.append((b"vary", b"Accept-Encoding"))
    wanted = next((value.decode("latin-1") for name, value in request.scope["headers"] if name == b"accept-encoding"), "")
    encoding = best(wanted, _ENCODINGS) if wanted.strip() else None
    if encoding in (None, "identity"):
        return response
    body = await asyncio.to_thread(_brotli if encoding == "br" else _gzip, body)
    small = Response(body, response.status_code)
    small.raw_headers += [(name, value) for name, value in response.raw_headers if name != b"content-length"]
    small.raw_headers.append((b"content-encoding", str(encoding).encode()))
    return small


def _brotli(body: bytes) -> bytes:
    small: bytes = brotli.compress(body, quality=4)
    return small


def _gzip(body: bytes) -> bytes:
    return gzip.compress(body, 5, mtime=0)  # without a time: the same answer is the same bytes
