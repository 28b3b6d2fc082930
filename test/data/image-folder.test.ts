import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createCanvas } from '@napi-rs/canvas';
import { expect, test } from 'vitest';
import { problemOf, read, temporaryFolder } from './reading.ts';

/** A white stroke (or another colour) on black, one in the left half. */
function drawing(side: number, ink = '#fff', paper = '#000', type: 'png' | 'jpeg' = 'png'): Buffer {
  const canvas = createCanvas(side, side);
  const context = canvas.getContext('2d');
  context.fillStyle = paper;
  context.fillRect(0, 0, side, side);
  context.fillStyle = ink;
  context.fillRect(0, 0, side / 2, side);
  return type === 'png' ? canvas.toBuffer('image/png') : canvas.toBuffer('image/jpeg', 95);
}

function folderOf(files: Readonly<Record<string, Uint8Array>>): string {
  const folder = temporaryFolder();
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(join(folder, name, '..'), { recursive: true });
    writeFileSync(join(folder, name), content);
  }
  return folder;
}

test('a folder for each class is read, resized to 28 x 28, with the labels of the data set', async () => {
  const path = folderOf({
    'A/2.png': drawing(28),
    'A/1.jpg': drawing(56, '#fff', '#000', 'jpeg'),
    'a/x.png': drawing(64),
  });
  const dataset = await read({ path });
  expect(dataset).toMatchObject({
    rows: 3,
    height: 28,
    width: 28,
    source: { format: 'images', files: ['1.jpg', '2.png', 'x.png'] },
  });
  expect([...dataset.labels].map((label) => dataset.classes[label])).toEqual(['A', 'A', 'a']);
  for (const row of [0, 1, 2]) {
    expect(dataset.images[row * 784 + 3 * 28 + 5]).toBeGreaterThan(240);
    expect(dataset.images[row * 784 + 3 * 28 + 22]).toBeLessThan(15);
  }
});

test('Letters in folders keep their labels, which files count from 1', async () => {
  const dataset = await read({ path: folderOf({ 'Z/1.png': drawing(28) }), dataset: 'emnist-letters' });
  expect([...dataset.labels]).toEqual([25]);
});

test('dark ink on light paper is inverted on request, and images may have another size', async () => {
  const path = folderOf({ '0/1.png': drawing(28, '#000', '#fff') });
  const dataset = await read({ path, images: { invert: true, size: 14 } });
  expect([dataset.height, dataset.width]).toEqual([14, 14]);
  expect([dataset.images[0], dataset.images[13]]).toEqual([255, 0]);
});

test('train and test folders are partitions', async () => {
  const path = folderOf({
    'train/cat/1.png': drawing(28),
    'train/dog/1.png': drawing(28),
    'test/dog/1.png': drawing(28),
  });
  const dataset = await read({ path, dataset: 'any' });
  expect(dataset.classes).toEqual(['cat', 'dog']);
  expect([...dataset.labels]).toEqual([0, 1, 1]);
  expect(dataset.partition).toEqual(['train', 'train', 'test']);
  expect((await read({ path, dataset: 'any', subset: 'test' })).rows).toBe(1);
});

test('folders named by case or by hexadecimal code are understood on request only', async () => {
  const byCase = folderOf({ 'upper_A/1.png': drawing(28), 'lower_a/1.png': drawing(28), '7/1.png': drawing(28) });
  const cases = await read({ path: byCase, images: { names: 'case' } });
  expect([...cases.labels].map((label) => cases.classes[label])).toEqual(['7', 'a', 'A']);
  const byCode = folderOf({ '41/hsf_0/1.png': drawing(28), '7a/hsf_1/1.png': drawing(28) });
  const codes = await read({ path: byCode, images: { names: 'hex' } });
  expect([...codes.labels].map((label) => codes.classes[label])).toEqual(['A', 'z']);
  expect((await problemOf({ path: byCode })).code).toBe('dataset-missing');
});

test('a folder with images that is no class is named', async () => {
  const problem = await problemOf({ path: folderOf({ 'A/1.png': drawing(28), 'AA/1.png': drawing(28) }) });
  expect(problem.message).toContain('holds images in the folder "AA", which is no class of emnist-byclass');
});

test('a file that is no image, is cut off, or claims a huge size is named', async () => {
  const none = await problemOf({ path: folderOf({ 'A/1.png': Buffer.from('not an image') }) });
  expect(none.message).toBe('1.png (12 bytes) is not a PNG or JPEG image');
  const png = drawing(28);
  const lying = Buffer.from(png);
  lying.writeUInt32BE(1_000_000, 16);
  const huge = await problemOf({ path: folderOf({ 'A/1.png': lying }) });
  expect(huge.message).toBe('1.png has 1000000 x 28 pixels');
  for (const [name, content] of [
    ['1.png', png],
    ['1.jpg', drawing(28, '#fff', '#000', 'jpeg')],
  ] as const) {
    for (const length of [0, 7, 20, 40]) {
      const problem = await problemOf({ path: folderOf({ [`A/${name}`]: content.subarray(0, length) }) });
      expect(problem.message).toContain(name);
    }
  }
});
