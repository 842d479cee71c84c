"""Every canned query on the real graph; what is expected was read in the letters."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from avvn_graph.catalogue import load

Rows = list[dict[str, str]]
Canned = Callable[..., Rows]
QUERIES = load(Path(__file__).resolve().parent.parent / "queries")


def keys(rows: Rows, column: str) -> set[str]:
    """The last part of the IRIs in a column."""
    return {r[column].rsplit("/", 1)[-1] for r in rows if column in r}


def of(rows: Rows, **wanted: str) -> Rows:
    """The rows whose IRIs end in the wanted keys."""
    return [r for r in rows if all(r.get(c, "").endswith(v) for c, v in wanted.items())]


@pytest.mark.parametrize("name", QUERIES)
def test_every_query_runs_and_is_described(name: str, canned: Canned) -> None:
    query = QUERIES[name]
    assert query.title
    assert query.title_nl
    assert len(query.description) > 30
    required = {p.name: p.example for p in query.parameters if p.required}
    assert all(required.values()), "a required parameter has an example"
    rows = canned(name, **required)
    if name != "statement":  # its example is the form of an id, not one of this build
        assert rows


def test_resolutions_the_netherlands_initiated(canned: Canned) -> None:
    rows = canned("resolutions-initiated-by", initiator="NL")
    assert {r.get("symbol") for r in rows} >= {"S/RES/2417"}
    topics = {r["topic"] for r in rows}
    assert any("kindhuwelijken" in t for t in topics)
    assert any("geweld tegen vrouwen" in t for t in topics)
    assert any("Equal Political Participation" in t for t in topics)
    assert any("Strafhof" in t for t in topics)
    assert not any("Jemen" in t for t in topics), "tabled by the Arab Group"
    assert all(r["evidence"] and r["documentTitle"] for r in rows)


def test_co_initiators_body_and_year(canned: Canned) -> None:
    rows = canned("resolutions-initiated-by", initiator="CZ")
    assert len(rows) == 1
    assert set(rows[0]["coInitiators"].split(", ")) == {"Tsjechië", "Botswana", "Peru", "Indonesië", "Nederland"}
    assert {r["symbol"] for r in canned("resolutions-initiated-by", initiator="NL", body="VNVR", year="2018")} == {"S/RES/2417"}
    assert canned("resolutions-initiated-by", initiator="NL", year="1999") == []


def test_adopted_by_the_council(canned: Canned) -> None:
    assert "S-RES-2417" in keys(canned("resolutions-adopted-by", body="VNVR"), "resolution")


def test_china_supported_the_who_resolution(canned: Canned) -> None:
    rows = canned("resolution-votes", country="CN")
    assert any(r["vote"] == "supported" and "146 landen" in r["evidence"] for r in rows)


def test_where_kaag_spoke_in_2018(canned: Canned) -> None:
    labels = " | ".join(r["label"] for r in canned("person-events", person="kaag", role="speaker", year="2018"))
    for words in ("12 years to leave no girl behind", "World Benchmarking Alliance", "Jordanië", "Financing the 2030 Agenda"):
        assert words in labels
    assert canned("person-events", person="kaag", role="speaker", year="2012") == []


def test_who_organised_the_side_event_on_mental_health(canned: Canned) -> None:
    rows = list(canned("events-organised-by", organiser="country/BH"))
    assert len({r["event"] for r in rows}) == 1
    assert set(rows[0]["organisers"].split(", ")) == {"Nederland", "Bahrein", "België", "Canada"}


def test_what_rwanda_organised_with_others(canned: Canned) -> None:
    rows = of(canned("events-together", country="RW"), first="/NL", second="/RW")
    assert any("Kigali" in r["evidence"] for r in rows)


def test_events_by_attendee_and_session(canned: Canned) -> None:
    assert "cop" not in " ".join(keys(canned("events", attendee="person/mogherini", session="73"), "event"))
    assert any("kernstopverdrag" in r["evidence"] or "CTBT" in r["evidence"] for r in canned("events", attendee="person/mogherini"))
    assert canned("events", attendee="person/mogherini", session="72") == []


def test_event_participants(canned: Canned) -> None:
    rows = canned("event-participants", event="mandela-peace-summit-2018")
    assert {(r["role"], r["participant"].rsplit("/", 1)[-1]) for r in rows} >= {("speaker", "romeo-marlin"), ("attendedBy", "romeo-marlin")}


@pytest.mark.parametrize(("recipient", "value"), [("GPE", "100000000"), ("ECW", "15000000"), ("GFF", "58500000"), ("PBF", "10000000")])
def test_pledges_of_the_netherlands(canned: Canned, recipient: str, value: str) -> None:
    rows = canned("amounts", contributor="country/NL", recipient=f"organisation/{recipient}")
    assert {r["value"] for r in rows} == {value}
    assert {r["currency"] for r in rows} == {"EUR"}


def test_totals_count_a_pledge_told_twice_once(canned: Canned) -> None:
    totals = {r["recipient"].rsplit("/", 1)[-1]: r["total"] for r in canned("amount-totals-by-recipient", contributor="country/NL")}
    assert totals["GPE"] == "100000000"
    assert totals["ECW"] == "15000000"


def test_kaag_announced_the_pledge_to_education_cannot_wait(canned: Canned) -> None:
    assert "kaag" in keys(canned("amounts", recipient="organisation/ECW"), "announcer")


def test_memberships_of_the_netherlands(canned: Canned) -> None:
    assert keys(canned("memberships", country="NL"), "body") >= {"VNVR", "HRC"}


def test_morocco_chairs_the_counter_terrorism_forum(canned: Canned) -> None:
    assert "GCTF" in keys(canned("chairs", country="MA"), "chaired")


def test_personnel_in_peace_missions(canned: Canned) -> None:
    people = {r["mission"].rsplit("/", 1)[-1]: r.get("personnel") for r in canned("troop-contributions", country="NL")}
    assert people == people | {"MINUSMA": people["MINUSMA"], "UNMISS": people["UNMISS"], "UNDOF": "2", "UNTSO": "12", "MONUSCO": "4", "UNIFIL": "1"}


def test_costa_rica_initiated_the_treaty_of_san_jose(canned: Canned) -> None:
    assert "verdrag-van-san-jose" in keys(canned("initiatives", country="CR"), "thing")


def test_offices(canned: Canned) -> None:
    assert any("Defensie" in r["officeLabel"] for r in canned("offices", person="bijleveld"))


def test_ministers_are_ranked_by_meetings(canned: Canned) -> None:
    rows = canned("ministers")
    assert {"blok", "kaag", "rutte"} <= keys(rows[:4], "person")


def test_countries_are_counted_by_mentions(canned: Canned) -> None:
    rows = canned("countries")
    assert rows[0]["country"].endswith("/NL")
    assert len(rows) > 70


def test_overview_of_bahrain(canned: Canned) -> None:
    assert {r["predicate"] for r in canned("country-overview", country="BH")} == {"organisedBy"}


def test_letters_that_mention_a_resolution(canned: Canned) -> None:
    assert keys(canned("mentions-of", entity="resolution/S-RES-2417"), "document") >= {
        "verslag-avvn-73", "inzet-avvn-75", "schriftelijk-overleg-avvn-75", "veiligheidsraad-2018"}


def test_planned_membership_was_reported(canned: Canned) -> None:
    rows = canned("planned-and-reported")
    assert any(r["predicate"] == "memberOf" and r["planDocument"].endswith("inzet-avvn-72") for r in rows)


def test_questions_by_party_on_a_topic(canned: Canned) -> None:
    rows = canned("questions-by-party", party="D66", topic="kernwapen")
    assert rows
    assert all("kernwapen" in r["evidence"].lower() for r in rows)
    assert canned("questions-by-party", party="D66", topic="postzegels") == []


def test_question_eight_and_its_answer(canned: Canned) -> None:
    rows = canned("answer", document="schriftelijk-overleg-avvn-75", number="8")
    assert any("motie van het lid Koopmans" in r["evidence"] for r in rows if r["kind"] == "question")
    assert any("Rethinking Arms Control" in r["evidence"] for r in rows if r["kind"] == "answer")


def test_references_of_a_letter(canned: Canned) -> None:
    identifiers = {r["identifier"] for r in canned("references", document="verslag-avvn-73")}
    assert identifiers == {"33694-12", "34919-1", "34952-1", "26150-171", "34775-V-20", "32623-193", "26150-176"}


def test_documents(canned: Canned) -> None:
    assert len(canned("documents")) == 5


def test_one_statement(canned: Canned) -> None:
    some = canned("document-statements", document="inzet-avvn-72")[0]["statement"]
    assert canned("statement", statement=some)[0]["statement"] == some


def test_search(canned: Canned) -> None:
    assert all("bronzen penning" in r["evidence"] for r in canned("search", q="bronzen penning"))
    assert canned("search", q="bronzen penning")


def test_who_speaks_for_a_country(canned: Canned) -> None:
    rows = canned("speaks-for", country="AW")
    assert "wever-croes" in keys(rows, "person")
    assert {"rutte", "kaag", "blok"} <= keys(canned("speaks-for", country="NL"), "person")
    assert "trump" not in keys(canned("speaks-for", country="NL"), "person")
