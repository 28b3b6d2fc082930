import { computingTime } from '../machine/process-state.ts';
import type { Worker } from './pooled-worker.ts';

/** Watches busy workers for ones that hang. */
export interface HangWatch {
  /** To be called when workers became busy or idle. */
  look(workers: ReadonlySet<Worker>): void;
}

/**
 * A busy worker hangs when it gave no sign of life for `silence` milliseconds and spent no time computing: a stopped
 * process, or one that waits for a disk that is gone. One TensorFlow operation may keep it silent for minutes, but computes.
 */
export function createHangWatch(silence: number, onHang: (worker: Worker) => void): HangWatch {
  const computed = new Map<Worker, { readonly ticks: number | undefined; readonly at: number }>();
  const every = Math.max(100, silence / 6);
  let timer: NodeJS.Timeout | undefined;
  let busy: readonly Worker[] = [];
  let last = 0;
  const tick = (): void => {
    const now = performance.now();
    // This process was stopped itself (Ctrl-Z, a debugger): what it did not hear then says nothing.
    if (now - last > 3 * every) for (const worker of busy) worker.heard = now;
    last = now;
    for (const worker of busy) {
      const { pid } = worker.process;
      const ticks = pid === undefined ? undefined : computingTime(pid);
      const before = computed.get(worker);
      if (before === undefined || before.ticks !== ticks) computed.set(worker, { ticks, at: now });
      const idleSince = Math.max(worker.heard, computed.get(worker)?.at ?? now);
      if (now - idleSince > silence && worker.killed === undefined) onHang(worker);
    }
  };
  return {
    look: (workers) => {
      busy = [...workers].filter((worker) => worker.busy !== undefined);
      for (const worker of computed.keys()) if (!busy.includes(worker)) computed.delete(worker);
      if (busy.length === 0) {
        clearInterval(timer);
        timer = undefined;
      } else if (timer === undefined) {
        last = performance.now();
        timer = setInterval(tick, every);
        timer.unref();
      }
    },
  };
}
