"""The reviewed vocabularies in ``data/vocabularies/``, loaded once into plain structures."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml
from babel import Locale

from avvn_graph.errors import AvvnError

_PSEUDO_REGIONS = {"EU", "EZ", "UN", "XA", "XB", "ZZ", "QO", "AC", "CP", "CQ", "DG", "EA", "IC", "TA"}


@dataclass(frozen=True, slots=True)
class Country:
    """A country: ISO code, its names, and the adjectives and inhabitants that imply it."""

    code: str
    names: tuple[str, ...]
    adjectives: tuple[str, ...] = ()
    inhabitants: tuple[str, ...] = ()
    actor_names: tuple[str, ...] = ()
    constituent_of: str | None = None


@dataclass(frozen=True, slots=True)
class Named:
    """An entry of a flat vocabulary: key, names (first is the label) and forms that need context."""

    key: str
    names: tuple[str, ...]
    acronym: str | None = None
    context_names: tuple[str, ...] = ()
    kind: str = ""
    countries: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Holder:
    """Who held an office when; dates are ISO strings, ``until`` exclusive and empty while in office."""

    family_name: str
    full_name: str
    initials: str
    office: str
    country: str
    since: str
    until: str


@dataclass(frozen=True, slots=True)
class Title:
    """A word that introduces a person."""

    form: str
    office: bool
    minister: bool
    singular: str | None = None
    """Of a plural."""


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """All that the recognisers know beforehand."""

    countries: tuple[Country, ...]
    organisations: tuple[Named, ...]
    missions: tuple[Named, ...]
    treaties: tuple[Named, ...]
    parties: tuple[Named, ...]
    holders: tuple[Holder, ...]
    titles: tuple[Title, ...]
    portfolios: tuple[str, ...]
    given_names: frozenset[str]
    family_first: tuple[tuple[str, str], ...] = ()
    """Full names that begin with the family name ("Ban Ki-moon"), each with that family name."""
    places: dict[str, str] = field(default_factory=dict)

    def country_name(self, code: str) -> str:
        """The Dutch name of a country."""
        return next((c.names[0] for c in self.countries if c.code == code), code)


@lru_cache(maxsize=4)
def finite_forms(folder: Path) -> tuple[str, ...]:
    """Forms of the verbs of ``verbs.yaml`` that can only be a verb: they end a noun phrase ("over handel stemden …").

    No infinitives, and no stems, which are often nouns ("steun", "bezoek", "stem").
    """
    rows = _read(folder, "verbs.yaml")
    forms = set()
    for verb, text in rows["forms"].items():
        stem, *others = text.split("|")[0].split()
        forms |= {f for f in others if f not in (verb, stem)}
    return tuple(sorted(forms - set(rows.get("also_nouns", ()))))


def _read(folder: Path, name: str) -> Any:
    path = folder / name
    try:
        return yaml.load(path.read_text(encoding="utf-8"), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    except FileNotFoundError:
        raise AvvnError(f"{path}: vocabulary file is missing; set AVVN_VOCABULARIES to the folder that has it") from None
    except yaml.YAMLError as error:
        raise AvvnError(f"{path}: not valid YAML: {str(error).splitlines()[0]}") from None


def _territories(language: str) -> dict[str, str]:
    return {str(code): str(name) for code, name in Locale(language).territories.items()}


def _countries(folder: Path) -> tuple[Country, ...]:
    extra: dict[str, dict[str, Any]] = _read(folder, "countries.yaml")
    nl, en = (_territories(language) for language in ("nl", "en"))
    codes = sorted({c for c in nl if len(c) == 2 and c.isalpha() and c not in _PSEUDO_REGIONS} | set(extra))
    out = []
    for code in codes:
        row = extra.get(code) or {}
        names = [n for n in (nl.get(code), *row.get("names_nl", []), en.get(code), *row.get("names_en", [])) if n]
        names = [n.split(" (")[0] if n.endswith(")") else n for n in names]
        out.append(Country(
            code, tuple(dict.fromkeys(names)), tuple(row.get("adjectives", ())), tuple(row.get("inhabitants", ())),
            tuple(row.get("actor_names", ())), row.get("constituent_of"),
        ))
    return tuple(out)


def _named(rows: list[dict[str, Any]]) -> tuple[Named, ...]:
    out = []
    for row in rows:
        key = str(row.get("key") or row["acronym"])
        names = [row.get("name_nl"), row.get("name_en"), row.get("name"), row.get("acronym"), *row.get("aliases", [])]
        country = row.get("country") or ()
        out.append(Named(
            key, tuple(dict.fromkeys(str(n) for n in names if n)), row.get("acronym"),
            tuple(row.get("context_aliases", ())), str(row.get("kind", "")),
            (country,) if isinstance(country, str) else tuple(country),
        ))
    return tuple(out)


@lru_cache(maxsize=4)
def load_vocabulary(folder: Path) -> Vocabulary:
    """Read every vocabulary file of a folder.

    Raises AvvnError that names the file when one is missing or is not YAML.
    """
    offices = _read(folder, "offices.yaml")
    given = folder / "given_names.txt"
    places: dict[str, str] = {}
    for row in _read(folder, "places.yaml"):
        for name in (row["name_nl"], *row.get("aliases", [])):
            places[name] = row["name_nl"]
    titles = []
    for row in offices["titles"]:
        for form in (row["form"], row.get("plural")):
            if form:
                titles.append(Title(form, bool(row.get("office")), bool(row.get("minister")), row["form"] if form != row["form"] else None))
    return Vocabulary(
        countries=_countries(folder),
        organisations=_named(_read(folder, "organisations.yaml")),
        missions=_named(_read(folder, "missions.yaml")),
        treaties=_named(_read(folder, "treaties.yaml")),
        parties=_named(_read(folder, "parties.yaml")),
        holders=tuple(
            Holder(h["family_name"], h.get("full_name", ""), h.get("initials", ""), h["office"], h.get("of", "NL"),
                   str(h.get("from") or ""), str(h.get("until") or ""))
            for h in offices["holders"]
        ),
        titles=tuple(titles),
        portfolios=tuple(offices["portfolios_nl"]),
        given_names=frozenset(
            line.strip() for line in given.read_text(encoding="utf-8").splitlines()
            if line.strip() and not line.startswith("#")
        ),
        places=places,
        family_first=tuple((str(name), str(name).split(" ")[0]) for name in offices.get("family_first", ())),
    )


# A noun phrase does not go on with a determiner: what stands there is the next constituent, and the verb before it.
_NEXT_CONSTITUENT = re.compile(r"(?<![,(«“])[ ](?P<before>[\w’'-]+)[ ](?:de|het|een|dit|deze|hun|zijn|haar|onze|ons)[ ]")
_BEFORE_DETERMINER = {
    "van", "voor", "over", "in", "op", "met", "tot", "bij", "aan", "naar", "en", "of", "door", "uit", "onder", "tegen", "tussen", "om", "rond",
    "rondom", "tijdens", "binnen", "buiten", "zonder", "na", "via", "per", "alsmede", "alsook", "evenals", "inzake", "betreffende", "ten", "al",
    "heel", "zowel", "als", "dan", "sinds", "vanuit", "wegens", "vanwege", "ondanks", "namens", "gedurende", "jegens", "richting", "omtrent", "volgens",
}


def next_constituent(text: str, start: int, end: int) -> int:
    """Where the noun phrase from ``start`` ends, at the latest at ``end``: before a determiner that no preposition governs."""
    for m in _NEXT_CONSTITUENT.finditer(text, start - 1, end):
        if m["before"].lower() not in _BEFORE_DETERMINER:
            verb = m["before"].islower() and m.start() > start and m["before"].endswith(("t", "de", "te", "den", "ten"))
            return m.start() if verb else m.end("before")
    return end
