import { failure } from '../errors/failure.ts';
import { listRuns } from '../history/run-list.ts';
import { findRun, type PastRun, readRun } from '../plan/runs.ts';
import type { Store } from '../store/store.ts';
import { err, ok, type Result } from '../util/result.ts';

/** A run that a table is about, with the short name that people see. */
export interface PickedRun {
  readonly run: PastRun;
  /** `@1`, or the name that it is pinned under. */
  readonly label: string;
}

/** The runs that are named; without names the newest ones, of one pipeline where that is given. Errors: no such run. */
export function pickRuns(
  store: Store,
  references: readonly string[],
  { limit, pipeline }: { readonly limit: number; readonly pipeline?: string },
): Result<PickedRun[]> {
  const listed = listRuns(store, references.length === 0 ? limit : Number.POSITIVE_INFINITY, pipeline);
  const labelOf = (id: string): string => {
    const known = listed.find((run) => run.id === id);
    return known?.pins[0] ?? (known === undefined ? id.slice(-8) : `@${known.number}`);
  };
  const picked: PickedRun[] = [];
  const ids =
    references.length === 0 ? listed.map(({ id }) => ok(id)) : references.map((one) => findRun(store.layout, one));
  for (const id of ids) {
    if (!id.ok) return id;
    const run = readRun(store.layout, id.value);
    if (run !== undefined) picked.push({ run, label: labelOf(id.value) });
    else if (references.length > 0)
      return err(failure('run-unreadable', `the run ${id.value} left nothing that can be read`));
  }
  return ok(picked);
}
