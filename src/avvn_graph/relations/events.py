"""What a letter tells of one event in several places, put together: one identity, one date, one place."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from avvn_graph.facts import Value
from avvn_graph.recognition.candidates import Candidate
from avvn_graph.relations.dates import compatible
from avvn_graph.relations.draft import Draft


def settle(drafts: list[Draft]) -> None:
    """Make drafts of the same event share its candidate, and drop the less exact or later of several dates and places."""
    _one_talk(drafts)
    _one_event(drafts)
    _one_value(drafts)


def _one_talk(drafts: Sequence[Draft]) -> None:
    """A talk told only from one side ("overlegden met landen als Iran") is the fuller one with that side, when there is one."""
    talks: dict[str, set[str]] = defaultdict(set)
    by_key: dict[str, Candidate] = {}
    for d in drafts:
        if d.predicate == "attendedBy" and d.subject and d.subject.data.get("type") == "BilateralTalk" and isinstance(d.object, Candidate):
            talks[d.subject.key or ""].add(d.object.key or "")
            by_key.setdefault(d.subject.key or "", d.subject)
    for d in drafts:
        if d.subject and d.subject.data.get("made") and len(talks.get(d.subject.key or "", ())) == 1:
            side = next(iter(talks[d.subject.key or ""]))
            fuller = [k for k, sides in talks.items() if side in sides and len(sides) > 1]
            if len(fuller) == 1:
                d.subject = by_key[fuller[0]]


def _one_event(drafts: Sequence[Draft]) -> None:
    """A meeting told without a topic ("een bijeenkomst") is the one told elsewhere in the letter with the same organisers.

    A letter says in short what its annex reports; two organisers at least must be the same, and all of them.
    """
    by: dict[str, set[str]] = defaultdict(set)
    events: dict[str, Candidate] = {}
    for d in drafts:
        if d.predicate == "organisedBy" and d.subject and isinstance(d.object, Candidate):
            by[d.subject.key or ""].add(d.object.key or "")
            events[d.subject.key or ""] = d.subject
    same: dict[str, Candidate] = {}
    for key, event in events.items():
        if len(by[key]) >= 2 and not ({"topic", "title"} & event.data.keys()):
            fuller = [k for k, who in by.items() if k != key and who == by[key] and {"topic", "title"} & events[k].data.keys()]
            if len(fuller) == 1:
                same[key] = events[fuller[0]]
    for d in drafts:
        if d.subject and d.subject.key in same and d.subject.kind == "event":
            d.subject = same[d.subject.key or ""]


def _one_value(drafts: list[Draft]) -> None:
    """An event has one first day, one last day and one place: the first told, made more exact by the later ones.

    "In december" and then "op 9 en 10 december" is one date; "op 18 september" and then "op 20 september" is not, and the
    first stands, since a letter introduces a meeting with its date and later mentions stand nearer to other dates.
    """
    first: dict[tuple[str, str], str] = {}
    for d in drafts:
        if d.subject and d.subject.kind == "event" and d.predicate in ("startDate", "endDate", "place") and isinstance(d.object, Value):
            known = first.get((d.subject.key or "", d.predicate))
            if known is None or (d.predicate != "place" and compatible(known, d.object.text) and len(d.object.text) > len(known)):
                first[d.subject.key or "", d.predicate] = d.object.text
    drafts[:] = [d for d in drafts
                 if not (d.subject and isinstance(d.object, Value) and (d.subject.key or "", d.predicate) in first)
                 or first[d.subject.key or "", d.predicate] == d.object.text]


def worth_keeping(event: Candidate, told: bool) -> bool:
    """Whether an event that is only named is one: "overige bijeenkomsten", of which nothing is told, are none."""
    d = event.data
    if told or {"title", "assembly", "fixed"} & d.keys():
        return True
    return not d.get("plural") and bool("topic" in d or d.get("pre") or d.get("compound") or d.get("definite"))
