import { closeSync, openSync, readSync } from 'node:fs';
import { dirname } from 'node:path';
import { StringDecoder } from 'node:string_decoder';
import { watchFolder } from '../util/watch-folder.ts';
import type { RunEvent } from './event.ts';
import { parseEvent } from './parse-event.ts';

/** Reads on in a file of JSON lines, from where the reading before has ended; a line that is not whole yet waits. */
class LineReader {
  readonly #path: string;
  readonly #decoder = new StringDecoder('utf8');
  readonly #buffer = Buffer.alloc(1 << 16);
  #offset = 0;
  #rest = '';

  constructor(path: string) {
    this.#path = path;
  }

  /** The events that came since; none where there is no file (yet, or any more). */
  *read(): Generator<RunEvent> {
    let file: number;
    try {
      file = openSync(this.#path, 'r');
    } catch {
      return;
    }
    try {
      for (;;) {
        const count = readSync(file, this.#buffer, 0, this.#buffer.length, this.#offset);
        if (count === 0) return;
        this.#offset += count;
        const lines = (this.#rest + this.#decoder.write(this.#buffer.subarray(0, count))).split('\n');
        this.#rest = lines.pop() ?? '';
        for (const line of lines) {
          const event = parseEvent(line);
          if (event !== undefined) yield event;
        }
      }
    } finally {
      closeSync(file);
    }
  }
}

/** The events of a journal, as they stand; what is no whole event is skipped. */
export function* readEvents(path: string): Generator<RunEvent> {
  yield* new LineReader(path).read();
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
  const readers = paths.map((path) => new LineReader(path));
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
