import { spawn } from 'node:child_process';
import { closeSync, existsSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { failure } from '../errors/failure.ts';
import { systemFailure } from '../errors/system.ts';
import { askToCancel, type Cancel } from '../events/cancel-file.ts';
import type { CommandWords, RunEvent } from '../events/event.ts';
import { journalFile } from '../events/journal.ts';
import { readEvents } from '../events/read-journal.ts';
import { askRun } from '../events/requests.ts';
import { runIds } from '../plan/runs.ts';
import type { Store } from '../store/store.ts';
import { err, ok, type Result } from '../util/result.ts';
import { ulidTime } from '../util/ulid.ts';

/**
 * Asks a run that goes on to end, as Ctrl-C in its terminal does and `pipe cancel`: `soon` lets running jobs finish, `now` ends them
 * too. It may be on another machine that shares the store. Errors: the run has ended.
 */
export function stopRun(store: Store, run: string, how: Cancel): Result<void> {
  if (!store.leases.isLiving(run)) return err(failure('run-over', `the run ${run} cannot be stopped: it has ended`));
  try {
    askToCancel(store.layout.run(run), how);
    return ok();
  } catch (problem) {
    return err(systemFailure('the run cannot be asked to stop', problem));
  }
}

/** Characters of a job's name. */
const longestName = 2000;

/** Asks a run that goes on to end one of its jobs. Errors: the run has ended, or the name is none. */
export function cancelJob(store: Store, run: string, job: string): Result<void> {
  if (job === '' || job.length > longestName) return err(failure('job-unknown', 'that is no name of a job'));
  if (!store.leases.isLiving(run)) return err(failure('run-over', `the run ${run} has ended: nothing of it goes on`));
  return askRun(store.layout.run(run), { cancel: job });
}

/** The command line, beside this folder. */
const commandLine = fileURLToPath(new URL('../cli/main.js', import.meta.url));
/** Milliseconds: a run tells of itself after its pipeline was loaded. */
const lookEvery = 100;

/**
 * Begins such a run again, as a process of its own that goes on when this one ends: what was made stays cached, what failed is tried.
 * Resolves with the name of the new run. Errors: the run did not tell how, is of another machine or store, or goes on; or the
 * new one ended before it began, with what it said.
 */
export async function runAgain(store: Store, run: string, signal: AbortSignal): Promise<Result<string>> {
  const started = firstOf(store, run);
  const again = toldWords(started?.again);
  if (started === undefined || again === undefined)
    return err(failure('again-unknown', 'this run is of a version that did not note how it was begun'));
  // A store may come from somebody else: what its journals name is begun only where they were written.
  if (started.host !== hostname() || started.store !== store.layout.root)
    return err(failure('again-elsewhere', `this run was made on ${started.host} in the store ${started.store}`));
  if (store.leases.isLiving(run)) return err(failure('again-running', 'this run goes on still'));
  if (!existsSync(again.folder))
    return err(failure('again-gone', `the folder in which the run was begun is not there any more: ${again.folder}`));
  const folder = mkdtempSync(join(tmpdir(), 'pipe-again-'));
  try {
    return await begin(store, again, join(folder, 'errors'), signal);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** What a journal says of how its run was begun, if it is that: `pipe run`, and no other command. */
function toldWords(again: unknown): CommandWords | undefined {
  if (typeof again !== 'object' || again === null) return undefined;
  const { folder, words } = again as { readonly folder?: unknown; readonly words?: unknown };
  const isRun = Array.isArray(words) && words.every((word) => typeof word === 'string') && words[0] === 'run';
  return typeof folder === 'string' && isRun ? { folder, words } : undefined;
}

function firstOf(store: Store, run: string): Extract<RunEvent, { type: 'run-started' }> | undefined {
  for (const event of readEvents(join(store.layout.run(run), journalFile)))
    if (event.type === 'run-started') return event;
  return undefined;
}

async function begin(
  store: Store,
  { folder, words }: CommandWords,
  errors: string,
  signal: AbortSignal,
): Promise<Result<string>> {
  const begun = Date.now();
  const output = openSync(errors, 'w');
  const child = spawn(process.execPath, [commandLine, ...words], {
    cwd: folder,
    detached: true,
    stdio: ['ignore', 'ignore', output],
  });
  closeSync(output);
  // What it said is read below, while its file is there: the run may end long after this.
  const ended = new Promise<string>((resolve) => {
    child.once('error', (problem) => resolve(problem.message));
    child.once('exit', () => resolve(''));
  });
  child.unref();
  for (;;) {
    const said = await Promise.race([ended, setTimeout(lookEvery, undefined, { ref: false })]);
    const run = runOfProcess(store, child.pid, begun);
    if (run !== undefined) return ok(run);
    if (said !== undefined) {
      const detail = said || readFileSync(errors, 'utf8').trim();
      return err(failure('again-failed', 'the new run did not begin', { detail }));
    }
    if (signal.aborted)
      return err(failure('again-late', 'the new run has not begun yet: the list of runs will show it'));
  }
}

/** The run that a process makes, or has made; told by the first event of its journal. */
function runOfProcess(store: Store, pid: number | undefined, since: number): string | undefined {
  const young = runIds(store.layout).filter((id) => ulidTime(id) >= since);
  return young.find((id) => pid !== undefined && firstOf(store, id)?.pid === pid);
}
