import { copyFileSync, mkdirSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { fixtureImages, fixtureLabels, problemOf, read, temporaryFolder, transposed } from './reading.ts';

function idx(sizes: readonly number[], values: readonly number[]): Buffer {
  const header = Buffer.alloc(4 + 4 * sizes.length);
  header.writeUInt32BE(0x0800 + sizes.length, 0);
  sizes.forEach((size, index) => {
    header.writeUInt32BE(size, 4 + 4 * index);
  });
  return Buffer.concat([header, Buffer.from(values)]);
}

const images = (rows: number, values = transposed(fixtureImages(rows))) => idx([rows, 28, 28], values);
const labels = (values: readonly number[]) => idx([values.length], values);

/** A folder with files of EMNIST's test split, of ByClass when nothing else is said. */
function emnist(own: { images?: Buffer; labels?: Buffer; dataset?: string; mapping?: string } = {}): string {
  const folder = temporaryFolder();
  const name = join(folder, own.dataset ?? 'emnist-byclass');
  writeFileSync(`${name}-test-images-idx3-ubyte.gz`, gzipSync(own.images ?? images(5)));
  writeFileSync(`${name}-test-labels-idx1-ubyte.gz`, gzipSync(own.labels ?? labels(fixtureLabels)));
  if (own.mapping !== undefined) writeFileSync(`${name}-mapping.txt`, own.mapping);
  return folder;
}

const imageFile = 'emnist-byclass-test-images-idx3-ubyte.gz';

test('EMNIST comes upright, with its characters as class names, though its files are transposed', async () => {
  const dataset = await read({ path: emnist() });
  expect(dataset).toMatchObject({ rows: 5, height: 28, width: 28, missing: 0 });
  expect([...dataset.images]).toEqual(fixtureImages(5));
  expect([...dataset.labels].map((label) => dataset.classes[label]).join('')).toBe('0Aaz9');
  expect(dataset.source).toEqual({
    format: 'idx',
    title: 'EMNIST ByClass, test split',
    orientation: 'transposed, made upright',
    files: [imageFile, 'emnist-byclass-test-labels-idx1-ubyte.gz'],
  });
});

test("MNIST's own files are upright already", async () => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 't10k-images-idx3-ubyte'), images(2, fixtureImages(2)));
  writeFileSync(join(folder, 't10k-labels-idx1-ubyte'), labels([7, 1]));
  const dataset = await read({ path: folder, dataset: 'mnist' });
  expect([...dataset.images]).toEqual(fixtureImages(2));
  expect(dataset.source).toMatchObject({ title: 'MNIST, test split', orientation: 'upright' });
});

test('a stated orientation wins over the usual one', async () => {
  const dataset = await read({ path: emnist(), orientation: 'upright' });
  expect([...dataset.images]).toEqual(transposed(fixtureImages(5)));
});

test('all rows are the training rows, then the test rows', async () => {
  const folder = emnist();
  writeFileSync(join(folder, 'emnist-byclass-train-images-idx3-ubyte'), images(2));
  writeFileSync(join(folder, 'emnist-byclass-train-labels-idx1-ubyte'), labels([1, 2]));
  const dataset = await read({ path: folder });
  expect([...dataset.labels]).toEqual([1, 2, ...fixtureLabels]);
  expect(dataset.partition.join()).toBe('train,train,test,test,test,test,test');
  expect((await read({ path: folder, subset: 'test' })).rows).toBe(5);
  expect((await read({ path: folder, subset: 'train' })).rows).toBe(2);
  const one = await read({ path: join(folder, 'emnist-byclass-train-images-idx3-ubyte') });
  expect([...one.labels]).toEqual([1, 2]);
});

test('files may lie two folders deeper, as torchvision and the archive leave them', async () => {
  const folder = temporaryFolder();
  const deep = join(folder, 'EMNIST', 'raw');
  mkdirSync(deep, { recursive: true });
  const source = emnist();
  for (const content of ['images-idx3', 'labels-idx1']) {
    const name = `emnist-byclass-test-${content}-ubyte.gz`;
    copyFileSync(join(source, name), join(deep, name));
  }
  expect((await read({ path: folder })).rows).toBe(5);
});

test('Letters is labelled from 1, and its mapping has two codes a line', async () => {
  const mapping = Array.from({ length: 26 }, (_, letter) => `${letter + 1} ${letter + 65} ${letter + 97}\n`).join('');
  for (const more of [{}, { mapping }]) {
    const own = { images: images(2), labels: labels([1, 26]), dataset: 'emnist-letters', ...more };
    const dataset = await read({ path: emnist(own), dataset: 'emnist-letters' });
    expect([...dataset.labels]).toEqual([0, 25]);
    expect(dataset.classes.join('')).toBe('ABCDEFGHIJKLMNOPQRSTUVWXYZ');
  }
  const zero = { images: images(2), labels: labels([1, 0]), dataset: 'emnist-letters' };
  const problem = await problemOf({ path: emnist(zero), dataset: 'emnist-letters' });
  expect(problem.message).toContain('has label 0 in row 1; labels are whole numbers from 1 to 26');
});

test('ByMerge and Balanced have 47 classes', async () => {
  for (const dataset of ['emnist-bymerge', 'emnist-balanced']) {
    const { classes } = await read({ path: emnist({ images: images(1), labels: labels([46]), dataset }), dataset });
    expect(classes.join('')).toBe('0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabdefghnqrt');
  }
});

test('a mapping with a bad line is named with its line', async () => {
  const problem = await problemOf({ path: emnist({ mapping: '0 48\n1 x\n' }) });
  expect(problem).toMatchObject({
    message: '"1 x" is not label 1 and an ASCII code',
    location: { file: 'emnist-byclass-mapping.txt', line: 2, column: 1 },
  });
});

test('a label of no class, and unequal numbers of rows, are named with their numbers', async () => {
  const outside = await problemOf({ path: emnist({ labels: labels([0, 1, 62, 3, 4]) }) });
  expect(outside.message).toContain('has label 62 in row 2; labels are whole numbers from 0 to 61');
  const fewer = await problemOf({ path: emnist({ labels: labels([1, 2]) }) });
  expect(fewer.message).toBe(`${imageFile} has 5 images, but emnist-byclass-test-labels-idx1-ubyte.gz has 2 labels`);
});

test('images of another size, exchanged files, no rows, and no labels file are failures', async () => {
  const small = await problemOf({ path: emnist({ images: idx([5, 8, 8], new Array(320).fill(1)) }) });
  expect(small).toMatchObject({ code: 'dataset-shape' });
  expect(small.message).toContain('8 x 8');
  const exchanged = await problemOf({ path: emnist({ images: labels([1]), labels: images(1) }) });
  expect(exchanged.message).toContain('has 1 axes (1), not those of images');
  const none = await problemOf({ path: emnist({ images: images(0), labels: labels([]) }) });
  expect(none.code).toBe('dataset-empty');
  const folder = temporaryFolder();
  writeFileSync(join(folder, imageFile), gzipSync(images(1)));
  const half = await problemOf({ path: folder });
  expect(half.message).toBe(`${imageFile} is there, but its labels are not`);
});

test('another magic number is told', async () => {
  const problem = await problemOf({ path: emnist({ images: Buffer.from('\x89PNG, not IDX', 'latin1') }) });
  expect(problem.message).toContain('is not an IDX file: it starts with 0x89504e47');
  expect(problem.hint).toContain('2051');
});

test('a file that is cut off anywhere is a failure that names it', async () => {
  const folder = emnist({ images: images(1), labels: labels([5]) });
  const plain = images(1);
  for (const content of [plain, gzipSync(plain)]) {
    for (let length = 0; length < content.length; length += content === plain ? 7 : 1) {
      writeFileSync(join(folder, imageFile), content.subarray(0, length));
      expect((await problemOf({ path: folder })).message).toContain(imageFile);
    }
  }
});

test('a gzip stream that breaks off says how many bytes were expected and got', async () => {
  const folder = emnist();
  const random = Array.from({ length: 5 * 784 }, (_, index) => Math.imul(index, 2654435761) >>> 24);
  const packed = gzipSync(images(5, random));
  writeFileSync(join(folder, imageFile), packed);
  truncateSync(join(folder, imageFile), packed.length - 300);
  const { message } = await problemOf({ path: folder });
  expect(message).toMatch(/cannot be unpacked \(unexpected end of file\): 3936 bytes were expected, got \d+$/);
});

test('a gzip bomb is stopped where its header ends', async () => {
  const bomb = Buffer.concat([images(5), Buffer.alloc(50_000_000)]);
  const problem = await problemOf({ path: emnist({ images: bomb }) });
  expect(problem.message).toBe(`${imageFile} unpacks to more than the 3936 bytes that its header promises`);
});

test('a header that promises more than the file can hold is refused before any memory is taken', async () => {
  const lying = idx([2_000_000, 28, 28], [1, 2, 3]);
  const problem = await problemOf({ path: emnist({ images: lying }) });
  expect(problem.message).toMatch(/should unpack to 1568000016 bytes, which its \d+ bytes cannot hold/);
  const endless = await problemOf({ path: emnist({ images: idx([2 ** 32 - 1, 2 ** 32 - 1, 2 ** 32 - 1], []) }) });
  expect(endless.code).toBe('idx-invalid');
});

test('a damaged byte inside the gzip stream is found', async () => {
  const folder = emnist();
  const packed = gzipSync(images(5));
  packed[packed.length - 6] = (packed[packed.length - 6] as number) ^ 1;
  expect(gunzipSync(gzipSync(images(5))).equals(images(5))).toBe(true);
  writeFileSync(join(folder, imageFile), packed);
  expect((await problemOf({ path: folder })).message).toContain('incorrect data check');
});
