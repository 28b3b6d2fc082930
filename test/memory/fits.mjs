// A hundred fits of the study's models in one process, as a worker runs them: memory that is not shared file pages stays
// below 400 MiB and does not grow, no tensor is left, and the samples are mapped, not copied. Needs `npm run build` and
// `pipe setup`; ends with a line `N passed, N failed`.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parse } from 'yaml';
import { openArtifact } from '../../dist/src/artifact/reader.js';
import { writeArtifact } from '../../dist/src/artifact/writer.js';
import { computeClass } from '../../dist/src/backend/choice.js';
import { resolveModel } from '../../dist/src/model/description.js';
import { buildNetwork } from '../../dist/src/tensorflow/network.js';
import { loadTensorFlow } from '../../dist/src/tensorflow/runtime.js';
import { train } from '../../dist/src/tensorflow/train.js';
import { createRandom } from '../../dist/src/util/random.js';

const fits = 100;
const size = { height: 28, width: 28, classes: 62 };
/** 300 MiB of pixels: a copy of them would not go unseen. */
const stored = 400_000;
/** Memory of this process that is not a file's, in MiB, by the kernel's own account. */
function memory() {
  const status = readFileSync('/proc/self/status', 'utf8');
  return Number(/RssAnon:\s+(\d+)/.exec(status)[1]) / 1024;
}

function unwrap(result) {
  if (!result.ok) throw new Error(result.error.message);
  return result.value;
}

if (process.argv[2] !== undefined) {
  const values = new Uint8Array(stored * 784);
  for (let index = 0; index < values.length; index++) values[index] = index % 251;
  const written = { name: 'image', kind: 'tensor', shape: [28, 28], values };
  unwrap(writeArtifact(process.argv[2], 'samples', { columns: [written] }));
  process.exit();
}

const random = createRandom('memory');
const folder = mkdtempSync(path.join(tmpdir(), 'pipe-memory-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
const file = path.join(folder, 'samples');
// In a process of its own: what the writing takes is not what is measured.
execFileSync(process.execPath, [process.argv[1], file]);
const labels = Uint8Array.from({ length: stored }, (_, row) => row % size.classes);

/** The study's models with the values of its grids, one after the other. */
const { models } = parse(readFileSync('pipelines/emnist.yaml', 'utf8'));
const variants = [
  ['mlp', (n) => ({ activation: ['relu', 'tanh', 'sigmoid'][n % 3], units2: [392, 261, 196][n % 3] })],
  ['cnn', (n) => ({ dropout: [0.3, 0.5][n % 2], optimizer: ['adam', 'rmsprop', 'nadam', 'ftrl', 'adadelta'][n % 5] })],
  ['lstm', (n) => ({ units: [50, 100, 150][n % 3], dropout: [0.1, 0.2, 0.3][Math.floor(n / 3) % 3] })],
  ['cnn-lstm', (n) => ({ units: [64, 96, 128][n % 3], dropout: [0.1, 0.3][n % 2] })],
];

const compute = computeClass({ backend: 'native', build: 'cpu', threads: 1 });
const tensorflow = unwrap(await loadTensorFlow(compute));
const measured = [];
for (let fit = 0; fit < fits; fit++) {
  const [name, vary] = variants[fit % variants.length];
  const description = { name, ...models[name] };
  const hyper = {
    ...description.hyperparameters,
    epochs: 1,
    batchSize: 128,
    ...vary(Math.floor(fit / variants.length)),
  };
  const model = unwrap(resolveModel(description, hyper, size));
  const images = unwrap(openArtifact(file)).tensor('image');
  const rows = random.permutation(stored).slice(0, 300 + (fit % 3));
  await train(tensorflow, {
    network: unwrap(buildNetwork(model, size)),
    training: model.training,
    data: { images, scale: 255, labels, classes: size.classes },
    rows,
    validation: { rows: rows.slice(0, 100), when: 'end' },
    seed: fit,
    signal: new AbortController().signal,
    onProgress: () => {},
  });
  measured.push(memory());
  if (fit % 10 === 9) console.log(`after ${fit + 1} fits: ${Math.round(measured.at(-1))} MiB`);
}

const checks = [
  ['own memory stays below 400 MiB', Math.max(...measured), 400],
  // The first forty fits meet all models and values; what comes after them finds all there.
  ['it grows by less than 20 MiB from the 40th to the 100th fit', measured.at(-1) - measured[39], 20],
  ['no tensor is left', tensorflow.tf.memory().numTensors, 1],
];
let failed = 0;
for (const [what, value, limit] of checks) {
  if (!(value < limit)) failed++;
  console.log(`${value < limit ? 'ok' : 'NOT OK'}: ${what} (${Math.round(value)}, limit ${limit})`);
}
console.log(`${checks.length - failed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
