import { setMaxListeners } from 'node:events';
import { rm, rmdir } from 'node:fs/promises';
import { cpus, hostname } from 'node:os';
import { join } from 'node:path';
import type { Build } from '../backend/choice.ts';
import { chooseBuild } from '../backend/choice.ts';
import type { Failure } from '../errors/failure.ts';
import { isDiskError, systemFailure } from '../errors/system.ts';
import { stoppable } from '../events/cancel-file.ts';
import type { CommandWords, Emit, RunEvent, UntimedEvent } from '../events/event.ts';
import { openJournal } from '../events/journal.ts';
import { logName } from '../events/log-name.ts';
import { listenForRequests } from '../events/requests.ts';
import { machineLimits } from '../machine/limits.ts';
import type { MachineSettings } from '../machine/settings.ts';
import type { ExecutorName, SlurmSettings } from '../pipeline/executor.ts';
import type { Pipeline, StageInstance } from '../pipeline/pipeline.ts';
import type { Selected } from '../pipeline/select.ts';
import type { LookedUpJob, PlanScope } from '../plan/job.ts';
import { openMeasurements } from '../plan/measured.ts';
import { type PlanSettings, planScope } from '../plan/scope.ts';
import { makeFolder } from '../store/durable.ts';
import { openStore, type Store } from '../store/store.ts';
import { backendProvider } from '../task/backend.ts';
import { err, ok, type Result } from '../util/result.ts';
import { ulid } from '../util/ulid.ts';
import type { FinishedStage, RunScope } from './context.ts';
import { capacityOf, startHead } from './head.ts';
import { runJob } from './job.ts';
import { keepBelowLimit } from './keep-below-limit.ts';
import { writeManifest } from './manifest.ts';
import { createPreparation } from './prepare.ts';
import { restorer, runStages } from './run-stages.ts';
import { lazyWorkers } from './workers.ts';

export interface RunOptions {
  readonly store: string;
  /** Its name, where that is known before it begins. */
  readonly run?: string;
  /** The code of stage kinds. */
  readonly code: PlanScope['code'];
  readonly backend: 'native' | 'cpu';
  /** Which build of native TensorFlow; `auto` takes the GPU's where there is an NVIDIA driver. */
  readonly build: 'auto' | Build;
  /** What the run may have of the machine. */
  readonly machine: MachineSettings;
  /** Who runs the jobs. */
  readonly executor: ExecutorName;
  /** The command line by which pilots of a cluster are started, up to its arguments. */
  readonly program: readonly string[];
  readonly keepGoing: boolean;
  readonly selected: Selected;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly onEvent: (event: RunEvent) => void;
  /** How to begin such a run again, for those who look at this one later. */
  readonly again?: CommandWords;
  /** Aborted: no further job starts, running ones finish. */
  readonly signal: AbortSignal;
  /** Aborted: running jobs are ended at once. What was published stays. With the reason `endedBySystem`, those on a cluster go on. */
  readonly stopNow: AbortSignal;
}

export interface RunOutcome {
  readonly run: string;
  readonly status: 'done' | 'failed' | 'interrupted';
  readonly finished: ReadonlyMap<string, FinishedStage>;
  readonly failures: readonly { readonly stage: string; readonly failure: Failure }[];
  /** Still open: who takes results from it closes it. */
  readonly store: Store;
}

/**
 * Runs a pipeline: each stage as soon as its inputs are there, from the store where it can. A disk that fills up or
 * fails outside of a job (journal, manifest) is a failure; what was published stays.
 */
export async function runPipeline(pipeline: Pipeline, options: RunOptions): Promise<Result<RunOutcome>> {
  const ends: (() => Promise<void>)[] = [];
  try {
    return await runInStore(pipeline, options, ends);
  } catch (problem) {
    if (!isDiskError(problem)) throw problem;
    return err(systemFailure('the run had to stop', problem, 'free some space, or choose another store with --store'));
  } finally {
    for (const end of ends) await end();
  }
}

/** `ends` takes what must be ended, however the run ends. */
async function runInStore(
  pipeline: Pipeline,
  asked: RunOptions,
  ends: (() => Promise<void>)[],
): Promise<Result<RunOutcome>> {
  const { slurm } = pipeline.executor;
  const onCluster = asked.executor === 'slurm';
  const choice = chooseBackend(asked, onCluster ? slurm : undefined);
  if (!choice.ok) return choice;
  const early: string[] = [];
  const run = asked.run ?? ulid();
  const opened = openStore(asked.store, (what) => early.push(what), run);
  if (!opened.ok) return opened;
  const store = opened.value;
  const folder = store.layout.run(run);
  makeFolder(join(folder, 'logs'));
  const stops = stoppable(folder, asked);
  ends.push(async () => stops.close());
  const options: RunOptions = { ...asked, signal: stops.signal, stopNow: stops.stopNow };
  const journal = openJournal(folder);
  const tally = { run: 0, cached: 0, saved: 0 };
  const emit: Emit = (untimed) => {
    const event = { at: Date.now(), ...untimed } as RunEvent;
    if (event.type === 'job-finished') count(tally, event);
    journal.write(event);
    options.onEvent(event);
  };
  const started = performance.now();
  // Every waiting job listens for the end of the run.
  setMaxListeners(0, options.signal);
  const slots = onCluster ? slurm.pilots * slurm.cpus : (options.machine.workers ?? machineLimits().cpus);
  emit({
    type: 'run-started',
    run,
    pipeline: pipeline.name,
    file: pipeline.file,
    profile: pipeline.profile ?? 'default',
    params: pipeline.params,
    store: store.layout.root,
    workers: slots,
    ...(onCluster ? { executor: 'slurm' } : {}),
    backend: options.backend,
    pid: process.pid,
    host: hostname(),
    stages: options.selected.instances.map(({ id }) => id),
    after: orderOf(options.selected.instances),
    ...(options.again === undefined ? {} : { again: options.again }),
  });
  for (const text of early.splice(0)) emit({ type: 'notice', level: 'warning', text });
  const ensure =
    options.backend === 'cpu'
      ? async () => ok()
      : backendProvider(choice.value.build, options.env, emit, options.signal);
  const planning: PlanSettings = {
    code: options.code,
    backend: options.backend,
    build: choice.value.build,
    env: options.env,
    signal: options.signal,
    offline: false,
    note: (stage, text) => emit({ type: 'notice', level: 'note', text, stage }),
  };
  const planned = planScope(pipeline, store, planning);
  const { selected } = options;
  const measurements = openMeasurements(planned);
  const pool = lazyWorkers(() => ({ slots, onWorker: emit }));
  const preparation = createPreparation({
    scope: planScope(pipeline, store, { ...planning, offline: true, note: () => {} }),
    selected,
    machine: options.machine,
    ...(onCluster ? { elsewhere: capacityOf(slurm) } : {}),
    measurements,
    trainsOnGpu: options.backend === 'native' && choice.value.build === 'gpu',
    emit,
    warm: (workers) => pool.warm(workers),
  });
  let cancelElsewhere = (_job: string): void => {};
  const stopListening = listenForRequests(folder, ({ cancel }) => {
    pool.cancel(cancel);
    cancelElsewhere(cancel);
  });
  ends.push(pool.close, preparation.stop, async () => stopListening());
  const finished = new Map<string, FinishedStage>();
  const used = new Set<string>();
  const removals: Promise<void>[] = [];
  const scope: RunScope = {
    ...planned,
    find: (fingerprint) => {
      // Noted before it is read: so the garbage collector of another process sees it, or this run sees that it is gone.
      store.leases.use(fingerprint);
      used.add(fingerprint);
      return store.find(fingerprint);
    },
    run,
    host: { name: hostname(), cpu: cpus()[0]?.model ?? 'unknown', node: process.version },
    workers: pool,
    runJob: (looked, parts) => runner(looked, parts),
    measurements,
    prepare: preparation.prepare,
    emit,
    isForced: (instance) => selected.forced.has(instance),
    isWanted: (instance) => selected.wanted.has(instance),
    ensureBackend: ensure,
    logFile: (job, fingerprint) => join(folder, 'logs', logName(job, fingerprint)),
    toldOfRuns: new Set(),
    tidy: (work) => removals.push(removeFolder(work)),
    restore: restorer(selected.instances, finished, () => scope),
  };
  let runner: RunScope['runJob'] = (looked, parts) => runJob(scope, looked, parts);
  if (onCluster) {
    const head = await startHead(scope, slurm, options);
    if (!head.ok) return head;
    // Nodes that share nothing with this machine do not see the files that a job reads outside of the store.
    const here = ({ job }: LookedUpJob): boolean =>
      slurm.remote !== undefined && Object.keys(job.external.files).length > 0;
    runner = (looked, parts) => (here(looked) ? runJob(scope, looked, parts) : head.value.runJob(looked, parts));
    cancelElsewhere = head.value.cancelJob;
    ends.push(head.value.close);
  }
  options.stopNow.addEventListener('abort', () => void scope.workers.close(), { once: true });
  const failures = await runStages(scope, selected.instances, options.keepGoing, finished);
  await scope.workers.close();
  await preparation.stop();
  // What cannot be removed is a dead process's leftover to the next run.
  await Promise.allSettled(removals);
  if (tally.run > 0) keepBelowLimit(store, used, emit);
  const status = options.signal.aborted ? 'interrupted' : failures.length > 0 ? 'failed' : 'done';
  for (const text of early.splice(0)) emit({ type: 'notice', level: 'warning', text });
  const expectedSeconds = preparation.expectedSeconds();
  emit({
    type: 'run-finished',
    status,
    seconds: (performance.now() - started) / 1000,
    jobsRun: tally.run,
    jobsCached: tally.cached,
    secondsSaved: tally.saved,
    ...(status === 'done' && expectedSeconds !== undefined ? { expectedSeconds } : {}),
  });
  writeManifest(store, run, pipeline, status, finished);
  journal.close();
  return ok({ run, status, finished, failures, store });
}

/** For each stage instance those before it, as far as they are part of the run. */
function orderOf(instances: readonly StageInstance[]): Record<string, readonly string[]> {
  const ids = new Set(instances.map(({ id }) => id));
  return Object.fromEntries(instances.map(({ id, after }) => [id, after.filter((before) => ids.has(before))]));
}

/** Which TensorFlow computes: on a cluster that of its nodes, whatever this machine has. */
function chooseBackend({ backend, build }: RunOptions, slurm: SlurmSettings | undefined): Result<{ build: Build }> {
  if (backend === 'cpu') return ok({ build: 'cpu' });
  const ofNodes = slurm === undefined ? 'auto' : slurm.gpus === undefined ? 'cpu' : 'gpu';
  return chooseBuild(build === 'auto' ? ofNodes : build);
}

/** Removes a job's folder, which is empty as a rule: then one call does it, and not a walk through it. */
async function removeFolder(folder: string): Promise<void> {
  await rmdir(folder).catch(() => rm(folder, { recursive: true, force: true }));
}

function count(
  tally: { run: number; cached: number; saved: number },
  event: Extract<UntimedEvent, { type: 'job-finished' }>,
): void {
  if (event.cached) {
    tally.cached++;
    tally.saved += event.seconds;
  } else tally.run++;
}
