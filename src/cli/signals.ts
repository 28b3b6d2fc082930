import { endedBySystem } from '../run/ended-by-system.ts';

/** What signals ask of a run. */
export interface Stops {
  /** Ctrl-C was pressed: nothing new starts. */
  readonly soon: AbortSignal;
  /** Ctrl-C a second time, or the system asks to end: running jobs end too. */
  readonly now: AbortSignal;
  release(): void;
}

/** Listens for SIGINT, SIGTERM and SIGHUP until released. */
export function listenForSignals(say: (line: string) => void): Stops {
  const soon = new AbortController();
  const now = new AbortController();
  const stopNow = (why: string): void => {
    soon.abort(new Error(why));
    now.abort(new Error(why));
  };
  const interrupt = (): void => {
    if (soon.signal.aborted) {
      stopNow('interrupted');
      return;
    }
    say('Stopping: running jobs are finished and kept. Ctrl-C again stops them too.');
    soon.abort(new Error('interrupted'));
  };
  const handlers = [
    ['SIGINT', interrupt],
    ['SIGTERM', () => stopNow(endedBySystem)],
    ['SIGHUP', () => stopNow(endedBySystem)],
  ] as const;
  for (const [signal, handler] of handlers) process.on(signal, handler);
  return {
    soon: soon.signal,
    now: now.signal,
    release: () => {
      for (const [signal, handler] of handlers) process.removeListener(signal, handler);
    },
  };
}
