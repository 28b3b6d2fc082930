// What strategies cost beside the whole grid, and whether they find its winner: the same grids of the study's MLP and CNN by each
// strategy in a store of its own. npm run bench:search [-- seeds]
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openArtifact } from '../../dist/src/artifact/reader.js';
import { standardErrorOf } from '../../dist/src/search/select.js';
import { machine, root, runPipe, writeResult } from '../common.mjs';

const seeds = Number(process.argv[2] ?? 2);
const work = mkdtempSync(join(tmpdir(), 'pipe-search-'));
const pipeline = join(root, 'pipelines/emnist.yaml');

const grids = {
  quick: { model: 'cnn', epochs: 3, grid: '{dropout: [0.3, 0.5]}' },
  'mid-size': {
    model: 'mlp',
    epochs: 12,
    grid: '{units1: [128, 784], units2: [64, 392], activation: [relu, sigmoid, tanh], optimizer: [adam, sgd]}',
  },
};
const strategies = [
  'grid',
  '{halving: {factor: 3}}',
  '{halving: {factor: 4}}',
  '{asha: {factor: 3}}',
  'racing',
  'coordinate',
  '{tpe: {combinations: 8, startup: 4}}',
];

/** The selection of the newest run: params, fold scores and whether it was chosen, of whole fits. */
function selectionOf(store, stage, epochs) {
  const [newest] = readdirSync(join(store, 'runs')).sort().reverse();
  const { stages } = JSON.parse(readFileSync(join(store, 'runs', newest, 'manifest.json'), 'utf8'));
  const { digest } = stages[stage].outputs.selection;
  const artifact = openArtifact(join(store, 'cas/sha256', digest.slice(0, 2), digest)).value;
  const folds = artifact.columns
    .filter((name) => /^split\d+_test_score$/.test(name))
    .map((name) => artifact.numbers(name));
  const until = artifact.has('pipe_epochs') ? artifact.numbers('pipe_epochs') : undefined;
  return artifact
    .texts('params')
    .flatMap((params, row) =>
      until !== undefined && until[row] !== epochs
        ? []
        : [{ params, scores: folds.map((values) => values[row]), selected: artifact.numbers('selected')[row] === 1 }],
    );
}

/** Epochs that were trained on folds: a fit that goes on from a checkpoint trains what is new only. */
function foldEpochs(events, epochs) {
  const furthest = new Map();
  for (const { type, job } of events) {
    if (type !== 'job-finished' || !job.includes(' fold ')) continue;
    const [, name, until] = /^(.*?)(?: to epoch (\d+))?$/.exec(job);
    furthest.set(name, Math.max(furthest.get(name) ?? 0, Number(until ?? epochs)));
  }
  return [...furthest.values()].reduce((sum, value) => sum + value, 0);
}

const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;
const measurements = [];
try {
  for (const [name, { model, epochs, grid }] of Object.entries(grids)) {
    for (let seed = 1; seed <= seeds; seed++) {
      const set = [
        '--set',
        `seed=${seed}`,
        '--set',
        'samples=4000',
        '--set',
        `epochs=${epochs}`,
        '--set',
        `grid.${model}=${grid}`,
      ];
      const prepared = join(work, `${name}-${seed}`);
      runPipe(pipeline, 'split', ...set, '--store', prepared);
      let whole;
      for (const strategy of strategies) {
        const store = join(work, 'store');
        cpSync(prepared, store, { recursive: true, preserveTimestamps: true });
        const stage = `search[${model}]`;
        const events = runPipe(pipeline, stage, ...set, '--set', `strategy.${model}=${strategy}`, '--store', store);
        const rows = selectionOf(store, stage, epochs);
        rmSync(store, { recursive: true });
        whole ??= rows;
        const best = whole.find(({ selected }) => selected);
        const chosen = rows.find(({ selected }) => selected);
        // Judged by the scores of the whole grid, which had the same folds.
        const judged = whole.find(({ params }) => params === chosen?.params) ?? { scores: [Number.NaN] };
        const behind = mean(best.scores) - mean(judged.scores);
        const row = {
          grid: name,
          seed,
          strategy,
          foldEpochs: foldEpochs(events, epochs),
          seconds: Number(events.at(-1).seconds.toFixed(1)),
          same: chosen?.params === best.params,
          behind: Number(behind.toFixed(4)),
          standardError: Number(standardErrorOf(best.scores).toFixed(4)),
        };
        measurements.push(row);
        console.error(
          Object.entries(row)
            .map(([key, value]) => `${key} ${value}`)
            .join('  '),
        );
      }
    }
  }
} finally {
  rmSync(work, { recursive: true, force: true });
}
writeResult(join(root, 'bench/results/search.json'), {
  machine: machine(),
  versions: { node: process.versions.node },
  measurements,
});
