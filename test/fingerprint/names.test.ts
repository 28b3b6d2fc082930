import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, test } from 'vitest';
import { codeClosure, type SummaryMemo } from '../../src/fingerprint/closure.ts';
import { codeOf, type Files, makeProject } from './project.ts';

// Which thing a name stands for is not in the text of the code that uses it.
const parts = 'export const one = () => 1;\nexport const two = () => 2;\nexport default () => 3;\n';

function code(kind: string, more: Files = {}) {
  return codeOf({ 'kind.js': kind, 'parts.js': parts, 'others.js': parts.replace('2', '4'), ...more }, 'kind.js');
}

const body = 'export const kind = { run: () => [first(), second()] };';

test.each([
  [
    'two imported names that change places',
    'import { one as first, two as second } from',
    'import { two as first, one as second } from',
  ],
  ['the default instead of a name', 'import second, { one as first } from', 'import first, { one as second } from'],
])('%s show', (_, before, after) => {
  expect(code(`${before} './parts.js';\n${body}`)).not.toEqual(code(`${after} './parts.js';\n${body}`));
});

test('two modules that change places show', () => {
  const kind = (first: string, second: string) =>
    code(`import { two as first } from '${first}';\nimport { two as second } from '${second}';\n${body}`);
  expect(kind('./parts.js', './others.js')).not.toEqual(kind('./others.js', './parts.js'));
});

test('two exports that change places show, also where they are passed on', () => {
  const kind = `import { first, second } from './pass.js';\n${body}`;
  const pass = (text: string) => code(kind, { 'pass.js': text });
  expect(pass("export { one as first, two as second } from './parts.js';")).not.toEqual(
    pass("export { two as first, one as second } from './parts.js';"),
  );
  expect(pass('const a = () => 1; const b = () => 2; export { a as first, b as second };')).not.toEqual(
    pass('const a = () => 1; const b = () => 2; export { b as first, a as second };'),
  );
});

test('entries of a package, and functions of Node, that change places show', () => {
  const tool = { 'node_modules/tool/package.json': '{"name":"tool","version":"1.0.0"}' };
  const kind = (a: string, b: string) => code(`import first from '${a}';\nimport second from '${b}';\n${body}`, tool);
  expect(kind('tool/a', 'tool/b')).not.toEqual(kind('tool/b', 'tool/a'));
  expect(kind('node:os', 'node:path')).not.toEqual(kind('node:path', 'node:os'));
  expect(kind('os', 'path')).toEqual(kind('node:os', 'node:path'));
});

test('of a namespace only the names that are used are reached', () => {
  const reached = (use: string) =>
    Object.keys(code(`import * as ns from './parts.js';\n${use}`).modules['parts'] ?? {});
  expect(reached('export const kind = { run: () => ns.one() };')).toEqual(['one']);
  expect(reached("export const kind = { run: () => ns['two']() };")).toEqual(['two']);
  expect(reached('export const kind = { run: (name) => ns[name]() };')).toEqual(
    expect.arrayContaining(['one', 'two', 'default']),
  );
  expect(reached('export const kind = { run: (ns) => ns.one() };')).toEqual([]);
});

test('a function exported by default is reached by its own name too', () => {
  const kind = "import start from './recursive.js';\nexport const kind = { run: () => start(3) };";
  const reached = code(kind, {
    'recursive.js': 'export default function down(n) { return n < 1 ? base : down(n - 1); }\nconst base = 1;',
    'anonymous.js': 'export default function () {}',
  });
  expect(Object.keys(reached.modules['recursive'] ?? {})).toEqual(['base', 'default,down']);
});

test('names that objects inherit are names like any other', () => {
  const kind =
    "import { constructor as make, toString } from './odd.js';\nexport const kind = { run: () => [make, toString] };";
  const reached = code(kind, { 'odd.js': 'const a = 1;\nexport { a as constructor };\nexport function toString() {}' });
  expect(Object.keys(reached.modules['odd'] ?? {})).toEqual(['a', 'toString']);
});

test('the closure does not depend on whether the memo was there, and an older pipe’s memo is not used', () => {
  // Files that were not just written: those are not remembered.
  const root = resolve('node_modules/acorn');
  const read = (memo: SummaryMemo) => codeClosure(`${root}/dist/acorn.mjs`, '*', root, memo);
  const memo: SummaryMemo = {};
  const first = read(memo);
  expect(Object.keys(memo)).toContain(`${root}/dist/acorn.mjs`);
  expect(read(JSON.parse(JSON.stringify(memo)) as SummaryMemo)).toEqual(first);
  const older = Object.entries(memo).map(([file, { stamp }]) => [file, { stamp: stamp.replace(/^\d+/, '1') }]);
  expect(read(Object.fromEntries(older) as SummaryMemo)).toEqual(first);
});

test('a file that was just written is read again, whatever its time stamp says', () => {
  const root = makeProject({ 'kind.js': 'export const kind = 1;' });
  const memo: SummaryMemo = {};
  const digest = () => {
    const closure = codeClosure(`${root}/kind.js`, '*', root, memo);
    return closure.ok ? closure.value.modules['kind']?.['kind'] : closure.error;
  };
  const before = digest();
  writeFileSync(`${root}/kind.js`, 'export const kind = 2;');
  expect(digest()).not.toEqual(before);
});
