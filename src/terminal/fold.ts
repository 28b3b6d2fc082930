import { plural } from './format.ts';
import type { StageStatus } from './state.ts';
import type { TreeRow } from './tree.ts';

/** Rows that there is room for, and what is told instead of the others: above them and below them. */
export interface Folded {
  readonly above: readonly string[];
  readonly rows: readonly TreeRow[];
  readonly below: readonly string[];
}

const finished: ReadonlySet<StageStatus> = new Set(['done', 'cached']);
const idle: ReadonlySet<StageStatus> = new Set(['waiting', 'skipped']);

/**
 * As many rows as there is room for: finished stages are counted instead of shown first, then those that wait (or will not
 * run); those that run or failed stay, the first of them where there is no room for all.
 */
export function foldRows(rows: readonly TreeRow[], room: number): Folded {
  if (rows.length <= room) return { above: [], rows, below: [] };
  const done = fold(rows, finished);
  const above = done.count > 0 ? [`✔ ${plural(done.count, 'stage')} done`] : [];
  if (above.length + done.rows.length <= room) return { above, rows: done.rows, below: [] };
  const waiting = fold(done.rows, idle);
  const below = waiting.count > 0 ? [`· ${plural(waiting.count, 'stage')} ${idleWord(done.rows)}`] : [];
  const left = room - above.length - below.length;
  if (waiting.rows.length <= left) return { above, rows: waiting.rows, below };
  return cut(waiting.rows, above, below, room);
}

function fold(
  rows: readonly TreeRow[],
  statuses: ReadonlySet<StageStatus>,
): { readonly rows: readonly TreeRow[]; readonly count: number } {
  const kept = rows.filter(({ status, stages }) => stages === 0 || !statuses.has(status));
  // The row of a matrix stage goes with the last of its instances.
  const alive = new Set(kept.filter(({ stages }) => stages > 0).map(({ group }) => group));
  const count = rows.reduce((sum, row) => sum + (statuses.has(row.status) ? row.stages : 0), 0);
  return { rows: kept.filter(({ stages, group }) => stages > 0 || alive.has(group)), count };
}

function idleWord(rows: readonly TreeRow[]): string {
  const waits = rows.some(({ status, stages }) => status === 'waiting' && stages > 0);
  const skipped = rows.some(({ status }) => status === 'skipped');
  return waits && skipped ? 'waiting or not run' : waits ? 'waiting' : 'not run';
}

/** Not even what runs has room: rows of matrix stages go, then what was counted, then the last that run. */
function cut(rows: readonly TreeRow[], above: readonly string[], below: readonly string[], room: number): Folded {
  const stages = rows.filter((row) => row.stages > 0);
  const flat = stages.map(
    (row): TreeRow => (row.depth === 0 ? row : { ...row, depth: 0, name: `${row.group}[${row.name}]` }),
  );
  const failedFirst = [
    ...flat.filter(({ status }) => status === 'failed'),
    ...flat.filter(({ status }) => status !== 'failed'),
  ];
  const told = room >= 5 ? above.length + below.length : 0;
  const [over, under] = told > 0 ? [above, below] : [[], []];
  if (flat.length + told <= room) return { above: over, rows: flat, below: under };
  const shown = Math.max(0, room - told - 1);
  const more = `… ${plural(flat.length - shown, 'stage')} more`;
  return { above: over, rows: failedFirst.slice(0, shown), below: room > 0 ? [more, ...under] : [] };
}
