import type { GpuDevice } from '../schedule/scheduler.ts';

/**
 * The NVIDIA GPUs that this process may use, by `nvidia-smi`. An outer CUDA_VISIBLE_DEVICES narrows them down.
 * Empty where there is no driver: the jobs then run on the CPU, and the run says so.
 */
export async function listGpus(env: Readonly<Record<string, string | undefined>>): Promise<GpuDevice[]> {
  // Loaded here: a run on a machine without GPUs, or with nothing to do, never needs it.
  const { execa } = await import('execa');
  const query = await execa('nvidia-smi', ['--query-gpu=index,uuid,name', '--format=csv,noheader'], {
    reject: false,
    timeout: 10_000,
  });
  if (query.failed) return [];
  const gpus = query.stdout.split('\n').flatMap((line) => {
    const [index, id, name] = line.split(',').map((cell) => cell.trim());
    return index === undefined || id === undefined || name === undefined ? [] : [{ index, id, name }];
  });
  const visible = env['CUDA_VISIBLE_DEVICES'];
  const chosen =
    visible === undefined
      ? gpus
      : visible
          .split(',')
          .flatMap((wanted) => gpus.find((gpu) => gpu.index === wanted.trim() || gpu.id === wanted.trim()) ?? []);
  return chosen.map(({ id, name }) => ({ id, name }));
}
