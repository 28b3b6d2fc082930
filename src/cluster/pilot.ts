import { setMaxListeners } from 'node:events';
import { statSync } from 'node:fs';
import { hostname, cpus as processors } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import type { Environment } from '../backend/choice.ts';
import { type Failure, failure } from '../errors/failure.ts';
import type { Emit, UntimedEvent } from '../events/event.ts';
import { createWorkerPool, type WorkerPool } from '../execute/worker-pool.ts';
import { createGpuMemoryMeter } from '../machine/gpu-memory.ts';
import { driverOf } from '../machine/gpus.ts';
import type { Allocation } from '../schedule/demand.ts';
import { createScheduler } from '../schedule/scheduler.ts';
import type { Lease } from '../store/leases.ts';
import { openStore, type Store } from '../store/store.ts';
import { type Attempt, attemptTask } from '../task/attempt.ts';
import { backendProvider } from '../task/backend.ts';
import { createKillWatch } from '../task/memory-failure.ts';
import { publishTask } from '../task/publish.ts';
import type { TaskScope } from '../task/scope.ts';
import { err, ok, type Result } from '../util/result.ts';
import { sha256 } from '../util/sha256.ts';
import { ulid } from '../util/ulid.ts';
import type { Carrier } from './carrier.ts';
import type { PilotDescription } from './description.ts';
import { outOfTime } from './outcome.ts';
import type { ReturnReason } from './pilot-line.ts';
import { endOf, pilotCapacity } from './pilot-machine.ts';
import type { QueuedTask } from './queued-task.ts';
import type { PilotSpec } from './spec.ts';

export interface PilotOptions {
  readonly spec: PilotSpec;
  /** The job array that it came with. */
  readonly submit: string;
  readonly env: Environment;
  /** Aborted: the cluster wants the node. */
  readonly stop: AbortSignal;
  readonly say: (line: string) => void;
  /** The store that it works in: that of the run, or one of its own. */
  readonly store: string;
  /** Who runs the jobs, where that is not a pool of worker processes: a simulation of many pilots. */
  readonly pool?: Pick<WorkerPool, 'run' | 'close'>;
  /** How tasks and results get to it and away. */
  readonly carry: (store: Store, pilot: PilotDescription) => Carrier;
}

/** Milliseconds between two looks into the queue where the file system does not tell of changes. */
const lookEvery = 1000;
/** A task that somebody else was at is looked at again after so long. */
const againAfter = 2000;
/** Before its time is up, a pilot stops its jobs so early, in milliseconds, or a tenth of its time: results must still be written. */
const graceAtMost = 60_000;
/** Jobs are not begun that by past timings take so much longer than there is time left; a fresh pilot begins any. */
const fresh = 0.9;

/** Why a pilot ended, in a word. */
export type PilotEnd = 'idle' | 'over' | 'time' | 'stopped' | 'one job';

/** What is known of a task while the pilot has it. */
interface Running {
  readonly queued: QueuedTask;
  readonly stop: AbortController;
  readonly checkpointBefore: number;
}

/** What came of a task that had room. */
type Outcome =
  | { readonly type: 'dropped' }
  /** Somebody else is at it. */
  | { readonly type: 'later' }
  | { readonly type: 'refused'; readonly lease: Lease; readonly failure: Failure; readonly allocation: Allocation }
  | { readonly type: 'ran'; readonly lease: Lease; readonly attempt: Attempt; readonly allocation: Allocation };

/**
 * Takes tasks of its class, one after another and as many at once as it has room for, until nobody wants anything, nothing came
 * for a while, its time is up, or it is stopped. It publishes results itself: nobody has to be there to take them.
 */
export async function runPilot(options: PilotOptions): Promise<Result<PilotEnd>> {
  const { spec, env, say } = options;
  const id = ulid();
  const opened = openStore(options.store, say, id);
  if (!opened.ok) return opened;
  const store = opened.value;
  const now = Date.now();
  const capacity = await pilotCapacity(spec, env);
  const description: PilotDescription = {
    id,
    submit: options.submit,
    job: jobOf(env),
    host: env['SLURMD_NODENAME'] ?? hostname(),
    pid: process.pid,
    cpus: capacity.cpus,
    memory: capacity.memory,
    gpus: capacity.gpus.map(({ id: uuid, name, memory }) => ({
      id: uuid,
      name,
      ...(memory === undefined ? {} : { memory }),
    })),
    started: now,
    ends: endOf(spec, env, now),
  };
  const carrier = options.carry(store, description);
  say(`pilot ${id} on ${description.host}: ${capacity.cpus} processors, ${Math.round(capacity.memory / 2 ** 20)} MiB`);
  const reason = await createPilot(options, store, description, capacity, carrier).work();
  carrier.tell({ type: 'ended', reason });
  await carrier.close();
  store.close();
  say(`pilot ${id} ends: ${reason}`);
  return ok(reason);
}

/** Slurm's own name of this task of the array. */
function jobOf(env: Environment): string {
  const array = env['SLURM_ARRAY_JOB_ID'];
  const index = env['SLURM_ARRAY_TASK_ID'];
  return array === undefined || index === undefined ? (env['SLURM_JOB_ID'] ?? '') : `${array}_${index}`;
}

function createPilot(
  { spec, env, stop, pool: given }: PilotOptions,
  store: Store,
  description: PilotDescription,
  capacity: Awaited<ReturnType<typeof pilotCapacity>>,
  carrier: Carrier,
): { work(): Promise<PilotEnd> } {
  const { queue } = carrier;
  /** Aborted: no further task is begun. */
  const taking = new AbortController();
  /** Aborted: what runs is stopped too. */
  const ending = new AbortController();
  // Every task that waits for room listens for the end.
  setMaxListeners(0, taking.signal, ending.signal);
  const scheduler = createScheduler(capacity, taking.signal);
  const pilotEvent: Emit = (event) => carrier.tell({ type: 'pilot', event });
  const pool = given ?? createWorkerPool({ slots: capacity.cpus, onWorker: pilotEvent });
  const wasKilled = createKillWatch();
  const gpuMeter = createGpuMemoryMeter(driverOf(env));
  const measured = new Set<string>();
  const backends = new Map<string, () => Promise<Result<void>>>();
  const running = new Map<string, Running>();
  /** Tasks that wait for room, are run, or are to be looked at again. */
  const open = new Map<string, QueuedTask>();
  const removals: Promise<void>[] = [];
  let begun = 0;
  let busyAt = performance.now();
  let wake = (): void => {};

  const scopeOf = ({ name, run, task, log }: QueuedTask): TaskScope => ({
    store,
    run,
    workers: pool,
    emit: (event: UntimedEvent) => carrier.tell({ type: 'task', name, fingerprint: task.fingerprint, event }),
    host: { name: description.host, cpu: processors()[0]?.model ?? 'unknown', node: process.version },
    logFile: () => carrier.logFile?.(name) ?? log,
    tidy: (work) =>
      removals.push(import('node:fs/promises').then(({ rm }) => rm(work, { recursive: true, force: true }))),
    // The run has done it, before it put the task into the queue.
    publishCode: () => ok(),
  });

  const isUnwanted = (queued: QueuedTask): boolean => queue.isEnded(queued.run) || taking.signal.aborted;

  /** Long jobs are left to pilots that have the time for them. */
  const hasTimeFor = ({ expected = 0 }: QueuedTask): boolean => {
    const left = timeLeft();
    return expected * 1000 < left || left > fresh * spec.time * 1000;
  };
  const grace = Math.min(graceAtMost, spec.time * 100);
  const timeLeft = (): number => description.ends - grace - Date.now();

  const ready = async ({ told, computes }: QueuedTask['task']): Promise<Result<void>> => {
    const { architecture, backend, device } = told.compute;
    if (architecture !== process.arch)
      return err(
        failure(
          'cluster-architecture',
          `the node ${description.host} has ${process.arch} processors, the run's were ${architecture}`,
          {
            hint: 'results of one are not those of the other: choose nodes with constraint:, or start the run on such a node',
          },
        ),
      );
    if (!computes || backend === 'cpu') return ok();
    const build = device === 'gpu' ? 'gpu' : 'cpu';
    const provider = backends.get(build) ?? backendProvider(build, env, pilotEvent, ending.signal);
    backends.set(build, provider);
    return provider();
  };

  const begin = async (queued: QueuedTask, allocation: Allocation, asked: number): Promise<Outcome> => {
    const { task, name } = queued;
    if (isUnwanted(queued) || !hasTimeFor(queued)) return { type: 'dropped' };
    if (queue.isSettled(queued)) {
      queue.settle(queued);
      return { type: 'dropped' };
    }
    const lease = store.leases.take(task.fingerprint);
    if (!('release' in lease)) return { type: 'later' };
    try {
      store.leases.use(task.fingerprint);
      const made = store.find(task.fingerprint);
      const counts = made !== undefined && made.evicted !== true && (!task.forced || made.run === queued.run);
      if (counts || carrier.isClosed(name)) {
        lease.release();
        // What was made for this very run, whoever made it has told.
        if (counts && made.run !== queued.run) carrier.tell({ type: 'made', name, fingerprint: task.fingerprint });
        queue.settle(queued);
        return { type: 'dropped' };
      }
      begun++;
      if (spec.jobs === 'one') taking.abort(new Error('one job'));
      const stopping = new AbortController();
      running.set(name, { queued, stop: stopping, checkpointBefore: checkpointTime(store, queued) });
      const set = await ready(task);
      const problem = set.ok ? await carrier.bring(queued, ending.signal) : set.error;
      if (problem !== undefined) return { type: 'refused', lease, failure: problem, allocation };
      const attempt = await attemptTask(scopeOf(queued), task, {
        allocation,
        number: queued.attempt,
        waited: (performance.now() - asked) / 1000,
        expected: queued.expected,
        unmeasuredOnGpu: queued.unmeasuredOnGpu && !measured.has(task.likeness),
        gpuMeter,
        gpuEnvironment: {},
        signal: stopping.signal,
      });
      return { type: 'ran', lease, attempt, allocation };
    } catch (problem) {
      lease.release();
      throw problem;
    }
  };

  const fail = (queued: QueuedTask, problem: Failure, allocation: Allocation): void => {
    const outcome = { name: queued.name, failure: problem, allocation, killed: wasKilled(), pilot: description.id };
    carrier.closeTask(outcome);
    carrier.tell({ type: 'failed', name: queued.name, fingerprint: queued.task.fingerprint });
    queue.settle(queued);
  };

  /** A job that was stopped with its pilot, or because nobody wants it any more. */
  const giveBack = (queued: QueuedTask, reason: ReturnReason, allocation: Allocation): void => {
    const before = running.get(queued.name)?.checkpointBefore ?? 0;
    if (reason === 'time' && checkpointTime(store, queued) <= before) {
      const text = `the pilot's time of ${spec.time} s was up before the job had kept anything that it could go on from`;
      fail(queued, failure(outOfTime, text), allocation);
    } else carrier.tell({ type: 'returned', name: queued.name, fingerprint: queued.task.fingerprint, reason });
  };

  const finish = async (queued: QueuedTask, outcome: Extract<Outcome, { type: 'ran' | 'refused' }>): Promise<void> => {
    const { lease, allocation } = outcome;
    const stopped = running.get(queued.name)?.stop.signal.aborted === true;
    try {
      if (outcome.type === 'refused') {
        if (ending.signal.aborted) giveBack(queued, endReason(), allocation);
        else fail(queued, outcome.failure, allocation);
        return;
      }
      const made = await publishTask(scopeOf(queued), queued.task, outcome.attempt, allocation);
      const published = made.ok ? await carrier.deliver(queued, made.value) : made;
      if (published.ok) {
        measured.add(queued.task.likeness);
        queue.settle(queued);
      } else if (stopped) giveBack(queued, 'cancelled', allocation);
      else if (published.error.code === 'interrupted' || published.error.code === 'pool-closed')
        giveBack(queued, endReason(), allocation);
      else fail(queued, published.error, allocation);
    } finally {
      lease.release();
      if (outcome.type === 'ran') outcome.attempt.tidy();
    }
  };
  const endReason = (): ReturnReason => (stop.aborted ? 'stopped' : 'time');

  const take = async (queued: QueuedTask): Promise<void> => {
    const { demand, order, name } = queued;
    open.set(name, queued);
    try {
      for (;;) {
        const asked = performance.now();
        const outcome = await scheduler.schedule(
          () => demand,
          order,
          (allocation) => begin(queued, allocation, asked),
        );
        if (outcome.type === 'dropped') return;
        if (outcome.type === 'later') {
          await delay(againAfter, undefined, { signal: taking.signal });
          continue;
        }
        await finish(queued, outcome);
        return;
      }
    } catch (problem) {
      // Whoever waited when the pilot began to end leaves the task to others.
      if (!taking.signal.aborted) throw problem;
    } finally {
      running.delete(name);
      open.delete(name);
      busyAt = performance.now();
      // With tasks left there is nothing to look for.
      if (open.size === 0) wake();
    }
  };

  /** Why the pilot should end now, if it should. */
  const due = (): PilotEnd | undefined => {
    if (stop.aborted) return 'stopped';
    if (timeLeft() <= 0) return 'time';
    if (spec.jobs === 'one' && begun > 0 && running.size === 0) return 'one job';
    if (running.size > 0) return undefined;
    if (open.size === 0 && queue.isOver()) return 'over';
    return performance.now() - busyAt > spec.idle * 1000 ? 'idle' : undefined;
  };

  const work = async (): Promise<PilotEnd> => {
    const jobs: Promise<void>[] = [];
    let broken: unknown;
    const watching = queue.watch(() => wake());
    const onStop = (): void => wake();
    stop.addEventListener('abort', onStop, { once: true });
    let end = due();
    while (end === undefined && broken === undefined) {
      for (const queued of rotated(queue.look(), description.id)) {
        if (taking.signal.aborted) break;
        busyAt = performance.now();
        const job = take(queued).catch((problem: unknown) => {
          broken ??= problem;
        });
        jobs.push(job);
      }
      for (const { queued, stop: stopping } of running.values())
        if (queue.isCancelled(queued.run) || queue.isCancelled(queued.name)) stopping.abort(new Error('cancelled'));
      await pause(lookEvery, (resolve) => {
        wake = resolve;
      });
      end = due();
    }
    taking.abort(new Error(end ?? 'broken'));
    ending.abort(new Error(end ?? 'broken'));
    stop.removeEventListener('abort', onStop);
    watching.close();
    await pool.close();
    await Promise.all(jobs);
    await Promise.allSettled(removals);
    if (broken !== undefined) throw broken;
    return end ?? 'stopped';
  };
  return { work };
}

/** Waits, at most so long, until it is woken. */
function pause(milliseconds: number, begin: (resolve: () => void) => void): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, milliseconds);
    begin(() => {
      clearTimeout(timer);
      resolve();
    });
  });
}

function checkpointTime(store: Store, { task }: QueuedTask): number {
  const files = [task.fingerprint, ...(task.lineage === undefined ? [] : [task.lineage])];
  return Math.max(0, ...files.map((name) => modifiedAt(store.layout.checkpoint(name))));
}

function modifiedAt(path: string): number {
  try {
    return statSync(path).mtimeMs;
  } catch {
    return 0;
  }
}

/**
 * The tasks from another place on for each pilot: of equal ones each begins elsewhere, so that they do not all reach for the same one
 * at once. Their order by urgency is the scheduler's matter.
 */
function rotated(tasks: readonly QueuedTask[], pilot: string): QueuedTask[] {
  const start = tasks.length === 0 ? 0 : Number.parseInt(sha256(pilot).slice(0, 8), 16) % tasks.length;
  return [...tasks.slice(start), ...tasks.slice(0, start)];
}
