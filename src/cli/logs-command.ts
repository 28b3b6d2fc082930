import { closeSync, fstatSync, openSync, readFileSync, readSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { failure } from '../errors/failure.ts';
import { jobsOfRun, type RunJob } from '../history/run-jobs.ts';
import { findRun, runIds } from '../plan/runs.ts';
import type { Store } from '../store/store.ts';
import { harmless } from '../terminal/format.ts';
import { jobLines } from '../terminal/run-lines.ts';
import { suggestion } from '../util/suggest.ts';
import { outputColors } from './colors.ts';
import { exitCodes } from './command-line.ts';
import { withStore } from './open-store.ts';
import { printFailures } from './print-failure.ts';

interface LogsOptions {
  readonly failed: boolean;
  readonly follow: boolean;
  readonly tail?: number;
  readonly raw: boolean;
  readonly store?: string;
  readonly json?: boolean;
}

/** Milliseconds between two looks at a log that is followed. */
const lookEvery = 300;

/** `pipe logs`: lists jobs, or prints the log of the one that is meant. */
export async function logsCommand(
  reference: string | undefined,
  words: readonly string[],
  options: LogsOptions,
): Promise<number> {
  const code = await withStore(options.store, async (store) => {
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
    const all = jobsOfRun(store, run.value);
    const chosen = choose(all, stage, words, options.failed);
    if (chosen.length === 0) {
      printFailures([nothingFits(all, run.value, stage, words, options.failed)]);
      return exitCodes.usage;
    }
    const [only] = chosen;
    if (options.json === true)
      process.stdout.write(`${JSON.stringify({ schema: 'pipe.logs/1', run: run.value, jobs: chosen }, null, 2)}\n`);
    else if (options.failed || (chosen.length === 1 && (stage !== '' || words.length > 0))) {
      for (const job of chosen) printLog(job, options, chosen.length > 1);
      if (options.follow && only !== undefined) await follow(store, run.value, only, options);
    } else process.stdout.write(`${jobLines(chosen, outputColors()).join('\n')}\n`);
    return exitCodes.done;
  });
  return code ?? exitCodes.usage;
}

/** Jobs of a stage (all of a matrix stage without a bracket) whose names hold all the words. */
function choose(jobs: readonly RunJob[], stage: string, words: readonly string[], failed: boolean): RunJob[] {
  return jobs.filter(
    (job) =>
      (stage === '' || job.stage === stage || job.stage.startsWith(`${stage}[`)) &&
      words.every((word) => job.job.includes(word)) &&
      (!failed || job.status === 'failed'),
  );
}

function nothingFits(jobs: readonly RunJob[], run: string, stage: string, words: readonly string[], failed: boolean) {
  if (failed && choose(jobs, stage, words, false).length > 0)
    return failure('log-none', `no job of run ${run} failed`, { hint: 'without --failed all are listed' });
  const stages = [...new Set(jobs.map((job) => job.stage))];
  if (stage !== '' && choose(jobs, stage, [], false).length === 0)
    return failure('stage-unknown', `the run ${run} has no jobs of a stage "${stage}"`, {
      hint: suggestion(stage, stages) ?? `it has ${stages.slice(0, 8).join(', ')}`,
    });
  const named = words.map((word) => `"${word}"`).join(' and ');
  return failure('job-unknown', `no job of run ${run} has ${named === '' ? 'a log' : `${named} in its name`}`, {
    hint: 'pipe logs lists the jobs',
  });
}

function printLog(job: RunJob, { tail, raw }: LogsOptions, head: boolean): void {
  if (head) process.stdout.write(`== ${harmless(job.job)}\n`);
  if (job.log === undefined) {
    process.stdout.write(`${harmless(job.job)} printed nothing.\n`);
    return;
  }
  const text = readFileSync(job.log, 'utf8');
  const lines = text.replace(/\n$/, '').split('\n');
  const shown = (tail === undefined ? lines : lines.slice(-tail)).join('\n');
  process.stdout.write(`${raw ? shown : harmless(shown)}\n`);
}

/** Prints what is added to a log until its job is over. */
async function follow(store: Store, run: string, { job, log, status }: RunJob, { raw }: LogsOptions): Promise<void> {
  if (log === undefined || status !== 'running') return;
  const file = openSync(log, 'r');
  try {
    let offset = fstatSync(file).size;
    const buffer = Buffer.alloc(1 << 16);
    for (let over = false; ; ) {
      for (;;) {
        const count = readSync(file, buffer, 0, buffer.length, offset);
        if (count === 0) break;
        offset += count;
        const text = buffer.toString('utf8', 0, count);
        process.stdout.write(raw ? text : harmless(text));
      }
      if (over) return;
      await delay(lookEvery);
      // Asked before the last reading: what the job printed at its end is printed too.
      over = !store.leases.isLiving(run) || jobsOfRun(store, run).find((one) => one.job === job)?.status !== 'running';
    }
  } finally {
    closeSync(file);
  }
}
