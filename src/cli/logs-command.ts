import { type Failure, failure } from '../errors/failure.ts';
import { jobsOfRun, type RunJob } from '../history/run-jobs.ts';
import { findRun, runIds } from '../plan/runs.ts';
import type { Store } from '../store/store.ts';
import { jobLines } from '../terminal/run-lines.ts';
import { suggestion } from '../util/suggest.ts';
import { outputColors } from './colors.ts';
import { exitCodes } from './command-line.ts';
import { withExistingStore } from './open-store.ts';
import { printFailures } from './print-failure.ts';
import { followLogs, type NamedJob, type PrintOptions, printLogs } from './print-logs.ts';

interface LogsOptions {
  readonly failed: boolean;
  readonly follow: boolean;
  readonly tail?: number;
  readonly raw: boolean;
  readonly store?: string;
  readonly json?: boolean;
}

/** `pipe logs`: lists jobs, or prints the log of the one that is meant. */
export async function logsCommand(
  reference: string | undefined,
  words: readonly string[],
  options: LogsOptions,
): Promise<number> {
  const code = await withExistingStore(options.store, async (store) => {
    const [, stage = '', at = '@1'] = /^([^@]*)(@.*)?$/.exec(reference ?? '') ?? [];
    if (runIds(store.layout).length === 0) {
      const hint = 'pipe run FILE makes one; --store names another store';
      printFailures([failure('run-none', 'there is no run in this store yet', { hint })]);
      return exitCodes.usage;
    }
    const run = findRun(store.layout, at);
    if (!run.ok) {
      printFailures([run.error]);
      return exitCodes.usage;
    }
    return showLogs(store, run.value, { stage, words }, options);
  });
  return code ?? exitCodes.usage;
}

async function showLogs(store: Store, run: string, wanted: Wanted, options: LogsOptions): Promise<number> {
  const all = jobsOfRun(store, run);
  const chosen = choose(all, wanted, options.failed);
  const [first] = chosen;
  const picked = chosen.length === 1 && (wanted.stage !== '' || wanted.words.length > 0) ? first : undefined;
  const isFollowed = options.follow && store.leases.isLiving(run) && (picked === undefined || !isOver(picked));
  // A run that has just begun has no job yet: it is waited for.
  if (first === undefined && !(isFollowed && all.length === 0)) {
    printFailures([nothingFits(all, run, wanted, options.failed)]);
    return exitCodes.usage;
  }
  if (isFollowed) await follow(store, run, picked, wanted, options);
  else if (options.json === true)
    process.stdout.write(`${JSON.stringify({ schema: 'pipe.logs/1', run, jobs: chosen }, null, 2)}\n`);
  else if (options.failed || picked !== undefined) printLogs(chosen, printOptions(options));
  else {
    const { default: widthOf } = await import('string-width');
    process.stdout.write(`${jobLines(chosen, widthOf, outputColors()).join('\n')}\n`);
  }
  return exitCodes.done;
}

function printOptions({ tail, raw }: LogsOptions): PrintOptions {
  return { raw, write: (text) => process.stdout.write(text), ...(tail === undefined ? {} : { tail }) };
}

function isOver(job: RunJob): boolean {
  return job.status !== 'running' && job.status !== 'waiting';
}

/** Follows the one job that was picked, or all that fit, are not over or start later. Ends also when nobody reads any more. */
async function follow(
  store: Store,
  run: string,
  picked: RunJob | undefined,
  wanted: Wanted,
  options: LogsOptions,
): Promise<void> {
  const unread = new AbortController();
  const stop = (): void => unread.abort();
  process.stdout.on('error', stop);
  const over = new Set(jobsOfRun(store, run).flatMap((job) => (isOver(job) ? [job.job] : [])));
  const isMeant =
    picked === undefined
      ? (job: NamedJob) => fits(job, wanted) && !over.has(job.job)
      : ({ job }: NamedJob) => job === picked.job;
  await followLogs(store, run, { isMeant, only: picked !== undefined }, printOptions(options), unread.signal);
  process.stdout.removeListener('error', stop);
}

/** A stage, all of a matrix stage without a bracket, and what the name of a job must have in it. */
interface Wanted {
  readonly stage: string;
  readonly words: readonly string[];
}

function fits(job: NamedJob, { stage, words }: Wanted): boolean {
  const ofStage = stage === '' || job.stage === stage || job.stage.startsWith(`${stage}[`);
  return ofStage && words.every((word) => job.job.includes(word));
}

/** The jobs that fit. The whole name of a job means that one; a word means "part 1" before "part 10". */
function choose(jobs: readonly RunJob[], wanted: Wanted, failed: boolean): RunJob[] {
  const possible = jobs.filter((job) => fits(job, wanted) && (!failed || job.status === 'failed'));
  const exact = possible.filter(({ job }) => wanted.words.length === 1 && job === wanted.words[0]);
  if (exact.length > 0) return exact;
  const whole = possible.filter(({ job }) => wanted.words.every((word) => hasWord(job, word)));
  return whole.length > 0 ? whole : possible;
}

/** Whether a name has a word that neither begins nor ends within a longer one. */
function hasWord(name: string, word: string): boolean {
  const isInner = (character: string | undefined): boolean => character !== undefined && /[\w.]/.test(character);
  for (let at = name.indexOf(word); at !== -1; at = name.indexOf(word, at + 1))
    if (!isInner(name[at - 1]) && !isInner(name[at + word.length])) return true;
  return false;
}

function nothingFits(jobs: readonly RunJob[], run: string, wanted: Wanted, failed: boolean): Failure {
  const { stage, words } = wanted;
  if (failed && choose(jobs, wanted, false).length > 0)
    return failure('log-none', `no job of run ${run} failed`, { hint: 'without --failed all are listed' });
  const stages = [...new Set(jobs.map((job) => job.stage))];
  if (stage !== '' && choose(jobs, { stage, words: [] }, false).length === 0)
    return failure('stage-unknown', `the run ${run} has no jobs of a stage "${stage}"`, {
      hint: suggestion(stage, stages),
    });
  const named = words.map((word) => `"${word}"`).join(' and ');
  return failure('job-unknown', `no job of run ${run} has ${named === '' ? 'a log' : `${named} in its name`}`, {
    hint: 'pipe logs lists the jobs',
  });
}
