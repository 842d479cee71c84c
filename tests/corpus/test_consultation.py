"""The written consultation: who asks, which question, who answers."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.corpus.helpers import LETTERS, letter_of

CONSULTATION = LETTERS["schriftelijk-overleg-avvn-75"]
PARTIES = [("VVD", 1, 15), ("CDA", 16, 24), ("D66", 25, 42), ("GroenLinks", 43, 58), ("SP", 59, 71), ("PvdA", 72, 97),
           ("Partij voor de Dieren", 98, 108), ("SGP", 109, 117)]


@pytest.mark.parametrize("number", range(1, 118))
def test_each_question_is_asked_and_then_answered(number: int) -> None:
    asked = [p for p in CONSULTATION.passages if p.kind == "question" and p.number == number]
    answered = [p for p in CONSULTATION.passages if p.kind == "answer" and p.number == number]
    party = next(name for name, first, last in PARTIES if first <= number <= last)
    assert asked
    assert answered
    assert {p.speaker for p in asked} == {party}
    assert {p.speaker for p in answered} == {"kabinet"}
    assert max(p.end for p in asked) < min(p.start for p in answered)


@pytest.mark.parametrize(("text", "speaker", "kind", "number"), [
    ("Zij vragen of het kabinet deze boodschap wil overbrengen.", "VVD", "question", 1),
    ("Hoe worden lopende hervormingen geëvalueerd en welke", "VVD", "question", 3),
    ("Ten aanzien van de kabinetsreactie op het advies van de CAVV", "VVD", "question", None),
    ("Welke maatregelen gaat de Minister nemen om ervoor te zorgen dat er een halt", "Partij voor de Dieren", "question", 102),
    ("Momenteel is er voldoende steun is voor de continuïteit", "kabinet", "answer", 74),
    ("De Duurzame Ontwikkelingsdoelen, Sustainable Development Goals (SDG’s), vormen", "kabinet", "answer", 101),
    ("Mede op initiatief van het Koninkrijk vindt vrijdag 18 september een spoeddebat plaats", "kabinet", "answer", 116),
    ("Taiwan", "CDA", "heading", None),
    ("18 Kamerstuk 34 775, nr. 44.", "SGP", "footnote", None),
])
def test_who_speaks(text: str, speaker: str, kind: str, number: int | None) -> None:
    passage = next(p for p in CONSULTATION.passages if p.text.startswith(text))
    assert (passage.speaker, passage.kind, passage.number) == (speaker, kind, number)


def test_a_cabinet_letter_has_no_speakers() -> None:
    for slug, letter in LETTERS.items():
        if letter is not CONSULTATION:
            assert {p.speaker for p in letter.passages} == {None}, slug


def test_a_consultation_with_one_answer_for_all(tmp_path: Path) -> None:
    letter = letter_of(tmp_path, (
        "I. Vragen en opmerkingen vanuit de fracties\n\nVragen en opmerkingen van de leden van de fractie van de PvdA\n\n"
        "Deze leden vragen wat Nederland doet.\n\nInbreng van de leden van de ChristenUnie-fractie\n\nZij vragen waarom.\n\n"
        "II. Antwoord/Reactie van de Minister\n\nNederland doet veel.\n"))
    assert letter.meta.document_type == "written-consultation"
    assert [(p.speaker, p.kind) for p in letter.passages if p.kind != "heading"] == [
        ("PvdA", "question"), ("ChristenUnie", "question"), ("kabinet", "answer")]


def test_a_group_that_joins_in_is_named(tmp_path: Path) -> None:
    letter = letter_of(tmp_path, (
        "Inbreng van de leden van de D66-fractie\n\nDe leden van de D66-fractie vragen waarom.\n\n1. Antwoord van het kabinet:\n\nDaarom.\n\n"
        "De fractieleden van GroenLinks vragen hoe.\n\n2. Antwoord van het kabinet:\n\nZo.\n"))
    assert [(p.speaker, p.number) for p in letter.passages if p.kind == "question"] == [("D66", 1), ("GroenLinks", 2)]
