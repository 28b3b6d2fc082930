import { beforeEach, expect, test, vi } from 'vitest';
import type { TableData } from '../../src/artifact/column.ts';
import { ok } from '../../src/util/result.ts';
import { ingest } from '../../stages/ingest.ts';

// A reader that found three empty cells and left their row out.
vi.mock('../../src/data/read-source.ts', () => ({
  readSource: async () =>
    ok({
      kept: Int32Array.of(0, 1),
      ids: Int32Array.of(0, 1),
      dataset: {
        rows: 2,
        height: 1,
        width: 1,
        images: Uint8Array.of(7, 8),
        labels: Int32Array.of(0, 1),
        classes: ['a', 'b'],
        partition: ['train', 'test'],
        writers: Int32Array.of(5, 6),
        missing: 3,
        source: { format: 'csv', title: 'my letters', orientation: 'upright', files: ['letters.csv'] },
      },
    }),
}));

let written: TableData | undefined;
const log: string[] = [];
beforeEach(() => {
  written = undefined;
  log.length = 0;
});

function run(missing: 'error' | 'drop') {
  return ingest.run({
    params: { dataset: 'letters', sources: [{ folder: 'data' }], subset: 'all', missing },
    inputs: {},
    outputs: {
      samples: {
        write: (data) => {
          written = data;
        },
      },
    },
    seed: 1,
    compute: { backend: 'cpu', version: '', device: 'cpu', architecture: process.arch, threads: 1 },
    checkpoint: { read: () => undefined, write: () => {} },
    isExclusive: () => false,
    root: '',
    env: {},
    work: '',
    files: {},
    identity: {},
    progress: () => {},
    log: (line) => log.push(line),
    signal: new AbortController().signal,
    parts: [],
  });
}

test('missing values fail the stage, which says how many and what can be done', async () => {
  const result = await run('error');
  expect(result).toMatchObject({ ok: false, error: { code: 'ingest-missing' } });
  if (!result.ok) expect(result.error.message).toBe('my letters: 3 cells are empty or not a number');
  expect(written).toBeUndefined();
});

test('with missing: drop their rows are left out, which the log and the artifact say', async () => {
  expect((await run('drop')).ok).toBe(true);
  expect(log[0]).toContain('3 cells');
  expect(written?.metadata).toMatchObject({ missing: '3' });
  expect(written?.columns.map((column) => column.name)).toEqual(['id', 'image', 'label', 'partition', 'writer']);
});
