import { mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { execa } from 'execa';
import type { RunEvent } from '../../src/events/event.ts';
import { createRandom } from '../../src/util/random.ts';

/** The built command line. */
export const program = resolve('dist/src/cli/main.js');

/** Gzip-free IDX files of EMNIST's names: each class a block of ink at a place of its own, with noise. */
export function writeData(folder: string, rows = 480): void {
  const random = createRandom(11, 'end-to-end');
  const images = Buffer.alloc(16 + rows * 784);
  const labels = Buffer.alloc(8 + rows);
  for (const [index, value] of [2051, rows, 28, 28].entries()) images.writeUInt32BE(value, 4 * index);
  for (const [index, value] of [2049, rows].entries()) labels.writeUInt32BE(value, 4 * index);
  for (let row = 0; row < rows; row++) {
    const label = row % 12;
    labels[8 + row] = label;
    for (let pixel = 0; pixel < 784; pixel++) {
      const inside = Math.floor(pixel / 28 / 7) === Math.floor(label / 4) && Math.floor((pixel % 28) / 7) === label % 4;
      images[16 + row * 784 + pixel] = (inside ? 150 : 0) + random.below(100);
    }
  }
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'emnist-byclass-train-images-idx3-ubyte'), images);
  writeFileSync(join(folder, 'emnist-byclass-train-labels-idx1-ubyte'), labels);
}

export const pipelineText = `pipeline: small
params:
  seed: 3
  epochs: 2
  grid: {wide: {units: [24, 32]}, dropping: {dropout: [0.1, 0.3]}}
models:
  wide:
    input: flat
    layers:
      - dense: {units: "\${hyper.units}", activation: relu}
      - dense: {units: "\${data.classes}", activation: softmax}
    training: {optimizer: adam, learningRate: 0.01, batchSize: 16, epochs: "\${hyper.epochs}"}
    hyperparameters: {units: 24, epochs: "\${params.epochs}"}
  dropping:
    input: sequence
    layers:
      - lstm: {units: 16}
      - dropout: {rate: "\${hyper.dropout}"}
      - dense: {units: "\${data.classes}", activation: softmax}
    training: {optimizer: rmsprop, batchSize: 16, epochs: "\${hyper.epochs}"}
    hyperparameters: {dropout: 0.1, epochs: "\${params.epochs}"}
stages:
  ingest: {uses: ingest, with: {dataset: emnist-byclass, sources: [{folder: data}]}}
  normalise: {uses: normalise, from: {samples: ingest}}
  split: {uses: split, from: {samples: normalise}, with: {test: 0.2, validation: 0.2, folds: 2}}
  search:
    matrix: {model: [wide, dropping]}
    uses: grid-search
    from: {samples: normalise, split: split}
    with: {model: "\${matrix.model}", grid: "\${params.grid[matrix.model]}"}
  fit:
    matrix: {model: [wide, dropping]}
    uses: fit
    from: {samples: normalise, split: split, search: "search[\${matrix.model}]"}
    with: {model: "\${matrix.model}"}
  evaluate:
    matrix: {model: [wide, dropping]}
    uses: evaluate
    from: {weights: "fit[\${matrix.model}]", samples: normalise, split: split}
  report:
    uses: report
    from:
      metrics: "evaluate[*].metrics"
      predictions: "evaluate[*].predictions"
      confusion: "evaluate[*].confusion"
      search: "search[*].selection"
      cv: "search[*].results"
      fit: "fit[*].weights"
      history: "fit[*].history"
      timings: ["fit[*].timings", "evaluate[*].timings"]
      samples: normalise
      split: split
`;

/** A folder with data and a pipeline. */
export function makeStudy(text = pipelineText): {
  readonly folder: string;
  readonly file: string;
  readonly store: string;
} {
  const folder = mkdtempSync(join(tmpdir(), 'pipe-study-'));
  writeFileSync(join(folder, 'package.json'), '{}');
  writeData(join(folder, 'data'));
  const file = join(folder, 'small.yaml');
  writeFileSync(file, text);
  return { folder, file, store: join(folder, 'artifacts') };
}

/** Environment without what the machine's own settings would change. */
export function cleanEnvironment(over: Readonly<Record<string, string>> = {}): Record<string, string> {
  const { PIPE_DATA: _, PIPE_STORE: __, ...rest } = process.env as Record<string, string>;
  return { ...rest, ...over };
}

/** Starts `pipe` with arguments; the result is never an exception. */
export function start(
  args: readonly string[],
  options: { readonly cwd?: string; readonly env?: Record<string, string> } = {},
) {
  // Not execaNode: it would put node's own folder into PATH, and with it all that lies there.
  return execa(process.execPath, [program, ...args], {
    cwd: options.cwd ?? process.cwd(),
    env: options.env ?? cleanEnvironment(),
    extendEnv: false,
    reject: false,
    cleanup: false,
  });
}

export interface FinishedRun {
  readonly exitCode: number | undefined;
  readonly events: readonly RunEvent[];
  readonly stderr: string;
  /** Ids of the jobs that ran, in alphabetical order. */
  readonly ran: readonly string[];
}

export function parseEvents(stdout: string): RunEvent[] {
  return stdout
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line) as RunEvent);
}

/** Runs a study to its end and tells what happened. */
export async function run(study: { readonly file: string }, ...args: readonly string[]): Promise<FinishedRun> {
  const { exitCode, stdout, stderr } = await start(['run', study.file, '--json', '--workers', '2', ...args]);
  const events = parseEvents(stdout);
  const ran = events.flatMap((event) => (event.type === 'job-finished' && !event.cached ? [event.job] : [])).sort();
  return { exitCode, events, stderr, ran };
}

const measured = ['timings', 'results', 'report'];

/** Digests of what the newest run made, without what holds measured times. */
export function reproducibleDigests(store: string): Record<string, string> {
  const newest = readdirSync(join(store, 'runs')).sort().at(-1) ?? '';
  const manifest = JSON.parse(readFileSync(join(store, 'runs', newest, 'manifest.json'), 'utf8')) as {
    stages: Record<string, { outputs: Record<string, { digest: string }> }>;
  };
  return Object.fromEntries(
    Object.entries(manifest.stages).flatMap(([stage, { outputs }]) =>
      Object.entries(outputs).flatMap(([slot, { digest }]) =>
        measured.includes(slot) ? [] : [[`${stage}.${slot}`, digest]],
      ),
    ),
  );
}
