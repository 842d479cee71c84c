/** Character ranges in the fragment of an address (``#char=120,180``), after RFC 5147: code points, end not included. */

export interface Range {
  start: number;
  end: number;
}

/** The range a fragment names, or null. ``#char=120`` is the character at 120. */
export function charRange(fragment: string): Range | null {
  const found = /^#?char=(\d+)(?:,(\d+))?$/.exec(decodeURIComponent(fragment));
  if (!found) return null;
  const start = Number(found[1]);
  const end = found[2] === undefined ? start + 1 : Number(found[2]);
  return end > start ? { start, end } : null;
}

/** Do two ranges share a character? */
export function overlap(a: Range, b: Range): boolean {
  return a.start < b.end && b.start < a.end;
}
