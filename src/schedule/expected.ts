import { Admission, type Ticket } from './admission.ts';
import type { Capacity, Demand } from './demand.ts';

/** A job as far as planning knows it: what it wants and how long it takes. */
export interface ExpectedJob {
  readonly demand: Demand;
  readonly seconds: number;
  readonly round: number;
  readonly urgent: boolean;
}

/** A stage instance that runs: its parts side by side, then the job that collects them, or one job alone. */
export interface ExpectedStage {
  readonly id: string;
  /** Stages that must be done before. Those that are not among the expected ones are done already. */
  readonly after: readonly string[];
  readonly parts: readonly ExpectedJob[];
  readonly own: ExpectedJob;
}

/** So that of two stages whose times nobody knows the one with more behind it goes first. */
const leastSeconds = 0.001;

/** Seconds that a stage takes at least where it has the machine for itself. */
function wallSeconds({ parts, own }: ExpectedStage, { cpus }: Capacity): number {
  const longest = parts.reduce((most, part) => Math.max(most, part.seconds), 0);
  const work = parts.reduce((sum, part) => sum + part.seconds * Math.min(cpus, part.demand.cpus), 0);
  return Math.max(Math.max(longest, work / cpus) + own.seconds, leastSeconds);
}

/**
 * Seconds from the start of each stage to the end of the run along its longest path (critical path), by stage:
 *
 *     search[lstm] 90 ──▶ fit[lstm] 20 ──▶ report 1      search[lstm]: 111
 *     search[mlp]  30 ──▶ fit[mlp]   5 ──▶ report 1      search[mlp]:   36
 */
export function longestPaths(stages: readonly ExpectedStage[], capacity: Capacity): Map<string, number> {
  const followers = new Map<string, string[]>();
  for (const { id, after } of stages)
    for (const before of after) followers.set(before, [...(followers.get(before) ?? []), id]);
  const paths = new Map<string, number>();
  // From the end: stages come in an order in which each is after what it needs.
  for (const stage of [...stages].reverse()) {
    const behind = (followers.get(stage.id) ?? []).reduce((most, id) => Math.max(most, paths.get(id) ?? 0), 0);
    paths.set(stage.id, wallSeconds(stage, capacity) + behind);
  }
  return paths;
}

/** Seconds that no schedule on this machine can go below: the longest path, and the work by what there is of each resource. */
export function lowerBound(stages: readonly ExpectedStage[], capacity: Capacity): number {
  const jobs = stages.flatMap(({ parts, own }) => [...parts, own]);
  const alone = sum(jobs, (job) => (job.demand.exclusive ? job.seconds : 0));
  const beside = jobs.filter((job) => !job.demand.exclusive);
  const bounds = [
    sum(beside, (job) => (job.seconds * Math.min(capacity.cpus, job.demand.cpus)) / capacity.cpus),
    sum(beside, (job) => (job.seconds * Math.min(capacity.memory, job.demand.memory)) / capacity.memory),
    capacity.gpus.length === 0
      ? 0
      : sum(beside, (job) => (job.seconds * (job.demand.gpu?.share ?? 0)) / capacity.gpus.length),
  ];
  const path = Math.max(0, ...longestPaths(stages.map(shortest), capacity).values());
  return Math.max(path, alone + Math.max(...bounds));
}

/** The stage as it is on a machine with endless room: its longest part, then its own job. */
function shortest(stage: ExpectedStage): ExpectedStage {
  const longest = stage.parts.reduce<ExpectedJob | undefined>(
    (most, part) => (most === undefined || part.seconds > most.seconds ? part : most),
    undefined,
  );
  return { ...stage, parts: longest === undefined ? [] : [{ ...longest, demand: { ...longest.demand, cpus: 1 } }] };
}

function sum<Item>(items: readonly Item[], of: (item: Item) => number): number {
  return items.reduce((total, item) => total + of(item), 0);
}

interface Running {
  readonly ticket: Ticket;
  readonly stage: ExpectedStage;
  readonly isPart: boolean;
  readonly ends: number;
}

/** Simulates a run: the same order and the same admission as the scheduler's, with the expected seconds. Returns the seconds until all is done. */
export function makespan(stages: readonly ExpectedStage[], capacity: Capacity): number {
  const paths = longestPaths(stages, capacity);
  const admission = new Admission(capacity);
  const jobs = new Map<
    Ticket,
    { readonly stage: ExpectedStage; readonly job: ExpectedJob; readonly isPart: boolean }
  >();
  const missing = new Map<string, number>();
  const followers = new Map<string, ExpectedStage[]>();
  const partsLeft = new Map<string, number>();
  const ids = new Set(stages.map(({ id }) => id));
  const queue = (stage: ExpectedStage, job: ExpectedJob, isPart: boolean): void => {
    const { round, seconds, urgent, demand } = job;
    const ticket = { demand: () => demand, order: { urgent, path: paths.get(stage.id) ?? 0, round, seconds } };
    jobs.set(ticket, { stage, job, isPart });
    admission.add(ticket);
  };
  const start = (stage: ExpectedStage): void => {
    partsLeft.set(stage.id, stage.parts.length);
    for (const part of stage.parts) queue(stage, part, true);
    if (stage.parts.length === 0) queue(stage, stage.own, false);
  };
  for (const stage of stages) {
    const before = stage.after.filter((id) => ids.has(id));
    missing.set(stage.id, before.length);
    for (const id of before) followers.set(id, [...(followers.get(id) ?? []), stage]);
  }
  for (const stage of stages) if (missing.get(stage.id) === 0) start(stage);
  const running = createRunningList();
  let now = 0;
  for (;;) {
    for (const { ticket } of admission.admit()) {
      const { stage, job, isPart } = jobs.get(ticket) as { stage: ExpectedStage; job: ExpectedJob; isPart: boolean };
      running.push({ ticket, stage, isPart, ends: now + job.seconds });
    }
    const ended = running.pop();
    if (ended === undefined) return now;
    now = ended.ends;
    admission.release(ended.ticket);
    const { stage, isPart } = ended;
    if (isPart) {
      const left = (partsLeft.get(stage.id) ?? 0) - 1;
      partsLeft.set(stage.id, left);
      if (left === 0) queue(stage, stage.own, false);
      continue;
    }
    for (const follower of followers.get(stage.id) ?? []) {
      const left = (missing.get(follower.id) ?? 0) - 1;
      missing.set(follower.id, left);
      if (left === 0) start(follower);
    }
  }
}

/** Running jobs by when they end. There are no more than the machine has slots, so a list that is searched will do. */
function createRunningList(): { push(job: Running): void; pop(): Running | undefined } {
  const running: Running[] = [];
  return {
    push: (job) => void running.push(job),
    pop: () => {
      let first = 0;
      for (let index = 1; index < running.length; index++)
        if ((running[index] as Running).ends < (running[first] as Running).ends) first = index;
      return running.splice(first, 1)[0];
    },
  };
}
