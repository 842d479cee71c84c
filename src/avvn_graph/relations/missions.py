"""Contributions to peace missions told as a list: "levert een bijdrage aan: − MINUSMA (Mali) met 300 militairen;"."""

from __future__ import annotations

import re
from collections.abc import Iterator

from avvn_graph.facts import Value
from avvn_graph.relations.discourse import State
from avvn_graph.relations.draft import Draft
from avvn_graph.relations.sentence import Sentence

_OPENS = re.compile(r"\b(?:bijdrage|bijdragen|levert|leverde|draagt|droeg|inzet|neemt deel)\b.*missies?\b.*:\s*$", re.S)
_PERSONNEL = re.compile(r"(?:met (?:ongeveer |circa |ruim |maximaal )?|\()(?P<n>\d[\d.]*) (?:militair|staf|civiele|politie|expert|troepen|man\b|personen|waarnemer|functionaris)")


def mission_list(index: int, sentence: Sentence, state: State) -> Iterator[Draft]:
    """Drafts of ``contributesTo`` for a list item; the contributor stands in the sentence that opens the list."""
    text = sentence.passage.text
    if _OPENS.search(text):
        givers = [c for p in sentence.of_kind("A", "C") for c in p.members if c.kind == "country"]
        state.opening = (index, givers[:1]) if givers else None
        return
    missions = [c for p in sentence.of_kind("P") for c in p.members]
    if sentence.passage.kind != "item" or state.opening is None:
        if sentence.passage.kind != "item":
            state.opening = None
        return
    personnel = _PERSONNEL.search(text)
    for mission in missions[:1]:
        for giver in state.opening[1]:
            qualifiers = [("personnel", Value(personnel["n"].replace(".", ""), "integer"))] if personnel else []
            yield Draft(giver, "contributesTo", mission, [index, state.opening[0]], "contribute.list", 0.95, qualifiers=qualifiers)
