import type { PlannedJob, PlannedWork } from '../plan/plan.ts';
import type { Capacity } from './demand.ts';
import { type ExpectedJob, type ExpectedStage, longestPaths, lowerBound, makespan } from './expected.ts';
import { demandOf } from './job-demand.ts';

/** How long planned work takes on a machine. */
export interface PlanTime {
  /** Seconds until the end, by a simulation of the scheduler with past timings. */
  readonly seconds: number;
  /** Seconds that no schedule can go below. */
  readonly lowerBound: number;
  /** Seconds of all jobs together. */
  readonly work: number;
  readonly jobs: number;
  /** Jobs of which no past timing is known; they count as taking no time. */
  readonly unknownJobs: number;
  /** Seconds of the longest path from the start of each stage to the end. */
  readonly paths: ReadonlyMap<string, number>;
}

/** Jobs that do not compute go first where they are short: others wait for them. In seconds. */
const shortJob = 30;

/** Whether a job goes before all others. */
export function isUrgent(kind: { readonly computes?: boolean }, seconds: number | undefined): boolean {
  return kind.computes !== true && (seconds ?? 0) < shortJob;
}

/** Expects the time of planned work. `trainsOnGpu`: kinds that compute do so on a GPU. */
export function planTime(work: readonly PlannedWork[], capacity: Capacity, trainsOnGpu: boolean): PlanTime {
  const expected = ({ kind, resources, round, expected: known }: PlannedJob): ExpectedJob => ({
    demand: demandOf({ kind, resources }, known, trainsOnGpu),
    seconds: known?.seconds ?? 0,
    round,
    urgent: isUrgent(kind, known?.seconds),
  });
  const stages: ExpectedStage[] = work.map(({ id, after, parts, own }) => ({
    id,
    after,
    parts: parts.map(expected),
    own: expected(own),
  }));
  const jobs = work.flatMap(({ parts, own }) => [...parts, own]);
  return {
    seconds: makespan(stages, capacity),
    lowerBound: lowerBound(stages, capacity),
    work: jobs.reduce((sum, job) => sum + (job.expected?.seconds ?? 0), 0),
    jobs: jobs.length,
    unknownJobs: jobs.filter((job) => job.expected === undefined).length,
    paths: longestPaths(stages, capacity),
  };
}
