/** The words of the islands, in the language of the page. */

const NL = {
  suggestions: (n: number) => (n === 0 ? "Geen suggesties" : n === 1 ? "1 suggestie" : `${n} suggesties`),
  relations: "Relaties",
  kinds: "Soorten",
  status: "Stand",
  realised: "gerealiseerd",
  planned: "gepland",
  calledFor: "toe opgeroepen",
  zoomIn: "Inzoomen",
  zoomOut: "Uitzoomen",
  fit: "Alles in beeld",
  nodes: "In beeld",
  openPage: "Naar de pagina",
  expand: "Toon ook wat hiermee verbonden is",
  expanded: (n: number, label: string) => (n ? `${n} toegevoegd rond ${label}` : `Niets nieuws rond ${label}`),
  more: (n: number) => `en nog ${n}, niet getoond`,
  graphHelp: "Klik op een knoop, of kies hem in de lijst met de pijltjestoetsen en druk op Enter, om zijn omgeving erbij te tekenen.",
  graphOf: (label: string) => `Omgeving van ${label} als netwerk; de lijst ernaast zegt hetzelfde in woorden`,
  failed: (why: string) => `Dat lukte niet: ${why}`,
  statementsOf: "Wat deze zin zegt",
  mentioned: "Genoemd",
  noStatements: "In deze zin is geen feit herkend.",
  close: "Sluiten",
  copyLink: "Verwijzing naar deze zin",
  loading: "Bezig…",
  examples: "Voorbeelden",
  chooseExample: "Kies een voorbeeld…",
  share: "Kopieer verwijzing naar deze query",
  copied: "Verwijzing gekopieerd",
  editor: "SPARQL-query",
  run: "Query uitvoeren",
  results: "Resultaat",
  letters: "brieven",
};

export type Words = typeof NL;

const EN: Words = {
  suggestions: (n) => (n === 0 ? "No suggestions" : n === 1 ? "1 suggestion" : `${n} suggestions`),
  relations: "Relations",
  kinds: "Kinds",
  status: "Status",
  realised: "realised",
  planned: "planned",
  calledFor: "called for",
  zoomIn: "Zoom in",
  zoomOut: "Zoom out",
  fit: "Show all",
  nodes: "In view",
  openPage: "Open the page",
  expand: "Show what it is connected with",
  expanded: (n, label) => (n ? `${n} added around ${label}` : `Nothing new around ${label}`),
  more: (n) => `and ${n} more, not shown`,
  graphHelp: "Click a node, or choose it in the list with the arrow keys and press Enter, to draw what is around it too.",
  graphOf: (label) => `Neighbourhood of ${label} as a network; the list beside it says the same in words`,
  failed: (why) => `That did not work: ${why}`,
  statementsOf: "What this sentence says",
  mentioned: "Mentioned",
  noStatements: "No fact was recognised in this sentence.",
  close: "Close",
  copyLink: "Link to this sentence",
  loading: "Loading…",
  examples: "Examples",
  chooseExample: "Choose an example…",
  share: "Copy a link to this query",
  copied: "Link copied",
  editor: "SPARQL query",
  run: "Run query",
  results: "Result",
  letters: "letters",
};

/** The words in the page's language. */
export const words: Words = document.documentElement.lang.startsWith("en") ? EN : NL;

/** The page's language: ``nl`` or ``en``. */
export const language: "nl" | "en" = words === EN ? "en" : "nl";
