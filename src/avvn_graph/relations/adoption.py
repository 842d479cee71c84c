"""Which body adopted a resolution when the sentence says "aangenomen" and names none."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from avvn_graph.recognition.candidates import Candidate
from avvn_graph.relations.discourse import State
from avvn_graph.relations.draft import Draft
from avvn_graph.relations.modality import negated
from avvn_graph.relations.sentence import Sentence

_ADOPTED = re.compile(r"\b(?:aangenomen|aanvaard|aanname|aanneming)\b")
# What a body does with a resolution of its own series, named beside it with its number.
_DECIDED = re.compile(r"(?<!\S)(?:verlengde|verruimde|vernieuwde|verlengd|machtigde|eiste|veroordeelde|besloot|bekrachtigde|bevestigde|stelde|riep|hief|breidde|verscherpte|beëindigde|verlengt|besluit|machtigt|stelt) "
                      r"(?:(?![.;] )\S+ )*?(?:met|middels|via|bij|in|door middel van|\() (?:<R\d+>)|(?:^|[.;] )met <R\d+> |(?:geautoriseerd|gemachtigd|ingesteld|verlengd|verruimd|opgeheven|veroordeeld|besloten) (?:met|middels|via|bij|in) <R\d+>|met <R\d+> (?:verlengde|verruimde|vernieuwde|machtigde|eiste|veroordeelde|besloot|bekrachtigde|bevestigde|stelde|riep|hief|breidde|verscherpte|beëindigde) ")
_FREE = "".join(rf"(?<!{word} )" for word in ("in", "van", "aan", "bij", "door", "voor", "tot", "uit", "naar", "met", "binnen", "tijdens", "over"))
_IN_ITS_OWN = re.compile(rf"{_FREE}<O\d+> (?:(?![.;] )\S+ )*?(?:in|met|middels|via) <R\d+> (?!te )|(?:in|met|middels|via) <R\d+> (?:, (?:(?![.;] )\S+ )+?, )?(?:heeft|had|hebben|\w+(?:de|te)|nam|riep|sprak|gaf) <O\d+> |\bmet <R\d+> van <O\d+> ")
_FOR_IT = re.compile(r"\b(?:voor|naar|om|richting) (?:de )?(?:aanname|aanneming)\b")
_BODIES = ("AVVN", "VNVR", "HRC", "WHA", "WHO")
_SERIES = (("S/RES/", "VNVR"), ("A/RES/", "AVVN"), ("A/HRC/", "HRC"))


def adoption(index: int, sentence: Sentence, state: State, drafts: Sequence[Draft]) -> Iterator[Draft]:
    """Drafts of ``adoptedBy``: the body that the symbol or the word tells, else the one named last in the passage or before."""
    taken = [c for p in sentence.of_kind("R") for c in p.members if c.data.get("particle") == "aan"]
    if taken and re.search(r"\b(?:nam|namen|neemt|nemen)\b", sentence.row):  # "nam een resolutie aan over …": the particle stands inside the name
        bodies = [c for p in sentence.of_kind("O") for c in p.members if c.key in _BODIES]
        for c in taken if bodies else ():
            yield Draft(c, "adoptedBy", bodies[0], [index], "adoption.particle", 0.85)
    if (_DECIDED.search(sentence.row) or _IN_ITS_OWN.search(sentence.row)) and not negated(sentence.row):
        for c in (c for p in sentence.of_kind("R") for c in p.members):
            own = next((body for series, body in _SERIES if str(c.data.get("symbol") or "").startswith(series)), None)
            decider = next((o for p in sentence.of_kind("O") for o in p.members if o.key == own), None)
            if decider is not None:
                yield Draft(c, "adoptedBy", decider, [index], "adoption.decided", 0.85)
    if _FOR_IT.search(sentence.row) and "aangenomen" not in sentence.row:
        return
    if not _ADOPTED.search(sentence.row) or re.search(r"\bniet (?:aangenomen|aanvaard)", sentence.row):
        return
    said = {d.subject.key for d in drafts if d.predicate == "adoptedBy" and d.subject and isinstance(d.object, Candidate) and d.object.kind == "organisation"}
    here = [c for p in sentence.of_kind("O", "A", "E") for c in p.members if c.key in _BODIES]
    stretches = [(m.start(), m.end()) for m in re.finditer(r"[^;]+", sentence.passage.text) if _ADOPTED.search(m.group())]
    for piece in (p for p in sentence.of_kind("R") if any(a <= p.start < b for a, b in stretches) or "deze" in sentence.row):
        for c in piece.members:
            if c.key in said:
                continue
            symbol = str(c.data.get("symbol") or "")
            key = next((body for series, body in _SERIES if symbol.startswith(series)), None) or c.data.get("body")
            body = Candidate("organisation", c.start, c.end, key, key, 0, {"acronym": key, "implied": True}) if key else None
            body = body or (here[0] if here else None) or state.body
            if body:
                ahead = bool(re.search(r"\b(?:zal|zullen|moet|moeten)\b[^,;]*\b(?:aangenomen|aanvaard)", sentence.passage.text))
                yield Draft(c, "adoptedBy", body, [index], "adoption.body", 0.8, "planned" if ahead else "realised")
