import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeFolder, replaceFile } from '../store/durable.ts';
import { type ClusterLayout, namesIn } from './layout.ts';

/** A job array of pilots. It is written down before it is handed in: whoever finds one without a number asks the cluster for its name. */
export interface Submit {
  readonly id: string;
  /** The run that has handed it in. */
  readonly run: string;
  readonly count: number;
  /** Milliseconds since the epoch. */
  readonly at: number;
  /** Slurm's number of the array, once it is known. */
  readonly job?: string;
}

const submitFile = 'submit.json';

/** The name that a job array has on the cluster. */
export function nameOf(submit: Pick<Submit, 'id'>): string {
  return `pipe-${submit.id}`;
}

/** Writes down a job array that is to be handed in, with its batch script. */
export function prepareSubmit(layout: ClusterLayout, submit: Submit, script: string): { script: string; logs: string } {
  const folder = layout.submit(submit.id);
  makeFolder(folder);
  const file = join(folder, 'pilot.sh');
  writeFileSync(file, script);
  noteSubmit(layout, submit);
  return { script: file, logs: folder };
}

export function noteSubmit(layout: ClusterLayout, submit: Submit): void {
  const file = join(layout.submit(submit.id), submitFile);
  replaceFile(file, JSON.stringify(submit), `${file}.new`);
}

/** One that never came to the cluster, or is over. Its logs stay. */
export function forgetSubmit(layout: ClusterLayout, id: string): void {
  rmSync(join(layout.submit(id), submitFile), { force: true });
}

/** The job arrays that are not known to be over. */
export function listSubmits(layout: ClusterLayout): Submit[] {
  return namesIn(layout.submits).flatMap((name) => {
    try {
      const submit = JSON.parse(readFileSync(join(layout.submit(name), submitFile), 'utf8')) as Submit;
      return submit.id === name && Number.isInteger(submit.count) ? [submit] : [];
    } catch {
      return [];
    }
  });
}

/** The run that has handed in an array; undefined where that is not known. */
export function runOfSubmit(layout: ClusterLayout, id: string): string | undefined {
  return listSubmits(layout).find((submit) => submit.id === id)?.run;
}

/** Lines at the end of the log that a pilot of an array wrote; empty where there is none. */
export function endOfLog(layout: ClusterLayout, submit: string, index: string, lines: number): string {
  try {
    const text = readFileSync(join(layout.submit(submit), `${index}.log`), 'utf8');
    return text.trimEnd().split('\n').slice(-lines).join('\n');
  } catch {
    return '';
  }
}
