import type { RunEvent } from '../events/event.ts';
import { createTraceJobs } from './trace-jobs.ts';
import { openTraceLanes, type TraceEvent, type TraceLanes } from './trace-lanes.ts';

type EventOf<Type extends RunEvent['type']> = Extract<RunEvent, { type: Type }>;

/** Lanes: one for the run as a whole, then one for each worker (its number and 1), then one for each stage. */
const runLane = 0;
const stageLanes = 1_000_000;

/** A trace as chrome://tracing and ui.perfetto.dev open it. */
export interface Trace {
  readonly traceEvents: readonly TraceEvent[];
  readonly displayTimeUnit: 'ms';
}

/**
 * A run's journal as a trace: a lane for each worker with its jobs, lanes of the stages, setting up, waiting and publishing as
 * spans, what was cached and retried as instants, and the machine's load as counters. The same journal gives the same trace.
 * Source: "Trace Event Format" (Google, 2016), the JSON object form.
 */
export function traceOf(events: Iterable<RunEvent>): Trace {
  let drawing: ReturnType<typeof createDrawing> | undefined;
  for (const event of events) {
    drawing ??= createDrawing(openTraceLanes(event.at));
    drawing.take(event);
  }
  return { traceEvents: drawing?.end() ?? [], displayTimeUnit: 'ms' };
}

function createDrawing(lanes: TraceLanes) {
  const jobs = createTraceJobs(lanes);
  const stages = createStages(lanes);
  const setUp = createSetUp(lanes);
  let last = 0;
  const take = (event: RunEvent): void => {
    last = Math.max(last, event.at);
    switch (event.type) {
      case 'run-started':
        lanes.process(`${event.pipeline} ${event.run}`);
        lanes.name(runLane, 'run');
        break;
      case 'set-up':
        setUp.take(event);
        break;
      case 'worker-started':
        startWorker(lanes, event);
        break;
      case 'worker-ended':
        lanes.instant(event.worker + 1, `worker ${event.reason}`, event.at, { detail: event.detail });
        break;
      case 'stage-started':
        stages.start(event);
        break;
      case 'stage-finished':
        stages.finish(event);
        break;
      case 'job-started':
        jobs.start(event);
        break;
      case 'job-waiting':
        jobs.wait(event);
        break;
      case 'job-finished':
        jobs.finish(event, stages.laneOf(event.stage));
        break;
      case 'job-retried':
        jobs.retry(event);
        break;
      case 'job-failed':
        jobs.fail(event);
        break;
      case 'machine':
        countLoad(lanes, event);
        break;
      default:
        break;
    }
  };
  const end = (): readonly TraceEvent[] => {
    jobs.close(last);
    setUp.close(last);
    stages.close(last);
    return lanes.events;
  };
  return { take, end };
}

function startWorker(lanes: TraceLanes, { at, worker, pid, threads, gpu }: EventOf<'worker-started'>): void {
  lanes.name(worker + 1, `worker ${worker}${gpu === undefined ? '' : ` on ${gpu}`}`);
  lanes.instant(worker + 1, 'worker started', at, { pid, threads });
}

function countLoad(lanes: TraceLanes, { at, cpus, memory, gpus }: EventOf<'machine'>): void {
  lanes.counter('CPU cores', at, { used: cpus });
  lanes.counter('memory', at, { bytes: memory });
  for (const [index, { use, memory: bytes }] of gpus.entries()) {
    // What a driver does not tell is no 0. Of different size, so not in one picture.
    if (use !== undefined) lanes.counter(`GPU ${index} use`, at, { use });
    if (bytes !== undefined) lanes.counter(`GPU ${index} memory`, at, { bytes });
  }
}

/** Stages run side by side, so each has a lane of its own. */
function createStages(lanes: TraceLanes) {
  const known = new Map<string, number>();
  const open = new Map<string, number>();
  const laneOf = (stage: string): number => {
    const lane = known.get(stage) ?? stageLanes + known.size;
    known.set(stage, lane);
    lanes.name(lane, stage);
    return lane;
  };
  const draw = (stage: string, to: number, args: Readonly<Record<string, unknown>>): void => {
    const from = open.get(stage);
    if (from === undefined) return;
    open.delete(stage);
    lanes.span(laneOf(stage), stage, 'stage', from, to, args);
  };
  return {
    laneOf,
    start: ({ stage, at }: EventOf<'stage-started'>): void => {
      laneOf(stage);
      open.set(stage, at);
    },
    finish: ({ stage, at, status, reason }: EventOf<'stage-finished'>): void => {
      if (status === 'done' || status === 'failed') draw(stage, at, { status, reason });
      if (status === 'cached') lanes.instant(laneOf(stage), `${stage} cached`, at, { status });
      open.delete(stage);
    },
    close: (at: number): void => {
      for (const stage of [...open.keys()]) draw(stage, at, { unfinished: true });
    },
  };
}

/** Setting up the backend: each step lasts until the next one; a step without a name ends it. */
function createSetUp(lanes: TraceLanes) {
  let current: { readonly step: string; readonly at: number } | undefined;
  const close = (at: number): void => {
    if (current === undefined) return;
    lanes.span(runLane, `set up: ${current.step}`, 'set-up', current.at, at, {});
    current = undefined;
  };
  return {
    close,
    take: ({ step, at }: EventOf<'set-up'>): void => {
      if (step === current?.step) return;
      close(at);
      if (step !== '') current = { step, at };
    },
  };
}
