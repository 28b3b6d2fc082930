import { chmodSync, mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';

/** A machine's GPUs as a made-up `nvidia-smi` tells of them. */
export interface FakeGpus {
  /** What a process needs in its environment to see them. */
  readonly env: { readonly PATH: string };
  /** File of lines "UUID, process number, MiB": what processes take of them. */
  readonly apps: string;
  /** What the control program of the multi-process service was asked, a line each. */
  readonly mps: string;
}

/** Makes an `nvidia-smi` in a folder of its own that tells of some GPUs with 16 GiB each. */
export function fakeGpus(count: number): FakeGpus {
  const folder = mkdtempSync(join(tmpdir(), 'pipe-gpus-'));
  const bin = join(folder, 'bin');
  mkdirSync(bin);
  const apps = join(folder, 'apps');
  writeFileSync(apps, '');
  const rows = Array.from(
    { length: count },
    (_, index) => `${index}, GPU-fake${index}, Fake GPU, 16384, 0, 0, Disabled`,
  );
  writeFileSync(join(folder, 'gpus'), `${rows.join('\n')}\n`);
  const script = `#!/bin/sh
case "$1" in
  --query-compute-apps=*) echo 'gpu_uuid, pid, used_gpu_memory [MiB]'; cat '${apps}' ;;
  *) echo 'index, uuid, name, memory.total [MiB], memory.used [MiB], utilization.gpu [%], mig.mode.current'; cat '${folder}/gpus' ;;
esac
`;
  writeFileSync(join(bin, 'nvidia-smi'), script);
  const mps = join(folder, 'mps');
  const control = `#!/bin/sh\necho "$* $(cat) $CUDA_MPS_PIPE_DIRECTORY" >> '${mps}'\n`;
  writeFileSync(join(bin, 'nvidia-cuda-mps-control'), control);
  for (const name of ['nvidia-smi', 'nvidia-cuda-mps-control']) chmodSync(join(bin, name), 0o755);
  return { env: { PATH: `${bin}${delimiter}${process.env['PATH']}` }, apps, mps };
}
