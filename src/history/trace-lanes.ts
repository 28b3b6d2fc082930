/** An event of the Trace Event Format (Chrome, Perfetto); times in microseconds. */
export interface TraceEvent {
  readonly name: string;
  /** X: a span with a duration, b and e: begin and end of a span beside the lanes, i: an instant, C: a counter, M: the name of a lane. */
  readonly ph: 'X' | 'b' | 'e' | 'i' | 'C' | 'M';
  readonly ts: number;
  readonly pid: number;
  readonly tid: number;
  readonly dur?: number;
  readonly cat?: string;
  /** Joins a `b` with its `e`. */
  readonly id?: string;
  readonly s?: 't';
  readonly args?: Args;
}

export type Args = Readonly<Record<string, unknown>>;

/** The lanes of a trace. Times are milliseconds since the epoch; the trace counts from the first one that it is told. */
export interface TraceLanes {
  readonly events: readonly TraceEvent[];
  process(name: string): void;
  /** Names a lane; a second name for it is not taken. */
  name(lane: number, name: string): void;
  /** A span in a lane. In one lane spans must follow each other or lie within each other. */
  span(lane: number, name: string, category: string, from: number, to: number, args: Args): void;
  /** A span that may overlap others: it is drawn beside the lanes. */
  beside(name: string, category: string, from: number, to: number, args: Args): void;
  instant(lane: number, name: string, at: number, args?: Args): void;
  counter(name: string, at: number, values: Args): void;
}

/** The one process of a trace: the run. */
const pid = 1;

/** Starts a trace with no events; `origin` is its time 0. */
export function openTraceLanes(origin: number): TraceLanes {
  const events: TraceEvent[] = [];
  const named = new Set<number>();
  let besides = 0;
  // A clock that was set back must not make a time before the beginning.
  const time = (at: number): number => Math.max(0, Math.round((at - origin) * 1000));
  const add = (event: Omit<TraceEvent, 'pid'>): void => void events.push({ pid, ...event });
  return {
    events,
    process: (name) => add({ name: 'process_name', ph: 'M', ts: 0, tid: 0, args: { name } }),
    name: (lane, name) => {
      if (named.has(lane)) return;
      named.add(lane);
      add({ name: 'thread_name', ph: 'M', ts: 0, tid: lane, args: { name } });
      add({ name: 'thread_sort_index', ph: 'M', ts: 0, tid: lane, args: { sort_index: lane } });
    },
    span: (tid, name, cat, from, to, args) =>
      add({ name, cat, ph: 'X', ts: time(from), dur: Math.max(0, time(to) - time(from)), tid, args }),
    beside: (name, cat, from, to, args) => {
      const id = `${cat} ${++besides}`;
      add({ name, cat, ph: 'b', id, ts: time(from), tid: 0, args });
      add({ name, cat, ph: 'e', id, ts: Math.max(time(from), time(to)), tid: 0 });
    },
    instant: (tid, name, at, args = {}) => add({ name, ph: 'i', s: 't', ts: time(at), tid, args }),
    counter: (name, at, args) => add({ name, ph: 'C', ts: time(at), tid: 0, args }),
  };
}
