/** Small helpers for building DOM without markup strings. */

type Child = Node | string | null | undefined | false;
type Attributes = Readonly<Record<string, string | number | boolean | null | undefined>>;

/** An element with attributes and children; attributes that are null, undefined or false are left out. */
export function el<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  ...children: Child[]
): HTMLElementTagNameMap[K] {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    made.setAttribute(name, value === true ? "" : String(value));
  }
  made.append(...children.filter((c): c is Node | string => c !== null && c !== undefined && c !== false));
  return made;
}

let counter = 0;

/** An id no other element of the page has. */
export function uniqueId(prefix: string): string {
  counter += 1;
  return `${prefix}-${counter}`;
}

/** Does the reader want less motion? */
export function reducedMotion(): boolean {
  return matchMedia("(prefers-reduced-motion: reduce)").matches;
}

/** Fetches JSON of our own API; throws an Error with the problem's own words when it does not answer. */
export async function getJson(url: string | URL, signal?: AbortSignal): Promise<unknown> {
  const response = await fetch(url, { headers: { accept: "application/json" }, ...(signal ? { signal } : {}) });
  if (response.ok) return response.json();
  let detail = `${response.status}`;
  try {
    const problem = (await response.json()) as { detail?: unknown };
    if (typeof problem.detail === "string") detail = problem.detail;
  } catch {
    detail = `${response.status} ${response.statusText}`;
  }
  throw new Error(detail);
}

/** An address of our API, asked in the language of the page. */
export function inLanguage(address: string): URL {
  const url = new URL(address, location.href);
  url.searchParams.set("lang", document.documentElement.lang.startsWith("en") ? "en" : "nl");
  return url;
}

/** Where on this server the page of one of our IRIs is; other IRIs are given back as they are. */
export function pageOf(iri: string): string {
  const id = /\/id\/([a-z]+\/.+)$/.exec(iri);
  return id ? `/page/${id[1]}` : iri;
}
