"""What a parameter of a canned query can be: the things that do stand in that place in the graph."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from avvn_graph.catalogue import CannedQuery, Parameter
from avvn_graph.service import facets, lookups
from avvn_graph.service.deps import State
from avvn_graph.service.graphs import Snapshot
from avvn_graph.service.pages.layout import capital
from avvn_graph.service.pages.things import Names, letters
from avvn_graph.service.words import COLUMNS, RELATIONS, WORDS

# The predicate in whose object (or subject) a parameter's things stand; by query and parameter, else by parameter.
_PLACES: dict[str, str] = {
    "initiator": "?s avvn:initiatedBy ?e", "body": "?s avvn:adoptedBy ?e", "organiser": "?s avvn:organisedBy ?e",
    "attendee": "?s avvn:attendedBy ?e", "contributor": "?s avvn:pledgedBy ?e", "recipient": "?e ^avvn:recipient ?s",
    "person": "?s avvn:attendedBy|avvn:speaker ?e", "event": "?e avvn:attendedBy|avvn:speaker|avvn:organisedBy|avvn:chairedBy ?s",
    "memberships.country": "?e avvn:memberOf ?s", "troop-contributions.country": "?e avvn:contributesTo ?s",
    "chairs.country": "?s avvn:chairedBy ?e", "initiatives.country": "?s avvn:initiativeOf ?e",
    "events-together.country": "?s avvn:organisedBy ?e", "offices.person": "?e avvn:holdsOffice ?s",
    "resolution-votes.country": "?s avvn:supportedBy|avvn:votedAgainstBy|avvn:abstainedBy ?e",
}
_MENTIONED = {"country-overview.country": ("country",), "mentions-of.entity": ("country", "organisation", "person", "treaty", "mission", "resolution")}
_VALUES = {
    "currency": "SELECT DISTINCT ?v WHERE { ?s avvn:currency ?v } ORDER BY ?v",
    "session": "SELECT DISTINCT (STR(?n) AS ?v) WHERE { ?s a avvn:Document ; avvn:session ?n } ORDER BY ?v",
    "party": "SELECT DISTINCT (STR(?n) AS ?v) WHERE { ?s avvn:speakerName ?n ; avvn:spokenBy ?g } ORDER BY ?v",
}


@dataclass(frozen=True, slots=True)
class Field:
    """A parameter as a field of a form: a choice when ``options`` (value, name) has any, else an input of ``type``."""

    name: str
    label: str
    required: bool
    value: str
    type: str
    options: list[tuple[str, str]]
    example: str
    said: str


async def fields(app: State, snapshot: Snapshot, query: CannedQuery, values: Mapping[str, str], lang: str) -> list[Field]:
    """The form of a canned query, filled with values; ``said`` is each value for people."""
    found = []
    for parameter in query.parameters:
        value = _plain(parameter, values.get(parameter.name, ""), app.settings.base_iri)
        options = await _options(app, snapshot, query, parameter, value, lang)
        said = next((name for key, name in options if key == value), value)
        kind = "number" if parameter.type in ("integer", "year") else "text"
        label = WORDS[lang].get(f"p_{parameter.name}") or COLUMNS[lang].get(parameter.name) or capital(parameter.name)
        found.append(Field(parameter.name, label, parameter.required, value, kind, options, parameter.example, said))
    return found


def _plain(parameter: Parameter, value: str, base: str) -> str:
    """A value as its options have it: without the base, and without the kind where the parameter names it."""
    value = value.strip().removeprefix(f"{base}id/")
    kind = {"country": "country", "body": "organisation", "document": "document"}.get(parameter.type, parameter.kind)
    if kind:
        value = value.removeprefix(f"{kind}/")
    return value.upper() if parameter.type in ("country", "currency") else value


async def _options(
    app: State, snapshot: Snapshot, query: CannedQuery, parameter: Parameter, value: str, lang: str
) -> list[tuple[str, str]]:
    if parameter.name == "role":
        return [(name, RELATIONS[lang][name, "object"]) for name in ("attendedBy", "speaker")]
    if parameter.type == "document":
        return [(letter.slug, letter.short(lang)) for letter in (await letters(snapshot)).values()]
    if parameter.name in _VALUES:
        rows = await snapshot.select(lookups.HEADER + _VALUES[parameter.name])
        return _with(value, [(row["v"].value, row["v"].value) for row in rows])
    if parameter.type not in ("country", "body", "entity"):
        return []
    place = f"{query.name}.{parameter.name}"
    if place in _MENTIONED:
        iris = [iri for kind in _MENTIONED[place] for iri in facets.of(snapshot).of_kind(kind)]
    else:
        pattern = _PLACES.get(place) or _PLACES.get(parameter.name)
        if pattern is None:
            return []
        rows = await snapshot.select(lookups.HEADER + f"SELECT DISTINCT ?e WHERE {{ {pattern} }} ORDER BY ?e")
        iris = [row["e"].value for row in rows if row["e"].type == "uri"]
    if parameter.type == "country":
        iris = [iri for iri in iris if "/id/country/" in iri]
    known = f"{app.settings.base_iri}id/"
    names = await Names.of(app, snapshot, iris, lang)
    options = sorted(
        ((_plain(parameter, iri, app.settings.base_iri), names.thing(iri).label) for iri in iris), key=lambda o: o[1].casefold())
    if value and all(key != value for key, _ in options):
        kind = {"country": "country", "body": "organisation"}.get(parameter.type, parameter.kind)
        iri = f"{known}{kind}/{value}" if kind else known + value
        try:
            label = (await Names.of(app, snapshot, [iri], lang)).thing(iri).label
        except ValueError:  # what was given is no key; the query itself says so
            return options
        options.insert(0, (value, label))
    return options


def _with(value: str, options: list[tuple[str, str]]) -> list[tuple[str, str]]:
    return options if not value or any(key == value for key, _ in options) else [(value, value), *options]
