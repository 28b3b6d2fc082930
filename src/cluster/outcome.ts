import { existsSync, readFileSync } from 'node:fs';
import type { Failure } from '../errors/failure.ts';
import type { Allocation } from '../schedule/demand.ts';
import { replaceFile } from '../store/durable.ts';
import type { ClusterLayout } from './layout.ts';

/**
 * What came of an attempt that made no result. As long as it stands there no pilot tries the task again under the same name:
 * whether there is another attempt is for the run to decide.
 */
export interface Outcome {
  readonly name: string;
  readonly failure: Failure;
  readonly allocation: Allocation;
  /** The system had killed processes for want of memory meanwhile. */
  readonly killed: boolean;
  readonly pilot: string;
}

/** The pilot's time was up, and the job had kept nothing that it could go on from. */
export const outOfTime = 'out-of-time';

export function writeOutcome(layout: ClusterLayout, outcome: Outcome, temporary: string): void {
  replaceFile(layout.outcome(outcome.name), JSON.stringify(outcome), temporary);
}

export function hasOutcome(layout: ClusterLayout, name: string): boolean {
  return existsSync(layout.outcome(name));
}

/** The outcome of a task; undefined where there is none. */
export function readOutcome(layout: ClusterLayout, name: string): Outcome | undefined {
  try {
    const outcome = JSON.parse(readFileSync(layout.outcome(name), 'utf8')) as Partial<Outcome>;
    return typeof outcome.failure?.message === 'string' && outcome.allocation !== undefined
      ? (outcome as Outcome)
      : undefined;
  } catch {
    return undefined;
  }
}
