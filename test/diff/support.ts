import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ArtifactType } from '../../src/artifact/artifact-type.ts';
import type { Column, TableData } from '../../src/artifact/column.ts';
import { writeArtifact } from '../../src/artifact/writer.ts';
import { openTableView, type TableView } from '../../src/diff/table-view.ts';

const folder = mkdtempSync(join(tmpdir(), 'pipe-diff-'));
let files = 0;

/** Writes columns as an artifact and opens it as one side of a comparison. */
export function view(
  columns: readonly Column[],
  type: ArtifactType = 'table',
  metadata: TableData['metadata'] = {},
): TableView {
  files++;
  const path = join(folder, `${files}.arrow`);
  const written = writeArtifact(path, type, { columns, metadata });
  if (!written.ok) throw new Error(written.error.message);
  const opened = openTableView(path);
  if (!opened.ok) throw new Error(opened.error.message);
  return opened.value;
}

/** A column of whole numbers. */
export function int32(name: string, values: readonly number[]): Column {
  return { name, kind: 'number', values: Int32Array.from(values) };
}

/** A column of doubles. */
export function float64(name: string, values: readonly number[]): Column {
  return { name, kind: 'number', values: Float64Array.from(values) };
}

/** A column of texts. */
export function text(name: string, values: readonly (string | null)[]): Column {
  return { name, kind: 'text', values };
}
