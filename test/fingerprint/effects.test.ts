import { expect, test } from 'vitest';
import { codeOf, type Files } from './project.ts';

// Modules that are imported run as a whole: what they do when loaded belongs to the closure, used or not.
const kind = "import { used } from './helper.js';\nexport const kind = { run: () => used() };\n";
const used = 'export function used() { return table.size; }\nconst table = new Map();\n';

function keys(helper: string, more: Files = {}): string[] {
  const { modules } = codeOf({ 'kind.js': kind, 'helper.js': used + helper, ...more }, 'kind.js');
  return Object.keys(modules['helper'] ?? {});
}

const passive = ['table', 'used'];

test.each([
  ['a call of a global that only computes', 'const x = Object.freeze(Object.keys({ a: Math.max(1, 2) }));'],
  [
    'a new map, set or array',
    'const x = new Map([[1, new Set([2])]]); const y = Float32Array.from([1], (v) => v + 1);',
  ],
  [
    'methods of literals with callbacks that only compute',
    "const x = ['a', 'b'].map((v) => `${v}!`).filter(Boolean).join();",
  ],
  ['functions, classes and arrows', 'function f() { g(); } class A { run() { return f(); } } const g = () => f();'],
  ['a pure function of the module', 'const wrap = (v) => ({ v, twice: [v, v] }); const x = wrap(1);'],
  [
    'a pure function that fills what it made',
    'function fill() { const all = []; for (let i = 0; i < 3; i++) all.push(i); return all; } const x = fill();',
  ],
  ['recursion', 'function f(n) { return n < 1 ? 1 : n * f(n - 1); } const x = f(5);'],
  ['a class that only sets itself up', 'class A { items = []; constructor(n) { this.n = n; } } const x = new A(2);'],
  ['static fields that are values', 'class A { static zero = [0]; static #n = 1; }'],
  ['paths', "import { join } from 'node:path'; const x = join('a', 'b');"],
  ['a text made of a template', 'const x = `${1 + 1} ${String.raw`\\d`}`; const y = /a/u;'],
])('%s, unused, adds nothing', (_, code) => {
  expect(keys(code)).toEqual(passive);
});

test.each([
  ['a call of an unknown global', 'const x = start();', 'x'],
  ['a call that writes a variable', 'let count = 0; function next() { return count++; } const x = next();', 'x'],
  ['a function that changes what it is given', 'const x = [{}].map((v) => { v.a = 1; return v; });', 'x'],
  [
    'a function that calls what it is given',
    'function call(f) { return f(); } const x = call(() => console.log(1));',
    'x',
  ],
  ['a shadowed global', 'function Map2() {} const Number = (v) => register(v); const x = Number(1);', 'x'],
  ['an assignment', 'const x = (globalThis.a = 1);', 'x'],
  ['a property removed', 'const x = delete globalThis.a;', 'x'],
  ['an await', 'const x = await Promise.resolve(1);', 'x'],
  ['a tagged template', 'const x = tag`a`;', 'x'],
  ['a static block', 'class A { static { globalThis.a = 1; } }', 'A'],
  ['a static field', 'class A { static x = start(); }', 'A'],
  ['a computed key', 'class A { [start()]() {} }', 'A'],
  ['what a class extends', 'class A extends mixin(Object) {}', 'A'],
  ['a method of an object of its own', 'const own = { map: () => { globalThis.a = 1; } }; const x = own.map();', 'x'],
  ['a function that is set again', 'let f = () => 1; f = () => register(); const x = f();', 'x'],
  ['a statement', 'table.set(1, 2);', 'effect 1'],
  ['a loop', 'for (const v of [1]) console.log(v);', 'effect 1'],
])('%s counts although nothing uses it', (_, code, key) => {
  expect(keys(code)).toContain(key);
});

test('a pure function of another module is followed, one that does something is an effect', () => {
  const helper = "import { make } from './make.js'; export const unused = make(1);";
  expect(keys(helper, { 'make.js': 'export const make = (v) => ({ v });' })).toEqual(passive);
  const doing = 'const all = []; export const make = (v) => all.push(v);';
  expect(keys(helper, { 'make.js': doing })).toContain('unused');
  expect(keys(helper, { 'make.js': "export * from './deep.js';", 'deep.js': doing })).toContain('unused');
});

test('effects of a module that is only passed through, or whose import nobody uses, count', () => {
  const effect = 'globalThis.a = 1;\nexport const nothing = 1;';
  for (const helper of [
    "import { nothing } from './x.js';",
    "export { nothing } from './x.js';",
    "export * from './x.js';",
  ]) {
    const { modules } = codeOf({ 'kind.js': kind, 'helper.js': used + helper, 'x.js': effect }, 'kind.js');
    expect(Object.keys(modules['x'] ?? {})).toEqual(['effect 1']);
  }
});

test('an unreached function above a statement changes nothing', () => {
  const effect = 'table.set(1, 2);';
  const before = codeOf({ 'kind.js': kind, 'helper.js': used + effect }, 'kind.js');
  expect(codeOf({ 'kind.js': kind, 'helper.js': `export function other() {}\n${used}${effect}` }, 'kind.js')).toEqual(
    before,
  );
});

test('two statements that change places, or a value that is read before instead of after one, show', () => {
  const helper = (...lines: string[]) => codeOf({ 'kind.js': kind, 'helper.js': used + lines.join('\n') }, 'kind.js');
  const [first, second] = ['table.set(1, 2);', 'table.clear();'];
  expect(helper(first, second)).not.toEqual(helper(second, first));
  const reading = (code: string) => codeOf({ 'kind.js': kind, 'helper.js': code }, 'kind.js');
  const early = 'let n = 1;\nconst seen = n;\nn++;\nexport const used = () => seen;';
  const late = 'let n = 1;\nn++;\nconst seen = n;\nexport const used = () => seen;';
  expect(reading(early)).not.toEqual(reading(late));
});

test('the order of imports counts where two modules do something, and only there', () => {
  const make = (a: string, b: string, ...imports: string[]) =>
    codeOf({ 'kind.js': `${imports.join('\n')}\nexport const kind = 1;`, 'a.js': a, 'b.js': b }, 'kind.js');
  const [a, b] = ["import './a.js';", "import './b.js';"];
  const doing = 'globalThis.list = 1;';
  expect(make(doing, doing, a, b)).not.toEqual(make(doing, doing, b, a));
  const passiveModule = 'export const x = 1;';
  expect(make(doing, passiveModule, a, b)).toEqual(make(doing, passiveModule, b, a));
});
