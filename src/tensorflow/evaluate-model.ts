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

export interface ModelRun {
  readonly model: ModelCore;
  readonly weights: readonly WeightValues[];
  readonly data: StudyData;
  readonly rows: Int32Array;
  readonly batchSize: number;
  readonly compute: ComputeClass;
  readonly signal: AbortSignal;
}

/** Runs a stored model over rows. The time is that of the rows alone, after one batch to warm up. */
export async function evaluateModel(
  request: Omit<ModelRun, 'weights'> & { readonly weights: Artifact },
): Promise<Result<Prediction & { readonly seconds: number }>> {
  return runModel({ ...request, weights: readWeights(request.weights) });
}

/** Runs a model with given weights over rows. */
export async function runModel(request: ModelRun): Promise<Result<Prediction & { readonly seconds: number }>> {
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
    return ok({ ...prediction, seconds: (performance.now() - started) / 1000 });
  } finally {
    scorer.dispose();
  }
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
