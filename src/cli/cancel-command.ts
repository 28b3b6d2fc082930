import { writeFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { failure } from '../errors/failure.ts';
import { askToCancel } from '../events/cancel-file.ts';
import { listRuns } from '../history/run-list.ts';
import { findRun } from '../plan/runs.ts';
import type { Store } from '../store/store.ts';
import { exitCodes } from './command-line.ts';
import { withExistingStore } from './open-store.ts';
import { printFailures } from './print-failure.ts';

interface CancelOptions {
  readonly store?: string;
  readonly now: boolean;
  readonly wait: boolean;
}

const lookEvery = 200;

/** `pipe cancel`: stops a run from anywhere that sees its store. */
export async function cancelCommand(reference: string | undefined, options: CancelOptions): Promise<number> {
  const code = await withExistingStore(options.store, async (store) => {
    const run = reference === undefined ? newestLiving(store) : findRun(store.layout, reference);
    if (!run.ok) {
      printFailures([run.error]);
      return exitCodes.usage;
    }
    return cancelRun(store, run.value, options);
  });
  return code ?? exitCodes.usage;
}

function newestLiving(store: Store) {
  const living = listRuns(store, 20).find(({ status }) => status === 'running');
  if (living !== undefined) return { ok: true as const, value: living.id };
  return {
    ok: false as const,
    error: failure('run-none', 'no run goes on in this store', { hint: 'pipe runs lists them' }),
  };
}

async function cancelRun(store: Store, id: string, { now, wait }: CancelOptions): Promise<number> {
  const status = (): string | undefined =>
    listRuns(store, Number.POSITIVE_INFINITY).find((run) => run.id === id)?.status;
  const before = status();
  if (before === 'done' || before === 'failed' || before === 'interrupted') {
    process.stdout.write(`${id} is over already: ${before}.\n`);
    return exitCodes.done;
  }
  if (before !== 'running') {
    await endForPilots(store, id);
    process.stdout.write(`${id} was killed before; pilots that still worked for it stop.\n`);
    return exitCodes.done;
  }
  askToCancel(store.layout.run(id), now ? 'now' : 'soon');
  const what = now ? 'its running jobs are stopped' : 'its running jobs are finished and kept; --now stops them too';
  process.stdout.write(`${id} is asked to stop: ${what}.\n`);
  while (wait && status() === 'running') await delay(lookEvery);
  return exitCodes.done;
}

/** Of a run whose process is gone, pilots of a cluster may still work through the queue. */
async function endForPilots(store: Store, id: string): Promise<void> {
  const { clusterClasses } = await import('../cluster/cluster-status.ts');
  const { listBatches, removeBatch } = await import('../cluster/queued-task.ts');
  for (const layout of clusterClasses(store)) {
    writeFileSync(layout.endedRun(id), 'cancelled');
    for (const batch of listBatches(layout)) if (batch.startsWith(`${id}.`)) removeBatch(layout, batch);
  }
}
