"""Every rule of the lexicon states a regularity: it finds something in three sentences of the tests, at least."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

import pytest

from avvn_graph.relations import extractor
from avvn_graph.relations.frames import Frame, load_lexicon, matches
from avvn_graph.relations.verbs import load_verbs, verb_frames
from avvn_graph.settings import Settings

from .conftest import Facts
from .test_prose import AROUND, PROSE


def test_every_rule_has_three_examples(facts: Facts, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = Settings().vocabularies
    examples: dict[str, set[str]] = defaultdict(set)
    now = ""


    def matched(lexicon: Any, row: str) -> Iterator[tuple[Frame, Any]]:
        for frame, m in matches(lexicon, row):
            if not frame.excluded(m):
                examples[frame.id].add(now)
            yield frame, m

    def said(*arguments: Any) -> Iterator[Any]:
        for draft in verb_frames(*arguments):
            examples[draft.rule].add(now)
            yield draft

    monkeypatch.setattr(extractor, "matches", matched)
    monkeypatch.setattr(extractor, "verb_frames", said)
    for now in [str(row["text"]) for rows in PROSE.values() for row in rows if row["says"]]:
        facts(AROUND.format(text=now), date="2014-10-20", session=69)
    rules = {frame.id for frame in load_lexicon(folder).frames} | {frame.id for frame in load_verbs(folder).frames}
    few = {rule: len(examples[rule]) for rule in sorted(rules) if len(examples[rule]) < 3}
    assert not few, few
