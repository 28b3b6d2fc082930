/** A grey picture: values from 0 (paper) to 1 (ink), row after row. */
export interface GreyPicture {
  readonly height: number;
  readonly width: number;
  readonly values: ArrayLike<number>;
}

const shades = ' .:-=+*#%@';

/**
 * Pictures side by side as lines of text: with colours two pixels a character (the upper half block on a ground), without them one
 * character of a shade for two rows. Ink is light, as on a dark terminal.
 */
export function pictureLines(pictures: readonly GreyPicture[], withColours: boolean, gap = 2): string[] {
  const height = Math.max(0, ...pictures.map((one) => one.height));
  const lines: string[] = [];
  for (let row = 0; row < height; row += 2) {
    const parts = pictures.map((picture) => {
      const at = (y: number, x: number): number =>
        y < picture.height ? Math.min(1, Math.max(0, picture.values[y * picture.width + x] ?? 0)) : 0;
      const cells = Array.from({ length: picture.width }, (_, x) => {
        const [upper, lower] = [at(row, x), at(row + 1, x)];
        return withColours
          ? halfBlock(upper, lower)
          : (shades[Math.round(((upper + lower) / 2) * (shades.length - 1))] ?? ' ');
      });
      return withColours ? `${cells.join('')}\u001b[0m` : cells.join('');
    });
    lines.push(parts.join(' '.repeat(gap)).trimEnd());
  }
  return lines;
}

/** Of 24 greys of the palette of 256 colours: terminals have had them for long. */
function halfBlock(upper: number, lower: number): string {
  const grey = (value: number): number => 232 + Math.round(value * 23);
  return `\u001b[38;5;${grey(upper)};48;5;${grey(lower)}m▀`;
}
