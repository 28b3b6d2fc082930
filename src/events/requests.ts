import { appendFileSync, closeSync, openSync, readSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { systemFailure } from '../errors/system.ts';
import { err, ok, type Result } from '../util/result.ts';
import { watchFolder } from '../util/watch-folder.ts';

/** What somebody outside asks of a run that goes on. */
export interface RunRequest {
  /** End this job, as one that takes too long is ended. */
  readonly cancel: string;
}

/**
 * In a run's folder, beside the journal: JSON lines. A file and no signal, since a job has a name; and whoever may write
 * into the store may have its jobs ended, nobody else.
 */
const requestsFile = 'requests.jsonl';
/** Milliseconds between two looks where the file system does not tell of changes. */
const lookEvery = 500;
/** Bytes of requests that a run reads: names of jobs are short, and nobody asks so often. */
const mostBytes = 2 ** 20;

/** Asks something of a run, by its folder. Errors: the folder is not there any more, or the disk is full. */
export function askRun(folder: string, request: RunRequest): Result<void> {
  try {
    // One write of a short line: two that ask at once do not mix.
    appendFileSync(join(folder, requestsFile), `${JSON.stringify(request)}\n`);
    return ok();
  } catch (problem) {
    return err(systemFailure('the run cannot be asked', problem));
  }
}

/** Listens for requests to the run in a folder; the function that it comes back with ends it. */
export function listenForRequests(folder: string, onRequest: (request: RunRequest) => void): () => void {
  const path = join(folder, requestsFile);
  let read = 0;
  const look = (): void => {
    const size = Math.min(mostBytes, statSync(path, { throwIfNoEntry: false })?.size ?? 0);
    if (size <= read) return;
    const text = piece(path, read, size);
    const end = text.lastIndexOf('\n') + 1;
    read += Buffer.byteLength(text.slice(0, end));
    for (const line of text.slice(0, end).split('\n')) {
      const request = parseRequest(line);
      if (request !== undefined) onRequest(request);
    }
  };
  const watcher = watchFolder(folder, look);
  const timer = setInterval(look, lookEvery);
  timer.unref();
  return () => {
    watcher?.close();
    clearInterval(timer);
  };
}

function piece(path: string, from: number, to: number): string {
  let file: number;
  try {
    file = openSync(path, 'r');
  } catch {
    return '';
  }
  try {
    const buffer = Buffer.alloc(to - from);
    return buffer.toString('utf8', 0, readSync(file, buffer, 0, buffer.length, from));
  } finally {
    closeSync(file);
  }
}

function parseRequest(line: string): RunRequest | undefined {
  try {
    const { cancel } = JSON.parse(line) as { readonly cancel?: unknown };
    return typeof cancel === 'string' ? { cancel } : undefined;
  } catch {
    return undefined;
  }
}
