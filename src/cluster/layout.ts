import { readdirSync } from 'node:fs';
import { join } from 'node:path';

/** What folders of a cluster may be named: they come from file listings and command lines. */
const nameForm = /^[0-9A-Za-z.-]{1,80}$/;

function checked(name: string): string {
  if (!nameForm.test(name) || name.startsWith('.')) throw new Error(`${name} cannot name anything of a cluster`);
  return name;
}

/**
 * Paths of what runs and pilots of one class share inside a store. Each file has one writer and appears by a rename, or only
 * grows: nothing here needs a lock, nor a file system that shows changes at once.
 */
export function clusterLayout(store: string, className: string) {
  const folder = join(store, 'cluster', checked(className));
  return {
    folder,
    /** What pilots of the class ask of the cluster. */
    spec: join(folder, 'spec.json'),
    /** Batches of tasks, a file each, by runs. */
    tasks: join(folder, 'tasks'),
    /** Names of tasks that need nobody any more, a growing file for each run. */
    settled: join(folder, 'settled'),
    settledOf: (run: string) => join(folder, 'settled', checked(run)),
    /** What came of attempts that made no result, by the name of the task. */
    outcomes: join(folder, 'outcomes'),
    outcome: (task: string) => join(folder, 'outcomes', `${checked(task)}.json`),
    /** Runs that want nothing more, and tasks that nobody wants any more. */
    ended: join(folder, 'ended'),
    endedRun: (run: string) => join(folder, 'ended', checked(run)),
    pilots: join(folder, 'pilots'),
    pilot: (id: string) => join(folder, 'pilots', checked(id)),
    /** Job arrays that were handed in, a folder each with the batch script and the logs. */
    submits: join(folder, 'submits'),
    submit: (id: string) => join(folder, 'submits', checked(id)),
  };
}

export type ClusterLayout = ReturnType<typeof clusterLayout>;

/** Names inside a pilot's folder. */
export const pilotFile = 'pilot.json';
export const pilotJournal = 'journal.jsonl';

/** Names in a folder, in order; none where it is not there. */
export function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder).sort();
  } catch {
    return [];
  }
}
