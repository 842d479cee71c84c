"""``/api/v1/prefixes``: the prefixes that the query editor writes and completes."""

from __future__ import annotations

from fastapi import APIRouter
from pydantic import RootModel
from starlette.responses import JSONResponse

from avvn_graph.service import lookups

router = APIRouter(prefix="/api/v1", tags=["SPARQL"])


class Prefixes(RootModel[dict[str, str]]):
    """Prefix to namespace."""


@router.get("/prefixes", summary="Prefixes of the graph's vocabularies", response_model=Prefixes)
async def prefixes() -> JSONResponse:
    """Prefix to namespace."""
    return JSONResponse(lookups.PREFIXES)
