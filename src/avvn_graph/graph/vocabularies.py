"""The reviewed vocabularies (``data/vocabularies``) as quads of their own named graph.

Countries get their names from CLDR (Babel) and our own additions; organisations, missions, treaties, party groups and
office holders come from the YAML files. A file that is not there adds nothing: the extraction says which it needs.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import yaml
from babel import Locale
from pyoxigraph import Literal, NamedNode, Quad

from avvn_graph.errors import AvvnError
from avvn_graph.facts import EntityKind, Ref
from avvn_graph.graph import terms
from avvn_graph.graph.quads import ALT_LABEL, PREF_LABEL, RDF_TYPE, RDFS_LABEL, date_literal
from avvn_graph.graph.terms import DCTERMS, EU_COUNTRY, FOAF, ORG, SCHEMA, SKOS, WIKIDATA, Iris, avvn
from avvn_graph.text import slug

EXACT_MATCH = NamedNode(SKOS + "exactMatch")
HIDDEN_LABEL = NamedNode(SKOS + "hiddenLabel")

_LISTS: tuple[tuple[str, EntityKind], ...] = (
    ("organisations.yaml", "organisation"), ("missions.yaml", "mission"), ("treaties.yaml", "treaty"),
)


def vocabulary_quads(folder: Path, iris: Iris) -> Iterator[Quad]:
    """Quads for the graph ``graph/vocabularies``, possibly with repeats.

    Raises AvvnError that names the file when one is not what it should be.
    """
    graph = iris.graph("vocabularies")
    try:
        yield from _countries(folder, iris, graph)
        for file, kind in _LISTS:
            for row in _read(folder / file) or ():
                yield from _named(row, kind, iris, graph)
        for row in _read(folder / "parties.yaml") or ():
            # The key of a party group is the slug of its name, since that is what stands at the head of its questions.
            yield from _named({**row, "key": slug(str(row["name"]))}, "group", iris, graph)
        yield from _tenures(_read(folder / "offices.yaml") or {}, iris, graph)
    except (KeyError, TypeError, AttributeError) as error:
        raise AvvnError(f"{folder}: a vocabulary file has an entry without {error}; see the comment at its head") from error


def _countries(folder: Path, iris: Iris, graph: NamedNode) -> Iterator[Quad]:
    extra: dict[str, dict[str, Any]] = _read(folder / "countries.yaml") or {}
    identifiers = _identifiers(folder / "country-identifiers.csv")
    dutch, english = Locale("nl").territories, Locale("en").territories
    for code in sorted(identifiers.keys() | extra.keys()):
        row = extra.get(code) or {}
        node = iris.entity(Ref("country", code))
        yield Quad(node, RDF_TYPE, avvn("Country"), graph)
        for language, cldr, own in (("nl", dutch, "names_nl"), ("en", english, "names_en")):
            names = [n for n in (cldr.get(code), *row.get(own, ())) if n] or [code]
            yield from _labels(node, [_plain(n) for n in names], language, graph)
        for name in row.get("actor_names", ()):
            yield Quad(node, ALT_LABEL, Literal(str(name), language="nl"), graph)
        # Adjectives and inhabitants are no names of the country, but a search for them means it.
        for name in (*row.get("adjectives", ()), *row.get("inhabitants", ())):
            yield Quad(node, HIDDEN_LABEL, Literal(str(name), language="nl"), graph)
        if row.get("constituent_of"):
            yield Quad(node, avvn("constituentOf"), iris.entity(Ref("country", row["constituent_of"])), graph)
        alpha3, wikidata = identifiers.get(code, ("", ""))
        if alpha3:
            yield Quad(node, EXACT_MATCH, NamedNode(EU_COUNTRY + alpha3), graph)
        if wikidata:
            yield Quad(node, EXACT_MATCH, NamedNode(WIKIDATA + wikidata), graph)


def _plain(name: str) -> str:
    """CLDR adds "(SAR van China)" and the like."""
    return name.split(" (")[0] if name.endswith(")") else name


def _labels(node: NamedNode, names: Iterable[str], language: str, graph: NamedNode) -> Iterator[Quad]:
    first, *others = dict.fromkeys(names)
    yield Quad(node, RDFS_LABEL, Literal(first, language=language), graph)
    yield Quad(node, PREF_LABEL, Literal(first, language=language), graph)
    for name in others:
        yield Quad(node, ALT_LABEL, Literal(name, language=language), graph)


def _named(row: dict[str, Any], kind: EntityKind, iris: Iris, graph: NamedNode) -> Iterator[Quad]:
    node = iris.entity(Ref(kind, str(row.get("key") or row["acronym"])))
    yield Quad(node, RDF_TYPE, avvn(terms.CLASS_OF_KIND[kind]), graph)
    dutch = [str(n) for n in (row.get("name_nl"), row.get("name"), row.get("acronym")) if n]
    english = [str(n) for n in (row.get("name_en"),) if n]
    yield from _labels(node, dutch or english, "nl", graph)
    if english:
        yield from _labels(node, english, "en", graph)
    for name in row.get("aliases", ()):  # of either language
        yield Quad(node, ALT_LABEL, Literal(str(name)), graph)
    for name in row.get("context_aliases", ()):
        yield Quad(node, HIDDEN_LABEL, Literal(str(name)), graph)
    if row.get("acronym"):
        yield Quad(node, avvn("acronym"), Literal(str(row["acronym"])), graph)
    if row.get("wikidata"):
        yield Quad(node, EXACT_MATCH, NamedNode(WIKIDATA + str(row["wikidata"])), graph)
    if row.get("parent"):
        yield Quad(node, NamedNode(ORG + "subOrganizationOf"), iris.entity(Ref(kind, str(row["parent"]))), graph)
    if row.get("year"):
        yield Quad(node, NamedNode(DCTERMS + "issued"), date_literal(str(row["year"])), graph)


def _tenures(offices: dict[str, Any], iris: Iris, graph: NamedNode) -> Iterator[Quad]:
    """Who held which office when. A family name that several holders share names no one, so they are left out."""
    holders = [(slug(str(h["family_name"])), h) for h in offices.get("holders", ())]
    names: dict[str, set[str]] = {}
    for key, holder in holders:
        names.setdefault(key, set()).add(str(holder.get("full_name") or holder["family_name"]))
    for key, holder in holders:
        if len(names[key]) > 1:
            continue
        (name,) = names[key]
        person = iris.entity(Ref("person", key))
        since, until = str(holder.get("from") or ""), str(holder.get("until") or "")
        yield Quad(person, RDF_TYPE, avvn("Person"), graph)
        yield from _labels(person, [name], "nl", graph)
        yield Quad(person, NamedNode(FOAF + "familyName"), Literal(str(holder["family_name"])), graph)
        yield Quad(person, NamedNode(FOAF + "name"), Literal(name), graph)
        if holder.get("wikidata"):
            yield Quad(person, EXACT_MATCH, NamedNode(WIKIDATA + str(holder["wikidata"])), graph)
        office = str(holder["office"])
        of = str(holder.get("of") or "NL")
        tenure = NamedNode(f"{iris.base}id/tenure/" + "-".join(p for p in (key, slug(office), slug(of), slug(since)) if p))
        yield Quad(tenure, RDF_TYPE, avvn("Tenure"), graph)
        yield Quad(tenure, RDFS_LABEL, Literal(f"{name}, {office} ({of})", language="nl"), graph)
        yield Quad(tenure, NamedNode(ORG + "member"), person, graph)
        yield Quad(tenure, NamedNode(SCHEMA + "roleName"), Literal(office, language="nl"), graph)
        if since:
            yield Quad(tenure, NamedNode(SCHEMA + "startDate"), date_literal(since), graph)
        if until:
            yield Quad(tenure, NamedNode(SCHEMA + "endDate"), date_literal(until), graph)


def _read(path: Path) -> Any:
    if not path.is_file():
        return None
    try:
        return yaml.load(path.read_text(encoding="utf-8"), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    except yaml.YAMLError as error:
        raise AvvnError(f"{path}: not valid YAML: {str(error).splitlines()[0]}") from None


def _identifiers(path: Path) -> dict[str, tuple[str, str]]:
    if not path.is_file():
        return {}
    rows = csv.DictReader(line for line in path.read_text(encoding="utf-8").splitlines() if not line.startswith("#"))
    return {row["alpha2"]: (row["alpha3"], row["wikidata"]) for row in rows}
