"""What a component proposes: a stretch of a passage that may name an entity."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from spacy.tokens import Doc

from avvn_graph.facts import EntityKind

if not Doc.has_extension("candidates"):
    Doc.set_extension("candidates", default=None)


@dataclass(slots=True)
class Candidate:
    """A proposal: ``doc.text[start:end]`` may name an entity of ``kind``.

    ``key`` is None until linking where the form alone does not give it. ``weight`` settles which of two
    overlapping proposals of equal length stays. ``data`` is what the component read off the text.
    """

    kind: EntityKind
    start: int
    end: int
    key: str | None = None
    label: str = ""
    weight: int = 0
    data: dict[str, Any] = field(default_factory=dict)

    def overlaps(self, other: Candidate) -> bool:
        """Whether the two stretches share a character."""
        return self.start < other.end and other.start < self.end

    def covers(self, other: Candidate) -> bool:
        """Whether the other stretch lies inside this one."""
        return self.start <= other.start and other.end <= self.end


def propose(doc: Doc, candidates: Iterable[Candidate]) -> Doc:
    """Append proposals to the document's list."""
    known = doc._.candidates or []
    doc._.candidates = [*known, *candidates]
    return doc


def text_of(doc: Doc) -> str:
    """The document's text, put together once: ``Doc.text`` joins its tokens anew each time."""
    text: str = doc.user_data.setdefault("avvn_text", None) or doc.text
    doc.user_data["avvn_text"] = text
    return text
