"""Each family of relations, at least three wordings a rule; the sentences are written for the tests."""

from __future__ import annotations

import pytest

from avvn_graph.facts import Ref

from .conftest import Facts, modalities, objects, triples


@pytest.mark.parametrize("text", [
    "Noorwegen diende samen met Chili een resolutie over schone oceanen in.",
    "Samen met Chili heeft Noorwegen de resolutie over schone oceanen geïnitieerd.",
    "Een resolutie over schone oceanen werd ingediend door Noorwegen en Chili.",
    "Op initiatief van Noorwegen en Chili werd een resolutie over schone oceanen aangenomen.",
    "Op Noors en Chileens initiatief werd een resolutie over schone oceanen ingediend.",
    "De resolutie over schone oceanen (geïnitieerd door Noorwegen en Chili) kreeg bijval.",
])
def test_initiated_by(facts: Facts, text: str) -> None:
    assert objects(facts(text), "initiatedBy") == {"NO", "CL"}


@pytest.mark.parametrize("text", [
    "Noorwegen is penvoerder van de resolutie over schone oceanen.",
    "Als penvoerder van de resolutie over schone oceanen sprak Noorwegen met alle leden.",
])
def test_penholder(facts: Facts, text: str) -> None:
    found = facts(text)
    assert {dict(s.qualifiers)["how"].text for s in found.statements if s.predicate == "initiatedBy"} == {"penholder"}


@pytest.mark.parametrize(("text", "body"), [
    ("De resolutie over schone oceanen werd door de AVVN aangenomen.", "AVVN"),
    ("De Mensenrechtenraad nam een resolutie over schone oceanen aan.", "HRC"),
    ("VNVR-resolutie 2720 werd in december aangenomen.", "VNVR"),
])
def test_adopted_by(facts: Facts, text: str, body: str) -> None:
    assert objects(facts(text), "adoptedBy") == {body}


@pytest.mark.parametrize(("text", "predicate"), [
    ("Rusland stemde tegen de resolutie over schone oceanen.", "votedAgainstBy"),
    ("Rusland heeft zich bij de stemming over de resolutie over schone oceanen onthouden.", "abstainedBy"),
    ("Rusland onthield zich van stemming over de resolutie over schone oceanen.", "abstainedBy"),
    ("De resolutie over schone oceanen werd gesteund door 90 landen, waaronder Rusland.", "supportedBy"),
])
def test_votes(facts: Facts, text: str, predicate: str) -> None:
    assert objects(facts(text), predicate) == {"RU"}


@pytest.mark.parametrize("text", [
    "Kenia organiseerde in samenwerking met UNICEF een side event over schoolmaaltijden.",
    "Tijdens de week organiseerde Kenia samen met UNICEF een side event over schoolmaaltijden.",
    "In samenwerking met UNICEF verzorgde Kenia een side event over schoolmaaltijden.",
    "Blok nam deel aan een side event over schoolmaaltijden, georganiseerd door Kenia en UNICEF.",
    "Er was een door Kenia en UNICEF georganiseerd side event over schoolmaaltijden.",
    "Kenia en UNICEF waren gastheer van een side event over schoolmaaltijden.",
])
def test_organised_by(facts: Facts, text: str) -> None:
    assert objects(facts(text), "organisedBy") == {"KE", "UNICEF"}


@pytest.mark.parametrize("text", [
    "Het debat over schoolmaaltijden werd voorgezeten door Ghana.",
    "Het debat over schoolmaaltijden stond onder leiding van Ghana.",
    "Ghana zat een debat over schoolmaaltijden voor.",
    "Ghana heeft het debat over schoolmaaltijden voorgezeten.",
])
def test_chaired_by(facts: Facts, text: str) -> None:
    assert objects(facts(text), "chairedBy") == {"GH"}


@pytest.mark.parametrize(("text", "chairs"), [
    ("Nederland is samen met Marokko co-voorzitter van het GCTF.", {("GCTF", "NL"), ("GCTF", "MA")}),
    ("Via het Nederlandse co-voorzitterschap van het NDC Partnership werd dit bereikt.", {("ndc-partnership", "NL")}),
])
def test_chairs_of_bodies(facts: Facts, text: str, chairs: set[tuple[str, str]]) -> None:
    assert {(s.lower(), o) for s, o in triples(facts(text), "chairedBy")} == {(s.lower(), o) for s, o in chairs}


@pytest.mark.parametrize("text", [
    "Minister Kaag nam deel aan de bijeenkomst over schoolmaaltijden.",
    "Ook heeft Minister Kaag deelgenomen aan de bijeenkomst over schoolmaaltijden.",
    "Minister Kaag was aanwezig bij de bijeenkomst over schoolmaaltijden.",
    "De bijeenkomst over schoolmaaltijden werd bijgewoond door Minister Kaag.",
])
def test_attended_by(facts: Facts, text: str) -> None:
    assert objects(facts(text), "attendedBy") == {"kaag"}


@pytest.mark.parametrize("text", [
    "Tijdens de bijeenkomst over schoolmaaltijden benadrukte Minister Kaag het belang van melk.",
    "Minister Kaag sprak bij een bijeenkomst over schoolmaaltijden.",
    "Kenia organiseerde een bijeenkomst over schoolmaaltijden. Minister Kaag pleitte hier voor melk.",
    "Minister Kaag nam deel aan een bijeenkomst over schoolmaaltijden. Zij vroeg daarbij aandacht voor melk.",
])
def test_speaker(facts: Facts, text: str) -> None:
    found = facts(text)
    assert objects(found, "speaker") == {"kaag"}
    assert "kaag" in objects(found, "attendedBy")


def test_a_talk_has_two_sides_and_no_speaker(facts: Facts) -> None:
    found = facts("Minister Blok sprak met zijn Boliviaanse collega over handel. Minister Kaag had een ontmoeting met president Mesa.")
    assert {"blok", "BO", "kaag", "mesa"} <= objects(found, "attendedBy")
    assert objects(found, "speaker") == set()


@pytest.mark.parametrize(("text", "giver", "recipient"), [
    ("Denemarken kondigde een bijdrage aan van EUR 7 miljoen aan UNICEF.", "DK", "UNICEF"),
    ("Denemarken zegde EUR 7 miljoen toe aan UNICEF.", "DK", "UNICEF"),
    ("Zo steunt Denemarken UNICEF met EUR 7 miljoen.", "DK", "UNICEF"),
    ("Denemarken stelt EUR 7 miljoen beschikbaar voor UNICEF.", "DK", "UNICEF"),
])
def test_pledges(facts: Facts, text: str, giver: str, recipient: str) -> None:
    found = facts(text)
    assert objects(found, "pledgedBy") == {giver}
    assert objects(found, "recipient") == {recipient}


def test_the_announcer_is_the_minister_and_the_giver_the_kingdom(facts: Facts) -> None:
    found = facts("Minister Kaag kondigde een bijdrage aan van EUR 7 miljoen aan UNICEF voor vijf jaar.")
    assert objects(found, "announcedBy") == {"kaag"}
    assert objects(found, "pledgedBy") == {"NL"}
    assert objects(found, "period") == {"P5Y"}


def test_needs_are_not_pledges(facts: Facts) -> None:
    assert objects(facts("De humanitaire noden zijn gestegen tot ruim 22 miljard dollar."), "pledgedBy") == set()


@pytest.mark.parametrize("text", [
    "Estland is lid van de VN-Veiligheidsraad.",
    "Estland is lid geworden van de VN-Veiligheidsraad.",
    "VNVR-lid Estland sprak zich uit.",
    "Het lidmaatschap van Estland van de VN-Veiligheidsraad begon in januari.",
])
def test_member_of(facts: Facts, text: str) -> None:
    assert triples(facts(text), "memberOf") == {("EE", "VNVR")}


def test_joining(facts: Facts) -> None:
    found = facts("Bij die verklaring sloot Estland zich aan bij de Sahel Alliantie. Ook Peru is aangesloten bij de Sahel Alliantie.")
    assert {s for s, _ in triples(found, "memberOf")} == {"EE", "PE"}


def test_contributions_told_as_a_list(facts: Facts) -> None:
    found = facts("Op dit moment levert Portugal een bijdrage aan de volgende VN-vredesmissies:\n\n"
                  "− MINUSCA (CAR) met ongeveer 200 militairen;\n− UNIFIL (Libanon) met 1 militair;\n")
    assert triples(found, "contributesTo") == {("PT", "MINUSCA"), ("PT", "UNIFIL")}
    assert {q[1].text for s in found.statements for q in s.qualifiers if q[0] == "personnel"} == {"200", "1"}


@pytest.mark.parametrize("text", [
    "Het Verdrag van Lissabon (geïnitieerd in 2007 door Portugal) kwam ter sprake.",
    "De Global Alliance for Clean Seas, een initiatief van Portugal, groeit.",
    "Deze bijeenkomst over vis was op initiatief van Portugal georganiseerd.",
])
def test_initiative_of(facts: Facts, text: str) -> None:
    assert objects(facts(text), "initiativeOf") == {"PT"}


def test_offices(facts: Facts) -> None:
    found = facts("De Franse president Macron ontving Minister van Defensie Bijleveld.")
    assert {s for s, _ in triples(found, "holdsOffice")} == {"macron", "bijleveld"}


@pytest.mark.parametrize(("text", "kind", "modality"), [
    ("Kenia zal een side event over melk organiseren.", "plans", "planned"),
    ("In het najaar organiseert Kenia een side event over melk.", "plans", "planned"),
    ("Kenia organiseerde een side event over melk.", "report", "realised"),
])
def test_modality(facts: Facts, text: str, kind: str, modality: str) -> None:
    assert modalities(facts(text, kind=kind), "organisedBy") == {modality}


def test_what_is_so_is_no_plan(facts: Facts) -> None:
    for kind in ("plans", "written-consultation"):
        assert modalities(facts("Voorts is het Koninkrijk penvoerder van de AVVN-resolutie over kustwachten.", kind=kind), "initiatedBy") == {"realised"}


def test_the_present_tense_with_a_date_ahead_is_a_plan(facts: Facts) -> None:
    for text in ("Minister Kaag neemt vrijdag 30 november deel aan het side event over melk.", "Minister Kaag is volgende week aanwezig bij het side event over melk."):
        assert modalities(facts(text, kind="letter", date="2018-11-14"), "attendedBy") == {"planned"}


@pytest.mark.parametrize(("text", "predicate"), [
    ("Kenia organiseerde geen side event over melk.", "organisedBy"),
    ("Rusland steunde de resolutie over schone oceanen niet.", "supportedBy"),
    ("Minister Kaag nam niet deel aan de bijeenkomst over melk.", "attendedBy"),
])
def test_what_is_denied_is_no_fact(facts: Facts, text: str, predicate: str) -> None:
    assert objects(facts(text), predicate) == set()


def test_dates_and_places_of_events(facts: Facts) -> None:
    found = facts("Van 24 tot en met 28 september jl. vond in New York de ministeriële week plaats. "
                  "Op 8 december 2016 vond het Humanitarian Debate in de AVVN plaats.")
    assert ("ministeriele-week-avvn-73", "2018-09-24") in triples(found, "startDate")
    assert ("ministeriele-week-avvn-73", "2018-09-28") in triples(found, "endDate")
    assert ("ministeriele-week-avvn-73", "New York") in triples(found, "place")


def test_what_a_party_group_says_is_its_claim(facts: Facts) -> None:
    found = facts("Inbreng van de leden van de D66-fractie\n\n"
                  "De leden van de D66-fractie merken op dat Kenia een side event over melk organiseerde en vragen naar de uitkomst ervan.\n\n"
                  "1. Antwoord van het kabinet:\n\nGhana organiseerde een bijeenkomst over brood.\n", kind="written-consultation")
    claims = {s.object.key: s.claimed_by.key if s.claimed_by else None for s in found.statements if s.predicate == "organisedBy" and isinstance(s.object, Ref)}
    assert claims == {"KE": "d66", "GH": None}


@pytest.mark.parametrize("text", [
    "De Keniaanse president Ruto sprak de AVVN toe.",
    "Ook sprak president Ruto de Algemene Vergadering uitgebreid toe.",
    "President Ruto heeft de AVVN via een videoverbinding toegesproken.",
])
def test_addressing_the_assembly(facts: Facts, text: str) -> None:
    assert ("avvn-73", "ruto") in triples(facts(text), "speaker")


@pytest.mark.parametrize("text", [
    "Premier Mottley leidde een rondetafel over klimaatfinanciering.",
    "Tijdens de week leidde premier Mottley een rondetafel over klimaatfinanciering.",
    "Een rondetafel over klimaatfinanciering werd voorgezeten door premier Mottley.",
])
def test_whoever_leads_a_meeting_chairs_it(facts: Facts, text: str) -> None:
    assert objects(facts(text), "chairedBy") == {"mottley"}


@pytest.mark.parametrize("text", [
    "In de Mensenrechtenraad diende Duitsland een resolutie over vrije pers in.",
    "Binnen de AVVN diende Duitsland een resolutie over vrije pers in.",
    "Na overleg met UNICEF diende Duitsland een resolutie over vrije pers in.",
])
def test_what_a_preposition_governs_is_no_subject(facts: Facts, text: str) -> None:
    assert objects(facts(text), "initiatedBy") == {"DE"}


@pytest.mark.parametrize("text", [
    "Tijdens de ministeriële week organiseert Kenia een side event over melk.",
    "Bij de High-Level Week zal Kenia een side event over melk organiseren.",
    "In aanloop naar de Conferentie over Voedsel organiseerde Kenia een side event over melk.",
])
def test_what_tells_when_is_not_what_is_organised(facts: Facts, text: str) -> None:
    events = {s for s, o in triples(facts(text), "organisedBy") if o == "KE"}
    assert len(events) == 1
    assert "melk" in events.pop()


def test_equal_sums_for_different_recipients_are_different_amounts(facts: Facts) -> None:
    found = facts("Denemarken kondigde een bijdrage aan van EUR 7 miljoen aan UNICEF. Zweden zegde EUR 7 miljoen toe aan UNHCR. "
                  "Zweden bevestigde EUR 7 miljoen toe te zeggen aan UNHCR.")
    assert len({m.entity.key for m in found.mentions if m.entity.kind == "amount"}) == 2
    assert len(triples(found, "recipient")) == 2


@pytest.mark.parametrize("text", [
    "In mei is Annalena Baerbock aangetreden als Voorzitter van de Algemene Vergadering.",
    "Minister Baerbock werd benoemd tot Voorzitter van de Algemene Vergadering.",
    "Minister Baerbock sprak in haar hoedanigheid van Voorzitter van de Algemene Vergadering.",
])
def test_offices_told_by_a_verb(facts: Facts, text: str) -> None:
    assert ("baerbock", "voorzitter-van-de-algemene-vergadering") in triples(facts(text), "holdsOffice")


def test_a_sum_told_again_with_its_recipient_is_one_amount(facts: Facts) -> None:
    found = facts("Kenia zegde EUR 7 miljoen toe.\n\nDe EUR 7 miljoen die Kenia bijdraagt aan UNICEF is bestemd voor scholen.")
    assert len({s for s, _ in triples(found, "pledgedBy")}) == 1
    assert objects(found, "recipient") == {"UNICEF"}
