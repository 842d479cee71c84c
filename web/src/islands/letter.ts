/**
 * A letter: ``article[data-island=letter]``, whose sentences are ``.s`` with their place as id (``p120-180``, code points of the source) and what each
 * states in a ``details[data-of]`` after it.
 *
 * ``#char=start,end`` opens and lights the sentence; a click on a sentence or a mention shows what it states in a panel beside the text. Without
 * this script the details open in place.
 */
import "./letter.css";
import { charRange, overlap, type Range } from "../lib/char";
import { el, reducedMotion, uniqueId } from "../lib/dom";
import { words } from "../lib/words";

export function mount(article: HTMLElement): void {
  new Letter(article);
  rememberLegend();
  // With scripts a name says first what its sentence states.
  const note = document.querySelector(".legend > .aside");
  if (note) note.textContent = words.letterNote;
}

/** The place of a sentence, from its id. */
export function placeOf(id: string): Range | null {
  const found = /^p(\d+)-(\d+)$/.exec(id);
  return found ? { start: Number(found[1]), end: Number(found[2]) } : null;
}

class Letter {
  readonly #article: HTMLElement;
  #panel: HTMLElement | null = null;
  #from: HTMLElement | null = null;

  constructor(article: HTMLElement) {
    this.#article = article;
    article.addEventListener("click", (event) => this.#click(event));
    document.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && this.#panel) this.#close();
    });
    addEventListener("hashchange", () => this.#follow());
    this.#follow();
  }

  /** Light what the address names. */
  #follow(): void {
    for (const lit of this.#article.querySelectorAll<HTMLElement>(".s.lit")) lit.classList.remove("lit");
    const range = charRange(location.hash);
    if (!range) return;
    const found = [...this.#article.querySelectorAll<HTMLElement>("[id^=p]")].filter((element) => {
      const place = placeOf(element.id);
      return place !== null && overlap(place, range);
    });
    for (const element of found) element.classList.add("lit");
    const first = found[0];
    if (!first) return;
    first.tabIndex = -1;
    first.focus({ preventScroll: true });
    first.scrollIntoView({ block: "center", behavior: reducedMotion() ? "auto" : "smooth" });
  }

  #click(event: MouseEvent): void {
    if (event.defaultPrevented || event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    const target = event.target as Element;
    const sentence = target.closest<HTMLElement>(".s");
    const link = target.closest<HTMLElement>("a");
    if (!sentence || (link && !link.matches(".m")) || target.closest("summary, button, .said")) return;
    // Marking words is not asking for what they state.
    if (getSelection()?.isCollapsed === false) return;
    event.preventDefault();
    this.#show(sentence, link);
  }

  #show(sentence: HTMLElement, mention: HTMLElement | null): void {
    this.#clear();
    sentence.classList.add("chosen");
    this.#from = mention ?? sentence;
    const title = uniqueId("panel");
    const close = el("button", { type: "button", class: "plain" }, words.close);
    close.addEventListener("click", () => this.#close());
    const stated = this.#article.querySelector(`details[data-of="${CSS.escape(sentence.id)}"] .said`)?.cloneNode(true);
    const place = placeOf(sentence.id);
    this.#panel = el("aside", { class: "letter-panel", "aria-labelledby": title, tabindex: -1 },
      el("div", { class: "panel-head" }, el("h2", { id: title }, words.statementsOf), close),
      stated ?? el("p", {}, words.noStatements),
      ...mentions(sentence, mention),
      place && el("p", {}, el("a", { href: `#char=${place.start},${place.end}` }, words.copyLink)));
    this.#article.after(this.#panel);
    this.#panel.focus({ preventScroll: true });
    // On a narrow screen the panel stands over the text: the sentence moves up from under it.
    const [text, over] = [sentence.getBoundingClientRect(), this.#panel.getBoundingClientRect()];
    if (text.right > over.left && text.bottom > over.top) scrollBy({ top: text.bottom - over.top + 16, behavior: "instant" });
  }

  #clear(): void {
    this.#panel?.remove();
    this.#panel = null;
    for (const chosen of this.#article.querySelectorAll(".chosen")) chosen.classList.remove("chosen");
  }

  #close(): void {
    this.#clear();
    const back = this.#from;
    if (back && !back.matches("a")) back.tabIndex = -1;
    back?.focus({ preventScroll: true });
  }
}

/** Links to what a sentence mentions, the mention that was clicked first. */
function mentions(sentence: HTMLElement, clicked: HTMLElement | null): Node[] {
  const found = new Map<string, HTMLAnchorElement>();
  for (const link of [clicked, ...sentence.querySelectorAll<HTMLElement>("a.m")]) {
    if (link instanceof HTMLAnchorElement && !found.has(link.href)) found.set(link.href, link);
  }
  if (!found.size) return [];
  return [el("h3", {}, words.mentioned), el("ul", { class: "panel-mentions" }, ...[...found.values()].map((link) =>
    el("li", {}, el("a", { href: link.getAttribute("href"), class: link.className }, link.textContent ?? ""))))];
}

/** The legend's boxes keep their state from letter to letter, as long as the tab is open. */
function rememberLegend(): void {
  const KEY = "avvn.legend.off";
  let off = new Set<string>();
  try {
    off = new Set(JSON.parse(sessionStorage.getItem(KEY) ?? "[]") as string[]);
  } catch {
    sessionStorage.removeItem(KEY);
  }
  for (const box of document.querySelectorAll<HTMLInputElement>(".legend input[type=checkbox][id]")) {
    if (off.has(box.id)) box.checked = false;
    box.addEventListener("change", () => {
      if (box.checked) off.delete(box.id);
      else off.add(box.id);
      sessionStorage.setItem(KEY, JSON.stringify([...off]));
    });
  }
}
