"""Cleaning: hyphenation both ways, page furniture, letterheads, headings and sections."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from avvn_graph.corpus.division import divide
from avvn_graph.facts import DocumentMeta
from tests.corpus.helpers import LETTERS, letter_of, texts


@pytest.mark.parametrize(("broken", "clean"), [
    ("Zij werd vertegen-\nwoordigd door hem.", "Zij werd vertegenwoordigd door hem."),
    ("De ingezette VN-\nhervormingen gaan door.", "De ingezette VN-hervormingen gaan door."),
    ("Daar sprak Minister-\nPresident Rutte toe.", "Daar sprak Minister-President Rutte toe."),
    ("De druk op Noord-\nKorea nam toe.", "De druk op Noord-Korea nam toe."),
    ("De handels- en\ninvesteringsagenda is af.", "De handels- en investeringsagenda is af."),
    ("De handels-\nen investeringsagenda is af.", "De handels- en investeringsagenda is af."),
    ("De niet-\npermanente leden stemden.", "De niet-permanente leden stemden."),
    ("De oud-\nminister sprak.", "De oud-minister sprak."),
    ("De anti-\nISIS-coalitie kwam bijeen.", "De anti-ISIS-coalitie kwam bijeen."),
    ("De sociaal-\neconomische gevolgen zijn groot.", "De sociaal-economische gevolgen zijn groot."),
    ("Het Al Qaeda-\nsanctiecomité en de Al Qaeda-sanctielijst.", "Het Al Qaeda-sanctiecomité en de Al Qaeda-sanctielijst."),
    ("Het klimaat-beleid en het klimaat-\nbeleid.", "Het klimaat-beleid en het klimaat-beleid."),
    ("Het klimaatbeleid en het klimaat-\nbeleid.", "Het klimaatbeleid en het klimaatbeleid."),
    ("De Veilig-\nheidsraad stemde.", "De Veiligheidsraad stemde."),
    ("Het sanc\u00ad\ntiecomité sprak.", "Het sanctiecomité sprak."),
    ("Het werd – zo\nbleek – besproken.", "Het werd – zo bleek – besproken."),
])
def test_hyphens_at_a_line_end(tmp_path: Path, broken: str, clean: str) -> None:
    assert texts(letter_of(tmp_path, broken)) == [clean]


@pytest.mark.parametrize("furniture", [
    "Tweede Kamer, vergaderjaar 2020–2021, 26 150, nr. 187 15",
    "Tweede Kamer, vergaderjaar 2018-2019, 26 150, nr. 176 2",
    "Onze Referentie",
    "BZDOC-1234567890-12",
    "Min-BuZa.2020.1234-56",
    "Pagina 2 van 7",
    "kst-26150-187",
    "ISSN 0921 - 7371",
    "\n12\n",
    "\n- 3 -\n",
])
def test_furniture_in_the_midst_of_a_sentence(tmp_path: Path, furniture: str) -> None:
    letter = letter_of(tmp_path, f"De Minister van Defensie heeft de motie van\n{furniture}\nde leden uitgevoerd.\n\nDat is alles.")
    assert texts(letter) == ["De Minister van Defensie heeft de motie van de leden uitgevoerd.", "Dat is alles."]
    assert letter.passages[0].end == letter.source.index("uitgevoerd.") + len("uitgevoerd.")


def test_a_number_at_a_line_of_its_own_inside_a_paragraph_is_text(tmp_path: Path) -> None:
    assert texts(letter_of(tmp_path, "Dit gaat over artikel\n12\nvan het Handvest.")) == ["Dit gaat over artikel 12 van het Handvest."]


def test_a_letterhead_leaves_only_what_tells_of_the_letter(tmp_path: Path) -> None:
    letter = letter_of(tmp_path, "Aan de Voorzitter van de\nTweede Kamer der Staten-Generaal\nBinnenhof 4\nDen Haag\nwww.rijksoverheid.nl\n\n"
                                 "Datum 3 maart 2021\n\nBetreft Verslag van de zitting\n\nGeachte voorzitter,\n\nNederland sprak.\n")
    assert texts(letter) == ["Datum 3 maart 2021", "Betreft Verslag van de zitting", "Geachte voorzitter,", "Nederland sprak."]
    assert (letter.meta.title, letter.meta.date) == ("Verslag van de zitting", "2021-03-03")
    assert letter.passages[-1].section == ()


def test_a_country_alone_on_a_line_is_a_heading_not_an_address(tmp_path: Path) -> None:
    assert texts(letter_of(tmp_path, "Nederland\n\nNederland sprak in de Raad over Mali.\n"), "heading") == ["Nederland"]


def test_the_council_letter_where_pages_lost_their_last_lines() -> None:
    found = texts(LETTERS["veiligheidsraad-2018"])
    assert any(t.endswith("de versterking van het mandaat van") for t in found)
    assert any(t.startswith("Bovendien heeft het kabinet expertise") for t in found)
    assert "behoud van de nucleaire deal met Iran" in " ".join(found)
    assert not any("Voorzitter van de" in t or "Rijnstraat" in t or "Binnenhof" in t for t in found if "Afrikaanse" not in t)


@pytest.mark.parametrize(("slug", "sentence", "section"), [
    ("verslag-avvn-73", "Minister Kaag was tevens co-host", ("VERSLAG VAN DE 73ste ALGEMENE VERGADERING VAN DE VERENIGDE NATIES",
     "II. Uitvoering van beleidsdoelstellingen van het Koninkrijk via de VN", "Conflictpreventie")),
    ("verslag-avvn-73", "In de openingsweek stelde", ("VERSLAG VAN DE 73ste ALGEMENE VERGADERING VAN DE VERENIGDE NATIES",
     "I. Belang van inspelen op het veranderende multilaterale landschap")),
    ("inzet-avvn-72", "Multilateralisme is geen idealisme", ("I. Het belang van de VN voor het Koninkrijk",)),
    ("inzet-avvn-72", "Dit verslag is een bijlage", ("Verslag van de 71ste Algemene Vergadering van de Verenigde Naties, geopend op 13 september 2016.",)),
    ("inzet-avvn-75", "Het Koninkrijk kan zich goed vinden", ("1. Versterken multilaterale samenwerking",)),
    ("inzet-avvn-75", "Leidend hierbij is het Action", ("2. Het bevorderen van vrede, veiligheid en recht", "VN-missies en operaties")),
    ("inzet-avvn-75", "Het Koninkrijk vraagt binnen VN-verband continue", ("2. Het bevorderen van vrede, veiligheid en recht", "Landensituaties")),
    ("veiligheidsraad-2018", "De relatie van de VN met de Afrikaanse Unie", ("Afrikaanse Unie",)),
    ("schriftelijk-overleg-avvn-75", "De leden van de CDA-fractie vragen op welke wijze", ("I. Vragen en opmerkingen vanuit de fracties",
     "Inbreng van de leden van de CDA-fractie", "Taiwan")),
])
def test_sections(slug: str, sentence: str, section: tuple[str, ...]) -> None:
    assert next(p.section for p in LETTERS[slug].passages if p.text.startswith(sentence)) == section


def test_signatures_in_two_columns_and_below_one_another(tmp_path: Path) -> None:
    assert texts(LETTERS["veiligheidsraad-2018"], "signature") == [
        "De Minister van Buitenlandse Zaken, Stef Blok", "De Minister voor Buitenlandse Handel en Ontwikkelingssamenwerking, Sigrid A.M. Kaag"]
    letter = letter_of(tmp_path, "Dat is alles.\n\nDe Minister-President,\nMinister van Algemene Zaken,\n\nMark Rutte\n\n"
                                 "De Staatssecretaris van Defensie,\nB. van der Maat\n")
    assert texts(letter, "signature")[-1] == "De Staatssecretaris van Defensie, B. van der Maat"
    assert letter.meta.senders == ("Mark Rutte", "B. van der Maat")


def test_a_letter_printed_as_a_parliamentary_paper(tmp_path: Path) -> None:
    letter = letter_of(tmp_path, (
        "Tweede Kamer der Staten-Generaal 2\nVergaderjaar 2021–2022\n\n26 150 Algemene Vergadering der Verenigde Naties\n\n"
        "Nr. 199 BRIEF VAN DE MINISTERS VAN BUITENLANDSE ZAKEN EN VOOR\nBUITENLANDSE HANDEL EN ONTWIKKELINGSSAMENWERKING\n\n"
        "Aan de Voorzitter van de Tweede Kamer der Staten-Generaal\n\nDen Haag, 25 oktober 2021\n\n"
        "Met deze brief informeren wij u over het verloop van de ministeriële week\nvan de 76e zitting van de Algemene Vergadering. Het Ko-\n"
        "ninkrijk was vertegenwoordigd.\n\nKlimaat\nMinister Van Engelshoven sprak op 22 september jl. Zij riep op tot actie.\n\n"
        "kst-26150-199\nISSN 0921 - 7371\n’s-Gravenhage 2021\nTweede Kamer, vergaderjaar 2021–2022, 26 150, nr. 199 1\n\n"
        "• Nederland steunt UNICEF;\n• Nederland steunt UNHCR in Zuid-\n  Sudan;\n\nDe voorstellen zijn:\n1. een eerste;\n2. een tweede.\n"))
    assert (letter.meta.date, letter.meta.session, letter.meta.document_type, letter.meta.dossier) == ("2021-10-25", 76, "report", "26150-199")
    assert texts(letter, "sentence", "item") == [
        "Met deze brief informeren wij u over het verloop van de ministeriële week van de 76e zitting van de Algemene Vergadering.",
        "Het Koninkrijk was vertegenwoordigd.", "Minister Van Engelshoven sprak op 22 september jl.", "Zij riep op tot actie.",
        "• Nederland steunt UNICEF;", "• Nederland steunt UNHCR in Zuid-Sudan;", "De voorstellen zijn:", "1. een eerste;", "2. een tweede."]
    assert letter.passages[-1].section == ("Klimaat",)


@given(st.lists(st.sampled_from([
    "De Raad kwam op 3 mei jl. bij-", "een over Mali", "Onze Referentie", "", " ", "\f", "1. Antwoord van het kabinet:", "Inbreng van de leden van de SP-fractie",
    "1 Kamerstuk 26 150, nr. 1", "besproken.1 Dat", "Figuur 1: kaart", "− een punt;", "De Minister van Defensie,", "A. Blok", "Taiwan", "12",
    "Geachte voorzitter,", "II. Antwoord van de Minister", "\ufeff", "VN-", "De leden van de PvdA-fractie vragen waarom.", "https://www.x.nl/a-",
]), max_size=25), st.sampled_from(["\n", "\r\n", "\r"]))
def test_whatever_the_lines_every_character_is_accounted_for(lines: list[str], end: str) -> None:
    source = end.join(lines)
    for p in divide(source, DocumentMeta("x", "x.txt", "0")):
        assert len(p.text) == len(p.offsets) > 0
        assert (p.start, p.end) == (min(p.offsets), max(p.offsets) + 1)
        assert p.text == p.text.strip()
        assert all(c == " " or source[at] == c for c, at in zip(p.text, p.offsets, strict=True))


@given(st.text(max_size=300))
def test_any_text_can_be_divided(source: str) -> None:
    for p in divide(source, DocumentMeta("x", "x.txt", "0")):
        assert all(c == " " or source[at] == c for c, at in zip(p.text, p.offsets, strict=True))
