// Many pilots in one process: everything of them is real (queue, leases, journals, publication), but their jobs take a given
// time without computing. node crowd.mjs STORE CLASS SUBMIT COUNT MILLISECONDS

import { setMaxListeners } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as after } from 'node:timers/promises';
import { writeArtifact } from '../../dist/src/artifact/writer.js';
import { clusterLayout } from '../../dist/src/cluster/layout.js';
import { runPilot } from '../../dist/src/cluster/pilot.js';
import { sharedCarrier } from '../../dist/src/cluster/shared-carrier.js';

const [store, className, submit, count, milliseconds] = process.argv.slice(2);
const spec = JSON.parse(readFileSync(clusterLayout(store, className).spec, 'utf8'));

/** Runs a job by waiting, and writes what the trivial kinds of fan-project.mjs write. */
const pool = {
  run: async (order, _, listener) => {
    listener.onStart({ number: 1, pid: process.pid });
    const started = performance.now();
    if (order.part && Number(milliseconds) > 0) await after(Number(milliseconds));
    const slot = order.part ? 'scores' : 'table';
    const file = join(order.folder, slot);
    const values = Int32Array.of(order.part ? order.params.index : order.parts.length);
    const written = writeArtifact(file, 'table', { columns: [{ name: 'x', kind: 'number', values }] });
    if (!written.ok) return written;
    const seconds = (performance.now() - started) / 1000;
    return {
      ok: true,
      value: {
        outputs: { [slot]: { ...written.value, type: 'table', file } },
        seconds,
        memory: { peak: 2 ** 20, resting: 2 ** 20 },
      },
    };
  },
  close: async () => {},
};

const stop = new AbortController();
setMaxListeners(0, stop.signal);
process.on('SIGTERM', () => stop.abort(new Error('SIGTERM')));
const pilots = Array.from({ length: Number(count) }, (_, index) =>
  runPilot({
    store,
    submit,
    spec,
    env: { SLURM_ARRAY_JOB_ID: '1', SLURM_ARRAY_TASK_ID: String(index), SLURMD_NODENAME: `n${index}` },
    stop: stop.signal,
    say: () => {},
    pool,
    carry: (open, pilot) => sharedCarrier(open, className, pilot),
  }),
);
await Promise.all(pilots);
process.exit(0);
