import fc from 'fast-check';
import { expect, test } from 'vitest';
import { summarise } from '../../src/fingerprint/module-summary.ts';

function digests(source: string): (string | undefined)[] {
  return summarise(`export {};\n${source}`).declarations.map(({ digest }) => digest);
}

// A function that declares in every way there is; `${n}` stands for a local name, `@n@` for a literal.
const template = `export function reached($0, { key: $1, ...$2 }, [$3 = @0@] = []) {
  let $4 = $0 + @1@;
  const $5 = ($6) => $6 * $4;
  var $7 = [$1, ...$3];
  for (const $8 of $7) { if ($8 > @2@) continue; $4 += $8; }
  for (let $9 = @3@; $9 < 3; $9++) $4 -= $9;
  try { $5($4); } catch ($10) { return [$10, @4@]; }
  switch ($4) { case @5@: { let $11 = 1; return $11; } }
  return { $4: $4, key: $2.key, text: \`a\${$5(1)}\`, call: function $12() { return $12; } };
}`;
const localNames = 13;
const literals = ['1', '2', '3', '0', '"text"', '7'];

function source(names: readonly string[], values: readonly string[]): string {
  return template
    .replace('$4: $4', `total: ${names[4]}`)
    .replace(/\$(\d+)/g, (_, index) => names[Number(index)] ?? '')
    .replace(/@(\d+)@/g, (_, index) => values[Number(index)] ?? '');
}

const reserved = new Set(['key', 'total', 'text', 'call', 'reached']);
const name = fc
  .stringMatching(/^[a-z_][a-zA-Z0-9_]{0,6}$/)
  .map((text) => `${text}_`)
  .filter((text) => !reserved.has(text));
const plainNames = Array.from({ length: localNames }, (_, index) => `local${index}`);

test('no renaming of local names changes the code', () => {
  const names = fc.uniqueArray(name, { minLength: localNames, maxLength: localNames });
  const expected = digests(source(plainNames, literals));
  fc.assert(
    fc.property(names, (renamed) => {
      expect(digests(source(renamed, literals))).toEqual(expected);
    }),
    { seed: 1, numRuns: 300 },
  );
});

test('any other literal changes the code', () => {
  const value = fc.oneof(
    fc.double({ noNaN: true }).map((number) => (number < 0 || Object.is(number, -0) ? `(${number})` : String(number))),
    fc.string().map((text) => JSON.stringify(text)),
    fc.bigInt({ min: 0n }).map((number) => `${number}n`),
    fc.constantFrom('null', 'true', 'false', '/a/', '/a/u', '/b/', '1e999', '-0', 'undefined', '[]', '{}'),
  );
  const same = (left: string, right: string) => left === right || Object.is(evaluate(left), evaluate(right));
  const expected = digests(source(plainNames, literals));
  fc.assert(
    fc.property(fc.nat(literals.length - 1), value, (place, changed) => {
      const before = literals[place] ?? '';
      fc.pre(!same(before, changed));
      expect(digests(source(plainNames, literals.with(place, changed)))).not.toEqual(expected);
    }),
    { seed: 1, numRuns: 500 },
  );
});

function evaluate(literal: string): unknown {
  const number = Number(literal);
  return literal.startsWith('"') ? JSON.parse(literal) : Number.isNaN(number) ? literal : number;
}

test('near misses are told apart', () => {
  const codes = [
    'null',
    '1e999',
    '-1e999',
    '{}',
    '[]',
    '/x/',
    '/x/g',
    '/y/',
    '0',
    '-0',
    '1n',
    '1',
    '"1"',
    '`1`',
    'undefined',
    '""',
    '({ __proto__: a })',
    '({ __proto__ })',
    '({ ["__proto__"]: a })',
    'a.b',
    'a?.b',
    'a.c',
    '"\\ud800"',
    '"\\ud801"',
  ];
  expect(new Set(codes.map((code) => digests(`const x = ${code};`)[0])).size).toBe(codes.length);
});

test.each([
  ['numbers', 'const x = 1000;', 'const x = 1e3;'],
  ['big numbers', 'const x = 0x10n;', 'const x = 16n;'],
  ['quotes', "const x = 'a';", 'const x = "\\u0061";'],
  ['quoted keys', 'const x = { a: 1, 2: 3 };', "const x = { 'a': 1, '2': 3 };"],
  ['short properties', 'const f = (a) => ({ a });', 'const f = (b) => ({ a: b });'],
  ['labels', 'function f() { outer: for (;;) { break outer; } }', 'function f() { all: for (;;) { break all; } }'],
  ['parentheses', 'const x = (1 + 2) + 3;', 'const x = 1 + 2 + 3;'],
])('another spelling of %s changes nothing', (_, left, right) => {
  expect(digests(left)).toEqual(digests(right));
});

test.each([
  [
    'a default value does not see the body’s variables',
    'f = (a = x) => { var y = 1; }',
    'f = (a = y) => { var y = 1; }',
  ],
  [
    'a variable of a parameter’s name is the parameter',
    'f = function (a) { var a; return a; }',
    'f = function (a) { var b; return b; }',
  ],
  [
    'a variable of a static block stays in it',
    'f = () => { class A { static { var x; } } return x; }',
    'f = () => { class A { static { var y; } } return x; }',
  ],
  [
    'breaking out of another loop',
    'f = () => { a: for (;;) b: for (;;) break a; }',
    'f = () => { a: for (;;) b: for (;;) break b; }',
  ],
  ['the name of a local class', 'f = () => class A {}', 'f = () => class B {}'],
  ['a name that eval can see', 'f = (a) => eval("a")', 'f = (b) => eval("a")'],
])('%s', (what, left, right) => {
  const [before, after] = [digests(`const ${left};`), digests(`const ${right};`)];
  if (what.includes('static block')) expect(before).toEqual(after);
  else expect(before).not.toEqual(after);
});

test('names that are used but not declared are found, whatever hides them elsewhere', () => {
  const uses = (code: string) =>
    summarise(`const x = 1, y = 2;\nexport const f = ${code};`).declarations[1]?.uses.filter((used) => used !== 'f');
  expect(uses('(a = x) => { var x = 1; return x; }')).toEqual(['x']);
  expect(uses('() => { class A { static { var x = 1; } } return x; }')).toEqual(['x']);
  expect(uses('() => { { let x = 1; } return y; }')).toEqual(['y']);
  expect(uses('(x) => x.y + { y: x }.y')).toEqual([]);
  expect(uses('() => eval("x + y")')).toEqual(['x', 'y']);
});
