import { describe, expect, it } from "vitest";
import { tails } from "../src/lib/tail";

const texts = (before: string): string[] => tails(before).map((t) => t.text);

describe("the words a name may begin with", () => {
  it("skips the words of the question", () => {
    expect(texts("welke resoluties heeft Ned")).toEqual(["resoluties heeft Ned", "Ned"]);
    expect(texts("wat deed de Verenigde Na")).toEqual(["Verenigde Na", "Na"]);
  });
  it("gives the place of each, so that it can be replaced", () => {
    const [first] = tails("door het Wereldfonds");
    expect(first && "door het Wereldfonds".slice(first.start)).toBe("Wereldfonds");
  });
  it("asks nothing after a space, one letter or a mark", () => {
    expect(texts("Nederland ")).toEqual([]);
    expect(texts("wie sprak N")).toEqual([]);
    expect(texts("wie sprak Nederland?")).toEqual([]);
  });
  it("does not reach over a comma", () => {
    expect(texts("Botswana, Peru en Tsj")).toEqual(["Peru en Tsj", "Tsj"]);
  });
  it("leaves plain words out at the front only", () => {
    expect(texts("Wie spr")).toEqual(["spr"]);
    expect(texts("Fonds voor Ontw")).toEqual(["Fonds voor Ontw", "Ontw"]);
  });
  it("takes accents and apostrophes along", () => {
    expect(texts("hoeveel kreeg Curaça")).toEqual(["Curaça"]);
    expect(texts("wie bezocht Côte d'Iv")).toEqual(["bezocht Côte d'Iv", "Côte d'Iv", "d'Iv"]);
  });
});
