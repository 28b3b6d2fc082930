import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { failure } from '../errors/failure.ts';
import { err, ok, type Result } from '../util/result.ts';
import { isOnPath } from './gpus.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** A running control daemon of NVIDIA's multi-process service. */
export interface Mps {
  /** What its clients need in their environment. */
  readonly environment: Readonly<Record<string, string>>;
  stop(): Promise<void>;
}

const control = 'nvidia-cuda-mps-control';

/**
 * Starts NVIDIA's multi-process service (MPS), by which kernels of several processes run on a GPU side by side instead of in
 * turns. One that the machine has already (CUDA_MPS_PIPE_DIRECTORY) is used as it is, and left running.
 */
export async function startMps(env: Environment): Promise<Result<Mps>> {
  const given = env['CUDA_MPS_PIPE_DIRECTORY'];
  if (given !== undefined) return ok({ environment: { CUDA_MPS_PIPE_DIRECTORY: given }, stop: async () => {} });
  if (!isOnPath(control, env))
    return err(failure('mps-missing', `${control} is not on the PATH: jobs take turns on the GPUs`));
  const { execa } = await import('execa');
  const folder = mkdtempSync(join(tmpdir(), 'pipe-mps-'));
  const environment = { CUDA_MPS_PIPE_DIRECTORY: folder, CUDA_MPS_LOG_DIRECTORY: folder };
  const options = { env: { ...env, ...environment }, reject: false, timeout: 10_000 } as const;
  const started = await execa(control, ['-d'], { ...options, stdin: 'ignore' });
  if (started.failed) {
    rmSync(folder, { recursive: true, force: true });
    return err(
      failure('mps-failed', `${control} could not be started: jobs take turns on the GPUs`, { detail: started.stderr }),
    );
  }
  return ok({
    environment,
    stop: async () => {
      await execa(control, [], { ...options, input: 'quit\n' });
      rmSync(folder, { recursive: true, force: true });
    },
  });
}
