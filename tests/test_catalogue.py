"""Binding of parameters: checked terms, never text."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from avvn_graph.catalogue import load, read
from avvn_graph.errors import AvvnError

QUERIES = load(Path(__file__).resolve().parent.parent / "queries")
BASE = "https://w3id.org/avvn/"


def test_there_are_at_least_twenty() -> None:
    assert len(QUERIES) >= 20


@pytest.mark.parametrize(("name", "values", "message"), [
    ("resolutions-initiated-by", {}, "initiator: resolutions-initiated-by needs this parameter, for example initiator=NL"),
    ("resolutions-initiated-by", {"initiator": "Nederland"}, "initiator: 'Nederland' is not an ISO 3166-1 alpha-2 code"),
    ("resolutions-initiated-by", {"initiator": "NL", "year": "last"}, "year: 'last' is not a year of four digits"),
    ("resolutions-initiated-by", {"initiator": "NL", "colour": "red"}, "colour: resolutions-initiated-by has no such parameter"),
    ("amounts", {"min": "much"}, "min: 'much' is not a number"),
    ("amounts", {"currency": "euros"}, "currency: 'euros' is not an ISO 4217 code"),
    ("events", {"from": "yesterday"}, "from: 'yesterday' is not a date"),
    ("events", {"session": "x"}, "session: 'x' is not a value of type integer"),
    ("mentions-of", {"entity": "country/NL> } DROP ALL #"}, "entity: 'country/NL> } DROP ALL #' is not a key or an IRI of this graph"),
])
def test_wrong_values_are_named(name: str, values: dict[str, str], message: str) -> None:
    with pytest.raises(AvvnError, match="^" + message.replace("(", r"\(").replace("{", r"\{").replace("}", r"\}").replace("+", r"\+")):
        QUERIES[name].bind(values, BASE)


@pytest.mark.parametrize("text", ['x" } UNION { ?s ?p ?o } #', "a\nb", "\\", "'''", '"""', "} LIMIT 1 #", "?passage"])
def test_strings_cannot_leave_their_literal(text: str, run: Callable[[str], list[dict[str, str]]]) -> None:
    bound = QUERIES["search"].bind({"q": text}, BASE)
    assert run(bound) == [r for r in run(bound) if text.lower() in r["evidence"].lower()]


def test_paging_is_checked() -> None:
    assert QUERIES["countries"].bind({}, BASE, limit=10, offset=20).endswith("LIMIT 10 OFFSET 20\n")
    with pytest.raises(AvvnError, match="page"):
        QUERIES["countries"].bind({}, BASE, limit=-1)


def test_header_and_query_must_agree(tmp_path: Path) -> None:
    path = tmp_path / "bad.rq"
    path.write_text("# title: a\n# title_nl: b\n# description: c\n# parameters:\n#   x: {type: string}\nSELECT * { VALUES ?y { {{y}} } }\n")
    with pytest.raises(AvvnError, match=r"bad\.rq: header and query disagree on parameters"):
        read(path)
    path.write_text("# title: [\nSELECT * { }\n")
    with pytest.raises(AvvnError, match=r"bad\.rq: its header is wrong"):
        read(path)
