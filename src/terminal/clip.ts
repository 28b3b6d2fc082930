/** Tells how many columns a text takes. */
export type WidthOf = (text: string) => number;

const mostRemembered = 10_000;

/** Remembers widths: names of stages are measured in every frame, and those that need the tables take long. */
export function remembering(widthOf: WidthOf): WidthOf {
  const widths = new Map<string, number>();
  return (text) => {
    const known = widths.get(text);
    if (known !== undefined) return known;
    if (widths.size >= mostRemembered) widths.clear();
    const width = widthOf(text);
    widths.set(text, width);
    return width;
  };
}

const plain = /^[\u0020-\u007e\u00a0-\u02ff\u2010-\u2027\u2500-\u25ff\u2713-\u2718·…]*$/;

/** Cuts a line to a number of columns: colour codes take none, a wide character two. What is cut off ends with "…". */
export function clip(line: string, columns: number, widthOf: WidthOf): string {
  const parts = line.split(/(\u001b\[[0-9;]*m)/);
  const texts = parts.filter((part) => !part.startsWith('\u001b'));
  const whole = texts.reduce((sum, text) => sum + columnsOf(text, widthOf), 0);
  if (whole <= columns) return line;
  let room = Math.max(0, columns - 1);
  let cut = false;
  return parts
    .map((part) => {
      if (part.startsWith('\u001b')) return part;
      if (cut) return '';
      const piece = fitting(part, room, widthOf);
      room -= columnsOf(piece, widthOf);
      cut = piece.length < part.length;
      return cut ? `${piece}…` : piece;
    })
    .join('');
}

/** Columns that a text without colour codes takes; most texts need no table of widths. */
export function columnsOf(text: string, widthOf: WidthOf): number {
  return plain.test(text) ? text.length : widthOf(text);
}

/** The longest beginning that fits, by what people see as characters (an emoji with its modifiers is one). */
function fitting(text: string, columns: number, widthOf: WidthOf): string {
  if (plain.test(text)) return text.slice(0, columns);
  let fits = '';
  let used = 0;
  for (const { segment } of new Intl.Segmenter().segment(text)) {
    used += widthOf(segment);
    if (used > columns) break;
    fits += segment;
  }
  return fits;
}
