"""What the API answers with; the OpenAPI document is made of these."""

from __future__ import annotations

from typing import Generic, TypeVar

from pydantic import BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel

B = "https://w3id.org/avvn/"


class Model(BaseModel):
    """Names are snake_case here and camelCase outside."""

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True, serialize_by_alias=True)


class Name(Model):
    """Something and what it is called."""

    iri: str = Field(description="Its IRI.", examples=[f"{B}id/country/NL"])
    label: str = Field(description="Its preferred name.", examples=["Nederland"])


class Label(Model):
    """One name in one language."""

    value: str = Field(examples=["Nederland"])
    lang: str | None = Field(None, description="BCP 47 language.", examples=["nl"])


class Evidence(Model):
    """A sentence of a letter."""

    text: str = Field(description="The sentence, without line breaks and hyphenation.")
    document: str = Field(description="IRI of the letter.", examples=[f"{B}id/document/verslag-avvn-75"])
    document_title: str = Field(description="Title of the letter.")
    start: int = Field(description="Where it begins in the letter's source, in code points.")
    end: int = Field(description="Where it ends; exclusive.")
    iri: str = Field(description="IRI of the passage.")


class Item(Model):
    """What every item has."""

    iri: str = Field(description="IRI; opening it gives a page or RDF.")
    label: str = Field(description="The preferred name.")
    labels: list[Label] = Field(description="All names.")
    evidence: list[Evidence] = Field(description="The sentences it rests on.")


class Resolution(Item):
    """A resolution."""

    symbol: str | None = Field(None, description="UN symbol.", examples=["S/RES/2417"])
    year: str | None = Field(None, examples=["2018"])
    topic: str | None = Field(None, description="What it is about, in the letter's words.")
    initiators: list[Name] = Field(default=[], description="Who took the initiative, tabled it or is its penholder.")
    bodies: list[Name] = Field(default=[], description="Who adopted it.")


class InitiatedResolution(Resolution):
    """A resolution that a country initiated."""

    how: list[str] = Field(default=[], description="initiative, submitted or penholder.")
    modality: list[str] = Field(default=[], description="realised or planned.")
    statements: list[str] = Field(default=[], description="IRIs of the statements that say so.")


class Minister(Item):
    """A minister."""

    represents: Name | None = Field(None, description="Country or organisation.")
    events: int = Field(description="At how many events the letters place the minister.")


class PersonEvent(Item):
    """An event that somebody attended."""

    roles: list[str] = Field(description="attendedBy, speaker.")
    date: str | None = Field(None, description="First day, as far as it is known.", examples=["2018-09-26"])
    place: str | None = None
    modality: list[str] = Field(default=[], description="realised or planned.")
    statements: list[str] = Field(default=[], description="IRIs of the statements that say so.")


class Event(Item):
    """An event."""

    type: str | None = Field(None, description="Sub-class of Event.", examples=["SideEvent"])
    date: str | None = Field(None, description="First day, as far as it is known.", examples=["2018-09-26"])
    place: str | None = None
    organisers: list[Name] = []
    attendees: list[Name] = []


class Amount(Item):
    """A pledged amount."""

    value: int | float = Field(examples=[100000000])
    currency: str = Field(description="ISO 4217.", examples=["EUR"])
    contributors: list[Name] = []
    recipients: list[Name] = []
    announcers: list[Name] = []
    period: str | None = None
    purpose: str | None = None
    modality: list[str] = Field(default=[], description="realised or planned.")
    statements: list[str] = Field(default=[], description="IRIs of the statements that say so.")


class AmountTotal(Item):
    """What one recipient was pledged in one currency; the item is the recipient."""

    currency: str = Field(examples=["EUR"])
    total: int | float = Field(examples=[100000000])
    amounts: int = Field(description="Of how many amounts it is the sum.")


class Relation(Model):
    """A statement as seen from one of its sides."""

    iri: str = Field(description="IRI of the statement.")
    predicate: str = Field(description="Ontology term.", examples=["initiatedBy"])
    role: str = Field(description="Which side this is: subject or object.")
    other: Name = Field(description="The other side.")
    modality: str = Field(description="realised or planned.")
    evidence: list[Evidence]


T = TypeVar("T", bound=Model)


class Page(Model, Generic[T]):
    """A page of a list."""

    items: list[T] = Field(description="The items of this page.")
    total: int = Field(description="How many items there are on all pages.")
    page: int = Field(description="Number of this page, from 1.")
    size: int = Field(description="Items per page.")
    query: str | None = Field(description="The canned query that was run, see /api/v1/queries; none where the index of words has answered.", examples=["resolutions"])


class Country(Item):
    """A country."""

    same_as: list[str] = Field(default=[], description="The same country elsewhere.")
    constituent_of: list[Name] = Field(default=[], description="The kingdom it is part of.")
    relations: Page[Relation] = Field(description="What the letters say of it.")


class Statement(Item):
    """One extracted fact."""

    subject: Name
    predicate: str = Field(description="Ontology term.", examples=["initiatedBy"])
    object: Name | str = Field(description="A thing, or the text of a value.")
    modality: str = Field(description="realised, planned or calledFor.")
    confidence: float = Field(ge=0, le=1)
    rule: str = Field(description="IRI of the rule that found it.")
    claimed_by: Name | None = Field(None, description="The party group that claims it; none for the sender.")


class Document(Item):
    """A letter."""

    date: str | None = Field(None, examples=["2018-12"])
    session: int | None = Field(None, description="Session of the Assembly.", examples=[73])
    type: str | None = Field(None, examples=["report"])
    source_file: str
    senders: list[str] = []
    passages: int
    mentions: int
    statements: Page[Statement] = Field(description="What it says.")


class Found(Item):
    """A passage that was searched for."""

    section: str | None = Field(None, description="The headings above it.")
    document: Name


class QueryParameter(Model):
    """A parameter of a canned query."""

    name: str
    type: str = Field(examples=["country"])
    required: bool
    description: str
    example: str


class QueryInfo(Model):
    """A canned query."""

    name: str
    title: str
    title_nl: str
    description: str
    parameters: list[QueryParameter]
    href: str = Field(description="Where to run it.")
    sparql: str = Field(description="Its text, with places for the parameters.")


class Queries(Model):
    """All canned queries."""

    items: list[QueryInfo]
    total: int


class QueryRow(Model):
    """A row of a canned query."""

    iri: str | None = Field(description="The first thing in the row.")
    label: str | None = Field(description="What it is called.")
    labels: list[Label]
    values: dict[str, str] = Field(description="Column to value.")
    evidence: list[Evidence]


class QueryResult(Model):
    """A page of the rows of a canned query."""

    query: str
    title: str
    sparql: str = Field(description="The SPARQL that was run.")
    columns: list[str]
    items: list[QueryRow]
    total: int
    page: int
    size: int


class Answer(Model):
    """An answer to a question."""

    question: str
    answered: bool = Field(description="Whether the question was understood.")
    summary: str = Field(description="The answer in a sentence, or why there is none.")
    query: str | None = Field(description="The canned query that was run.", examples=["resolutions-initiated-by"])
    parameters: dict[str, str] = Field(description="The parameters that it was run with.", examples=[{"initiator": "NL"}])
    sparql: str | None = Field(description="The SPARQL that was run.")
    nearest: list[str] = Field(description="Questions that can be answered, when this one cannot.")
    items: list[QueryRow]
    total: int
    page: int
    size: int
