"""The question box over a snapshot: what is asked, by whom of the API or the page, gets the same answer."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from avvn_graph.service import lookups
from avvn_graph.service.deps import State
from avvn_graph.service.graphs import Row, Snapshot, Term, parse
from avvn_graph.store.base import JSON
from avvn_graph.store.pool import BlockingStore

if TYPE_CHECKING:
    from avvn_graph.ask import Answer, Asker

EVIDENCE = frozenset({"passage", "evidence", "document", "documentTitle", "start", "end"})


async def ask(app: State, snapshot: Snapshot, question: str) -> Answer:
    """Answer a question about one snapshot; off the event loop, because the asker waits for its queries."""
    return await asyncio.to_thread((await asker(app, snapshot)).answer, question)


async def asker(app: State, snapshot: Snapshot) -> Asker:
    """The asker of a snapshot, which knows the names of everything in it; made once."""
    from avvn_graph.ask import Asker  # not before somebody asks: a server that only answers SPARQL needs none of it

    async with snapshot.making_asker:
        if snapshot.asker is None:
            store = BlockingStore(snapshot.pool, asyncio.get_running_loop())

            def run(sparql: str) -> list[dict[str, str]]:
                _, rows = parse(store.query(sparql, media_type=JSON).body)
                return [{name: term.value for name, term in row.items()} for row in rows]

            snapshot.asker = await asyncio.to_thread(
                Asker, dict(app.catalogue), app.settings.vocabularies, app.settings.base_iri, run
            )
        return snapshot.asker


def examples(app: State, language: str) -> list[str]:
    """Questions that can be answered, in ``nl`` or ``en``."""
    from avvn_graph.ask import examples as all_of_them

    return list(dict.fromkeys(all_of_them(app.settings.vocabularies, language)))


def rows(answer: Answer) -> list[Row]:
    """The answer's rows with their types guessed back: what looks like an IRI is one."""
    return [
        {name: Term("uri" if _is_iri(value) else "literal", value) for name, value in row.items() if value}
        for row in answer.rows
    ]


def _is_iri(value: str) -> bool:
    if not value.startswith(("http://", "https://")):
        return False
    try:
        lookups.iri(value)
    except ValueError:
        return False
    return True


def columns(found: Sequence[Mapping[str, Term]]) -> list[str]:
    """The columns that a reader wants to see: no evidence, which stands beside them, and no label of its thing."""
    names = list(dict.fromkeys(name for row in found for name in row))
    return [n for n in names if n not in EVIDENCE and n != "statement" and n != "label" and not n.endswith("Label")]
