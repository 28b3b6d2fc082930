import type { PilotSpec } from './spec.ts';

/** A word that the shell takes as it is. Errors: a bug of ours, since no path or name that gets here can have such characters. */
export function quoted(word: string): string {
  if (/[\0\n\r]/.test(word)) throw new Error('a word of a batch script cannot have line ends');
  return `'${word.replaceAll("'", `'\\''`)}'`;
}

/** Seconds as Slurm takes a time limit: days-hours:minutes:seconds. It counts in minutes: rounded up. */
export function slurmTime(seconds: number): string {
  const minutes = Math.max(1, Math.ceil(seconds / 60));
  const two = (value: number): string => String(value).padStart(2, '0');
  return `${Math.floor(minutes / 1440)}-${two(Math.floor(minutes / 60) % 24)}:${two(minutes % 60)}:00`;
}

/** The batch script of pilots: the site's own lines, then the pilot in the shell's place, so that Slurm's signals reach it. */
export function batchScript(spec: Pick<PilotSpec, 'setup'>, command: readonly string[]): string {
  return ['#!/bin/bash', ...spec.setup, `exec ${command.map(quoted).join(' ')}`, ''].join('\n');
}

/** A batch script that brings tasks along, on its pilot's input: Slurm carries it to nodes that share nothing with this machine. */
export function parcelScript(spec: Pick<PilotSpec, 'setup'>, command: readonly string[], parcel: string): string {
  const [program = '', ...setup] = batchScript(spec, command).trimEnd().split('\n').reverse();
  return [...setup.reverse(), `${program} <<'PARCEL'`, parcel, 'PARCEL', ''].join('\n');
}

/** What a job array of pilots is handed in with. */
export interface SubmitSetting {
  /** Unique: a job array of this name is looked for where nobody knows whether it was handed in. */
  readonly name: string;
  readonly script: string;
  /** File that takes what a pilot prints, with Slurm's marks for the array and its task. */
  readonly output: string;
  readonly count: number;
  /** Tasks of the array that may run at once; undefined for all. */
  readonly atOnce?: number;
}

/** Arguments of `sbatch`. All that comes from a pipeline is an argument of its own: no shell reads it. */
export function submitArguments(spec: PilotSpec, { name, script, output, count, atOnce }: SubmitSetting): string[] {
  const { partition, account, qos, constraint, memory, gpus } = spec;
  const given = (flag: string, value: string | undefined): string[] =>
    value === undefined ? [] : [`--${flag}=${value}`];
  return [
    '--parsable',
    `--job-name=${name}`,
    `--array=0-${count - 1}${atOnce === undefined ? '' : `%${atOnce}`}`,
    '--nodes=1',
    '--ntasks=1',
    `--cpus-per-task=${spec.cpus}`,
    `--time=${slurmTime(spec.time)}`,
    ...given('mem', memory === undefined ? undefined : `${Math.ceil(memory / 2 ** 20)}M`),
    ...given('gpus-per-node', gpus),
    ...given('partition', partition),
    ...given('account', account),
    ...given('qos', qos),
    ...given('constraint', constraint),
    // A pilot that is put back into the queue begins anew: what it was at is with others by then, or waits for it.
    '--requeue',
    '--open-mode=append',
    `--output=${output}`,
    '--export=ALL',
    ...spec.flags,
    script,
  ];
}
