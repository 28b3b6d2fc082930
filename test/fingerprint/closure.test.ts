import { expect, test } from 'vitest';
import { codeClosure } from '../../src/fingerprint/closure.ts';
import { codeOf, makeProject } from './project.ts';

const base: Readonly<Record<string, string>> = {
  'stages/kind.js': `
import { helper } from '../src/helper.js';
import { unused } from '../src/other.js';
import tool from 'tool';
const factor = 2;
export const kind = { run: (input) => { const scaled = input * factor; return helper(scaled, tool); } };
`,
  'src/helper.js': `
// adds one
import * as deep from './deep.js';
export function helper(value, use) { let sum = value + 1; for (const part of [sum]) { sum += part; } return deep.last(sum, use, deep.later); }
export function neighbour() { return 1; }
`,
  'src/deep.js': `export function last(value) { return { value, twice: value * 2 }; }\nexport const later = async () => (await import('./lazy.js')).lazy();\n`,
  'src/lazy.js': `export function lazy() { return 'lazy'; }\n`,
  'src/other.js': `export const unused = 1;\n`,
  'node_modules/tool/package.json': '{"name":"tool","version":"1.2.3"}',
};

function closure(changes: Readonly<Record<string, string>> = {}) {
  return codeOf({ ...base, ...changes }, 'stages/kind.js');
}

function edit(file: string, from: string, to: string): Record<string, string> {
  const source = base[file] as string;
  if (!source.includes(from)) throw new Error(`${file} has no ${from}`);
  return { [file]: source.replaceAll(from, to) };
}

test('the closure has what is reached and the versions of packages, and nothing else', () => {
  const { modules, packages } = closure();
  expect(Object.keys(modules)).toEqual(['src/deep', 'src/helper', 'src/lazy', 'stages/kind']);
  expect(Object.keys(modules['src/helper'] as object)).toEqual(['helper', 'import deep.last', 'import deep.later']);
  expect(packages).toEqual({ tool: '1.2.3' });
});

test.each([
  ['a comment', edit('src/helper.js', '// adds one', '/* adds two */')],
  ['formatting', edit('src/helper.js', '{ let', '{\n\n  let')],
  ['a local variable renamed', edit('stages/kind.js', 'scaled', 'product')],
  ['a parameter renamed', edit('src/helper.js', 'value', 'number')],
  ['a loop variable renamed', edit('src/helper.js', 'part', 'piece')],
  ['quotes of a text', edit('src/lazy.js', "'lazy'", '"lazy"')],
  ['a number written differently', edit('stages/kind.js', '= 2', '= 2.0')],
  ['a function that is not reached', edit('src/helper.js', 'return 1', 'return 2')],
  ['a module whose import is not used', edit('src/other.js', '= 1', '= 2')],
])('%s changes nothing', (_, changes) => {
  expect(closure(changes)).toEqual(closure());
});

test.each([
  ['a constant', edit('stages/kind.js', '= 2', '= 3')],
  ['an operator in a helper', edit('src/helper.js', 'value + 1', 'value - 1')],
  ['a helper of a helper', edit('src/deep.js', 'value * 2', 'value * 3')],
  ['a dynamically imported module', edit('src/lazy.js', "'lazy'", "'eager'")],
  ['a property name', edit('src/deep.js', 'twice', 'double')],
  ['the order of arguments', edit('stages/kind.js', 'helper(scaled, tool)', 'helper(tool, scaled)')],
  ['the version of a package', { 'node_modules/tool/package.json': '{"name":"tool","version":"1.2.4"}' }],
  [
    'an import that does something when loaded',
    edit('src/deep.js', 'export function last', "import './lazy.js';\nglobalThis.x = 1;\nexport function last"),
  ],
  [
    'a local that shadows nothing any more',
    edit(
      'stages/kind.js',
      'const scaled = input * factor; return helper(scaled, tool);',
      'return helper(input * factor, tool);',
    ),
  ],
])('%s changes the closure', (_, changes) => {
  expect(closure(changes)).not.toEqual(closure());
});

test('a module that is not JavaScript, or imports what is not there, is a failure', () => {
  const root = makeProject({ 'kind.js': 'export const = ;', 'other.js': "import './nowhere.js';" });
  for (const file of ['kind.js', 'other.js'])
    expect(codeClosure(`${root}/${file}`, '*', root, {})).toMatchObject({ ok: false, error: { code: 'closure' } });
});
