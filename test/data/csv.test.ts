import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { fixtureImages, fixtureLabels, problemOf, read, temporaryFolder, transposed, withFile } from './reading.ts';

const name = 'emnist-byclass-test.csv';
const pixels = transposed(fixtureImages(5));
const lines = fixtureLabels.map((label, row) => [label, ...pixels.slice(784 * row, 784 * (row + 1))].join());
const header = ['label', ...Array.from({ length: 784 }, (_, pixel) => `pixel${pixel}`)].join();

/** The lines with one cell of one row replaced. */
function withCell(row: number, cell: number, text: string): string {
  const cells = lines.map((line) => line.split(','));
  (cells[row] as string[])[cell] = text;
  return cells.map((line) => line.join()).join('\n');
}

test.each([
  ['without a header', lines.join('\n')],
  ['with a header', [header, ...lines, ''].join('\n')],
  ['with the line ends of Windows and a byte-order mark', `\uFEFF${[header, ...lines, ''].join('\r\n')}`],
  ['with blank lines at the end', `${lines.join('\n')}\n\n\n`],
  ['with quotes and decimal points', lines.map((line) => line.replace(/^(\d+),(\d+)/, '"$1",$2.0')).join('\n')],
])('the CSV form of EMNIST comes upright %s', async (_, content) => {
  const dataset = await read({ path: withFile(name, content) });
  expect([...dataset.images]).toEqual(fixtureImages(5));
  expect([...dataset.labels]).toEqual(fixtureLabels);
  expect(dataset).toMatchObject({ missing: 0, source: { format: 'csv', orientation: 'transposed, made upright' } });
  expect(new Set(dataset.partition)).toEqual(new Set(['test']));
});

test('upright files are read as they are', async () => {
  const dataset = await read({ path: withFile(name, lines.join('\n')), orientation: 'upright' });
  expect([...dataset.images]).toEqual(pixels);
});

test('both partitions are joined, train first', async () => {
  const folder = withFile(name, lines.join('\n'));
  writeFileSync(join(folder, 'emnist-byclass-train.csv'), lines.slice(1, 2).join('\n'));
  const dataset = await read({ path: folder });
  expect([...dataset.labels]).toEqual([10, ...fixtureLabels]);
  expect(dataset.partition.slice(0, 2)).toEqual(['train', 'test']);
});

test('empty cells and NaN are counted, and their rows left out', async () => {
  const cells = lines.map((line) => line.split(','));
  (cells[1] as string[])[5] = '';
  (cells[1] as string[])[784] = 'NaN';
  (cells[3] as string[])[0] = 'nan';
  const dataset = await read({ path: withFile(name, cells.map((line) => line.join()).join('\n')) });
  expect(dataset.missing).toBe(3);
  expect([...dataset.labels]).toEqual([0, 36, 9]);
  const expected = fixtureImages(5);
  expect([...dataset.images]).toEqual([0, 2, 4].flatMap((row) => expected.slice(784 * row, 784 * (row + 1))));
});

test.each([
  ['a word', 'black', 'pixel 3 is "black"'],
  ['a value above 255', '256', 'pixel 3 is 256'],
  ['a negative value', '-1', 'pixel 3 is "-1"'],
  ['a fraction', '0.5', 'pixel 3 is "0.5"'],
  ['an endless number', '9'.repeat(100), `pixel 3 is "${'9'.repeat(40)}"`],
])('%s is named with its line and column', async (_, cell, message) => {
  const problem = await problemOf({ path: withFile(name, withCell(2, 3, cell)) });
  const column = (lines[2] as string).split(',').slice(0, 3).join().length + 2;
  expect(problem).toMatchObject({ message, location: { file: name, line: 3, column } });
});

test('line numbers count the header', async () => {
  const problem = await problemOf({ path: withFile(name, `${header}\n${withCell(0, 784, 'x')}`) });
  expect(problem.location).toMatchObject({ line: 2 });
});

test('a line with too few or too many cells is named', async () => {
  const short = await problemOf({ path: withFile(name, `${lines[0]}\n1,2,3\n${lines[1]}`) });
  expect(short).toMatchObject({ message: 'the line has 3 cells, expected 785', location: { line: 2, column: 1 } });
  const long = await problemOf({ path: withFile(name, `${lines[0]}\n${lines[1]},1\n`) });
  expect(long).toMatchObject({ message: 'the line has 786 cells, expected 785', location: { line: 2 } });
});

test('files of another shape are told: no square, the label elsewhere, one endless line, nothing', async () => {
  expect((await problemOf({ path: withFile(name, '1,2,3\n') })).message).toContain(
    '3 cells, which is not a label and a square',
  );
  const last = [...header.split(',').slice(1), 'label'].join();
  expect((await problemOf({ path: withFile(name, last) })).message).toBe('the label is in column 785 of 785');
  const endless = await problemOf({ path: withFile(name, '1'.repeat(2_000_000)) });
  expect(endless.message).toContain('has no line end');
  expect((await problemOf({ path: withFile(name, '') })).message).toContain('is empty');
  expect((await problemOf({ path: withFile(name, header) })).code).toBe('dataset-empty');
});

test('a file longer than one chunk is read the same, wherever the chunks end', async () => {
  const rows = 1500;
  const folder = temporaryFolder();
  writeFileSync(join(folder, name), `${Array.from({ length: rows }, (_, row) => lines[row % 5]).join('\r\n')}\r\n`);
  const dataset = await read({ path: folder });
  expect(dataset.rows).toBe(rows);
  const expected = Buffer.from(fixtureImages(5));
  for (let row = 0; row < rows; row += 5) {
    expect(expected.equals(dataset.images.subarray(row * 784, (row + 5) * 784))).toBe(true);
  }
});
