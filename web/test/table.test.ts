import { describe, expect, it } from "vitest";
import { lanes, shorten } from "../src/islands/chart";
import { bars, cellNumber, moments } from "../src/lib/table";

function table(html: string): HTMLTableElement {
  const made = document.createElement("table");
  made.innerHTML = html;
  return made;
}

function cell(html: string): HTMLElement {
  const made = document.createElement("td");
  made.innerHTML = html;
  return made;
}

describe("numbers in cells", () => {
  it.each([
    ["1.250.000", 1_250_000], ["1,250,000", 1_250_000], ["€ 12,5 miljoen", 12.5], ["EUR 100", 100], ["3.50", 3.5], ["-4", -4], ["2.500", 2500],
  ])("reads %s", (text, value) => expect(cellNumber(cell(text))).toBe(value));
  it("finds none in words", () => expect(cellNumber(cell("onbekend"))).toBeNull());
  it("trusts data-value before the text", () => {
    const made = cell("€ 12,5 mln");
    made.dataset["value"] = "12500000";
    expect(cellNumber(made)).toBe(12_500_000);
  });
});

describe("bars of a table", () => {
  it("goes by the roles of the headers", () => {
    const found = bars(table(`<thead><tr><th data-role="series">Jaar<th data-role="label">Aan<th data-role="value">EUR<th>Zin</tr></thead>
      <tbody><tr><td>2017<td>UNICEF<td data-value="100">honderd<td>in 2019</tr><tr><td>2018<td>GPE<td>?<td></tr></tbody>`));
    expect(found).toEqual([{ label: "UNICEF", value: 100, series: "2017" }]);
  });
  it("takes the first column and the last number without them", () => {
    expect(bars(table("<thead><tr><th>Aan<th>Jaar<th>EUR</tr></thead><tbody><tr><td>WHO<td>2016<td>3.000</tr></tbody>"))).toEqual([
      { label: "WHO", value: 3000, series: null },
    ]);
  });
});

describe("moments of a table", () => {
  it("reads dates, ends, addresses and modality, and leaves rows without a date out", () => {
    const found = moments(table(`<tbody>
      <tr data-modality="planned"><td><time datetime="2017-09-18">18 september</time> – <time datetime="2017-09-25">25</time><td><a href="/page/event/x">Week</a></tr>
      <tr><td>onbekend<td>Iets</tr><tr><td><time datetime="2016">2016</time><th><a href="/page/event/y">Jaar</a> <span>gebeurd</span></tr></tbody>`));
    expect(found.map((m) => [m.label, m.start.toISOString().slice(0, 10), m.end?.toISOString().slice(0, 10), m.href, m.modality])).toEqual([
      ["Week", "2017-09-18", "2017-09-25", "/page/event/x", "planned"],
      ["Jaar", "2016-01-01", undefined, "/page/event/y", null],
    ]);
  });
  it("puts neighbours in lanes of their own", () => {
    const moment = (day: number) => ({ label: "Ministeriële week", start: new Date(Date.UTC(2017, 8, day)), end: null, href: null, modality: null });
    const placed = lanes([moment(1), moment(2), moment(29)], (date) => date.getUTCDate() * 10, 400);
    expect(placed.map((p) => p.lane)).toEqual([0, 1, 0]);
  });
  it("keeps a label that stands before its point off the others", () => {
    const moment = (day: number) => ({ label: "Ministeriële week", start: new Date(Date.UTC(2017, 8, day)), end: null, href: null, modality: null });
    const placed = lanes([moment(20), moment(29)], (date) => date.getUTCDate() * 10, 330);
    expect(placed.map((p) => [p.lane, p.before])).toEqual([[0, true], [1, true]]);
  });
  it("shortens long names", () => expect(shorten("High-Level Political Forum on Sustainable Development", 100)).toMatch(/^High-Level.*…$/));
});
