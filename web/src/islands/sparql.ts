/**
 * The SPARQL editor: ``div[data-island=sparql][data-endpoint][data-prefixes][data-examples]``, with Yasgui. The form inside, which works without
 * scripts, gives way to it.
 *
 * Yasgui would ask other servers for classes and properties; here they come from our own ontology, and prefixes from the page.
 */
import "@zazuko/yasgui/build/yasgui.min.css";
import "./sparql.css";
import Yasgui from "@zazuko/yasgui";
import { el, getJson, pageOf, uniqueId } from "../lib/dom";
import { select } from "../lib/sparql";
import { language, words } from "../lib/words";

interface Example {
  title: string;
  /** Where its SPARQL is, with example values for its parameters. */
  address: string;
}

interface Terms {
  classes: string[];
  properties: string[];
  labels: ReadonlyMap<string, string>;
}

const TERMS = `
PREFIX owl: <http://www.w3.org/2002/07/owl#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
SELECT DISTINCT ?term ?type ?label WHERE {
  VALUES ?type { owl:Class owl:ObjectProperty owl:DatatypeProperty }
  ?term a ?type
  FILTER(ISIRI(?term))
  OPTIONAL { ?term rdfs:label ?label FILTER(LANG(?label) = "${language}") }
} ORDER BY ?term`;

// What queries use besides the ontology's own terms.
const ELSEWHERE = [
  "http://www.w3.org/1999/02/22-rdf-syntax-ns#type", "http://www.w3.org/1999/02/22-rdf-syntax-ns#subject",
  "http://www.w3.org/1999/02/22-rdf-syntax-ns#predicate", "http://www.w3.org/1999/02/22-rdf-syntax-ns#object",
  "http://www.w3.org/2000/01/rdf-schema#label", "http://www.w3.org/2004/02/skos/core#altLabel", "http://www.w3.org/2004/02/skos/core#exactMatch",
  "http://purl.org/dc/terms/title", "http://purl.org/dc/terms/date", "http://purl.org/dc/terms/references",
  "http://xmlns.com/foaf/0.1/name", "http://xmlns.com/foaf/0.1/familyName", "http://www.w3.org/ns/prov#wasGeneratedBy",
];

export async function mount(element: HTMLElement): Promise<void> {
  const endpoint = new URL(element.dataset["endpoint"] ?? "/sparql", location.href).href;
  const prefixes = (await given(element.dataset["prefixes"], {})) as Record<string, string>;
  const examples = exampleList(await given(element.dataset["examples"], []));
  const terms = ontologyTerms(endpoint);
  registerCompleters(prefixes, terms);

  const fallback = element.querySelector("textarea");
  const asked = new URLSearchParams(location.search).get("query");
  const query = asked ?? (fallback?.value.trim() || header(prefixes));
  // Yasgui speaks English only.
  const holder = el("div", { class: "sparql-editor", lang: "en" });
  const bar = el("div", { class: "sparql-bar" });
  element.replaceChildren(bar, holder);

  Yasgui.Yasr.defaults.errorRenderers = [problem];
  const table = Yasgui.Yasr.plugins["table"];
  if (table) table.defaults.openIriInNewWindow = false;
  const yasgui = new Yasgui(holder, {
    autofocus: false,
    populateFromUrl: false,
    // Nothing is kept in the browser: the address has the query, once it has been run.
    persistenceId: null,
    copyEndpointOnNewTab: true,
    endpointCatalogueOptions: { getData: () => [{ endpoint }], keys: [] },
    requestConfig: { endpoint, method: "POST", acceptHeaderGraph: "text/turtle", acceptHeaderSelect: "application/sparql-results+json" },
    yasqe: { persistenceId: null, resizeable: true, editorHeight: "320px", prefixCcApi: null },
    yasr: { persistenceId: null, prefixes },
  });
  const tab = yasgui.getTab()?.setQuery(query);
  const yasqe = tab?.getYasqe();
  if (!tab || !yasqe) throw new Error("the editor did not open");
  freeTab(yasqe as unknown as WithOptions);
  name(element);
  new MutationObserver(() => name(element)).observe(holder, { childList: true, subtree: true });
  link(element);

  const status = el("span", { role: "status" });
  if (examples.length) {
    const id = uniqueId("examples");
    const choice = el("select", { id }, el("option", { value: "" }, words.chooseExample),
      ...examples.map((example, i) => el("option", { value: i }, example.title)));
    choice.addEventListener("change", () => {
      const example = examples[Number(choice.value)];
      if (!choice.value || !example) return;
      getJson(example.address).then(
        (found) => tab.setQuery(String((found as { sparql: unknown }).sparql)),
        (error: unknown) => (status.textContent = words.failed(error instanceof Error ? error.message : String(error))),
      );
    });
    bar.append(el("label", { for: id }, words.examples), choice);
  }
  const address = (): URL => {
    const url = new URL(location.href);
    url.searchParams.set("query", tab.getQuery());
    url.hash = "";
    return url;
  };
  const share = el("button", { type: "button" }, words.share);
  share.addEventListener("click", () => {
    history.replaceState(null, "", address());
    navigator.clipboard?.writeText(address().href).then(
      () => (status.textContent = words.copied),
      // The address bar has it all the same.
      () => (status.textContent = ""),
    );
  });
  bar.append(share, status);
  yasgui.on("query", () => history.replaceState(null, "", address()));
  if (asked) await tab.query().catch(() => undefined);
}

/** JSON from an attribute, or from the address that stands in it. */
async function given(attribute: string | undefined, otherwise: unknown): Promise<unknown> {
  const value = attribute?.trim();
  if (!value) return otherwise;
  return /^[[{]/.test(value) ? (JSON.parse(value) as unknown) : getJson(value);
}

/** The canned queries; those whose parameters have examples can be shown as they would be run. */
export function exampleList(found: unknown): Example[] {
  const items = (found as { items?: unknown }).items;
  return (Array.isArray(items) ? (items as CannedQuery[]) : []).map((one) => {
    const url = new URL(one.href, location.href);
    url.searchParams.set("size", "1");
    for (const { name, required, example } of one.parameters) {
      if (required && example !== null) url.searchParams.set(name, example);
    }
    return { title: (language === "nl" ? one.titleNl : null) ?? one.title, address: url.href };
  });
}

interface CannedQuery {
  title: string;
  titleNl: string | null;
  href: string;
  parameters: { name: string; required: boolean; example: string | null }[];
}

function header(prefixes: Readonly<Record<string, string>>): string {
  const lines = Object.entries(prefixes).map(([prefix, iri]) => `PREFIX ${prefix}: <${iri}>`);
  return `${lines.join("\n")}\n\nSELECT * WHERE {\n  ?s ?p ?o\n}\nLIMIT 10`;
}

async function ontologyTerms(endpoint: string): Promise<Terms> {
  const rows = await select(TERMS, undefined, endpoint);
  const classes = new Set<string>();
  const properties = new Set<string>(ELSEWHERE);
  const labels = new Map<string, string>();
  for (const { term, type, label } of rows) {
    if (!term) continue;
    (type?.value.endsWith("#Class") ? classes : properties).add(term.value);
    if (label) labels.set(term.value, label.value);
  }
  return { classes: [...classes], properties: [...properties], labels };
}

function registerCompleters(prefixes: Readonly<Record<string, string>>, terms: Promise<Terms>): void {
  const { Yasqe } = Yasgui;
  const matching = (all: readonly string[], typed: string): string[] => {
    const local = typed.toLowerCase();
    // What stands there in full needs no suggestion.
    return all.filter((term) => term !== typed && term.toLowerCase().startsWith(local));
  };
  for (const [from, which] of [["class", "classes"], ["property", "properties"]] as const) {
    Yasqe.forkAutocompleter(from, {
      name: `avvn-${from}`,
      autoShow: true,
      get: async (_yasqe, token) => matching((await terms)[which], token?.autocompletionString ?? ""),
    }, false);
  }
  Yasqe.forkAutocompleter("prefixes", {
    name: "avvn-prefixes",
    persistenceId: null,
    bulk: true,
    get: () => Object.entries(prefixes).map(([prefix, iri]) => `${prefix}: <${iri}>`),
  }, false);
  Yasqe.defaults.autocompleters = ["avvn-prefixes", "variables", "avvn-class", "avvn-property"];
}

/** An error of our endpoint in its own words (RFC 9457), with the place in the query. */
async function problem(error: { text?: string | undefined }): Promise<HTMLElement | undefined> {
  if (!error.text?.trimStart().startsWith("{")) return undefined;
  const said = JSON.parse(error.text) as { title?: unknown; detail?: unknown };
  if (typeof said.detail !== "string") return undefined;
  return el("div", { class: "sparql-problem", role: "alert" }, el("strong", {}, String(said.title ?? "")), el("pre", {}, said.detail));
}

interface WithOptions {
  getOption(name: "extraKeys"): Record<string, unknown> | undefined;
  setOption(name: "extraKeys", value: Record<string, unknown>): void;
}

/** Tab leaves the editor, so that the keyboard is not caught in it; Control-] indents. */
function freeTab(yasqe: WithOptions): void {
  yasqe.setOption("extraKeys", { ...yasqe.getOption("extraKeys"), Tab: false, "Shift-Tab": false, "Ctrl-]": "indentMore", "Ctrl-[": "indentLess" });
}

/** Names for what Yasgui leaves nameless to screen readers. */
function name(element: HTMLElement): void {
  const names: readonly (readonly [string, string])[] = [
    [".yasqe .CodeMirror textarea", words.editor], [".yasr .CodeMirror textarea", words.results], [".tableSizer", "Page size"], [".tableFilter", "Filter"],
  ];
  for (const [selector, label] of names) {
    for (const field of element.querySelectorAll(`${selector}:not([aria-label])`)) field.setAttribute("aria-label", label);
  }
  for (const cell of element.querySelectorAll(".yasr thead th.dt-orderable-none:empty, .yasr thead th.dt-orderable-none:not([aria-label])")) {
    cell.setAttribute("aria-label", "Row");
  }
}

/** IRIs of ours in the results lead to their pages on this server. */
function link(element: HTMLElement): void {
  const rewrite = (event: Event): void => {
    const anchor = (event.target as Element).closest<HTMLAnchorElement>("a.iri");
    const href = anchor?.getAttribute("href");
    if (!anchor || !href) return;
    const page = pageOf(href);
    if (page !== href) anchor.setAttribute("href", page);
  };
  for (const type of ["pointerover", "focusin", "click"]) element.addEventListener(type, rewrite, true);
}
