import type { TableData } from '../artifact/column.ts';

/** Rows and right predictions of each group (a writer), by its number. */
export function accuracyByGroup(
  groups: ArrayLike<number>,
  labels: Int32Array,
  predicted: Int32Array,
): { readonly group: number; readonly rows: number; readonly right: number }[] {
  const found = new Map<number, { rows: number; right: number }>();
  labels.forEach((label, row) => {
    const group = groups[row] as number;
    const counts = found.get(group) ?? { rows: 0, right: 0 };
    counts.rows++;
    if (predicted[row] === label) counts.right++;
    found.set(group, counts);
  });
  return [...found].sort(([one], [other]) => one - other).map(([group, counts]) => ({ group, ...counts }));
}

/** One row a writer: writer (int32), support (int32), accuracy (float64). */
export function writersTable(
  groups: ReturnType<typeof accuracyByGroup>,
  metadata: Readonly<Record<string, string>>,
): TableData {
  return {
    metadata,
    columns: [
      { name: 'writer', kind: 'number', values: Int32Array.from(groups, ({ group }) => group) },
      { name: 'support', kind: 'number', values: Int32Array.from(groups, ({ rows }) => rows) },
      { name: 'accuracy', kind: 'number', values: Float64Array.from(groups, ({ rows, right }) => right / rows) },
    ],
  };
}
