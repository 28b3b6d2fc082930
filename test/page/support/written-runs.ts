import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { UntimedEvent } from '../../../src/events/event.ts';
import { openStore, type Store } from '../../../src/store/store.ts';
import { ulid } from '../../../src/util/ulid.ts';

/** A run whose journal the test writes: as long as its store is open, it goes on. */
export interface WrittenRun {
  readonly run: string;
  readonly store: Store;
  write(...events: readonly UntimedEvent[]): void;
  /** Its process is gone. */
  end(): void;
}

/** Begins a run in a store without running anything. */
export function writeRun(folder: string, started: number = Date.now()): WrittenRun {
  const run = ulid(started);
  const store = openStore(folder, () => {}, run);
  if (!store.ok) throw new Error(store.error.message);
  const journal = join(store.value.layout.run(run), 'journal.jsonl');
  mkdirSync(join(store.value.layout.run(run), 'logs'), { recursive: true });
  writeFileSync(journal, '');
  return {
    run,
    store: store.value,
    write: (...events) =>
      appendFileSync(journal, events.map((event) => `${JSON.stringify({ at: Date.now(), ...event })}\n`).join('')),
    end: () => store.value.close(),
  };
}

/** The first event of a run with these stages, each after the one before it. */
export function startOf(run: string, pipeline: string, stages: readonly string[]): UntimedEvent {
  return {
    type: 'run-started',
    run,
    pipeline,
    file: '/nowhere/pipeline.yaml',
    profile: 'default',
    params: {},
    store: '/nowhere',
    workers: 2,
    backend: 'cpu',
    pid: process.pid,
    host: 'somewhere',
    stages,
    after: Object.fromEntries(stages.map((stage, index) => [stage, stages.slice(Math.max(0, index - 1), index)])),
  };
}

/** The end of a run. */
export function endOf(status: 'done' | 'failed', jobsRun: number): UntimedEvent {
  return { type: 'run-finished', status, seconds: 12, jobsRun, jobsCached: 0, secondsSaved: 0 };
}

/** A job that ran. */
export function finishedJob(stage: string, job: string, score: number): UntimedEvent {
  return { type: 'job-finished', stage, job, fingerprint: '', seconds: 1, cached: false, score };
}
