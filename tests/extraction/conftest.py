"""What a short text says, through the extraction's public surface."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from avvn_graph.corpus import read_letter
from avvn_graph.extraction import extract
from avvn_graph.facts import LetterFacts, Ref

Facts = Callable[..., LetterFacts]


@pytest.fixture
def facts(tmp_path: Path) -> Facts:
    """A function from a text (and metadata) to its facts."""

    def of(text: str, *, kind: str = "report", date: str = "2018-10", session: int = 73) -> LetterFacts:
        path = tmp_path / "letter.txt"
        path.write_text(text, encoding="utf-8")
        path.with_suffix(".yaml").write_text(f"type: {kind}\ndate: {date}\nsession: {session}\n", encoding="utf-8")
        return extract([read_letter(path)])[0]

    return of


def keys(found: LetterFacts, kind: str) -> set[str]:
    """The keys of the mentioned entities of a kind."""
    return {m.entity.key for m in found.mentions if m.entity.kind == kind}


def triples(found: LetterFacts, predicate: str) -> set[tuple[str, str]]:
    """(subject key or label, object key) of the statements with a predicate, whatever their modality."""
    return {(s.subject.key if s.subject else "", s.object.key if isinstance(s.object, Ref) else s.object.text)
            for s in found.statements if s.predicate == predicate}


def objects(found: LetterFacts, predicate: str) -> set[str]:
    """The object keys of the statements with a predicate."""
    return {o for _, o in triples(found, predicate)}


def modalities(found: LetterFacts, predicate: str) -> set[str]:
    """The modalities of the statements with a predicate."""
    return {s.modality for s in found.statements if s.predicate == predicate}
