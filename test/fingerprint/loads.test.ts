import { expect, test } from 'vitest';
import { closureOf, codeOf, type Files, makeProject } from './project.ts';

// What running code asks for by a name that stands in the source.
const files: Files = {
  'table.json': '{"a": 1}',
  'data/table.csv': 'a,b\n1,2\n',
  'lazy.js': 'export const one = () => 1;\nexport const two = () => 2;\n',
  'helper.cjs': "'use strict';\nconst inner = require('./inner');\nmodule.exports = { helper: (v) => inner(v) + 1 };\n",
  'inner.js': 'module.exports = (v) => v + 1;\n',
  'node_modules/tool/package.json': '{"name":"tool","version":"1.0.0"}',
};

function closure(code: string, changes: Files = {}) {
  return codeOf({ ...files, 'kind.js': code, ...changes }, 'kind.js');
}

const run = (expression: string) => `export const kind = { run: async () => ${expression} };`;
const maker = "import { createRequire } from 'node:module';\nconst load = createRequire(import.meta.url);\n";

test.each([
  ['a JSON module', `import table from './table.json' with { type: 'json' };\n${run('table.a')}`, 'table.json'],
  ['a file beside the module', run("readFileSync(new URL('./data/table.csv', import.meta.url))"), 'data/table.csv'],
  ['a module that another thread runs', run("new Worker(new URL('lazy.js', import.meta.url))"), 'lazy.js'],
  ['one of two files', run("new URL(big ? './data/table.csv' : './table.json', import.meta.url)"), 'table.json'],
  ['a dynamic import', run("import('./lazy.js')"), 'lazy.js'],
  ['a dynamic import by a template', run('import(`./lazy.js`)'), 'lazy.js'],
  ['a name that is resolved', run("import.meta.resolve('./lazy.js')"), 'lazy.js'],
  ['a required JSON file', `${maker}${run("load('./table.json')")}`, 'table.json'],
  ['require made where it is used', `${maker}${run("createRequire(import.meta.url)('./table.json')")}`, 'table.json'],
  ['a CommonJS module', `import helper from './helper.cjs';\n${run('helper')}`, 'helper.cjs'],
  ['what a CommonJS module requires', `import helper from './helper.cjs';\n${run('helper')}`, 'inner.js'],
])('%s belongs to the code', (_, code, file) => {
  const changed = { [file]: `${(files[file] ?? '').replace('1', '7')}\n` };
  expect(closure(code, changed)).not.toEqual(closure(code));
});

test.each([
  run("import('tool/sub')"),
  `${maker}${run("load('tool')")}`,
  run("import.meta.resolve('tool')"),
  `import { helper } from './uses.cjs';\n${run('helper')}`,
])('a package that is asked for while running counts: %s', (code) => {
  expect(closure(code, { 'uses.cjs': "require('tool');" }).packages).toEqual({ tool: '1.0.0' });
});

test('a file that is not there is missing, and shows when it comes', () => {
  const code = run("existsSync(new URL('./later.csv', import.meta.url))");
  const before = closure(code);
  expect(before.modules['kind']).toMatchObject({ 'file ./later.csv': 'missing' });
  expect(closure(code, { 'later.csv': '' })).not.toEqual(before);
});

test('of a dynamic import only the names that are taken are reached', () => {
  const reached = (code: string) => Object.keys(closure(code).modules['lazy'] ?? {});
  expect(
    reached("export const kind = async () => { const { two } = await import('./lazy.js'); return two; };"),
  ).toEqual(['two']);
  expect(reached(run("(await import('./lazy.js')).one()"))).toEqual(['one']);
  expect(reached(run("Object.keys(await import('./lazy.js'))"))).toEqual(expect.arrayContaining(['one', 'two']));
});

test('formatting and comments of a CommonJS module change nothing, any name in it may', () => {
  const code = `import helper from './helper.cjs';\n${run('helper')}`;
  const helper = files['helper.cjs'] ?? '';
  expect(closure(code, { 'helper.cjs': `// a\n${helper.replace('(v) =>', '(v)   =>')}` })).toEqual(closure(code));
  expect(
    closure(code, { 'helper.cjs': helper.replaceAll('inner', 'other').replace('./other', './inner') }),
  ).not.toEqual(closure(code));
});

test('an import whose name only the program knows is told, and not part of what is fingerprinted', () => {
  const root = makeProject({
    ...files,
    'kind.js': `${maker}export const kind = (name) => [import(name), load(\`./\${name}\`), new URL('./data/', import.meta.url)];`,
  });
  const { unknown, modules } = closureOf(root, 'kind.js');
  expect(unknown).toEqual(['kind: import(name)', 'kind: load(`./${name}`)', 'kind: the folder ./data/']);
  expect(Object.keys(modules)).toEqual(['kind']);
});

test('all files that were visited are told, with those that are not loaded at first', () => {
  const root = makeProject({
    ...files,
    'kind.js': `import table from './table.json' with { type: 'json' };\nimport unused from './helper.cjs';\n${run("[table, import('./lazy.js')]")}`,
  });
  const visited = Object.entries(closureOf(root, 'kind.js').files).map(([file, { lazy }]) => [
    file.slice(root.length + 1),
    lazy,
  ]);
  expect(visited).toEqual([
    ['helper.cjs', false],
    ['inner.js', true],
    ['kind.js', false],
    ['lazy.js', true],
    ['table.json', false],
  ]);
});
