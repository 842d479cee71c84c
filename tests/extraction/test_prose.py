"""Single sentences of diplomatic prose and what each says, kept as data in ``prose.yaml``."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from avvn_graph.facts import Ref

from .conftest import Facts

PROSE: dict[str, list[dict[str, object]]] = yaml.safe_load((Path(__file__).parent / "prose.yaml").read_text(encoding="utf-8"))
AROUND = (
    "Datum 20 oktober 2014\nBetreft Verslag ministeriële week van de 69e zitting van de Algemene Vergadering van de VN\n\nGeachte Voorzitter,\n\n"
    "De ministeriële week van de 69e AVVN vond plaats van 22 tot en met 26 september 2014.\n\n{text}\n\n"
    "De Minister van Buitenlandse Zaken,\nF.C.G.M. Timmermans\n"
)
_OF_THE_SUBJECT = ("memberOf", "contributesTo")


@pytest.mark.parametrize(("text", "says"), [(row["text"], row["says"]) for rows in PROSE.values() for row in rows])
def test_a_sentence_says(facts: Facts, text: str, says: list[str]) -> None:
    found = facts(AROUND.format(text=text), date="2014-10-20", session=69)
    told = {(s.predicate, ref.key, s.modality) for s in found.statements
            if isinstance(ref := s.subject if s.predicate in _OF_THE_SUBJECT else s.object, Ref)}
    for line in says:
        predicate, who, *mode = line.split()
        assert any(t[:2] == (predicate, who) and (not mode or t[2] == mode[0]) for t in told), (line, sorted(told))
    if not says:
        assert {t for t in told if t[0] not in ("holdsOffice", "references")} == set()
