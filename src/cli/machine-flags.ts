import type { MachineSettings } from '../machine/settings.ts';

/** The machine's settings among a command's options: those that were given. */
export function machineFlags({ workers, memory, gpus, mps }: MachineSettings): MachineSettings {
  return {
    ...(workers === undefined ? {} : { workers }),
    ...(memory === undefined ? {} : { memory }),
    ...(gpus === undefined ? {} : { gpus }),
    ...(mps === undefined ? {} : { mps }),
  };
}
