import { type FileHandle, open } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { failure } from '../errors/failure.ts';
import { isSystemError, systemFailure } from '../errors/system.ts';
import { err, ok, type Result } from '../util/result.ts';
import { CsvScanner } from './csv-rows.ts';
import type { DatasetRequest, FoundDataset, Listing } from './dataset-format.ts';
import { storedOrientation } from './emnist-names.ts';
import type { LabelledImages, Partition, ReadParts } from './labelled-images.ts';
import { malformed } from './malformed.ts';
import { datasetIn, type NamedFile, pickFiles } from './named-files.ts';

const chunkSize = 1 << 20;
const longestHint = 'a row is a label and the pixels of a square image: 785 cells for 28 x 28';

/** Finds the CSV files of a data set: one for each partition. */
export async function findCsv(listing: Listing, request: DatasetRequest): Promise<Result<FoundDataset | undefined>> {
  const picked = pickFiles(listing, request, ['.csv']);
  if (!picked.ok) return picked;
  // A table of numbers has no arrays to tell partitions by: without a word in the name it is training data.
  const files = picked.value.filter(({ partition, partitions }) => partitions.includes(partition ?? 'train'));
  const [first] = files;
  if (first === undefined) return ok(undefined);
  const dataset = request.dataset === 'any' ? (datasetIn(first.name) ?? 'any') : request.dataset;
  return ok({
    format: 'csv',
    files: files.map(({ name }) => join(listing.folder, name)),
    orientation: storedOrientation(dataset),
    read: () => readFiles(listing.folder, files),
  });
}

async function readFiles(folder: string, files: readonly NamedFile[]): Promise<Result<ReadParts>> {
  const parts: LabelledImages[] = [];
  for (const { name, partition } of files) {
    const part = await readCsv(join(folder, name), partition ?? 'train');
    if (!part.ok) return part;
    parts.push(part.value);
  }
  return ok({ parts });
}

/**
 * Reads a CSV file of labels and pixels, with or without a header line. Errors: a cell that is no number (with line
 * and column), a line with too few or too many cells, a number of pixels that is no square, those of the disk.
 */
export async function readCsv(file: string, partition: Partition): Promise<Result<LabelledImages>> {
  let handle: FileHandle | undefined;
  try {
    handle = await open(file);
    return await scan(file, partition, handle);
  } catch (problem) {
    if (!isSystemError(problem)) throw problem;
    return err(systemFailure(`cannot read ${basename(file)}`, problem));
  } finally {
    await handle?.close();
  }
}

async function scan(file: string, partition: Partition, handle: FileHandle): Promise<Result<LabelledImages>> {
  const { size } = await handle.stat();
  const buffer = Buffer.allocUnsafe(chunkSize);
  const { bytesRead } = await handle.read(buffer, 0, chunkSize, 0);
  const start = buffer.subarray(0, bytesRead);
  const first = readFirstLine(file, start);
  if (!first.ok) return first;
  const { cells, side, header, length, begin } = first.value;
  const expectedRows = Math.ceil((size / Math.max(length, cells)) * 1.1);
  const scanner = new CsvScanner({ file, cells, firstLine: header ? 2 : 1, expectedRows });
  let problem = scanner.push(start.subarray(header ? length : begin));
  let position = bytesRead;
  while (problem === undefined) {
    const { bytesRead: more } = await handle.read(buffer, 0, chunkSize, position);
    if (more === 0) break;
    position += more;
    problem = scanner.push(buffer.subarray(0, more));
  }
  if (problem !== undefined) return err(problem);
  const rows = scanner.finish();
  if ('code' in rows) return err(rows);
  const { pixels: images, labels, missing } = rows;
  return ok({ file, partition, height: side, width: side, images, labels, missing });
}

interface FirstLine {
  readonly cells: number;
  readonly side: number;
  readonly header: boolean;
  /** Bytes of the line with its end. */
  readonly length: number;
  /** Bytes before the first cell: a byte-order mark. */
  readonly begin: number;
}

/** Learns from the first line how many cells a row has, and whether it is a header. */
function readFirstLine(file: string, start: Buffer): Result<FirstLine> {
  if (start.length === 0) return malformed('file-empty', file, 'is empty: it has 0 bytes', 'get the file again');
  const begin = start[0] === 0xef && start[1] === 0xbb && start[2] === 0xbf ? 3 : 0;
  const end = start.indexOf('\n');
  if (end < 0 && start.length === chunkSize) {
    return malformed('csv-invalid', file, `has no line end in its first ${chunkSize} bytes`, longestHint);
  }
  const length = end < 0 ? start.length : end + 1;
  const cells = start
    .toString('latin1', begin, length)
    .split(',')
    .map((cell) => cell.trim().replaceAll('"', ''));
  const side = Math.round(Math.sqrt(cells.length - 1));
  if (side === 0 || side * side !== cells.length - 1) {
    const what = `the line has ${cells.length} cells, which is not a label and a square image`;
    return err(
      failure('csv-cell', what, { location: { file: basename(file), line: 1, column: 1 }, hint: longestHint }),
    );
  }
  const labelAt = cells.findIndex((cell) => /^(?:label|class|target)$/i.test(cell));
  if (labelAt > 0) {
    const location = { file: basename(file), line: 1, column: 1 };
    const message = `the label is in column ${labelAt + 1} of ${cells.length}`;
    return err(failure('csv-cell', message, { location, hint: 'the label must be the first cell of each line' }));
  }
  // Pandas writes a header; one of numbers only cannot be told from a row.
  const header = cells.some((cell) => /[a-z_]/i.test(cell) && !/^nan$/i.test(cell)) && !/^[\d.]+$/.test(cells[0] ?? '');
  return ok({ cells: cells.length, side, header, length, begin });
}
