import { utimesSync } from 'node:fs';
import { join } from 'node:path';
import type { Edited } from './mutation-project.ts';

/** An edit, and exactly the jobs that must run again. */
export interface Mutation {
  readonly what: string;
  readonly edit: (project: Edited) => void;
  readonly runs: readonly string[];
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

const none: readonly string[] = [];
const read = ['read[left]', 'read[right]'];
const clean = ['clean[left]', 'clean[right]'];
/** What follows when the numbers that a stage made are others. */
const afterScale = ['draw', 'scale', 'summary'];
const afterClean = [...clean, ...afterScale];
const afterRead = [...clean, ...read, ...afterScale].sort();
const afterDraw = ['draw', 'summary'];

/** Replaces one text in one file. */
function change(what: string, file: string, from: string | RegExp, to: string, runs: readonly string[]): Mutation {
  return { what, edit: (project) => project.replace(file, from, to), runs };
}

/** Edits of code that mean the same program. */
export const meaningless: readonly Mutation[] = [
  change('a comment', 'lib/csv.js', '// Numbers', '/* All numbers */ // Numbers', none),
  change('a comment with code in it', 'lib/rules.js', 'const smallest', '// const smallest = 9;\nconst smallest', none),
  change('formatting', 'lib/scaler.js', '{\n', '{\n\n\t', none),
  change('line ends', 'lib/csv.js', '\n', '\r\n', none),
  change('semicolons left out', 'lib/noise.js', ';\n', '\n', none),
  change('a local variable renamed', 'lib/csv.js', 'lines', 'rows', none),
  change('a parameter renamed', 'lib/rules.js', 'limit', 'bound', none),
  change('a local function renamed', 'kinds/summary.js', /\bsum\b/, 'add', none),
  change('a loop variable renamed', 'lib/rules.js', 'step', 'turn', none),
  change('a label renamed', 'lib/rules.js', 'search', 'outer', none),
  change(
    'a parameter of a method renamed',
    'lib/scaler.js',
    'times(value) {\n    const { factor } = this;\n    return value',
    'times(input) {\n    const { factor } = this;\n    return input',
    none,
  ),
  change('the quotes of a text', 'lib/titles.js', "'A title'", '"A title"', none),
  change('a text with an escape', 'lib/titles.js', "'A title'", "'\\x41 title'", none),
  change('another spelling of a number', 'lib/base.js', '10', '0x0a', none),
  change('a number with a point', 'lib/rules.js', 'smallest = 2', 'smallest = 2.0', none),
  change('quotes around a key', 'lib/scaler.js', 'base: 1', '"base": 1', none),
  change('parentheses', 'lib/shift.js', 'value + more.length', '(value + (more.length))', none),
  change('imports in another order', 'kinds/clean.js', /^(import.*\n)(import.*\n)/, '$2$1', none),
  change('names of an import in another order', 'kinds/clean.js', 'clamp, keep', 'keep, clamp', none),
  change('functions in another order', 'lib/rules.js', /(export function keep[^}]*}\n)([\s\S]*)$/, '$2$1', none),
  change('constants in another order', 'lib/rules.js', /(const smallest.*\n)(const names.*\n)/, '$2$1', none),
  change('a function that nothing reaches, changed', 'lib/csv.js', "split(',')", "split(';')", none),
  change(
    'a function that nothing reaches, added above',
    'lib/setup.js',
    'globalThis',
    'function spare() {}\nglobalThis',
    none,
  ),
  change('an unused export changed', 'lib/index.js', 'neverUsed = 1', 'neverUsed = 2', none),
  change('an unused export removed', 'lib/index.js', 'export const neverUsed = 1;\n', '', none),
  change('a constant of an unused function', 'lib/rules.js', "'too low'", "'far too low'", none),
  change('an unused function of a module that is imported later', 'lib/noise.js', 'return 0', 'return 1', none),
  change(
    'an unused import of a module that does nothing',
    'kinds/clean.js',
    'import { table }',
    "import { base } from '../lib/base.js';\nimport { table }",
    none,
  ),
  change(
    'an import past a module that only passes on',
    'kinds/scale.js',
    "import { Scaler, shift } from '../lib/index.js'",
    "import { Scaler } from '../lib/scaler.js';\nimport { shift } from '../lib/shift.js'",
    none,
  ),
  change('a comment in CommonJS', 'lib/format.cjs', 'const digits', '// how many\nconst digits', none),
  {
    what: 'a new module that nobody imports',
    edit: (project) => project.write('lib/new.js', 'globalThis.x = 1;\n'),
    runs: none,
  },
  change('a comment of a stage kind', 'kinds/scale.js', '    const scaler', '    // scales\n    const scaler', none),
];

/** Edits of code that mean another program. */
export const meaningful: readonly Mutation[] = [
  change('a constant', 'lib/rules.js', 'smallest = 2', 'smallest = 1', afterClean),
  change('the body of a helper, which gives the same here', 'lib/rules.js', 'value > limit', 'value >= limit', clean),
  change('an operator', 'lib/shift.js', 'value + more', 'value * more', afterScale),
  change('a default value', 'lib/csv.js', 'skipped = 1', 'skipped = 2', afterRead),
  change('a regular expression, which gives the same here', 'lib/csv.js', '/\\r?\\n/', '/[\\r\\n]+/', read),
  change('the flags of a regular expression', 'lib/csv.js', '/\\r?\\n/', '/\\r?\\n/u', read),
  change('the body of a method', 'lib/scaler.js', 'value * factor **', 'value + factor **', afterScale),
  change('a getter', 'lib/scaler.js', 'this.#factor * options', 'this.#factor + options', afterScale),
  change('a constructor', 'lib/scaler.js', 'this.#factor = factor', 'this.#factor = factor + 1', afterScale),
  change('a method that is not called', 'lib/scaler.js', '  times(', '  half() {\n    return 0;\n  }\n  times(', [
    'scale',
  ]),
  change('what is spread', 'lib/shift.js', '[...parts, 3]', '[3, ...parts, ...parts]', afterScale),
  change('the text of a template', 'lib/noise.js', '`row ${', '`the row ${', afterDraw),
  change('the order of keys of an object', 'lib/scaler.js', 'base: 1, power: 1', 'power: 1, base: 1', ['scale']),
  change('a case of a switch', 'lib/rules.js', 'case 1:', 'case 2:', clean),
  change('where a label breaks to', 'lib/rules.js', 'break search', 'continue search', clean),
  change('a dynamically imported module', 'lib/noise.js', 'seed % 7', 'seed % 7 + 1', afterDraw),
  change(
    'an import to another function of that name',
    'kinds/scale.js',
    'Scaler, shift }',
    'Scaler, other as shift }',
    afterScale,
  ),
  change(
    'what a module passes on',
    'lib/index.js',
    "export * from './shift.js'",
    "export { other as shift } from './shift.js'",
    afterScale,
  ),
  change(
    'two imported names that change places',
    'kinds/clean.js',
    'clamp, keep',
    'clamp as keep, keep as clamp',
    afterClean,
  ),
  change(
    'an import that does something, taken out',
    'kinds/draw.js',
    "import '../lib/setup.js';\n",
    'globalThis.studyBase = 10;\n',
    ['draw'],
  ),
  change('a constant that a module sets globally', 'lib/base.js', '10', '11', afterDraw),
  {
    what: 'a module imported for what it does alone',
    edit: (project) => {
      project.write('lib/effect.js', 'globalThis.studyEffect = 1;\n');
      project.replace('lib/csv.js', 'const separator', "import './effect.js';\nconst separator");
    },
    runs: read,
  },
  change('JSON beside the code', 'lib/limits.json', '100', '20', afterScale),
  change('JSON beside the code, in a key that is not read', 'lib/limits.json', '"unit": "x"', '"unit": "y"', ['scale']),
  change('a file that code names', 'lib/words.txt', 'some', 'other', ['summary']),
  change('a CommonJS module', 'lib/format.cjs', 'toFixed', 'toPrecision', ['summary']),
  change('what a CommonJS module requires', 'lib/digits.cjs', '2', '3', ['summary']),
  {
    what: 'where a name of the project leads',
    edit: (project) => {
      project.write('lib/other-titles.js', "export const title = 'Another title';\n");
      project.replace('package.json', './lib/titles.js', './lib/other-titles.js');
    },
    runs: ['summary'],
  },
  change('the version of a stage kind', 'kinds/clean.js', 'version: 1', 'version: 2', clean),
  change('a literal of a stage kind', 'kinds/draw.js', 'slice(0,', 'slice(1,', afterDraw),
  change('a description', 'kinds/summary.js', 'a few numbers', 'some numbers', ['summary']),
  { what: 'two helpers that change places', edit: swapHelpers, runs: [...clean, ...afterScale] },
];

function swapHelpers(project: Edited): void {
  project.replace('lib/rules.js', 'function keep', 'function swapped');
  project.replace('lib/rules.js', 'function clamp', 'function keep');
  project.replace('lib/rules.js', 'function swapped', 'function clamp');
}

/** Edits of packages. */
export const packages: readonly Mutation[] = [
  change('a package one version up', 'node_modules/tool/package.json', '1.2.3', '1.2.4', ['summary']),
  change('a package that a package needs, one version up', 'node_modules/part/package.json', '2.0.1', '2.0.2', [
    'summary',
  ]),
  change('a package that nothing reaches', 'node_modules/apart/package.json', '0.1.0', '0.2.0', none),
  change(
    'a package that takes in another',
    'node_modules/part/package.json',
    '"exports"',
    '"dependencies": {"apart": "*"}, "exports"',
    ['summary'],
  ),
  change('a linked package', 'own-tool/index.js', 'value + 1', 'value + 2', ['summary']),
  change('a comment in a linked package', 'own-tool/index.js', 'export', '// own\nexport', ['summary']),
  change('the lock file alone', 'package-lock.json', '3', '2', none),
  change('a script of the project', 'package.json', '"type"', '"scripts": {"x": "y"}, "type"', none),
  change('a text about the project', 'README.md', 'study', 'thesis', none),
];

/** Edits of the pipeline and of its data. */
export const pipeline: readonly Mutation[] = [
  change('a parameter', 'study.yaml', 'factor: 2', 'factor: 3', afterScale),
  change('a parameter that gives the same', 'study.yaml', 'limit: 9', 'limit: 12', [...clean, ...afterScale]),
  change('a parameter that nothing uses', 'study.yaml', 'spare: 1', 'spare: 2', none),
  change('a parameter of one stage', 'study.yaml', 'rows: 3', 'rows: 2', afterDraw),
  change('a parameter in another spelling', 'study.yaml', 'factor: 2', 'factor: 0x2', none),
  change('the order of a list', 'study.yaml', '[1, 2]', '[2, 1]', ['scale']),
  change('the order of keys', 'study.yaml', 'factor: 2, limit: 9', 'limit: 9, factor: 2', none),
  change('a YAML comment', 'study.yaml', 'pipeline: study', '# mine\npipeline: study # three', none),
  change(
    'a YAML anchor',
    'study.yaml',
    /params: {seed: 3, factor: 2, (.*)}/,
    'params: {seed: 3, factor: &two 2, $1, again: *two}',
    none,
  ),
  change('YAML quotes', 'study.yaml', 'uses: ./kinds/draw.js', "uses: './kinds/draw.js'", none),
  change('stages in another order', 'study.yaml', /( {2}draw:[\s\S]*?)( {2}summary:[\s\S]*)$/, '$2$1', none),
  change('the name of the pipeline', 'study.yaml', 'pipeline: study', 'pipeline: thesis', none),
  change('the name of a stage', 'study.yaml', /\bdraw(?=[:}])/, 'noisy', none),
  change(
    'the order of a matrix, where a stage takes all of it',
    'study.yaml',
    '[left, right]',
    '[right, left]',
    afterScale,
  ),
  change('the seed', 'study.yaml', 'seed: 3', 'seed: 4', afterDraw),
  { what: 'a parameter of the command line', edit: () => undefined, args: ['--set', 'factor=5'], runs: afterScale },
  {
    what: 'a declared environment variable',
    edit: () => undefined,
    env: { STUDY_MODE: 'x' },
    runs: [...clean, ...read, 'draw', 'scale', 'summary'],
  },
  { what: 'another environment variable', edit: () => undefined, env: { STUDY_OTHER: 'x' }, runs: none },
  change('the bytes of a data file', 'data/left.csv', '12', '8', ['clean[left]', 'read[left]', ...afterScale]),
  change('the spelling of numbers in a data file', 'data/right.csv', '4', '4.0', ['read[right]']),
  {
    what: 'a data file that is only touched',
    edit: ({ folder }) => utimesSync(join(folder, 'data/left.csv'), 1, 1),
    runs: none,
  },
  {
    what: 'a data file written again with the same bytes',
    edit: ({ read: text, write }) => write('data/left.csv', text('data/left.csv')),
    runs: none,
  },
  {
    what: 'a code file written again with the same bytes',
    edit: ({ read: text, write }) => write('lib/rules.js', text('lib/rules.js')),
    runs: none,
  },
  {
    what: 'a data folder renamed',
    edit: (project) => {
      project.rename('data', 'tables');
      project.replace('study.yaml', 'data/$', 'tables/$');
    },
    runs: read,
  },
  {
    what: 'two data files that change places',
    edit: (project) => {
      project.rename('data/left.csv', 'data/third.csv');
      project.rename('data/right.csv', 'data/left.csv');
      project.rename('data/third.csv', 'data/right.csv');
    },
    runs: ['read[left]', 'read[right]', ...afterScale],
  },
];
