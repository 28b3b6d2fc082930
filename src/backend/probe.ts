import { failure } from '../errors/failure.ts';
import { isJsonObject } from '../util/json.ts';
import { err, ok, type Result } from '../util/result.ts';
import type { Environment } from './choice.ts';
import { interrupted, lastLines, runTool } from './tool.ts';

/** What a freshly started process found out about an installed backend. */
export interface Probe {
  /** TensorFlow's version as its library reports it. */
  readonly tensorflow: string;
  /** Whether TensorFlow computes on a GPU. */
  readonly gpu: boolean;
  /** Milliseconds to load it. */
  readonly milliseconds: number;
}

/** Loads the binding and multiplies two matrices; runs in a process of its own, because a wrong library ends it. */
const program = `
const util = require('node:util');
util.isNullOrUndefined ??= (value) => value === null || value === undefined;
util.isArray ??= Array.isArray;
const begin = performance.now();
const tf = require('@tensorflow/tfjs-node-gpu');
const milliseconds = Math.round(performance.now() - begin);
const product = tf.matMul(tf.tensor2d([[1, 2], [3, 4]]), tf.tensor2d([[5, 6], [7, 8]]));
const right = Array.from(product.dataSync()).join() === '19,22,43,50';
const backend = tf.backend();
const answer = { right, tensorflow: backend.binding.TF_Version, gpu: backend.isUsingGpuDevice === true, milliseconds };
process.stdout.write('\\nprobe ' + JSON.stringify(answer) + '\\n');
`;

function parseProbe(stdout: string): Probe | undefined {
  const line = stdout.split('\n').findLast((text) => text.startsWith('probe '));
  if (line === undefined) return undefined;
  const answer: unknown = JSON.parse(line.slice('probe '.length));
  if (!isJsonObject(answer) || answer['right'] !== true || typeof answer['tensorflow'] !== 'string') return undefined;
  return {
    tensorflow: answer['tensorflow'],
    gpu: answer['gpu'] === true,
    milliseconds: Number(answer['milliseconds']),
  };
}

/** Tries the backend in a folder in a child process. Errors: `backend-probe` with what the process said last. */
export async function probe(folder: string, env: Environment, signal: AbortSignal): Promise<Result<Probe>> {
  const run = await runTool([process.execPath, '-e', program], {
    folder,
    signal,
    env: { ...env, TF_CPP_MIN_LOG_LEVEL: '2', TF_FORCE_GPU_ALLOW_GROWTH: 'true', NODE_OPTIONS: undefined },
  });
  if (signal.aborted) return interrupted();
  const found = run.succeeded ? parseProbe(run.stdout) : undefined;
  if (found !== undefined) return ok(found);
  return err(
    failure('backend-probe', `TensorFlow in ${folder} does not work on this machine`, {
      detail: lastLines(run) || 'the process that tried it ended without a word',
      hint: 'use --backend cpu (pure JavaScript, tens of times slower), or delete that folder and set up again',
    }),
  );
}
