/** Bilinear interpolation at (x, y) between the values of a square, row after row; beyond its border the border's value. */
export function interpolate(values: Float32Array, side: number, x: number, y: number): number {
  const column = Math.min(side - 1.001, Math.max(0, x));
  const row = Math.min(side - 1.001, Math.max(0, y));
  const left = Math.floor(column);
  const top = Math.floor(row);
  const right = column - left;
  const down = row - top;
  const first = top * side + left;
  const upper = (values[first] as number) * (1 - right) + (values[first + 1] as number) * right;
  const lower = (values[first + side] as number) * (1 - right) + (values[first + side + 1] as number) * right;
  return upper * (1 - down) + lower * down;
}
