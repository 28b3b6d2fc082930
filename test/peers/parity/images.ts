import { fileURLToPath } from 'node:url';
import { drawHandwriting } from '../../../src/data/drawn.ts';
import { findDrawnPackages } from '../../../src/data/drawn-packages.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));

/** Handwriting as pipe draws it where there is no EMNIST: 28 x 28 bytes a row, 62 classes. */
export interface Images {
  readonly height: number;
  readonly width: number;
  readonly classes: number;
  readonly pixels: Uint8Array;
  readonly labels: Int32Array;
}

/** The same images on every machine. */
export async function drawImages(rows: number): Promise<Images> {
  const packages = findDrawnPackages(root);
  if (!packages.installed) throw new Error(`not installed: ${packages.absent.join(', ')}`);
  const { signal } = new AbortController();
  const drawn = await drawHandwriting({ files: packages.files, rows, subset: 'train', seed: 1, signal });
  if (!drawn.ok) throw new Error(drawn.error.message);
  const { height, width, images, labels, classes } = drawn.value.dataset;
  return { height, width, classes: classes.length, pixels: Uint8Array.from(images), labels: Int32Array.from(labels) };
}
