import { mkdirSync, mkdtempSync, readdirSync, readFileSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { cleanEnvironment, makeStudy, pipelineText, start } from './study.ts';

async function fails(args: readonly string[], options: Parameters<typeof start>[1] = {}) {
  const { exitCode, stdout, stderr } = await start(args, options);
  expect(`${stdout}${stderr}`).not.toMatch(/\n {4}at /);
  return { exitCode, text: `${stdout}\n${stderr}` };
}

function withText(from: string, to: string): { file: string; store: string } {
  if (!pipelineText.includes(from)) throw new Error(`no ${from}`);
  return makeStudy(pipelineText.replace(from, to));
}

test.each<[string, string, string, RegExp]>([
  ['YAML', 'pipeline: small', 'pipeline: [small', /small\.yaml:\d+:\d+: /],
  [
    'a stage kind',
    'uses: normalise',
    'uses: normalize',
    /small\.yaml:24:21: there is no stage kind "normalize"\n {2}did you mean "normalise"/,
  ],
  ['a parameter', 'folds: 2', 'fold: 2', /small\.yaml:25:\d+: "fold" is not known here\n {2}did you mean "folds"/],
  [
    'a reference',
    '${params.epochs}',
    '${params.epoch}',
    /small\.yaml:\d+:\d+: \$\{params\.epoch\}: there is no "epoch" in params\n {2}did you mean "epochs"/,
  ],
  [
    'a model',
    'matrix: {model: [wide, dropping]}\n    uses: grid',
    'matrix: {model: [wide, droping]}\n    uses: grid',
    /did you mean "dropping"/,
  ],
  ['a layer', '- lstm:', '- lsmt:', /small\.yaml:\d+:\d+: there is no layer "lsmt"\n {2}did you mean "lstm"/],
])('a mistake in %s ends with 2 and says where it is and what would be right', async (_, from, to, expected) => {
  const study = withText(from, to);
  const { exitCode, text } = await fails(['run', study.file]);
  expect(exitCode).toBe(2);
  expect(text).toMatch(expected);
});

test('a file that is not there, an unknown command, option and profile end with 2', async () => {
  const study = makeStudy();
  expect((await fails(['run', 'nowhere.yaml'])).exitCode).toBe(2);
  expect((await fails(['rnu', study.file])).exitCode).toBe(2);
  expect((await fails(['run', study.file, '--worker', '2'])).text).toContain('--workers');
  expect((await fails(['run', study.file, '--profile', 'x'])).exitCode).toBe(2);
  expect((await fails(['run', study.file, '--workers', '0'])).exitCode).toBe(2);
});

test('a store in an impossible place ends with 2 and says what to do', async () => {
  const study = makeStudy();
  writeFileSync(join(study.folder, 'file'), '');
  const { exitCode, text } = await fails(['run', study.file, '--store', join(study.folder, 'file', 'store')]);
  expect(exitCode).toBe(2);
  expect(text).toContain('--store');
});

test('a truncated data file is named with what was expected and got', async () => {
  const study = makeStudy();
  truncateSync(join(study.folder, 'data', 'emnist-byclass-train-images-idx3-ubyte'), 1000);
  const { exitCode, text } = await fails(['run', study.file]);
  expect(exitCode).toBe(1);
  expect(text).toContain('emnist-byclass-train-images-idx3-ubyte');
  expect(text).toMatch(/984|1000/);
});

test('without pip and a compiler a native run names both before anything is fetched, and says what would do', async () => {
  const study = makeStudy();
  const bin = mkdtempSync(join(tmpdir(), 'pipe-bin-'));
  symlinkSync(process.execPath, join(bin, 'node'));
  const cache = mkdtempSync(join(tmpdir(), 'pipe-cache-'));
  const env = cleanEnvironment({ PATH: bin, XDG_CACHE_HOME: cache });
  const { exitCode, text } = await fails(['run', study.file], { env });
  expect(exitCode).toBe(1);
  for (const word of ['pip', 'compiler', '--backend cpu']) expect(text).toContain(word);
  const fetched = readdirSync(cache, { recursive: true }).filter((name) => /\.(whl|part)$/.test(String(name)));
  expect(fetched).toEqual([]);
});

test('pure JavaScript does without them, says that it is slow, and is never mixed with native results', async () => {
  const text = pipelineText.replaceAll('[wide, dropping]', '[wide]').replace('epochs: 2', 'epochs: 1');
  const study = makeStudy(text);
  const native = await start(['run', study.file, '--json']);
  const pure = await start(['run', study.file, '--backend', 'cpu']);
  expect([native.exitCode, pure.exitCode]).toEqual([0, 0]);
  expect(pure.stdout).toContain('pure JavaScript (slow)');
  expect(pure.stdout).toMatch(/ingest: cached/);
  expect(pure.stdout).toMatch(/fit\[wide\]: done/);
});

test('pipe doctor tells the machine as JSON', async () => {
  const { exitCode, stdout } = await start(['doctor', '--json']);
  expect(exitCode).toBe(0);
  expect(JSON.stringify(JSON.parse(stdout))).toContain('2.21.0');
});

test('the schema for editors is the one in the repository, and the pipelines fit it under both drafts', async () => {
  const { stdout } = await start(['schema']);
  expect(stdout.trim()).toBe(readFileSync('schema/pipeline.schema.json', 'utf8').trim());
  const schema = JSON.parse(stdout) as object;
  const { $schema: _, ...undated } = schema as Record<string, unknown>;
  for (const name of readdirSync('pipelines').filter((one) => one.endsWith('.yaml'))) {
    const pipeline = parse(readFileSync(join('pipelines', name), 'utf8')) as unknown;
    for (const validate of [
      new Ajv({ strict: false }).compile(schema),
      new Ajv2020({ strict: false }).compile(undated),
    ]) {
      expect([name, validate(pipeline), validate.errors]).toEqual([name, true, null]);
    }
  }
});

test("a stage kind of the user's own runs like pipe's", async () => {
  const text = `pipeline: own\nstages:\n  make: {uses: ./kinds/make.js, with: {rows: 3}}\n`;
  const study = makeStudy(text);
  mkdirSync(join(study.folder, 'kinds'));
  writeFileSync(
    join(study.folder, 'kinds', 'make.js'),
    `export const make = { kind: 'make', version: 1, description: 'rows', params: { type: 'object', properties: { rows: { type: 'integer' } } }, inputs: {},
      outputs: { table: { type: 'table', description: 'rows' } },
      run: async ({ params, outputs }) => { outputs.table.write({ columns: [{ name: 'x', kind: 'number', values: new Int32Array(params.rows) }] }); return { ok: true, value: undefined }; } };`,
  );
  const { exitCode, stdout } = await start(['run', study.file]);
  expect([exitCode, stdout]).toEqual([0, expect.stringContaining('make: done')]);
});
