"""The full-text side of the box: names and passages that contain the words asked for."""

from __future__ import annotations

from dataclasses import dataclass

from avvn_graph.errors import AvvnError
from avvn_graph.service import lookups
from avvn_graph.service.deps import State
from avvn_graph.service.graphs import Snapshot
from avvn_graph.service.pages.things import Evidence, Thing, evidence_of, letters


@dataclass(frozen=True, slots=True)
class Found:
    """What was found for some words; ``total`` counts the passages."""

    names: list[Thing]
    passages: list[Evidence]
    total: int


async def search(app: State, snapshot: Snapshot, words: str, lang: str, *, most: int, first: int = 0) -> Found:
    """Passages with the words of a search, best first."""
    try:
        _, rows, _ = await lookups.run(snapshot, app.catalogue["search"], {"q": words}, app.settings.base_iri)
    except AvvnError:
        return Found([], [], 0)
    all_letters = await letters(snapshot)
    groups = lookups.grouped(rows, "passage")
    passages = [
        evidence_of(passage, found[0]["evidence"].value, int(found[0]["start"].value), found[0]["document"].value, all_letters)
        for (passage,), found in list(groups.items())[first:first + most]
    ]
    return Found([], passages, len(groups))
