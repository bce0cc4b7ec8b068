/** How wide and high the parts of the grid are, in pixels, by the size of its letters. */

export interface Sizes {
  row: number;
  head: number;
  name: number;
  rotation: number;
  hours: number;
  day: number;
}

/** Columns before the days: name, rotation, hours. */
export const LEADING = 3;

export function sizesFor(letter: number): Sizes {
  const em = (n: number) => Math.round(letter * n);
  return {
    row: Math.max(28, em(1.9)),
    head: em(3.6) + 8,
    name: em(7.5),
    rotation: em(3.2),
    hours: em(8),
    day: em(3.3),
  };
}

export function fixedWidth({ name, rotation, hours }: Sizes): number {
  return name + rotation + hours;
}

/** `HF` for happy-family: what fits into a narrow column; the whole name is told beside it. */
export function rotationMark(code: string): string {
  const parts = code.split(/[-_]/).filter(Boolean);
  return (parts.length > 1 ? parts.map((part) => part[0]).join("") : code.slice(0, 2)).slice(0, 3).toUpperCase();
}
