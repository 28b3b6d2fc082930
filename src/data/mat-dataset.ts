import { join } from 'node:path';
import { ok, type Result } from '../util/result.ts';
import { type DatasetRequest, type FoundDataset, type Listing, partitionsOf } from './dataset-format.ts';
import { knownDatasets, storedOrientation } from './emnist-names.ts';
import type { LabelledImages, Partition, ReadParts } from './labelled-images.ts';
import { malformed, readBytes } from './malformed.ts';
import { type MatValue, parseMat } from './mat.ts';
import { datasetIn, pickFiles } from './named-files.ts';
import { labelledImages, labelsOf, type NumberArray } from './pixels.ts';

/** Finds the .mat file of a data set, which holds both partitions. */
export async function findMat(listing: Listing, request: DatasetRequest): Promise<Result<FoundDataset | undefined>> {
  const picked = pickFiles(listing, request, ['.mat']);
  if (!picked.ok) return picked;
  const [file] = picked.value;
  if (file === undefined) return ok(undefined);
  const path = join(listing.folder, file.name);
  const dataset = request.dataset === 'any' ? (datasetIn(file.name) ?? 'any') : request.dataset;
  const firstLabel = knownDatasets[request.dataset]?.firstLabel ?? 0;
  return ok({
    format: 'mat',
    files: [path],
    orientation: storedOrientation(dataset),
    read: () => readMat(path, partitionsOf(request.subset), firstLabel),
  });
}

async function readMat(path: string, partitions: readonly Partition[], firstLabel: number): Promise<Result<ReadParts>> {
  const bytes = await readBytes(path);
  if (!bytes.ok) return bytes;
  const variables = parseMat(path, bytes.value);
  if (!variables.ok) return variables;
  const dataset = variables.value.get('dataset');
  if (dataset?.kind !== 'struct') {
    const names = [...variables.value.keys()].slice(0, 12).join(', ') || 'nothing';
    return malformed(
      'mat-names',
      path,
      `has no struct "dataset": it holds ${names}`,
      'EMNIST keeps train, test and mapping in it',
    );
  }
  const classes = dataset.fields.has('mapping')
    ? readClasses(path, dataset.fields.get('mapping'), firstLabel)
    : undefined;
  if (classes !== undefined && !classes.ok) return classes;
  const parts: LabelledImages[] = [];
  for (const partition of partitions) {
    const part = readPart(path, partition, dataset.fields.get(partition));
    if (!part.ok) return part;
    parts.push(part.value);
  }
  return ok({ parts, ...(classes === undefined ? {} : { classes: classes.value }) });
}

/** Numbers of a field; the failure says what is there instead. */
function numbersOf(path: string, name: string, value: MatValue | undefined): Result<NumberArray> {
  if (value?.kind === 'numbers') return ok(value.decode());
  const what = value === undefined ? 'nothing' : value.kind === 'struct' ? 'a struct' : value.what;
  return malformed('mat-names', path, `has ${what} as ${name}`, 'EMNIST keeps numbers there');
}

function readPart(path: string, partition: Partition, value: MatValue | undefined): Result<LabelledImages> {
  const fields = value?.kind === 'struct' ? value.fields : new Map<string, MatValue>();
  const images = numbersOf(path, `dataset.${partition}.images`, fields.get('images'));
  if (!images.ok) return images;
  const labels = numbersOf(path, `dataset.${partition}.labels`, fields.get('labels'));
  if (!labels.ok) return labels;
  const part = labelledImages(
    path,
    partition,
    { name: `dataset.${partition}.images`, array: images.value },
    { name: `dataset.${partition}.labels`, array: labels.value },
  );
  // Rows that are left out would shift the writers.
  if (!part.ok || !fields.has('writers') || (part.value.missing ?? 0) > 0) return part;
  const name = `dataset.${partition}.writers`;
  const array = numbersOf(path, name, fields.get('writers'));
  if (!array.ok) return array;
  const writers = labelsOf(path, name, array.value);
  if (!writers.ok) return writers;
  if (writers.value.length !== part.value.labels.length) {
    const what = `has ${part.value.labels.length} labels, but ${writers.value.length} writers in ${name}`;
    return malformed('dataset-rows', path, what, 'there must be one for each row');
  }
  return ok({ ...part.value, writers: Int32Array.from(writers.value) });
}

/** Class names of `mapping`: a row has a label and its ASCII code (Letters: capital, then lower case). */
function readClasses(path: string, value: MatValue | undefined, firstLabel: number): Result<string[]> {
  const mapping = numbersOf(path, 'dataset.mapping', value);
  if (!mapping.ok) return mapping;
  const { shape, values } = mapping.value;
  const [rows = 0, columns = 0] = shape;
  const wrong = (what: string) =>
    malformed('mapping-invalid', path, `has a dataset.mapping ${what}`, 'a row is a label and an ASCII code');
  if (shape.length !== 2 || columns < 2 || columns > 3) return wrong(`of the shape (${shape.join(', ')})`);
  const classes: string[] = [];
  for (let row = 0; row < rows; row++) {
    const [label, code = 0] = values.subarray(row * columns, row * columns + 2);
    if (label !== row + firstLabel || !Number.isInteger(code) || code <= 32 || code >= 127) {
      return wrong(`with label ${label} and code ${code} in row ${row}`);
    }
    classes.push(String.fromCharCode(code));
  }
  return ok(classes);
}
