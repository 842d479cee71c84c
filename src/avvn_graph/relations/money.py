"""Who gives how much to whom, who said so, and what is no gift at all (needs, budgets, guarantees)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from avvn_graph.facts import Value
from avvn_graph.recognition.candidates import Candidate
from avvn_graph.relations.draft import Draft
from avvn_graph.relations.sentence import Sentence

_GIVES = re.compile(
    r"(?<!\S)(?:bijdrage|bijdragen|bijdraagt|bijdroeg|bijgedragen|bijdragen|dragen|gegeven|geschonken|verstrekt|verleend|geleverd|donor|donatie|steunt|steunde|steun|steunen|ondersteunt|ondersteunde|geeft|geven|gaf|gaven|stelde|stelden|verhoogt|verhoogde|verdubbelt|verdubbelde|doneert|doneerde|"
    r"investeert|investeerde|investering|beschikbaar|vrijgemaakt|uitgetrokken|toegezegd|toezegging|zegde|zegt|toe|pledge|pledgde|"
    r"kondigde|aangekondigd|overmaken|overgemaakt|over te maken|gefinancierd|financiert|financierde|draagt|droeg|betaalde|betaalt|betaald|overmaakte|schonk|schenkt|stortte|gestort|reserveert|gereserveerd|bestemd|committeerde|garandeert|stelt|trekt)(?!\S)")
_NEED = re.compile(r"(?<!\S)(?:noden|nood|behoefte|behoeften|nodig|tekort|appeal|appeals|-appeals|vn-appeals|begroting|budget|kosten|schade|gat|financieringsbehoefte|gevraagd)(?!\S)")
_KIND = (("need", _NEED), ("guarantee", re.compile(r"\bgarantie")), ("subsidy", re.compile(r"\bsubsidie")))
_ANNOUNCES = tuple(re.compile(p) for p in (
    r"(?:kondigde|kondigden|zegde|maakte|meldde|bevestigde|onthulde) (?:(?!<[ACHO])\S+ ){0,2}(?P<who><[ACHO]\d+>) ",
    r"(?P<who><[ACHO]\d+>) (?:\S+ ){0,10}?(?:kondigde|kondigden|zegde|maakte|meldde|onthulde) ",
    r"(?P<who><[AH]\d+>) (?:heeft|hebben|had) (?:(?![.;] )\S+ ){0,14}?(?:aangekondigd|toegezegd|bekendgemaakt|bekend gemaakt) ",
    r"(?:heeft|hebben|had) (?P<who><[AH]\d+>) (?:(?![.;] )\S+ ){0,14}?(?:aangekondigd|toegezegd|bekendgemaakt|bekend gemaakt) ",
))
_RECIPIENT = re.compile(r"(?<!\S)(?:aan|donor van|donoren van|ter beschikking van|ten behoeve van|voor|ten gunste van|t\.b\.v\.|in|binnen|via) (?:(?![.;,] |<)\S+ ){0,2}?(?P<x><[ACHOTP]\d+>) ")
_BEFORE_BRACKET = re.compile(r"(?P<x><[ACHOTP]\d+>) \( $")
_OBJECT = re.compile(r"(?:dat |, )?(?P<g><[ACHO]\d+>) (?P<x><[ACHOTP]\d+>) (?:(?![.;] )\S+ ){0,6}?$")
_PERIOD = re.compile(r"(?:voor|over|gedurende|in|komende|de komende)[ ](?:een periode van )?(?P<n>\d+|een|één|twee|drie|vier|vijf|zes|zeven|acht|tien)[ ](?P<unit>jaar|jaren|maanden)")
_PER_YEAR = re.compile(r"per jaar|jaarlijks")
_YEARS = re.compile(r"\b(?:in|voor) (20\d\d)(?:[-–](20\d\d))?")
_NUMBERS = {"een": 1, "één": 1, "twee": 2, "drie": 3, "vier": 4, "vijf": 5, "zes": 6, "zeven": 7, "acht": 8, "tien": 10}
_PURPOSE = re.compile(r"(?:ten behoeve van|voor|om|gericht op|bedoeld voor)[ ](?P<p>[^,.;()]{8,110})")


def money(index: int, sentence: Sentence, sender: str | None) -> Iterator[Draft]:
    """Drafts for the amounts of one sentence; ``sender`` is the ISO code of the letter's government."""
    row = sentence.row
    for at, piece in enumerate(sentence.pieces):
        if piece.kind != "M":
            continue
        amount = piece.members[0]
        token = f"<M{at}> "
        before, after = row[:row.index(token)], row[row.index(token) + len(token):]
        before, after = before.rsplit(" ; ", 1)[-1], after.split(" ; ", 1)[0] + " "
        clause = before.rsplit(" . ", 1)[-1] + token + after
        kind = next((name for name, pattern in _KIND if pattern.search(before[-60:]) or (name == "need" and pattern.search(after[:24]))), None)
        gives = bool(_GIVES.search(before) or _GIVES.search(after[:120]))
        amount.data["amountType"] = kind or ("contribution" if gives else "sum")
        yield from _attributes(index, sentence, amount)
        if kind == "need" and (not gives or not re.search(r"<[ACHO]\d+>", before)):
            continue
        if not gives:
            continue
        receivers, given_by = _recipient(sentence, before, after)
        giver = _giver(sentence, before, after, receivers, sender) or given_by
        for c in giver:
            yield Draft(amount, "pledgedBy", c, [index], "money.giver", 0.88)
        for c in receivers:
            if all(c.key != g.key for g in giver):
                yield Draft(amount, "recipient", c, [index], "money.recipient", 0.85)
        for pattern in _ANNOUNCES:
            announcers = [c for m in pattern.finditer(clause) for c in sentence.members(m["who"]) if c.kind == "person"]
            for c in announcers:
                yield Draft(amount, "announcedBy", c, [index], "money.announcer", 0.9)
            if announcers:
                break


def _recipient(sentence: Sentence, before: str, after: str) -> tuple[list[Candidate], list[Candidate]]:
    bracket = _BEFORE_BRACKET.search(before)
    if bracket:
        return sentence.members(bracket["x"]), []
    following = _RECIPIENT.search(after[:160])
    if following:
        return [c for c in sentence.members(following["x"]) if c.kind != "person"], []
    held = _OBJECT.search(before)
    if held:
        return sentence.members(held["x"]), sentence.members(held["g"])
    preceding = list(re.finditer(r"(?<!\S)(?:aan|ten behoeve van) (?:(?![.;,] |<)\S+ ){0,2}?(?P<x><[ACHOTP]\d+>) ", before[-140:]))
    if preceding:
        return [c for c in sentence.members(preceding[-1]["x"]) if c.kind != "person"], []
    return [], []


def _giver(sentence: Sentence, before: str, after: str, receivers: list[Candidate], sender: str | None) -> list[Candidate]:
    taken = {c.key for c in receivers}
    tokens = re.findall(r"(?<!aan )(?<!door )(?<!van )(?<!met )(?<!voor )<[ACHO]\d+>", before)
    for token in reversed(tokens):
        members = [c for c in sentence.members(token) if c.kind in ("country", "organisation") and c.key not in taken]
        if members:
            return members
    by = re.search(r"door (<[ACHO]\d+>) ", before + after)
    if by:
        members = [c for c in sentence.members(by[1]) if c.kind in ("country", "organisation")]
        if members:
            return members
    adjective = re.search(r"<N\d+>", before)
    if adjective:
        return sentence.members(adjective[0])
    if sender:  # what the government's own letter or minister gives
        piece = sentence.pieces[0]
        return [Candidate("country", piece.start, piece.end, sender, "Nederland" if sender == "NL" else sender, 0, {"implied": True})]
    return []


def _attributes(index: int, sentence: Sentence, amount: Candidate) -> Iterator[Draft]:
    text = sentence.passage.text
    near = text[max(0, amount.start - 60):amount.end + 60]
    period = _PERIOD.search(near)
    if period:
        n = _NUMBERS.get(period["n"]) or int(period["n"])
        yield Draft(amount, "period", Value(f"P{n}{'M' if period['unit'] == 'maanden' else 'Y'}", "duration"), [index], "money.period", 0.9)
    elif _PER_YEAR.search(text[amount.end:amount.end + 20]):
        yield Draft(amount, "period", Value("P1Y", "duration"), [index], "money.period", 0.9)
    else:
        year = _YEARS.search(near)
        if year:
            yield Draft(amount, "period", Value(year[1], "gYear"), [index], "money.period", 0.7)
    purpose = _PURPOSE.search(text[amount.end:amount.end + 160])
    if purpose and not _PERIOD.match(purpose.group()) and not re.match(r"(?:\w+ )?(?:jaar|de komende)", purpose["p"]):
        yield Draft(amount, "purpose", Value(" ".join(purpose["p"].split()[:12]), "string", "nl"), [index], "money.purpose", 0.7)
