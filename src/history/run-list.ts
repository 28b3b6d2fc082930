import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { join } from 'node:path';
import type { RunEvent } from '../events/event.ts';
import { journalFile } from '../events/journal.ts';
import { parseEvent } from '../events/parse-event.ts';
import { runIds } from '../plan/runs.ts';
import { listPins } from '../store/pins.ts';
import type { Store } from '../store/store.ts';
import { ulidTime } from '../util/ulid.ts';

/** A run as a list shows it. */
export interface ListedRun {
  /** 1 is the newest: `@1`. */
  readonly number: number;
  readonly id: string;
  readonly pins: readonly string[];
  /** Milliseconds since the epoch. */
  readonly started: number;
  readonly pipeline: string;
  readonly profile: string;
  readonly status: 'done' | 'failed' | 'interrupted' | 'killed' | 'running';
  /** The process of a run that goes on. */
  readonly pid?: number;
  readonly host?: string;
  /** Undefined where the run has no end. */
  readonly seconds?: number;
  readonly jobsRun?: number;
  readonly jobsCached?: number;
  readonly secondsSaved?: number;
}

/** Bytes at the beginning and at the end of a journal, in which its first and its last event stand; and where the first is longer. */
const endBytes = 16 * 1024;
const longBytes = 4 * 1024 * 1024;

/** What was found out about runs that have ended: it does not change any more. */
export type KnownRuns = Map<string, Omit<ListedRun, 'number' | 'id' | 'pins'>>;

/**
 * The newest runs of a store, of one pipeline or of all. Of each only the two ends of its journal are read; nothing of those in
 * `known`, which takes what has ended, for who asks again and again.
 */
export function listRuns(store: Store, most: number, pipeline?: string, known: KnownRuns = new Map()): ListedRun[] {
  const pins = new Map<string, string[]>();
  for (const { name, run } of listPins(store.layout)) pins.set(run, [...(pins.get(run) ?? []), name]);
  const listed: ListedRun[] = [];
  for (const [index, id] of runIds(store.layout).entries()) {
    if (listed.length >= most) break;
    const run = known.get(id) ?? describeRun(store, id);
    if (run === undefined) continue;
    if (run.status !== 'running') known.set(id, run);
    if (pipeline !== undefined && run.pipeline !== pipeline) continue;
    listed.push({ number: index + 1, id, pins: pins.get(id) ?? [], ...run });
  }
  return listed;
}

function describeRun(store: Store, id: string): Omit<ListedRun, 'number' | 'id' | 'pins'> | undefined {
  const [head, tail] = endsOf(join(store.layout.run(id), journalFile));
  const started = eventsIn(head).find((event) => event.type === 'run-started');
  if (started === undefined) return undefined;
  const finished = eventsIn(tail).findLast((event) => event.type === 'run-finished');
  const { pipeline, profile, pid, host } = started;
  const common = { started: ulidTime(id), pipeline, profile };
  if (finished === undefined)
    return store.leases.isLiving(id) ? { ...common, status: 'running', pid, host } : { ...common, status: 'killed' };
  const { status, seconds, jobsRun, jobsCached, secondsSaved } = finished;
  return { ...common, status, seconds, jobsRun, jobsCached, secondsSaved };
}

/** The first and the last bytes of a file as texts; empty where it cannot be read. */
function endsOf(path: string): [string, string] {
  let file: number;
  try {
    file = openSync(path, 'r');
  } catch {
    return ['', ''];
  }
  try {
    const { size } = fstatSync(file);
    const read = (offset: number, most: number): string => {
      const buffer = Buffer.alloc(Math.min(size, most));
      return buffer.toString('utf8', 0, readSync(file, buffer, 0, buffer.length, offset));
    };
    const head = read(0, endBytes);
    // The first event has the parameters of the pipeline, which may be many.
    return [head.includes('\n') ? head : read(0, longBytes), read(Math.max(0, size - endBytes), endBytes)];
  } finally {
    closeSync(file);
  }
}

/** The whole events in a piece of a journal. */
function eventsIn(text: string): RunEvent[] {
  return text.split('\n').flatMap((line) => parseEvent(line) ?? []);
}
