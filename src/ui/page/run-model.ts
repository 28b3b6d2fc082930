import type { Failure } from '../../errors/failure.ts';
import type { RunEvent } from '../../events/event.ts';
import { stagesOf } from '../../history/run-stages.ts';
import type { Progress } from '../../stage/stage-kind.ts';
import { advance, initialState, type RunState } from '../../terminal/state.ts';
import { createMatrix, type Matrix, putJob } from './matrix.ts';

/** A point of a learning curve; what was not taken is not there. */
export type EpochPoint = NonNullable<Progress['epoch']>;

/** A job as the page shows it. */
export interface JobView {
  readonly job: string;
  readonly stage: string;
  /** `stopped`: its run ended while it ran or waited. */
  status: 'running' | 'waiting' | 'retrying' | 'done' | 'cached' | 'failed' | 'stopped';
  fingerprint: string;
  attempt: number;
  worker?: number;
  startedAt?: number;
  seconds?: number;
  score?: number;
  finding?: string;
  memory?: number;
  /** From 0 to 1, while it runs. */
  fraction?: number;
  note?: string;
  failure?: Failure;
  /** The learning curve while it runs, epoch by epoch. */
  readonly points: EpochPoint[];
}

/** How busy the machine was at some time. */
export interface MachineSample {
  readonly at: number;
  readonly cpus: number;
  readonly memory: number;
  readonly gpus: readonly { readonly id: string; readonly use?: number; readonly memory?: number }[];
}

/** A run as the page knows it: what the terminal shows of it too (`state`), and its jobs one by one. */
export interface RunModel {
  state: RunState;
  readonly jobs: Map<string, JobView>;
  /** By stage instance. */
  readonly matrices: Map<string, Matrix>;
  machine: MachineSample[];
  /** Why stages ended as they did: outputs by slot. */
  readonly outputs: Map<string, Readonly<Record<string, string>>>;
  /** `ended`: nothing comes any more. */
  over: boolean;
}

/** More looks at the machine are thinned out. */
const mostSamples = 720;

/** A run before anything of it is known. */
export function emptyRun(): RunModel {
  return {
    state: initialState([]),
    jobs: new Map(),
    matrices: new Map(),
    machine: [],
    outputs: new Map(),
    over: false,
  };
}

/** Takes one event into the model. */
export function take(model: RunModel, event: RunEvent): void {
  if (event.type === 'run-started') model.state = initialState(stagesOf([event]));
  // A run of an older version did not tell its stages at its start.
  else if ('stage' in event && event.stage !== undefined && !model.state.stages.has(event.stage))
    for (const [id, stage] of initialState([event.stage]).stages) model.state.stages.set(id, stage);
  advance(model.state, event);
  switch (event.type) {
    case 'job-started': {
      const { fingerprint, attempt, worker, at } = event;
      const job = change(model, event, { status: 'running', fingerprint, attempt, worker, startedAt: at, fraction: 0 });
      job.points.length = 0;
      return;
    }
    case 'job-progress':
      progress(model, event);
      return;
    case 'job-waiting':
      change(model, event, { status: 'waiting' });
      return;
    case 'job-retried':
      change(model, event, { status: 'retrying', attempt: event.attempt, failure: event.failure });
      return;
    case 'job-finished': {
      const { seconds, score, finding, memory, fingerprint } = event;
      const known = defined({ score, finding, memory });
      change(model, event, { status: event.cached ? 'cached' : 'done', fingerprint, seconds, ...known });
      return;
    }
    case 'job-failed':
      change(model, event, { status: 'failed', failure: event.failure });
      return;
    case 'stage-finished':
      model.outputs.set(event.stage, event.outputs);
      return;
    case 'machine':
      model.machine.push(event);
      if (model.machine.length > mostSamples) model.machine = model.machine.filter((_, index) => index % 2 === 1);
      return;
    case 'run-finished':
      end(model);
      return;
    default:
      return;
  }
}

/** Nothing comes any more: what ran has stopped. */
export function end(model: RunModel): void {
  model.over = true;
  for (const job of model.jobs.values())
    if (job.status === 'running' || job.status === 'waiting' || job.status === 'retrying') {
      job.status = 'stopped';
      put(model, job);
    }
}

/** Takes the jobs of a stage that was found in the store as a whole: the run does not tell of them. */
export function takeParts(
  model: RunModel,
  stage: string,
  parts: readonly (Pick<JobView, 'job' | 'fingerprint'> & Partial<Pick<JobView, 'seconds' | 'score' | 'finding'>>)[],
): void {
  for (const part of parts)
    if (!model.jobs.has(part.job)) change(model, { ...part, stage }, { ...part, status: 'cached' });
}

type JobName = Pick<JobView, 'job' | 'stage'>;

function change(model: RunModel, { job: name, stage }: JobName, changes: Partial<JobView>): JobView {
  let job = model.jobs.get(name);
  if (job === undefined) {
    job = { job: name, stage, status: 'waiting', fingerprint: '', attempt: 1, points: [] };
    model.jobs.set(name, job);
  }
  Object.assign(job, changes);
  put(model, job);
  return job;
}

function put(model: RunModel, job: JobView): void {
  let matrix = model.matrices.get(job.stage);
  if (matrix === undefined) {
    matrix = createMatrix();
    model.matrices.set(job.stage, matrix);
  }
  putJob(matrix, job);
}

function progress(model: RunModel, event: Extract<RunEvent, { type: 'job-progress' }>): void {
  const { fraction, note, score, epoch } = event.progress;
  const job = change(model, event, defined({ fraction, note, score }));
  if (epoch !== undefined && epoch.epoch > (job.points.at(-1)?.epoch ?? 0)) job.points.push(epoch);
}

/** Without what is undefined, so that it does not take the place of what is known. */
function defined<Values extends object>(values: Values): { [Name in keyof Values]: Exclude<Values[Name], undefined> } {
  const known = Object.entries(values).filter(([, value]) => value !== undefined);
  return Object.fromEntries(known) as { [Name in keyof Values]: Exclude<Values[Name], undefined> };
}
