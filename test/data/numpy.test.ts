import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import {
  cutOffs,
  fixture,
  fixtureImages,
  fixtureLabels,
  folderWith,
  problemOf,
  read,
  temporaryFolder,
  withFile,
} from './reading.ts';
import { zipOf } from './zip.ts';

/** An .npy file of version 1 with a header of our own. */
function npy(descriptor: string, shape: string, data: Uint8Array = new Uint8Array(0)): Buffer {
  const header = `{'descr': ${descriptor}, 'fortran_order': False, 'shape': ${shape}, }\n`;
  const length = Buffer.alloc(2);
  length.writeUInt16LE(header.length);
  return Buffer.concat([Buffer.from('\x93NUMPY\x01\x00', 'latin1'), length, Buffer.from(header), data]);
}

test('an archive with both partitions gives the one that is wanted', async () => {
  const path = folderWith('stored.npz', 'emnist-byclass.npz');
  const all = await read({ path });
  expect([...all.images]).toEqual([...fixtureImages(5), ...fixtureImages(2)]);
  expect([...all.labels]).toEqual([...fixtureLabels, 0, 10]);
  expect(all.partition.join()).toBe('train,train,train,train,train,test,test');
  expect((await read({ path, subset: 'test' })).rows).toBe(2);
  expect(all.source).toMatchObject({ format: 'numpy', orientation: 'upright' });
});

test('a packed archive of floats is read, and its file name tells the partition', async () => {
  const dataset = await read({ path: folderWith('deflated.npz', 'my-test.npz') });
  expect([...dataset.images]).toEqual(fixtureImages(5));
  expect(new Set(dataset.partition)).toEqual(new Set(['test']));
  const transposed = await read({ path: folderWith('deflated.npz', 'data.npz'), orientation: 'transposed' });
  expect(transposed.images[1]).toBe(28);
});

test.each(['u1', 'i4', 'i8', 'f4', 'f8'])(
  'a pair of .npy files of type %s is read, in any byte and axis order',
  async (type) => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'x_train.npy'), fixture(`${type}.npy`));
    writeFileSync(join(folder, 'y_train.npy'), npy("'|u1'", '(2,)', Uint8Array.of(7, 8)));
    const dataset = await read({ path: folder });
    expect([...dataset.images]).toEqual(fixtureImages(2));
    expect([...dataset.labels]).toEqual([7, 8]);
  },
);

test('arrays of unknown names are listed', async () => {
  const problem = await problemOf({ path: folderWith('unnamed.npz') });
  expect(problem.message).toBe('unnamed.npz has no images with labels: it holds arr_0, arr_1');
  expect(problem.hint).toContain('x_train');
});

function archive(images: Buffer, labels = npy("'|u1'", '(1,)', Uint8Array.of(1))): string {
  return withFile('data.npz', zipOf({ 'images.npy': images, 'labels.npy': labels }));
}

test.each([
  ['Python objects', fixture('object.npy'), 'holds Python objects (type O), which are never loaded'],
  ['records', npy("[('a', '<f4')]", '(1,)'), 'holds values of type "records"'],
  ['text', npy("'<U5'", '(1,)'), 'holds values of type "<U5"'],
  ['a lying shape', npy("'|u1'", '(1000000, 28, 28)', new Uint8Array(784)), 'should hold 784000000 bytes'],
  ['an endless shape', npy("'<f8'", `(${'9'.repeat(300)}, 9)`, new Uint8Array(8)), 'got 8'],
  ['an odd header', npy("'|u1'", '__import__("os")'), 'has a header that is not one of NumPy'],
  ['pixels above 255', npy("'<u2'", '(1, 1, 1)', Uint8Array.of(0, 1)), 'has 256 in images, row 0, pixel 0'],
  ['no square', npy("'|u1'", '(1, 783)', new Uint8Array(783)), 'holds images of the shape (1, 783)'],
  [
    'more images than labels',
    npy("'|u1'", '(2, 784)', new Uint8Array(1568)),
    'has 2 images (images), but 1 labels (labels)',
  ],
])('%s: the failure says so', async (_, images, message) => {
  expect((await problemOf({ path: archive(images) })).message).toContain(message);
});

test('scaled images are refused with a hint, because fractions would be cut off', async () => {
  const half = Buffer.alloc(4);
  half.writeFloatLE(0.5);
  const problem = await problemOf({ path: archive(npy("'<f4'", '(1, 1, 1)', half)) });
  expect(problem.hint).toContain('scaled already');
});

test('rows with NaN are left out and counted', async () => {
  const values = Buffer.alloc(2 * 784 * 4);
  values.writeFloatLE(Number.NaN, 8);
  const labels = npy("'|u1'", '(2,)', Uint8Array.of(4, 5));
  const dataset = await read({ path: archive(npy("'<f4'", '(2, 28, 28)', values), labels) });
  expect([dataset.rows, dataset.missing, ...dataset.labels]).toEqual([1, 1, 5]);
});

test('an archive that is cut off anywhere is a failure that names it', async () => {
  await cutOffs('data.npz', fixture('deflated.npz'));
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'labels.npy'), npy("'|u1'", '(2,)', Uint8Array.of(4, 5)));
  const whole = fixture('u1.npy');
  for (let length = 0; length < whole.length; length += 3) {
    writeFileSync(join(folder, 'images.npy'), whole.subarray(0, length));
    expect((await problemOf({ path: folder })).message).toContain('images.npy');
  }
});

test('a changed byte of an array inside an archive is found by its checksum', async () => {
  const content = fixture('stored.npz');
  content[1000] = (content[1000] as number) ^ 1;
  expect((await problemOf({ path: withFile('data.npz', content) })).message).toContain('wrong checksum');
});
