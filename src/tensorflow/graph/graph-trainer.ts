import { drawTransforms, numbersPerTransform } from '../augmentation.ts';
import { labelsOf, type TrainingData } from '../batches.ts';
import { firstWeights } from '../first-weights.ts';
import { scoredAtOnce } from '../predict.ts';
import type { NativeTensorFlow } from '../runtime.ts';
import { stepSeed } from '../step.ts';
import type { Fit, ScoredModel, Scorer, Trainer, TrainerState } from '../trainer.ts';
import { type LoadedGraph, loadGraph } from './graph-cache.ts';
import { createImageFeed, scoreRows } from './image-feed.ts';
import { names, type StepInput } from './names.ts';
import type { Feed } from './session.ts';
import type { GraphPlan } from './training-graph.ts';

/** Where the images lie while a graph runs: on a GPU all of them, else each batch is read from the mapped file. */
function placement(tensorflow: NativeTensorFlow, data: TrainingData): GraphPlan['images'] {
  return tensorflow.compute.device === 'gpu' ? { on: 'device', rows: data.images.rows } : { on: 'host' };
}

/** Trains by a graph that TensorFlow runs as one call a step. */
export function createGraphTrainer(tensorflow: NativeTensorFlow, fit: Fit): Trainer {
  const { network, data, training, seed } = fit;
  const count = fit.rows.length;
  const batchSizes = [...new Set([Math.min(training.batchSize, count), count % training.batchSize])].filter(
    (size) => size > 0,
  );
  const loaded = loadGraph(tensorflow, {
    network,
    training,
    ...(fit.classWeights === undefined ? {} : { weightedClasses: fit.classWeights.length }),
    pixels: data.images.type,
    images: fit.imagesOn === 'device' ? { on: 'device', rows: data.images.rows } : placement(tensorflow, data),
    batchSizes,
    scoredAtOnce,
  });
  const { graph, session } = loaded;
  const { optimizer } = graph;
  if (optimizer === undefined) throw new Error('the graph has no optimizer');
  const images = createImageFeed(loaded, data);
  const read = (variables: readonly string[]): Float32Array[] =>
    variables.length === 0 ? [] : (session.run({}, variables.map(names.get)) as Float32Array[]);
  const weightNames = network.weights.map((_, index) => names.weight(index));
  const restore = (state: TrainerState): void => setVariables(loaded, state);

  const first = firstWeights(fit);
  restore({
    weights: first.map(({ values }) => values),
    slots: first.map(({ values }, index) =>
      (graph.slots[index] ?? []).map((start) => new Float32Array(values.length).fill(start)),
    ),
  });
  return {
    step: (batch, step, learningRate) => {
      const size = batch.length;
      const scalars = Float32Array.from(optimizer.scalars(step, learningRate));
      const input = (name: StepInput): string => names.trainInput(size, name);
      const [scores] = session.run(
        {
          [input('pixels')]: images.feed(batch, size),
          [input('labels')]: { type: 'int32', shape: [size], values: labelsOf(data, batch) },
          [input('seed')]: { type: 'int32', shape: [2], values: stepSeed(seed, step) },
          [input('scalars')]: { type: 'float32', shape: [scalars.length], values: scalars },
          [names.scale]: images.scale,
          ...optionalFeeds(fit, size, step),
        },
        [names.trained(size)],
      );
      const [loss = Number.NaN, right = 0] = scores ?? [];
      return { loss, right };
    },
    predict: (wanted) => scoreRows(loaded, images, { data, rows: wanted, signal: fit.signal }),
    weights: () => {
      const values = read(weightNames);
      return network.weights.map(({ name, shape }, index) => ({ name, shape, values: values[index] as Float32Array }));
    },
    state: () => ({
      weights: read(weightNames),
      slots: graph.slots.map((own, index) => read(own.map((_, slot) => names.slot(index, slot)))),
    }),
    restore,
    dispose: loaded.release,
  };
}

/** What a step takes only where the fit asks for it. */
function optionalFeeds({ classWeights, training, seed, network }: Fit, count: number, step: number) {
  const { augmentation } = training;
  const feeds: Record<string, Feed> = {};
  if (classWeights !== undefined) {
    const feed = { type: 'float32', shape: [classWeights.length], values: classWeights } as const;
    feeds[names.trainInput(count, 'class_weights')] = feed;
  }
  if (augmentation !== undefined) {
    const values = drawTransforms(augmentation, { seed, step, count, ...network.image });
    const feed = { type: 'float32', shape: [count, numbersPerTransform], values } as const;
    feeds[names.trainInput(count, 'transforms')] = feed;
  }
  return feeds;
}

/** Scores rows by a graph, with weights of its own. */
export function createGraphScorer(
  tensorflow: NativeTensorFlow,
  { network, weights, data, batchSize, signal }: ScoredModel,
): Scorer {
  const loaded = loadGraph(tensorflow, {
    network,
    pixels: data.images.type,
    images: placement(tensorflow, data),
    batchSizes: [],
    scoredAtOnce: batchSize,
  });
  setVariables(loaded, { weights: weights.map(({ values }) => values), slots: [] });
  const images = createImageFeed(loaded, data);
  return { predict: (rows) => scoreRows(loaded, images, { data, rows, signal }), dispose: loaded.release };
}

function setVariables({ graph, session }: LoadedGraph, state: TrainerState): void {
  const values = new Map<string, Float32Array | undefined>();
  state.weights.forEach((weight, index) => {
    values.set(names.weight(index), weight);
    state.slots[index]?.forEach((slot, place) => {
      values.set(names.slot(index, place), slot);
    });
  });
  const feeds = graph.variables.map(({ name, shape }): [string, Feed] => {
    const value = values.get(name);
    if (value === undefined) throw new Error(`no value for ${name}`);
    return [names.set(name), { type: 'float32', shape, values: value }];
  });
  session.run(Object.fromEntries(feeds), [names.assigned]);
}
