import { statSync } from 'node:fs';
import { join } from 'node:path';
import { failure } from '../errors/failure.ts';
import { makeFolder, replaceFile } from '../store/durable.ts';
import type { Store } from '../store/store.ts';
import { digestsOf } from '../task/task.ts';
import { ok } from '../util/result.ts';
import type { Carrier } from './carrier.ts';
import type { PilotDescription } from './description.ts';
import { clusterLayout, pilotFile } from './layout.ts';
import { hasOutcome, writeOutcome } from './outcome.ts';
import { openPilotJournal } from './pilot-journal.ts';
import { openPilotQueue } from './pilot-queue.ts';
import { runOfSubmit } from './submits.ts';
import { eventually } from './visible.ts';

/** Tasks and results lie in a store that the pilot's node and the run's machine share. */
export function sharedCarrier(store: Store, className: string, pilot: PilotDescription): Carrier {
  const layout = clusterLayout(store.layout.root, className);
  const folder = layout.pilot(pilot.id);
  makeFolder(folder);
  const journal = openPilotJournal(folder);
  // Last: who sees a pilot finds its journal.
  replaceFile(join(folder, pilotFile), JSON.stringify(pilot), store.leases.temporaryName('file'));
  return {
    queue: openPilotQueue(layout, runOfSubmit(layout, pilot.submit)),
    bring: async (queued, signal) => {
      const paths = digestsOf(queued.task).map((digest) => store.layout.blob(digest));
      const missing = (): string[] => paths.filter((path) => statSync(path, { throwIfNoEntry: false }) === undefined);
      const seen = await eventually(() => (missing().length === 0 ? true : undefined), missing, signal);
      if (seen === true) return undefined;
      const what = `the node ${pilot.host} does not see an input of ${queued.task.id}: ${missing()[0]}`;
      const hint = 'the store must lie on a file system that all nodes share, under the same path; else name a remote';
      return failure('cluster-input', what, { hint });
    },
    deliver: async (_, record) => ok(record),
    isClosed: (name) => hasOutcome(layout, name),
    closeTask: (outcome) => writeOutcome(layout, outcome, store.leases.temporaryName('file')),
    tell: journal.write,
    close: async () => journal.close(),
  };
}
