import { createRequire } from 'node:module';

const setParentDeathSignal = 1;
const kill = 9;

/**
 * Asks Linux to kill this process when its parent ends, however that ends (prctl(2), PR_SET_PDEATHSIG). The closed
 * channel tells it too, but only between two turns of the event loop: a worker in the middle of a long operation would
 * go on for nobody. Where the call cannot be made the channel alone remains.
 */
export function dieWithParent(): void {
  if (process.platform !== 'linux') return;
  try {
    const koffi = createRequire(import.meta.url)('koffi') as typeof import('koffi');
    koffi.load('libc.so.6').func('int prctl(int option, unsigned long argument)')(setParentDeathSignal, kill);
  } catch {
    // No prebuilt koffi, or another C library.
  }
}
