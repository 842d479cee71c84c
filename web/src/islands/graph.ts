/**
 * The neighbourhood of an entity as a network: ``div[data-island=graph][data-entity=IRI][data-source]``.
 *
 * Everything the canvas shows stands in a list beside it too, of buttons that the keyboard reaches: one stop for the tab key, arrows inside.
 */
import "../lib/kinds.css";
import "./graph.css";
import cytoscape, { type Core, type EdgeSingular, type ElementDefinition, type NodeSingular, type StylesheetJson } from "cytoscape";
import { el, getJson, inLanguage, pageOf, reducedMotion, uniqueId } from "../lib/dom";
import { KINDS, kindName } from "../lib/kinds";
import { neighbourhood, pathOf, type Modality, type Neighbourhood } from "../lib/neighbours";
import { words } from "../lib/words";

// Where cytoscape finds this id it adds no <style> element, which the content security policy would refuse.
const STYLESHEET_ID = "__________cytoscape_stylesheet";
// So many neighbours can be read: of the entity itself, and of each that is added.
const FIRST = 28;
const THEN = 12;
const MODALITIES: readonly Modality[] = ["realised", "planned", "calledFor"];

export async function mount(element: HTMLElement): Promise<void> {
  if (!document.getElementById(STYLESHEET_ID)) document.head.append(el("meta", { id: STYLESHEET_ID, name: "network", content: "in graph.css" }));
  const view = new NetworkView(element);
  await view.start();
}

class NetworkView {
  readonly #element: HTMLElement;
  readonly #entity: string;
  readonly #source: string;
  readonly #canvas = el("div", { class: "network-canvas" });
  readonly #nodes = el("ul", { class: "network-nodes" });
  readonly #details = el("div", { class: "network-details" });
  readonly #status = el("p", { class: "network-status", role: "status" });
  readonly #relations = el("div", { class: "network-boxes" });
  readonly #kinds = el("ul", { class: "network-legend" });
  readonly #modalities = el("ul", { class: "network-legend" });
  readonly #off = new Set<string>();
  readonly #expanded = new Set<string>();
  #cy!: Core;
  #current: string | null = null;

  constructor(element: HTMLElement) {
    this.#element = element;
    this.#entity = element.dataset["entity"] ?? "";
    this.#source = element.dataset["source"] ?? `/api/v1/neighbours/${pathOf(this.#entity) ?? ""}`;
  }

  async start(): Promise<void> {
    const first = neighbourhood(await getJson(around(this.#source, FIRST)));
    this.#draw(first);
    this.#cy = cytoscape({
      container: this.#canvas, style: this.#style(), minZoom: 0.2, maxZoom: 3, autoungrabify: false,
      userZoomingEnabled: false, boxSelectionEnabled: false,
    });
    // The wheel scrolls the page; with Control, and for a pinch, it zooms.
    this.#canvas.addEventListener("wheel", (event) => this.#cy.userZoomingEnabled(event.ctrlKey || event.metaKey), { capture: true, passive: true });
    this.#canvas.addEventListener("touchstart", (event) => this.#cy.userZoomingEnabled(event.touches.length > 1), { capture: true, passive: true });
    this.#canvas.addEventListener("touchstart", (event) => this.#cy.userPanningEnabled(event.touches.length > 1), { capture: true, passive: true });
    this.#canvas.addEventListener("mousedown", () => this.#cy.userPanningEnabled(true), { capture: true, passive: true });
    this.#cy.on("tap", "node", (event) => void this.#expand((event.target as NodeSingular).id()));
    this.#cy.on("mouseover", "node", (event) => this.#highlight((event.target as NodeSingular).id()));
    this.#cy.on("mouseout", "node", () => this.#highlight(this.#current));
    this.#cy.on("zoom", () => this.#scale(this.#cy.zoom()));
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.#cy.style(this.#style()));
    this.#add(first, this.#entity);
    this.#expanded.add(this.#entity);
    this.#choose(this.#entity);
  }

  #draw(first: Neighbourhood): void {
    const centre = first.nodes.find((n) => n.iri === this.#entity);
    const name = words.graphOf(centre?.label ?? "");
    const button = (label: string, sign: string, act: () => void): HTMLButtonElement => {
      const made = el("button", { type: "button", "aria-label": label, title: label }, sign);
      made.addEventListener("click", act);
      return made;
    };
    const zoom = (factor: number): void => {
      this.#cy.zoom({ level: this.#cy.zoom() * factor, renderedPosition: { x: this.#cy.width() / 2, y: this.#cy.height() / 2 } });
    };
    this.#canvas.setAttribute("role", "img");
    this.#canvas.setAttribute("aria-label", name);
    const listTitle = uniqueId("network");
    this.#nodes.setAttribute("aria-labelledby", listTitle);
    this.#nodes.addEventListener("keydown", (event) => this.#keys(event));
    this.#element.classList.add("network");
    this.#element.replaceChildren(
      el("p", { class: "network-help" }, words.graphHelp),
      el("fieldset", { class: "network-filter" }, el("legend", {}, words.relations), this.#relations),
      el("div", { class: "network-main" },
        el("div", { class: "network-stage" }, this.#canvas,
          el("div", { class: "network-zoom" },
            button(words.zoomIn, "+", () => zoom(1.3)), button(words.zoomOut, "−", () => zoom(1 / 1.3)),
            button(words.fit, "⤢", () => this.#fit()))),
        el("div", { class: "network-side" }, this.#details, el("p", { class: "network-title", id: listTitle }, words.nodes), this.#nodes)),
      el("div", { class: "network-legends" }, this.#kinds, this.#modalities),
      this.#status,
    );
  }

  /** Put what is new into the picture, around the node it was asked for. */
  #add(found: Neighbourhood, around: string): number {
    const known = this.#cy.getElementById(around);
    const centre = known.nonempty() ? { ...known.position() } : { x: 0, y: 0 };
    const fresh = found.nodes.filter((n) => this.#cy.getElementById(n.iri).empty());
    const elements: ElementDefinition[] = fresh.map((node, i) => {
      const angle = (2 * Math.PI * i) / Math.max(fresh.length, 1);
      const radius = node.iri === around ? 0 : 160;
      return {
        group: "nodes", data: { id: node.iri, label: node.label, short: shorten(node.label), kind: node.kind, centre: node.iri === this.#entity ? 1 : 0 },
        position: { x: centre.x + radius * Math.cos(angle), y: centre.y + radius * Math.sin(angle) },
      };
    });
    for (const edge of found.edges) {
      if (this.#cy.getElementById(edge.id).nonempty()) continue;
      elements.push({ group: "edges", data: { ...edge } });
    }
    this.#cy.add(elements);
    this.#filters();
    this.#legend();
    this.#filter();
    this.#layout();
    if (found.left) this.#status.textContent = words.more(found.left);
    return fresh.length;
  }

  /** Place what is shown, as wide as the stage is, and move there unless the reader wants less motion. */
  #layout(): void {
    const shown = this.#cy.elements(":visible");
    const before = new Map(shown.nodes().map((node) => [node.id(), { ...node.position() }]));
    this.#scale(1);
    shown.layout({
      name: "cose", animate: false, fit: false, randomize: false, idealEdgeLength: () => 120, nodeRepulsion: () => 60000, nodeOverlap: 40, gravity: 0.3,
      numIter: 1000, componentSpacing: 80, nodeDimensionsIncludeLabels: true,
    }).run();
    const box = shown.nodes().boundingBox();
    const wider = Math.min(2, Math.max(1, (this.#cy.width() / this.#cy.height()) / (box.w / Math.max(box.h, 1))));
    const after: Record<string, { x: number; y: number }> = {};
    shown.nodes().forEach((node) => {
      after[node.id()] = { x: node.position("x") * wider, y: node.position("y") };
      node.position(before.get(node.id()) ?? after[node.id()]!);
    });
    const move = shown.layout({ name: "preset", positions: (node) => after[(node as unknown as NodeSingular).id()]!, fit: false, animate: !reducedMotion(), animationDuration: 300 });
    move.one("layoutstop", () => this.#fit());
    move.run();
  }

  /** Everything in view, two nodes no larger than twenty. */
  #fit(): void {
    this.#cy.fit(this.#cy.elements(":visible"), 24);
    if (this.#cy.zoom() > 1) {
      this.#cy.zoom(1);
      this.#cy.center(this.#cy.elements(":visible"));
    }
    this.#scale(this.#cy.zoom());
    // The labels have grown against the rest, those at the edge too.
    this.#cy.fit(this.#cy.elements(":visible"), 12);
    if (this.#cy.zoom() > 1) this.#cy.zoom(1);
    this.#cy.center(this.#cy.elements(":visible"));
  }

  /** Points, lines and letters are as large on the screen at every distance: to come nearer is to part them. */
  #scale(zoom: number): void {
    const size = Math.max(0.15, zoom);
    this.#cy.batch(() => {
      this.#cy.nodes().forEach((node) => {
        const centre = Number(node.data("centre")) === 1;
        node.style({
          width: (centre ? 26 : 15) / size, height: (centre ? 26 : 15) / size, "font-size": (centre ? 14 : 11.5) / size,
          "text-max-width": `${105 / size}`, "text-margin-y": 3 / size,
        });
      });
      this.#cy.edges().style({ width: 1.3 / size, "font-size": 11 / size });
    });
  }

  async #expand(iri: string): Promise<void> {
    this.#choose(iri);
    const path = pathOf(iri);
    if (!path || this.#expanded.has(iri)) return;
    this.#expanded.add(iri);
    const label = String(this.#cy.getElementById(iri).data("label"));
    this.#status.textContent = words.loading;
    try {
      const base = this.#source.replace(/\/neighbours\/.*$/, "/neighbours/");
      const found = neighbourhood(await getJson(around(base + path, THEN)));
      const before = document.activeElement === document.body ? null : this.#current;
      const added = this.#add(found, iri);
      this.#status.textContent = words.expanded(added, label) + (found.left ? ` (${words.more(found.left)})` : "");
      this.#choose(iri);
      if (before) this.#buttonOf(iri)?.focus({ preventScroll: true });
    } catch (error) {
      this.#expanded.delete(iri);
      this.#status.textContent = words.failed(error instanceof Error ? error.message : String(error));
    }
  }

  /** A box for each relation in the picture, with how often it is there. */
  #filters(): void {
    const counts = new Map<string, { label: string; n: number }>();
    this.#cy.edges().forEach((edge) => {
      const predicate = String(edge.data("predicate"));
      const one = counts.get(predicate) ?? { label: String(edge.data("label")), n: 0 };
      one.n += 1;
      counts.set(predicate, one);
    });
    this.#relations.replaceChildren(
      ...[...counts].sort((a, b) => a[1].label.localeCompare(b[1].label)).map(([predicate, { label, n }]) => {
        const box = el("input", { type: "checkbox", value: predicate });
        box.checked = !this.#off.has(predicate);
        box.addEventListener("change", () => {
          if (box.checked) this.#off.delete(predicate);
          else this.#off.add(predicate);
          this.#filter();
        });
        return el("label", {}, box, ` ${label} `, el("span", { class: "count" }, String(n)));
      }),
    );
  }

  #filter(): void {
    this.#cy.batch(() => {
      this.#cy.edges().forEach((edge) => void edge.style("display", this.#off.has(String(edge.data("predicate"))) ? "none" : "element"));
      this.#cy.nodes().forEach((node) => {
        const alone = node.id() !== this.#entity && node.connectedEdges().every((e) => this.#off.has(String(e.data("predicate"))));
        node.style("display", alone ? "none" : "element");
      });
    });
    this.#listNodes();
  }

  #legend(): void {
    const kinds = [...new Set(this.#cy.nodes().map((n) => String(n.data("kind"))))].sort();
    this.#kinds.replaceChildren(...kinds.map((kind) => el("li", {}, el("span", { class: `swatch ${kind}` }), " ", kindName(kind))));
    const present = new Set(this.#cy.edges().map((e) => String(e.data("modality"))));
    this.#modalities.replaceChildren(
      ...MODALITIES.filter((m) => present.has(m)).map((m) => el("li", {}, el("span", { class: `line ${m}` }), " ", words[m])),
    );
  }

  #listNodes(): void {
    const shown = this.#cy.nodes().filter((n) => n.style("display") !== "none").toArray() as NodeSingular[];
    shown.sort((a, b) => Number(b.data("centre")) - Number(a.data("centre")) || String(a.data("kind")).localeCompare(String(b.data("kind"))) ||
      String(a.data("label")).localeCompare(String(b.data("label"))));
    this.#nodes.replaceChildren(...shown.map((node) => {
      const kind = String(node.data("kind"));
      const button = el("button", { type: "button", "data-iri": node.id() },
        el("span", { class: `swatch ${kind}` }), " ", String(node.data("label")), " ", el("small", {}, kindName(kind)));
      button.addEventListener("click", () => void this.#expand(node.id()));
      button.addEventListener("focus", () => this.#choose(node.id()));
      return el("li", {}, button);
    }));
    this.#rove();
  }

  #buttons(): HTMLButtonElement[] {
    return [...this.#nodes.querySelectorAll("button")];
  }

  #buttonOf(iri: string): HTMLButtonElement | undefined {
    return this.#buttons().find((b) => b.dataset["iri"] === iri);
  }

  #rove(): void {
    const buttons = this.#buttons();
    const stop = buttons.find((b) => b.dataset["iri"] === this.#current) ?? buttons[0];
    for (const button of buttons) {
      button.tabIndex = button === stop ? 0 : -1;
      if (button.dataset["iri"] === this.#current) button.setAttribute("aria-current", "true");
      else button.removeAttribute("aria-current");
    }
  }

  #keys(event: KeyboardEvent): void {
    const buttons = this.#buttons();
    const at = buttons.indexOf(document.activeElement as HTMLButtonElement);
    if (at < 0) return;
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: buttons.length - 1 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    buttons[Math.max(0, Math.min(to, buttons.length - 1))]?.focus();
  }

  #choose(iri: string): void {
    this.#current = iri;
    this.#rove();
    this.#highlight(iri);
    const node = this.#cy.getElementById(iri);
    const label = String(node.data("label"));
    const name = (n: NodeSingular): string => String(n.data("label"));
    const edges = node.connectedEdges().filter((e) => e.style("display") !== "none");
    this.#details.replaceChildren(
      el("p", { class: "network-name" }, el("a", { href: pageOf(iri) }, label), " ", el("small", {}, kindName(String(node.data("kind"))))),
      el("ul", {}, ...(edges.toArray() as EdgeSingular[]).slice(0, 12).map((edge) => {
        const modality = edge.data("modality") as Modality;
        return el("li", { class: modality },
          name(edge.source()), " ", el("span", { class: "predicate" }, String(edge.data("label"))), " ", name(edge.target()),
          modality !== "realised" && ` (${words[modality]})`);
      }), edges.length > 12 && el("li", {}, words.more(edges.length - 12))),
    );
  }

  #highlight(iri: string | null): void {
    this.#cy.batch(() => {
      this.#cy.elements().removeClass("near chosen named");
      if (!iri) return;
      const node = this.#cy.getElementById(iri);
      node.addClass("chosen");
      const edges = node.connectedEdges();
      // The names of a few relations can be read; those of many only stand in each other's way, and the list has them.
      edges.addClass(edges.length <= 6 ? "near named" : "near");
    });
  }

  /** A colour of the pages' style sheet as it is now, in light or dark: the canvas knows no custom properties. */
  #colour(name: string): string {
    const probe = el("span", { hidden: true });
    probe.style.color = `var(--${name}, var(--kind-other))`;
    this.#element.append(probe);
    const found = getComputedStyle(probe).color;
    probe.remove();
    return found;
  }

  #style(): StylesheetJson {
    const computed = getComputedStyle(this.#element);
    const [ink, paper, soft, accent] = ["ink", "paper", "soft", "accent"].map((name) => this.#colour(name)) as [string, string, string, string];
    return [
      {
        selector: "node",
        style: {
          label: "data(short)", color: ink, "font-family": computed.fontFamily, "text-wrap": "wrap", "text-valign": "bottom", "text-margin-y": 4,
          "text-background-color": paper, "text-background-opacity": 0.8, "text-background-padding": "1px",
          "background-color": this.#colour("kind-other"), "border-width": 1, "border-color": paper, "min-zoomed-font-size": 6,
        },
      },
      ...Object.entries(KINDS).map(([kind, { shape }]) => ({
        selector: `node[kind = "${kind}"]`, style: { shape, "background-color": this.#colour(`kind-${kind}`) },
      })),
      { selector: "node[centre = 1]", style: { "font-weight": "bold", "z-index": 2 } },
      { selector: "node.chosen", style: { "border-width": 3, "border-color": accent } },
      {
        selector: "edge",
        style: {
          "line-color": soft, "target-arrow-color": soft, "target-arrow-shape": "triangle", "arrow-scale": 0.8, "curve-style": "bezier", opacity: 0.75,
        },
      },
      { selector: 'edge[modality = "planned"]', style: { "line-style": "dashed" } },
      { selector: 'edge[modality = "calledFor"]', style: { "line-style": "dotted" } },
      { selector: "edge.near", style: { "line-color": accent, "target-arrow-color": accent, opacity: 1 } },
      {
        selector: "edge.named",
        style: {
          label: "data(label)", color: ink, "font-family": computed.fontFamily, "text-rotation": "autorotate", "text-background-color": paper, "text-background-opacity": 0.85,
        },
      },
    ] as StylesheetJson;
  }
}

function around(address: string, limit: number): URL {
  const url = inLanguage(address);
  url.searchParams.set("limit", String(limit));
  return url;
}

/** A name as it stands in the drawing; the list has it in full. */
function shorten(label: string): string {
  return label.length <= 42 ? label : `${label.slice(0, 40).trimEnd()}…`;
}
