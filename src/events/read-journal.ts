import { dirname } from 'node:path';
import { LineReader } from '../util/line-reader.ts';
import { watchFolder } from '../util/watch-folder.ts';
import type { RunEvent } from './event.ts';
import { parseEvent } from './parse-event.ts';

/** The events of a journal, as they stand; what is no whole event is skipped. */
export function* readEvents(path: string): Generator<RunEvent> {
  yield* new LineReader(path, parseEvent).read();
}

/** Milliseconds between two looks where the file system does not tell of changes, and for a run that was killed. */
const lookEvery = 500;

/**
 * The events of some files, those that are there and those that come, each file's in their order. Ends after `run-finished`, when
 * `isOver` says that nothing comes any more, or when the signal is aborted.
 */
export async function* followEvents(
  paths: readonly string[],
  isOver: () => boolean,
  signal: AbortSignal,
): AsyncGenerator<RunEvent> {
  const readers = paths.map((path) => new LineReader(path, parseEvent));
  let wake = (): void => {};
  const watcher = watchFolder(dirname(paths[0] ?? '.'), () => wake());
  const onAbort = (): void => wake();
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    while (!signal.aborted) {
      // Asked before reading: what was written before the end is read all the same.
      const over = isOver();
      let ended = false;
      for (const event of merged(readers.map((reader) => reader.read()))) {
        ended ||= event.type === 'run-finished';
        yield event;
      }
      if (ended || over) return;
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, lookEvery);
        wake = () => {
          clearTimeout(timer);
          resolve();
        };
        if (signal.aborted) wake();
      });
    }
  } finally {
    signal.removeEventListener('abort', onAbort);
    watcher?.close();
  }
}

/** Events of several files as one list, the earlier one first: the progress of a job stands before its end. Each file keeps its order. */
function* merged(sources: readonly Generator<RunEvent>[]): Generator<RunEvent> {
  const heads = sources.map((source) => ({ source, next: source.next() }));
  for (;;) {
    let first: { readonly source: Generator<RunEvent>; next: IteratorResult<RunEvent> } | undefined;
    for (const head of heads)
      if (head.next.done !== true && (first === undefined || head.next.value.at < first.next.value.at)) first = head;
    if (first === undefined || first.next.done === true) return;
    yield first.next.value;
    first.next = first.source.next();
  }
}
