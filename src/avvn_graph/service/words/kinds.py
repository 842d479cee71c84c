"""Kinds of things: one and many, in Dutch and English."""

KINDS: dict[str, tuple[tuple[str, str], tuple[str, str]]] = {
    "document": (("brief", "letter"), ("brieven", "letters")),
    "country": (("land", "country"), ("landen", "countries")),
    "organisation": (("organisatie", "organisation"), ("organisaties", "organisations")),
    "person": (("persoon", "person"), ("personen", "people")),
    "event": (("bijeenkomst", "event"), ("bijeenkomsten", "events")),
    "resolution": (("resolutie", "resolution"), ("resoluties", "resolutions")),
    "amount": (("bedrag", "amount"), ("bedragen", "amounts")),
    "treaty": (("verdrag", "treaty"), ("verdragen", "treaties")),
    "mission": (("vredesmissie", "peace mission"), ("vredesmissies", "peace missions")),
    "dossier": (("Kamerstuk", "parliamentary paper"), ("Kamerstukken", "parliamentary papers")),
    "post": (("ambt", "office"), ("ambten", "offices")),
    "group": (("fractie", "party group"), ("fracties", "party groups")),
    "thing": (("iets met een naam", "something named"), ("overige namen", "other names")),
    "passage": (("passage", "passage"), ("passages", "passages")),
    "mention": (("vermelding", "mention"), ("vermeldingen", "mentions")),
    "statement": (("bewering", "statement"), ("beweringen", "statements")),
    "rule": (("regel", "rule"), ("regels", "rules")),
    "build": (("bouw van de graaf", "build of the graph"), ("bouwen van de graaf", "builds of the graph")),
    "software": (("programmatuur", "software"), ("programmatuur", "software")),
}
