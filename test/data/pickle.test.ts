import { existsSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { parsePickle } from '../../src/data/pickle.ts';
import { PickleList } from '../../src/data/pickle-list.ts';
import { cutOffs, fixture, fixtureImages, fixtureLabels, folderWith, problemOf, read, withFile } from './reading.ts';

const protocols = [0, 1, 2, 3, 4, 5];
const evil = readdirSync(fileURLToPath(new URL('./fixtures/', import.meta.url))).filter((name) =>
  name.startsWith('evil-'),
);

test.each([...protocols.map((protocol) => `arrays-${protocol}.pkl`), 'rows.pkl', 'numpy1.pkl', 'fortran.pkl'])(
  'a pickled dictionary of arrays is read (%s)',
  async (file) => {
    const dataset = await read({ path: folderWith(file) });
    expect([...dataset.images]).toEqual(fixtureImages(5));
    expect([...dataset.labels]).toEqual(fixtureLabels);
    expect(dataset.source).toMatchObject({ format: 'pickle', orientation: 'upright', files: [file] });
  },
);

test.each(protocols)('a pickled dictionary of lists is read (protocol %i)', async (protocol) => {
  const dataset = await read({ path: folderWith(`lists-${protocol}.pkl`, 'train.pickle') });
  expect([...dataset.images]).toEqual(fixtureImages(2));
  expect([...dataset.labels]).toEqual([0, 10]);
});

test.each(evil)('%s is refused with a byte offset, and nothing is executed', async (file) => {
  const problem = await problemOf({ path: folderWith(file) });
  expect(problem.code).toBe('pickle-refused');
  expect(problem.message).toMatch(/^evil-.*\.pkl is refused: it .* at byte \d+$/);
  expect(existsSync('pickle-was-executed')).toBe(false);
});

test('what a pickle wanted to call is named', async () => {
  const messages = ['reduce', 'stack-global', 'global', 'inst'].map(
    async (kind) => (await problemOf({ path: folderWith(`evil-${kind}.pkl`) })).message,
  );
  for (const message of await Promise.all(messages)) expect(message).toContain('"posix.system"');
});

test('arrays of Python objects are refused', async () => {
  const problem = await problemOf({ path: folderWith('objects.pkl') });
  expect(problem.message).toContain('has an array of Python objects');
});

test.each([
  ['a list', 'a list of 0', ']'],
  ['nothing but a number', 'a number', 'K\x01'],
  ['a dictionary without known names', 'it holds rows', '}Vrows\nK\x01s'],
  ['images that are no numbers', 'has None as data', '}Vdata\nNsVlabel\n]s'],
  [
    'lists of different lengths',
    'a list of 1 beside lists of 2',
    '}Vdata\n](](K\x01K\x02e](K\x01eesVlabel\n](K\x01K\x01es',
  ],
])('%s: the failure says so', async (_, message, content) => {
  const problem = await problemOf({ path: withFile('data.pkl', Buffer.from(`${content}.`, 'latin1')) });
  expect(problem.message).toContain(message);
});

test('a pickle that is cut off anywhere is a failure that names it', async () => {
  await cutOffs('data.pkl', fixture('arrays-4.pkl'), 11);
  await cutOffs('data.pkl', fixture('arrays-0.pkl'), 13);
  await cutOffs('data.pkl', fixture('lists-2.pkl'), 13);
  await cutOffs('data.pkl', fixture('arrays-5.pkl').subarray(-90));
});

function parse(content: string): string {
  const result = parsePickle('data.pkl', Buffer.from(content, 'latin1'));
  return result.ok ? 'read' : result.error.message;
}

test.each([
  ['a length beyond the end', '\x80\x04\x8e\xff\xff\xff\xff\xff\xff\xff\x7f', /ends too early/],
  ['a text of exabytes', '\x80\x04\x8d\xff\xff\xff\xff\xff\xff\xff\x7f', /has a text of \d+ bytes/],
  ['a frame beyond the end', '\x80\x04\x95\xff\xff\xff\xff\xff\xff\xff\x7f.', /for the frame/],
  ['an unknown opcode', '\xfe.', /unknown opcode 0xfe at byte 0/],
  ['an unknown protocol', '\x80\x06.', /protocol 6/],
  ['an empty stack', '.', /takes from an empty stack at byte 0/],
  ['a mark that was not set', 'e.', /mark that was not set/],
  ['a value that was not remembered', 'h\x05.', /recalls number 5/],
  ['a whole number of a gigabyte', '\x8b\x00\x00\x00\x40', /whole number of 1073741824 bytes/],
  ['bytes after the end', 'N.cos\nsystem\n', /has 11 bytes after its end at byte 2/],
  ['a million marks', '('.repeat(1_000_000), /sets more than 1000 marks/],
  ['seven million lists', ']'.repeat(7_000_000), /more than 6000000 lists/],
  ['many dictionaries', '}'.repeat(20_000), /more than 10000 lists/],
])('%s is a failure', (_, content, message) => {
  expect(parse(content)).toMatch(message);
});

test('lists in lists that would unfold to endless numbers are refused', async () => {
  // Each list holds the one before ten times, four deep, with a thousand numbers at the bottom.
  const bottom = `](${'K\x01'.repeat(255)}eq\x00`;
  const middle = `](${'h\x00'.repeat(255)}eq\x01`;
  const top = `](${'h\x01'.repeat(255)}e`;
  const content = `}Vdata\n${bottom}0${middle}0${top}sVlabel\n](K\x01es.`;
  const problem = await problemOf({ path: withFile('data.pkl', Buffer.from(content, 'latin1')) });
  expect(problem.message).toMatch(/has 255 x 255 x 255 numbers as data, more than its \d+ bytes can mean/);
});

test('long lists that grow by turns keep their numbers', () => {
  // Two lists remembered as 0 and 1 get their numbers one after another, so that neither lies in one piece.
  const turns = Array.from({ length: 300 }, (_, turn) => `h\x00K${String.fromCharCode(turn % 10)}a0h\x01K\x07a0`);
  const result = parsePickle('data.pkl', Buffer.from(`]q\x000]q\x010${turns.join('')}h\x00.`, 'latin1'));
  if (!result.ok || !(result.value instanceof PickleList)) throw new Error('no list');
  const list = result.value;
  expect(Array.from({ length: list.length }, (_, index) => list.at(index))).toEqual(turns.map((_, turn) => turn % 10));
});

test('a list that holds itself ends in a failure', async () => {
  const content = '}Vdata\n]q\x00h\x00asVlabel\n](K\x01es.';
  const problem = await problemOf({ path: withFile('data.pkl', Buffer.from(content, 'latin1')) });
  expect(problem.code).toBe('pickle-names');
});

test('any changed byte of a pickle ends in a value or a failure', () => {
  for (const name of ['arrays-0.pkl', 'arrays-2.pkl', 'arrays-5.pkl', 'lists-3.pkl']) {
    const whole = fixture(name);
    for (let at = 0; at < whole.length; at++) {
      const changed = Buffer.from(whole);
      changed[at] = 0xff - (whole[at] as number);
      const result = parsePickle(name, changed);
      if (!result.ok) expect(result.error.code).toMatch(/^pickle-(invalid|refused)$/);
    }
  }
});
