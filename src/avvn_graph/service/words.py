"""The words of the pages, in Dutch and English."""

_DUTCH = {
    "site": "AVVN-graaf",
    "about": "Wat Nederland en anderen in de Verenigde Naties deden, zeiden en beloofden, volgens brieven aan de Tweede Kamer. Elk feit met de zin waarop het rust.",
    "question": "Stel een vraag", "ask": "Vraag", "example": "welke resoluties heeft Nederland geïnitieerd?",
    "tryThese": "Bijvoorbeeld", "letters": "Brieven", "answer": "Antwoord", "cannot": "Deze vraag kan ik niet beantwoorden.",
    "canAsk": "Wat ik wel kan beantwoorden", "nothing": "De brieven zeggen hier niets over.", "evidence": "Vindplaats",
    "showQuery": "De SPARQL-vraag die gesteld is", "parameters": "Parameters", "rows": "rijen", "more": "meer",
    "notBuilt": "Er is nog geen graaf gebouwd: geef het commando avvn-graph build.",
    "otherNames": "Ook", "statements": "Wat de brieven erover zeggen", "mentions": "Waar het genoemd wordt", "facts": "Gegevens",
    "data": "Als data", "text": "Tekst", "claimedBy": "volgens", "kind": "Soort", "first": "de eerste",
    "ontology": "Ontologie", "Class": "Klassen", "ObjectProperty": "Relaties", "DatatypeProperty": "Kenmerken", "under": "valt onder",
    "queryPage": "SPARQL-vraag", "run": "Uitvoeren", "format": "Formaat", "api": "API", "description": "Beschrijving van de dienst",
    "realised": "gebeurd", "planned": "gepland", "calledFor": "bepleit", "mention": "vermelding", "required": "verplicht",
    "limit": "Een vraag mag zoveel seconden duren:", "languageName": "English", "languageCode": "en", "home": "Begin",
    "returns": "Geeft", "speaker": "Spreker",
}
_ENGLISH = {
    "site": "AVVN graph",
    "about": "What the Netherlands and others did, said and promised in the United Nations, according to letters to the Dutch parliament. Each fact with the sentence it rests on.",
    "question": "Ask a question", "ask": "Ask", "example": "which resolutions did the Netherlands initiate?",
    "tryThese": "For example", "letters": "Letters", "answer": "Answer", "cannot": "I cannot answer this.",
    "canAsk": "What I can answer", "nothing": "The letters say nothing of this.", "evidence": "Found in",
    "showQuery": "The SPARQL query that was asked", "parameters": "Parameters", "rows": "rows", "more": "more",
    "notBuilt": "No graph has been built yet: run avvn-graph build.",
    "otherNames": "Also", "statements": "What the letters say of it", "mentions": "Where it is mentioned", "facts": "Data",
    "data": "As data", "text": "Text", "claimedBy": "according to", "kind": "Kind", "first": "the first",
    "ontology": "Ontology", "Class": "Classes", "ObjectProperty": "Relations", "DatatypeProperty": "Attributes", "under": "is under",
    "queryPage": "SPARQL query", "run": "Run", "format": "Format", "api": "API", "description": "Service description",
    "realised": "realised", "planned": "planned", "calledFor": "called for", "mention": "mention", "required": "required",
    "limit": "Seconds that a query may take:", "languageName": "Nederlands", "languageCode": "nl", "home": "Home",
    "returns": "Gives", "speaker": "Speaker",
}

COLUMNS = {
    "nl": {
        "resolution": "Resolutie", "symbol": "Nummer", "year": "Jaar", "topic": "Onderwerp", "how": "Hoe", "coInitiators": "Initiatiefnemers",
        "initiators": "Initiatiefnemers", "bodies": "Aangenomen door", "modality": "Stand", "event": "Bijeenkomst", "role": "Rol", "date": "Datum",
        "place": "Plaats", "amount": "Bedrag", "value": "Waarde", "currency": "Munt", "contributor": "Gever", "recipient": "Ontvanger",
        "announcer": "Aangekondigd door", "period": "Periode", "purpose": "Doel", "organisers": "Organisatoren", "attendees": "Aanwezig",
        "country": "Land", "person": "Persoon", "total": "Totaal", "amounts": "Bedragen", "type": "Soort", "speaker": "Spreker",
    },
    "en": {
        "resolution": "Resolution", "symbol": "Number", "year": "Year", "topic": "Topic", "how": "How", "coInitiators": "Initiators",
        "initiators": "Initiators", "bodies": "Adopted by", "modality": "Status", "event": "Event", "role": "Role", "date": "Date",
        "place": "Place", "amount": "Amount", "value": "Value", "currency": "Currency", "contributor": "Giver", "recipient": "Recipient",
        "announcer": "Announced by", "period": "Period", "purpose": "Purpose", "organisers": "Organisers", "attendees": "Attended by",
        "country": "Country", "person": "Person", "total": "Total", "amounts": "Amounts", "type": "Kind", "speaker": "Speaker",
    },
}
"""What the commonest columns of canned queries are called on a page."""

WORDS = {"nl": _DUTCH, "en": _ENGLISH}
