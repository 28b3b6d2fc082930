import type { Failure } from '../errors/failure.ts';
import { failure } from '../errors/failure.ts';
import { ulid } from '../util/ulid.ts';
import { type ArrayState, arrayState, type StartedPilot } from './array-state.ts';
import type { ClusterLayout } from './layout.ts';
import { batchScript, submitArguments } from './sbatch.ts';
import { isHopeless, isOver, type Slurm, type SlurmJob, slurmSilent } from './slurm.ts';
import type { PilotSpec } from './spec.ts';
import { endOfLog, forgetSubmit, listSubmits, nameOf, noteSubmit, prepareSubmit, type Submit } from './submits.ts';

/** Hands in as many pilots of one class as are wanted, and knows what became of them. */
export interface Supply {
  /** Sees to it that so many pilots run or wait to run. A failure: there will be none, and why. */
  ensure(wanted: number, pilots: readonly (StartedPilot & { readonly submit: string })[]): Promise<Failure | undefined>;
  /** Takes back the pilots that this run has handed in and that have not begun yet; or all of them. */
  release(all: boolean): Promise<void>;
  /** What the cluster says now of one of the pilots; undefined where it does not know it or does not answer. */
  stateOf(submit: string, job: string): Promise<SlurmJob | undefined>;
}

export interface SupplySettings {
  readonly layout: ClusterLayout;
  readonly spec: PilotSpec;
  /** The run that hands them in. */
  readonly run: string;
  /** Pilots at most at once: of arrays with a task a job, those that run. */
  readonly most: number;
  readonly slurm: Slurm;
  /** The command line of a pilot, without what it works for. */
  readonly command: (submit: string) => readonly string[];
  readonly note: (level: 'note' | 'warning', text: string) => void;
}

/** Milliseconds between two questions to the cluster, while something is expected of it; twice as long each time, up to the second. */
const askFirst = 2000;
const askLast = 30_000;
/** An array that was written down so long ago, and is not known to the cluster, was never handed in. */
const lostAfter = 30_000;
/** Pilots in a row that ended before they told of themselves: then something is wrong with all of them. */
const lostAtMost = 3;
const tail = 15;

/** The supply of pilots of one class. */
export function createSupply(settings: SupplySettings): Supply {
  const { layout, spec, run, most, slurm, command, note } = settings;
  let listed: { readonly jobs: readonly SlurmJob[]; readonly at: number } | undefined;
  let askAt = 0;
  let askEvery = askFirst;
  let silentSince: number | undefined;
  let largest: number | undefined;
  const told = new Set<string>();
  const once = (level: 'note' | 'warning', text: string): void => {
    if (told.has(text)) return;
    told.add(text);
    note(level, text);
  };

  const ask = async (submits: readonly Submit[]): Promise<void> => {
    const answer = await slurm.list(submits.map(nameOf));
    askAt = Date.now() + askEvery;
    askEvery = Math.min(askLast, askEvery * 2);
    if (answer.ok) {
      if (silentSince !== undefined) note('note', 'the controller of the cluster answers again');
      silentSince = undefined;
      listed = { jobs: answer.value, at: Date.now() };
      adopt(submits, answer.value);
      return;
    }
    // Nothing is known now: jobs go on all the same, and what they make is seen in the store.
    listed = undefined;
    if (silentSince === undefined) note('warning', `${answer.error.message}; what runs goes on`);
    silentSince ??= Date.now();
  };

  /** Arrays whose number nobody wrote down, because whoever handed them in died in between. */
  const adopt = (submits: readonly Submit[], jobs: readonly SlurmJob[]): void => {
    for (const submit of submits) {
      if (submit.job !== undefined) continue;
      const found = jobs.find(({ name }) => name === nameOf(submit));
      if (found !== undefined) noteSubmit(layout, { ...submit, job: found.id.replace(/_\d+$/, '') });
      else if (Date.now() - submit.at > lostAfter) forgetSubmit(layout, submit.id);
    }
  };

  const submit = async (count: number): Promise<Failure | undefined> => {
    largest ??= await slurm.largestArray();
    for (let left = count; left > 0; ) {
      const size = Math.min(left, largest);
      const one: Submit = { id: ulid(), run, count: size, at: Date.now() };
      const places = prepareSubmit(layout, one, batchScript(spec, command(one.id)));
      const handed = await slurm.submit(
        submitArguments(spec, {
          name: nameOf(one),
          script: places.script,
          output: `${places.logs}/%a.log`,
          count: size,
          ...(spec.jobs === 'one' ? { atOnce: most } : {}),
        }),
      );
      if (!handed.ok && handed.error.code === slurmSilent) {
        // It may have come through: it is looked for by its name.
        once('warning', `${handed.error.message}; it is asked again`);
        return undefined;
      }
      if (!handed.ok) {
        forgetSubmit(layout, one.id);
        return handed.error;
      }
      noteSubmit(layout, { ...one, job: handed.value });
      note('note', `${size} pilot${size === 1 ? '' : 's'} handed in to the cluster (job ${handed.value})`);
      askEvery = askFirst;
      askAt = Date.now() + askEvery;
      left -= size;
    }
    return undefined;
  };

  const tellReasons = (states: readonly ArrayState[]): Failure | undefined => {
    const all = states.flatMap(({ reasons }) => reasons);
    // One pilot that somebody holds, or whose node refused it, is no end as long as there are others.
    const areOthers = states.reduce((sum, { coming }) => sum + coming, 0) > all.filter(isHopeless).length;
    for (const reason of new Set(all)) {
      if (/^\(?(None|)\)?$/.test(reason)) continue;
      if (!isHopeless(reason)) once('note', `pilots wait for the cluster: ${reason}`);
      else if (areOthers) once('warning', `some pilots would wait for ever: ${reason}; ${hintOf(reason)}`);
      else return failure('slurm-hopeless', `pilots would wait for ever: ${reason}`, { hint: hintOf(reason) });
    }
    return undefined;
  };

  const lostFailure = (submits: readonly Submit[], states: readonly ArrayState[]): Failure | undefined => {
    const lost = states.flatMap((state, index) => state.lost.map((id) => ({ id, submit: submits[index] })));
    if (
      lost.length < lostAtMost &&
      !(states.length > 0 && states.every(({ coming }) => coming === 0) && lost.length > 0)
    )
      return undefined;
    const last = lost.at(-1);
    const log = last?.submit === undefined ? '' : endOfLog(layout, last.submit.id, last.id.replace(/^\d+_/, ''), tail);
    const how = listed?.jobs.find(({ id }) => id === last?.id)?.state;
    for (const one of submits) forgetSubmit(layout, one.id);
    return failure(
      'pilots-lost',
      `${lost.length} pilot${lost.length === 1 ? '' : 's'} ended before they took a job${how === undefined ? '' : ` (${how})`}`,
      {
        hint: 'see what the batch script printed; the pipeline, its store and pipe must lie where all nodes see them under the same path',
        ...(log === '' ? {} : { detail: log }),
      },
    );
  };

  return {
    ensure: async (wanted, pilots) => {
      const submits = listSubmits(layout);
      const ofSubmit = (one: Submit) => pilots.filter((pilot) => pilot.submit === one.id);
      const unregistered = submits.some((one) => ofSubmit(one).filter(({ living }) => living).length < one.count);
      if (submits.length > 0 && unregistered && Date.now() >= askAt) await ask(submits);
      const current = listSubmits(layout);
      const states = current.map((one) => arrayState(one, ofSubmit(one), listed));
      // A cluster that lost every pilot of an array before it began would lose the next ones too.
      const problem = lostFailure(current, states) ?? tellReasons(states);
      if (problem !== undefined) return problem;
      for (const [index, one] of current.entries()) if (states[index]?.coming === 0) forgetSubmit(layout, one.id);
      const coming = states.reduce((sum, state) => sum + state.coming, 0);
      const missing = Math.min(wanted, spec.jobs === 'one' ? Number.POSITIVE_INFINITY : most) - coming;
      return missing > 0 ? submit(missing) : undefined;
    },
    release: async (all) => {
      const mine = listSubmits(layout).filter((one) => one.run === run);
      if (mine.length === 0) return;
      const answer = await slurm.list(mine.map(nameOf));
      // Where nobody answers they begin one day, find nothing to do, and end.
      const toEnd = ({ state }: SlurmJob): boolean => state === 'PENDING' || (all && !isOver(state));
      const waiting = answer.ok ? answer.value.filter(toEnd).map(({ id }) => id) : [];
      if (waiting.length > 0) await slurm.cancel(waiting);
      if (answer.ok && answer.value.every(({ id, state }) => isOver(state) || waiting.includes(id)))
        for (const { id } of mine) forgetSubmit(layout, id);
    },
    stateOf: async (submitted, job) => {
      const answer = await slurm.list([nameOf({ id: submitted })]);
      return answer.ok ? answer.value.find(({ id }) => id === job) : undefined;
    },
  };
}

function hintOf(reason: string): string {
  if (/TimeLimit/.test(reason)) return 'time: of executors.slurm is more than the partition allows';
  if (/Account|QOS/.test(reason)) return 'see account:, qos: and partition: of executors.slurm';
  if (/held/i.test(reason))
    return 'they are held, by somebody or because a node refused them: scontrol release lets them go';
  return 'see what executors.slurm asks for, and sinfo for what the cluster has';
}
