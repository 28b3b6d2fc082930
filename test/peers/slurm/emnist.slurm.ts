import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { reproducibleDigests, start } from '../../end-to-end/study.ts';
import { timesMade } from './cluster.ts';

/** A store with a finished run of the main job on this machine, and the data that it was made of. */
const { PIPE_PEERS_STORE: local, PIPE_DATA } = process.env;

test.skipIf(local === undefined)(
  'the main job makes bit for bit the artifacts of the local run',
  async () => {
    const store = mkdtempSync(join(tmpdir(), 'pipe-emnist-'));
    const env = { ...(process.env as Record<string, string>), ...(PIPE_DATA === undefined ? {} : { PIPE_DATA }) };
    const args = ['run', 'pipelines/emnist.yaml', '--executor', 'slurm', '--store', store];
    const { exitCode, stdout } = await start(args, { env });
    console.log(stdout.split('\n').slice(-3).join('\n'));
    expect(exitCode).toBe(0);
    expect(reproducibleDigests(store)).toEqual(reproducibleDigests(local as string));
    expect([...timesMade(store).values()].filter((times) => times !== 1)).toEqual([]);
  },
  1_500_000,
);
