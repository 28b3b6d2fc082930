import type { RunEvent } from '../events/event.ts';
import type { Args, TraceLanes } from './trace-lanes.ts';

type EventOf<Type extends RunEvent['type']> = Extract<RunEvent, { type: Type }>;

interface Running {
  readonly event: EventOf<'job-started'>;
  readonly lane: number;
  /** When its worker began with another job: what follows its work (publishing) is not in the lane. */
  nextAt: number;
}

/** Lanes of jobs whose worker is not known: runs of versions that did not tell it. */
const unknownWorkers = 500_000;
/** Milliseconds: shorter waiting and publishing is not worth a line. */
const leastShown = 1;

/** Draws the jobs of a run: in the lane of its worker what a job computed, beside it what it waited and how long it was published. */
export function createTraceJobs(lanes: TraceLanes) {
  const running = new Map<string, Running>();
  const waiting = new Map<string, EventOf<'job-waiting'>>();
  const freeAt = new Map<number, number>();

  const laneOf = (worker: number): number => {
    if (worker > 0) return worker + 1;
    const taken = new Set([...running.values()].map(({ lane }) => lane));
    let lane = unknownWorkers;
    while (taken.has(lane)) lane++;
    return lane;
  };
  const endWaiting = (job: string, at: number): void => {
    const wait = waiting.get(job);
    if (wait === undefined) return;
    waiting.delete(job);
    const { run, pid, host } = wait;
    lanes.beside(`${job}: made by another run`, 'waiting', wait.at, at, { run, pid, host });
  };
  /** `seconds` of work where it is known: what comes after is publishing. */
  const end = (job: string, at: number, seconds: number | undefined, args: Args): void => {
    const started = running.get(job);
    if (started === undefined) return;
    running.delete(job);
    const { event, lane, nextAt } = started;
    const from = Math.max(event.at, freeAt.get(lane) ?? event.at);
    const worked = seconds === undefined ? at : event.at + seconds * 1000;
    const to = Math.max(from, Math.min(at, nextAt, worked));
    freeAt.set(lane, to);
    const { attempt, waited, gpu, exclusive, fingerprint, cpus } = event;
    lanes.span(lane, job, 'job', from, to, { fingerprint, attempt, waited, cpus, gpu, exclusive, ...args });
    if (seconds !== undefined && at - worked > leastShown)
      lanes.beside(`${job}: publish`, 'publishing', worked, at, {});
  };

  return {
    start: (event: EventOf<'job-started'>): void => {
      endWaiting(event.job, event.at);
      const lane = laneOf(event.worker);
      for (const other of running.values()) if (other.lane === lane) other.nextAt = Math.min(other.nextAt, event.at);
      lanes.name(lane, event.worker > 0 ? `worker ${event.worker}` : `jobs ${lane - unknownWorkers + 1}`);
      running.set(event.job, { event, lane, nextAt: Number.POSITIVE_INFINITY });
      const waited = event.waited * 1000;
      if (waited > leastShown) lanes.beside(`${event.job}: wait`, 'waiting', event.at - waited, event.at, {});
    },
    wait: (event: EventOf<'job-waiting'>): void => void waiting.set(event.job, event),
    finish: (event: EventOf<'job-finished'>, stageLane: number): void => {
      endWaiting(event.job, event.at);
      const { job, at, seconds, cached, score, finding, memory, gpuMemory } = event;
      if (cached) lanes.instant(stageLane, `${job} cached`, at, { score, seconds });
      else end(job, at, seconds, { score, finding, memory, gpuMemory });
    },
    retry: (event: EventOf<'job-retried'>): void => {
      const { job, at, reason, attempt, wait, failure } = event;
      const lane = running.get(job)?.lane ?? 0;
      lanes.instant(lane, `${job} tried again: ${reason}`, at, { attempt, wait, failure: failure.message });
      end(job, at, undefined, { failure: failure.message });
    },
    fail: ({ job, at, failure }: EventOf<'job-failed'>): void => end(job, at, undefined, { failure: failure.message }),
    /** A run that was killed, or goes on: what runs is drawn up to what is known. */
    close: (at: number): void => {
      for (const job of [...waiting.keys()]) endWaiting(job, at);
      for (const job of [...running.keys()]) end(job, at, undefined, { unfinished: true });
    },
  };
}
