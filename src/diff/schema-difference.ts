import { columnPairs, comparable, type TableView } from './table-view.ts';

/** A column as a schema names it. */
export interface NamedType {
  readonly name: string;
  readonly type: string;
}

/** A text that another text became; a side that is not there is null. */
export interface ChangedText {
  readonly name: string;
  readonly a: string | null;
  readonly b: string | null;
}

/** How two schemas differ. */
export interface SchemaDifference {
  readonly added: readonly NamedType[];
  readonly removed: readonly NamedType[];
  /** Columns of both that have another type. `compared`: their values can be compared all the same. */
  readonly changed: readonly (ChangedText & { readonly compared: boolean })[];
  /** Whether the columns of both stand in another order. */
  readonly reordered: boolean;
  /** Entries of the schema's metadata that differ. */
  readonly metadata: readonly ChangedText[];
}

/** Compares two schemas by the names of their columns. */
export function schemaDifference(a: TableView, b: TableView): SchemaDifference {
  const pairs = columnPairs(a, b);
  const names = new Set(pairs.map(({ name }) => name));
  const alone = (side: TableView): NamedType[] =>
    side.columns.filter(({ name }) => !names.has(name)).map(({ name, type }) => ({ name, type }));
  const inB = b.columns.filter(({ name }) => names.has(name)).map(({ name }) => name);
  return {
    added: alone(b),
    removed: alone(a),
    changed: pairs
      .filter((pair) => pair.a.type !== pair.b.type)
      .map((pair) => ({ name: pair.name, a: pair.a.type, b: pair.b.type, compared: comparable(pair) })),
    reordered: pairs.some(({ name }, index) => name !== inB[index]),
    metadata: changedTexts(a.metadata, b.metadata),
  };
}

function changedTexts(a: Readonly<Record<string, string>>, b: Readonly<Record<string, string>>): ChangedText[] {
  const of = (map: Readonly<Record<string, string>>, name: string): string | null =>
    Object.hasOwn(map, name) ? (map[name] ?? null) : null;
  const names = [...new Set([...Object.keys(a), ...Object.keys(b)])].sort();
  return names.map((name) => ({ name, a: of(a, name), b: of(b, name) })).filter((one) => one.a !== one.b);
}

/** Whether two schemas are the same. */
export function sameSchema({ added, removed, changed, reordered, metadata }: SchemaDifference): boolean {
  return added.length + removed.length + changed.length + metadata.length === 0 && !reordered;
}
