import { type Failure, failure } from '../errors/failure.ts';
import type { Store } from '../store/store.ts';
import { err, ok, type Result } from '../util/result.ts';
import { suggestion } from '../util/suggest.ts';
import { findRun, type PastRun, readRun, runIds } from './runs.ts';

/** How many runs are looked through for the newest one that has a stage. */
const lookBack = 50;

/** Stage instances of a run. */
export interface FoundStages {
  readonly run: PastRun;
  readonly ids: readonly string[];
}

/**
 * Finds what `stage`, `stage[value]`, `stage[*]` or one of these with `@run` names: in that run, else in the newest one
 * that has it. A matrix stage without a bracket means all its instances. Errors: no such run, no such stage.
 */
export function findStages(store: Store, reference: string): Result<FoundStages, Failure> {
  const [, name = '', at] = /^([^@]*)(@.*)?$/.exec(reference) ?? [];
  if (at === undefined) return newestWith(store, name);
  const found = findRun(store.layout, at);
  if (!found.ok) return found;
  const run = readRun(store.layout, found.value);
  if (run === undefined) return err(failure('run-unreadable', `the run ${found.value} left nothing that can be read`));
  const ids = idsOf(run, name);
  if (ids.length > 0) return ok({ run, ids });
  const hint = suggestion(name, [...run.stages.keys()]);
  return err(failure('stage-unknown', `the run ${run.id} has no stage "${name}"`, { hint }));
}

function idsOf(run: PastRun, name: string): string[] {
  const stage = name.replace(/\[\*\]$/, '');
  return [...run.stages.keys()].filter(
    (id) => id === name || (!stage.includes('[') && (id === stage || id.startsWith(`${stage}[`))),
  );
}

function newestWith(store: Store, name: string): Result<FoundStages, Failure> {
  const known = new Set<string>();
  for (const id of runIds(store.layout).slice(0, lookBack)) {
    const run = readRun(store.layout, id);
    if (run === undefined) continue;
    const ids = idsOf(run, name);
    if (ids.length > 0) return ok({ run, ids });
    for (const stage of run.stages.keys()) known.add(stage);
  }
  if (known.size === 0) {
    const hint = 'pipe run FILE makes one; --store names another store';
    return err(failure('run-none', 'there is no run in this store yet', { hint }));
  }
  const hint = suggestion(name, [...known]);
  return err(failure('stage-unknown', `no run of this store has a stage "${name}"`, { hint }));
}
