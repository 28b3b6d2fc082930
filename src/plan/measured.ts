import { appendFileSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { replaceFile } from '../store/durable.ts';
import type { Store } from '../store/store.ts';
import { sha256 } from '../util/sha256.ts';
import type { Job, PlanScope } from './job.ts';

/** What a job took when it ran. */
export interface Measurement {
  readonly seconds: number;
  /** Most main memory, in bytes, without pages that are shared with other processes. */
  readonly memory?: number;
  /** Most memory of a GPU, in bytes. */
  readonly gpuMemory?: number;
}

/** What is to be expected of a job, by those like it that ran. */
export interface Expectation extends Measurement {
  /** Its own class was measured, and not only other jobs of its stage. */
  readonly exact: boolean;
}

/** What earlier jobs took: of the same class, or of the same stage. A memory aid, kept in `memo/measured.jsonl` a line a job. */
export interface Measurements {
  expect(job: Job): Expectation | undefined;
  note(job: Job, measurement: Measurement): void;
}

interface Line extends Measurement {
  readonly class: string;
  readonly stage: string;
  /** Bytes of its inputs: time grows with them. */
  readonly bytes: number;
}

/** Bytes of the file above which old lines are left out when it is opened. */
const longestFile = 1 << 20;

/** Opens what a store knows of earlier jobs; the file is read when the first job is asked for. */
export function openMeasurements(scope: Pick<PlanScope, 'store' | 'compute' | 'pipeline'>): Measurements {
  const { store, compute, pipeline } = scope;
  const file = join(store.layout.memo, 'measured.jsonl');
  let known: Known | undefined;
  const all = (): Known => {
    known ??= read(file, store);
    return known;
  };
  // Asked again each time that there is room: what describes a job does not change.
  const described = new WeakMap<Job, Pick<Line, 'class' | 'stage' | 'bytes'>>();
  const describe = (job: Job): Pick<Line, 'class' | 'stage' | 'bytes'> => {
    const before = described.get(job);
    if (before !== undefined) return before;
    const made = {
      class: classOf(job, compute),
      stage: `${pipeline.name} ${job.stage} ${job.kind.kind}`,
      bytes: inputBytes(store, job),
    };
    described.set(job, made);
    return made;
  };
  return {
    expect: (job) => {
      const { class: name, stage, bytes } = describe(job);
      const exact = all().classes.get(name);
      if (exact !== undefined) return { ...scaled(exact, bytes), exact: true };
      const like = all().stages.get(stage);
      return like === undefined ? undefined : { ...scaled(like.typical(), bytes), exact: false };
    },
    note: (job, measurement) => {
      const line: Line = { ...describe(job), ...measurement };
      take(all(), line);
      try {
        appendFileSync(file, `${JSON.stringify(line)}\n`);
      } catch {
        // A full disk ends the run where it matters.
      }
    },
  };
}

interface Known {
  readonly classes: Map<string, Line>;
  readonly stages: Map<string, StageLines>;
}

/** What is known of the jobs of one stage: their mean time and inputs, and the most memory. Kept as sums: a search may have thousands. */
class StageLines {
  readonly #lines = new Map<string, Line>();
  #seconds = 0;
  #bytes = 0;
  #most: Pick<Measurement, 'memory' | 'gpuMemory'> = {};

  set(line: Line): void {
    const before = this.#lines.get(line.class);
    this.#seconds += line.seconds - (before?.seconds ?? 0);
    this.#bytes += line.bytes - (before?.bytes ?? 0);
    this.#most = largest(this.#most, line);
    this.#lines.set(line.class, line);
  }

  typical(): Measurement & { readonly bytes: number } {
    const count = this.#lines.size;
    return { seconds: this.#seconds / count, bytes: this.#bytes / count, ...this.#most };
  }
}

/** Memory that was needed once may be needed again: the larger of two measurements. */
function largest(one: Partial<Measurement>, other: Partial<Measurement>): Pick<Measurement, 'memory' | 'gpuMemory'> {
  const most = (name: 'memory' | 'gpuMemory'): Partial<Measurement> => {
    const values = [one[name], other[name]].filter((value) => value !== undefined);
    return values.length === 0 ? {} : { [name]: Math.max(...values) };
  };
  return { ...most('memory'), ...most('gpuMemory') };
}

function take(known: Known, line: Line): void {
  const before = known.classes.get(line.class);
  const merged = { ...line, ...largest(line, before ?? {}) };
  known.classes.set(line.class, merged);
  const stage = known.stages.get(line.stage) ?? new StageLines();
  stage.set(merged);
  known.stages.set(line.stage, stage);
}

function read(file: string, store: Store): Known {
  const known: Known = { classes: new Map(), stages: new Map() };
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch {
    return known;
  }
  for (const one of text.split('\n')) {
    const line = parseLine(one);
    if (line !== undefined) take(known, line);
  }
  if (text.length > longestFile) {
    const kept = [...known.classes.values()].map((line) => `${JSON.stringify(line)}\n`);
    try {
      replaceFile(file, kept.slice(-2000).join(''), store.leases.temporaryName('file'));
    } catch {
      // It is shortened another time.
    }
  }
  return known;
}

/** One line; undefined where it is none: the last one of a run that was killed may be cut off. */
function parseLine(text: string): Line | undefined {
  try {
    const line = JSON.parse(text) as Partial<Line>;
    const sound =
      typeof line.class === 'string' &&
      typeof line.stage === 'string' &&
      Number.isFinite(line.seconds) &&
      Number.isFinite(line.bytes);
    return sound ? (line as Line) : undefined;
  } catch {
    return undefined;
  }
}

/** Jobs of one class take the same: of a search the folds of one combination, else what has the same parameters. */
function classOf({ kind, params, likeness, resources }: Job, compute: PlanScope['compute']): string {
  const where = kind.computes === true ? compute(resources.cpus) : null;
  return sha256(JSON.stringify([kind.kind, likeness ?? params, where])).slice(0, 32);
}

function inputBytes(store: Store, job: Job): number {
  const files = [
    ...Object.values(job.inputs).flatMap((list) => list.map(({ digest }) => store.layout.blob(digest))),
    ...Object.values(job.external.files),
  ];
  return files.reduce((sum, path) => {
    try {
      return sum + statSync(path).size;
    } catch {
      return sum;
    }
  }, 0);
}

function scaled(line: Measurement & { readonly bytes: number }, bytes: number): Measurement {
  const factor = line.bytes > 0 && bytes > 0 ? bytes / line.bytes : 1;
  return {
    seconds: line.seconds * factor,
    ...(line.memory === undefined ? {} : { memory: line.memory }),
    ...(line.gpuMemory === undefined ? {} : { gpuMemory: line.gpuMemory }),
  };
}
