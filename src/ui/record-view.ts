import type { StoredOutput } from '../store/record.ts';
import type { Store } from '../store/store.ts';
import type { JsonObject } from '../util/json.ts';

/** What is known of a finished job, for people. The declared environment is left out: it may hold secrets. */
export interface RecordView {
  readonly fingerprint: string;
  readonly job: string;
  readonly kind: string;
  readonly params: JsonObject;
  readonly seed: number;
  readonly outputs: readonly ({ readonly name: string; readonly isThere: boolean } & StoredOutput)[];
  readonly seconds: number;
  readonly memory?: number;
  readonly gpuMemory?: number;
  readonly score?: number;
  readonly finding?: string;
  readonly finished: string;
  readonly run: string;
  readonly host: { readonly name: string; readonly cpu: string; readonly node: string };
}

/** A job's record as the page shows it; undefined where there is none. */
export function recordView(store: Store, fingerprint: string): RecordView | undefined {
  const record = store.readRecord(fingerprint);
  if (record === undefined) return undefined;
  const { job, tree, seconds, memory, gpuMemory, score, finding, finished, run, host } = record;
  return {
    fingerprint,
    job,
    kind: tree.kind,
    params: tree.params,
    seed: tree.seed,
    outputs: Object.entries(record.outputs).map(([name, output]) => ({
      name,
      ...output,
      isThere: record.evicted !== true && store.isWhole(output),
    })),
    seconds,
    ...(memory === undefined ? {} : { memory }),
    ...(gpuMemory === undefined ? {} : { gpuMemory }),
    ...(score === undefined ? {} : { score }),
    ...(finding === undefined ? {} : { finding }),
    finished,
    run,
    host,
  };
}

/** A job that a stage has collected. */
export interface PartView {
  /** As it is called in a run: the stage's name, a space and the part's. */
  readonly job: string;
  readonly fingerprint: string;
  readonly seconds?: number;
  readonly score?: number;
  readonly finding?: string;
}

/** The jobs that a finished stage fanned out into: a run that found the stage in the store does not tell of them. */
export function partViews(store: Store, stage: string, fingerprint: string): PartView[] {
  const parts = Object.entries(store.readRecord(fingerprint)?.parts?.of ?? {});
  return parts.map(([name, part]) => {
    const record = store.readRecord(part);
    return {
      job: `${stage} ${name}`,
      fingerprint: part,
      ...(record === undefined ? {} : { seconds: record.seconds }),
      ...(record?.score === undefined ? {} : { score: record.score }),
      ...(record?.finding === undefined ? {} : { finding: record.finding }),
    };
  });
}
