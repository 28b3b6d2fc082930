import { columnsOf, type WidthOf } from './clip.ts';

/** A piece of a line. Where a line is too narrow for all of them, those of the least weight are left out. */
export interface Part {
  readonly text: string;
  readonly weight: number;
}

const gap = '  ';

/** The parts that have a text. */
export function partsOf(...parts: readonly (readonly [text: string, weight: number])[]): Part[] {
  return parts.flatMap(([text, weight]) => (text === '' ? [] : [{ text, weight }]));
}

/** All parts in a row. */
export function joined(parts: readonly Part[]): string {
  return parts.map(({ text }) => text).join(gap);
}

/** As many parts as there are columns for, in their order; the weightiest stays, whatever its length. */
export function fitParts(parts: readonly Part[], columns: number, widthOf: WidthOf): string {
  const kept = [...parts];
  let used = kept.reduce((sum, { text }) => sum + columnsOf(text, widthOf) + gap.length, -gap.length);
  while (used > columns && kept.length > 1) {
    const least = kept.reduce((low, part, index) => (part.weight <= (kept[low]?.weight ?? 0) ? index : low), 0);
    const [gone] = kept.splice(least, 1);
    used -= columnsOf(gone?.text ?? '', widthOf) + gap.length;
  }
  return joined(kept);
}
