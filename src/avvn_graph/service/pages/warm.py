"""What takes long the first time, made ready in the background when a build begins to be served."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
from collections.abc import AsyncIterator

from avvn_graph.errors import AvvnError
from avvn_graph.service import asking
from avvn_graph.service.deps import State
from avvn_graph.service.graphs import Snapshot
from avvn_graph.service.pages import answer, letter
from avvn_graph.service.pages.layout import capital, environment
from avvn_graph.service.pages.things import letters
from avvn_graph.service.words import LANGUAGES
from avvn_graph.stems import forms

log = logging.getLogger(__name__)

_LOOK_SECONDS = 1.0
_MOST_SECONDS = 20.0


@contextlib.asynccontextmanager
async def kept_warm(app: State) -> AsyncIterator[None]:
    """As long as the block lasts, each new build is made ready; requests go on meanwhile."""
    task = asyncio.create_task(_watch(app))
    try:
        yield
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task


async def _watch(app: State) -> None:
    done: str | None = None
    while True:
        await asyncio.sleep(_LOOK_SECONDS)
        now = app.graphs.now
        if now is None or now.build.id == done:
            continue
        done = now.build.id
        try:
            async with app.graphs.lease() as snapshot:
                await _ready(app, snapshot)
        except AvvnError as error:  # what is not ready is made when it is asked for
            log.warning("pages are not made ready: %s", error)


async def _ready(app: State, snapshot: Snapshot) -> None:
    until = time.monotonic() + _MOST_SECONDS
    for name in environment().list_templates(extensions=["html"]):
        environment().get_template(name)
        await asyncio.sleep(0)
    await asyncio.to_thread(forms, "resoluties")
    await asking.asker(app, snapshot)
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
