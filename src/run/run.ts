import { setMaxListeners } from 'node:events';
import { rm, rmdir } from 'node:fs/promises';
import { cpus, hostname } from 'node:os';
import { join } from 'node:path';
import type { Build } from '../backend/choice.ts';
import { chooseBuild } from '../backend/choice.ts';
import type { Failure } from '../errors/failure.ts';
import { isDiskError, systemFailure } from '../errors/system.ts';
import type { Emit, RunEvent, UntimedEvent } from '../events/event.ts';
import { openJournal } from '../events/journal.ts';
import { logName } from '../events/log-name.ts';
import { machineLimits } from '../machine/limits.ts';
import type { MachineSettings } from '../machine/settings.ts';
import type { Pipeline, StageInstance } from '../pipeline/pipeline.ts';
import type { Selected } from '../pipeline/select.ts';
import type { PlanScope } from '../plan/job.ts';
import { openMeasurements } from '../plan/measured.ts';
import { type PlanSettings, planScope } from '../plan/scope.ts';
import { makeFolder, replaceFile } from '../store/durable.ts';
import { openStore, type Store } from '../store/store.ts';
import { gitHead } from '../util/git-head.ts';
import { err, ok, type Result } from '../util/result.ts';
import { ulid } from '../util/ulid.ts';
import { backendProvider } from './backend.ts';
import type { FinishedStage, RunScope } from './context.ts';
import { keepBelowLimit } from './keep-below-limit.ts';
import { createPreparation } from './prepare.ts';
import { makeStage, runStage } from './stage.ts';
import { lazyWorkers } from './workers.ts';

export interface RunOptions {
  readonly store: string;
  /** The code of stage kinds. */
  readonly code: PlanScope['code'];
  readonly backend: 'native' | 'cpu';
  /** Which build of native TensorFlow; `auto` takes the GPU's where there is an NVIDIA driver. */
  readonly build: 'auto' | Build;
  /** What the run may have of the machine. */
  readonly machine: MachineSettings;
  readonly keepGoing: boolean;
  readonly selected: Selected;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly onEvent: (event: RunEvent) => void;
  /** Aborted: no further job starts, running ones finish. */
  readonly signal: AbortSignal;
  /** Aborted: running jobs are ended at once. What was published stays. */
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
  options: RunOptions,
  ends: (() => Promise<void>)[],
): Promise<Result<RunOutcome>> {
  const choice = options.backend === 'cpu' ? ok({ build: 'cpu' as const, reason: '' }) : chooseBuild(options.build);
  if (!choice.ok) return choice;
  const early: string[] = [];
  const run = ulid();
  const opened = openStore(options.store, (what) => early.push(what), run);
  if (!opened.ok) return opened;
  const store = opened.value;
  const folder = store.layout.run(run);
  makeFolder(join(folder, 'logs'));
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
  const slots = options.machine.workers ?? machineLimits().cpus;
  emit({
    type: 'run-started',
    run,
    pipeline: pipeline.name,
    file: pipeline.file,
    profile: pipeline.profile ?? 'default',
    params: pipeline.params,
    store: store.layout.root,
    workers: slots,
    backend: options.backend,
    pid: process.pid,
    host: hostname(),
    stages: options.selected.instances.map(({ id }) => id),
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
    measurements,
    trainsOnGpu: options.backend === 'native' && choice.value.build === 'gpu',
    emit,
    warm: (workers) => pool.warm(workers),
  });
  ends.push(pool.close, preparation.stop);
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

/** Makes the artifacts of a finished stage again that were removed to save space; each stage's once. */
function restorer(
  instances: readonly StageInstance[],
  finished: Map<string, FinishedStage>,
  scope: () => RunScope,
): RunScope['restore'] {
  const under = new Map<string, Promise<Result<void>>>();
  const restore = async (id: string): Promise<Result<void>> => {
    const instance = instances.find((one) => one.id === id);
    if (instance === undefined) throw new Error(`${id} is not part of this run`);
    const made = await makeStage(scope(), instance, finished);
    if (!made.ok) return made;
    finished.set(id, made.value);
    scope().emit({ type: 'stage-finished', stage: id, status: 'done', outputs: digestsOf(made.value) });
    return ok();
  };
  return (id) => {
    const running = under.get(id) ?? restore(id);
    under.set(id, running);
    return running;
  };
}

async function runStages(
  scope: RunScope,
  instances: readonly StageInstance[],
  keepGoing: boolean,
  finished: Map<string, FinishedStage>,
): Promise<RunOutcome['failures']> {
  const failures: { stage: string; failure: Failure }[] = [];
  const ends = new Map<string, Promise<void>>();
  const runOne = async (instance: StageInstance): Promise<void> => {
    await Promise.all(instance.after.map((before) => ends.get(before)));
    const missing = instance.after.find((before) => !finished.has(before));
    const stopped = scope.signal.aborted || (failures.length > 0 && !keepGoing);
    if (missing !== undefined || stopped) {
      const reason = missing === undefined ? 'the run was stopped' : `${missing} is not there`;
      scope.emit({ type: 'stage-finished', stage: instance.id, status: 'skipped', outputs: {}, reason });
      return;
    }
    const result = await guarded(scope, () => runStage(scope, instance, finished));
    if (result.ok) {
      finished.set(instance.id, result.value);
      const outputs = digestsOf(result.value);
      scope.emit({ type: 'stage-finished', stage: instance.id, status: result.value.status, outputs });
      return;
    }
    if (!scope.signal.aborted) failures.push({ stage: instance.id, failure: result.error });
    scope.emit({
      type: 'stage-finished',
      stage: instance.id,
      status: scope.signal.aborted ? 'skipped' : 'failed',
      outputs: {},
      reason: result.error.message,
      failure: result.error,
    });
  };
  for (const instance of instances) ends.set(instance.id, runOne(instance));
  await Promise.all(ends.values());
  return failures;
}

function digestsOf({ outputs }: FinishedStage): Record<string, string> {
  return Object.fromEntries(Object.entries(outputs).map(([slot, output]) => [slot, output.digest]));
}

/** A job that waited for resources when the run was stopped rejects: that is no bug. */
async function guarded(scope: RunScope, action: () => Promise<Result<FinishedStage>>): Promise<Result<FinishedStage>> {
  try {
    return await action();
  } catch (problem) {
    if (scope.signal.aborted) return err({ code: 'interrupted', message: 'the run was stopped' });
    throw problem;
  }
}

function writeManifest(
  store: Store,
  run: string,
  pipeline: Pipeline,
  status: string,
  finished: ReadonlyMap<string, FinishedStage>,
): void {
  // In the order of the pipeline, not that in which they ended.
  const stages = Object.fromEntries(
    pipeline.instances.flatMap(({ id }) => {
      const stage = finished.get(id);
      return stage === undefined
        ? []
        : [[id, { fingerprint: stage.fingerprint, status: stage.status, outputs: stage.outputs }]];
    }),
  );
  const manifest = {
    format: 2,
    run,
    pipeline: pipeline.name,
    file: pipeline.file,
    profile: pipeline.profile ?? 'default',
    params: pipeline.params,
    commit: gitHead(pipeline.root) ?? null,
    status,
    stages,
  };
  replaceFile(
    join(store.layout.run(run), 'manifest.json'),
    JSON.stringify(manifest, null, 1),
    store.leases.temporaryName('file'),
  );
}
