"""Reading, cleaning and division: invariants over the real letters, and each rule on small texts."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from avvn_graph.corpus import read_folder, read_letter
from avvn_graph.corpus.cleaning import Joiner, lines_of
from avvn_graph.corpus.sentences import split
from avvn_graph.errors import AvvnError
from avvn_graph.facts import Passage
from tests.corpus.helpers import LETTERS
from tests.corpus.helpers import letter_of as of


@pytest.mark.parametrize("slug", LETTERS)
def test_every_character_stands_where_its_offset_says(slug: str) -> None:
    letter = LETTERS[slug]
    for p in letter.passages:
        assert len(p.offsets) == len(p.text)
        assert p.start == min(p.offsets)
        assert p.end == max(p.offsets) + 1
        for c, at in zip(p.text, p.offsets, strict=True):
            assert c == " " or letter.source[at] == c, (p.text, c)


@pytest.mark.parametrize("slug", LETTERS)
def test_no_passage_holds_page_furniture(slug: str) -> None:
    text = " ".join(p.text for p in LETTERS[slug].passages)
    assert not re.search(r"vergaderjaar \d{4}|BZDOC|Onze Referentie|\d{2} 150, nr\. 187 \d", text)


@pytest.mark.parametrize(("slug", "there", "gone"), [
    ("verslag-avvn-73", "vertegenwoordigd tijdens", "vertegen- woordigd"),
    ("verslag-avvn-73", "VN-hervormingen", "VNhervormingen"),
    ("verslag-avvn-73", "Minister-President Rutte zei", "MinisterPresident"),
    ("verslag-avvn-73", "Mensenrechtenraad in Genève", "Mensenrech-"),
    ("veiligheidsraad-2018", "behoud van de nucleaire deal met Iran", "BZDOC"),
    ("veiligheidsraad-2018", "Noord-Korea", "NoordKorea"),
    ("schriftelijk-overleg-avvn-75", "volkenrechtelijke vraagstukken", "vraag- stukken"),
])
def test_hyphenation_both_ways(slug: str, there: str, gone: str) -> None:
    text = " ".join(p.text for p in LETTERS[slug].passages)
    assert there in text
    assert gone not in text


def test_the_consultation_has_its_117_questions_and_answers() -> None:
    passages = LETTERS["schriftelijk-overleg-avvn-75"].passages
    answers = {p.number for p in passages if p.kind == "answer"}
    assert answers == set(range(1, 118))
    assert {p.speaker for p in passages if p.kind == "answer"} == {"kabinet"}
    assert {p.speaker for p in passages if p.kind == "question"} >= {"VVD", "CDA", "D66", "GroenLinks", "SP", "PvdA", "SGP"}
    assert "kabinet" not in {p.speaker for p in passages if p.kind == "question"}


def test_signatures_bind_office_and_name() -> None:
    def signed(slug: str) -> list[str]:
        return [p.text for p in LETTERS[slug].passages if p.kind == "signature"]

    assert signed("verslag-avvn-73")[0] == "De Minister van Buitenlandse Zaken, S.A. Blok"
    assert [t.split(", ")[-1] for t in signed("veiligheidsraad-2018")] == ["Stef Blok", "Sigrid A.M. Kaag"]


@pytest.mark.parametrize("text", [
    "De zitting begint op 18 september a.s. in New York.",
    "Dit gebeurde op 11 juli jl. in de Raad.",
    "Zie de brief d.d. 6 juli 2018 hierover.",
    "Dat staat in Kamerstuk 26 150, nr. 171 en elders.",
    "Er waren o.a. Mali en Niger bij.",
    "De motie Koopmans c.s. is uitgevoerd.",
    "De brief is van S.A. Blok en anderen.",
    "Het kost 60 mln. euro per jaar.",
    "Minister mw. Wever-Croes was erbij.",
    "Zie de Kamerstukken nrs. 171 en 176 hierover.",
    "Dat is o.m. Mali en t.b.v. Niger gedaan, i.s.m. Canada.",
    "De brief van dhr. Blok d.d. 6 juli is verzonden.",
    "Het kost 3 mld. Amerikaanse dollar.",
    "Op 6 juli jl. Minister Blok gesproken te hebben was goed.",
    "I. Het belang van de VN.",
])
def test_abbreviations_end_no_sentence(text: str) -> None:
    assert len(split(text)) == 1


@pytest.mark.parametrize(("text", "count"), [
    ("De Raad kwam bijeen. Nederland sprak.", 2),
    ("De week begint op 18 september a.s. Het Koninkrijk is er.", 2),
    ("Zo is de motie Koopmans c.s. Deze is uitgevoerd.", 2),
    ("De lijst met drugs, wapens, enz. Ook dat is besproken.", 2),
    ("Dat doet uw Kamer. Wij informeren u. De rest volgt.", 3),
    ("Drie sporen: 1) sancties; 2) lijsten; 3) meer. Dat is alles.", 2),
    ("Dat was op 11 juli jl. De Raad kwam bijeen.", 2),
    ("Waarom niet? Het kabinet weet het.", 2),
    ("Hij noemde «dit is het.» Daarna ging hij.", 2),
    ("Georganiseerd door de VS. Op de agenda stond meer.", 2),
])
def test_sentences(text: str, count: int) -> None:
    assert len(split(text)) == count


@given(st.text(alphabet="abcDE .-\n\r\u00e9\u2019,", max_size=200))
def test_joined_lines_keep_their_offsets(text: str) -> None:
    lines = lines_of(text)
    joined, where = Joiner(lines).join(lines)
    assert len(joined) == len(where)
    assert all(c == " " or text[at] == c for c, at in zip(joined, where, strict=True))
    assert where == sorted(where)


def test_windows_line_ends_and_a_byte_order_mark(tmp_path: Path) -> None:
    letter = of(tmp_path, "\ufeffDe Raad kwam bij-\r\neen over Mali.\r\n")
    assert [p.text for p in letter.passages] == ["De Raad kwam bijeen over Mali."]
    p: Passage = letter.passages[0]
    assert letter.source[p.start:p.end].replace("-\r\n", "") == p.text


def test_a_letter_tells_its_own_date_and_session(tmp_path: Path) -> None:
    letter = of(tmp_path, "Den Haag, 3 september 2021\n\nDeze brief informeert u over de inzet voor de 76e zitting van de Algemene Vergadering.\n\n"
                          "De Minister van Buitenlandse Zaken,\nS.A.M. Kaag\n")
    assert (letter.meta.date, letter.meta.session, letter.meta.document_type) == ("2021-09-03", 76, "plans")
    assert letter.meta.senders == ("S.A.M. Kaag",)


@pytest.mark.parametrize(("name", "content", "message"), [
    ("a.txt", b" \n ", "a.txt: the file is empty"),
    ("a.txt", b"\x00\x01", "a.txt: not a text file"),
    ("a.txt", b"Cura\xe7ao", "a.txt: line 1 is not UTF-8"),
    ("a.pdf", b"%PDF", "a.pdf: no reader for .pdf"),
])
def test_what_cannot_be_read_is_named(tmp_path: Path, name: str, content: bytes, message: str) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(AvvnError, match=message):
        read_letter(tmp_path / name)


def test_two_letters_cannot_share_a_slug(tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / f"{name}.txt").write_text("De Raad kwam bijeen.")
        (tmp_path / f"{name}.yaml").write_text("slug: same\n")
    with pytest.raises(AvvnError, match=r"b\.txt: has the slug 'same' of a\.txt"):
        read_folder(tmp_path)


def test_a_folder_without_letters(tmp_path: Path) -> None:
    with pytest.raises(AvvnError, match="holds no letter"):
        read_folder(tmp_path)
