"""Who may write, and the update half of the SPARQL 1.1 Protocol."""

from __future__ import annotations

import hashlib
import hmac

from fastapi import Request
from starlette.responses import Response

from avvn_graph.errors import AvvnError
from avvn_graph.service.deps import State
from avvn_graph.service.problems import ProblemError
from avvn_graph.settings import Settings
from avvn_graph.store.base import QueryFailed
from avvn_graph.store.writing import GraphMissing, GraphProtected, WriteService

_REALM = 'Bearer realm="avvn-graph"'


def writer_for(settings: Settings) -> WriteService | None:
    """What writes for a server with these settings; None for a read-only one. Raises AvvnError when there is no token."""
    if not settings.writable:
        return None
    if settings.token is None:
        raise AvvnError("a writable server needs a token: set AVVN_TOKEN to 16 characters or more, known to those who may write")
    if settings.store_url:
        raise AvvnError("a writable server keeps what is written beside its own store: unset AVVN_STORE_URL, or write to that server itself")
    return WriteService(
        settings.store, settings.base_iri, timeout=settings.query_timeout, memory=settings.query_memory,
        max_update_length=settings.max_body_bytes,
    )


def authorised(request: Request, app: State) -> WriteService:
    """What writes, for a request that may; problems 403 (read-only) and 401 (no token, or another), before anything is read."""
    if app.writer is None or app.settings.token is None:
        raise ProblemError(403, "read-only", "this endpoint is read-only: it takes no updates")
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        raise ProblemError(401, "token", "writing needs the header `Authorization: Bearer …`", {"www-authenticate": _REALM})
    # Digests, so that neither the length nor the place of a difference can be told from the time it takes.
    given, known = (
        hashlib.sha256(t.encode("utf-8", "surrogateescape")).digest() for t in (token.strip(), app.settings.token.get_secret_value())
    )
    if not hmac.compare_digest(given, known):
        raise ProblemError(401, "token", "this token may not write", {"www-authenticate": f'{_REALM}, error="invalid_token"'})
    return app.writer


async def run(app: State, writer: WriteService, text: str, using: list[str], using_named: list[str]) -> Response:
    """Answer an update when its effect can be asked for."""
    try:
        await writer.update(text, using=using, using_named=using_named)
    except GraphProtected as error:
        raise protected(error) from None
    except QueryFailed as error:
        raise ProblemError(400, "failed", str(error)) from None
    await app.graphs.refresh()
    return Response(status_code=204)


def protected(error: GraphProtected) -> ProblemError:
    """For one who may write, but not there."""
    return ProblemError(403, "protected-graph", str(error))


def missing(error: GraphMissing) -> ProblemError:
    """There is no such graph."""
    return ProblemError(404, "not-found", str(error))
