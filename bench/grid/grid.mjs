// Seconds of the same grid search, wall to wall with start-up: `pipe run` in a fresh store, and scikeras with GridSearchCV
// on one and on two jobs, in turns. 24 fits (eight combinations, three folds), then one on all rows.
//   npm run build && node bench/grid/grid.mjs [--samples 6000] [--epochs 3] [--rounds 3] [--models mlp,cnn,lstm]
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import * as common from '../common.mjs';
import { gridTable } from '../tables.mjs';

const { values: options } = parseArgs({
  options: {
    samples: { type: 'string', default: '6000' },
    epochs: { type: 'string', default: '3' },
    rounds: { type: 'string', default: '3' },
    models: { type: 'string', default: 'mlp,cnn,lstm' },
    out: { type: 'string', default: join(common.root, 'bench/results/grid.json') },
  },
});
const { samples, epochs } = options;

const sides = {
  pipe: searchWithPipe,
  'scikeras, n_jobs 1': (python, folder, model) => searchWithScikeras(python, folder, model, 1),
  'scikeras, n_jobs 2': (python, folder, model) => searchWithScikeras(python, folder, model, 2),
};

function searchWithPipe(_, folder, model) {
  const store = mkdtempSync(join(folder, 'store-'));
  const params = Object.entries({ model, samples, epochs }).flatMap(([name, value]) => ['--set', `${name}=${value}`]);
  const words = ['run', 'bench/grid/grid.yaml', '--store', store, '--device', 'cpu', '--json', ...params];
  const env = { ...common.environment(), PIPE_DATA: folder };
  const output = common.runProgram(process.execPath, [join(common.root, 'dist/src/cli/main.js'), ...words], { env });
  rmSync(store, { recursive: true });
  const events = output
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  const ofSearch = events.filter(({ stage }) => stage === 'search');
  const { jobs, cachedJobs } = ofSearch.find(({ type }) => type === 'stage-started');
  // The job that collects the folds tells the best mean last.
  const accuracy = ofSearch.map(({ progress }) => progress?.score).findLast((score) => score !== undefined);
  return { fits: jobs - cachedJobs, accuracy };
}

function searchWithScikeras(python, folder, model, jobs) {
  const program = join(common.root, 'bench/grid/search_with_scikeras.py');
  const words = [program, folder, model, epochs, `${jobs}`];
  return common.lastLine(common.runProgram(python, words, { env: common.environment() }));
}

function measureAll(python, folder) {
  const measurements = [];
  for (let round = 1; round <= Number(options.rounds); round++) {
    for (const model of options.models.split(',')) {
      for (const [side, search] of Object.entries(sides)) {
        const start = performance.now();
        const answer = search(python, folder, model);
        const seconds = (performance.now() - start) / 1000;
        measurements.push({ model, side, round, seconds, ...answer });
        const made = `${answer.fits} fits, best ${answer.accuracy.toFixed(4)}`;
        console.error(`round ${round}, ${model}, ${side}: ${seconds.toFixed(1)} s (${made})`);
      }
    }
  }
  return measurements;
}

const folder = mkdtempSync(join(tmpdir(), 'pipe-bench-'));
try {
  const python = common.findPython(folder);
  await common.writeImages(folder, Number(samples));
  const measurements = measureAll(python, folder);
  const settings = { samples: Number(samples), epochs: Number(epochs) };
  const result = { bench: 'grid', ...common.circumstances(python), settings, measurements };
  common.writeResult(options.out, result);
  console.log(gridTable(result));
} finally {
  rmSync(folder, { recursive: true });
}
