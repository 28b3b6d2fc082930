import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';
import { TENSORFLOW_VERSION } from '../dist/src/backend/pins.js';
import { drawHandwriting } from '../dist/src/data/drawn.js';
import { findDrawnPackages } from '../dist/src/data/drawn-packages.js';
import { resolveModel } from '../dist/src/model/description.js';

export const root = fileURLToPath(new URL('..', import.meta.url));

/** The environment of both sides: one thread where `threads` says so, no GPU, no chatter. */
export function environment(threads) {
  const limits =
    threads === undefined
      ? {}
      : { OMP_NUM_THREADS: `${threads}`, TF_NUM_INTRAOP_THREADS: `${threads}`, TF_NUM_INTEROP_THREADS: `${threads}` };
  return {
    ...process.env,
    ...limits,
    KERAS_BACKEND: 'tensorflow',
    TF_CPP_MIN_LOG_LEVEL: '3',
    CUDA_VISIBLE_DEVICES: '-1',
    PYTHONPATH: [join(root, 'test/peers/parity'), process.env.PYTHONPATH].filter(Boolean).join(':'),
  };
}

/** The Python that PIPE_KERAS_PYTHON names, else a new one in a folder with bench/requirements.txt installed. */
export function findPython(folder) {
  const named = process.env.PIPE_KERAS_PYTHON;
  if (named !== undefined) return named;
  console.error('setting up Keras and scikeras (PIPE_KERAS_PYTHON names a Python that has them)');
  execFileSync('python3', ['-m', 'venv', join(folder, 'python')]);
  const python = join(folder, 'python/bin/python');
  const requirements = join(root, 'bench/requirements.txt');
  const install = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--requirement', requirements];
  execFileSync(python, install, { stdio: 'inherit' });
  return python;
}

/** A value as the header of a .npy file, version 1.0, and the values behind it (NumPy's format, NEP 1). */
function npy(type, shape, values) {
  const text = `{'descr': '${type}', 'fortran_order': False, 'shape': (${shape.join(', ')},), }`;
  const header = `${text.padEnd(64 * Math.ceil((text.length + 11) / 64) - 11)}\n`;
  const start = Buffer.from([0x93, ...Buffer.from('NUMPY'), 1, 0, header.length & 255, header.length >> 8]);
  return Buffer.concat([start, Buffer.from(header), Buffer.from(values.buffer, values.byteOffset, values.byteLength)]);
}

/** Writes x_train.npy (uint8 [samples, 28, 28]) and y_train.npy (int32 [samples]): handwriting as pipe draws it, 62 classes. */
export async function writeImages(folder, samples) {
  const { files } = findDrawnPackages(root);
  const { signal } = new AbortController();
  const drawn = await drawHandwriting({ files, rows: samples, subset: 'train', seed: 1, signal });
  if (!drawn.ok) throw new Error(drawn.error.message);
  const { images, labels, height, width, classes } = drawn.value.dataset;
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'x_train.npy'), npy('|u1', [samples, height, width], Uint8Array.from(images)));
  writeFileSync(join(folder, 'y_train.npy'), npy('<i4', [samples], Int32Array.from(labels)));
  return { height, width, classes: classes.length };
}

/** A model of pipelines/emnist.yaml with its best hyperparameters and these, as layers and training constants. */
export function studyModel(name, hyperparameters, data) {
  const { models } = parse(readFileSync(join(root, 'pipelines/emnist.yaml'), 'utf8'));
  const description = { ...models[name], name };
  const resolved = resolveModel(description, { ...description.hyperparameters, ...hyperparameters }, data);
  if (!resolved.ok) throw new Error(resolved.error.message);
  const { input, layers, training } = resolved.value;
  return { input, layers, training };
}

/** Runs a program to its end; a failure ends the bench with what the program said. */
export function runProgram(command, programArguments, options) {
  const { status, stdout, stderr, error } = spawnSync(command, programArguments, {
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
    cwd: root,
    ...options,
  });
  if (error !== undefined) throw error;
  if (status !== 0)
    throw new Error(`${command} ${programArguments.join(' ')} ended with ${status}:\n${stdout}\n${stderr}`);
  return stdout;
}

/** The events of `pipe run` with these arguments, on whatever data there is, in the store that they name. It must end well. */
export function runPipe(...programArguments) {
  const { PIPE_STORE: _, ...env } = process.env;
  const cli = join(root, 'dist/src/cli/main.js');
  const output = runProgram(process.execPath, [cli, 'run', ...programArguments, '--json'], { env, maxBuffer: 2 ** 30 });
  return output
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
}

/** The last line that a program printed, as JSON. */
export function lastLine(output) {
  return JSON.parse(output.trim().split('\n').at(-1));
}

/** What the numbers were taken on. */
export function machine() {
  const [first] = cpus();
  return {
    cpu: first?.model.trim() ?? 'unknown',
    cores: cpus().length,
    memoryGiB: Math.round(totalmem() / 2 ** 30),
  };
}

/** What the numbers were taken on and with. */
export function circumstances(python) {
  const packages = ['keras', 'tensorflow-cpu', 'numpy', 'scikit-learn', 'scikeras'];
  const program = `import json, platform, importlib.metadata as m
found = {}
for name in ${JSON.stringify(packages)}:
    try:
        found[name] = m.version(name)
    except m.PackageNotFoundError:
        pass
print(json.dumps({"python": platform.python_version(), **found}))`;
  return {
    machine: machine(),
    versions: {
      pipe: JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).version,
      node: process.versions.node,
      'TensorFlow of pipe': TENSORFLOW_VERSION,
      ...lastLine(runProgram(python, ['-c', program], { env: environment() })),
    },
  };
}

/** Runs on the first core alone, where the machine can say so. */
export function pinned(command, programArguments) {
  const found = spawnSync('taskset', ['-c', '0', 'true']).status === 0;
  return found ? ['taskset', ['-c', '0', command, ...programArguments]] : [command, programArguments];
}

export function median(values) {
  const sorted = [...values].sort((left, right) => left - right);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** A Markdown table; columns after the first are numbers. */
export function table(head, rows) {
  const line = (cells) => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map((_, column) => (column === 0 ? '---' : '--:'))), ...rows.map(line)].join('\n');
}

/** Writes the raw numbers beside the other results. */
export function writeResult(file, result) {
  mkdirSync(join(file, '..'), { recursive: true });
  writeFileSync(file, `${JSON.stringify(result, null, 2)}\n`);
}
