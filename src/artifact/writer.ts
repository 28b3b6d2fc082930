import { createHash } from 'node:crypto';
import { closeSync, fsyncSync, openSync, writeSync } from 'node:fs';
import { makeData, RecordBatch, RecordBatchFileWriter, RecordBatchWriter, Schema, Struct } from 'apache-arrow';
import { systemFailure } from '../errors/system.ts';
import { err, ok, type Result } from '../util/result.ts';
import { arrowData, arrowField, columnRows, largestBatchBytes, rowBytes } from './arrow-column.ts';
import type { ArtifactType } from './artifact-type.ts';
import type { Column, TableData } from './column.ts';

/** What names a written file: its content digest (SHA-256, hexadecimal), and what it holds. */
export interface WrittenArtifact {
  readonly digest: string;
  readonly size: number;
  readonly rows: number;
}

/** Takes bytes, hashes them on their way to the file. */
class FileSink {
  readonly hash = createHash('sha256');
  size = 0;
  readonly #descriptor: number;

  constructor(descriptor: number) {
    this.#descriptor = descriptor;
  }

  write(bytes: Uint8Array): void {
    this.hash.update(bytes);
    this.size += bytes.byteLength;
    let done = 0;
    while (done < bytes.byteLength) done += writeSync(this.#descriptor, bytes, done);
  }

  close(): void {}
  abort(): void {}
}

interface WriterInternals {
  _sink: FileSink;
  _writeSchema(schema: Schema): unknown;
}

/**
 * apache-arrow's file writer, writing synchronously into a file, so that nothing is buffered, and with the leading
 * Schema message that the file format asks for and the stock writer omits (readers that skip the footer need it).
 * It reaches into the library's protected members: the version of apache-arrow is pinned exactly.
 */
class ArrowFileWriter extends RecordBatchFileWriter {
  constructor(sink: FileSink) {
    super();
    (this as unknown as WriterInternals)._sink = sink;
  }

  override reset(_sink?: unknown, schema?: Schema | null): this {
    return super.reset((this as unknown as WriterInternals)._sink as never, schema);
  }

  protected override _writeSchema(schema: Schema): this {
    super._writeSchema(schema);
    return (RecordBatchWriter.prototype as unknown as WriterInternals)._writeSchema.call(this, schema) as this;
  }
}

function sortedMetadata(type: ArtifactType, metadata: Readonly<Record<string, string>>): Map<string, string> {
  const entries = Object.entries({ ...metadata, type }).map(([key, value]): [string, string] => [`pipe.${key}`, value]);
  return new Map(entries.sort(([left], [right]) => (left < right ? -1 : 1)));
}

/** Row numbers at which record batches start, and the number of rows at the end. Depends on the rows alone. */
function batchBounds(columns: readonly Column[], rows: number): number[] {
  const bounds = [0];
  let bytes = 0;
  for (let row = 0; row < rows; row++) {
    const size = columns.reduce((sum, column) => sum + rowBytes(column, row), 0);
    if (bytes > 0 && bytes + size > largestBatchBytes) {
      bounds.push(row);
      bytes = 0;
    }
    bytes += size;
  }
  bounds.push(rows);
  return bounds;
}

/**
 * Writes rows as an Arrow IPC file and forces it to the disk. The bytes follow from the rows alone: no dictionary
 * ids, sorted metadata, batches cut by size. A full or unwritable disk is a failure; columns of unequal length are
 * a bug of the stage and throw.
 */
export function writeArtifact(path: string, type: ArtifactType, data: TableData): Result<WrittenArtifact> {
  const rows = data.columns.length === 0 ? 0 : columnRows(data.columns[0] as Column);
  for (const column of data.columns) {
    if (columnRows(column) !== rows) {
      throw new Error(`column ${column.name} has ${columnRows(column)} rows, the first column has ${rows}`);
    }
  }
  const schema = new Schema(data.columns.map(arrowField), sortedMetadata(type, data.metadata ?? {}));
  const bounds = batchBounds(data.columns, rows);
  let descriptor: number | undefined;
  try {
    descriptor = openSync(path, 'wx', 0o600);
    const sink = new FileSink(descriptor);
    const writer = new ArrowFileWriter(sink);
    writer.reset(undefined, schema);
    for (let batch = 0; batch + 1 < bounds.length; batch++) {
      const first = bounds[batch] as number;
      const last = bounds[batch + 1] as number;
      const children = data.columns.map((column, index) =>
        arrowData(column, (schema.fields[index] as (typeof schema.fields)[number]).type, first, last),
      );
      const struct = makeData({ type: new Struct(schema.fields), length: last - first, nullCount: 0, children });
      writer.write(new RecordBatch(schema, struct));
    }
    writer.finish();
    fsyncSync(descriptor);
    const open = descriptor;
    descriptor = undefined;
    closeSync(open);
    return ok({ digest: sink.hash.digest('hex'), size: sink.size, rows });
  } catch (problem) {
    if (descriptor !== undefined) closeSync(descriptor);
    return err(
      systemFailure('cannot write an artifact', problem, 'free some space or choose another store with --store'),
    );
  }
}
