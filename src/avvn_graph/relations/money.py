"""Who gives how much to whom, who said so, and what is no gift at all (needs, budgets, guarantees)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from avvn_graph.facts import Modality, Value
from avvn_graph.recognition.candidates import Candidate
from avvn_graph.relations.clauses import Clause
from avvn_graph.relations.draft import Draft
from avvn_graph.relations.sentence import Piece, Sentence
from avvn_graph.relations.verbs import Verbs, WordClass, clause_modality

_NEED = re.compile(r"(?<!\S)(?:noden|nood|behoefte|behoeften|nodig|tekort|appeal|appeals|-appeals|vn-appeals|begroting|budget|kosten|schade|gat|financieringsbehoefte|gevraagd)(?!\S)")
_KIND = (("need", _NEED), ("guarantee", re.compile(r"\bgarant")), ("subsidy", re.compile(r"\bsubsidie")))
_ANNOUNCES = tuple(re.compile(p) for p in (
    r"(?:kondigde|kondigden|zegde|maakte|meldde|bevestigde|onthulde) (?:(?!<[ACHO])\S+ ){0,2}(?P<who><[ACHO]\d+>) ",
    r"(?P<who><[ACHO]\d+>) (?:\S+ ){0,10}?(?:kondigde|kondigden|zegde|maakte|meldde|onthulde) ",
    r"(?P<who><[AH]\d+>) (?:heeft|hebben|had) (?:(?![.;] )\S+ ){0,14}?(?:aangekondigd|toegezegd|bekendgemaakt|bekend gemaakt) ",
    r"(?:liet|lieten|laat) (?P<who><[AH]\d+>) (?:(?![.;,] )\S+ ){0,6}?weten ",
    r"(?:kon|kan|konden) (?P<who><[AH]\d+>) (?:(?![.;] )\S+ ){0,30}?(?:aankondigen|toezeggen|bekendmaken) ",
    r"(?:heeft|hebben|had) (?P<who><[AH]\d+>) (?:(?![.;] )\S+ ){0,14}?(?:aangekondigd|toegezegd|bekendgemaakt|bekend gemaakt) ",
))
_RECIPIENT = re.compile(r"(?<!\S)(?:aan|(?:donor|donoren) van(?: het| de)?(?: door (?:<[ACHO]\d+>|[^<. ]+(?: [^<. ]+)?) \S+)?|ter beschikking(?: stelt| stelde| stellen| stelden| gesteld)? (?:van|aan)|ten behoeve van|voor|ten gunste van|t\.b\.v\.|naar) (?:(?![.;,] |<)\S+ ){0,2}?(?P<x><[ACHOTP]\d+>) |(?<!\S)(?:in|binnen|via) (?:(?![.;,] |<)\S+ ){0,2}?(?P<y><[AHOTP]\d+>) ")
_BEFORE_BRACKET = re.compile(r"(?P<x><[ACHOTP]\d+>) \( $")
_OBJECT = re.compile(r"(?:dat |, )?(?P<g><[ACHO]\d+>) (?P<x><[ACHOTP]\d+>) (?:(?![.;] )\S+ ){0,6}?$")
_GOES = re.compile(r"(?:(?:extra|euro|per jaar|jaarlijks) ){0,2}(?:aan|voor|naar) (?P<x><[ACOTP]\d+>) ")
_PERIOD = re.compile(r"(?:voor|over|gedurende|in|komende|de komende)[ ](?:een periode van )?(?P<n>\d+|een|één|twee|drie|vier|vijf|zes|zeven|acht|tien)[ ](?P<unit>jaar|jaren|maanden)")
_PER_YEAR = re.compile(r"per jaar|jaarlijks")
_YEARS = re.compile(r"\b(?:in|voor) (20\d\d)(?:[-–](20\d\d))?")
_TO_THAT = re.compile(r"\b(?:zegden?|zegt|zeggen|gaf|gaven|geeft|geven) (?:[\w-]+ ){0,2}(?:het fonds|het programma|de organisatie|het agentschap) |\baan (?:dit|dat|het|die|deze) (?:fonds|programma|initiatief|organisatie|missie)\b|\ber (?:[\w ]+ )?aan\b|\b(?:daaraan|hieraan|daarin|hierin|eraan|erin)\b")
_GIVEN_AT = re.compile(r"(?i)^(?:(?:\S+ )?\S*(?:middelen|aanvullings|donor|toezeggings|financierings)(?:conferentie|top|bijeenkomst|aanvulling)|(?:pledging|replenishment)[- ]?(?:conferentie|conference|top|bijeenkomst)) (?:van|voor|of) ")
_SIDE = re.compile(r"(?:^| )van (?P<n><N\d+>) (?:zijde|kant) ")
_PART_OF = re.compile(r"(?<!\S)waarvan (?:(?![.;] )\S+ ){0,2}$")
_DENIED = re.compile(r"\b(?:niet|geen|nooit|evenmin)\b(?!-| alleen| slechts)")
_ASKED = re.compile(r"\b(?:verzoek\w*|verzocht|oproep\w*|opgeroepen|roept|riep|gevraagd|vraagt|vragen|vroeg|vroegen|pleit\w*)\b")
_HELPS = re.compile(r"\b(?:steun\w*|ondersteun\w*|vullen|vult|vulde|gevuld|aanvullen|aan te vullen|financier\w*|gefinancierd|versterk\w*|verhog\w*|verhoogt|verhoogde)\b")
_PASSIVE = frozenset(("wordt", "worden", "werd", "werden", "is", "zijn", "was", "waren"))
_COMES = re.compile(r"\b(?:komt|komen|kwam|kwamen|is|zijn|was|waren) ")
_GOES_TO = re.compile(r"\b(?:ontvanger|ontvangers|bestemd|bedoeld|gaat|gaan|ging|gingen|komt|komen|besteed|ten goede)\b")
_THE_MONEY = re.compile(r"\b(?:(?:het|dit|dat) (?:geld|bedrag)|deze (?:bijdrage|gelden|middelen)|de (?:\w+e )?(?:bijdrage|gelden|middelen)|ontvangers?)\b")
_CALLED_BY_HEAD = frozenset(("fonds", "programma", "kantoor", "directeur", "hoofd", "voorzitter"))
_OTHERS = re.compile(r"^(?:\S+ ){0,4}(?:landen|lidstaten|donoren|deelnemers|gemeenschap|partners|bedrijven|bedrijfsleven|organisaties|staten|banken|aanwezigen)\b")
_NUMBERS = {"een": 1, "één": 1, "twee": 2, "drie": 3, "vier": 4, "vijf": 5, "zes": 6, "zeven": 7, "acht": 8, "tien": 10}
_PURPOSE = re.compile(r"(?:ten behoeve van|voor|om|gericht op|bedoeld voor)[ ](?P<p>[^,.;()]{8,110})")


def money(index: int, sentence: Sentence, sender: str | None, clauses: Sequence[Clause], body: Candidate | None, verbs: Verbs) -> Iterator[Draft]:
    """Drafts for the amounts of one sentence; ``sender`` is the ISO code of the letter's government.

    Who gives is the subject of the amount's clause, or whoever stands behind "door" in a passive one; a minister gives
    for the government. A clause that is denied gives nothing. ``body`` is what "dit fonds" stands for; ``verbs`` has
    the words for giving, receiving and announcing.
    """
    giving = verbs.classes["giving"]
    earlier: list[Candidate] = []
    row = sentence.row
    for at, piece in enumerate(sentence.pieces):
        if piece.kind != "M":
            continue
        amount = piece.members[0]
        token = f"<M{at}> "
        before, after = row[:row.index(token)], row[row.index(token) + len(token):]
        before, after = before.rsplit(" ; ", 1)[-1], after.split(" ; ", 1)[0] + " "
        after = after.split(" waarvan ", 1)[0] + " "  # what part of it goes where is told of that part
        clause = before.rsplit(" . ", 1)[-1] + token + after
        kind = next((name for name, pattern in _KIND if pattern.search(before[-60:]) or (name == "need" and pattern.search(after[:24]))), None)
        own = _clause(clauses, piece, giving)
        helped = _supported(own, piece) if own is not None else []
        received = _received(own, piece, verbs.classes["receiving"]) if own is not None else None
        side = _SIDE.search(before)
        gives = bool(helped or received or (side and kind is None) or giving.said(before if own is None or len(clauses) < 2 else own.text + " " + (own.parent.text if own.parent and own.link != "relative" else ""))
                     or giving.said(after[:120] if own is None else own.text))
        amount.data["amountType"] = kind or ("contribution" if gives else "sum")
        yield from _attributes(index, sentence, amount)
        if kind == "need" and (not gives or not re.search(r"<[ACHO]\d+>", before)):
            continue
        if not gives:
            goes = _GOES.match(after)
            if goes and kind is None:
                for c in sentence.members(goes["x"]):
                    if c.kind != "person":
                        yield Draft(amount, "recipient", c, [index], "money.goes-to", 0.75)
            continue
        if own is not None and _DENIED.search(own.text):
            amount.data["amountType"] = "sum"
            continue
        mode = _mode(own) if own is not None else None
        if received is not None:
            for predicate, members in zip(("pledgedBy", "recipient"), received, strict=True):
                for c in members:
                    yield Draft(amount, predicate, c, [index], "money.received", 0.85, mode)
            continue
        receivers, given_by = _recipient(sentence, before, after)
        if helped:
            receivers = helped
        elif own is not None and not receivers:
            receivers = _receivers(own) or _given_to(own, piece) or ([body] if body is not None and _TO_THAT.search(sentence.passage.text[own.pieces[0].start:own.pieces[-1].end]) else _replenished(sentence, body))
        giver = (_clause_giver(own, receivers, sender) if own is not None else None)
        if side:  # "Van Amerikaanse zijde …"
            giver = sentence.members(side["n"])
        if earlier and _PART_OF.search(before):  # "EUR 18 miljoen, waarvan EUR 7 miljoen voor UNICEF"
            giver = earlier
        gapped = _gapped(sentence.pieces, at)
        if gapped:
            giver = gapped
        if giver is None and own is not None and _OTHERS.search(own.text) and not any(p.text.lower() in _PASSIVE for p in own.pieces if not p.members):
            giver = []  # "de deelnemende landen zegden … toe": whoever they are, not the sender
        if giver is None:
            giver = _giver(sentence, before, after, receivers, sender) or given_by
        if mode == "calledFor" and own is not None and own.link in ("om", "te", "dat", "main") and _ASKED.search(_with_matrix(own)):
            giver = [g for g in giver if not g.data.get("implied")]
        if own is not None and "respectievelijk" in sentence.passage.text:
            alike = [p for p in own.pieces if p.kind == "M"]
            if len(alike) == len(giver) > 1:
                giver = [giver[alike.index(piece)]]
        earlier = giver
        for c in giver:
            yield Draft(amount, "pledgedBy", c, [index], "money.giver", 0.88, mode)
        for c in receivers:
            if all(c.key != g.key for g in giver):
                yield Draft(amount, "recipient", c, [index], "money.recipient", 0.85, mode)
        for pattern in _ANNOUNCES:
            announcers = [c for m in pattern.finditer(clause) for c in sentence.members(m["who"]) if c.kind == "person"]
            for c in announcers:
                yield Draft(amount, "announcedBy", c, [index], "money.announcer", 0.9)
            if announcers:
                break
        else:
            for c in _announcers(own, verbs.classes["announcing"]):
                yield Draft(amount, "announcedBy", c, [index], "money.announcer-clause", 0.85)


def _gapped(pieces: Sequence[Piece], at: int) -> list[Candidate]:
    """The giver of a further amount whose verb is left out: "de VS gaven X, Japan Y en de EU Z"."""
    if at < 2 or not any(p.kind == "M" for p in pieces[:at]) or pieces[at - 1].kind not in "CO" or not pieces[at - 1].members:
        return []
    return pieces[at - 1].members if pieces[at - 2].text.lower() in (",", "en", ";") else []


def _announcers(clause: Clause | None, announcing: WordClass) -> list[Candidate]:
    """The persons who announce what a clause, or one above it, gives: "Minister X maakte bekend dat …", "werd door Minister X toegezegd"."""
    up = clause
    while up is not None:
        if announcing.said(up.text):
            by = [p for p in up.parts if p.preposition == "door" and p.as_kind("AH")]
            subject = up.subject()
            for part in by or ([subject] if subject is not None else []):
                piece = part.as_kind("AH")
                if piece is not None:
                    return [c for c in piece.members if c.kind == "person"]
        up = up.parent if up.link in ("dat", "om", "te", "en", "waarmee") else None
    return []


def _received(clause: Clause, amount: Piece, receiving: WordClass) -> tuple[list[Candidate], list[Candidate]] | None:
    """Givers and receivers of "UNHCR ontvangt van Nederland EUR 5 miljoen", when the clause says that somebody receives."""
    if not receiving.said(clause.text) or not any(p.piece is amount and (p.preposition in (None, "op") or (p.head or "").startswith(("bijdrage", "gift", "donatie", "steun"))) for p in clause.parts):
        return None
    givers = [c for p in clause.parts if p.preposition in ("van", "uit", "door") and p.as_kind("ACO") and not (p.head or "").endswith(tuple(_CALLED_BY_HEAD)) for c in p.piece.members if c.kind != "person"]
    givers = givers or [c for p, after in zip(clause.pieces, clause.pieces[1:], strict=False) if p.kind == "N" and after.text.lower() in ("bijdrage", "gift", "donatie", "steun") for c in p.members]
    subject = clause.subject("ACOTP")
    receivers = [c for c in subject.piece.members if c.kind != "person"] if subject is not None else []
    return (givers, receivers) if givers else None


def _clause(clauses: Sequence[Clause], amount: Piece, giving: WordClass) -> Clause | None:
    """The clause an amount is in, or the relative one that says who gives it ("de EUR 7 miljoen die X bijdraagt aan Y")."""
    relative = next((c for c in clauses if c.link == "relative" and c.relative == "" and c.antecedents and c.antecedents[0] is amount and giving.said(c.text)), None)
    return relative or next((c for c in clauses if any(p is amount for p in c.pieces)), None)


def told_on(index: int, clauses: Sequence[Clause], amount: Candidate) -> Iterator[Draft]:
    """Who receives an amount told before: "Het geld gaat naar X", "Ontvanger is X", "Dit bedrag is bestemd voor X"."""
    for clause in clauses:
        if not (_THE_MONEY.search(clause.text) and _GOES_TO.search(clause.text)) or _DENIED.search(clause.text) or clause.bare("M"):
            continue
        for part in clause.parts:
            piece = part.as_kind("OCTP")
            if piece is not None and (part.preposition in ("naar", "voor", "aan", "door") or part.preposition is None):
                for c in piece.members:
                    if c.kind != "person":
                        yield Draft(amount, "recipient", c, [index], "money.told-on", 0.8)
                return


def _mode(clause: Clause) -> Modality | None:
    if _ASKED.search(_with_matrix(clause)):
        return "calledFor"
    return clause_modality(clause)


def _with_matrix(clause: Clause) -> str:
    """The words of a clause and of the one it depends on."""
    return clause.text + " " + (clause.parent.text if clause.parent is not None and clause.link in ("om", "te", "dat") else "")


def _clause_giver(clause: Clause, receivers: Sequence[Candidate], sender: str | None) -> list[Candidate] | None:
    taken = {c.key for c in receivers}
    passive = any(p.text.lower() in _PASSIVE for p in clause.pieces if not p.members) and not any(p.text.lower() in ("heeft", "hebben", "had") for p in clause.pieces)
    by = [p for p in clause.parts if p.preposition == "door" and p.as_kind("ACHO")]
    doers = by if passive and by else [] if passive else [s for s in [clause.subject()] if s is not None]
    if not passive and clause.pieces and clause.pieces[0].text.lower() in ("van", "uit") and _COMES.search(clause.text):  # "Van de EU komt EUR 30 miljoen"
        doers = [p for p in clause.parts if p.preposition in ("van", "uit")][:1]
    for part in doers:
        piece = part.as_kind("ACHO")
        members = [c for c in piece.members if c.key not in taken] if piece else []
        actors = [c for c in members if c.kind in ("country", "organisation")]
        if actors:
            return actors
        abroad = [c for c in members if c.data.get("of") not in (None, "NL") and not str(c.data["of"]).startswith("org:")]
        if abroad and piece and len(abroad) == len(members):  # "de Amerikaanse minister X kondigde … aan"
            return [Candidate("country", piece.start, piece.end, str(c.data["of"]), c.label, 0, {"implied": True}) for c in abroad]
        if members and sender and any(c.data.get("minister") or c.data.get("anaphoric") or c.data.get("of") in (None, "NL") for c in members):
            return [Candidate("country", piece.start, piece.end, sender, "Nederland", 0, {"implied": True})] if piece else None
    return None


def _supported(clause: Clause, amount: Piece) -> list[Candidate]:
    """Who is helped "met EUR 12 miljoen": the object of to support, to fill, to finance."""
    with_it = next((p for p in clause.parts if p.piece is amount and p.preposition == "met"), None)
    if with_it is None or not _HELPS.search(clause.text):
        return []
    subject = clause.subject()
    return [c for p in clause.bare("ACOTP") if p is not subject or clause.link in ("te", "om") for c in p.piece.members if c.kind in ("organisation", "treaty", "mission", "country")][:3]


def _replenished(sentence: Sentence, body: Candidate | None) -> list[Candidate]:
    """The body whose conference for its own money it is: what is given there is given to it."""
    for event in (c for p in sentence.of_kind("E") for c in p.members if not c.data.get("anaphoric")):
        if _GIVEN_AT.match(event.label):
            after = [c for p in sentence.of_kind("O") for c in p.members if event.start <= c.start < event.end + 40]
            return after[:1] or ([body] if body is not None and body.label in event.label else [])
    return []


def _receivers(clause: Clause) -> list[Candidate]:
    for part in clause.parts:
        fronted = part.preposition == "voor" and clause.pieces and clause.pieces[0].text.lower() == "voor"  # "Voor UNHCR komt EUR 4 miljoen beschikbaar"
        piece = part.as_kind("OT" if part.preposition == "in" else "P" if part.preposition == "voor" and not fronted else "OCTP")
        if piece is not None and (part.preposition in ("aan", "in", "naar", "via", "voor") or (part.preposition == "van" and re.search(r"(?:fonds|programma|kantoor)$", part.head or ""))):
            return [c for c in piece.members if c.kind != "person"]
    return []


_GIVES_TO = re.compile(r"\b(?:zeg|zegt|zegde|zegden|geef|geeft|geven|gaf|gaven|schenkt|schonk|schonken|beloofde|beloofden|biedt|bood|boden|verleende|verleenden|verstrekte|verstrekten)\b")


def _given_to(clause: Clause, amount: Piece) -> list[Candidate]:
    """Who is given something without a preposition: "Duitsland zegde UNRWA EUR 30 miljoen toe"."""
    subject = clause.subject()
    if not _GIVES_TO.search(clause.text):
        return []
    between = [p for p in clause.bare("OP") if p is not subject and p.piece.end <= amount.start]
    return [c for p in between[-1:] for c in p.piece.members if c.kind != "person"]


def _recipient(sentence: Sentence, before: str, after: str) -> tuple[list[Candidate], list[Candidate]]:
    bracket = _BEFORE_BRACKET.search(before)
    if bracket:
        return sentence.members(bracket["x"]), []
    following = _RECIPIENT.search(after[:160])
    if following:
        return [c for c in sentence.members(following["x"] or following["y"]) if c.kind != "person" and c.data.get("form") != "inhabitant"], []
    held = _OBJECT.search(before)
    if held:
        return sentence.members(held["x"]), sentence.members(held["g"])
    preceding = list(re.finditer(r"(?<!\S)(?:aan|ten behoeve van) (?:(?![.;,] |<)\S+ ){0,2}?(?P<x><[ACHOTP]\d+>) ", before[-140:]))
    if preceding:
        return [c for c in sentence.members(preceding[-1]["x"]) if c.kind != "person"], []
    return [], []


def _giver(sentence: Sentence, before: str, after: str, receivers: list[Candidate], sender: str | None) -> list[Candidate]:
    taken = {c.key for c in receivers}
    tokens = re.findall(r"(?<!aan )(?<!door )(?<!van )(?<!met )(?<!voor )(?<!in )(?<!via )(?<!naar )(?<!bij )(?<!over )(?<!tegen )<[ACHO]\d+>", before)
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
    if purpose and not _PERIOD.match(purpose.group()) and not re.match(r"(?:\w+ )?(?:jaar|jaren|de komende)", purpose["p"]):
        yield Draft(amount, "purpose", Value(" ".join(purpose["p"].split()[:12]), "string", "nl"), [index], "money.purpose", 0.7)
