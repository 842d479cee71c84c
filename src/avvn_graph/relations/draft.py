"""What the families of relations hand over: statements before their keys and evidence are settled."""

from __future__ import annotations

from dataclasses import dataclass, field

from avvn_graph.facts import Modality, Value
from avvn_graph.recognition.candidates import Candidate


@dataclass(slots=True)
class Draft:
    """A statement in the making; ``passages`` are indices into the letter's passages, the first the main evidence."""

    subject: Candidate | None
    predicate: str
    object: Candidate | Value
    passages: list[int]
    rule: str
    confidence: float = 0.9
    modality: Modality | None = None
    qualifiers: list[tuple[str, Value]] = field(default_factory=list)
