"""Footnotes: told from lists and figures, tied to their mark, and gone from the running text."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.corpus.helpers import LETTERS, letter_of, texts


@pytest.mark.parametrize(("slug", "count"), [
    ("verslag-avvn-73", 0), ("inzet-avvn-72", 4), ("inzet-avvn-75", 1), ("veiligheidsraad-2018", 0), ("schriftelijk-overleg-avvn-75", 20),
])
def test_every_footnote_is_found_with_its_mark(slug: str, count: int) -> None:
    letter = LETTERS[slug]
    notes = [p for p in letter.passages if p.kind == "footnote"]
    assert [int(p.text.split()[0]) for p in notes] == list(range(1, count + 1))
    bearers = [p for p in letter.passages if p.kind != "footnote"]
    for note in notes:
        number = note.text.split()[0]
        assert note.anchor is not None
        assert letter.source[note.anchor:note.anchor + len(number)] == number
        assert not letter.source[note.anchor - 1].isspace()
        assert not any(note.anchor in p.offsets for p in bearers), "the mark is still in the running text"


@pytest.mark.parametrize(("slug", "clean"), [
    ("inzet-avvn-72", "zullen worden besproken."),
    ("inzet-avvn-72", "Independent Commission on Multilateralism."),
    ("inzet-avvn-72", "afgelopen jaar (71ste AVVN) op prioritaire"),
    ("inzet-avvn-75", "(sept. 2019 - heden)."),
    ("schriftelijk-overleg-avvn-75", "de Raadsconclusies van 17 juni 2019 over het belang"),
    ("schriftelijk-overleg-avvn-75", "respons op COVID-19."),
    ("schriftelijk-overleg-avvn-75", "handels- en productieketens?"),
    ("schriftelijk-overleg-avvn-75", "8,3 miljard euro – uitge"),
    ("schriftelijk-overleg-avvn-75", "overlegt met de P5."),
    ("verslag-avvn-73", "vlucht MH17."),
    ("verslag-avvn-73", "SDG 16+ agenda"),
])
def test_marks_leave_the_text_and_figures_stay(slug: str, clean: str) -> None:
    assert clean in " ".join(texts(LETTERS[slug]))


def test_a_sentence_runs_over_a_footnote_and_over_a_figure() -> None:
    first = next(p for p in LETTERS["inzet-avvn-72"].passages if p.text.startswith("De SGVN werkt aan een geïntegreerde benadering"))
    assert first.text.endswith("conflict, preventie en early warning tot stabilisatie en voorkoming van het wederoplaaien van conflicten.")
    source = LETTERS["inzet-avvn-72"].source[first.start:first.end]
    assert "Pulling Together" in source
    assert "Pulling Together" not in first.text
    assert any(t.endswith("van de Onafhankelijk Expert op het gebied van Sexual Orientation and Gender Identity die tijdens de 72ste AVVN zijn tweede "
                          "rapport zal presenteren.") for t in texts(LETTERS["inzet-avvn-72"]))


@pytest.mark.parametrize("text", [
    "Er waren drie landen.\n\n1 Mali zond troepen naar de missie\n\n2 Niger zond politie naar de missie\n",
    "Nederland sprak met de G7.\n\n1 Mali sprak ook.\n",
    "Het ging om EUR 4,1 miljoen.\n\n1 Mali kreeg het.\n",
])
def test_numbered_lines_without_a_mark_are_no_footnotes(tmp_path: Path, text: str) -> None:
    assert texts(letter_of(tmp_path, text), "footnote") == []


def test_an_address_broken_over_lines_is_whole_again() -> None:
    notes = " ".join(texts(LETTERS["schriftelijk-overleg-avvn-75"], "footnote"))
    assert "open-letter-amsterdam-partnership.html" in notes
    assert "(https://www.handelsblatt.com/meinung/gastbeitraege/gastbeitrag-europa-muss-seine-china-politik-aendern/26183372.html)" in notes
