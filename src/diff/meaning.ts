import type { Artifact } from '../artifact/reader.ts';
import type { ComparedTables } from './table-diff.ts';

/** What a change of an artifact means, in the words of its type. Lines for people, facts for programs. */
export interface Meaning {
  readonly lines: readonly string[];
  readonly facts: Readonly<Record<string, unknown>>;
}

/** Two versions of one artifact and how their rows go together. */
export interface Versions {
  readonly before: Artifact;
  readonly after: Artifact;
  readonly compared: ComparedTables;
}

/** "1 row", "3,000 rows". */
export const plural = (count: number, one: string): string =>
  `${count.toLocaleString('en')} ${one}${count === 1 ? '' : 's'}`;
