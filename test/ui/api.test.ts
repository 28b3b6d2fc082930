import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, expect, test } from 'vitest';
import { writeArtifact } from '../../src/artifact/writer.ts';
import { createApi } from '../../src/ui/api.ts';
import { ulid } from '../../src/util/ulid.ts';
import { endOf, startOf, type WrittenRun, writeRun } from '../page/support/written-runs.ts';

let folder: string;
let written: WrittenRun;
let ask: (path: string, body?: unknown) => Promise<{ readonly status: number; readonly text: string }>;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'api-'));
  writeFileSync(join(folder, 'secret.txt'), 'a secret');
  written = writeRun(join(folder, 'store'));
  written.write(startOf(written.run, 'study', ['a']), endOf('done', 1));
  const api = createApi(written.store);
  ask = async (path, body) => {
    const init =
      body === undefined ? {} : { method: 'POST', body: typeof body === 'string' ? body : JSON.stringify(body) };
    const answer = await api.request(path, init);
    return { status: answer.status, text: await answer.text() };
  };
});

/** An artifact of so many rows in the store, by its digest. */
function artifact(rows: number): string {
  const path = join(folder, 'made.arrow');
  const made = writeArtifact(path, 'table', {
    columns: [{ name: 'x', kind: 'number', values: Int32Array.from({ length: rows }, (_, row) => row) }],
  });
  if (!made.ok) throw new Error(made.error.message);
  const published = written.store.publishBlob(path, made.value.digest);
  if (!published.ok) throw new Error(published.error.message);
  return made.value.digest;
}

const traversals = [
  '..',
  '../secret.txt',
  '..%2f..%2fsecret.txt',
  '%2e%2e%2fsecret.txt',
  'a'.repeat(64).replace(/.$/, '/'),
];

test.each(traversals)('no name leads out of the store: %s', async (name) => {
  for (const path of [
    `/artifacts/${name}`,
    `/artifacts/${name}/file`,
    `/artifacts/${name}/files/0`,
    `/records/${name}`,
    `/records/${name}/parts?stage=a`,
    `/runs/${name}/events`,
    `/runs/${name}/graph`,
    `/runs/${name}/artifacts`,
    `/documents/${name}`,
  ]) {
    const { status, text } = await ask(path);
    expect([path, status]).toEqual([path, 404]);
    expect(text).not.toContain('a secret');
  }
  const log = await ask(`/runs/${written.run}/log?job=${name}&fingerprint=${name}`);
  expect(JSON.parse(log.text)).toEqual({ lines: [], next: 0, skipped: 0 });
});

test('a run that is not there is told in words, whatever is asked of it', async () => {
  const nobody = ulid();
  for (const path of ['', '/events', '/graph', '/artifacts', '/tables', '/log?job=a'])
    expect(await ask(`/runs/${nobody}${path}`)).toMatchObject({
      status: 404,
      text: expect.stringContaining('there is no such run in this store'),
    });
  for (const [path, body] of [
    ['stop', { how: 'now' }],
    ['cancel', { job: 'a' }],
    ['again', {}],
    ['sql', { sql: 'SELECT 1' }],
  ] as const)
    expect((await ask(`/runs/${nobody}/${path}`, body)).status).toBe(404);
});

test('a store that was removed while the page is open is told in words', async () => {
  expect((await ask(`/runs/${written.run}`)).status).toBe(200);
  rmSync(join(folder, 'store'), { recursive: true });
  expect(await ask(`/runs/${written.run}`)).toMatchObject({
    status: 404,
    text: expect.stringContaining('not any more'),
  });
  expect(JSON.parse((await ask('/runs')).text)).toMatchObject({ runs: [] });
});

test('actions on a run that has ended are refused in words, and so is a body that says nothing', async () => {
  written.end();
  expect((await ask(`/runs/${written.run}/stop`, { how: 'now' })).text).toContain('it has ended');
  expect((await ask(`/runs/${written.run}/cancel`, { job: 'a' })).text).toContain('has ended');
  expect((await ask(`/runs/${written.run}/again`, {})).text).toContain('did not note how it was begun');
  for (const body of ['', 'no JSON', 'null', '[]', '{"how":"always"}', '{"how":1}'])
    expect(await ask(`/runs/${written.run}/stop`, body)).toMatchObject({
      status: 409,
      text: expect.stringContaining('soon or now'),
    });
  for (const body of ['', 'null', '{"sql":" "}', '{"sql":7}'])
    expect((await ask(`/runs/${written.run}/sql`, body)).text).toContain('there is no SQL');
  expect((await ask(`/runs/${written.run}/sql`, { sql: 'x'.repeat(30_000) })).text).toContain('longer than');
});

test('an answer stays small, whatever is asked for', async () => {
  const digest = artifact(5000);
  expect(JSON.parse((await ask(`/artifacts/${digest}/rows?from=0&count=999999999`)).text)).toHaveLength(500);
  expect(JSON.parse((await ask(`/artifacts/${digest}/rows?from=4990&count=50`)).text)).toHaveLength(10);
  for (const query of ['from=99999999', 'from=-1&count=-5', 'from=NaN', 'count=1e400'])
    expect((await ask(`/artifacts/${digest}/rows?${query}`)).status).toBe(200);
  expect(await ask(`/artifacts/${digest}/pictures?column=x`)).toMatchObject({
    status: 409,
    text: expect.stringContaining('holds no pictures'),
  });
  expect(await ask(`/artifacts/${digest}/files/0`)).toMatchObject({ status: 409 });
  expect((await ask(`/curves?of=${`${'ab'.repeat(32)},`.repeat(5000)}`)).text).toBe('[]');
});

test('two runs are compared by their names only', async () => {
  expect(await ask('/compare?a=..&b=..')).toMatchObject({
    status: 409,
    text: expect.stringContaining('no name of a run'),
  });
});
