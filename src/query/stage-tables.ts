import { type PastRun, readRun, runIds } from '../plan/runs.ts';
import type { StoredOutput } from '../store/record.ts';
import type { Store } from '../store/store.ts';

/** One artifact among the rows of a table. */
export interface TablePart {
  /** Of the run: its name. */
  readonly run: string;
  /** Stage instance: `search[cnn]`. */
  readonly stage: string;
  /** Of a job that a stage fanned out into: its name, and the fold that it scores. */
  readonly job?: string;
  readonly fold?: number;
  readonly output: StoredOutput;
}

/** An output of a stage over all runs and instances. */
export interface StageTable {
  readonly name: string;
  readonly parts: readonly TablePart[];
}

/**
 * The tables of a store: for each stage of its runs `<stage>` is its first output and `<stage>_<output>` each of them; jobs that a
 * stage fans out into are `<stage>_<kind>_<output>`. Dashes become underscores.
 */
export function stageTables(store: Store, runs: readonly PastRun[]): StageTable[] {
  const tables = new Map<string, TablePart[]>();
  const add = (name: string, part: TablePart): void => {
    const parts = tables.get(name);
    if (parts === undefined) tables.set(name, [part]);
    else parts.push(part);
  };
  for (const run of runs)
    for (const [stage, { fingerprint }] of run.stages) {
      const record = store.readRecord(fingerprint);
      if (record === undefined) continue;
      const base = tableName(stage.split('[')[0] ?? stage);
      Object.entries(record.outputs).forEach(([slot, output], index) => {
        const part = { run: run.id, stage, output };
        if (index === 0) add(base, part);
        add(tableName(`${base}_${slot}`), part);
      });
      for (const [job, of] of Object.entries(record.parts?.of ?? {})) {
        const made = store.readRecord(of);
        if (made === undefined) continue;
        const { fold } = made.tree.params;
        for (const [slot, output] of Object.entries(made.outputs))
          add(tableName(`${base}_${made.tree.kind}_${slot}`), {
            run: run.id,
            stage,
            job,
            ...(typeof fold === 'number' ? { fold } : {}),
            output,
          });
      }
    }
  return [...tables].map(([name, parts]) => ({ name, parts })).sort((one, other) => (one.name < other.name ? -1 : 1));
}

/** The newest runs of a store that left something. */
export function newestRuns(store: Store, most: number): PastRun[] {
  const runs: PastRun[] = [];
  for (const id of runIds(store.layout)) {
    if (runs.length >= most) break;
    const run = readRun(store.layout, id);
    if (run !== undefined) runs.push(run);
  }
  return runs;
}

function tableName(name: string): string {
  return name.replaceAll(/[^A-Za-z0-9_]/g, '_').toLowerCase();
}
