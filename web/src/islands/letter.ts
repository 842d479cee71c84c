/**
 * A letter: ``article[data-island=letter]`` whose passages are ``[data-passage=IRI][data-start][data-end]``.
 *
 * ``#char=start,end`` opens and lights the sentence; a click on a sentence or a mention shows what it states in a panel.
 */
import "./letter.css";
import { charRange, overlap, type Range } from "../lib/char";
import { el, pageOf, reducedMotion, uniqueId } from "../lib/dom";
import { iri, select, type Solution } from "../lib/sparql";
import { language, words } from "../lib/words";

const STATEMENTS = (passage: string): string => `
PREFIX avvn: <https://w3id.org/avvn/ontology#>
PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
SELECT DISTINCT ?statement ?s ?sLabel ?p ?pLabel ?o ?oLabel ?modality ?confidence WHERE {
  ?statement avvn:evidence ${iri(passage)} ; rdf:subject ?s ; rdf:predicate ?p ; rdf:object ?o ; avvn:modality ?modality ;
    avvn:confidence ?confidence .
  OPTIONAL { ?s rdfs:label ?sLabel }
  OPTIONAL { ?o rdfs:label ?oLabel }
  OPTIONAL { ?p rdfs:label ?pLabel FILTER(LANG(?pLabel) = "${language}") }
} ORDER BY ?p ?s ?o`;

interface Side {
  iri: string | null;
  labels: Map<string, string>;
}

interface Statement {
  iri: string;
  predicate: string;
  subject: Side;
  object: Side;
  modality: "realised" | "planned" | "calledFor";
}

export function mount(article: HTMLElement): void {
  new Letter(article);
}

class Letter {
  readonly #article: HTMLElement;
  readonly #passages: { element: HTMLElement; range: Range }[];
  #panel: HTMLElement | null = null;
  #request: AbortController | null = null;

  constructor(article: HTMLElement) {
    this.#article = article;
    this.#passages = [...article.querySelectorAll<HTMLElement>("[data-start][data-end]")]
      .filter((e) => !e.matches("a, mark"))
      .map((element) => ({ element, range: { start: Number(element.dataset["start"]), end: Number(element.dataset["end"]) } }));
    article.addEventListener("click", (event) => this.#click(event));
    document.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && this.#panel) this.#closePanel();
    });
    addEventListener("hashchange", () => this.#follow());
    this.#follow();
    rememberLegend();
  }

  /** Light what the address names. */
  #follow(): void {
    for (const lit of this.#article.querySelectorAll(".lit")) lit.classList.remove("lit");
    const range = charRange(location.hash);
    if (!range) return;
    const found = this.#passages.filter((p) => overlap(p.range, range)).map((p) => p.element);
    for (const element of found) element.classList.add("lit");
    const first = found[0];
    if (!first) return;
    for (let box = first.closest("details"); box; box = box.parentElement?.closest("details") ?? null) box.open = true;
    first.tabIndex = -1;
    first.focus({ preventScroll: true });
    first.scrollIntoView({ block: "center", behavior: reducedMotion() ? "auto" : "smooth" });
  }

  #click(event: MouseEvent): void {
    if (event.defaultPrevented || event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    const target = event.target as Element;
    const passage = target.closest<HTMLElement>("[data-passage]");
    if (!passage || !this.#article.contains(passage) || !getSelection()?.isCollapsed) return;
    const link = target.closest("a");
    if (link && !link.matches("[data-kind]")) return;
    if (target.closest("button, summary, input")) return;
    event.preventDefault();
    void this.#show(passage, link ?? passage);
  }

  async #show(passage: HTMLElement, from: HTMLElement): Promise<void> {
    for (const chosen of this.#article.querySelectorAll(".chosen")) chosen.classList.remove("chosen");
    passage.classList.add("chosen");
    this.#request?.abort();
    const request = (this.#request = new AbortController());
    const title = uniqueId("panel");
    const body = el("div", {}, el("p", {}, words.loading));
    const close = el("button", { type: "button", class: "panel-close" }, words.close);
    close.addEventListener("click", () => this.#closePanel(from));
    this.#panel?.remove();
    const panel = (this.#panel = el("aside", { class: "letter-panel", "aria-labelledby": title, tabindex: -1 },
      el("div", { class: "panel-head" }, el("h2", { id: title }, words.statementsOf), close), body));
    this.#article.after(panel);
    panel.focus({ preventScroll: true });
    try {
      const rows = await select(STATEMENTS(passage.dataset["passage"] ?? ""), request.signal);
      body.replaceChildren(...this.#contents(passage, grouped(rows)));
    } catch (error) {
      if (request.signal.aborted) return;
      body.replaceChildren(el("p", { role: "alert" }, words.failed(error instanceof Error ? error.message : String(error))));
    }
  }

  #contents(passage: HTMLElement, statements: Statement[]): HTMLElement[] {
    const parts: HTMLElement[] = [];
    parts.push(
      statements.length
        ? el("ul", { class: "panel-statements" }, ...statements.map((s) =>
            el("li", {}, sideLink(s.subject), " ",
              el("span", { class: "predicate" }, s.predicate), " ", sideLink(s.object), " ",
              el("a", { class: `modality ${s.modality}`, href: pageOf(s.iri) }, words[s.modality]))))
        : el("p", {}, words.noStatements),
    );
    const mentions = new Map<string, HTMLElement>();
    for (const mention of passage.querySelectorAll<HTMLAnchorElement>("a[data-kind]")) {
      if (!mentions.has(mention.href)) {
        mentions.set(mention.href, el("li", {}, el("a", { href: mention.getAttribute("href") }, mention.title || mention.textContent || "")));
      }
    }
    if (mentions.size) parts.push(el("h3", {}, words.mentioned), el("ul", { class: "panel-mentions" }, ...mentions.values()));
    const { start, end } = passage.dataset;
    if (start && end) parts.push(el("p", {}, el("a", { href: `#char=${start},${end}` }, words.copyLink)));
    return parts;
  }

  #closePanel(back?: HTMLElement): void {
    this.#request?.abort();
    this.#panel?.remove();
    this.#panel = null;
    for (const chosen of this.#article.querySelectorAll<HTMLElement>(".chosen")) {
      chosen.classList.remove("chosen");
      back ??= chosen.querySelector<HTMLElement>("a") ?? chosen;
    }
    back?.focus({ preventScroll: true });
  }
}

function side(term: Solution[string]): Side {
  return { iri: term?.type === "uri" ? term.value : null, labels: new Map([["", term?.value ?? ""]]) };
}

function sideLink(value: Side): Node {
  const label = value.labels.get(language) ?? value.labels.get("nl") ?? value.labels.get("-") ?? localName(value);
  return value.iri ? el("a", { href: pageOf(value.iri) }, label) : document.createTextNode(label);
}

function localName(value: Side): string {
  const raw = value.labels.get("") ?? "";
  return value.iri ? decodeURIComponent(raw.split(/[/#]/).at(-1) ?? raw) : raw;
}

function grouped(rows: Solution[]): Statement[] {
  const found = new Map<string, Statement>();
  for (const row of rows) {
    const key = row["statement"]?.value;
    if (!key) continue;
    let one = found.get(key);
    if (!one) {
      const modality = row["modality"]?.value.split("#").at(-1);
      one = {
        iri: key, subject: side(row["s"]), object: side(row["o"]),
        predicate: row["pLabel"]?.value ?? row["p"]?.value.split(/[/#]/).at(-1) ?? "",
        modality: modality === "planned" || modality === "calledFor" ? modality : "realised",
      };
      found.set(key, one);
    }
    for (const [name, which] of [["sLabel", one.subject], ["oLabel", one.object]] as const) {
      const label = row[name];
      if (label) which.labels.set(label["xml:lang"] ?? "-", label.value);
    }
  }
  return [...found.values()];
}

/** The legend's boxes keep their state from letter to letter, as long as the tab is open. */
function rememberLegend(): void {
  const KEY = "avvn.legend.off";
  const boxes = [...document.querySelectorAll<HTMLInputElement>("input[type=checkbox][data-legend]")];
  let off = new Set<string>();
  try {
    off = new Set(JSON.parse(sessionStorage.getItem(KEY) ?? "[]") as string[]);
  } catch {
    sessionStorage.removeItem(KEY);
  }
  for (const box of boxes) {
    const kind = box.dataset["legend"] || box.value;
    if (off.has(kind)) box.checked = false;
    box.addEventListener("change", () => {
      if (box.checked) off.delete(kind);
      else off.add(kind);
      sessionStorage.setItem(KEY, JSON.stringify([...off]));
    });
  }
}
