// Samples per second of pipe's trainer and of Keras's fit, in turns: the same model, batch size and data, one thread, one
// core, each measurement in a process of its own, the first epoch left out.
//   npm run build && node bench/train/train.mjs [--samples 6000] [--rounds 5] [--models mlp,cnn,lstm] [--batches 32,128]
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import * as common from '../common.mjs';

const { values: options } = parseArgs({
  options: {
    samples: { type: 'string', default: '6000' },
    rounds: { type: 'string', default: '5' },
    models: { type: 'string', default: 'mlp,cnn,lstm' },
    batches: { type: 'string', default: '32,128' },
    out: { type: 'string', default: join(common.root, 'bench/results/train.json') },
  },
});
const samples = Number(options.samples);
/** One to warm up, one to measure; the rounds give the spread. */
const epochs = 2;

function measure(python, side, folder) {
  const program = side === 'pipe' ? 'train-with-pipe.mjs' : 'train_with_keras.py';
  const path = join(common.root, 'bench/train', program);
  const [command, words] = common.pinned(side === 'pipe' ? process.execPath : python, [path, folder]);
  const measured = common.lastLine(common.runProgram(command, words, { env: common.environment(1) }));
  return { ...measured, samplesPerSecond: samples / common.median(measured.epochSeconds.slice(1)) };
}

function measureAll(python, folder, size) {
  const measurements = [];
  const cases = options.models
    .split(',')
    .flatMap((model) => options.batches.split(',').map((batch) => ({ model, batchSize: Number(batch) })));
  for (let round = 1; round <= Number(options.rounds); round++) {
    for (const { model, batchSize } of cases) {
      const core = common.studyModel(model, { epochs, batchSize }, size);
      writeFileSync(join(folder, 'request.json'), JSON.stringify({ core, size, epochs }));
      for (const side of ['pipe', 'keras']) {
        const measured = measure(python, side, folder);
        measurements.push({ model, batchSize, side, round, ...measured });
        console.error(
          `round ${round}, ${model}, batch ${batchSize}, ${side}: ${measured.samplesPerSecond.toFixed(0)}/s`,
        );
      }
    }
  }
  return measurements;
}

const folder = mkdtempSync(join(tmpdir(), 'pipe-bench-'));
try {
  const python = common.findPython(folder);
  const size = await common.writeImages(folder, samples);
  const measurements = measureAll(python, folder, size);
  const result = { bench: 'train', ...common.circumstances(python), settings: { samples, epochs }, measurements };
  common.writeResult(options.out, result);
  const { trainTable } = await import('../tables.mjs');
  console.log(trainTable(result));
} finally {
  rmSync(folder, { recursive: true });
}
