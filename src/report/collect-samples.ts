import { isJsonObject } from '../util/json.ts';
import { ok, type Result } from '../util/result.ts';
import {
  classNames,
  jsonMetadata,
  mapOrEmpty,
  type ReportInput,
  requireColumns,
  textOrNothing,
} from './collect-inputs.ts';
import type { DataFacts, SampleImages, SourceFacts, SplitFacts } from './study.ts';

function imageExtent(shape: readonly number[]): { height: number; width: number } {
  return { height: shape[0] ?? 1, width: shape[1] ?? 1 };
}

/** The source that an artifact's metadata names; undefined where it names none. */
export function sourceFacts(input: ReportInput): Result<SourceFacts | undefined> {
  const parsed = jsonMetadata(input, 'source');
  if (!parsed.ok) return parsed;
  const facts = isJsonObject(parsed.value) ? parsed.value : {};
  const title = textOrNothing(facts['title']);
  if (title === undefined) return ok(undefined);
  const files = facts['files'];
  return ok({ title, drawn: facts['format'] === 'drawn', files: Array.isArray(files) ? files.map(String) : [] });
}

/** What a `samples` artifact says of its data: title and files of the source, rows, classes, image size. */
export function dataFacts(input: ReportInput): Result<DataFacts> {
  const columns = requireColumns(input, ['id', 'image', 'label']);
  if (!columns.ok) return columns;
  const classes = classNames(input);
  if (!classes.ok) return classes;
  const source = sourceFacts(input);
  if (!source.ok) return source;
  const features = featureNames(input);
  if (!features.ok) return features;
  const { metadata, rows } = input.artifact;
  return ok({
    title: source.value?.title ?? metadata['dataset'] ?? 'an unnamed source',
    drawn: source.value?.drawn ?? false,
    files: source.value?.files ?? [],
    rows,
    classes: classes.value ?? [],
    ...imageExtent(input.artifact.tensor('image').shape),
    scale: metadata['scale'] ?? '1',
    ...(features.value === undefined ? {} : { features: features.value }),
  });
}

/** Names of the columns of a table; undefined where samples are pictures. */
function featureNames(input: ReportInput): Result<readonly string[] | undefined> {
  const parsed = jsonMetadata(input, 'features');
  if (!parsed.ok) return parsed;
  return ok(Array.isArray(parsed.value) ? parsed.value.map(String) : undefined);
}

/** The images of a `samples` artifact, or undefined when a row is not one greyscale picture. */
export function sampleImages(input: ReportInput): SampleImages | undefined {
  const image = input.artifact.tensor('image');
  const extent = imageExtent(image.shape);
  if (input.artifact.metadata['features'] !== undefined) return undefined;
  if (image.shape.length < 2 || extent.height * extent.width !== image.size) return undefined;
  return { ids: input.artifact.numbers('id'), labels: input.artifact.numbers('label'), image, ...extent };
}

/** Rows of each role and the number of folds of a `split` artifact. */
export function splitFacts(input: ReportInput): Result<SplitFacts> {
  const columns = requireColumns(input, ['role', 'fold']);
  if (!columns.ok) return columns;
  const rows = { train: 0, validation: 0, test: 0 };
  for (const role of input.artifact.texts('role')) {
    if (role === 'train' || role === 'validation' || role === 'test') rows[role]++;
  }
  const numbers: Iterable<number> = input.artifact.numbers('fold');
  let folds = 0;
  for (const fold of numbers) folds = Math.max(folds, fold + 1);
  const parsed = jsonMetadata(input, 'duplicates');
  if (!parsed.ok) return parsed;
  const found = mapOrEmpty(parsed.value);
  const counted = (part: string): number => (typeof found[part] === 'number' ? found[part] : 0);
  const duplicates = { test: counted('test'), validation: counted('validation'), folds: counted('folds') };
  return ok({ ...rows, folds, ...(isJsonObject(parsed.value) ? { duplicates } : {}) });
}
