import type { RunState, StageState } from './state.ts';

/** Share of a stage that is done, from 0 to 1: its jobs, and those that run as far as they are. */
export function stageFraction(stage: StageState): number {
  const inside = [...stage.running.values()].reduce((sum, { progress }) => sum + (progress?.fraction ?? 0), 0);
  return Math.min(1, (Math.min(stage.finishedJobs, stage.jobs) + inside) / stage.jobs);
}

/** Seconds until a stage is done, by how fast it was so far; undefined before there is ground for it. */
export function stageSecondsLeft(stage: StageState, now: number): number | undefined {
  const elapsed = (now - (stage.startedAt ?? now)) / 1000;
  const fraction = stageFraction(stage);
  const fresh = fraction - stage.cachedJobs / stage.jobs;
  return fresh > 0.02 && fraction < 1 && elapsed > 2 ? (elapsed * (1 - fraction)) / fresh : undefined;
}

/**
 * Seconds until the run is done: what was expected by past timings, corrected by how fast the run is. Where past timings
 * do not tell of all its jobs: those of the slowest stage, once all that are left run and each tells. Undefined before.
 */
export function runSecondsLeft(state: RunState, now: number): number | undefined {
  const { expected } = state;
  if (expected === undefined || expected.unknownJobs > 0 || expected.work <= 0) return slowestStage(state, now);
  const running = [...state.stages.values()].flatMap((stage) => [...stage.running.values()]);
  const inside = running.reduce((sum, job) => sum + (job.expected ?? 0) * progressOf(job, now), 0);
  const fraction = Math.min(1, (state.expectedDone + inside) / expected.work);
  const elapsed = (now - state.expectedAt) / 1000;
  if (fraction === 0) return Math.max(0, expected.seconds - elapsed);
  // Its own pace says little at the beginning, where few jobs run side by side, and the more the further it is.
  const byPlan = expected.seconds * (1 - fraction);
  const byPace = (elapsed * (1 - fraction)) / fraction;
  return (1 - fraction) * byPlan + fraction * byPace;
}

function progressOf(
  job: {
    readonly startedAt: number;
    readonly expected: number | undefined;
    readonly progress: { readonly fraction: number } | undefined;
  },
  now: number,
): number {
  if (job.progress !== undefined) return job.progress.fraction;
  // A job that tells nothing: by the clock, and never quite done.
  const elapsed = (now - job.startedAt) / 1000;
  return job.expected === undefined || job.expected <= 0 ? 0 : Math.min(0.95, elapsed / job.expected);
}

function slowestStage(state: RunState, now: number): number | undefined {
  const open = [...state.stages.values()].filter(({ status }) => status === 'waiting' || status === 'running');
  const left = open.map((stage) => (stage.status === 'running' ? stageSecondsLeft(stage, now) : undefined));
  const known = left.filter((seconds) => seconds !== undefined);
  return known.length > 0 && known.length === left.length ? Math.max(...known) : undefined;
}
