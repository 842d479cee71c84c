"""The vocabularies as delivered, and what is said of one that is wrong."""

from __future__ import annotations

from pathlib import Path

import pyoxigraph as ox
import pytest

from avvn_graph.errors import AvvnError
from avvn_graph.graph import validation
from avvn_graph.graph.build import dataset
from avvn_graph.graph.terms import Iris
from avvn_graph.graph.vocabularies import vocabulary_quads
from avvn_graph.settings import Settings

from . import letters

IRIS = Iris("https://w3id.org/avvn/")


def test_the_delivered_vocabularies_pass_the_shapes() -> None:
    settings = Settings()
    assert validation.validate(dataset([letters.facts()], settings, IRIS).quads, settings.ontology) == []


def test_every_country_of_iso_3166_has_two_names_and_its_eu_code() -> None:
    quads = list(vocabulary_quads(Settings().vocabularies, IRIS))
    countries = {q.subject for q in quads if q.object == ox.NamedNode("https://w3id.org/avvn/ontology#Country")}
    assert len(countries) == 251  # the 249 of ISO 3166-1, Kosovo, and the Netherlands Antilles of letters before 2010
    matched = {q.subject for q in quads if "authority/country/" in str(q.object)}
    assert {str(c) for c in countries - matched} == {"<https://w3id.org/avvn/id/country/XK>"}
    codes = [q.object for q in quads if "authority/country/" in str(q.object)]
    assert len(codes) == len(set(codes)) == 250


def test_no_identifier_stands_for_two_things() -> None:
    matches: dict[str, set[str]] = {}
    for quad in vocabulary_quads(Settings().vocabularies, IRIS):
        if quad.predicate.value.endswith("exactMatch"):
            matches.setdefault(str(quad.object), set()).add(str(quad.subject))
    assert {m: s for m, s in matches.items() if len(s) > 1} == {}


@pytest.mark.parametrize(("file", "text", "message"), [
    ("countries.yaml", "a: [", r"countries\.yaml: not valid YAML"),
    ("organisations.yaml", "- {name_nl: Iets}", r"has an entry without 'acronym'"),
    ("offices.yaml", "holders: [{office: Minister}]", r"has an entry without 'family_name'"),
])
def test_a_wrong_vocabulary_is_named(tmp_path: Path, file: str, text: str, message: str) -> None:
    (tmp_path / file).write_text(text, encoding="utf-8")
    with pytest.raises(AvvnError, match=message):
        list(vocabulary_quads(tmp_path, IRIS))
