import { createRequire } from 'node:module';
import path from 'node:path';
import { failure } from '../errors/failure.ts';
import { err, ok, type Result } from '../util/result.ts';
import type { InstalledBackend } from './installed.ts';
import { withoutStartUpChatter } from './quiet.ts';

export interface LoadOptions {
  /** Threads inside one operation. */
  readonly threads: number;
  /** Value of `CUDA_VISIBLE_DEVICES` for the gpu build; without it the process sees no GPU. */
  readonly gpu?: string;
}

/**
 * Sets what TensorFlow reads once, when its library is loaded. `process.env` in the main thread writes through to
 * the C environment, so this works from JavaScript as long as it comes before.
 */
function setEnvironment(options: LoadOptions): void {
  const settings: Record<string, string> = {
    TF_NUM_INTRAOP_THREADS: String(options.threads),
    // One operation at a time: with more the order of sums, and so the bits, could depend on timing.
    TF_NUM_INTEROP_THREADS: '1',
    OMP_NUM_THREADS: String(options.threads),
    TF_FORCE_GPU_ALLOW_GROWTH: 'true',
    CUDA_VISIBLE_DEVICES: options.gpu ?? '-1',
  };
  Object.assign(process.env, settings);
  // 2 leaves errors; somebody who looks into TensorFlow may set another level.
  process.env['TF_CPP_MIN_LOG_LEVEL'] ??= '2';
}

/** Puts back what Node 23 removed and tfjs-node 4.22 still calls. */
function restoreRemoved(util: Record<string, unknown>): void {
  util['isNullOrUndefined'] ??= (value: unknown) => value === null || value === undefined;
  util['isArray'] ??= Array.isArray;
}

/**
 * Loads tfjs-node on the installed TensorFlow into this process, once and for good: threads and GPU cannot be
 * changed afterwards. Call it in the main thread of a worker process.
 * Errors: `backend-load`.
 */
export async function loadNative(installed: InstalledBackend, options: LoadOptions): Promise<Result<unknown>> {
  setEnvironment(options);
  const require = createRequire(path.join(installed.folder, 'package.json'));
  restoreRemoved(require('node:util') as Record<string, unknown>);
  try {
    const load = () => require('@tensorflow/tfjs-node-gpu') as unknown;
    return ok(Number(process.env['TF_CPP_MIN_LOG_LEVEL']) < 2 ? load() : withoutStartUpChatter(load));
  } catch (problem) {
    return err(
      failure('backend-load', `cannot load TensorFlow from ${installed.folder}`, {
        detail: problem instanceof Error ? problem.message : String(problem),
        hint: 'delete that folder and run "pipe setup", or use --backend cpu',
      }),
    );
  }
}
