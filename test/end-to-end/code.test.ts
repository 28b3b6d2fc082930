import { beforeAll, expect, test } from 'vitest';
import { run } from './study.ts';
import { arithmetic, type Chain, makeChain, makeKind, scaleKind } from './support/chain.ts';

// What a change of code reruns: all that could give another result, and nothing else.
let chain: Chain;

beforeAll(async () => {
  chain = makeChain();
  expect((await run(chain)).ran).toEqual(['make', 'scale']);
});

test('a comment, another format and renamed locals in a stage kind run nothing', async () => {
  chain.write('kinds/make.js', `// What it makes.\n${makeKind.replaceAll('\n  ', '\n      ')}`);
  chain.write('kinds/arithmetic.js', arithmetic.replaceAll('result', 'product'));
  expect((await run(chain)).ran).toEqual([]);
});

test('a function that a stage kind calls in another file, changed, runs that stage and no other', async () => {
  chain.write('kinds/arithmetic.js', arithmetic.replace('value * factor', 'value * factor + 1'));
  expect((await run(chain)).ran).toEqual(['scale']);
});

test('a changed stage kind runs; where it makes the same bytes, what follows stays cached', async () => {
  chain.write('kinds/make.js', makeKind.replace('=> row)', '=> row + 0)'));
  expect((await run(chain)).ran).toEqual(['make']);
});

test('a changed parameter runs its stage, and going back to the old one runs nothing', async () => {
  expect((await run(chain, '--set', 'factor=5')).ran).toEqual(['scale']);
  expect((await run(chain)).ran).toEqual([]);
});

test('--force runs everything and comes to the same bytes', async () => {
  const digests = ({ events }: Awaited<ReturnType<typeof run>>) =>
    events.flatMap((event) => (event.type === 'stage-finished' ? [event.outputs] : []));
  const [cached, forced] = [await run(chain), await run(chain, '--force')];
  expect(forced.ran).toEqual(['make', 'scale']);
  expect(digests(forced)).toEqual(digests(cached));
});

test.each([
  ['throws', "throw new Error('a bug of mine')", 'a bug of mine'],
  ['ends its process', 'process.exit(3)', 'exit code 3'],
  ['forgets its output', 'return { ok: true, value: undefined }', 'without writing its output table'],
])('a stage kind that %s fails with a line that says so, and the other stages are kept', async (_, body, said) => {
  const broken = makeChain({ 'kinds/scale.js': scaleKind.replace('const values', `${body};\n    const values`) });
  const { exitCode, events, ran } = await run(broken);
  expect([exitCode, ran]).toEqual([1, ['make']]);
  const failures = events.flatMap((event) => (event.type === 'job-failed' ? [event] : []));
  expect(failures.map(({ job, failure }) => [job, failure.message])).toEqual([
    ['scale', expect.stringContaining(said)],
  ]);
});

/** A kind that edits one of its own files in the middle of its job. */
const editing = (file: string): Record<string, string> => ({
  'kinds/make.js': makeKind
    .replace(
      'export const make',
      "import { writeFileSync } from 'node:fs';\nimport { first } from './first.js';\nexport const make",
    )
    .replace(
      'outputs.table',
      `writeFileSync(new URL(['.', '${file}'].join('/'), import.meta.url), 'export const first = 5; export const last = 6;');
    const { last } = await import('./last.js');
    outputs.table`,
    )
    .replace('=> row)', '=> row + first + last)'),
  'kinds/first.js': 'export const first = 1;',
  'kinds/last.js': 'export const last = 2;',
});

test('a module that is edited after it was loaded does no harm: the job goes on with what it has', async () => {
  expect((await run(makeChain(editing('first.js')))).ran).toEqual(['make', 'scale']);
});

test('a module that is edited before a running job loads it is told, and the result is not kept', async () => {
  const edited = makeChain(editing('last.js'));
  const { exitCode, ran, events } = await run(edited);
  expect([exitCode, ran]).toEqual([1, []]);
  const failures = events.flatMap((event) => (event.type === 'job-failed' ? [event.failure.message] : []));
  expect(failures).toEqual([expect.stringContaining('last.js was changed while the run went on')]);
});

test('an import that nobody can follow is told', async () => {
  const dynamic = makeChain({
    'kinds/make.js': makeKind.replace(
      'outputs.table',
      "await import(['./', 'arithmetic.js'].join(''));\n    outputs.table",
    ),
  });
  const { events } = await run(dynamic);
  const notes = events.flatMap((event) => (event.type === 'notice' ? [event.text] : []));
  expect(notes).toEqual([expect.stringMatching(/kinds\/make: import\(.*known only when it runs/)]);
});
