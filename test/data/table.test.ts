import { expect, test } from 'vitest';
import { readTable, type TableRequest } from '../../src/data/table.ts';

const plain: TableRequest = { label: 'kind', delimiter: ',' };
const text = 'a,b,kind\n1,2.5,yes\n-3,4e2,no\n';

async function read(content: string, over: Partial<TableRequest> = {}) {
  return readTable('folder/t.csv', content, { ...plain, ...over });
}

async function message(content: string, over: Partial<TableRequest> = {}): Promise<string> {
  const result = await read(content, over);
  return result.ok ? '' : `${result.error.message} | ${result.error.hint ?? ''}`;
}

test('all columns but the label are features, and classes are numbered by their names', async () => {
  const result = await read(text);
  if (!result.ok) throw new Error(result.error.message);
  const { features, values, classes, labels, missing } = result.value;
  expect([features, Array.from(values), classes, Array.from(labels), missing]).toEqual([
    ['a', 'b'],
    [1, 2.5, -3, 400],
    ['no', 'yes'],
    [1, 0],
    0,
  ]);
});

test('features can be picked, in another order', async () => {
  const result = await read(text, { features: ['b'] });
  expect(result.ok && Array.from(result.value.values)).toEqual([2.5, 400]);
});

test('quoted cells, a byte order mark, other delimiters and line ends are read as spreadsheets write them', async () => {
  const result = await read('\ufeff"a";"kind"\r\n"1";"x; y"\r\n', { delimiter: ';' });
  expect(result.ok && [result.value.classes, Array.from(result.value.values)]).toEqual([['x; y'], [1]]);
});

test('empty cells are counted, whatever stands for them', async () => {
  const result = await read('a,b,kind\nNA,1,x\n2,?,\n');
  if (!result.ok) throw new Error(result.error.message);
  expect([result.value.missing, Array.from(result.value.labels), Number.isNaN(result.value.values[0])]).toEqual([
    3,
    [0, -1],
    true,
  ]);
});

test.each([
  ['a,b,kind\n1,two,x\n', 't.csv:2: "two" in the column "b" is not a number | leave the column out'],
  ['a,b,knd\n1,2,x\n', 't.csv has no column "kind" | did you mean "knd"'],
  ['a,b,kind\n', 't.csv has no row'],
  ['', 't.csv has no row'],
  ['a,kind\n1,x\n1,2,3\n', 't.csv:3: '],
  ['a,kind\n"1,x\n', 't.csv'],
  ['kind\nx\n', 't.csv has no column beside "kind"'],
])('%j is a mistake with its place', async (content, expected) => {
  const found = await message(content);
  for (const part of expected.split(' | ')) expect(found).toContain(part);
});
