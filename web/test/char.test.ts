import { describe, expect, it } from "vitest";
import { charRange, overlap } from "../src/lib/char";

describe("character ranges in an address", () => {
  it.each([
    ["#char=120,180", { start: 120, end: 180 }],
    ["char=0,1", { start: 0, end: 1 }],
    ["#char=7", { start: 7, end: 8 }],
    ["#char=120%2C180", { start: 120, end: 180 }],
  ])("reads %s", (fragment, range) => expect(charRange(fragment)).toEqual(range));
  it.each(["", "#p12", "#char=", "#char=5,5", "#char=9,3", "#char=a,b", "#char=1,2,3"])("refuses %s", (fragment) =>
    expect(charRange(fragment)).toBeNull());
  it("knows when two share a character", () => {
    expect(overlap({ start: 0, end: 5 }, { start: 4, end: 9 })).toBe(true);
    expect(overlap({ start: 0, end: 5 }, { start: 5, end: 9 })).toBe(false);
  });
});
