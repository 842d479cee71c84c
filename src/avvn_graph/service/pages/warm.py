"""What takes long the first time, made ready in the background when a build begins to be served."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import logging
import time
from collections.abc import Callable, Sequence

from avvn_graph.catalogue import CannedQuery
from avvn_graph.errors import AvvnError
from avvn_graph.service import asking, lookups
from avvn_graph.service.deps import State
from avvn_graph.service.graphs import Snapshot
from avvn_graph.service.pages import answer, letter
from avvn_graph.service.pages.layout import capital, environment
from avvn_graph.service.pages.things import letters
from avvn_graph.service.problems import ProblemError
from avvn_graph.service.words import LANGUAGES
from avvn_graph.stems import forms

log = logging.getLogger(__name__)

_LOOK_SECONDS = 1.0
_MOST_SECONDS = 20.0


async def keep_warm(app: State, *also: Callable[[], object]) -> None:
    """Without end: each new build is made ready, and what ``also`` makes and keeps; requests go on meanwhile."""
    done: str | None = None
    while True:
        await asyncio.sleep(_LOOK_SECONDS)  # whoever asks first is not to wait for this
        now = app.graphs.now
        if now is None or now.build.id == done:
            continue
        done = now.build.id
        try:
            async with app.graphs.lease() as snapshot:
                await _ready(app, snapshot, also)
        except AvvnError as error:  # what is not ready is made when it is asked for
            log.warning("pages are not made ready: %s", error)
        # What is kept now is kept as long as the build: looking it over again and again for garbage holds up requests (100 ms).
        gc.unfreeze()
        gc.collect()
        gc.freeze()


async def _ready(app: State, snapshot: Snapshot, also: Sequence[Callable[[], object]]) -> None:
    until = time.monotonic() + _MOST_SECONDS
    for name in environment().list_templates(extensions=["html"]):
        environment().get_template(name)
        await asyncio.sleep(0)
    await asyncio.to_thread(forms, "resoluties")
    await asking.asker(app, snapshot)
    for make in also:
        await asyncio.to_thread(make)
    for iri in reversed(list(await letters(snapshot))):  # the newest first
        for lang in LANGUAGES:
            if time.monotonic() > until:
                return
            await letter.prepared(app, snapshot, iri, lang)
            await asyncio.sleep(0.01)
    for lang in LANGUAGES:
        for question in asking.examples(app, lang):  # the first page offers them
            if time.monotonic() > until:
                return
            await answer.answer_to(app, snapshot, capital(question))
            await asyncio.sleep(0.01)
    for query in app.catalogue.values():
        for values in await _examples(snapshot, query):
            if time.monotonic() > until:
                return
            with contextlib.suppress(ProblemError):  # another corpus need not have what the examples name
                await lookups.run(snapshot, query, values, app.settings.base_iri)
            await asyncio.sleep(0.01)


async def _examples(snapshot: Snapshot, query: CannedQuery) -> list[dict[str, str | None]]:
    """What a query is most often asked with: no more than it needs, of letters each."""
    needed: dict[str, str | None] = {p.name: p.example for p in query.parameters if p.required}
    letter_of = next((p.name for p in query.parameters if p.required and p.type == "document"), None)
    if letter_of is None:
        return [needed]
    return [{**needed, letter_of: iri.rsplit("/", 1)[-1]} for iri in await letters(snapshot)]
