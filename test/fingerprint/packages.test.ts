import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { closureOf, codeOf, type Files, makeProject } from './project.ts';

const kind = "import tool from 'tool';\nexport const kind = { run: () => tool() };\n";

function manifest(name: string, version: string, more: Readonly<Record<string, unknown>> = {}): string {
  return JSON.stringify({ name, version, ...more });
}

function packages(files: Files, code = kind): Readonly<Record<string, string>> {
  return codeOf({ 'kind.js': code, ...files }, 'kind.js').packages;
}

test('a package counts with all that it depends on, as Node finds it, and cycles end', () => {
  const found = packages({
    'node_modules/tool/package.json': manifest('tool', '1.2.3', {
      dependencies: { part: '^1', gone: '^1' },
      optionalDependencies: { extra: '*', absent: '*' },
      peerDependencies: { peer: '*' },
    }),
    'node_modules/part/package.json': manifest('part', '1.0.1', { dependencies: { tool: '*' } }),
    'node_modules/extra/package.json': manifest('extra', '2.0.0'),
    'node_modules/peer/package.json': manifest('peer', '3.0.0'),
    'node_modules/unreached/package.json': manifest('unreached', '9.0.0'),
  });
  expect(found).toEqual({ extra: '2.0.0', gone: 'not installed', part: '1.0.1', peer: '3.0.0', tool: '1.2.3' });
});

test('two versions of one package are told apart, and by whom they are used', () => {
  const files = (inner: string, outer: string): Files => ({
    'node_modules/tool/package.json': manifest('tool', '1.0.0', { dependencies: { part: '*', other: '*' } }),
    'node_modules/other/package.json': manifest('other', '1.0.0', { dependencies: { part: '*' } }),
    'node_modules/part/package.json': manifest('part', outer),
    'node_modules/other/node_modules/part/package.json': manifest('part', inner),
  });
  const before = packages(files('1.0.0', '2.0.0'));
  expect(before).toMatchObject({ 'part@1.0.0': '1.0.0 for other@1.0.0', 'part@2.0.0': '2.0.0 for tool@1.0.0' });
  expect(packages(files('2.0.0', '1.0.0'))).not.toEqual(before);
});

test('a package under another name counts as the one that it is', () => {
  expect(packages({ 'node_modules/tool/package.json': manifest('real-tool', '1.0.0') })).toEqual({
    tool: 'real-tool@1.0.0',
  });
});

test('an import that nobody uses counts, unless the package says that loading it does nothing', () => {
  const unused = "import tool from 'tool';\nexport const kind = 1;\n";
  const installed = (more: Readonly<Record<string, unknown>>): Files => ({
    'node_modules/tool/package.json': manifest('tool', '1.0.0', more),
  });
  expect(packages(installed({}), unused)).toEqual({ tool: '1.0.0' });
  expect(packages(installed({ sideEffects: ['./a.js'] }), unused)).toEqual({ tool: '1.0.0' });
  expect(packages(installed({ sideEffects: false }), unused)).toEqual({});
  expect(packages(installed({ sideEffects: false }), "import 'tool';\nexport const kind = 1;\n")).toEqual({
    tool: '1.0.0',
  });
});

test('a package from git counts with its commit, one from a file with its digest', () => {
  const files = (entry: unknown): Files => ({
    'node_modules/tool/package.json': manifest('tool', '1.0.0'),
    'node_modules/.package-lock.json': JSON.stringify({ packages: { 'node_modules/tool': entry } }),
  });
  expect(packages(files({ resolved: 'git+ssh://git@host/tool.git#abc' }))).toEqual({ tool: '1.0.0 abc' });
  expect(packages(files({ resolved: 'file:tool.tgz', integrity: 'sha512-x' }))).toEqual({ tool: '1.0.0 sha512-x' });
  expect(packages(files({ resolved: 'https://host/tool.tgz', integrity: 'sha512-x' }))).toEqual({ tool: '1.0.0' });
});

test('a linked package is the user’s own code: any of its files counts, those in its node_modules do not', () => {
  const linked = (files: Files) => {
    const root = makeProject({ 'project/kind.js': kind, 'tool/package.json': manifest('tool', '1.0.0'), ...files });
    mkdirSync(join(root, 'project/node_modules'));
    symlinkSync(join(root, 'tool'), join(root, 'project/node_modules/tool'));
    const { packages: found, files: visited } = closureOf(join(root, 'project'), 'kind.js');
    return { found, visited: Object.keys(visited).map((file) => file.slice(root.length + 1)) };
  };
  const before = linked({ 'tool/index.js': 'export default 1;' });
  expect(before.found['tool']).toMatch(/^1\.0\.0 [0-9a-f]{64}$/);
  expect(before.visited).toEqual(['project/kind.js', 'tool/index.js', 'tool/package.json']);
  expect(linked({ 'tool/index.js': 'export default 2;' }).found).not.toEqual(before.found);
  expect(linked({ 'tool/main.js': 'export default 1;' }).found).not.toEqual(before.found);
  expect(
    linked({ 'tool/index.js': 'export default 1;', 'tool/node_modules/x/y.js': '', 'tool/.git/z': '' }).found,
  ).toEqual(before.found);
});

test('names of the project itself are followed as Node follows them', () => {
  const code = "import { a } from '#lib/a';\nimport { b } from 'self/b';\nexport const kind = { run: () => [a, b] };\n";
  const files: Files = {
    'package.json': manifest('self', '1.0.0', {
      imports: { '#lib/*': { node: './lib/*.js' } },
      exports: { './b': './lib/b.js' },
    }),
    'kind.js': code,
    'lib/a.js': 'export const a = 1;',
    'lib/b.js': 'export const b = 1;',
  };
  const before = codeOf(files, 'kind.js');
  expect(Object.keys(before.modules)).toEqual(['kind', 'lib/a', 'lib/b']);
  expect(codeOf({ ...files, 'lib/b.js': 'export const b = 2;' }, 'kind.js')).not.toEqual(before);
});

test('a module behind a link is the file that it is', () => {
  const root = makeProject({
    'kind.js': "export { a } from './link.js';",
    'lib/a.js': "export { a } from './b.js';",
    'lib/b.js': 'export const a = 1;',
  });
  symlinkSync(join(root, 'lib/a.js'), join(root, 'link.js'));
  expect(Object.keys(closureOf(root, 'kind.js').modules)).toEqual(['kind', 'lib/b']);
});
