import { appendFileSync, mkdirSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { type Failure, failure } from '../errors/failure.ts';
import { fetchRecord } from '../remote/pull.ts';
import { pushArtifacts } from '../remote/push.ts';
import type { Remote } from '../remote/remote.ts';
import { replaceFile } from '../store/durable.ts';
import type { Store } from '../store/store.ts';
import { digestsOf } from '../task/task.ts';
import { ulid } from '../util/ulid.ts';
import { arrayState } from './array-state.ts';
import { deathOutcome } from './decisions.ts';
import type { PilotDescription } from './description.ts';
import { type ClusterLayout, pilotFile, pilotJournal } from './layout.ts';
import { type Outcome, writeOutcome } from './outcome.ts';
import { type Account, accountName, pack, parseAccount } from './parcel.ts';
import type { PilotLine } from './pilot-line.ts';
import type { QueuedTask } from './queued-task.ts';
import { parcelScript, submitArguments } from './sbatch.ts';
import { isHopeless, type Slurm, type SlurmJob, slurmSilent } from './slurm.ts';
import { type PilotSpec, pilotOverhead } from './spec.ts';
import { nameOf, noteSubmit, prepareSubmit, type Submit } from './submits.ts';
import type { Supply } from './supply.ts';

/**
 * Carries tasks to pilots that share no file system with the run, and their results back. What pilots tell by the remote is written
 * into the store as if they had told it there, so that the head of the run needs to know nothing of it.
 */
export interface Courier extends Supply {
  /** Takes tasks that are to go with the next `ensure`. */
  send(tasks: readonly QueuedTask[]): void;
  /** Whether it speaks for a pilot. */
  speaksFor(pilot: string): boolean;
}

export interface CourierSettings {
  readonly store: Store;
  readonly layout: ClusterLayout;
  readonly spec: PilotSpec;
  readonly run: string;
  readonly remote: Remote;
  readonly address: string;
  /** Pilots at most at once. */
  readonly most: number;
  readonly slurm: Slurm;
  readonly command: (submit: string) => readonly string[];
  readonly note: (level: 'note' | 'warning', text: string) => void;
}

/** A task that is on its way: which array has it, and which of its pilots. */
interface Sent {
  readonly queued: QueuedTask;
  readonly submit: Submit;
  readonly index: number;
  /** When its pilot was first seen to have ended without an account; the remote may show that later. */
  lostAt: number | undefined;
}

/** Tasks that one batch script brings: the controller takes scripts of some megabytes. */
const tasksOfScript = 200;
/** Milliseconds between two looks into the remote, and between two questions to the cluster. */
const lookEvery = 1000;
const askEvery = 5000;
/** Milliseconds after which a pilot that has ended without an account is given up. */
const lostAfter = 20_000;

/** Opens the way to pilots of one class. */
export function createCourier(settings: CourierSettings): Courier {
  const { store, layout, spec, run, remote, address, most, slurm, command, note } = settings;
  const fresh: QueuedTask[] = [];
  const sent = new Map<string, Sent>();
  const submits = new Map<string, Submit>();
  const pilots = new Set<string>();
  /** In whose name the courier tells of pilots that said nothing. */
  const own: PilotDescription = {
    id: ulid(),
    submit: '',
    job: '',
    host: hostname(),
    pid: process.pid,
    cpus: spec.cpus,
    memory: spec.memory ?? 0,
    gpus: [],
    started: Date.now(),
    ends: Number.MAX_SAFE_INTEGER,
  };
  let lookedAt = 0;
  let askedAt = 0;
  let silent = false;
  const waitsFor = new Set<string>();

  const speakFor = (pilot: PilotDescription, lines: readonly PilotLine[]): void => {
    const folder = layout.pilot(pilot.id);
    if (!pilots.has(pilot.id)) {
      mkdirSync(folder, { recursive: true });
      appendFileSync(join(folder, pilotJournal), '');
      pilots.add(pilot.id);
      replaceFile(join(folder, pilotFile), JSON.stringify(pilot), store.leases.temporaryName('file'));
    }
    appendFileSync(join(folder, pilotJournal), lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
  };

  const close = (outcome: Outcome, fingerprint: string): void => {
    writeOutcome(layout, outcome, store.leases.temporaryName('file'));
    speakFor(own, [{ at: Date.now(), type: 'failed', name: outcome.name, fingerprint }]);
  };

  /** What pilots told since the last look. */
  const look = async (): Promise<Failure | undefined> => {
    for (const [name, { queued }] of [...sent]) {
      const text = await remote.getRecord(accountName(name));
      if (!text.ok) return text.error;
      const account = text.value === undefined ? undefined : parseAccount(text.value);
      if (account === undefined) continue;
      const problem = await take(queued, account);
      if (problem !== undefined) return problem;
    }
    return undefined;
  };

  const take = async (queued: QueuedTask, { pilot, lines, outcome }: Account): Promise<Failure | undefined> => {
    const mine = lines.filter((line) => 'name' in line && line.name === queued.name);
    const isMade = mine.some(
      (line) => line.type === 'made' || (line.type === 'task' && line.event.type === 'job-finished'),
    );
    if (isMade) {
      const got = await fetchRecord(store, remote, queued.task.fingerprint);
      if (!got.ok) return got.error;
      // An eventually consistent remote may show the account first.
      if (got.value === undefined) return undefined;
    }
    if (outcome !== undefined && outcome.name === queued.name)
      writeOutcome(layout, outcome, store.leases.temporaryName('file'));
    const printed = mine.flatMap((line) =>
      line.type === 'task' && line.event.type === 'job-log' ? line.event.lines : [],
    );
    if (printed.length > 0) appendFileSync(queued.log, `${printed.join('\n')}\n`);
    sent.delete(queued.name);
    speakFor(pilot, mine);
    if (mine.some(({ type }) => type === 'returned')) fresh.push(queued);
    return undefined;
  };

  /** Pilots that have ended without a word. */
  const ask = async (): Promise<Failure | undefined> => {
    const answer = await slurm.list([...submits.values()].map(nameOf));
    if (!answer.ok) {
      if (!silent) note('warning', `${answer.error.message}; what runs goes on`);
      silent = true;
      return undefined;
    }
    silent = false;
    const jobs = new Map(answer.value.map((job) => [job.id, job]));
    for (const reason of new Set(
      answer.value.flatMap(({ state, reason: why }) => (state === 'PENDING' ? [why] : [])),
    )) {
      if (isHopeless(reason)) return failure('slurm-hopeless', `pilots would wait for ever: ${reason}`);
      if (waitsFor.has(reason) || /None/.test(reason)) continue;
      waitsFor.add(reason);
      note('note', `pilots wait for the cluster: ${reason}`);
    }
    const listed = { jobs: answer.value, at: Date.now() };
    const lost = new Set([...submits.values()].flatMap((submit) => arrayState(submit, [], listed).lost));
    for (const one of sent.values()) {
      const id = `${one.submit.job}_${one.index}`;
      if (!lost.has(id)) one.lostAt = undefined;
      else if (one.lostAt === undefined) one.lostAt = Date.now();
      else if (Date.now() - one.lostAt > lostAfter) giveUp(one, id, jobs.get(id));
    }
    return undefined;
  };

  const giveUp = ({ queued, index }: Sent, id: string, job: SlurmJob | undefined): void => {
    sent.delete(queued.name);
    const found = deathOutcome(`job ${id}`, job?.state);
    if (found === 'move') {
      const { name, task } = queued;
      const started = { type: 'task', event: { type: 'job-log', stage: task.stage, job: task.id, lines: [] } } as const;
      const at = Date.now();
      const { fingerprint } = task;
      speakFor(own, [
        { at, name, fingerprint, ...started },
        { at, type: 'returned', name, fingerprint, reason: 'stopped' },
      ]);
      fresh.push(queued);
      return;
    }
    const { cpus, memory, exclusive } = queued.demand;
    const detail = `what it printed is on its node, in ${logOf(id.replace(/_\d+$/, ''), index)}`;
    close(
      {
        name: queued.name,
        failure: { ...found.failure, detail },
        allocation: { cpus, memory, share: 0, wholeGpu: false, exclusive },
        killed: found.killed,
        pilot: own.id,
      },
      queued.task.fingerprint,
    );
  };

  /** Hands in what is fresh, as job arrays whose script brings the tasks. */
  const handIn = async (): Promise<Failure | undefined> => {
    while (fresh.length > 0) {
      const tasks = await wanted(fresh.splice(0, tasksOfScript));
      if (!Array.isArray(tasks)) return tasks;
      const problem = tasks.length === 0 ? undefined : await handInArray(tasks);
      if (problem?.code === slurmSilent) {
        // Whether it came through is not known. Handed in twice it would be done twice, with the same result.
        note('warning', `${problem.message}; it is asked again`);
        fresh.unshift(...tasks);
        return undefined;
      }
      if (problem !== undefined) return problem;
    }
    return undefined;
  };

  const handInArray = async (tasks: readonly QueuedTask[]): Promise<Failure | undefined> => {
    const sizes = await pushArtifacts(store, remote, new Set(tasks.flatMap(({ task }) => digestsOf(task))));
    if (!sizes.ok) return sizes.error;
    const count = pilotsFor(tasks);
    const submit: Submit = { id: ulid(), run, count, at: Date.now() };
    const parcel = pack({ spec, remote: address, pilots: count, tasks, sizes: sizes.value });
    const { script } = prepareSubmit(layout, submit, parcelScript(spec, command(submit.id), parcel));
    const limit = spec.jobs === 'one' ? { atOnce: most } : {};
    const handed = await slurm.submit(
      submitArguments(spec, { name: nameOf(submit), script, output: logOf('%A', '%a'), count, ...limit }),
    );
    if (!handed.ok) return handed.error;
    const known = { ...submit, job: handed.value };
    noteSubmit(layout, known);
    submits.set(known.id, known);
    for (const [place, queued] of tasks.entries())
      sent.set(queued.name, { queued, submit: known, index: place % count, lostAt: undefined });
    note('note', `${count} pilot${count === 1 ? '' : 's'} handed in to the cluster (job ${handed.value})`);
    return undefined;
  };

  /** Those of the tasks that no earlier run has had made: its results may have come to the remote after its end. */
  const wanted = async (tasks: readonly QueuedTask[]): Promise<QueuedTask[] | Failure> => {
    const left: QueuedTask[] = [];
    for (const queued of tasks) {
      const { fingerprint, forced } = queued.task;
      const got = forced ? undefined : await fetchRecord(store, remote, fingerprint);
      if (got?.ok === false) return got.error;
      if (got?.value === undefined) left.push(queued);
      else speakFor(own, [{ at: Date.now(), type: 'made', name: queued.name, fingerprint }]);
    }
    return left;
  };

  const pilotsFor = (tasks: readonly QueuedTask[]): number => {
    if (spec.jobs === 'one') return tasks.length;
    const cpus = tasks.reduce((sum, { demand }) => sum + Math.min(spec.cpus, demand.cpus), 0) / spec.cpus;
    const memory = tasks.reduce((sum, { demand }) => sum + demand.memory, 0);
    const byMemory = spec.memory === undefined ? 0 : memory / Math.max(1, spec.memory - pilotOverhead);
    return Math.min(most, tasks.length, Math.max(1, Math.ceil(Math.max(cpus, byMemory))));
  };

  return {
    send: (tasks) => void fresh.push(...tasks),
    speaksFor: (pilot) => pilots.has(pilot),
    ensure: async () => {
      if (Date.now() - lookedAt > lookEvery && sent.size > 0) {
        const problem = await look();
        lookedAt = Date.now();
        if (problem !== undefined) return problem;
      }
      if (Date.now() - askedAt > askEvery && sent.size > 0) {
        const problem = await ask();
        askedAt = Date.now();
        if (problem !== undefined) return problem;
      }
      return handIn();
    },
    release: async (all) => {
      const answer = await slurm.list([...submits.values()].map(nameOf));
      const ids = answer.ok ? answer.value.filter(({ state }) => all || state === 'PENDING').map(({ id }) => id) : [];
      if (ids.length > 0) await slurm.cancel(ids);
    },
    stateOf: async () => undefined,
  };
}

/** File on the node that takes what a pilot prints, with Slurm's own marks or with numbers. */
function logOf(job: string, index: string | number): string {
  return `/tmp/pipe-${job}_${index}.log`;
}
