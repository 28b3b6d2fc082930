import { setMaxListeners } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { type Failure, failure } from '../errors/failure.ts';
import type { Emit } from '../events/event.ts';
import { jobCancelled } from '../execute/worker-pool.ts';
import type { LookedUpJob, PlanScope } from '../plan/job.ts';
import type { Measurements } from '../plan/measured.ts';
import { isUrgent } from '../schedule/plan-time.ts';
import type { JobRecord } from '../store/record.ts';
import type { Needs } from '../task/needs.ts';
import type { JobPart } from '../task/part.ts';
import type { Tries } from '../task/retry.ts';
import { taskOf } from '../task/task.ts';
import { err, ok, type Result } from '../util/result.ts';
import { type ClassState, type HeadSettings, openClass } from './class-state.ts';
import { afterDeath, afterFailure, type Decision } from './decisions.ts';
import { endOfPilot } from './end-of-pilot.ts';
import type { FollowedPilot } from './follow-pilots.ts';
import { createLooks } from './looks.ts';
import { hasOutcome, type Outcome, readOutcome, writeOutcome } from './outcome.ts';
import type { PilotLine, ReturnReason } from './pilot-line.ts';
import type { QueuedTask } from './queued-task.ts';
import { createRelay } from './relay.ts';
import { classOf, type PilotSpec, specFor, wantedPilots } from './spec.ts';
import { eventually, usualPatience } from './visible.ts';

/** What the head of a run on a cluster needs of the run. */
export interface HeadScope extends Pick<PlanScope, 'pipeline' | 'compute' | 'store' | 'find' | 'signal'> {
  readonly run: string;
  readonly emit: Emit;
  readonly isForced: (stage: string) => boolean;
  readonly logFile: (job: string, fingerprint: string) => string;
  readonly measurements: Measurements;
  readonly prepare: () => Promise<{ readonly needs: Needs; readonly paths: ReadonlyMap<string, number> }>;
  readonly emitCached: (looked: LookedUpJob, record: JobRecord) => void;
}

/** The head of a run whose jobs pilots do: it puts tasks into queues, sees to pilots, and watches what comes of both. */
export interface Head {
  runJob(looked: LookedUpJob, parts: readonly JobPart[]): Promise<Result<JobRecord>>;
  /** Nobody wants the jobs any more: pilots stop those that run. */
  cancel(): void;
  /** Nobody wants this job any more, by its name in the run. */
  cancelJob(job: string): void;
  /** What runs goes on without this process, and the next run takes it over. */
  leave(): void;
  close(): Promise<void>;
}

/** A job that is to be put into a queue. */
interface Wanted {
  readonly looked: LookedUpJob;
  readonly parts: readonly JobPart[];
  readonly tries: Tries;
  /** How often its node was taken away. */
  moves: number;
  attempt: number;
  /** Seconds that a pilot must have for it, where its like needs fewer. */
  pilotTime: number;
  /** Who has it now, by what pilots tell. */
  pilot: FollowedPilot | undefined;
  /** Something is being decided about it: one thing at a time. */
  deciding: boolean;
  readonly settle: (result: Result<JobRecord>) => void;
}

/** A job in a queue. */
interface Waiting extends Wanted {
  readonly queued: QueuedTask;
  readonly state: ClassState;
}

/** Milliseconds between two looks for results that nobody told of. */
const searchEvery = 5000;
/** By past timings, what a pilot must have for a job of so many seconds. */
const timeMargin = 1.3;
/** A pilot with less time left, in milliseconds or as a tenth of its time, is not counted on. */
const almostOver = 60_000;

const interrupted: Failure = { code: 'interrupted', message: 'the run was stopped' };

/** Starts nothing before the first job. */
export function createHead(scope: HeadScope, head: HeadSettings): Head {
  const { store, emit, run } = scope;
  const { settings } = head;
  const relay = createRelay(emit);
  const classes = new Map<string, ClassState>();
  const waiting = new Map<string, Waiting>();
  /** Jobs by fingerprint: two stages of a run may be the same job. */
  const shared = new Map<string, Promise<Result<JobRecord>>>();
  /** Ends whatever is waited for when the head closes. */
  const closing = new AbortController();
  setMaxListeners(0, closing.signal);
  const ensuring = new Map<string, Promise<void>>();
  let sequence = 0;
  let flushing = false;
  let searchedAt = performance.now();
  let ends: 'open' | 'withdrawn' | 'left' = 'open';

  const classFor = (spec: PilotSpec): ClassState => {
    const name = classOf(spec);
    const state = classes.get(name) ?? openClass(store, run, spec, head, emit, soon);
    classes.set(name, state);
    return state;
  };

  const enqueue = async (wanted: Wanted): Promise<void> => {
    const { looked, parts, attempt } = wanted;
    const { job, fingerprint } = looked;
    const { needs, paths } = await scope.prepare();
    const demand = needs.demand(job);
    const expected = scope.measurements.expect(job)?.seconds;
    const seconds = Math.max(wanted.pilotTime, (expected ?? 0) * timeMargin, job.execution.timeout ?? 0);
    const state = classFor(specFor(settings, demand, seconds));
    const queued: QueuedTask = {
      name: `${run}.${++sequence}`,
      run,
      attempt,
      task: taskOf(scope, looked, parts),
      demand,
      order: {
        urgent: isUrgent(job.kind, expected),
        path: paths.get(job.stage) ?? 0,
        round: job.round,
        seconds: expected ?? 0,
      },
      ...(expected === undefined ? {} : { expected }),
      unmeasuredOnGpu: needs.isUnmeasuredOnGpu(job),
      log: scope.logFile(job.id, fingerprint),
      at: Date.now(),
    };
    if (ends !== 'open') {
      wanted.settle(err(interrupted));
      return;
    }
    waiting.set(fingerprint, { ...wanted, queued, state, pilot: undefined, deciding: false });
    state.add(queued);
    if (flushing) return;
    flushing = true;
    setImmediate(flush);
  };

  const flush = (): void => {
    flushing = false;
    try {
      for (const state of classes.values()) state.flush();
    } catch (problem) {
      broke(problem);
    }
    soon();
  };

  /** A bug of ours, or a disk that fails: nobody may wait for ever for it. */
  const broke = (problem: unknown): void => {
    const text = problem instanceof Error ? problem.message : String(problem);
    const told = failure('cluster-broken', `the head of the run broke: ${text}`);
    for (const one of [...waiting.values()]) settle(one, err(told));
  };

  const settle = (one: Waiting, result: Result<JobRecord>): void => {
    const { fingerprint } = one.looked;
    if (waiting.get(fingerprint) !== one) return;
    waiting.delete(fingerprint);
    one.state.settled(one.queued.name);
    one.settle(result);
  };

  const decide = (one: Waiting, action: () => Promise<void>): void => {
    if (one.deciding) return;
    one.deciding = true;
    action()
      .catch((problem: unknown) => {
        if (!closing.signal.aborted) broke(problem);
      })
      .finally(() => {
        one.deciding = false;
        soon();
      });
  };

  /** Closes a task's name, so that no pilot begins it any more. */
  const closeName = ({ queued, state }: Waiting, problem: Failure, allocation: Outcome['allocation']): void => {
    if (hasOutcome(state.layout, queued.name)) return;
    const outcome = { name: queued.name, failure: problem, allocation, killed: false, pilot: '' };
    writeOutcome(state.layout, outcome, store.leases.temporaryName('file'));
  };

  const carryOut = async (one: Waiting, decision: Decision, why: Failure): Promise<void> => {
    const { job, fingerprint } = one.looked;
    if (decision.type === 'fail') {
      settle(one, err(decision.failure));
      return;
    }
    const attempt = one.attempt + 1;
    const { reason, wait } = decision.type === 'again' ? decision : { reason: 'moved' as const, wait: 0 };
    emit({ type: 'job-retried', stage: job.stage, job: job.id, failure: why, reason, attempt, wait });
    one.attempt = attempt;
    one.pilot = undefined;
    if (decision.type === 'stay') {
      one.moves++;
      return;
    }
    await delay(wait * 1000, undefined, { signal: closing.signal }).catch(() => undefined);
    if (closing.signal.aborted || waiting.get(fingerprint) !== one) return;
    await enqueue({ ...one, pilotTime: Math.max(one.pilotTime, decision.pilotTime ?? 0) });
  };

  const takeOutcome = async (one: Waiting): Promise<void> => {
    const { queued, state, looked, tries } = one;
    const { layout, spec } = state;
    const path = layout.outcome(queued.name);
    const outcome = await eventually(
      () => readOutcome(layout, queued.name),
      () => [path],
      closing.signal,
    );
    if (outcome === undefined) return;
    const { needs } = await scope.prepare();
    const attempt = { job: looked.job, tries, pilotTime: spec.time, ...outcome };
    await carryOut(one, afterFailure(attempt, { needs, most: settings.most }), outcome.failure);
  };

  /** A pilot died without a word, in the middle of the job. */
  const takeDeath = async (one: Waiting, { description }: FollowedPilot, slurm: string | undefined): Promise<void> => {
    const { looked, tries, moves, state, queued } = one;
    const { needs } = await scope.prepare();
    const { cpus, memory, exclusive } = queued.demand;
    const allocation = { cpus, memory, share: 0, wholeGpu: false, exclusive };
    const pilot = `on ${description.host} (job ${description.job})`;
    const attempt = { job: looked.job, tries, moves, allocation, pilot, pilotTime: state.spec.time };
    const decision = afterDeath(attempt, slurm, { needs, most: settings.most });
    if (decision.type !== 'stay') closeName(one, decision.why, allocation);
    await carryOut(one, decision, decision.why);
  };

  const takeReturn = async (one: Waiting, pilot: FollowedPilot, reason: ReturnReason): Promise<void> => {
    if (reason === 'cancelled') return;
    const text = reason === 'time' ? 'its time was up' : 'the cluster wanted the node';
    const why = failure('pilot-ended', `the pilot on ${pilot.description.host} stopped the job: ${text}`);
    await carryOut(one, { type: 'stay' }, why);
  };

  /** Takes a result that is said to be there; a shared file system may show it later. */
  const takeResult = async (one: Waiting, worker: number | undefined): Promise<void> => {
    const { looked, queued } = one;
    const { fingerprint } = looked;
    const paths = (): string[] => {
      const outputs = Object.values(store.readRecord(fingerprint)?.outputs ?? {});
      return [store.layout.record(fingerprint), ...outputs.map(({ digest }) => store.layout.blob(digest))];
    };
    const record = await eventually(() => foundResult(one), paths, closing.signal);
    if (waiting.get(fingerprint) !== one || closing.signal.aborted) return;
    if (record === undefined) {
      const what = `a pilot has finished ${looked.job.id}, but its result is not to be seen here after ${usualPatience / 1000} s`;
      const hint = 'the store must lie on a file system that all nodes share; else name a remote in executors.slurm';
      settle(one, err(failure('cluster-result', what, { hint })));
      return;
    }
    // What another run, or one before, has had made is shared as it is from any store.
    if (record.run === queued.run) relay.finished(looked, record, worker);
    else scope.emitCached(looked, record);
    scope.measurements.note(looked.job, record);
    settle(one, ok(record));
  };

  const foundResult = ({ looked, queued }: Waiting): JobRecord | undefined => {
    const record = scope.find(looked.fingerprint);
    if (record === undefined || record.evicted === true) return undefined;
    return queued.task.forced && record.run !== run ? undefined : record;
  };

  /** What pilots tell of jobs that this run waits for, whichever run has put them into the queue. */
  const hear = (pilot: FollowedPilot, line: PilotLine): void => {
    if (line.type === 'pilot' && !pilot.foundDead) relay.ofPilot(pilot, line.event);
    if (line.type === 'pilot' || line.type === 'ended') return;
    if (pilot.foundDead && !line.name.startsWith(`${run}.`)) return;
    const one = waiting.get(line.fingerprint);
    if (one === undefined) return;
    switch (line.type) {
      case 'task': {
        const { event } = line;
        if (event.type === 'job-started') one.pilot = pilot;
        if (event.type === 'job-finished') decide(one, () => takeResult(one, relay.worker(pilot, event.worker ?? 0)));
        else relay.ofJob(one.looked, one.attempt, pilot, event);
        break;
      }
      case 'made':
        decide(one, () => takeResult(one, undefined));
        break;
      case 'failed':
        if (line.name === one.queued.name) decide(one, () => takeOutcome(one));
        break;
      case 'returned':
        decide(one, () => takeReturn(one, pilot, line.reason));
        break;
    }
  };

  const lookAt = async (state: ClassState, isFull: boolean): Promise<void> => {
    for (const { pilot, line } of state.followed.read(isFull)) hear(pilot, line);
    if (isFull) for (const pilot of state.followed.deaths()) await bury(state, pilot);
    if (isFull || state.isFresh()) ensurePilots(state);
    state.tellSettled();
  };

  const looks = createLooks({
    look: async (isFull) => {
      for (const state of classes.values()) await lookAt(state, isFull);
      if (isFull) search();
    },
    isNeeded: () => waiting.size > 0,
    onBroken: broke,
  });
  const { soon } = looks;

  const bury = async (state: ClassState, pilot: FollowedPilot): Promise<void> => {
    const had = [...waiting.values()].filter((one) => one.pilot?.id === pilot.id);
    if (had.length === 0) return;
    const slurm = await state.supply.stateOf(pilot.description.submit, pilot.description.job);
    const end = endOfPilot(state.layout, pilot.description, slurm?.state);
    for (const one of had) decide(one, () => takeDeath(one, pilot, end));
  };

  const ensurePilots = (state: ClassState): void => {
    const mine = [...waiting.values()].filter((one) => one.state === state);
    if (mine.length === 0 || ends !== 'open' || ensuring.has(state.name)) return;
    const enough = Date.now() + Math.min(almostOver, state.spec.time * 100);
    const pilots = state.followed
      .all()
      .map(({ description: { job, submit, ends: end }, over }) => ({ job, submit, living: !over && end > enough }));
    const ensured = state.supply
      .ensure(
        wantedPilots(
          state.spec,
          mine.map(({ queued }) => queued.demand),
        ),
        pilots,
      )
      .then((problem) => {
        if (problem === undefined) return;
        for (const one of mine) if (one.pilot === undefined) settle(one, err(problem));
      })
      .catch(broke)
      .finally(() => ensuring.delete(state.name));
    ensuring.set(state.name, ensured);
  };

  /** Results that nobody told of: those of a run before, whose head died, or of a pilot whose last words were lost. */
  const search = (): void => {
    if (performance.now() - searchedAt < searchEvery) return;
    searchedAt = performance.now();
    for (const one of waiting.values())
      if (one.pilot === undefined && !one.deciding && foundResult(one) !== undefined)
        decide(one, () => takeResult(one, undefined));
  };

  const stop = (how: '' | 'cancelled', isStopped: (one: Waiting) => boolean): void => {
    ends = 'withdrawn';
    for (const state of classes.values()) state.endRun(how);
    for (const one of [...waiting.values()]) if (isStopped(one)) settle(one, err(interrupted));
  };
  /** Nothing new begins; what runs is finished and kept. */
  const withdraw = (): void => {
    if (ends === 'open') stop('', ({ pilot }) => pilot === undefined);
  };
  scope.signal.addEventListener('abort', withdraw, { once: true });

  return {
    runJob: async (looked, parts) => {
      const { fingerprint, code } = looked;
      const published = store.publishClosure(code.text, code.digest);
      if (!published.ok) return published;
      const before = shared.get(fingerprint);
      if (before !== undefined) {
        const result = await before;
        if (result.ok) scope.emitCached(looked, result.value);
        return result;
      }
      const result = new Promise<Result<JobRecord>>((resolve, reject) => {
        const tries = { deaths: 0, failures: 0 };
        const wanted = { looked, parts, tries, moves: 0, attempt: 1, pilotTime: 0, pilot: undefined, deciding: false };
        enqueue({ ...wanted, settle: resolve }).catch(reject);
      });
      shared.set(fingerprint, result);
      return result.finally(() => shared.delete(fingerprint));
    },
    cancel: () => stop('cancelled', () => true),
    cancelJob: (job) => {
      const one = [...waiting.values()].find(({ looked }) => looked.job.id === job);
      if (one === undefined) return;
      const problem = failure(jobCancelled, 'the job was cancelled');
      const { cpus, memory, exclusive } = one.queued.demand;
      closeName(one, problem, { cpus, memory, share: 0, wholeGpu: false, exclusive });
      one.state.endTask(one.queued.name);
      settle(one, err(problem));
    },
    leave: () => {
      ends = 'left';
      for (const one of [...waiting.values()]) settle(one, err(interrupted));
    },
    close: async () => {
      closing.abort(new Error('closed'));
      looks.close();
      scope.signal.removeEventListener('abort', withdraw);
      // Pilots that are being handed in must be known before they are taken back.
      await Promise.all(ensuring.values());
      for (const state of classes.values()) {
        if (ends === 'left') state.followed.close();
        if (ends === 'open') state.endRun('');
        if (ends !== 'left') await state.release();
      }
    },
  };
}
