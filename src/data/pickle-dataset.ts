import { join } from 'node:path';
import { ok, type Result } from '../util/result.ts';
import type { DatasetRequest, FoundDataset, Listing } from './dataset-format.ts';
import type { LabelledImages, ReadParts } from './labelled-images.ts';
import { malformed, readBytes } from './malformed.ts';
import { type NamedFile, pickFiles } from './named-files.ts';
import { decodeArray } from './number-type.ts';
import { wantedPairs } from './numpy.ts';
import { parsePickle } from './pickle.ts';
import { PickleList } from './pickle-list.ts';
import { kindOf, PickleArray, PickleDictionary, PickleTuple, type PickleValue } from './pickle-values.ts';
import { labelledImages, type NumberArray } from './pixels.ts';

/** Axes of images and, at most, what a list of them needs. */
const deepest = 4;

/** Finds pickled dictionaries of a data set (`.pkl`, `.pickle`). */
export async function findPickle(listing: Listing, request: DatasetRequest): Promise<Result<FoundDataset | undefined>> {
  const picked = pickFiles(listing, request, ['.pkl', '.pickle']);
  if (!picked.ok) return picked;
  const files = picked.value;
  if (files.length === 0) return ok(undefined);
  return ok({
    format: 'pickle',
    files: files.map(({ name }) => join(listing.folder, name)),
    orientation: 'upright',
    read: () => readFiles(listing.folder, files),
  });
}

async function readFiles(folder: string, files: readonly NamedFile[]): Promise<Result<ReadParts>> {
  const parts: LabelledImages[] = [];
  for (const file of files) {
    const bytes = await readBytes(join(folder, file.name));
    if (!bytes.ok) return bytes;
    const value = parsePickle(file.name, bytes.value);
    if (!value.ok) return value;
    const read = readDictionary(file, value.value, bytes.value.length);
    if (!read.ok) return read;
    parts.push(...read.value.parts);
  }
  return ok({ parts });
}

function readDictionary(file: NamedFile, value: PickleValue, fileSize: number): Result<ReadParts> {
  if (!(value instanceof PickleDictionary)) {
    const hint = 'expected {"data": images, "label": labels}';
    return malformed('pickle-names', file.name, `holds ${kindOf(value)}, not a dictionary`, hint);
  }
  const pairs = wantedPairs(file, [...value.entries.keys()]);
  if (!pairs.ok) return pairs;
  const parts: LabelledImages[] = [];
  for (const { partition, images, labels } of pairs.value) {
    const pixels = numbersOf(file.name, images, value.entries.get(images), fileSize);
    if (!pixels.ok) return pixels;
    const classes = numbersOf(file.name, labels, value.entries.get(labels), fileSize);
    if (!classes.ok) return classes;
    const part = labelledImages(
      file.name,
      partition ?? 'train',
      { name: images, array: pixels.value },
      { name: labels, array: classes.value },
    );
    if (!part.ok) return part;
    parts.push(part.value);
  }
  return ok({ parts });
}

/** Numbers of an array, or of lists in lists that are all equally long. */
function numbersOf(file: string, name: string, value: PickleValue | undefined, fileSize: number): Result<NumberArray> {
  if (value instanceof PickleArray) {
    if (value.content === undefined)
      return malformed('pickle-invalid', file, `has an array without content as ${name}`);
    const { bytes, layout, shape, fortran } = value.content;
    return ok({ shape, values: decodeArray(bytes, layout, shape, fortran) });
  }
  const shape = shapeOf(value);
  const count = shape.reduce((product, extent) => product * extent, 1);
  if (shape.length === 0 || shape.length > deepest) {
    return malformed('pickle-names', file, `has ${kindOf(value)} as ${name}`, 'expected an array or lists of numbers');
  }
  // Lists may be in lists many times over, so that a small file could stand for any number of pixels.
  if (count > 16 * fileSize) {
    return malformed(
      'pickle-invalid',
      file,
      `has ${shape.join(' x ')} numbers as ${name}, more than its ${fileSize} bytes can mean`,
    );
  }
  const target: Target = { values: new Uint8Array(count), next: 0 };
  const problem = copyNumbers(value, shape, 0, target);
  return problem === undefined
    ? ok({ shape, values: target.values })
    : malformed('pickle-names', file, `has ${problem} in ${name}`);
}

/** Where numbers are copied to: a byte for each until one is no byte. */
interface Target {
  values: Uint8Array | Float64Array;
  next: number;
}

function widen(target: Target): void {
  if (target.values instanceof Uint8Array) target.values = Float64Array.from(target.values);
}

function itemsOf(
  value: PickleValue | undefined,
): { readonly length: number; readonly at: (index: number) => PickleValue | undefined } | undefined {
  if (value instanceof PickleList) return value;
  return value instanceof PickleTuple ? value.items : undefined;
}

/** The shape that the first items tell of, one level deeper than allowed at most. */
function shapeOf(value: PickleValue | undefined): number[] {
  const shape: number[] = [];
  for (let inner = value; shape.length <= deepest; inner = itemsOf(inner)?.at(0)) {
    if (inner instanceof PickleArray) return [...shape, ...(inner.content?.shape ?? [])];
    const items = itemsOf(inner);
    if (items === undefined) break;
    shape.push(items.length);
  }
  return shape;
}

/** Copies one list and those in it; gives what does not fit to the shape. */
function copyNumbers(
  value: PickleValue | undefined,
  shape: readonly number[],
  axis: number,
  target: Target,
): string | undefined {
  if (axis === shape.length) {
    if (typeof value !== 'number') return `${kindOf(value)} among the numbers`;
    if (!Number.isInteger(value) || value < 0 || value > 255) widen(target);
    target.values[target.next++] = value;
    return undefined;
  }
  if (value instanceof PickleArray) return copyArray(value, shape.slice(axis), target);
  const items = itemsOf(value);
  const extent = shape[axis] as number;
  if (items === undefined || items.length !== extent) return `${kindOf(value)} beside lists of ${extent}`;
  const bytes = value instanceof PickleList ? value.bytes() : undefined;
  if (bytes !== undefined && axis === shape.length - 1) {
    target.values.set(bytes, target.next);
    target.next += extent;
    return undefined;
  }
  for (let index = 0; index < extent; index++) {
    const problem = copyNumbers(items.at(index), shape, axis + 1, target);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

function copyArray({ content }: PickleArray, shape: readonly number[], target: Target): string | undefined {
  if (content === undefined || content.shape.join() !== shape.join()) {
    return `an array of the shape (${content?.shape.join(', ') ?? ''}) beside those of (${shape.join(', ')})`;
  }
  const values = decodeArray(content.bytes, content.layout, content.shape, content.fortran);
  if (!(values instanceof Uint8Array)) widen(target);
  target.values.set(values, target.next);
  target.next += values.length;
  return undefined;
}
