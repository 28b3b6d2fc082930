// Trains one model with pipe: node train-with-pipe.mjs FOLDER. Prints the seconds of the first step and of each epoch.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { computeClass } from '../../dist/src/backend/choice.js';
import { readDataset } from '../../dist/src/data/read-dataset.js';
import { createTrainer } from '../../dist/src/tensorflow/create-trainer.js';
import { buildNetwork } from '../../dist/src/tensorflow/network.js';
import { loadTensorFlow } from '../../dist/src/tensorflow/runtime.js';
import { train } from '../../dist/src/tensorflow/train.js';

const folder = process.argv[2];
const { core, size, epochs } = JSON.parse(readFileSync(join(folder, 'request.json'), 'utf8'));

function unwrap(result) {
  if (!result.ok) throw new Error(result.error.message);
  return result.value;
}

/** Images in memory in the form in which the trainer reads a mapped artifact. */
function imagesOf({ images, rows, height, width }) {
  const pixels = Uint8Array.from(images);
  const length = height * width;
  const row = (index) => pixels.subarray(index * length, (index + 1) * length);
  const gather = (wanted) => {
    const gathered = new Uint8Array(wanted.length * length);
    for (let position = 0; position < wanted.length; position++) gathered.set(row(wanted[position]), position * length);
    return gathered;
  };
  return { shape: [height, width], type: 'uint8', size: length, rows, row, gather };
}

const dataset = unwrap(await readDataset({ path: folder, dataset: 'any', subset: 'train' }));
const data = { images: imagesOf(dataset), scale: 255, labels: dataset.labels, classes: size.classes };
const tensorflow = unwrap(await loadTensorFlow(computeClass({ backend: 'native', build: 'cpu', threads: 1 })));
const network = unwrap(buildNetwork(core, size));
const rows = Int32Array.from({ length: dataset.rows }, (_, row) => row);
const training = { ...core.training, epochs };
const fit = { network, training, data, rows, seed: 1, signal: new AbortController().signal };

const start = performance.now();
const trainer = createTrainer(tensorflow, fit);
trainer.step(rows.subarray(0, training.batchSize), 1, training.optimizer.learningRate);
const firstStepSeconds = (performance.now() - start) / 1000;
trainer.dispose();

const rates = [];
/** The last report of an epoch is about all of it; the one at the very end has no rate. */
const onProgress = ({ epoch, samplesPerSecond }) => {
  if (samplesPerSecond !== undefined) rates[epoch - 1] = samplesPerSecond;
};
const trained = await train(tensorflow, { ...fit, onProgress, log: () => {} });
const epochSeconds = rates.map((rate) => dataset.rows / rate);
process.stdout.write(`${JSON.stringify({ firstStepSeconds, epochSeconds, loss: trained.history.at(-1).loss })}\n`);
process.exit(0);
