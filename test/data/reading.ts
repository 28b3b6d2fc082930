import { copyFileSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'vitest';
import type { Dataset } from '../../src/data/dataset.ts';
import { type DatasetRequest, readDataset } from '../../src/data/read-dataset.ts';
import type { Failure } from '../../src/errors/failure.ts';

const fixtures = fileURLToPath(new URL('./fixtures/', import.meta.url));

/** Labels of the fixtures' rows; the characters are 0, A, a, z and 9. */
export const fixtureLabels = [0, 10, 36, 61, 9];

/** The fixtures' images, upright: pixel p of image n is (7 n + p) % 251. */
export function fixtureImages(rows: number): number[] {
  return Array.from({ length: rows * 784 }, (_, index) => (7 * Math.floor(index / 784) + (index % 784)) % 251);
}

/** Swaps rows and columns of 28 x 28 images. */
export function transposed(images: readonly number[]): number[] {
  return images.map((_, index) => {
    const [image, row, column] = [Math.floor(index / 784), Math.floor((index % 784) / 28), index % 28];
    return images[image * 784 + column * 28 + row] as number;
  });
}

export function temporaryFolder(): string {
  return mkdtempSync(join(tmpdir(), 'pipe-data-'));
}

/** A new folder with one fixture in it, by the name that is given. */
export function folderWith(fixture: string, name = fixture): string {
  const folder = temporaryFolder();
  copyFileSync(join(fixtures, fixture), join(folder, name));
  return folder;
}

export function fixture(name: string): Buffer {
  return readFileSync(join(fixtures, name));
}

export function withFile(name: string, content: string | Uint8Array): string {
  const folder = temporaryFolder();
  writeFileSync(join(folder, name), content);
  return folder;
}

type Request = Partial<DatasetRequest> & { readonly path: string };

const usual = { dataset: 'emnist-byclass', subset: 'all' } as const;

export async function read(request: Request): Promise<Dataset> {
  const result = await readDataset({ ...usual, ...request });
  if (!result.ok) throw new Error(`${result.error.message} ${result.error.hint ?? ''}`);
  return result.value;
}

export async function problemOf(request: Request): Promise<Failure> {
  const result = await readDataset({ ...usual, ...request });
  if (result.ok) throw new Error(`${result.value.rows} rows were read`);
  return result.error;
}

/** The failures of a file that is cut off after each number of bytes; being read is a failure of the test. */
export async function cutOffs(name: string, content: Uint8Array, step = 1): Promise<Failure[]> {
  const folder = temporaryFolder();
  const problems: Failure[] = [];
  for (let length = 0; length < content.length; length += step) {
    writeFileSync(join(folder, name), content.subarray(0, length));
    const problem = await problemOf({ path: join(folder, name) });
    expect(problem.message).toContain(name);
    problems.push(problem);
  }
  return problems;
}
