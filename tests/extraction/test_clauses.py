"""What a clause says whatever the order of its words: inversion, relative clauses, participles, separable verbs, passives.

At least three sentences from different places of such prose for each frame of ``verbs.yaml``; all are written for the tests.
"""

from __future__ import annotations

import pytest

from .conftest import Facts, modalities, objects, triples

SIGNED = "\n\nDe Minister van Buitenlandse Zaken,\nF.C.G.M. Timmermans\n"


@pytest.mark.parametrize(("text", "who"), [
    ("Veel bijval kreeg het side event over schoon water dat Kenia met Peru organiseerde.", {"KE", "PE"}),
    ("Met Peru belegde Kenia een rondetafel over schoon water.", {"KE", "PE"}),
    ("De conferentie over schoon water, in mei georganiseerd door Kenia en Peru, trok veel bezoekers.", {"KE", "PE"}),
    ("Op een door Kenia en Peru belegde bijeenkomst over schoon water sprak niemand tegen.", {"KE", "PE"}),
    ("Over schoon water riep Kenia in Nairobi een top bijeen.", {"KE"}),
    ("Met Peru was Kenia gastheer van een bijeenkomst over schoon water.", {"KE", "PE"}),
    ("Kenia zal in december gastland zijn van de Water Summit in Nairobi.", {"KE"}),
])
def test_organisers(facts: Facts, text: str, who: set[str]) -> None:
    assert objects(facts(text), "organisedBy") == who


@pytest.mark.parametrize("text", [
    "In het debat over schoon water, dat werd geleid door de Noor Jens Stoltenberg, ging het over visserij.",
    "Onder leiding van de Noorse premier Stoltenberg hield de Veiligheidsraad een zitting over schoon water.",
    "De bijeenkomst over schoon water werd door premier Stoltenberg van Noorwegen geleid.",
])
def test_leaders(facts: Facts, text: str) -> None:
    assert objects(facts(text), "chairedBy") == {"stoltenberg"}


@pytest.mark.parametrize(("text", "who"), [
    ("De Water Coalition, waarvan Kenia en Peru het voorzitterschap delen, groeide.", {"KE", "PE"}),
    ("De door Kenia en Peru geleide Water Coalition telt zestig leden.", {"KE", "PE"}),
    ("Om dit te versnellen leidt Kenia samen met Peru de Water Coalition.", {"KE", "PE"}),
])
def test_who_leads_a_body(facts: Facts, text: str, who: set[str]) -> None:
    assert objects(facts(text), "chairedBy") == who


@pytest.mark.parametrize("text", [
    "De conferentie over schoon water werd bijgewoond door minister Kuti van Kenia.",
    "Een conferentie over schoon water, waaraan ook minister Kuti van Kenia deelnam, slaagde.",
    "Kenia zal in mei een conferentie over schoon water organiseren; minister Kuti van Kenia is van plan daaraan deel te nemen.",
    "Voor de top over schoon water kwam een ruime groep bijeen, waarbij ook minister Kuti van Kenia aanwezig was.",
    "Er was een conferentie over schoon water, die minister Kuti van Kenia bezocht.",
])
def test_who_was_there(facts: Facts, text: str) -> None:
    assert "kuti" in objects(facts(text), "attendedBy")


@pytest.mark.parametrize("text", [
    "In het debat over schoon water voerde minister Kuti van Kenia het woord.",
    "Er was een top over schoon water, tijdens welke minister Kuti van Kenia het woord voerde.",
    "Nairobi hield de top over schoon water, die door minister Kuti van Kenia werd toegesproken.",
    "Bij het seminar over schoon water, waar minister Kuti van Kenia zal aankondigen meer te doen, komen velen.",
])
def test_who_spoke(facts: Facts, text: str) -> None:
    assert objects(facts(text), "speaker") == {"kuti"}


def test_the_closing_speech_is_held_at_the_meeting_told_of(facts: Facts) -> None:
    found = facts("Kenia organiseerde een seminar over schoon water. De slotrede werd uitgesproken door de Zweedse minister Margot Wallström.")
    assert objects(found, "speaker") == {"wallstrom"}


@pytest.mark.parametrize(("text", "who"), [
    ("In het Algemeen Debat voerde ik het woord.", "timmermans"),
    ("De top over schoon water werd door mij bijgewoond.", "timmermans"),
    ("Het seminar over schoon water dat ik organiseerde, slaagde.", "timmermans"),
])
def test_the_first_person_is_who_signs(facts: Facts, text: str, who: str) -> None:
    found = facts(text + SIGNED, date="2013-10-10", session=68)
    assert who in objects(found, "attendedBy") | objects(found, "organisedBy")


@pytest.mark.parametrize("text", [
    "Met de Chileense president Boric en de Keniaanse president Ruto sprak de Minister-President over handel.",
    "De Minister-President, die in New York ook sprak met de Chileense president Boric en de Keniaanse president Ruto, keerde terug.",
    "De Chileense president Boric en de Keniaanse president Ruto ontving de Minister-President afzonderlijk.",
])
def test_talks_have_both_sides(facts: Facts, text: str) -> None:
    assert {"boric", "ruto"} <= objects(facts(text, date="2022-10-01", session=77), "attendedBy")


@pytest.mark.parametrize("text", [
    "De Deense minister Kofod, met wie niet is gesproken, was er ook.",
    "Een gesprek met de Deense minister Kofod kwam niet tot stand.",
    "Minister Blok sprak niet met de Deense minister Kofod.",
])
def test_what_did_not_happen_is_no_fact(facts: Facts, text: str) -> None:
    assert not objects(facts(text), "attendedBy") & {"blok"}


@pytest.mark.parametrize(("text", "who"), [
    ("Kenia heeft aangekondigd, samen met Peru dit najaar een resolutie over schoon water in te dienen.", {"KE", "PE"}),
    ("Kenia bracht, mede namens Peru, een ontwerpresolutie over schoon water in stemming.", {"KE", "PE"}),
    ("De door Kenia voorbereide resolutie over schoon water werd aangenomen.", {"KE"}),
    ("Er komt een resolutie over schoon water, waarvan Kenia de penvoerder is.", {"KE"}),
    ("De Raad aanvaardde resolutie 2720 over schoon water, waarvan Kenia en Peru mede-indiener waren.", {"KE", "PE"}),
])
def test_initiators(facts: Facts, text: str, who: set[str]) -> None:
    assert objects(facts(text), "initiatedBy") == who


def test_the_text_is_the_resolution_told_of(facts: Facts) -> None:
    found = facts("De Mensenrechtenraad nam in juni resolutie A/HRC/RES/50/3 aan. De tekst was ingediend door Kenia. "
                  "Tegen stemden China en Cuba, terwijl India en Peru zich van stemming onthielden.")
    assert triples(found, "initiatedBy") == {("A-HRC-RES-50-3", "KE")}
    assert objects(found, "votedAgainstBy") == {"CN", "CU"}
    assert objects(found, "abstainedBy") == {"IN", "PE"}
    assert objects(found, "adoptedBy") == {"HRC"}


def test_a_number_in_brackets_names_the_resolution(facts: Facts) -> None:
    found = facts("Van de resolutie waarmee de AVVN om advies vroeg (A/RES/77/276), ingediend door Vanuatu, was Kenia mede-indiener.")
    assert {s for s, _ in triples(found, "initiatedBy")} == {"A-RES-77-276"}


@pytest.mark.parametrize(("text", "body"), [
    ("In resolutie 2699 machtigde de Veiligheidsraad een missie voor Haïti.", "VNVR"),
    ("De resolutie over schoon water, die de Mensenrechtenraad in juni aannam, is bekend.", "HRC"),
    ("Door de Veiligheidsraad werd in New York unaniem resolutie 2720 aanvaard.", "VNVR"),
])
def test_adopters(facts: Facts, text: str, body: str) -> None:
    assert objects(facts(text), "adoptedBy") == {body}


@pytest.mark.parametrize(("text", "predicate"), [
    ("Enkel Rusland heeft tegen de resolutie over schoon water gestemd.", "votedAgainstBy"),
    ("Bij de resolutie over schoon water sprak Rusland zijn veto uit.", "votedAgainstBy"),
    ("Kenia diende de resolutie over schoon water in, die Rusland zal steunen.", "supportedBy"),
])
def test_votes(facts: Facts, text: str, predicate: str) -> None:
    assert objects(facts(text), predicate) == {"RU"}


@pytest.mark.parametrize("text", [
    "Tot eind 2022 had Kenia zitting in de Mensenrechtenraad.",
    "Sinds januari maakt Kenia, voor drie jaar, deel uit van de Mensenrechtenraad.",
    "Kenia, dat van 2020 tot en met 2022 lid was van de Mensenrechtenraad, bleef actief.",
    "Over de Mensenrechtenraad is gesproken. De AVVN koos daarin met ingang van januari Kenia.",
])
def test_members(facts: Facts, text: str) -> None:
    assert ("KE", "HRC") in triples(facts(text), "memberOf")


@pytest.mark.parametrize("text", [
    "De Mensenrechtenraad, waarvan Kenia op dit moment geen lid is, kwam bijeen.",
    "Kenia liet weten zich niet bij de Freedom Online Coalition te willen aansluiten.",
    "Kenia is kandidaat voor de Mensenrechtenraad.",
])
def test_who_is_no_member(facts: Facts, text: str) -> None:
    assert not objects(facts(text), "memberOf")


@pytest.mark.parametrize(("text", "missions"), [
    ("Aan UNMISS draagt Kenia bij met zeven stafofficieren.", {"UNMISS"}),
    ("Slechts één stafofficier is verbonden aan UNIFIL, waaraan Kenia ruim 300 militairen levert.", {"UNIFIL"}),
    ("Kenia blijft met dertig politiemensen in UNMISS, en dient als waarnemer bij UNTSO.", {"UNMISS", "UNTSO"}),
])
def test_missions(facts: Facts, text: str, missions: set[str]) -> None:
    assert {o for s, o in triples(facts(text), "contributesTo") if s == "KE"} == missions


@pytest.mark.parametrize("text", [
    "De Water Coalition, in 2011 op Keniaans initiatief opgericht, groeide.",
    "Ook de door Kenia opgerichte Water Coalition groeide.",
    "De Water Coalition werd in 2011 door Kenia in het leven geroepen.",
])
def test_founders(facts: Facts, text: str) -> None:
    assert objects(facts(text), "initiativeOf") == {"KE"}


@pytest.mark.parametrize(("text", "giver", "recipient"), [
    ("Op een door Egypte belegde conferentie voor Soedan zegde Minister Schreinemacher EUR 10 miljoen toe aan UNHCR.", {"NL"}, {"UNHCR"}),
    ("Door Noorwegen werd NOK 250 miljoen beschikbaar gesteld, te besteden via UNICEF.", {"NO"}, {"UNICEF"}),
    ("Kenia is voornemens UN Women met EUR 12 miljoen te steunen.", {"KE"}, {"UN-Women"}),
    ("Voor de opvang in Jordanië trekt Kenia EUR 5 miljoen uit; het geld gaat naar UNHCR.", {"KE"}, {"UNHCR"}),
    ("Kenia gaf EUR 5 miljoen. Ontvanger is het WFP.", {"KE"}, {"WFP"}),
])
def test_money(facts: Facts, text: str, giver: set[str], recipient: set[str]) -> None:
    found = facts(text, date="2023-10-01", session=78)
    assert objects(found, "pledgedBy") == giver
    assert objects(found, "recipient") == recipient


@pytest.mark.parametrize("text", [
    "De EUR 50 miljoen waarover de media berichtten, is door het kabinet niet toegezegd.",
    "De humanitaire noden worden geraamd op USD 4 miljard.",
    "Door de Secretaris-Generaal is de donoren verzocht het Peacebuilding Fund met USD 100 miljoen aan te vullen.",
])
def test_what_is_no_pledge(facts: Facts, text: str) -> None:
    assert not [s for s in facts(text).statements if s.predicate == "pledgedBy" and s.modality == "realised"]


@pytest.mark.parametrize(("text", "state"), [
    ("Kenia heeft aangekondigd een resolutie over schoon water in te dienen.", "planned"),
    ("Kenia zal een resolutie over schoon water indienen.", "planned"),
    ("Kenia heeft een resolutie over schoon water ingediend.", "realised"),
    ("Kenia wordt verzocht een resolutie over schoon water in te dienen.", "calledFor"),
])
def test_modality_is_that_of_the_clause(facts: Facts, text: str, state: str) -> None:
    assert modalities(facts(text), "initiatedBy") <= {state}


@pytest.mark.parametrize(("text", "there"), [
    ("De door Kenia voorgezeten conferentie over schoon water werd bijgewoond door minister Kuti van Peru.", {"kuti"}),
    ("Kenia en Peru organiseerden in de marge van de ministeriële week een rondetafel over schoon water, waaraan minister Kuti van Peru deelnam.", {"kuti"}),
    ("Kenia belegde een bijeenkomst over schoon water, waar minister Kuti Peru vertegenwoordigde.", {"kuti", "PE"}),
])
def test_who_was_there_is_not_who_leads(facts: Facts, text: str, there: set[str]) -> None:
    found = facts(text)
    assert {o for s, o in triples(found, "attendedBy") if "water" in s} == there
    assert "kuti" not in objects(found, "chairedBy")


def test_a_particle_inside_the_name_of_a_resolution(facts: Facts) -> None:
    found = facts("De Algemene Vergadering nam met 124 stemmen een door Kenia ingediende resolutie aan over schoon water; Peru onthield zich van stemming.")
    assert objects(found, "adoptedBy") == {"AVVN"}
    assert objects(found, "initiatedBy") == {"KE"}
    assert objects(found, "abstainedBy") == {"PE"}


def test_money_for_a_mission_sends_nobody(facts: Facts) -> None:
    found = facts("Kenia stelt voor UNAMID EUR 5 miljoen beschikbaar.")
    assert not objects(found, "contributesTo")
    assert objects(found, "recipient") == {"UNAMID"}


def test_only_whose_minister_is_told_gets_an_office(facts: Facts) -> None:
    found = facts("Minister Kaag sprak met minister Quux.")
    assert {s for s, _ in triples(found, "holdsOffice")} == {"kaag"}
