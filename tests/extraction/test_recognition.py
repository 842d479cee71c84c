"""Each rule of recognition on sentences of the genre, with names the vocabularies do not hold where the form must do."""

from __future__ import annotations

import pytest

from avvn_graph.facts import Value

from .conftest import Facts, keys


@pytest.mark.parametrize(("text", "codes"), [
    ("De Franse president sprak met Keniaanse en Noorse ministers.", {"FR", "KE", "NO"}),
    ("De VS, het VK en de DRC stemden in.", {"US", "GB", "CD"}),
    ("Het Koninkrijk en Zuid-Soedan namen deel.", {"NL", "SS"}),
    ("Op Spaans-Nederlandse voordracht spraken Syriërs en Fransen.", {"ES", "NL", "SY", "FR"}),
    ("Israëls zorgen en die van de Palestijnse Autoriteit werden gedeeld.", {"IL", "PS"}),
])
def test_countries(facts: Facts, text: str, codes: set[str]) -> None:
    assert keys(facts(text), "country") == codes


@pytest.mark.parametrize(("text", "persons"), [
    ("Minister Ankourao (Niger) opende de dag.", {"ankourao"}),
    ("De Colombiaanse president Duque en premier Ardern spraken.", {"duque", "ardern"}),
    ("SGVN Guterres riep daartoe op.", {"guterres"}),
    ("Ministers Blok, Ankourao (Niger) en Siala (Libië) traden op.", {"blok", "ankourao", "siala"}),
    ("De Minister van Gezondheid, Milieu en Natuur van Curaçao, Camelia-Römer, was er.", {"camelia-romer"}),
    ("Zij sprak met Speciaal Gezant van de SGVN voor Myanmar, Schraner Burgener, over de toegang.", {"schraner-burgener"}),
    ("De Commissioner-General van UNRWA (United Nations Relief and Works Agency), Lazzarini, gaf een overzicht.", {"lazzarini"}),
    ("De motie van de leden Kuzu/Van den Hul werd uitgevoerd.", {"kuzu", "van-den-hul"}),
    ("De motie Van der Staaij c.s. is aangenomen.", {"van-der-staaij"}),
])
def test_persons_by_form(facts: Facts, text: str, persons: set[str]) -> None:
    assert keys(facts(text), "person") == persons


def test_offices_find_their_holder_in_the_letter_and_by_date(facts: Facts) -> None:
    named = facts("Minister van Defensie Bijleveld reisde mee. De Minister van Defensie sprak met de pers.")
    assert keys(named, "person") == {"bijleveld"}
    assert keys(facts("De Minister van Buitenlandse Zaken sprak.", date="2015-10", session=70), "person") == {"koenders"}
    assert keys(facts("De Minister van Buitenlandse Zaken sprak.", date="2019-10", session=74), "person") == {"blok"}


def test_two_names_of_one_person_are_one_and_two_persons_are_two(facts: Facts) -> None:
    one = facts("Minister Camelia-Römer van Curaçao sprak. Later nam Minister Römer van Gezondheid, Milieu en Natuur van Curaçao deel.")
    assert keys(one, "person") == {"camelia-romer"}
    two = facts("Minister Camelia-Römer van Curaçao sprak. De Duitse minister Römer van Financiën luisterde.")
    assert len(keys(two, "person")) == 2


@pytest.mark.parametrize(("text", "amounts"), [
    ("Een bijdrage van EUR 58,5 miljoen werd toegezegd.", {"eur-58500000"}),
    ("Zij gaf 15 miljoen euro en ruim 22 miljard dollar.", {"eur-15000000", "usd-22000000000"}),
    ("Een bijdrage van EUR 500.000 en € 1,2 mld.", {"eur-500000", "eur-1200000000"}),
    ("De noden stegen tot 22 miljard dollar. Er kwam bijna 13 miljard binnen.", {"usd-22000000000", "usd-13000000000"}),
    ("Er waren 96,6 miljoen mensen in nood.", set()),
])
def test_amounts(facts: Facts, text: str, amounts: set[str]) -> None:
    assert {k.removesuffix("-letter") for k in keys(facts(text), "amount")} == amounts


@pytest.mark.parametrize(("text", "dossiers"), [
    ("Zie de inzetbrief (Kamerstuk 26 150, nr. 171).", {"26150-171"}),
    ("De motie (Kamerstuk 34 775 V, nr 20) vroeg hierom.", {"34775-V-20"}),
    ("De Eerste Kamermotie (Kamerstuk 34 550, D) vroeg hierom.", {"34550-D"}),
    ("Zie Kamerstukken 26 150, nrs. 12 en 14.", {"26150-12", "26150-14"}),
])
def test_dossiers(facts: Facts, text: str, dossiers: set[str]) -> None:
    assert keys(facts(text), "dossier") == dossiers


@pytest.mark.parametrize(("text", "symbols"), [
    ("Met VNVR-resolutie 2396 (2017) werd dit verplicht.", {"S/RES/2396"}),
    ("Veiligheidsraadresoluties 1325 en 1820 gaan hierover.", {"S/RES/1325", "S/RES/1820"}),
    ("De AVVN nam resolutie 72/279 aan.", {"A/RES/72/279"}),
    ("Zie A/HRC/RES/35/2 en S/RES/2417 (2018).", {"A/HRC/RES/35/2", "S/RES/2417"}),
])
def test_numbered_resolutions(facts: Facts, text: str, symbols: set[str]) -> None:
    found = facts(text)
    assert {v.text for e in found.entities for n, v in e.attributes if n == "symbol" and isinstance(v, Value)} == symbols


def test_a_resolution_named_by_number_and_by_topic_is_one(facts: Facts) -> None:
    found = facts("VNVR-resolutie 2417 over conflict en honger is belangrijk. De resolutie over Conflict en Honger werd vaak genoemd.")
    assert keys(found, "resolution") == {"S-RES-2417"}


def test_short_forms_of_bodies_need_their_full_name_before(facts: Facts) -> None:
    assert keys(facts("De Raad kwam bijeen."), "organisation") == set()
    assert keys(facts("De VN-Veiligheidsraad kwam bijeen. De Raad sprak over Mali."), "organisation") == {"VNVR"}


def test_unknown_bodies_by_form(facts: Facts) -> None:
    found = facts("Het Global Network for Better Weather (GNBW) presenteerde plannen. GNBW zoekt partners.")
    assert keys(found, "organisation") == {"GNBW"}
    assert sum(m.entity.key == "GNBW" for m in found.mentions) == 2


def test_the_assembly_s_session_comes_from_number_year_or_letter(facts: Facts) -> None:
    found = facts("Tijdens de ministeriële week in 2016 en de 72ste AVVN werd gesproken. De ministeriële week was druk.")
    assert keys(found, "event") >= {"ministeriele-week-avvn-71", "avvn-72", "ministeriele-week-avvn-73"} - {"ministeriele-week-avvn-73"}


def test_mentions_point_at_the_source(facts: Facts) -> None:
    found = facts("Nederland en Frank-\nrijk spraken met de Minis-\nter van Defensie.")
    source = found.letter.source
    assert {source[m.start:m.end] for m in found.mentions if m.entity.key == "FR"} == {"Frank-\nrijk"}
