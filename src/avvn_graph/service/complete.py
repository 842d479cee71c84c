"""``/api/v1/complete``: names of things that begin with what is typed."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from pydantic import Field
from starlette.responses import Response

from avvn_graph.service import facets
from avvn_graph.service.api import router as api
from avvn_graph.service.deps import State, state
from avvn_graph.service.models import Model
from avvn_graph.service.pages.layout import Addresses, language
from avvn_graph.service.words import KINDS
from avvn_graph.stems import words

router = APIRouter(prefix=api.prefix, tags=["Search"], responses=api.responses)


class Suggestion(Model):
    """A thing by one of its names."""

    iri: str = Field(examples=["https://w3id.org/avvn/id/country/NL"])
    label: str = Field(description="The name that matches.", examples=["Koninkrijk der Nederlanden"])
    kind: str = Field(examples=["country"])
    kind_label: str = Field(description="The kind in words.", examples=["land"])


class Suggestions(Model):
    """The most often mentioned first."""

    items: list[Suggestion]


@router.get("/complete", summary="Complete a name", response_model=Suggestions)
async def complete(
    request: Request, app: Annotated[State, Depends(state)],
    q: Annotated[str, Query(max_length=200, description="What has been typed; accents and hyphens are forgiven.", examples=["konink"])],
    kind: Annotated[str | None, Query(max_length=40, description="Only things of this kind.", examples=["country"])] = None,
    limit: Annotated[int, Query(ge=1, le=50, description="At most so many.")] = 8,
) -> Response:
    """Things with a name whose words begin with the words typed."""
    lang = language(request)
    kinds, looked = KINDS[lang], words(q)[:8]
    async with app.graphs.lease() as snapshot:
        indexed = facets.of(snapshot)
        found = [(iri, _best(indexed.name(iri, lang), name, looked)) for iri, name in indexed.completing(looked, most=limit, kind=kind)]
    kind_of = Addresses(app.settings.base_iri).kind
    items = [
        Suggestion(iri=iri, label=label, kind=kind_of(iri), kind_label=kinds[kind_of(iri)][0] if kind_of(iri) in kinds else kind_of(iri))
        for iri, label in found
    ]
    headers = {"content-type": "application/json", "vary": "Accept, Accept-Language, Cookie"}
    return Response(Suggestions(items=items).model_dump_json(by_alias=True), headers=headers)


def _best(preferred: str, matching: str, looked: list[str]) -> str:
    """The name a thing goes by, when that matches too."""
    own = words(preferred)
    return preferred if preferred and all(any(w.startswith(one) for w in own) for one in looked) else matching
