// What the scheduler costs, and what a second worker gives: 108 and 1,000 trivial fold jobs over 2 workers, and a fixed set of
// folds of the study by 1 worker and by 2 in turns, with the machine's load. npm run bench:workers [-- rounds]
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { machine, root, runPipe, writeResult } from '../common.mjs';
import { fanProject } from './fan-project.mjs';

const rounds = Number(process.argv[2] ?? 5);
const work = mkdtempSync(join(tmpdir(), 'pipe-workers-'));

/** Seconds from the start of the first fold to the end of the last one, and their work: what passed inside the jobs. */
function folds(events) {
  const mine = events.filter(({ job }) => job?.includes(' fold '));
  const finished = mine.filter(({ type }) => type === 'job-finished');
  const from = Math.min(...mine.filter(({ type }) => type === 'job-started').map(({ at }) => at));
  const until = Math.max(...finished.map(({ at }) => at));
  return {
    jobs: finished.length,
    wall: (until - from) / 1000,
    inside: finished.reduce((sum, { seconds }) => sum + seconds, 0),
  };
}

const measurements = [];
function measure(row) {
  const load = Number(loadavg()[0].toFixed(2));
  measurements.push({ ...row, load });
  console.error(
    Object.entries({ ...row, load })
      .map(([name, value]) => `${name} ${value}`)
      .join('  '),
  );
}

function overhead(jobs, milliseconds) {
  const folder = mkdtempSync(join(work, 'fan-'));
  const { wall, inside } = folds(runPipe(fanProject(folder, jobs, milliseconds), '--workers', '2'));
  // Milliseconds a job that the run took longer than the jobs' work on two workers.
  const cost = (1000 * (wall - inside / 2)) / jobs;
  measure({ what: 'overhead', jobs, milliseconds, wall: Number(wall.toFixed(3)), overhead: Number(cost.toFixed(2)) });
}

const study = [join(root, 'pipelines/emnist.yaml'), 'search[mlp]', 'search[cnn]', '--set', 'samples=10000'];
const prepared = join(work, 'prepared');
runPipe(study[0], 'split', ...study.slice(3), '--store', prepared);

function scaling(workers) {
  const store = mkdtempSync(join(work, 'store-'));
  cpSync(prepared, store, { recursive: true, preserveTimestamps: true });
  const { jobs, wall } = folds(runPipe(...study, '--store', store, '--workers', String(workers)));
  rmSync(store, { recursive: true });
  measure({ what: 'folds', workers, jobs, wall: Number(wall.toFixed(2)) });
}

try {
  for (let round = 0; round < rounds; round++) {
    overhead(108, 0);
    overhead(108, 10);
    overhead(1000, 0);
    scaling(1);
    scaling(2);
  }
} finally {
  rmSync(work, { recursive: true, force: true });
}
writeResult(join(root, 'bench/results/workers.json'), {
  machine: machine(),
  versions: { node: process.versions.node },
  measurements,
});
