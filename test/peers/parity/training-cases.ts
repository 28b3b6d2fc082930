import type { ModelCore, ResolvedLayer } from '../../../src/model/description.ts';
import {
  isOptimizer,
  type OptimizerName,
  type OptimizerSetting,
  optimizerDefaults,
} from '../../../src/model/optimizers.ts';
import { createRandom } from '../../../src/util/random.ts';
import type { Images } from './images.ts';
import { studyModels } from './study-models.ts';

export const batchSize = 32;
export const steps = 50;

/** A model with an optimizer, trained from the same weights on the same batches on both sides. */
export interface TrainingCase extends Pick<ModelCore, 'input' | 'layers'> {
  readonly name: string;
  readonly optimizer: OptimizerSetting;
  readonly loss: string;
  /** Keras trains it a second time, from weights that are 1e-7 off: how far does it get from itself? */
  readonly twice?: true;
}

/** The rows of each step. */
export function stepRows(): readonly Int32Array[] {
  const order = createRandom('parity', 'batches').permutation(steps * batchSize);
  return Array.from({ length: steps }, (_, step) => order.slice(step * batchSize, (step + 1) * batchSize));
}

/** Each model of the study with Adam, and a small MLP and a small CNN with each optimizer. */
export function trainingCases(images: Images): readonly TrainingCase[] {
  const study = [...studyModels(images)].map(([name, { input, layers, training }]) => ({
    name: `${name} of the study, adam`,
    input,
    layers,
    optimizer: setting('adam'),
    loss: training.loss,
    twice: true as const,
  }));
  const small = smallModels(images.classes).flatMap((model) =>
    optimizers().map(({ label, optimizer }) => ({
      ...model,
      name: `${model.name}, ${label}`,
      optimizer,
      loss: 'sparseCategoricalCrossentropy',
    })),
  );
  return [...study, ...small];
}

function setting(name: OptimizerName, constants: object = {}): OptimizerSetting {
  return { name, ...optimizerDefaults[name], ...constants } as OptimizerSetting;
}

/** Every optimizer that pipe has, with Keras's defaults, and the variants of those that have some. */
function optimizers(): readonly { readonly label: string; readonly optimizer: OptimizerSetting }[] {
  const plain = Object.keys(optimizerDefaults).filter(isOptimizer);
  return [
    ...plain.map((name) => ({ label: name, optimizer: setting(name) })),
    { label: 'sgd with momentum', optimizer: setting('sgd', { momentum: 0.9 }) },
    { label: 'sgd with Nesterov momentum', optimizer: setting('sgd', { momentum: 0.9, nesterov: true }) },
    { label: 'rmsprop with momentum', optimizer: setting('rmsprop', { momentum: 0.5 }) },
    { label: 'rmsprop centered', optimizer: setting('rmsprop', { centered: true }) },
    { label: 'ftrl with regularization', optimizer: setting('ftrl', { learningRate: 0.1, l1: 0.001, l2: 0.01 }) },
  ];
}

function smallModels(classes: number): readonly Pick<TrainingCase, 'name' | 'input' | 'layers'>[] {
  const layer = (name: string, config: ResolvedLayer['config'] = {}): ResolvedLayer => ({ layer: name, config });
  const end = layer('dense', { units: classes, activation: 'softmax' });
  const convolution = layer('conv2d', { filters: 8, kernelSize: 3, activation: 'relu' });
  return [
    { name: 'small MLP', input: 'flat', layers: [layer('dense', { units: 32, activation: 'tanh' }), end] },
    {
      name: 'small CNN',
      input: 'image',
      layers: [convolution, layer('maxPooling2d', { poolSize: 2 }), layer('flatten'), end],
    },
  ];
}
