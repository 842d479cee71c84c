/** Queries to our own endpoint. */

export interface Term {
  type: "uri" | "literal" | "bnode" | "triple";
  value: string;
  "xml:lang"?: string;
}

export type Solution = Readonly<Record<string, Term | undefined>>;

/** The solutions of a SELECT; throws an Error in the endpoint's words when it refuses. */
export async function select(query: string, signal?: AbortSignal, endpoint = "/sparql"): Promise<Solution[]> {
  const response = await fetch(endpoint, {
    method: "POST",
    headers: { "content-type": "application/sparql-query", accept: "application/sparql-results+json" },
    body: query,
    ...(signal ? { signal } : {}),
  });
  if (!response.ok) throw new Error(`${response.status} ${response.statusText}`);
  return ((await response.json()) as { results: { bindings: Solution[] } }).results.bindings;
}

/** An IRI as it stands in a query; throws when it holds what would end it. */
export function iri(value: string): string {
  if (/[\u0000-\u0020<>"{}|\\^`]/.test(value)) throw new Error(`not an IRI: ${value}`);
  return `<${value}>`;
}
