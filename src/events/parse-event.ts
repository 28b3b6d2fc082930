import type { Failure } from '../errors/failure.ts';
import type { RunEvent } from './event.ts';

/** What an event must have to be understood, and what is taken where an older run did not write it yet. */
interface Form {
  readonly needed: Readonly<Record<string, 'string' | 'number' | 'object'>>;
  readonly otherwise: Readonly<Record<string, unknown>>;
}

const untold: Failure = { code: 'unknown', message: 'the journal does not tell why' };
const job = { stage: 'string', job: 'string' } as const;

const forms: Readonly<Record<RunEvent['type'], Form>> = {
  'run-started': {
    needed: { run: 'string', pipeline: 'string' },
    otherwise: { file: '', profile: 'default', params: {}, store: '', workers: 1, backend: 'native', pid: 0, host: '' },
  },
  devices: { needed: { cpus: 'number', memory: 'number' }, otherwise: { gpus: [] } },
  expected: {
    needed: { seconds: 'number', lowerBound: 'number', jobs: 'number' },
    otherwise: { work: 0, unknownJobs: 0 },
  },
  notice: { needed: { text: 'string' }, otherwise: { level: 'note' } },
  'set-up': { needed: { step: 'string' }, otherwise: {} },
  'stage-started': { needed: { stage: 'string' }, otherwise: { jobs: 1, cachedJobs: 0 } },
  'stage-grew': { needed: { stage: 'string', jobs: 'number', cachedJobs: 'number' }, otherwise: {} },
  'job-started': {
    needed: job,
    otherwise: { fingerprint: '', attempt: 1, worker: 0, waited: 0, cpus: 1, exclusive: false },
  },
  'job-progress': { needed: { ...job, progress: 'object' }, otherwise: {} },
  'job-log': { needed: job, otherwise: { lines: [] } },
  'job-waiting': { needed: job, otherwise: { run: '', pid: 0, host: '' } },
  'job-finished': { needed: job, otherwise: { fingerprint: '', seconds: 0, cached: false } },
  'job-retried': { needed: job, otherwise: { failure: untold, reason: 'failed', attempt: 2, wait: 0 } },
  'job-failed': { needed: job, otherwise: { failure: untold, log: '' } },
  'stage-finished': { needed: { stage: 'string', status: 'string' }, otherwise: { outputs: {} } },
  'worker-started': { needed: { worker: 'number' }, otherwise: { pid: 0, threads: 1 } },
  'worker-ended': { needed: { worker: 'number' }, otherwise: { reason: 'finished' } },
  machine: { needed: { cpus: 'number', memory: 'number' }, otherwise: { gpus: [] } },
  'run-finished': {
    needed: { status: 'string' },
    otherwise: { seconds: 0, jobsRun: 0, jobsCached: 0, secondsSaved: 0 },
  },
};

function isLike(value: unknown, example: unknown): boolean {
  if (value === null || typeof value !== typeof example) return false;
  return Array.isArray(value) === Array.isArray(example);
}

/**
 * A line of a journal as an event. Fields that an older run did not write, or wrote in another form, get a value that says
 * nothing. Undefined where it is no event: a line that a kill has cut off, a type of a newer version, a field missing that
 * nothing can stand for.
 */
export function parseEvent(line: string): RunEvent | undefined {
  if (line === '') return undefined;
  let read: unknown;
  try {
    read = JSON.parse(line);
  } catch {
    return undefined;
  }
  if (typeof read !== 'object' || read === null) return undefined;
  const event = read as Readonly<Record<string, unknown>>;
  const { type, at } = event;
  if (typeof type !== 'string' || typeof at !== 'number' || !Object.hasOwn(forms, type)) return undefined;
  const { needed, otherwise } = forms[type as RunEvent['type']];
  const whole = Object.entries(needed).every(([name, kind]) => event[name] !== null && typeof event[name] === kind);
  if (!whole) return undefined;
  const filled = Object.entries(otherwise).filter(([name, value]) => !isLike(event[name], value));
  return { ...event, ...Object.fromEntries(filled) } as RunEvent;
}
