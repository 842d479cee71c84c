import { afterEach, describe, expect, it, vi } from "vitest";
import { mount, suggestions } from "../src/islands/complete";

const NL = { iri: "https://w3id.org/avvn/id/country/NL", label: "Nederland", kind: "country" };
const NF = { iri: "https://w3id.org/avvn/id/person/nederfield", label: "Nederfield", kind: "person" };

function field(): HTMLInputElement {
  document.body.innerHTML = '<form><label for="q">Vraag</label><div><input id="q" name="q" data-source="/api/v1/complete"></div></form>';
  const input = document.querySelector("input")!;
  mount(input);
  input.focus();
  return input;
}

function type(input: HTMLInputElement, text: string): void {
  input.value = text;
  input.setSelectionRange(text.length, text.length);
  input.dispatchEvent(new Event("input"));
}

const key = (input: HTMLInputElement, name: string): boolean =>
  input.dispatchEvent(new KeyboardEvent("keydown", { key: name, bubbles: true, cancelable: true }));

const options = (): HTMLElement[] => [...document.querySelectorAll<HTMLElement>("[role=option]")];

async function settled(): Promise<void> {
  await vi.advanceTimersByTimeAsync(300);
}

describe("completion", () => {
  afterEach(() => {
    vi.useRealTimers();
    vi.unstubAllGlobals();
  });

  it("completes the last words by keyboard and leaves the rest of the question", async () => {
    vi.useFakeTimers();
    const asked: string[] = [];
    vi.stubGlobal("fetch", async (url: URL) => {
      asked.push(url.searchParams.get("q") ?? "");
      return new Response(JSON.stringify({ items: url.searchParams.get("q") === "Ned" ? [NL, NF] : [] }));
    });
    const input = field();
    type(input, "wat deed Ned");
    await settled();
    expect(asked).toEqual(["Ned"]);
    expect(input.getAttribute("aria-expanded")).toBe("true");
    expect(options().map((o) => o.textContent)).toEqual(["Nederland land", "Nederfield persoon"]);
    // Nothing is chosen yet, so Enter is the form's.
    expect(key(input, "Enter")).toBe(true);
    expect(key(input, "ArrowDown")).toBe(false);
    expect(input.getAttribute("aria-activedescendant")).toBe(options()[0]?.id);
    expect(key(input, "Enter")).toBe(false);
    expect(input.value).toBe("wat deed Nederland");
    expect(input.getAttribute("aria-expanded")).toBe("false");
  });

  it("forgets an answer that was overtaken", async () => {
    vi.useFakeTimers();
    vi.stubGlobal("fetch", (url: URL, { signal }: { signal: AbortSignal }) => new Promise((resolve, reject) => {
      const q = url.searchParams.get("q");
      signal.addEventListener("abort", () => reject(new DOMException("overtaken", "AbortError")));
      setTimeout(() => resolve(new Response(JSON.stringify({ items: q === "Ne" ? [NF] : [NL] }))), q === "Ne" ? 1000 : 10);
    }));
    const input = field();
    type(input, "Ne");
    await vi.advanceTimersByTimeAsync(200);
    type(input, "Ned");
    await vi.advanceTimersByTimeAsync(2000);
    expect(options().map((o) => o.textContent)).toEqual(["Nederland land"]);
  });

  it("closes with Escape, keeping the text", async () => {
    vi.useFakeTimers();
    vi.stubGlobal("fetch", async () => new Response(JSON.stringify({ items: [NL] })));
    const input = field();
    type(input, "Ned");
    await settled();
    key(input, "Escape");
    expect(input.getAttribute("aria-expanded")).toBe("false");
    expect(input.value).toBe("Ned");
  });

  it("reads no suggestion out of anything else", () => {
    expect(suggestions({ items: [{ label: 3 }, NL] })).toHaveLength(1);
    expect(suggestions(null)).toEqual([]);
    expect(suggestions("x")).toEqual([]);
  });
});
