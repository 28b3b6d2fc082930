import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { readDataset } from '../../src/data/read-dataset.ts';

const folder = process.env['PIPE_DATA'] ?? '';

describe.skipIf(folder === '')('the real EMNIST ByClass test split (skipped without PIPE_DATA)', () => {
  test('has 116,323 upright images of 62 classes, and reads in seconds', async () => {
    const started = performance.now();
    const read = await readDataset({ path: folder, dataset: 'emnist-byclass', subset: 'test' });
    const seconds = (performance.now() - started) / 1000;
    if (!read.ok) throw new Error(read.error.message);
    const { rows, height, width, images, labels, classes, partition, source } = read.value;
    expect([rows, height, width, images.length]).toEqual([116_323, 28, 28, 116_323 * 784]);
    expect(classes.join('')).toBe('0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz');
    expect(labels.filter((label) => classes[label] === 'j')).toHaveLength(317);
    expect(new Set(partition)).toEqual(new Set(['test']));
    expect(source).toMatchObject({
      format: 'idx',
      title: 'EMNIST ByClass, test split',
      orientation: 'transposed, made upright',
    });
    const transposed = Buffer.alloc(images.length);
    for (let start = 0; start < images.length; start += 784) {
      for (let pixel = 0; pixel < 784; pixel++) {
        transposed[start + (pixel % 28) * 28 + Math.floor(pixel / 28)] = images[start + pixel] as number;
      }
    }
    const header = Buffer.from([0, 0, 8, 3, 0, 1, 198, 99, 0, 0, 0, 28, 0, 0, 0, 28]);
    expect(createHash('sha256').update(header).update(transposed).digest('hex')).toBe(
      '385559d7d5c96f49cd6b55b3e9e76d7ecbf568897b6067e8cac8f1ffc2f50f81',
    );
    expect(seconds).toBeLessThan(10);
  });
});
