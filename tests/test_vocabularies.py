"""The vocabularies: every file loads, says each name once, and knows the words of Dutch diplomatic prose."""

from __future__ import annotations

import re
from collections import Counter
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
import yaml
from babel import Locale

FOLDER = Path(__file__).resolve().parents[1] / "data" / "vocabularies"
LISTS = ("organisations.yaml", "missions.yaml", "treaties.yaml", "parties.yaml", "places.yaml")
KINDS = {
    "body", "agency", "fund", "bank", "court", "ngo", "coalition", "group", "programme", "ministry", "operation",
}
# Members of the United Nations, with the Holy See, Palestine, Kosovo, Taiwan and the countries in the Kingdom, also the one of before 2010.
COUNTRIES = 201


def load(name: str) -> Any:
    return yaml.safe_load((FOLDER / name).read_text(encoding="utf-8"))


def names_of(row: dict[str, Any]) -> set[str]:
    """The names of one entry, however they are spread over its fields."""
    own = (row.get(k) for k in ("name", "name_nl", "name_en", "acronym"))
    return {n for n in (*own, *row.get("aliases", ())) if n}


@pytest.fixture(scope="module")
def countries() -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = load("countries.yaml")
    return found


@pytest.fixture(scope="module")
def offices() -> dict[str, list[Any]]:
    found: dict[str, list[Any]] = load("offices.yaml")
    return found


@pytest.mark.parametrize("name", ["countries.yaml", "offices.yaml", "given_names.txt", *LISTS])
def test_each_file_says_what_it_is_before_its_data(name: str) -> None:
    text = (FOLDER / name).read_text(encoding="utf-8")
    assert text.startswith("# ")
    assert text.endswith("\n")
    assert "\t" not in text


@pytest.mark.parametrize(("name", "least", "required"), [
    ("organisations.yaml", 250, {"key", "name_nl", "name_en", "aliases", "kind"}),
    ("missions.yaml", 70, {"acronym", "name_en", "country", "aliases"}),
    ("treaties.yaml", 60, {"key", "name_nl", "name_en", "aliases"}),
    ("parties.yaml", 20, {"key", "name", "aliases"}),
    ("places.yaml", 150, {"name_nl", "aliases", "country"}),
])
def test_rows_have_what_readers_of_the_file_need(name: str, least: int, required: set[str]) -> None:
    rows = load(name)
    assert len(rows) >= least
    for row in rows:
        assert required <= row.keys(), row
        assert all(isinstance(n, str) and n == n.strip() for n in names_of(row)), row
        assert all(isinstance(n, str) for n in (*row["aliases"], *row.get("context_aliases", ()))), row
        assert len(set(row["aliases"])) == len(row["aliases"]), row


@pytest.mark.parametrize("name", LISTS)
def test_a_name_belongs_to_one_entry(name: str) -> None:
    count = Counter(n for row in load(name) for n in names_of(row))
    assert [n for n, times in count.items() if times > 1] == []


@pytest.mark.parametrize("name", ["organisations.yaml", "missions.yaml", "treaties.yaml", "parties.yaml"])
def test_keys_are_unique_and_fit_in_an_iri(name: str) -> None:
    keys = [row.get("key") or row["acronym"] for row in load(name)]
    assert len(set(keys)) == len(keys)
    if name != "missions.yaml":
        assert [k for k in keys if not re.fullmatch(r"[A-Za-z0-9]+(?:-[A-Za-z0-9]+)*", k)] == []


def test_organisations_have_a_known_kind_and_parent() -> None:
    rows = load("organisations.yaml")
    keys = {row["key"] for row in rows}
    assert {row["kind"] for row in rows} <= KINDS
    assert [row["key"] for row in rows if row.get("parent") and row["parent"] not in keys] == []
    assert [row["key"] for row in rows if row.get("parent") == row["key"]] == []


def test_a_short_form_that_needs_context_is_nobodys_plain_name() -> None:
    rows = load("organisations.yaml")
    plain = {n for row in rows for n in names_of(row)}
    assert [n for row in rows for n in row.get("context_aliases", ()) if n in plain] == []


def test_years_of_treaties_are_plausible() -> None:
    assert [r["key"] for r in load("treaties.yaml") if not 1850 <= r.get("year", 1945) <= 2030] == []


# -- countries ----------------------------------------------------------------------------------------------------------
def test_country_codes_are_iso_codes(countries: dict[str, dict[str, Any]]) -> None:
    known = {*Locale("nl").territories, "AN"}  # withdrawn in 2010; letters of before are read too
    assert len(countries) == COUNTRIES
    assert [c for c in countries if not (isinstance(c, str) and re.fullmatch(r"[A-Z]{2}", c) and c in known)] == []
    assert {"NL", "NO", "XK", "PS", "TW", "VA", "AN", "AW", "CW", "SX"} <= countries.keys()


def test_country_rows_have_lists_of_words(countries: dict[str, dict[str, Any]]) -> None:
    for code, row in countries.items():
        for field in ("names_nl", "names_en", "adjectives", "inhabitants"):
            assert isinstance(row[field], list), code
            assert len(set(row[field])) == len(row[field]), (code, field)
            assert all(isinstance(w, str) and w == w.strip() and w for w in row[field]), (code, field)


@pytest.mark.parametrize("fields", [("adjectives",), ("names_nl", "names_en"), ("inhabitants",)])
def test_a_word_means_one_country(countries: dict[str, dict[str, Any]], fields: tuple[str, ...]) -> None:
    count = Counter(w for row in countries.values() for w in {w for f in fields for w in row[f]})
    assert [w for w, times in count.items() if times > 1] == []


def test_no_extra_name_is_the_main_name_of_another_country(countries: dict[str, dict[str, Any]]) -> None:
    main = {Locale(language).territories[code]: code for code in countries if code != "AN" for language in ("nl", "en")}
    wrong = [(w, code) for code, row in countries.items() for w in (*row["names_nl"], *row["names_en"])
             if main.get(w, code) != code]
    assert wrong == []


def test_every_adjective_has_its_inflected_form(countries: dict[str, dict[str, Any]]) -> None:
    """Dutch letters write both "een Frans voorstel" and "de Franse president"."""
    missing = []
    for code, row in countries.items():
        words = set(row["adjectives"])
        for word in words:
            if word.endswith("ees"):
                expected = word[:-3] + "ese"
            elif word.endswith("s"):
                expected = word + "e" if not word.endswith("aas") else word[:-3] + "ase"
            elif word.endswith("ch"):
                expected = word + "e"
            else:
                continue
            if expected not in words:
                missing.append((code, word, expected))
    assert missing == []


def test_words_that_mean_something_else_are_no_country(countries: dict[str, dict[str, Any]]) -> None:
    words = {w for row in countries.values() for f in ("names_nl", "names_en", "adjectives", "inhabitants")
             for w in row[f]}
    assert not words & {"Engels", "Engelse", "Europees", "Europese", "Afrikaans", "Afrikaanse", "Arabisch", "Arabische",
                        "Koreaans", "Let", "Pool", "Est", "Koninkrijk"}


def test_the_kingdom_and_its_countries(countries: dict[str, dict[str, Any]]) -> None:
    assert {"Koninkrijk", "kabinet"} <= set(countries["NL"]["actor_names"])
    assert {c: r["constituent_of"] for c, r in countries.items() if "constituent_of" in r} == {
        "AN": "NL", "AW": "NL", "CW": "NL", "SX": "NL",
    }


@pytest.mark.parametrize(("word", "code"), [
    ("Nederlandse", "NL"), ("KNL", "NL"), ("Arubaanse", "AW"), ("Curaçaose", "CW"), ("Sint-Maartense", "SX"),
    ("Sint Maarten", "SX"), ("VS", "US"), ("Verenigde Staten van Amerika", "US"), ("Amerikaanse", "US"),
    ("VK", "GB"), ("Britse", "GB"), ("Britten", "GB"), ("Franse", "FR"), ("Fransen", "FR"), ("Duitse", "DE"),
    ("Russische Federatie", "RU"), ("Russische", "RU"), ("Russen", "RU"), ("Oekraïense", "UA"), ("Wit-Rusland", "BY"),
    ("Belarussische", "BY"), ("Wit-Russische", "BY"), ("Chinese", "CN"), ("Japanse", "JP"), ("Zuid-Koreaanse", "KR"),
    ("Noord-Koreaanse", "KP"), ("DPRK", "KP"), ("Zuid-Sudan", "SS"), ("Zuid-Soedanese", "SS"), ("Zuid-Sudanese", "SS"),
    ("Sudan", "SD"), ("Soedanees", "SD"), ("Sudanese", "SD"), ("DRC", "CD"),
    ("Democratische Republiek Congo", "CD"), ("Congolese", "CD"), ("CAR", "CF"), ("Nigeriaanse", "NG"),
    ("Nigerese", "NE"), ("Malinese", "ML"), ("Malinees", "ML"), ("Rwandese", "RW"), ("Burundese", "BI"),
    ("Ethiopische", "ET"), ("Eritrese", "ER"), ("Somalische", "SO"), ("Jemenitische", "YE"), ("Iraanse", "IR"),
    ("Iraakse", "IQ"), ("Syriërs", "SY"), ("Israëlische", "IL"), ("Palestijnse", "PS"),
    ("Palestijnse Autoriteit", "PS"), ("Saudi-Arabië", "SA"), ("Saoedische", "SA"), ("Qatarese", "QA"),
    ("Emiratische", "AE"), ("VAE", "AE"), ("Koeweitse", "KW"), ("Omaanse", "OM"), ("Birma", "MM"),
    ("Myanmarese", "MM"), ("Venezolaanse", "VE"), ("Surinaamse", "SR"), ("Noord-Macedonische", "MK"),
    ("Kosovaarse", "XK"), ("Bosnische", "BA"), ("Azerbeidzjaanse", "AZ"), ("Portugees", "PT"), ("IJslandse", "IS"),
    ("Swaziland", "SZ"), ("Timor-Leste", "TL"), ("Engelse", None), ("Guinese", "GN"),
    ("Equatoriaal-Guinese", "GQ"), ("Ivoriaanse", "CI"), ("Keniaanse", "KE"), ("Indiase", "IN"), ("Indonesische", "ID"),
])
def test_words_find_their_country(countries: dict[str, dict[str, Any]], word: str, code: str | None) -> None:
    found = [c for c, row in countries.items()
             if any(word in row[f] for f in ("names_nl", "names_en", "adjectives", "inhabitants"))]
    assert found == ([code] if code else [])


# -- bodies, missions, treaties -----------------------------------------------------------------------------------------
@pytest.mark.parametrize(("file", "name", "key"), [
    ("organisations.yaml", "Veiligheidsraad", "VNVR"), ("organisations.yaml", "VN-Veiligheidsraad", "VNVR"),
    ("organisations.yaml", "Algemene Vergadering", "AVVN"), ("organisations.yaml", "Mensenrechtenraad", "HRC"),
    ("organisations.yaml", "Human Rights Council", "HRC"), ("organisations.yaml", "Internationaal Strafhof", "ICC"),
    ("organisations.yaml", "Wereldgezondheidsorganisatie", "WHO"), ("organisations.yaml", "World Food Programme", "WFP"),
    ("organisations.yaml", "Internationaal Gerechtshof", "ICJ"), ("organisations.yaml", "Europese Unie", "EU"),
    ("organisations.yaml", "Global Counterterrorism Forum", "GCTF"),
    ("organisations.yaml", "Derde Commissie", "derde-commissie-avvn"),
    ("organisations.yaml", "Education Cannot Wait", "ECW"), ("organisations.yaml", "Amnesty", "amnesty"),
    ("treaties.yaml", "Klimaatakkoord van Parijs", "akkoord-van-parijs"), ("treaties.yaml", "Statuut van Rome", "statuut-van-rome"),
    ("treaties.yaml", "Global Compact on Refugees", "GCR"), ("treaties.yaml", "Non-proliferatieverdrag", "NPV"),
    ("treaties.yaml", "VN-Wapenhandelsverdrag", "ATT"), ("treaties.yaml", "VN-Handvest", "handvest-vn"),
    ("missions.yaml", "UNMISS", "UNMISS"), ("missions.yaml", "VN-missie in Mali", "MINUSMA"),
    ("parties.yaml", "Partij voor de Dieren-fractie", "pvdd"), ("parties.yaml", "fractie van de VVD", "vvd"),
    ("parties.yaml", "fractie van het CDA", "cda"),
])
def test_names_find_their_entry(file: str, name: str, key: str) -> None:
    assert [row.get("key") or row["acronym"] for row in load(file) if name in names_of(row)] == [key]


def test_missions_and_places_are_in_real_countries() -> None:
    known = {*Locale("nl").territories, "AN"}  # withdrawn in 2010; letters of before are read too
    codes = {c for row in load("missions.yaml") for c in row["country"]} | {r["country"] for r in load("places.yaml")}
    assert [c for c in codes if not (isinstance(c, str) and c in known)] == []


def test_a_mission_is_no_organisation_and_a_treaty_is_neither() -> None:
    organisations, missions, treaties = (
        {n for row in load(f) for n in names_of(row)} for f in ("organisations.yaml", "missions.yaml", "treaties.yaml"))
    assert organisations & missions == set()
    assert treaties & (organisations | missions) == set()


# -- offices ------------------------------------------------------------------------------------------------------------
def test_holders_have_dates_in_order(offices: dict[str, list[Any]]) -> None:
    for holder in offices["holders"]:
        assert {"person", "family_name", "full_name", "office", "of", "from"} <= holder.keys(), holder
        start = date.fromisoformat(holder["from"])
        if "until" in holder:
            assert start < date.fromisoformat(holder["until"]), holder
        assert re.fullmatch(r"Q\d+", holder.get("wikidata", "Q1")), holder


def test_an_office_has_one_holder_at_a_time(offices: dict[str, list[Any]]) -> None:
    terms: dict[tuple[str, str], list[tuple[str, str]]] = {}
    for h in offices["holders"]:
        terms.setdefault((h["office"], h["of"]), []).append((h["from"], h.get("until", "9999-12-31")))
    for office, spans in terms.items():
        spans.sort()
        assert all(a[1] <= b[0] for a, b in pairwise(spans)), office


def test_a_family_name_is_one_person(offices: dict[str, list[Any]]) -> None:
    """The key of a person is made of the family name, so two people must not share one."""
    people: dict[str, set[tuple[str, str | None]]] = {}
    for h in offices["holders"]:
        people.setdefault(h["family_name"], set()).add((h["full_name"], h.get("wikidata")))
    assert {name: p for name, p in people.items() if len(p) > 1} == {}


@pytest.mark.parametrize(("office", "of", "day", "family_name"), [
    ("Minister van Buitenlandse Zaken", "NL", "2016-09-02", "Koenders"),
    ("Minister van Buitenlandse Zaken", "NL", "2018-02-20", "Kaag"),
    ("Minister van Buitenlandse Zaken", "NL", "2018-07-06", "Blok"),
    ("Minister van Buitenlandse Zaken", "NL", "2012-11-05", "Timmermans"),
    ("Minister voor Buitenlandse Handel en Ontwikkelingssamenwerking", "NL", "2017-09-01", "Ploumen"),
    ("Minister-President", "NL", "2020-09-01", "Rutte"),
    ("Minister-President", "SX", "2018-09-06", "Romeo-Marlin"),
    ("Minister van Defensie", "NL", "2018-10-17", "Bijleveld"),
    ("Secretaris-Generaal van de Verenigde Naties", "UN", "2016-12-31", "Ban Ki-moon"),
    ("Hoge Commissaris voor de Mensenrechten", "UN", "2019-09-02", "Bachelet"),
])
def test_an_office_and_a_day_find_the_holder(
    offices: dict[str, list[Any]], office: str, of: str, day: str, family_name: str,
) -> None:
    found = [h["family_name"] for h in offices["holders"]
             if h["office"] == office and h["of"] == of and h["from"] <= day < h.get("until", "9999-12-31")]
    assert found == [family_name]


def test_titles_and_portfolios_are_said_once(offices: dict[str, list[Any]]) -> None:
    forms = [f.lower() for t in offices["titles"] for f in (t["form"], t.get("plural")) if f]
    assert [f for f, times in Counter(forms).items() if times > 1] == []
    assert {"minister", "minister-president", "staatssecretaris", "speciaal rapporteur", "mevrouw"} <= set(forms)
    assert all(isinstance(t["office"], bool) and isinstance(t["minister"], bool) for t in offices["titles"])
    assert all(t["office"] for t in offices["titles"] if t["minister"])
    portfolios = offices["portfolios_nl"]
    assert len(set(portfolios)) == len(portfolios)
    assert {"Buitenlandse Zaken", "Justitie", "Integratie", "Toerisme"} <= set(portfolios)


def test_given_names_are_single_capitalised_names_and_no_country(countries: dict[str, dict[str, Any]]) -> None:
    lines = (FOLDER / "given_names.txt").read_text(encoding="utf-8").splitlines()
    names = [line for line in lines if line and not line.startswith("#")]
    assert len(names) >= 300
    assert len(set(names)) == len(names)
    assert [n for n in names if not re.fullmatch(r"[^\W\d_]+(?:-[^\W\d_]+)*", n) or not n[0].isupper()] == []
    taken = {w for row in countries.values() for f in ("names_nl", "adjectives", "inhabitants") for w in row[f]}
    taken |= {n for name in ("organisations.yaml", "places.yaml") for row in load(name) for n in names_of(row)}
    assert [n for n in names if n in taken] == []
