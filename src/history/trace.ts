import type { RunEvent } from '../events/event.ts';

/** An event of the Trace Event Format (Chrome, Perfetto); times in microseconds. */
export interface TraceEvent {
  readonly name: string;
  /** X: a span with a duration, i: an instant, C: a counter, M: the name of a lane. */
  readonly ph: 'X' | 'i' | 'C' | 'M';
  readonly ts: number;
  readonly pid: number;
  readonly tid: number;
  readonly dur?: number;
  readonly cat?: string;
  readonly s?: 't' | 'p';
  readonly args?: Readonly<Record<string, unknown>>;
}

/** Lanes: one for the stages, one for the run as a whole, then one for each worker. */
const runLane = 0;
const stageLanes = 1000;
const process = 1;

type Started = Extract<RunEvent, { type: 'job-started' }>;

/**
 * A run's journal as a trace: a lane for each worker with its jobs, spans of the stages, what was cached and retried as instants, and
 * the machine's load as counters. Source: "Trace Event Format", the JSON that chrome://tracing and ui.perfetto.dev open.
 */
export function traceOf(events: Iterable<RunEvent>): {
  readonly traceEvents: TraceEvent[];
  readonly displayTimeUnit: 'ms';
} {
  const made: TraceEvent[] = [];
  const running = new Map<string, Started>();
  const stages = new Map<string, { readonly at: number; readonly lane: number }>();
  const lanes = new Set<number>();
  let origin: number | undefined;
  let last = 0;
  const time = (at: number): number => {
    origin ??= at;
    return (at - origin) * 1000;
  };
  const add = (event: Omit<TraceEvent, 'pid'>): void => void made.push({ pid: process, ...event });
  const instant = (at: number, tid: number, name: string, args: TraceEvent['args'] = {}): void =>
    add({ name, ph: 'i', s: 't', ts: time(at), tid, args });
  const lane = (tid: number, name: string): void => {
    if (lanes.has(tid)) return;
    lanes.add(tid);
    add({ name: 'thread_name', ph: 'M', ts: 0, tid, args: { name } });
    add({ name: 'thread_sort_index', ph: 'M', ts: 0, tid, args: { sort_index: tid } });
  };
  /** A job's span ends where its work ended; what comes after is publishing, beside the worker's next job. */
  const endJob = (job: string, at: number, seconds: number | undefined, args: TraceEvent['args']): void => {
    const started = running.get(job);
    if (started === undefined) return;
    running.delete(job);
    const until = seconds === undefined ? at : Math.min(at, started.at + seconds * 1000);
    const { worker, attempt, waited, gpu, exclusive, fingerprint } = started;
    const more = { fingerprint, attempt, waited, ...(gpu === undefined ? {} : { gpu }), exclusive, ...args };
    add({
      name: job,
      cat: 'job',
      ph: 'X',
      ts: time(started.at),
      dur: (until - started.at) * 1000,
      tid: worker + 1,
      args: more,
    });
  };
  const countLoad = ({ at, cpus, memory, gpus }: Extract<RunEvent, { type: 'machine' }>): void => {
    const count = (name: string, args: TraceEvent['args'] = {}): void =>
      add({ name, ph: 'C', ts: time(at), tid: 0, args });
    count('CPU cores', { used: cpus });
    count('memory', { bytes: memory });
    for (const [index, gpu] of gpus.entries()) count(`GPU ${index}`, { use: gpu.use ?? 0, bytes: gpu.memory ?? 0 });
  };
  for (const event of events) {
    last = Math.max(last, event.at);
    switch (event.type) {
      case 'run-started':
        add({ name: 'process_name', ph: 'M', ts: 0, tid: 0, args: { name: `${event.pipeline} ${event.run}` } });
        lane(runLane, 'run');
        time(event.at);
        break;
      case 'worker-started':
        lane(event.worker + 1, `worker ${event.worker}${event.gpu === undefined ? '' : ` on ${event.gpu}`}`);
        instant(event.at, event.worker + 1, 'worker started', { pid: event.pid });
        break;
      case 'worker-ended':
        instant(
          event.at,
          event.worker + 1,
          `worker ${event.reason}`,
          event.detail === undefined ? {} : { detail: event.detail },
        );
        break;
      case 'stage-started': {
        const tid = stages.get(event.stage)?.lane ?? stageLanes + stages.size;
        lane(tid, event.stage);
        stages.set(event.stage, { at: event.at, lane: tid });
        break;
      }
      case 'stage-finished': {
        const stage = stages.get(event.stage);
        if (stage === undefined || event.status === 'skipped') break;
        const args = { status: event.status };
        if (event.status === 'cached') instant(event.at, stage.lane, `${event.stage} cached`, args);
        else
          add({
            name: event.stage,
            cat: 'stage',
            ph: 'X',
            ts: time(stage.at),
            dur: (event.at - stage.at) * 1000,
            tid: stage.lane,
            args,
          });
        break;
      }
      case 'job-started':
        lane(event.worker + 1, `worker ${event.worker}`);
        running.set(event.job, event);
        break;
      case 'job-finished': {
        const { seconds, score, memory, gpuMemory } = event;
        if (event.cached) instant(event.at, stages.get(event.stage)?.lane ?? runLane, `${event.job} cached`);
        else endJob(event.job, event.at, seconds, { score, memory, gpuMemory });
        break;
      }
      case 'job-retried':
        instant(event.at, (running.get(event.job)?.worker ?? -1) + 1, `${event.job} tried again: ${event.reason}`, {
          attempt: event.attempt,
        });
        endJob(event.job, event.at, undefined, { failure: event.failure.message });
        break;
      case 'job-failed':
        endJob(event.job, event.at, undefined, { failure: event.failure.message });
        break;
      case 'machine':
        countLoad(event);
        break;
      default:
        break;
    }
  }
  // A run that was killed, or goes on: what runs is drawn up to what is known.
  for (const job of [...running.keys()]) endJob(job, last, undefined, { unfinished: true });
  return { traceEvents: made, displayTimeUnit: 'ms' };
}
