"""Words of a search meet the words of a letter."""

from __future__ import annotations

import pytest

from avvn_graph.stems import forms, words


def test_words_forgive_accents_and_hyphens() -> None:
    assert words("VN-Veiligheidsraad, Curaçao’s ‘één’") == ["vn", "veiligheidsraad", "curacaos", "een"]
    assert words("geïnitieerd") == words("geinitieerd") == ["geinitieerd"]
    assert words("… – «»") == []


@pytest.mark.parametrize(("one", "other"), [
    ("resolutie", "resoluties"), ("kernwapen", "kernwapens"), ("bijdrage", "bijdragen"), ("vluchteling", "vluchtelingen"),
    ("vergadering", "vergaderingen"), ("geinitieerd", "initieerde"), ("toegezegd", "toezegging"), ("missie", "missies"),
])
def test_forms_of_a_word_meet(one: str, other: str) -> None:
    assert set(forms(one)) & set(forms(other))


@pytest.mark.parametrize(("one", "other"), [("land", "landbouw"), ("verdrag", "verdrukking"), ("vrede", "vrees"), ("kind", "koning")])
def test_other_words_do_not(one: str, other: str) -> None:
    assert not set(forms(one)) & set(forms(other))
