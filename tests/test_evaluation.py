"""The scores, counted by hand on a graph and annotations small enough to do so."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from avvn_graph.errors import AvvnError
from avvn_graph.evaluation import Counts, Evaluation, evaluate

SOURCE = """Nederland diende resolutie 2417 in met Ivoor-
kust. Minister Kaag sprak op een side event over vertegen-
woordiging en VN-
hervormingen.
Tweede Kamer, vergaderjaar 2020–2021, 26 150, nr. 187 15
Frankrijk zegde EUR 2,5 miljoen toe aan het GPE.
Buiten het venster ging Duitsland voor.
"""

PREFIXES = """@prefix avvn: <https://w3id.org/avvn/ontology#> . @prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix foaf: <http://xmlns.com/foaf/0.1/> . @prefix dcterms: <http://purl.org/dc/terms/> . @prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@prefix c: <https://w3id.org/avvn/id/country/> . @prefix e: <https://w3id.org/avvn/id/x/> .
e:d avvn:sourceFile "007_brief.txt" .
c:NL a avvn:Country . c:FR a avvn:Country . c:DE a avvn:Country . c:CI a avvn:Country .
e:res a avvn:Resolution ; avvn:symbol "S/RES/2417 (2018)" . e:kaag a avvn:Person, avvn:Minister ; foaf:familyName "Kaag" .
e:event a avvn:Event, avvn:SideEvent . e:other a avvn:Event .
e:amount a avvn:Amount ; avvn:value "2500000"^^xsd:decimal ; avvn:currency "EUR" .
e:gpe a avvn:Organisation ; avvn:acronym "GPE" . e:who a avvn:Organisation ; avvn:acronym "WHO" . e:body a avvn:Organisation .
"""


class Case:
    """A graph and gold about SOURCE, put together line by line."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.turtle = [PREFIXES]
        self.gold: list[dict[str, object]] = []
        (folder / "007_brief.txt").write_text(SOURCE, encoding="utf-8", newline="")

    def span(self, words: str) -> tuple[int, int]:
        start = SOURCE.index(words)
        return start, start + len(words)

    def mention(self, entity: str, words: str) -> None:
        start, end = self.span(words)
        self.turtle.append(f"[] a avvn:Mention ; avvn:mentionOf {entity} ; avvn:inDocument e:d ; avvn:start {start} ; avvn:end {end} .")

    def statement(self, subject: str, predicate: str, object: str, *evidence: str) -> None:
        passages = ""
        for words in evidence:
            start, end = self.span(words)
            self.turtle.append(f"e:p{start} avvn:inDocument e:d ; avvn:start {start} ; avvn:end {end} .")
            passages += f" ; avvn:evidence e:p{start}"
        self.turtle.append(f"[] a avvn:Statement ; rdf:subject {subject} ; rdf:predicate avvn:{predicate} ; rdf:object {object}{passages} .")

    def entity(self, kind: str, identifier: str, quote: str, **more: object) -> None:
        self._add("entity", quote, type=kind, entity=identifier, name=quote, **more)

    def relation(self, subject: str, predicate: str, object: str, quote: str, **more: object) -> None:
        (subject_type, subject), (object_type, object) = subject.split(":", 1), object.split(":", 1)
        self._add("relation", quote, subject=subject, subject_type=subject_type, predicate=predicate, object=object,
                  object_type=object_type, modality="realised", **more)

    def _add(self, kind: str, quote: str, **more: object) -> None:
        self.gold.append({"kind": kind, "doc": "007", "id": f"g{len(self.gold)}", "quote": quote, **more})

    def window(self, words: str) -> None:
        start, end = self.span(words)
        self._add("window", "", start=start, end=end)

    def files(self) -> tuple[Path, Path]:
        graph, gold = self.folder / "graph.ttl", self.folder / "gold.jsonl"
        graph.write_text("\n".join(self.turtle), encoding="utf-8")
        gold.write_text("\n".join(json.dumps(g) for g in self.gold) + "\n\n", encoding="utf-8")
        return graph, gold

    def score(self) -> Evaluation:
        graph, gold = self.files()
        return evaluate(graph, [gold], self.folder)


@pytest.fixture
def case(tmp_path: Path) -> Case:
    return Case(tmp_path)


def test_countries_and_persons_count_by_key_wherever_they_are_mentioned(case: Case) -> None:
    case.mention("c:NL", "Nederland")
    case.mention("c:FR", "side event")  # right key, another place: found all the same
    case.mention("c:DE", "Duitsland")  # not in gold: wrong
    case.mention("e:kaag", "Kaag")
    for code in ("NL", "FR", "BE"):
        case.entity("Country", code, "Nederland")
    case.entity("Person", "kaag", "Kaag")
    result = case.score()
    assert result.entities == {"Country": Counts(2, 1, 1), "Person": Counts(1, 0, 0)}
    assert result.all_entities == Counts(3, 1, 1)
    assert [m.split(" at ")[0] for m in result.misses] == ["MISS 007 Country BE: Nederland", "WRONG 007 Country country/DE"]


def test_events_and_unnumbered_resolutions_count_by_place(case: Case) -> None:
    case.mention("e:event", "side event")
    case.mention("e:other", "Frankrijk")  # events beyond gold are not judged
    case.mention("e:res", "resolutie 2417")
    case.entity("Event", "some-slug", "een side event over")
    case.entity("Event", "not-found", "Duitsland")
    case.entity("Resolution", "resolutie-honger", "diende resolutie 2417 in")
    assert case.score().entities == {"Event": Counts(1, 0, 1), "Resolution": Counts(1, 0, 0)}


def test_a_numbered_resolution_counts_by_symbol_without_its_year(case: Case) -> None:
    case.mention("e:res", "resolutie 2417")
    case.entity("Resolution", "S/RES/2417", "elsewhere")
    case.entity("Resolution", "S/RES/2418", "resolutie 2417")
    assert case.score().entities == {"Resolution": Counts(1, 0, 1)}


def test_amounts_count_by_value_and_place(case: Case) -> None:
    case.mention("e:amount", "EUR 2,5 miljoen")
    case.entity("Amount", "EUR 2500000", "EUR 2,5 miljoen")
    case.entity("Amount", "EUR 2500000", "Nederland")
    case.entity("Amount", "USD 2500000", "EUR 2,5 miljoen")
    assert case.score().entities == {"Amount": Counts(1, 0, 2)}


def test_an_acronym_must_not_meet_another_but_a_name_may(case: Case) -> None:
    case.mention("e:who", "GPE")
    case.entity("Organisation", "GPE", "het GPE")
    assert case.score().entities == {"Organisation": Counts(0, 0, 1)}
    case.mention("e:body", "GPE")
    assert case.score().entities == {"Organisation": Counts(1, 0, 0)}
    case.gold[0]["entity"] = "partnerschap-voor-onderwijs"
    case.turtle.pop()
    assert case.score().entities == {"Organisation": Counts(1, 0, 0)}


def test_what_is_optional_counts_for_neither_side(case: Case) -> None:
    case.mention("c:NL", "Nederland")
    case.entity("Country", "NL", "Nederland", optional=True)
    case.entity("Country", "BE", "Nederland", optional=True)
    case.statement("e:res", "initiatedBy", "c:NL", "Nederland diende resolutie 2417 in")
    case.relation("Resolution:S/RES/2417", "initiatedBy", "Country:NL", "diende resolutie 2417 in", optional=True)
    result = case.score()
    assert (result.entities, result.relations, result.misses) == ({}, {}, ())


def test_relations_need_subject_object_predicate_and_overlapping_evidence(case: Case) -> None:
    sentence = "Nederland diende resolutie 2417 in"
    case.statement("e:res", "initiatedBy", "c:NL", sentence)
    case.statement("e:res", "initiatedBy", "c:FR", sentence)  # wrong object
    case.statement("e:res", "supportedBy", "c:NL", sentence)  # wrong predicate: gold has none
    case.statement("e:amount", "pledgedBy", "c:FR", "Nederland")  # wrong place
    case.relation("Resolution:S/RES/2417", "initiatedBy", "Country:NL", "diende resolutie 2417")
    case.relation("Amount:EUR 2500000", "pledgedBy", "Country:FR", "Frankrijk zegde EUR 2,5 miljoen toe")
    result = case.score()
    assert result.relations == {"initiatedBy": Counts(1, 1, 0), "pledgedBy": Counts(0, 1, 1), "supportedBy": Counts(0, 1, 0)}
    assert result.all_relations == Counts(1, 3, 1)


def test_one_of_several_evidence_passages_is_enough(case: Case) -> None:
    case.statement("e:res", "initiatedBy", "c:NL", "Duitsland", "Nederland diende resolutie 2417 in")
    case.relation("Resolution:S/RES/2417", "initiatedBy", "Country:NL", "diende resolutie 2417")
    assert case.score().relations == {"initiatedBy": Counts(1, 0, 0)}


def test_the_same_fact_in_two_statements_is_one_finding(case: Case) -> None:
    case.statement("e:res", "initiatedBy", "c:DE", "Nederland")
    case.statement("e:res", "initiatedBy", "c:DE", "Frankrijk")
    case.relation("Resolution:S/RES/2417", "initiatedBy", "Country:NL", "Nederland")
    assert case.score().relations == {"initiatedBy": Counts(0, 1, 1)}


def test_a_speaker_covers_an_attendance_but_an_attendance_no_speaker(case: Case) -> None:
    words = "Kaag sprak op een side event"
    case.statement("e:event", "attendedBy", "e:kaag", words)
    case.relation("Event:x", "speaker", "Person:kaag", words)
    assert case.score().relations == {"speaker": Counts(0, 0, 1)}
    case.statement("e:event", "speaker", "e:kaag", words)
    assert case.score().relations == {"speaker": Counts(1, 0, 0)}


def test_posts_the_document_and_unlisted_recipients_may_be_anything(case: Case) -> None:
    case.statement("e:kaag", "holdsOffice", "e:post", "Minister Kaag")
    case.statement("e:d", "references", "e:dossier", "Minister Kaag")
    case.turtle.append('e:dossier a avvn:Dossier ; dcterms:identifier "26150-171" .')
    case.relation("Person:kaag", "holdsOffice", "Post:Minister", "Minister Kaag")
    case.relation("Document:007", "references", "Dossier:26150-171", "Minister Kaag")
    assert case.score().relations == {"holdsOffice": Counts(1, 0, 0), "references": Counts(1, 0, 0)}


def test_outside_a_window_nothing_found_is_wrong(case: Case) -> None:
    case.mention("c:DE", "Duitsland")
    case.mention("c:FR", "Frankrijk")
    case.statement("e:res", "initiatedBy", "c:DE", "Duitsland")
    case.statement("e:res", "initiatedBy", "c:FR", "Frankrijk")
    case.window("Frankrijk zegde")
    result = case.score()
    assert (result.entities, result.relations) == ({"Country": Counts(0, 1, 0)}, {"initiatedBy": Counts(0, 1, 0)})


@pytest.mark.parametrize(("quote", "found"), [
    ("met Ivoorkust. Minister", True),  # hyphenation undone
    ("en VN-hervormingen. Frankrijk zegde", True),  # the hyphen kept, the page line between dropped
    ("over  vertegenwoordiging\n en", True),
    ("over vertegen-woordiging en VNhervormingen", False),
    ("vergaderjaar 2020", False),
])
def test_quotes_are_found_across_line_breaks(case: Case, quote: str, found: bool) -> None:
    case.entity("Event", "x", quote)
    assert case.score().lost == (() if found else ("g0",))


@pytest.mark.parametrize(("shift", "found"), [(0, False), (5, True)])
def test_offsets_are_those_of_the_file_as_stored(case: Case, shift: int, found: bool) -> None:
    (case.folder / "007_brief.txt").write_bytes(SOURCE.replace("\n", "\r\n").encode())
    start = SOURCE.index("Frankrijk") + shift  # five carriage returns stand before it
    case.turtle.append(f"[] a avvn:Mention ; avvn:mentionOf e:event ; avvn:inDocument e:d ; avvn:start {start} ; avvn:end {start + 5} .")
    case.entity("Event", "x", "Frankrijk")
    assert case.score().entities == {"Event": Counts(tp=1) if found else Counts(fn=1)}


@pytest.mark.parametrize(("counts", "expected"), [
    (Counts(3, 1, 2), (0.75, 0.6, 2 / 3)), (Counts(0, 0, 0), (1, 1, 1)), (Counts(0, 2, 0), (0, 1, 0)), (Counts(0, 1, 1), (0, 0, 0)),
])
def test_precision_recall_and_f1(counts: Counts, expected: tuple[float, float, float]) -> None:
    assert (counts.precision, counts.recall, counts.f1) == pytest.approx(expected)


def test_the_table_and_the_numbers(case: Case) -> None:
    case.mention("c:NL", "Nederland")
    case.mention("c:DE", "Duitsland")
    case.entity("Country", "NL", "Nederland")
    result = case.score()
    assert result.table().splitlines() == [
        "                               tp   fp   fn       P       R      F1",
        "entity Country                  1    1    0   0.500   1.000   0.667",
        "ALL entity                      1    1    0   0.500   1.000   0.667",
        "ALL relation                    0    0    0   1.000   1.000   1.000",
    ]
    assert result.as_dict()["entity Country"] == {"tp": 1, "fp": 1, "fn": 0, "p": 0.5, "r": 1.0, "f1": 0.6667}


@pytest.mark.parametrize(("line", "message"), [
    ("{", r"gold\.jsonl:2: not a gold line"),
    ('{"kind": "entity", "doc": "007", "id": "x", "quote": ""}', r"gold\.jsonl:2: not a gold line: no 'type'"),
    ('{"kind": "window", "doc": "999", "id": "x", "quote": "a"}', r"gold\.jsonl:2: not a gold line: no '999'"),
    ("[]", r"gold\.jsonl:2: not a gold line"),
])
def test_a_wrong_gold_line_is_named(case: Case, line: str, message: str) -> None:
    case.entity("Country", "NL", "Nederland")
    graph, gold = case.files()
    gold.write_text(gold.read_text(encoding="utf-8").strip() + "\n" + line, encoding="utf-8")
    with pytest.raises(AvvnError, match=message):
        evaluate(graph, [gold], case.folder)


def test_files_that_cannot_be_used_are_named(case: Case, tmp_path: Path) -> None:
    graph, gold = case.files()
    empty = tmp_path / "empty"
    empty.mkdir()
    for arguments, message in (
        ((graph, [gold], empty), "empty: no .txt file here"),
        ((empty, [gold], tmp_path), "empty: nothing has been published here yet"),
        ((gold, [gold], tmp_path), r"gold\.jsonl: not a graph"),
        ((tmp_path / "no.nq", [gold], tmp_path), r"no\.nq: cannot be read"),
        ((graph, [tmp_path / "no.jsonl"], tmp_path), r"no\.jsonl: cannot be read"),
    ):
        with pytest.raises(AvvnError, match=message):
            evaluate(*arguments)
    graph.write_text("nonsense", encoding="utf-8")
    with pytest.raises(AvvnError, match=r"graph\.ttl:1: not valid RDF"):
        evaluate(graph, [gold], tmp_path)
