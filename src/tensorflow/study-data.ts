import type { Artifact } from '../artifact/reader.ts';
import { failure } from '../errors/failure.ts';
import { foldsOfRepeat } from '../split/repeat.ts';
import { err, ok, type Result } from '../util/result.ts';
import type { TrainingData } from './batches.ts';

/** Samples with their split, as the training stages use them. */
export interface StudyData extends TrainingData {
  readonly height: number;
  readonly width: number;
  readonly ids: Int32Array;
  readonly classNames: readonly string[];
  readonly role: readonly (string | null)[];
  /** The fold of each row in a repeat of the division, from 0; -1 outside the folds. */
  foldOf(repeat: number): ArrayLike<number>;
  /** Rows of a role, in ascending order. */
  rowsOf(role: string): Int32Array;
}

/** Joins samples and split. They must be about the same rows in the same order. */
export function openStudyData(samples: Artifact, split: Artifact): Result<StudyData> {
  const ids = Int32Array.from(samples.numbers('id'));
  const splitIds = split.numbers('id');
  if (ids.length !== splitIds.length || ids.some((id, row) => id !== splitIds[row])) {
    return err(
      failure('split-mismatch', 'the split was made from other samples than these', {
        hint: 'give both inputs from the same stages',
      }),
    );
  }
  const images = samples.tensor('image');
  const [height = 0, width = 0] = images.shape;
  const role = split.texts('role');
  const classNames = JSON.parse(samples.metadata['classes'] ?? '[]') as string[];
  return ok({
    images,
    scale: Number(samples.metadata['scale'] ?? '1'),
    labels: samples.numbers('label'),
    classes: classNames.length,
    classNames,
    height,
    width,
    ids,
    role,
    foldOf: (repeat) => foldsOfRepeat(samples, split, repeat),
    rowsOf: (wanted) => Int32Array.from(role.flatMap((one, row) => (one === wanted ? [row] : []))),
  });
}
