/** What surrounds an entity, as the API tells it, and the growing graph that is drawn from it. */

export type Modality = "realised" | "planned" | "calledFor";

export interface GraphNode {
  iri: string;
  label: string;
  kind: string;
}

export interface GraphEdge {
  id: string;
  source: string;
  target: string;
  predicate: string;
  label: string;
  modality: Modality;
}

export interface Neighbourhood {
  nodes: GraphNode[];
  edges: GraphEdge[];
  /** How many neighbours there are that the answer leaves out. */
  left: number;
}

type Json = Readonly<Record<string, unknown>>;

/** Reads an answer; throws an Error when it is no neighbourhood. */
export function neighbourhood(answer: unknown): Neighbourhood {
  const body = answer as Json | null;
  const nodes = body?.["nodes"];
  const edges = body?.["edges"];
  if (!Array.isArray(nodes) || !Array.isArray(edges)) throw new Error("no nodes and edges in the answer");
  const found: Neighbourhood = { nodes: [], edges: [], left: Number(body?.["left"] ?? 0) };
  for (const node of nodes as Json[]) {
    const iri = text(node, "id");
    if (iri) found.nodes.push({ iri, label: text(node, "label") || localName(iri), kind: text(node, "kind") || kindOf(iri) });
  }
  const known = new Set(found.nodes.map((n) => n.iri));
  const ids = new Set<string>();
  for (const edge of edges as Json[]) {
    const [source, target, predicate] = [text(edge, "source"), text(edge, "target"), text(edge, "predicate")];
    if (!known.has(source) || !known.has(target)) continue;
    const said = text(edge, "modality").split("#").at(-1);
    const modality: Modality = said === "planned" || said === "calledFor" ? said : "realised";
    const id = [source, predicate, target, modality].join(" ");
    if (ids.has(id)) continue;
    ids.add(id);
    found.edges.push({ id, source, target, predicate, label: lower(text(edge, "label") || predicate), modality });
  }
  return found;
}

/** The path of an entity under ``/api/v1/neighbours/`` and ``/page/``: ``{kind}/{key}``. */
export function pathOf(iri: string): string | null {
  return /\/id\/([a-z]+\/.+)$/.exec(iri)?.[1] ?? null;
}

/** As it stands inside a sentence. */
function lower(label: string): string {
  return label.charAt(0).toLowerCase() + label.slice(1);
}

function kindOf(iri: string): string {
  return pathOf(iri)?.split("/")[0] ?? "other";
}

function localName(iri: string): string {
  return decodeURIComponent(iri.split(/[/#]/).at(-1) ?? iri);
}

function text(from: Json, name: string): string {
  const value = from[name];
  return typeof value === "string" ? value : "";
}
