import type { MachineSettings } from '../machine/settings.ts';
import type { PipelineOptions } from './load-selected.ts';

/** The options of `pipe run` that say what is run and where. */
interface AgainOptions extends PipelineOptions, MachineSettings {
  readonly backend: string;
  readonly device: string;
  readonly executor?: string;
  readonly keepGoing: boolean;
}

/**
 * The words behind `pipe` that begin such a run again: the same part of the same pipeline on the same machine. `--force` and
 * `--from` are left out, since what was made need not be made again; so are those that say what is shown, and `--notify`, which
 * may hold a secret.
 */
export function wordsAgain(file: string, targets: readonly string[], options: AgainOptions): string[] {
  const value = (name: string, given: string | number | undefined): string[] =>
    given === undefined ? [] : [name, String(given)];
  return [
    'run',
    ...value('--profile', options.profile),
    ...options.set.flatMap((set) => ['--set', set]),
    ...value('--params', options.params),
    ...value('--store', options.store),
    ...value('--backend', options.backend),
    ...value('--device', options.device),
    ...value('--executor', options.executor),
    ...options.until.flatMap((stage) => ['--until', stage]),
    ...value('--workers', options.workers),
    ...value('--memory', options.memory === Number.POSITIVE_INFINITY ? 'none' : options.memory),
    ...(options.gpus === undefined ? [] : ['--gpus', options.gpus.join(',') || 'none']),
    ...(options.mps === true ? ['--mps'] : []),
    ...(options.keepGoing ? ['--keep-going'] : []),
    '--',
    file,
    ...targets,
  ];
}
