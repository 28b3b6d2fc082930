import { type Failure, failure } from '../errors/failure.ts';
import { type ReadText, readSystemFile } from '../machine/limits.ts';
import type { Allocation } from '../schedule/demand.ts';
import { sizeText } from '../util/size.ts';
import type { Exhausted } from './needs.ts';

/** What TensorFlow, CUDA and PyTorch say when a GPU's memory is used up. */
const gpuTexts =
  /OOM when allocating|RESOURCE_EXHAUSTED|ResourceExhausted|CUDA_ERROR_OUT_OF_MEMORY|CUDA out of memory|OutOfMemoryError|out of memory trying to allocate|failed to allocate .* from device/i;

/** What programs say when main memory is used up. */
const mainTexts = /std::bad_alloc|MemoryError|Cannot allocate memory|JavaScript heap out of memory|ENOMEM/;

/** Processes that the system has killed so far because memory ran out (proc(5), oom_kill of vmstat). */
function killedForMemory(read: ReadText): number {
  return Number(/^oom_kill (\d+)$/m.exec(read('/proc/vmstat') ?? '')?.[1] ?? 0);
}

/** Says whether the system has killed processes since it was asked last. */
export function createKillWatch(read: ReadText = readSystemFile): () => boolean {
  let before = killedForMemory(read);
  return () => {
    const now = killedForMemory(read);
    const more = now > before;
    before = now;
    return more;
  };
}

/** Which memory ran out under a job that failed, if that is why; `killed`: the system has killed processes meanwhile. */
export function exhaustedMemory(problem: Failure, allocation: Allocation, killed: boolean): Exhausted | undefined {
  const text = `${problem.message}\n${problem.detail ?? ''}`;
  if (allocation.gpu !== undefined && gpuTexts.test(text)) return 'gpu';
  if (mainTexts.test(text)) return 'main';
  return killed && /SIGKILL|exit code 137/.test(problem.message) ? 'main' : undefined;
}

/** The failure of a job that had all that there is and still found too little. */
export function memoryFailure(problem: Failure, allocation: Allocation, what: Exhausted): Failure {
  const { gpu, memory } = allocation;
  const had =
    what === 'main'
      ? `${sizeText(memory)} of main memory, all that this run may have`
      : `${gpu?.name ?? 'the GPU'} for itself${gpu?.memory === undefined ? '' : ` (${sizeText(gpu.memory)}, of which ${sizeText(gpu.free ?? gpu.memory)} were free)`}`;
  return failure('out-of-memory', `memory ran out, though the job had ${had}: ${problem.message}`, {
    hint:
      what === 'main'
        ? 'it needs a machine with more memory, or less data'
        : 'it needs a larger GPU or a smaller model; pipe does not change the batch size, which would be another experiment',
    detail: problem.detail,
  });
}
