"""What counts as one event, and what is told of it: name, date, place; the sentences are written for the tests."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from avvn_graph.corpus import read_letter
from avvn_graph.extraction import extract
from avvn_graph.facts import LetterFacts

from .conftest import Facts, keys, objects, triples

Several = Callable[..., list[LetterFacts]]


@pytest.fixture
def several(tmp_path: Path) -> Several:
    """A function from (text, date) pairs to the facts of as many letters."""

    def of(*letters: tuple[str, str]) -> list[LetterFacts]:
        paths = []
        for n, (text, date) in enumerate(letters):
            path = tmp_path / f"letter-{n}.txt"
            path.write_text(text, encoding="utf-8")
            path.with_suffix(".yaml").write_text(f"type: report\ndate: {date}\nsession: {int(date[:4]) - 1945}\n", encoding="utf-8")
            paths.append(path)
        return extract([read_letter(p) for p in paths])

    return of


@pytest.mark.parametrize(("text", "label"), [
    ("Minister Kaag sprak op de bijeenkomst van UNICEF het belang van vaccins uit.", "bijeenkomst van UNICEF"),
    ("Nederland heeft de conferentie over waterbeheer aangegrepen om partners te vinden.", "conferentie over waterbeheer"),
    ("De vierde sessie over schone oceanen vond plaats in juni 2018.", "vierde sessie over schone oceanen"),
    ("Minister Kaag sprak tijdens het debat over voedselzekerheid op 12 juli jl.", "debat over voedselzekerheid"),
    ("Tijdens de bijeenkomst over mijnenvrije zones in maart nodigde Kenia experts uit.", "bijeenkomst over mijnenvrije zones"),
    ("Kaag nam deel aan het seminar van de Wereldbank «Water for all» met als doel kennis te delen.", "Water for all"),
])
def test_the_label_is_the_noun_phrase_and_ends_with_it(facts: Facts, text: str, label: str) -> None:
    assert label in {e.labels[0] for e in facts(text).entities if e.ref.kind == "event"}


@pytest.mark.parametrize("text", [
    "Kenia wil het lijden stoppen.", "De koppen van de kranten waren helder.", "In New York vinden veel gesprekken en overige bijeenkomsten plaats.",
])
def test_what_is_no_single_event(facts: Facts, text: str) -> None:
    assert not keys(facts(text), "event")


@pytest.mark.parametrize(("text", "first"), [
    ("Kenia organiseerde op 26 september een side event over schoolmaaltijden.", "2018-09-26"),
    ("Op 3 september jl. organiseerde Kenia een side event over schoolmaaltijden.", "2018-09-03"),
    ("Kenia organiseerde in december jl. een side event over schoolmaaltijden.", "2017-12"),
    ("Kenia zal op 5 februari a.s. een side event over schoolmaaltijden organiseren.", "2019-02-05"),
    ("Kenia zal volgend jaar een side event over schoolmaaltijden organiseren.", "2019"),
    ("Kenia zal volgende week een side event over schoolmaaltijden organiseren.", "2018-10"),
    ("Tijdens de ministeriële week, op 25 september, organiseerde Kenia een side event over schoolmaaltijden.", "2018-09-25"),
])
def test_dates_are_resolved_against_the_letter(facts: Facts, text: str, first: str) -> None:
    found = facts(text, date="2018-10-12")
    assert triples(found, "startDate") == {(next(iter(keys(found, "event") - {"ministeriele-week-avvn-73"})), first)}


@pytest.mark.parametrize("text", [
    "Een verslag van de conferentie over water ging u toe op 7 november 2016.",
    "Kenia nam deel aan de conferentie over water, zoals gemeld in de Kamerbrief van 7 november 2016.",
    "Het rapport van 7 november 2016 werd besproken; Kenia nam deel aan de conferentie over water.",
])
def test_the_date_of_a_paper_is_not_that_of_a_meeting(facts: Facts, text: str) -> None:
    assert not objects(facts(text), "startDate")


def test_an_event_has_one_date_the_most_exact(facts: Facts) -> None:
    found = facts("De conferentie over water vindt plaats in december 2018. Nederland kijkt uit naar de conferentie over water op 9 en 10 december 2018.", kind="plans")
    assert objects(found, "startDate") == {"2018-12-09"}
    assert objects(found, "endDate") == {"2018-12-10"}


def test_two_names_side_by_side_are_one_event(facts: Facts) -> None:
    found = facts("Kenia was gastheer van de Ocean Summit in Mombasa, een conferentie bedoeld om visserij te verduurzamen.")
    assert keys(found, "event") == {"ocean-summit-in-mombasa-2018"}


def test_the_same_conference_announced_and_reported_is_one(several: Several) -> None:
    one, two = several(
        ("In april 2021 organiseert Kenia de UN Peacekeeping Ministerial.", "2020-09-10"),
        ("Nederland nam in april 2021 deel aan de Peacekeeping Ministerial.", "2021-10-10"),
    )
    assert keys(one, "event") == keys(two, "event") == {"peacekeeping-ministerial-2021"}


def test_meetings_without_a_name_are_not_one_across_letters(several: Several) -> None:
    one, two = several(("Kenia organiseerde een bijeenkomst.", "2018-10-01"), ("Peru organiseerde een bijeenkomst.", "2018-12-01"))
    assert not keys(one, "event") & keys(two, "event")


def test_different_side_events_stay_two(facts: Facts) -> None:
    found = facts("Kenia organiseerde een side event over schone oceanen. Peru organiseerde een side event over schone lucht in steden.")
    assert len({s for s, _ in triples(found, "organisedBy")}) == 2


@pytest.mark.parametrize("text", [
    "Minister Kaag heeft tijdens de AVVN het diner van de ministers voorgezeten.",
    "Tijdens de top over onderwijs zat Minister Kaag het diner van de ministers voor.",
    "Het diner van de ministers in de marge van de top over onderwijs werd voorgezeten door Minister Kaag.",
])
def test_the_meeting_that_is_chaired_is_the_one_at_the_verb(facts: Facts, text: str) -> None:
    assert {s.split("-")[0] for s, _ in triples(facts(text), "chairedBy")} == {"diner"}


@pytest.mark.parametrize(("text", "topic"), [
    ("Kenia organiseerde een side event over schoolmaaltijden.", "schoolmaaltijden"),
    ("Minister Blok nam deel aan een ministeriële bijeenkomst inzake de rechten van het kind.", "de rechten van het kind"),
    ("Nederland organiseerde samen met Canada een bijeenkomst gericht op de aanpak van mensenhandel.", "de aanpak van mensenhandel"),
])
def test_what_an_event_is_about(facts: Facts, text: str, topic: str) -> None:
    assert objects(facts(text), "topic") == {topic}


@pytest.mark.parametrize("text", [
    "Nederland organiseerde een bijeenkomst over dit onderwerp.", "Minister Blok nam deel aan de jaarvergadering van de WHO.", "Kenia organiseerde een side event over deze problematiek.",
])
def test_who_meets_and_what_was_told_before_is_no_topic(facts: Facts, text: str) -> None:
    assert not objects(facts(text), "topic")
