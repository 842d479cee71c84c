/**
 * Completion of entity names in a text field: ``input[data-island=complete][data-source][data-kind?][data-insert=label|key?]``.
 *
 * The pattern is the ARIA combobox with a list. Nothing is chosen until the reader moves into the list, so Enter still sends the form.
 */
import "./complete.css";
import { el, getJson, inLanguage, uniqueId } from "../lib/dom";
import { kindName } from "../lib/kinds";
import { tails, type Tail } from "../lib/tail";
import { words } from "../lib/words";

export interface Suggestion {
  label: string;
  kind: string;
  kindLabel: string;
  iri: string;
}

const DELAY_MS = 120;
const MOST = 8;

export function mount(element: HTMLElement): void {
  if (!(element instanceof HTMLInputElement)) throw new Error("completion needs an input");
  new Combobox(element);
}

/** What the API answers, read leniently. */
export function suggestions(answer: unknown): Suggestion[] {
  const list = Array.isArray(answer) ? answer : (answer as { items?: unknown } | null)?.items;
  if (!Array.isArray(list)) return [];
  return list.flatMap((item: Record<string, unknown>) => {
    const label = item["label"];
    const iri = item["iri"];
    if (typeof label !== "string" || typeof iri !== "string") return [];
    const kind = typeof item["kind"] === "string" ? item["kind"] : (/\/id\/([a-z]+)\//.exec(iri)?.[1] ?? "");
    const kindLabel = typeof item["kindLabel"] === "string" ? item["kindLabel"] : kindName(kind);
    return [{ label, kind, kindLabel, iri }];
  });
}

class Combobox {
  readonly #input: HTMLInputElement;
  readonly #list: HTMLUListElement;
  readonly #status: HTMLElement;
  readonly #known = new Map<string, Suggestion[]>();
  #shown: Suggestion[] = [];
  #tail: Tail | null = null;
  #active = -1;
  #timer = 0;
  #request: AbortController | null = null;

  constructor(input: HTMLInputElement) {
    this.#input = input;
    const name = input.labels?.[0]?.textContent?.trim() || input.getAttribute("aria-label") || input.name;
    this.#list = el("ul", { class: "complete-list", role: "listbox", id: uniqueId("complete"), "aria-label": name, hidden: true });
    this.#status = el("span", { class: "complete-status", role: "status" });
    for (const [key, value] of Object.entries({
      role: "combobox", autocomplete: "off", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": this.#list.id,
    })) input.setAttribute(key, value);
    const host = input.parentElement;
    host?.classList.add("complete-host");
    input.after(this.#list, this.#status);

    input.addEventListener("input", () => this.#later());
    input.addEventListener("keydown", (event) => this.#key(event));
    input.addEventListener("blur", () => this.#close());
    // The field must not lose the focus to the list.
    this.#list.addEventListener("pointerdown", (event) => event.preventDefault());
    this.#list.addEventListener("click", (event) => {
      const option = (event.target as Element).closest<HTMLElement>("[role=option]");
      if (option) this.#take(Number(option.dataset["index"]));
    });
  }

  #later(): void {
    clearTimeout(this.#timer);
    this.#request?.abort();
    this.#timer = window.setTimeout(() => void this.#ask(), DELAY_MS);
  }

  async #ask(): Promise<void> {
    const before = this.#input.value.slice(0, this.#input.selectionEnd ?? this.#input.value.length);
    const whole = this.#input.dataset["whole"] !== undefined;
    const candidates = whole ? (before.trim().length > 1 ? [{ start: 0, text: before }] : []) : tails(before);
    const request = (this.#request = new AbortController());
    try {
      for (const tail of candidates) {
        const found = await this.#look(tail.text.trim(), request.signal);
        if (request.signal.aborted) return;
        const names = found.filter((s) => s.label.toLowerCase() !== tail.text.trim().toLowerCase());
        if (found.length) {
          this.#open(tail, names);
          return;
        }
      }
      this.#close();
    } catch (error) {
      if (request.signal.aborted) return;
      this.#close();
      // A question can be typed to its end without suggestions.
      console.info("no suggestions:", error);
    }
  }

  async #look(text: string, signal: AbortSignal): Promise<Suggestion[]> {
    const key = text.toLowerCase();
    const known = this.#known.get(key);
    if (known) return known;
    const url = inLanguage(this.#input.dataset["source"] ?? "/api/v1/complete");
    url.searchParams.set("q", text);
    url.searchParams.set("limit", String(MOST));
    const kind = this.#input.dataset["kind"];
    if (kind) url.searchParams.set("kind", kind);
    const found = suggestions(await getJson(url, signal)).slice(0, MOST);
    this.#known.set(key, found);
    return found;
  }

  #open(tail: Tail, found: Suggestion[]): void {
    if (!found.length || document.activeElement !== this.#input) {
      this.#close();
      return;
    }
    this.#tail = tail;
    this.#shown = found;
    this.#active = -1;
    this.#list.replaceChildren(
      ...found.map((s, i) =>
        el("li", { role: "option", id: `${this.#list.id}-${i}`, "data-index": i, "aria-selected": "false" },
          el("span", { class: "complete-name" }, s.label), " ", el("small", {}, s.kindLabel)),
      ),
    );
    this.#list.hidden = false;
    this.#input.setAttribute("aria-expanded", "true");
    this.#input.removeAttribute("aria-activedescendant");
    this.#status.textContent = words.suggestions(found.length);
  }

  #close(): void {
    clearTimeout(this.#timer);
    this.#request?.abort();
    this.#list.hidden = true;
    this.#active = -1;
    this.#input.setAttribute("aria-expanded", "false");
    this.#input.removeAttribute("aria-activedescendant");
    this.#status.textContent = "";
  }

  #move(to: number): void {
    const options = [...this.#list.children];
    options[this.#active]?.setAttribute("aria-selected", "false");
    this.#active = ((to % options.length) + options.length) % options.length;
    const option = options[this.#active];
    if (!option) return;
    option.setAttribute("aria-selected", "true");
    option.scrollIntoView({ block: "nearest" });
    this.#input.setAttribute("aria-activedescendant", option.id);
  }

  #key(event: KeyboardEvent): void {
    if (event.isComposing) return;
    const open = !this.#list.hidden;
    if (event.key === "ArrowDown" && open) this.#move(this.#active + 1);
    else if (event.key === "ArrowDown") void this.#ask();
    else if (event.key === "ArrowUp" && open) this.#move(this.#active < 0 ? -1 : this.#active - 1);
    else if (event.key === "Enter" && open && this.#active >= 0) this.#take(this.#active);
    else if (event.key === "Escape" && open) this.#close();
    else if (event.key === "Tab" && open && this.#active >= 0) {
      this.#take(this.#active);
      return;
    } else return;
    event.preventDefault();
  }

  #take(index: number): void {
    const chosen = this.#shown[index];
    if (!chosen || !this.#tail) return;
    const input = this.#input;
    const { start, text } = this.#tail;
    const inserted = input.dataset["insert"] === "key" ? (chosen.iri.split("/id/")[1] ?? chosen.iri) : chosen.label;
    const rest = input.value.slice(start + text.length);
    const caret = start + inserted.length;
    input.value = input.value.slice(0, start) + inserted + rest;
    input.setSelectionRange(caret, caret);
    this.#close();
    input.dispatchEvent(new CustomEvent("completed", { bubbles: true, detail: chosen }));
  }
}
