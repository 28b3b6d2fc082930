import type { Artifact } from '../artifact/reader.ts';
import { type Aligned, type Alignment, alignByContent, alignByKey, alignByPosition, uniqueKeys } from './align.ts';
import {
  areComparable,
  type ColumnDiff,
  type ColumnValues,
  columnValues,
  diffColumn,
  exact,
  rowDifference,
  statisticsOf,
  type Tolerance,
  typeName,
} from './column-diff.ts';

/** How two tables differ, whole: every row and every value was compared. */
export interface TableDiff {
  readonly rowsBefore: number;
  readonly rowsAfter: number;
  /** How rows were paired; `keys` names the columns. */
  readonly alignment: Alignment;
  readonly keys: readonly string[];
  readonly added: number;
  readonly removed: number;
  /** Paired rows with at least one value that is another one. */
  readonly changed: number;
  readonly moved: number;
  readonly columnsAdded: readonly { readonly name: string; readonly type: string }[];
  readonly columnsRemoved: readonly { readonly name: string; readonly type: string }[];
  /** Columns that both have and that differ in values or type. */
  readonly columns: readonly ColumnDiff[];
  /** What the files say of themselves and say otherwise: the scale of pixels, the names of classes. A side without it is undefined. */
  readonly metadata: readonly { readonly name: string; readonly before?: string; readonly after?: string }[];
  /** Some of the rows, by their key where there is one, else by their place. */
  readonly examples: {
    readonly added: readonly string[];
    readonly removed: readonly string[];
    readonly changed: readonly string[];
  };
}

/** What the typed comparisons go on with. */
export interface ComparedTables {
  readonly diff: TableDiff;
  readonly aligned: Aligned;
  /** Pairs that differ, by their place among the pairs. */
  readonly changedPairs: Uint8Array;
}

/** Columns that tell rows apart, by artifact type. */
const keysOfType: Readonly<Record<string, readonly string[]>> = {
  samples: ['id'],
  split: ['id'],
  predictions: ['id'],
  selection: ['params'],
  'cv-results': ['params'],
  weights: ['name'],
  history: ['epoch'],
  'fold-scores': ['epoch'],
  metrics: ['metric', 'average', 'class'],
  confusion: ['class'],
  timings: ['phase', 'samples'],
  calibration: ['low'],
  refits: ['refit'],
};

const mostExamples = 5;

/** Compares two artifacts value by value. */
export function diffTables(before: Artifact, after: Artifact, tolerance: Tolerance = exact): ComparedTables {
  const shared = before.columns.filter((column) => after.has(column));
  const columns = new Map(
    shared.map((name) => [name, [columnValues(before, name), columnValues(after, name)] as const]),
  );
  const { aligned, keys } = align(before, after, columns);
  const changedPairs = new Uint8Array(aligned.pairs.count);
  const diffs = [...columns].flatMap(([name, [one, other]]): ColumnDiff[] => {
    if (!areComparable(one.type, other.type)) {
      changedPairs.fill(1);
      return [{ name, type: typeName(one.type), typeAfter: typeName(other.type), changed: aligned.pairs.count }];
    }
    const diff = diffColumn(name, one, other, aligned.pairs, tolerance, (pair) => {
      changedPairs[pair] = 1;
    });
    if (diff.changed === 0 && diff.typeAfter === undefined) return [];
    const statistics = { before: statisticsOf(one, before.rows), after: statisticsOf(other, after.rows) };
    return [
      {
        ...diff,
        ...(statistics.before === undefined ? {} : { before: statistics.before }),
        ...(statistics.after === undefined ? {} : { after: statistics.after }),
      },
    ];
  });
  const described = (artifact: Artifact, other: Artifact) =>
    artifact.columns
      .filter((name) => !other.has(name))
      .map((name) => ({ name, type: typeName(artifact.columnType(name)) }));
  const label = (artifact: Artifact, row: number): string => labelOf(artifact, keys, row);
  const changedRows: number[] = [];
  for (let pair = 0; pair < changedPairs.length && changedRows.length < mostExamples; pair++)
    if (changedPairs[pair] === 1) changedRows.push(aligned.pairs.before[pair] as number);
  const diff: TableDiff = {
    rowsBefore: before.rows,
    rowsAfter: after.rows,
    alignment: aligned.by,
    keys,
    added: aligned.added.length,
    removed: aligned.removed.length,
    changed: changedPairs.reduce((sum, one) => sum + one, 0),
    moved: aligned.moved,
    columnsAdded: described(after, before),
    columnsRemoved: described(before, after),
    columns: diffs,
    metadata: metadataDiff(before, after),
    examples: {
      added: Array.from(aligned.added.subarray(0, mostExamples), (row) => label(after, row)),
      removed: Array.from(aligned.removed.subarray(0, mostExamples), (row) => label(before, row)),
      changed: changedRows.map((row) => label(before, row)),
    },
  };
  return { diff, aligned, changedPairs };
}

function metadataDiff(before: Artifact, after: Artifact): TableDiff['metadata'] {
  const names = [...new Set([...Object.keys(before.metadata), ...Object.keys(after.metadata)])].sort();
  return names.flatMap((name) => {
    const [one, other] = [before, after].map(({ metadata }) =>
      Object.hasOwn(metadata, name) ? metadata[name] : undefined,
    );
    if (one === other) return [];
    return [{ name, ...(one === undefined ? {} : { before: one }), ...(other === undefined ? {} : { after: other }) }];
  });
}

/** Whether all rows and columns are the same, and in the same order. */
export function haveSameRows(diff: TableDiff): boolean {
  const { added, removed, changed, moved, columnsAdded, columnsRemoved, columns } = diff;
  return added + removed + changed + moved + columnsAdded.length + columnsRemoved.length + columns.length === 0;
}

/** Whether a comparison found nothing at all. */
export function isSame(diff: TableDiff): boolean {
  return haveSameRows(diff) && diff.metadata.length === 0;
}

type Columns = ReadonlyMap<string, readonly [ColumnValues, ColumnValues]>;

/** Numbers and texts never are the same key: a column that became the other kind tells no rows apart. */
function isKey(column: readonly [ColumnValues, ColumnValues] | undefined): boolean {
  return column !== undefined && column[0].type.kind === column[1].type.kind;
}

function align(before: Artifact, after: Artifact, columns: Columns): { aligned: Aligned; keys: readonly string[] } {
  for (const keys of [keysOfType[before.type], ['id']]) {
    if (keys === undefined || !keys.every((key) => isKey(columns.get(key)))) continue;
    const of = (side: 0 | 1): ColumnValues[] =>
      keys.map((key) => (columns.get(key) as readonly ColumnValues[])[side] as ColumnValues);
    const one = uniqueKeys(of(0), before.rows);
    const other = one === undefined ? undefined : uniqueKeys(of(1), after.rows);
    if (one !== undefined && other !== undefined) return { aligned: alignByKey(one, other), keys };
  }
  const comparable = [...columns.values()].filter(([one, other]) => typeName(one.type) === typeName(other.type));
  // Nothing to tell rows by: their place is all that is left.
  if (comparable.length === 0 || comparable.length < columns.size)
    return { aligned: alignByPosition(before.rows, after.rows), keys: [] };
  const hashes = (side: 0 | 1, rows: number): Int32Array =>
    Int32Array.from({ length: rows }, (_, row) =>
      comparable.reduce((hash, pair) => Math.imul(hash ^ (pair[side] as ColumnValues).hash(row), 0x01000193), 17),
    );
  const same = (row: number, other: number): boolean =>
    comparable.every(([one, two]) =>
      one.type.kind === 'text' || one.type.kind === 'binary'
        ? one.text(row) === two.text(other)
        : rowDifference(one.numbers(row), two.numbers(other), exact).values === 0,
    );
  return { aligned: alignByContent(hashes(0, before.rows), hashes(1, after.rows), same), keys: [] };
}

function labelOf(artifact: Artifact, keys: readonly string[], row: number): string {
  if (keys.length === 0) return `row ${row + 1}`;
  return keys
    .map((key) => {
      const kind = artifact.columnType(key).kind;
      return kind === 'number' ? String(artifact.numbers(key)[row]) : String(artifact.texts(key)[row] ?? '');
    })
    .filter((text) => text !== '')
    .join(' ');
}
