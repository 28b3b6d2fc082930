import type { Artifact } from '../artifact/reader.ts';
import { failure } from '../errors/failure.ts';
import type { ModelCore } from '../model/description.ts';
import type { ComputeClass } from '../stage/stage-kind.ts';
import { err, ok, type Result } from '../util/result.ts';
import { createScorer } from './create-trainer.ts';
import { buildNetwork, type Network, type WeightValues } from './network.ts';
import type { Prediction } from './predict.ts';
import { loadTensorFlow } from './runtime.ts';
import type { StudyData } from './study-data.ts';
import { readWeights } from './tables.ts';
import type { Scorer } from './trainer.ts';

export interface ModelRun {
  readonly model: ModelCore;
  readonly weights: readonly WeightValues[];
  readonly data: StudyData;
  readonly rows: Int32Array;
  readonly batchSize: number;
  readonly compute: ComputeClass;
  readonly signal: AbortSignal;
  /** Measure also how long single calls take. */
  readonly latency?: boolean;
}

/** What a model made of rows, and how long that took. */
export interface RanModel extends Prediction {
  readonly seconds: number;
  /** Seconds of single calls with one row and with a whole batch; empty where that was not asked for. */
  readonly calls: { readonly one: readonly number[]; readonly batch: readonly number[] };
}

/** Calls that a latency is taken of, and seconds after which it is enough. */
const mostCalls = 50;
const longestCalls = 0.5;

/** Runs a stored model over rows. The time is that of the rows alone, after one batch to warm up. */
export async function evaluateModel(
  request: Omit<ModelRun, 'weights' | 'latency'> & { readonly weights: Artifact },
): Promise<Result<RanModel>> {
  return runModel({ ...request, weights: readWeights(request.weights), latency: true });
}

/** Runs a model with given weights over rows. */
export async function runModel(request: ModelRun): Promise<Result<RanModel>> {
  const loaded = await loadTensorFlow(request.compute);
  if (!loaded.ok) return loaded;
  const tensorflow = loaded.value;
  const { data, rows, batchSize, signal } = request;
  const network = buildNetwork(request.model, data);
  if (!network.ok) return network;
  const { weights } = request;
  const misfit = weightMisfit(network.value, weights);
  if (misfit !== undefined)
    return err(failure('weights-shape', misfit, { hint: 'evaluate with the samples that the model was fitted on' }));
  const scorer = createScorer(tensorflow, { network: network.value, weights, data, batchSize, signal });
  try {
    await scorer.predict(rows.subarray(0, batchSize));
    const started = performance.now();
    const prediction = await scorer.predict(rows);
    const seconds = (performance.now() - started) / 1000;
    if (request.latency !== true) return ok({ ...prediction, seconds, calls: { one: [], batch: [] } });
    const batch = rows.length < batchSize ? [] : await timedCalls(scorer, rows, batchSize);
    // A scorer for one row: that of batches fills a smaller one up.
    const single = createScorer(tensorflow, { network: network.value, weights, data, batchSize: 1, signal });
    try {
      return ok({ ...prediction, seconds, calls: { one: await timedCalls(single, rows, 1), batch } });
    } finally {
      single.dispose();
    }
  } finally {
    scorer.dispose();
  }
}

/** Seconds of calls with so many rows, each with others, after some to warm up. */
async function timedCalls(scorer: Scorer, rows: Int32Array, size: number): Promise<number[]> {
  const times: number[] = [];
  const begun = performance.now();
  for (let call = -3; call < mostCalls; call++) {
    const first = ((call + 3) * size) % Math.max(1, rows.length - size + 1);
    const started = performance.now();
    await scorer.predict(rows.subarray(first, first + size));
    if (call >= 0) times.push((performance.now() - started) / 1000);
    if (call >= 2 && performance.now() - begun > 1000 * longestCalls) break;
  }
  return times;
}

function weightMisfit(
  network: Network,
  stored: readonly { readonly name: string; readonly shape: readonly number[] }[],
): string | undefined {
  const text = (list: readonly { readonly name: string; readonly shape: readonly number[] }[]): string =>
    list.map(({ name, shape }) => `${name} [${shape.join(', ')}]`).join(', ');
  return text(network.weights) === text(stored)
    ? undefined
    : `the model wants the weights ${text(network.weights)}, got ${text(stored)}`;
}
