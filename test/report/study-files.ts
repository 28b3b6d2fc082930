import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ArtifactType } from '../../src/artifact/artifact-type.ts';
import type { Column, TableData } from '../../src/artifact/column.ts';
import { type Artifact, openArtifact } from '../../src/artifact/reader.ts';
import { writeArtifact } from '../../src/artifact/writer.ts';
import type { ReportInput, ReportInputs } from '../../src/report/collect-inputs.ts';

/** Writes rows to an artifact in a temporary folder and opens it; the file is gone, the view stays. */
export function artifactOf(type: ArtifactType, data: TableData): Artifact {
  const folder = mkdtempSync(join(tmpdir(), 'report-'));
  try {
    const path = join(folder, 'artifact.arrow');
    const written = writeArtifact(path, type, data);
    if (!written.ok) throw new Error(written.error.message);
    const opened = openArtifact(path);
    if (!opened.ok) throw new Error(opened.error.message);
    return opened.value;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

export const text = (name: string, values: readonly (string | null)[]): Column => ({ name, kind: 'text', values });
export const floats = (name: string, values: readonly number[]): Column => ({
  name,
  kind: 'number',
  values: Float64Array.from(values),
});
export const ints = (name: string, values: readonly number[]): Column => ({
  name,
  kind: 'number',
  values: Int32Array.from(values),
});

const labels = Array.from({ length: 40 }, (_, row) => row % 4);

/** What a family's classifier says: every `wrongEvery`-th row is taken for the next class. */
function predictions(wrongEvery: number): number[] {
  return labels.map((label, row) => (row % wrongEvery === 0 ? (label + 1) % 4 : label));
}

function confusionOf(predicted: readonly number[]): Float32Array {
  const counts = new Float32Array(16);
  labels.forEach((label, row) => {
    const index = label * 4 + (predicted[row] ?? 0);
    counts[index] = (counts[index] ?? 0) + 1;
  });
  return counts;
}

function modelJson(title: string): string {
  const layers = [
    { layer: 'flatten', config: {} },
    { layer: 'dense', config: { units: 4, activation: 'softmax' } },
  ];
  const training = { optimizer: { name: 'adam' }, batchSize: 32, epochs: 4 };
  return JSON.stringify({ title, input: 'image', layers, training, hyperparameters: { units: 30, epochs: 4 } });
}

function searchTable(rank: string, extra: readonly Column[]): TableData {
  const columns = [
    text('params', ['{"units":10}', '{"units":20}', '{"units":30}']),
    floats('split0_test_score', [0.7, 0.75, 0.8]),
    floats('split1_test_score', [0.72, 0.77, 0.8123]),
    floats('mean_test_score', [0.71, 0.76, 0.8062]),
    floats('std_test_score', [0.01, 0.01, 0.0062]),
    ints(rank, [3, 2, 1]),
    ...extra,
  ];
  return { columns, metadata: { metric: 'accuracy', rule: 'best' } };
}

/** Two epochs of three combinations on two folds, scored on the fold after each. */
function foldCurves(): TableData {
  const rows = [10, 20, 30].flatMap((units) =>
    [0, 1].flatMap((fold) =>
      [1, 2].map((epoch) => ({ units, fold, epoch, score: units / 100 + fold / 10 + epoch / 5 })),
    ),
  );
  return {
    columns: [
      text(
        'params',
        rows.map(({ units }) => `{"units":${units}}`),
      ),
      ints(
        'fold',
        rows.map(({ fold }) => fold),
      ),
      ints(
        'epoch',
        rows.map(({ epoch }) => epoch),
      ),
      ...['loss', 'accuracy', 'validation_loss', 'validation_accuracy'].map((name) =>
        floats(
          name,
          rows.map(({ score }) => score),
        ),
      ),
    ],
  };
}

function familyInputs(model: string, title: string, wrongEvery: number, classes: readonly string[]) {
  const matrix = { model };
  const predicted = predictions(wrongEvery);
  const right = predicted.filter((one, row) => one === labels[row]).length;
  const at = (stage: string, artifact: Artifact): ReportInput => ({ stage, matrix, artifact });
  const timing = (phase: string, seconds: number): Artifact =>
    artifactOf('timings', {
      columns: [text('phase', [phase]), floats('seconds', [seconds]), ints('samples', [40]), ints('exclusive', [1])],
    });
  const metrics: TableData = {
    columns: [text('metric', ['accuracy']), text('average', ['']), text('class', ['']), floats('value', [right / 40])],
  };
  const history: TableData = {
    columns: [
      ints('epoch', [1, 2, 3, 4]),
      ...['loss', 'accuracy', 'validation_loss', 'validation_accuracy'].map((name) => floats(name, [4, 3, 2, 1])),
    ],
  };
  const confusion: TableData = {
    columns: [text('class', classes), { name: 'counts', kind: 'tensor', shape: [4], values: confusionOf(predicted) }],
  };
  const weights: TableData = {
    columns: [{ name: 'shape', kind: 'list', values: [Int32Array.of(9, 4), Int32Array.of(4)] }],
    metadata: { model: modelJson(title) },
  };
  const rows = {
    columns: [
      ints(
        'id',
        labels.map((_, row) => row),
      ),
      ints('label', labels),
      ints('predicted', predicted),
    ],
  };
  const calibration = {
    columns: [
      floats('low', [0, 0.5]),
      floats('high', [0.5, 1]),
      ints('count', [0, 40]),
      floats('confidence', [Number.NaN, 0.95]),
      floats('accuracy', [Number.NaN, 0.9]),
    ],
    metadata: { expected_calibration_error: '0.05', brier: '0.2', log_loss: '0.3' },
  };
  const writers = { columns: [ints('writer', [3, 8]), ints('support', [30, 10]), floats('accuracy', [1, 0.6])] };
  return {
    metrics: [at('evaluate', artifactOf('metrics', metrics))],
    predictions: [at('evaluate', artifactOf('predictions', rows))],
    confusion: [at('evaluate', artifactOf('confusion', confusion))],
    calibration: [at('evaluate', artifactOf('calibration', calibration))],
    writers: [at('evaluate', artifactOf('table', writers))],
    search: [at('search', artifactOf('selection', searchTable('rank', [ints('selected', [0, 0, 1])])))],
    cv: [at('search', artifactOf('cv-results', searchTable('rank_test_score', [floats('mean_fit_time', [1, 2, 3])])))],
    curves: [at('search', artifactOf('curves', foldCurves()))],
    fit: [at('fit', artifactOf('weights', weights))],
    history: [at('fit', artifactOf('history', history))],
    timings: [at('fit', timing('training', 12.5)), at('evaluate', timing('inference', 0.02))],
  };
}

function samplesOf(classes: readonly string[], format: string): Artifact {
  const images = Uint8Array.from({ length: 40 * 9 }, (_, index) => (index * 31) % 256);
  return artifactOf('samples', {
    columns: [
      ints(
        'id',
        labels.map((_, row) => row),
      ),
      { name: 'image', kind: 'tensor', shape: [3, 3], values: images },
      ints('label', labels),
    ],
    metadata: {
      classes: JSON.stringify(classes),
      scale: '255',
      source: JSON.stringify({ format, title: 'Toy characters', files: ['toy.gz'] }),
    },
  });
}

export interface ToyStudy {
  readonly classes?: readonly string[];
  readonly format?: string;
  readonly titles?: readonly [string, string];
}

/** Two families on 40 rows of 4 classes: one wrong on every 4th row (accuracy 0.75), one on every 10th (0.9). */
export function toyStudy(options: ToyStudy = {}): ReportInputs {
  const { classes = ['a', 'A', 'b', 'B'], format = 'idx', titles = ['First net', 'Second net'] } = options;
  const [first, second] = [familyInputs('one', titles[0], 4, classes), familyInputs('two', titles[1], 10, classes)];
  const both = (slot: keyof typeof first): ReportInput[] => [...first[slot], ...second[slot]];
  const split = artifactOf('split', {
    columns: [
      ints(
        'id',
        labels.map((_, row) => row),
      ),
      text(
        'role',
        labels.map((_, row) => (row < 25 ? 'train' : row < 32 ? 'validation' : 'test')),
      ),
      ints(
        'fold',
        labels.map((_, row) => (row < 25 ? row % 3 : -1)),
      ),
    ],
    metadata: { folds: '3', duplicates: JSON.stringify({ test: 2, validation: 0, folds: 0 }) },
  });
  const refits = artifactOf('refits', {
    columns: [ints('refit', [0, 1, 2]), floats('accuracy', [0.9, 0.8, 0.85]), floats('macro_f1', [0.9, 0.8, 0.85])],
    metadata: { model: 'two', title: titles[1] },
  });
  return {
    metrics: both('metrics'),
    predictions: both('predictions'),
    confusion: both('confusion'),
    calibration: both('calibration'),
    writers: both('writers'),
    search: both('search'),
    cv: both('cv'),
    curves: both('curves'),
    fit: both('fit'),
    history: both('history'),
    refits: [{ stage: 'refits', matrix: {}, artifact: refits }],
    timings: both('timings'),
    samples: [{ stage: 'normalise', matrix: {}, artifact: samplesOf(classes, format) }],
    split: [{ stage: 'split', matrix: {}, artifact: split }],
  };
}
