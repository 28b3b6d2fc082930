import { expect, test } from 'vitest';
import type { ModelDescription } from '../../src/model/description.ts';
import { resolveModel } from '../../src/model/description.ts';
import type { JsonObject } from '../../src/util/json.ts';
import { evaluate } from '../../stages/evaluate.ts';
import { fit } from '../../stages/fit.ts';
import { fold } from '../../stages/fold.ts';

import {
  all,
  artifact,
  done,
  foldOf,
  made,
  model,
  output,
  role,
  run,
  samples,
  samplesWith,
  size,
  split,
  splitWith,
} from './training-rig.ts';

function coreOf(hyperparameters = model.hyperparameters, description = model) {
  const resolved = resolveModel(description, hyperparameters, size);
  if (!resolved.ok) throw new Error(resolved.error.message);
  const { input, layers, training } = resolved.value;
  return { input, layers, training };
}

test('a fold is scored on rows that its training never sees', async () => {
  const inFold = (row: number): boolean => foldOf[row] === 1;
  const lied = samplesWith(Int32Array.from(made.labels, (label, row) => (inFold(row) ? (label + 1) % 4 : label)));
  const params = { model: coreOf({ units: 8, rate: 0.02, epochs: 30 }), fold: 1 };
  const honest = output(await done(fold, params, { samples, split }), 'scores');
  const dishonest = output(await done(fold, params, { samples: lied, split }), 'scores');
  expect(Array.from(dishonest.numbers('loss'))).toEqual(Array.from(honest.numbers('loss')));
  expect(Number(honest.metadata['accuracy'])).toBeGreaterThan(0.8);
  expect(Number(dishonest.metadata['accuracy'])).toBeLessThan(0.2);
});

test('neither validation nor test rows have a part in a fold', async () => {
  const lied = samplesWith(Int32Array.from(made.labels, (label, row) => (row >= 32 ? (label + 1) % 4 : label)));
  const params = { model: coreOf(), fold: 0 };
  const honest = output(await done(fold, params, { samples, split }), 'scores');
  const dishonest = output(await done(fold, params, { samples: lied, split }), 'scores');
  expect(dishonest.metadata).toEqual(honest.metadata);
  expect(Array.from(dishonest.numbers('validation_loss'))).toEqual(Array.from(honest.numbers('validation_loss')));
});

/** The small model with settings of training. */
function withTraining(training: JsonObject): ModelDescription {
  return { ...model, training: { ...model.training, ...training } };
}

const stops = withTraining({ earlyStopping: { patience: 2, validationFraction: 0.25 } });
const wild = { units: 8, rate: 1.5, epochs: 40 };

test('a fold with early stopping never watches the rows that it scores, and says where it stopped', async () => {
  const inFold = (row: number): boolean => foldOf[row] === 1;
  const lied = samplesWith(Int32Array.from(made.labels, (label, row) => (inFold(row) ? (label + 1) % 4 : label)));
  const params = { model: coreOf(wild, stops), fold: 1 };
  const honest = output(await done(fold, params, { samples, split }), 'scores');
  const dishonest = output(await done(fold, params, { samples: lied, split }), 'scores');
  expect(Array.from(dishonest.numbers('validation_loss'))).toEqual(Array.from(honest.numbers('validation_loss')));
  expect(dishonest.metadata['accuracy']).not.toBe(honest.metadata['accuracy']);
  const losses = Array.from(honest.numbers('validation_loss'));
  const best = losses.indexOf(Math.min(...losses)) + 1;
  expect(honest.metadata).toMatchObject({ bestEpoch: String(best), stoppedEpoch: String(best + 2) });
  expect(losses).toHaveLength(best + 2);
});

test('a fold with curves is scored after every epoch, to the bits of one that is scored at its end, in the time of one scoring', async () => {
  const params = { model: coreOf({ units: 8, rate: 0.02, epochs: 4 }), fold: 1 };
  const [plain, watched] = [
    await done(fold, params, { samples, split }),
    await done(fold, { ...params, curves: true as const }, { samples, split }),
  ];
  expect(output(watched, 'scores').metadata).toEqual(output(plain, 'scores').metadata);
  expect(Array.from(output(watched, 'scores').numbers('loss'))).toEqual(
    Array.from(output(plain, 'scores').numbers('loss')),
  );
  const curve = Array.from(output(watched, 'scores').numbers('validation_accuracy'));
  expect(curve).toHaveLength(4);
  expect(curve.at(-1)).toBe(Number(output(plain, 'scores').metadata['accuracy']));
  expect(Array.from(output(plain, 'scores').numbers('validation_accuracy')).every(Number.isNaN)).toBe(true);
  expect(Array.from(output(watched, 'timings').numbers('samples'))).toEqual([64, 16]);
});

test('a fold with curves and early stopping keeps what it scores out of sight of the stopping', async () => {
  const params = { model: coreOf(wild, stops), fold: 1 };
  const plain = output(await done(fold, params, { samples, split }), 'scores');
  const watched = output(await done(fold, { ...params, curves: true as const }, { samples, split }), 'scores');
  expect(watched.metadata).toEqual(plain.metadata);
});

test('a fold with curves goes on from no fit that had none', () => {
  const params = { model: coreOf(), fold: 1 };
  expect(fold.goesOn?.(params)).not.toEqual(fold.goesOn?.({ ...params, curves: true }));
});

test('a fold with early stopping trains on the rows that are left, and counts them', async () => {
  const outputs = await done(fold, { model: coreOf({ ...wild, epochs: 1 }, stops), fold: 0 }, { samples, split });
  // Of 16 rows 4 are watched: 12 train, and 4 and then the 16 of the fold are scored.
  expect(Array.from(output(outputs, 'timings').numbers('samples'))).toEqual([12, 20]);
});

test('a fit with early stopping watches the validation rows, or training rows where there are none', async () => {
  const params = { model: stops, hyperparameters: wild };
  const trainedAnEpoch = async (roles: readonly string[]): Promise<number> => {
    const outputs = await done(fit, params, { samples, split: splitWith(roles) });
    const history = output(outputs, 'history');
    const { bestEpoch, stoppedEpoch } = history.metadata;
    expect(Number(stoppedEpoch)).toBe(Number(bestEpoch) + 2);
    expect(Array.from(history.numbers('validation_loss')).every(Number.isFinite)).toBe(true);
    return (output(outputs, 'timings').numbers('samples')[0] ?? 0) / history.rows;
  };
  expect(await trainedAnEpoch(role)).toBe(32);
  expect(await trainedAnEpoch(role.map((one) => (one === 'validation' ? 'test' : one)))).toBe(24);
});

test('early stopping that would leave no row to train on is a failure that says so', async () => {
  const greedy = withTraining({ earlyStopping: { validationFraction: 0.99 } });
  const { result } = await run(fold, { model: coreOf(wild, greedy), fold: 0 }, { samples, split });
  expect(result).toMatchObject({ ok: false, error: { code: 'early-stopping' } });
  expect(result.ok ? '' : result.error.message).toContain('all 16 training rows');
});

test('weights of classes are told apart by the names of the data', async () => {
  const weighted = withTraining({ classWeights: { a: 2, z: 1 } });
  const { result } = await run(fit, { model: weighted, hyperparameters: {} }, { samples, split });
  expect(result).toMatchObject({ ok: false, error: { code: 'class-weights' } });
});

test('a fold that diverges has no score, and says where it diverged', async () => {
  const params = { model: coreOf({ units: 8, rate: 1e38, epochs: 2 }), fold: 0 };
  const { metadata } = output(await done(fold, params, { samples, split }), 'scores');
  expect(metadata['accuracy']).toBe('NaN');
  expect(metadata['diverged']).toMatch(/^epoch 1, batch \d+$/);
});

test('a fold tells the times of training and of scoring, and how many samples they took', async () => {
  const timings = output(await done(fold, { model: coreOf(), fold: 0 }, { samples, split }), 'timings');
  expect(timings.texts('phase')).toEqual(['training', 'inference']);
  expect(Array.from(timings.numbers('samples'))).toEqual([32, 16]);
  expect(Math.min(...timings.numbers('seconds'))).toBeGreaterThan(0);
});

const search = artifact('selection', {
  columns: [
    { name: 'params', kind: 'text', values: ['{"units":5}', '{"units":6}'] },
    { name: 'selected', kind: 'number', values: Uint8Array.from([0, 1]) },
  ],
});

test('a fit takes the hyperparameters that the search chose, and those that are set over them', async () => {
  const params = { model, hyperparameters: { epochs: 3 } };
  const outputs = await done(fit, params, { samples, split, search });
  const weights = output(outputs, 'weights');
  const stored = JSON.parse(weights.metadata['model'] ?? '');
  expect(stored).toMatchObject({ name: 'small', title: 'Small', hyperparameters: { units: 6, rate: 0.02, epochs: 3 } });
  expect(weights.lists('shape').map((shape) => Array.from(shape))).toEqual([[16, 6], [6], [6, 4], [4]]);
  const history = output(outputs, 'history');
  expect(Array.from(history.numbers('epoch'))).toEqual([1, 2, 3]);
  expect(Array.from(history.numbers('validation_accuracy')).every(Number.isFinite)).toBe(true);
});

test('a fit has the same weights, bit for bit, in another run', async () => {
  const values = async () => {
    const weights = output(await done(fit, { model, hyperparameters: {} }, { samples, split }), 'weights');
    return weights.lists('values').map((one) => Array.from(one));
  };
  expect(await values()).toEqual(await values());
});

test('a fit that diverges is a failure that says where', async () => {
  const { result, outputs } = await run(fit, { model, hyperparameters: { rate: 1e38 } }, { samples, split });
  expect(result).toMatchObject({ ok: false, error: { code: 'fit-diverged' } });
  expect(outputs).toEqual({});
});

test('a model that does not fit the images is a failure that names the layer', async () => {
  const layers = [{ conv2d: { filters: 2, kernelSize: 3 } }, { flatten: {} }, ...model.layers];
  const { result } = await run(fit, { model: { ...model, layers }, hyperparameters: {} }, { samples, split });
  expect(result).toMatchObject({ ok: false, error: { code: 'model-shape' } });
  expect(result.ok ? '' : result.error.message).toContain('layer 1 (conv2d)');
});

const fitted = await done(fit, { model, hyperparameters: { epochs: 40 } }, { samples, split });
const weights = output(fitted, 'weights');

test('an evaluation scores the test rows, and writes down what was predicted for each', async () => {
  const outputs = await done(evaluate, { on: 'test', batchSize: 3 }, { weights, samples, split });
  const predictions = output(outputs, 'predictions');
  const labels = Array.from(predictions.numbers('label'));
  const predicted = Array.from(predictions.numbers('predicted'));
  expect(Array.from(predictions.numbers('id'))).toEqual(Array.from(all.subarray(40)));
  const accuracy = labels.filter((label, row) => label === predicted[row]).length / labels.length;
  expect(accuracy).toBeGreaterThan(0.8);
  const metrics = output(outputs, 'metrics');
  expect(metrics.numbers('value')[metrics.texts('metric').indexOf('accuracy')]).toBeCloseTo(accuracy, 12);
  for (let row = 0; row < predictions.rows; row++) {
    const probabilities = predictions.tensor('probabilities').row(row);
    expect(Array.from(probabilities).reduce((sum, one) => sum + one, 0)).toBeCloseTo(1, 5);
    expect(probabilities.indexOf(Math.max(...probabilities))).toBe(predicted[row]);
  }
});

test('the batch size of an evaluation changes no prediction', async () => {
  const predicted = async (batchSize: number) => {
    const outputs = await done(evaluate, { on: 'test', batchSize }, { weights, samples, split });
    return Array.from(output(outputs, 'predictions').numbers('predicted'));
  };
  expect(await predicted(1)).toEqual(await predicted(256));
});

test('a split of other samples is refused', async () => {
  const others = samplesWith(
    made.labels,
    Int32Array.from(all, (row) => row + 1),
  );
  const { result } = await run(evaluate, { on: 'test', batchSize: 8 }, { weights, samples: others, split });
  expect(result).toMatchObject({ ok: false, error: { code: 'split-mismatch' } });
});

test('an evaluation without rows is refused', async () => {
  const columns = [
    { name: 'id', kind: 'number', values: all },
    { name: 'role', kind: 'text', values: role.map((one) => (one === 'test' ? 'train' : one)) },
    { name: 'fold', kind: 'number', values: foldOf },
  ] as const;
  const without = artifact('split', { columns });
  const { result } = await run(evaluate, { on: 'test', batchSize: 8 }, { weights, samples, split: without });
  expect(result).toMatchObject({ ok: false, error: { code: 'evaluate-empty' } });
});
