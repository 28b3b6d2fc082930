import type { FingerprintTree } from '../fingerprint/fingerprint.ts';
import type { JobRecord } from '../store/record.ts';
import type { Store } from '../store/store.ts';
import { type Change, type Closures, changesBetween } from './changes.ts';
import { type PastRun, readRun, runIds } from './runs.ts';

/** How many runs are looked through for the last time of a stage: older ones are of no use to an explanation. */
const lookBack = 200;

/** A stage instance as a run before had it. */
export interface PastJob {
  readonly run: PastRun;
  readonly record: JobRecord;
}

/** What earlier runs of a pipeline on this store know. Runs are read when they are asked for, newest first, each once. */
export interface Past {
  /** The newest run of the pipeline that has a stage instance with its record, by preference of the same profile. */
  last(stage: string): PastJob | undefined;
}

/** Opens the past of a pipeline; `before`: only runs that are older than this one. */
export function openPast(store: Store, pipeline: string, profile: string, before?: string): Past {
  const ids = runIds(store.layout)
    .filter((id) => before === undefined || id < before)
    .slice(0, lookBack);
  const read: PastRun[] = [];
  const nth = (index: number): PastRun | undefined => {
    while (read.length <= index && ids.length > 0) {
      const run = readRun(store.layout, ids.shift() as string);
      if (run !== undefined && run.pipeline === pipeline) read.push(run);
    }
    return read[index];
  };
  const search = (stage: string, accept: (run: PastRun) => boolean): PastJob | undefined => {
    for (let index = 0; ; index++) {
      const run = nth(index);
      if (run === undefined) return undefined;
      const past = accept(run) ? run.stages.get(stage) : undefined;
      const record = past === undefined ? undefined : store.readRecord(past.fingerprint);
      if (record !== undefined) return { run, record };
    }
  };
  return { last: (stage) => search(stage, (run) => run.profile === profile) ?? search(stage, () => true) };
}

/** What differs between two fingerprints, with the code that each was taken of where the store still has it. */
export function explainChange(
  store: Store,
  before: FingerprintTree,
  after: FingerprintTree,
  afterCode?: string,
): Change[] {
  const closures = {
    before: parseClosure(store.readClosure(before.code)),
    after: parseClosure(afterCode ?? store.readClosure(after.code)),
  };
  return changesBetween(before, after, closures);
}

function parseClosure(text: string | undefined): Closures['before'] {
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text) as Closures['before'];
  } catch {
    return undefined;
  }
}
