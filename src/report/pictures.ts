import { html, type Markup } from './html.ts';
import { pngAddress } from './png.ts';
import type { SampleImages } from './study.ts';

/** Larger images are thinned to at most this many pixels a side, to keep the page small. */
const mostPixels = 48;

/** Ink is 255 on 0; images that hold shares of one are stretched. */
function inkByte(value: number, float: boolean): number {
  return Math.max(0, Math.min(255, Math.round(float ? value * 255 : value)));
}

/** Some images side by side in one picture, with a gap of two pixels of paper. `rows` are positions in the samples. */
export function pictureStrip(images: SampleImages, rows: readonly number[], description: string): Markup {
  const stride = Math.ceil(Math.max(images.height, images.width) / mostPixels);
  const [height, width] = [Math.ceil(images.height / stride), Math.ceil(images.width / stride)];
  const total = rows.length * (width + 2) - 2;
  const pixels = new Uint8Array(total * height);
  rows.forEach((row, position) => {
    const values = images.image.row(row);
    const float = values instanceof Float32Array && values.every((value) => value <= 1);
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        const value = values[y * stride * images.width + x * stride] ?? 0;
        pixels[y * total + position * (width + 2) + x] = inkByte(value, float);
      }
    }
  });
  return html`<img class="ink" src="${pngAddress(pixels, total, height)}" width="${total}" height="${height}" alt="${description}">`;
}

/** Positions of the first `most` images of each class, class by class. */
export function firstOfEachClass(images: SampleImages, classes: number, most: number): number[][] {
  const rows: number[][] = Array.from({ length: classes }, () => []);
  for (let row = 0; row < images.labels.length; row++) {
    const found = rows[images.labels[row] ?? -1];
    if (found !== undefined && found.length < most) found.push(row);
  }
  return rows;
}
