import type { ModelDescription } from '../../src/model/description.ts';

/** A model that uses all that a description can say. */
export const example: ModelDescription = {
  name: 'reader',
  title: 'Reader',
  input: 'image',
  layers: [
    { conv2d: { filters: 8, kernelSize: [3, 3], activation: '${hyper.activation}' } },
    { maxPooling2d: { poolSize: 2 } },
    { flatten: {} },
    { dense: { units: '${hyper.units / 2}', activation: '${hyper.activation}' } },
    { dropout: { rate: '${hyper.dropout}' } },
    { dense: { units: '${data.classes}', activation: 'softmax' } },
  ],
  training: {
    optimizer: '${hyper.optimizer}',
    learningRate: '${hyper.learningRate}',
    batchSize: '${hyper.batchSize}',
    epochs: 3,
  },
  hyperparameters: {
    activation: 'relu',
    units: 64,
    dropout: 0.3,
    optimizer: 'adam',
    learningRate: null,
    batchSize: 32,
  },
};

export const data = { classes: 62, height: 28, width: 28 };
