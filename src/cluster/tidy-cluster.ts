import { rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Leases } from '../store/leases.ts';
import { type ClusterLayout, namesIn } from './layout.ts';

/** Milliseconds after which what dead runs and pilots left is of no use to anybody. */
const keptFor = 7 * 24 * 60 * 60 * 1000;

/** Removes what runs and pilots of long ago left in the queue of a class: nobody is left to do it where both were killed. */
export function tidyCluster(layout: ClusterLayout, leases: Pick<Leases, 'isLiving'>, now: number): void {
  for (const folder of [layout.tasks, layout.settled, layout.outcomes, layout.ended, layout.submits, layout.pilots])
    for (const name of namesIn(folder)) {
      const path = join(folder, name);
      // Its first part is the run or the pilot that wrote it.
      if (now - changedAt(path, now) < keptFor || leases.isLiving(name.split('.')[0] ?? '')) continue;
      rmSync(path, { recursive: true, force: true });
    }
}

function changedAt(path: string, otherwise: number): number {
  try {
    return statSync(path).mtimeMs;
  } catch {
    return otherwise;
  }
}
