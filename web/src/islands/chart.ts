/**
 * A chart above the table it is drawn from: ``figure[data-island=chart][data-kind=bar|timeline]``. The table stays; the drawing is hidden from
 * screen readers, which have the table.
 */
import "../lib/kinds.css";
import "./chart.css";
import { axisX, barX, dot, gridX, link, plot, ruleX, text } from "@observablehq/plot";
import { el } from "../lib/dom";
import { bars, moments, type Bar, type Moment } from "../lib/table";
import { language } from "../lib/words";

const LOCALE = language === "nl" ? "nl-NL" : "en-GB";
const MOST_BARS = 40;

export function mount(figure: HTMLElement): void {
  const table = figure.querySelector("table");
  if (!table) throw new Error("a chart needs a table");
  const kind = figure.dataset["kind"];
  const draw = kind === "timeline" ? timeline(moments(table)) : kind === "bar" ? barChart(bars(table)) : null;
  if (!draw) return;
  const holder = el("div", { class: "chart", "aria-hidden": "true" });
  const caption = figure.querySelector(":scope > figcaption");
  if (caption) caption.after(holder);
  else figure.prepend(holder);
  let width = 0;
  new ResizeObserver(() => {
    const now = Math.floor(holder.clientWidth);
    if (now === width || now < 80) return;
    width = now;
    holder.replaceChildren(draw(now));
    for (const focusable of holder.querySelectorAll("a")) focusable.setAttribute("tabindex", "-1");
  }).observe(holder);
}

type Draw = (width: number) => Element;

/** What fits in a line of so many pixels, in a font of 12. */
export function shorten(label: string, pixels: number): string {
  const most = Math.max(6, Math.floor(pixels / 6.4));
  return label.length <= most ? label : `${label.slice(0, most - 1).trimEnd()}…`;
}

function barChart(data: Bar[]): Draw | null {
  if (!data.length) return null;
  const shown = [...data].slice(0, MOST_BARS);
  const labels = [...new Set(shown.map((d) => d.label))];
  const series = [...new Set(shown.flatMap((d) => (d.series ? [d.series] : [])))].sort();
  const compact = new Intl.NumberFormat(LOCALE, { notation: "compact", maximumFractionDigits: 1 });
  const totals = labels.map((label) => ({ label, total: shown.filter((d) => d.label === label).reduce((sum, d) => sum + d.value, 0) }));
  return (width) => {
    const margin = Math.min(240, Math.round(width * 0.4));
    const drawing = plot({
      width, height: 40 + labels.length * 26, marginLeft: margin, marginRight: 54, marginTop: 4, marginBottom: 30, style: { fontSize: "12px", fontFamily: "var(--sans)" },
      x: { label: null, nice: true }, y: { label: null, domain: labels, tickFormat: (d: string) => shorten(d, margin - 12), tickSize: 0 },
      color: series.length ? { domain: series, range: series.map((_, i) => PALETTE[i % PALETTE.length] ?? ""), legend: false } : {},
      marks: [
        gridX({ className: "chart-grid" }),
        axisX({ tickFormat: (d: number) => compact.format(d), ticks: Math.max(1, Math.floor((width - margin - 54) / 100)), tickSize: 0 }),
        barX(shown, { x: "value", y: "label", fill: series.length ? "series" : "var(--kind-amount)", insetTop: 3, insetBottom: 3,
          title: (d: Bar) => [d.label, d.series, d.value.toLocaleString(LOCALE)].filter(Boolean).join(" · ") }),
        text(totals, { x: "total", y: "label", text: (d: { total: number }) => compact.format(d.total), textAnchor: "start", dx: 5 }),
        ruleX([0]),
      ],
    });
    if (series.length < 2) return drawing;
    const legend = el("ul", { class: "chart-legend" }, ...series.map((name, i) => {
      const swatch = el("span", { class: "swatch" });
      swatch.style.background = PALETTE[i % PALETTE.length] ?? "";
      return el("li", {}, swatch, " ", name);
    }));
    return el("div", {}, legend, drawing);
  };
}

// Told apart by hue and by lightness, in light and dark alike.
const PALETTE = ["var(--kind-country)", "var(--kind-amount)", "var(--kind-event)", "var(--kind-mission)",
  "var(--kind-organisation)", "var(--kind-person)", "var(--kind-resolution)", "var(--kind-treaty)"];

interface Placed extends Moment {
  lane: number;
  shown: string;
  /** Does the label stand before the point, there being no room behind it? */
  before: boolean;
}

/** Moments in lanes, so that no label stands on another. */
export function lanes(data: Moment[], x: (date: Date) => number, width: number): Placed[] {
  const taken: { from: number; to: number }[][] = [];
  return [...data].sort((a, b) => a.start.getTime() - b.start.getTime()).map((moment) => {
    const shown = shorten(moment.label, Math.min(260, Math.max(90, width * 0.45)));
    const [first, last, room] = [x(moment.start), x(moment.end ?? moment.start), 16 + shown.length * 6.8];
    const before = last + room > width;
    const place = { from: before ? first - room : first - 6, to: before ? last + 6 : last + room };
    let lane = taken.findIndex((row) => row.every((other) => place.from >= other.to || other.from >= place.to));
    if (lane < 0) lane = taken.push([]) - 1;
    taken[lane]?.push(place);
    return { ...moment, lane, shown, before };
  });
}

function timeline(data: Moment[]): Draw | null {
  if (!data.length) return null;
  const times = data.flatMap((d) => [d.start.getTime(), (d.end ?? d.start).getTime()]);
  const [first, last] = [Math.min(...times), Math.max(...times)];
  const pad = Math.max((last - first) * 0.02, 10 * 86_400_000);
  const domain = [new Date(first - pad), new Date(last + pad)] as const;
  const spans = last - first > 3 * 365 * 86_400_000;
  const format = new Intl.DateTimeFormat(LOCALE, { timeZone: "UTC", ...(spans ? { year: "numeric" } : { month: "short", year: "numeric" }) });
  const day = new Intl.DateTimeFormat(LOCALE, { timeZone: "UTC", dateStyle: "long" });
  return (width) => {
    const [left, right] = [16, 16];
    const x = (date: Date): number => left + ((date.getTime() - domain[0].getTime()) / (domain[1].getTime() - domain[0].getTime())) * (width - left - right);
    const placed = lanes(data, x, width);
    const many = Math.max(...placed.map((p) => p.lane)) + 1;
    const title = (p: Placed): string => `${p.label} · ${day.format(p.start)}${p.end ? ` – ${day.format(p.end)}` : ""}`;
    const point = (p: Placed): string => (p.modality && p.modality !== "realised" ? "var(--paper)" : "var(--accent)");
    return plot({
      width, height: 36 + many * 22, marginLeft: left, marginRight: right, marginTop: 6, marginBottom: 26, style: { fontSize: "12px", fontFamily: "var(--sans)" },
      x: { type: "utc", domain, label: null }, y: { axis: null, domain: [-0.6, many - 0.4], reverse: true },
      marks: [
        gridX({ className: "chart-grid" }),
        axisX({ ticks: Math.max(2, Math.floor(width / 110)), tickFormat: (d: Date) => format.format(d), tickSize: 4 }),
        link(placed.filter((p) => p.end), { x1: "start", x2: "end", y1: "lane", y2: "lane", stroke: "var(--accent)", strokeWidth: 5 }),
        dot(placed, { x: "start", y: "lane", r: 4.5, fill: point, stroke: "var(--accent)", strokeWidth: 1.5, title, href: "href" }),
        text(placed.filter((p) => !p.before), { x: (p: Placed) => p.end ?? p.start, y: "lane", text: "shown", textAnchor: "start", dx: 10, title, href: "href" }),
        text(placed.filter((p) => p.before), { x: "start", y: "lane", text: "shown", textAnchor: "end", dx: -10, title, href: "href" }),
      ],
    });
  };
}
