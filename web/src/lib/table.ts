/** The numbers and dates of a table on the page, for a chart drawn from it. */

export interface Bar {
  label: string;
  value: number;
  series: string | null;
}

export interface Moment {
  label: string;
  start: Date;
  end: Date | null;
  href: string | null;
  modality: string | null;
}

/** The number in a cell: its ``data-value``, else its text in Dutch or English notation; null when there is none. */
export function cellNumber(cell: HTMLElement): number | null {
  const raw = cell.dataset["value"];
  if (raw !== undefined && raw !== "") return Number.isFinite(Number(raw)) ? Number(raw) : null;
  const text = (cell.textContent ?? "").replace(/[^\d.,-]/g, "");
  if (!/\d/.test(text)) return null;
  // The last of the two marks, when one or two digits follow it, parts the fraction.
  const fraction = /[.,](\d{1,2})$/.exec(text);
  const whole = (fraction ? text.slice(0, -fraction[0].length) : text).replace(/[.,]/g, "");
  const value = Number(fraction ? `${whole}.${fraction[1]}` : whole);
  return Number.isFinite(value) ? value : null;
}

/** Columns by the ``data-role`` of their header. */
function roles(table: HTMLTableElement): Map<string, number> {
  const found = new Map<string, number>();
  table.querySelectorAll<HTMLElement>("thead tr:first-child > *").forEach((cell, i) => {
    const role = cell.dataset["role"];
    if (role) found.set(role, i);
  });
  return found;
}

function rows(table: HTMLTableElement): HTMLTableRowElement[] {
  return [...table.querySelectorAll<HTMLTableRowElement>("tbody > tr")];
}

function words(cell: HTMLElement | undefined): string {
  return (cell?.textContent ?? "").replace(/\s+/g, " ").trim();
}

/**
 * A bar for each row. The columns are those whose header has ``data-role`` label, value and series; without roles the first is the label and the
 * last that holds a number the value.
 */
export function bars(table: HTMLTableElement): Bar[] {
  const role = roles(table);
  return rows(table).flatMap((row) => {
    const cells = [...row.querySelectorAll<HTMLElement>(":scope > *")];
    const label = words(cells[role.get("label") ?? 0]);
    const at = role.get("value") ?? cells.findLastIndex((cell, i) => i > 0 && cellNumber(cell) !== null);
    const cell = cells[at];
    const value = cell ? cellNumber(cell) : null;
    const series = role.get("series");
    if (!label || value === null) return [];
    return [{ label, value, series: series === undefined ? null : words(cells[series]) || null }];
  });
}

/**
 * A moment for each row with a ``<time datetime>``; a second one in the row is its end. Years and months count from their first day. The row has its
 * modality in ``data-modality``.
 */
export function moments(table: HTMLTableElement): Moment[] {
  const role = roles(table);
  return rows(table).flatMap((row) => {
    const times = [...row.querySelectorAll<HTMLElement>("time")].flatMap((time) => {
      const parsed = /^(\d{4})(?:-(\d\d))?(?:-(\d\d))?/.exec(time.getAttribute("datetime") ?? words(time));
      return parsed ? [new Date(Date.UTC(Number(parsed[1]), Number(parsed[2] ?? 1) - 1, Number(parsed[3] ?? 1)))] : [];
    });
    const start = times[0];
    if (!start) return [];
    const cells = [...row.querySelectorAll<HTMLElement>(":scope > *")];
    const named = cells[role.get("label") ?? cells.findIndex((cell) => !cell.querySelector("time"))];
    const link = named?.querySelector("a");
    return [{
      label: words(link ?? named), start, end: times[1] ?? null,
      href: link?.getAttribute("href") ?? null,
      modality: row.dataset["modality"] ?? null,
    }];
  });
}
