"""Questions in two languages: the right query with the right parameters, or a refusal that helps."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from avvn_graph.ask import Asker, examples
from avvn_graph.catalogue import load

ROOT = Path(__file__).resolve().parent.parent
VOCABULARIES = ROOT / "data" / "vocabularies"


@pytest.fixture(scope="module")
def asker(run: Callable[[str], list[dict[str, str]]]) -> Asker:
    return Asker(load(ROOT / "queries"), VOCABULARIES, "https://w3id.org/avvn/", run)


@pytest.mark.parametrize(("question", "query", "parameters"), [
    ("welke resoluties heeft Nederland geïnitieerd?", "resolutions-initiated-by", {"initiator": "country/NL"}),
    ("which resolutions did NL initiate", "resolutions-initiated-by", {"initiator": "country/NL"}),
    ("Welke resoluties diende het Koninkrijk in 2018 in?", "resolutions-initiated-by", {"initiator": "country/NL", "year": "2018"}),
    ("how much did the Netherlands pledge to the Global Partnership for Education", "amounts",
     {"contributor": "country/NL", "recipient": "organisation/GPE"}),
    ("bij welke bijeenkomsten sprak minister Kaag in 2018", "person-events", {"person": "person/kaag", "year": "2018", "role": "speaker"}),
    ("which meetings did Blok attend?", "person-events", {"person": "person/blok"}),
    ("wat organiseerde Canada?", "events-organised-by", {"organiser": "country/CA"}),
    ("aan welke vredesmissies draagt Nederland bij?", "troop-contributions", {"country": "country/NL"}),
    ("waarvan is Zweden lid?", "memberships", {"country": "country/SE"}),
    ("welke brieven noemen Curacao?", "mentions-of", {"entity": "country/CW"}),
])
def test_understood(asker: Asker, question: str, query: str, parameters: dict[str, str]) -> None:
    answer = asker.answer(question)
    assert (answer.query, answer.parameters) == (query, parameters)
    assert answer.rows
    assert answer.sparql


@pytest.mark.parametrize(("question", "reason"), [
    ("welke resoluties heeft Atlantis geïnitieerd?", "Atlantis"),
    ("which meetings did Professor Zonnebloem attend?", "Zonnebloem"),
    ("wat is de zin van het leven?", "verband"),
    ("what is the weather", "relation"),
    ("", "geen vraag"),
])
def test_refused_with_what_can_be_asked(asker: Asker, question: str, reason: str) -> None:
    answer = asker.answer(question)
    assert answer.query is None
    assert reason in answer.summary
    assert answer.nearest
    assert all(asker.answer(q).query for q in answer.nearest)


@pytest.mark.parametrize("language", ["nl", "en"])
def test_every_example_is_answered_by_its_query(asker: Asker, language: str) -> None:
    for question in examples(VOCABULARIES, language):
        answer = asker.answer(question)
        assert answer.query, question
        assert answer.language == language, question


def test_each_row_has_its_sentence(asker: Asker) -> None:
    answer = asker.answer("welke resoluties heeft Nederland geïnitieerd?")
    assert all(r["evidence"] and r["document"] and int(r["end"]) > int(r["start"]) for r in answer.rows)
