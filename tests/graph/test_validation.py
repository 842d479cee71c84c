"""What the shapes refuse: each case a graph that is right but for one thing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest

from avvn_graph.errors import AvvnError
from avvn_graph.facts import Entity, LetterFacts, Mention, Ref, Statement, Value
from avvn_graph.graph import publish, validation
from avvn_graph.graph.ontology import read_turtle
from avvn_graph.graph.publish import Build
from avvn_graph.settings import Settings

from . import letters
from .conftest import Publish

Change = Callable[[LetterFacts], LetterFacts]


def statement(**changes: Any) -> Change:
    return lambda f: letters.broken(f, **changes)


def meta(**changes: Any) -> Change:
    return lambda f: replace(f, letter=replace(f.letter, meta=replace(f.letter.meta, **changes)))


def passage(**changes: Any) -> Change:
    def change(f: LetterFacts) -> LetterFacts:
        *others, last = f.letter.passages
        # The key is made of the offsets: the passage nothing rests on but its own triples.
        kept = tuple(s for s in f.statements if last.key not in s.evidence)
        return replace(f, letter=replace(f.letter, passages=(*others, replace(last, **changes))), statements=kept)

    return change


def entity(ref: Ref, *attributes: tuple[str, Value | Ref], labels: tuple[str, ...] = ("iets",)) -> Change:
    return lambda f: replace(f, entities=(*(e for e in f.entities if e.ref != ref), Entity(ref, labels, attributes)))


def mention(start: int, end: int, quote: str = "Nederland") -> Change:
    def change(f: LetterFacts) -> LetterFacts:
        return replace(f, mentions=(Mention(letters.NL, "verslag", f.letter.passages[1].key, start, end, quote),))

    return change


def extra(predicate: str, subject: Ref | None, object: Ref | Value) -> Change:
    def change(f: LetterFacts) -> LetterFacts:
        added = Statement("verslag", subject, predicate, object, (f.letter.passages[0].key,), "calledFor", "a.b", 0.5)
        return replace(f, statements=(*f.statements, added))

    return change


P1 = letters.letter().passages[1]
CASES: list[tuple[str, Change, str, str]] = [
    ("confidence over one", statement(confidence=1.5), "a statement has one confidence, a decimal from 0 to 1", '"1.5"'),
    ("no evidence", statement(evidence=()), "a statement rests on at least one passage", "none"),
    ("no such modality", statement(modality="gedaan"), "a statement has one modality", "avvn:gedaan"),
    ("no such predicate", statement(predicate="bedachtDoor", modality="calledFor"), "a statement has one predicate of the relation table", "avvn:bedachtDoor"),
    ("no such qualifier", statement(qualifiers=(("hoezo", Value("x")),)), "uses a term that the ontology does not define", "avvn:hoezo"),
    ("no such way", statement(qualifiers=(("how", Value("gedaan")),)), "how is initiative, submitted or penholder", '"gedaan"'),
    ("wrong subject", statement(subject=letters.EVENT), "the subject of initiatedBy is a Resolution", "id/event/side-event-honger"),
    ("wrong object", statement(object=letters.KAAG), "the object of initiatedBy is a Country or Organisation", "id/person/kaag"),
    ("wrong subject of what is only called for", extra("memberOf", letters.GPE, letters.GPE), "the subject of memberOf is a Country", "id/organisation/GPE"),
    ("a text where a thing belongs", extra("holdsOffice", letters.KAAG, Value("minister")), "the object of holdsOffice is a Post", '"minister"'),
    ("a thing where a text belongs", extra("place", letters.EVENT, letters.NL), "the object of place is a literal", "id/country/NL"),
    ("country code", extra("initiatedBy", letters.RESOLUTION, Ref("country", "NLD")), "the IRI of a country ends in its two-letter ISO code", "id/country/NLD"),
    ("entity nobody describes", extra("initiatedBy", letters.RESOLUTION, Ref("organisation", "XYZ")), "an entity has a label", "id/organisation/XYZ"),
    ("symbol", entity(letters.RESOLUTION, ("symbol", Value("2417"))), "a resolution has at most one symbol, written like S/RES/2417", '"2417"'),
    ("year", entity(letters.RESOLUTION, ("year", Value("2018"))), "the year of a resolution is an xsd:gYear", '"2018"'),
    ("no currency", entity(letters.AMOUNT, ("value", Value("1", "decimal"))), "an amount has one currency, a code of ISO 4217", "none"),
    ("currency", entity(letters.AMOUNT, ("value", Value("1", "decimal")), ("currency", Value("euro"))), "an amount has one currency", '"euro"'),
    ("value", entity(letters.AMOUNT, ("value", Value("veel", "decimal")), ("currency", Value("EUR"))), "an amount has one value, an xsd:decimal from 0", '"veel"'),
    ("person without a name", entity(letters.KAAG), "a person has a family name or, known by office alone, a name", "none"),
    ("represents a person", entity(letters.KAAG, ("name", Value("Kaag")), ("represents", letters.KAAG)), "a person represents a country or an organisation", "id/person/kaag"),
    ("dossier", entity(letters.DOSSIER, ("identifier", Value("26 150"))), "a dossier has one identifier", '"26 150"'),
    ("mention beyond its passage", mention(P1.start, P1.end + 1), "a mention ends within its passage", f'"{P1.end + 1}"'),
    ("mention before its passage", mention(P1.start - 1, P1.end), "a mention starts within its passage", f'"{P1.start}"'),
    ("empty mention", mention(P1.start + 3, P1.start + 3), "a mention starts before it ends", f'"{P1.start + 3}"'),
    ("mention without text", mention(P1.start, P1.end, ""), "a mention has one quote that is not empty", '""'),
    ("passage without text", passage(text=""), "a passage has one text that is not empty", '""'),
    ("passage of no kind", passage(kind="zin"), "a passage has one kind", '"zin"'),
    ("empty passage", passage(end=letters.letter().passages[4].start), "a passage starts before it ends", ""),
    ("negative offset", passage(start=-1), "a passage starts at one offset, an integer from 0", '"-1"'),
    ("checksum", meta(sha256="abc"), "a letter has one SHA-256 checksum", '"abc"'),
    ("date of the letter", meta(date="2018-13-45"), "a letter has at most one date", '"2018-13-45"'),
    ("document type", meta(document_type="brief"), "a letter has one document type", '"brief"'),
    ("session", meta(session=0), "the session of a letter is one positive integer", '"0"'),
    ("number of the letter", meta(dossier="26150"), "the parliamentary number of a letter", '"26150"'),
]


@pytest.mark.parametrize(("change", "message", "value"), [c[1:] for c in CASES], ids=[c[0] for c in CASES])
def test_a_violation_is_refused_by_name_and_the_served_build_stays(
    run: Publish, published: Build, change: Change, message: str, value: str
) -> None:
    store_dir = published.path.parent.parent
    before = sorted(store_dir.rglob("*")), published.nquads.read_bytes()
    with pytest.raises(AvvnError) as refused:
        run([change(letters.facts())], store_dir)
    told = [line for line in str(refused.value).splitlines() if message in line]
    assert told, str(refused.value)
    assert any(value in line for line in told), told
    assert "is not published" in str(refused.value)
    assert publish.current(store_dir) == published
    assert (sorted(store_dir.rglob("*")), published.nquads.read_bytes()) == before


def test_an_impossible_date_on_an_event_is_refused(run: Publish) -> None:
    good = letters.facts()
    added = Statement("verslag", letters.EVENT, "startDate", Value("2018-13-45", "date"), (good.letter.passages[1].key,), rule="a.b")
    with pytest.raises(AvvnError, match=r"side-event-honger> avvn:startDate: a start date is an xsd:date.*2018-13-45"):
        run([replace(good, statements=(*good.statements, added))])


def test_the_error_counts_all_and_shows_the_first_twenty(run: Publish) -> None:
    good = letters.facts()
    many = tuple(
        Statement("verslag", letters.RESOLUTION, "initiatedBy", letters.NL, (good.letter.passages[0].key,), "realised", "a.b", 1, claimed_by=Ref("group", f"g{i}"))
        for i in range(30)
    )
    with pytest.raises(AvvnError) as refused:
        run([replace(good, statements=many)])
    lines = str(refused.value).splitlines()
    assert "breaks 30 constraint(s)" in lines[0]
    assert len(lines) == 22
    assert lines[-1].strip() == "and 10 more"


def test_a_published_file_validates_by_itself(published: Build) -> None:
    assert validation.check_file(published.nquads, Settings().ontology) == published.manifest["quads"]


def test_a_file_that_was_tampered_with_does_not(published: Build, tmp_path: Path) -> None:
    bad = tmp_path / "bad.nq"
    bad.write_bytes(published.nquads.read_bytes().replace(b'"S/RES/2417"', b'"2417"'))
    with pytest.raises(AvvnError, match="written like S/RES/2417"):
        validation.check_file(bad, Settings().ontology)


def test_a_file_that_is_no_rdf_is_named_with_its_line(tmp_path: Path) -> None:
    bad = tmp_path / "bad.nq"
    bad.write_text("<urn:a> <urn:b> <urn:c> .\nnonsense\n", encoding="utf-8")
    with pytest.raises(AvvnError, match=r"bad\.nq:2: not valid N-Quads"):
        validation.check_file(bad, Settings().ontology)


def test_missing_and_broken_ontology_files_are_named(tmp_path: Path) -> None:
    with pytest.raises(AvvnError, match=r"shapes\.ttl: file is missing"):
        validation.validate([], tmp_path)
    (tmp_path / "shapes.ttl").write_text("@prefix a: <urn:a> .\na:b a:c", encoding="utf-8")
    with pytest.raises(AvvnError, match=r"shapes\.ttl:\d: not valid Turtle"):
        validation.validate([], tmp_path)


def test_shapes_that_could_see_more_than_is_copied_are_refused(tmp_path: Path) -> None:
    (tmp_path / "shapes.ttl").write_text("@prefix sh: <http://www.w3.org/ns/shacl#> . <urn:s> a sh:NodeShape ; sh:closed true .", encoding="utf-8")
    (tmp_path / "avvn.ttl").write_text("", encoding="utf-8")
    with pytest.raises(AvvnError, match="sh:closed is not supported here"):
        validation.validate([], tmp_path)


def test_the_shapes_are_well_formed_shacl() -> None:
    import pyshacl
    import rdflib

    shapes = rdflib.Graph().parse(Settings().ontology / "shapes.ttl")
    conforms, _, text = pyshacl.validate(rdflib.Graph(), shacl_graph=shapes, meta_shacl=True)
    assert conforms, text


def test_every_shape_has_a_message_and_speaks_of_defined_terms() -> None:
    sh, avvn = "http://www.w3.org/ns/shacl#", "https://w3id.org/avvn/ontology#"
    shapes = read_turtle(Settings().ontology / "shapes.ttl")
    defined = {q.subject.value for q in read_turtle(Settings().ontology / "avvn.ttl") if isinstance(q.subject, ox.NamedNode)}
    named = {q.subject for q in shapes if isinstance(q.subject, ox.NamedNode)}
    messages = {q.subject for q in shapes.quads_for_predicate(ox.NamedNode(sh + "message"))}
    assert named == messages
    used = {q.object.value for q in shapes if isinstance(q.object, ox.NamedNode) and q.object.value.startswith(avvn)}
    assert used <= defined
