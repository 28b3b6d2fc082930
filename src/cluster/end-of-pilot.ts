import type { PilotDescription } from './description.ts';
import type { ClusterLayout } from './layout.ts';
import { endOfLog } from './submits.ts';

/** Where Slurm limits memory without control groups, only the job's output tells why it was killed. */
const memoryTexts = /exceeded (job|step) memory limit|oom.?kill/i;

/** How a pilot ended, by what Slurm says of it and by what it wrote below the pilot's own lines. */
export function endOfPilot(
  layout: ClusterLayout,
  { submit, job }: PilotDescription,
  state: string | undefined,
): string | undefined {
  if (state !== 'FAILED' && state !== undefined) return state;
  return memoryTexts.test(endOfLog(layout, submit, job.replace(/^\d+_/, ''), 5)) ? 'OUT_OF_MEMORY' : state;
}
