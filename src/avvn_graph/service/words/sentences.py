"""The answer to a question in one sentence, by canned query: none, one and many, in Dutch and English.

``{n}`` is the number of things found, ``{them}`` the first of their names, and each parameter of the query stands under its
own name; ``{in_year}`` and ``{as}`` are empty where no year or role was asked. A key ``query:parameter`` is for the query with
that parameter alone. When a parameter that a sentence needs was not given, ``OTHERWISE`` says it.
"""

SENTENCES: dict[str, tuple[tuple[str, str, str], tuple[str, str, str]]] = {
    "resolutions-initiated-by": (
        ("De brieven noemen{in_year} geen resolutie waartoe {initiator} het initiatief nam.", "{initiator} nam{in_year} het initiatief tot één resolutie: {them}.",
         "{initiator} nam{in_year} het initiatief tot {n} resoluties, zoals {them}."),
        ("The letters name no resolution initiated by {initiator}{in_year}.", "{initiator} initiated one resolution{in_year}: {them}.",
         "{initiator} initiated {n} resolutions{in_year}, such as {them}."),
    ),
    "resolutions-adopted-by": (
        ("De brieven noemen geen resolutie, aangenomen door {body}.", "Volgens de brieven is één resolutie aangenomen door {body}: {them}.", "Volgens de brieven zijn {n} resoluties aangenomen door {body}, zoals {them}."),
        ("The letters name no resolution adopted by {body}.", "{body} adopted one resolution: {them}.", "{body} adopted {n} resolutions, such as {them}."),
    ),
    "resolutions": (
        ("De brieven noemen zo geen resolutie.", "De brieven noemen één zo’n resolutie: {them}.", "De brieven noemen {n} van zulke resoluties, zoals {them}."),
        ("The letters name no such resolution.", "The letters name one such resolution: {them}.", "The letters name {n} such resolutions, such as {them}."),
    ),
    "resolution-votes": (
        ("De brieven melden niet hoe {country} stemde.", "De brieven melden van één resolutie wat {country} stemde: {them}.",
         "De brieven melden van {n} resoluties wat {country} stemde, zoals {them}."),
        ("The letters do not tell how {country} voted.", "The letters tell of one resolution how {country} voted: {them}.",
         "The letters tell of {n} resolutions how {country} voted, such as {them}."),
    ),
    "amount-totals-by-recipient": (
        ("De brieven noemen geen bedrag dat {contributor} toezegde.", "{contributor} zegde aan één ontvanger geld toe: {them}.",
         "{contributor} zegde aan {n} ontvangers geld toe, het meest aan {them}."),
        ("The letters name no amount that {contributor} pledged.", "{contributor} pledged money to one recipient: {them}.",
         "{contributor} pledged money to {n} recipients, most of it to {them}."),
    ),
    "amounts": (
        ("De brieven noemen geen bedrag van {contributor} voor {recipient}.", "{contributor} zegde één bedrag toe aan {recipient}: {them}.",
         "{contributor} zegde {n} bedragen toe aan {recipient}, waaronder {them}."),
        ("The letters name no amount from {contributor} to {recipient}.", "{contributor} pledged one amount to {recipient}: {them}.",
         "{contributor} pledged {n} amounts to {recipient}, among them {them}."),
    ),
    "amounts:contributor": (
        ("De brieven noemen geen bedrag dat {contributor} toezegde.", "{contributor} zegde één bedrag toe: {them}.",
         "{contributor} zegde {n} bedragen toe, waaronder {them}."),
        ("The letters name no amount pledged by {contributor}.", "{contributor} pledged one amount: {them}.",
         "{contributor} pledged {n} amounts, among them {them}."),
    ),
    "amounts:recipient": (
        ("De brieven noemen geen bedrag voor {recipient}.", "Aan {recipient} is één bedrag toegezegd: {them}.",
         "Aan {recipient} zijn {n} bedragen toegezegd, waaronder {them}."),
        ("The letters name no amount for {recipient}.", "One amount was pledged to {recipient}: {them}.",
         "{n} amounts were pledged to {recipient}, among them {them}."),
    ),
    "troop-contributions": (
        ("De brieven noemen geen vredesmissie waaraan {country} bijdraagt.", "{country} draagt bij aan één vredesmissie: {them}.",
         "{country} draagt bij aan {n} vredesmissies, zoals {them}."),
        ("The letters name no peace mission to which {country} contributes.", "{country} contributes to one peace mission: {them}.",
         "{country} contributes to {n} peace missions, such as {them}."),
    ),
    "person-events": (
        ("De brieven plaatsen {person}{as}{in_year} bij geen bijeenkomst.", "De brieven plaatsen {person}{as}{in_year} bij één bijeenkomst: {them}.",
         "De brieven plaatsen {person}{as}{in_year} bij {n} bijeenkomsten, zoals {them}."),
        ("The letters place {person}{as}{in_year} at no event.", "The letters place {person}{as}{in_year} at one event: {them}.",
         "The letters place {person}{as}{in_year} at {n} events, such as {them}."),
    ),
    "event-participants": (
        ("De brieven zeggen niet wie bij {event} betrokken was.", "Bij {event} noemen de brieven er één: {them}.",
         "Bij {event} noemen de brieven er {n}, onder wie {them}."),
        ("The letters do not tell who took part in {event}.", "The letters name one participant of {event}: {them}.",
         "The letters name {n} participants of {event}, among them {them}."),
    ),
    "events-organised-by": (
        ("De brieven noemen geen bijeenkomst die {organiser} organiseerde.", "{organiser} organiseerde één bijeenkomst: {them}.",
         "{organiser} organiseerde {n} bijeenkomsten, zoals {them}."),
        ("The letters name no event organised by {organiser}.", "{organiser} organised one event: {them}.", "{organiser} organised {n} events, such as {them}."),
    ),
    "events-together": (
        ("De brieven noemen geen bijeenkomst die {country} samen met een ander organiseerde.",
         "{country} organiseerde één bijeenkomst samen met anderen: {them}.", "{country} organiseerde {n} bijeenkomsten samen met anderen, zoals {them}."),
        ("The letters name no event that {country} organised together with another.", "{country} organised one event together with others: {them}.",
         "{country} organised {n} events together with others, such as {them}."),
    ),
    "events": (
        ("De brieven noemen zo geen bijeenkomst.", "De brieven noemen één zo’n bijeenkomst: {them}.", "De brieven noemen {n} van zulke bijeenkomsten, zoals {them}."),
        ("The letters name no such event.", "The letters name one such event: {them}.", "The letters name {n} such events, such as {them}."),
    ),
    "memberships": (
        ("De brieven zeggen niet waarvan {country} lid is.", "{country} is volgens de brieven lid van één orgaan: {them}.",
         "{country} is volgens de brieven lid van {n} organen, zoals {them}."),
        ("The letters do not tell of what {country} is a member.", "According to the letters {country} is a member of one body: {them}.",
         "According to the letters {country} is a member of {n} bodies, such as {them}."),
    ),
    "chairs": (
        ("De brieven noemen niets dat {country} voorzat.", "{country} zat volgens de brieven één bijeenkomst of orgaan voor: {them}.",
         "{country} zat volgens de brieven {n} bijeenkomsten of organen voor, zoals {them}."),
        ("The letters name nothing that {country} chaired.", "According to the letters {country} chaired one event or body: {them}.",
         "According to the letters {country} chaired {n} events or bodies, such as {them}."),
    ),
    "initiatives": (
        ("De brieven noemen niets dat {country} begon.", "{country} nam het initiatief tot één verdrag, orgaan of bijeenkomst: {them}.",
         "{country} nam het initiatief tot {n} verdragen, organen of bijeenkomsten, zoals {them}."),
        ("The letters name nothing that {country} began.", "{country} initiated one treaty, body or event: {them}.",
         "{country} initiated {n} treaties, bodies or events, such as {them}."),
    ),
    "offices": (
        ("De brieven noemen geen ambt van {person}.", "{person} bekleedde volgens de brieven één ambt: {them}.",
         "{person} bekleedde volgens de brieven {n} ambten, zoals {them}."),
        ("The letters name no office of {person}.", "According to the letters {person} held one office: {them}.",
         "According to the letters {person} held {n} offices, such as {them}."),
    ),
    "ministers": (
        ("De brieven noemen geen bewindspersonen.", "De brieven noemen één bewindspersoon: {them}.", "De brieven noemen {n} bewindspersonen, het vaakst {them}."),
        ("The letters name no ministers.", "The letters name one minister: {them}.", "The letters name {n} ministers, most often {them}."),
    ),
    "planned-and-reported": (
        ("Geen plan uit de ene brief komt in een latere als gebeurd terug.", "Eén plan uit de ene brief komt in een latere als gebeurd terug.",
         "{n} plannen uit de ene brief komen in een latere als gebeurd terug."),
        ("No plan of one letter is reported in a later one.", "One plan of a letter is reported in a later one.", "{n} plans of a letter are reported in a later one."),
    ),
    "mentions-of": (
        ("Geen brief noemt {entity}.", "Eén brief noemt {entity}: {them}.", "{n} brieven noemen {entity}."),
        ("No letter mentions {entity}.", "One letter mentions {entity}: {them}.", "{n} letters mention {entity}."),
    ),
    "questions-by-party": (
        ("Van {party} staat hierover geen vraag in de brieven.", "Van {party} staat hierover één vraagzin in de brieven.",
         "Van {party} staan hierover {n} vraagzinnen in de brieven."),
        ("The letters hold no such question of {party}.", "The letters hold one such sentence of {party}.", "The letters hold {n} such sentences of {party}."),
    ),
    "resolution-votes:": (
        ("De brieven melden van geen resolutie wie hoe stemde.", "De brieven melden van één resolutie wie haar steunde of niet: {them}.",
         "De brieven melden van {n} resoluties wie ze steunde of niet, zoals {them}."),
        ("The letters tell of no resolution who supported it.", "The letters tell of one resolution who supported it or not: {them}.",
         "The letters tell of {n} resolutions who supported them or not, such as {them}."),
    ),
    "amounts:": (
        ("De brieven noemen zo geen bedrag.", "De brieven noemen één zo’n bedrag: {them}.", "De brieven noemen {n} van zulke bedragen, waaronder {them}."),
        ("The letters name no such amount.", "The letters name one such amount: {them}.", "The letters name {n} such amounts, among them {them}."),
    ),
    "amount-totals-by-recipient:": (
        ("De brieven noemen geen ontvanger van geld.", "De brieven noemen één ontvanger van geld: {them}.", "De brieven noemen {n} ontvangers van geld, zoals {them}."),
        ("The letters name no recipient of money.", "The letters name one recipient of money: {them}.", "The letters name {n} recipients of money, such as {them}."),
    ),
    "troop-contributions:": (
        ("De brieven noemen geen bijdrage aan een vredesmissie.", "De brieven noemen bijdragen aan één vredesmissie: {them}.",
         "De brieven noemen bijdragen aan {n} vredesmissies, zoals {them}."),
        ("The letters name no contribution to a peace mission.", "The letters name contributions to one peace mission: {them}.",
         "The letters name contributions to {n} peace missions, such as {them}."),
    ),
    "events-together:": (
        ("De brieven noemen geen bijeenkomst met meer organisatoren.", "Volgens de brieven is één bijeenkomst samen georganiseerd: {them}.",
         "Volgens de brieven zijn {n} bijeenkomsten samen georganiseerd, zoals {them}."),
        ("The letters name no event with several organisers.", "According to the letters one event was organised together: {them}.",
         "According to the letters {n} events were organised together, such as {them}."),
    ),
    "chairs:": (
        ("De brieven noemen geen voorzitters.", "De brieven noemen de voorzitter van één bijeenkomst of orgaan: {them}.",
         "De brieven noemen de voorzitters van {n} bijeenkomsten of organen, zoals {them}."),
        ("The letters name no chairs.", "The letters name the chair of one event or body: {them}.", "The letters name the chairs of {n} events or bodies, such as {them}."),
    ),
    "initiatives:": (
        ("De brieven noemen geen initiatief buiten resoluties.", "De brieven noemen één verdrag, orgaan of bijeenkomst en wie die begon: {them}.",
         "De brieven noemen {n} verdragen, organen of bijeenkomsten en wie ze begon, zoals {them}."),
        ("The letters name no initiative other than resolutions.", "The letters name one treaty, body or event and who initiated it: {them}.",
         "The letters name {n} treaties, bodies or events and who initiated them, such as {them}."),
    ),
    "offices:": (
        ("De brieven noemen geen ambten.", "De brieven noemen één ambt: {them}.", "De brieven noemen {n} ambten en wie ze bekleedt, zoals {them}."),
        ("The letters name no offices.", "The letters name one office: {them}.", "The letters name {n} offices and who holds them, such as {them}."),
    ),
    "country-overview": (
        ("De brieven beweren niets over {country}.", "De brieven doen één bewering over {country}.", "De brieven doen {n} beweringen over {country}."),
        ("The letters state nothing of {country}.", "The letters make one statement about {country}.", "The letters make {n} statements about {country}."),
    ),
    "document-statements": (
        ("In deze brief is geen bewering gevonden: {document}.", "{document} doet één bewering.", "{document} doet {n} beweringen."),
        ("No statement was found in this letter: {document}.", "{document} makes one statement.", "{document} makes {n} statements."),
    ),
    "answer": (
        ("In de brief staat geen vraag {number}.", "Vraag {number} en het antwoord, in één zin.", "Vraag {number} en het antwoord, in {n} zinnen."),
        ("The letter has no question {number}.", "Question {number} and its answer, in one sentence.", "Question {number} and its answer, in {n} sentences."),
    ),
    "search": (
        ("Geen passage bevat deze woorden: {q}.", "Eén passage bevat deze woorden: {q}.", "{n} passages bevatten deze woorden: {q}."),
        ("No passage contains these words: {q}.", "One passage contains these words: {q}.", "{n} passages contain these words: {q}."),
    ),
    "countries": (
        ("De brieven noemen geen land.", "De brieven noemen één land: {them}.", "De brieven noemen {n} landen, het vaakst {them}."),
        ("The letters mention no country.", "The letters mention one country: {them}.", "The letters mention {n} countries, most often {them}."),
    ),
    "documents": (
        ("Er zijn geen brieven.", "Er is één brief: {them}.", "Er zijn {n} brieven."),
        ("There are no letters.", "There is one letter: {them}.", "There are {n} letters."),
    ),
    "references": (
        ("De brieven verwijzen naar geen Kamerstuk.", "De brieven verwijzen naar één Kamerstuk: {them}.", "De brieven verwijzen naar {n} Kamerstukken, zoals {them}."),
        ("The letters refer to no parliamentary paper.", "The letters refer to one parliamentary paper: {them}.",
         "The letters refer to {n} parliamentary papers, such as {them}."),
    ),
}

OTHERWISE: tuple[tuple[str, str, str], tuple[str, str, str]] = (
    ("{title}: de brieven zeggen hierover niets.", "{title}: één gevonden.", "{title}: {n} gevonden."),
    ("{title}: the letters say nothing about this.", "{title}: one found.", "{title}: {n} found."),
)
"""For a canned query that has no sentence of its own."""

OF_COLUMN = {"offices": "office", "troop-contributions": "mission"}
"""The column whose things are counted and named, where it is not the first."""
