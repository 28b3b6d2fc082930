import { isOver, type SlurmJob } from './slurm.ts';
import type { Submit } from './submits.ts';

/** A pilot that has started, as far as it matters to how many there will be. */
export interface StartedPilot {
  /** Slurm's number: `123_4`. */
  readonly job: string;
  readonly living: boolean;
}

/** The tasks of a job array, counted. */
export interface ArrayState {
  /** They run as pilots, or may still begin. */
  readonly coming: number;
  /** Their numbers: they ended before a pilot told of itself. */
  readonly lost: readonly string[];
  /** Why those wait that wait. */
  readonly reasons: readonly string[];
}

/** Milliseconds after which the controller must know an array that was handed in. */
const settling = 10_000;

/**
 * What is to be expected of a job array. `listed`: what the cluster told, undefined where it did not answer: then all that is not
 * known to have ended may still come. A pilot that lives counts, whatever the cluster tells.
 */
export function arrayState(
  submit: Submit,
  pilots: readonly StartedPilot[],
  listed: { readonly jobs: readonly SlurmJob[]; readonly at: number } | undefined,
): ArrayState {
  const { job, count, at } = submit;
  if (job === undefined) return { coming: count, lost: [], reasons: [] };
  const started = new Map<string, boolean>();
  for (const pilot of pilots) started.set(pilot.job, pilot.living || started.get(pilot.job) === true);
  const told = new Map((listed?.jobs ?? []).map((one) => [one.id, one]));
  const knows = listed !== undefined && listed.at - at > settling;
  let coming = 0;
  const lost: string[] = [];
  const reasons: string[] = [];
  for (let index = 0; index < count; index++) {
    const id = `${job}_${index}`;
    const living = started.get(id);
    const state = told.get(id);
    if (living === true) coming++;
    else if (state !== undefined && !isOver(state.state)) {
      coming++;
      if (state.state === 'PENDING') reasons.push(state.reason);
    } else if (state === undefined && !knows && living === undefined) coming++;
    else if (living === undefined) lost.push(id);
  }
  return { coming, lost, reasons };
}
