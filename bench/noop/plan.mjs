// pipe alone, with more and more finished stages (a matrix over chains of ten): the run and the plan with nothing to do,
// where each stage's fingerprint is taken and its record read. npm run bench:plan [-- most stages]
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { machine, root, runProgram, writeResult } from '../common.mjs';
import { manyStages } from './projects.mjs';

const most = Number(process.argv[2] ?? 10_000);
const cli = join(root, 'dist/src/cli/main.js');
const { PIPE_STORE: _, ...env } = process.env;

/** Wall time from start to exit of `pipe COMMAND`, in seconds. It must end well. */
function time(folder, ...programArguments) {
  const started = performance.now();
  const { status, stderr } = spawnSync(process.execPath, [cli, ...programArguments], {
    cwd: folder,
    env,
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
  });
  const seconds = (performance.now() - started) / 1000;
  if (status !== 0) throw new Error(`pipe ${programArguments.join(' ')} ended with ${status}:\n${stderr}`);
  return seconds;
}

const measurements = [];
for (const stages of [100, 1000, 10_000].filter((count) => count <= most)) {
  const folder = mkdtempSync(join(tmpdir(), 'pipe-plan-'));
  try {
    manyStages(folder, stages, 'matrix');
    const firstRun = time(folder, 'run', 'pipeline.yaml', '--quiet');
    for (let round = 0; round < 5; round++) {
      const run = time(folder, 'run', 'pipeline.yaml', '--quiet');
      // With --exit-code a plan that finds anything to do ends with another code than 0.
      const plan = time(folder, 'plan', 'pipeline.yaml', '--exit-code');
      measurements.push({ stages, firstRun, run, plan });
      console.error(`${stages}  first run ${firstRun.toFixed(2)}  run ${run.toFixed(3)}  plan ${plan.toFixed(3)}`);
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

writeResult(join(root, 'bench/results/plan.json'), {
  machine: machine(),
  versions: {
    pipe: runProgram(process.execPath, [cli, '--version'], { env }).trim(),
    node: process.versions.node,
  },
  settings: { rounds: 5 },
  measurements,
});
