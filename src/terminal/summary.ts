import type pc from 'picocolors';
import { formatFailure } from '../errors/failure.ts';
import { duration, harmless, plural } from './format.ts';
import type { RunState } from './state.ts';

type Colors = ReturnType<typeof pc.createColors>;

/** Failures that are told in full: the others mostly failed for the same reason. */
const failuresInFull = 5;

/** What failed, with the last lines that it printed and where its log is. */
export function failureLines(state: RunState, colors: Colors): string[] {
  const told = state.failures
    .slice(0, failuresInFull)
    .flatMap(({ job, failure, log }) => [
      '',
      `${colors.red(harmless(`${job} failed:`))} ${harmless(formatFailure(failure))}`,
      ...(log === undefined ? [] : [harmless(`  log: ${log}`)]),
    ]);
  const others = state.failures.length - failuresInFull;
  if (others <= 0) return told;
  return [...told, '', `${plural(others, 'more job')} failed: pipe logs --failed prints what they printed.`];
}

/** The last lines: what ran, what was cached, how far off the expectation was, where the results are. */
export function summaryLines(state: RunState, colors: Colors, reports: readonly string[]): string[] {
  const end = state.finished;
  if (end === undefined) return [];
  const time = duration(end.seconds);
  const counts = `${plural(end.jobsRun, 'job')} run, ${plural(end.jobsCached, 'job')} cached${end.jobsCached > 0 ? ` (${duration(end.secondsSaved)} saved)` : ''}`;
  const head = {
    done:
      end.jobsRun === 0 ? colors.green(`Nothing to do, all is cached (${time}).`) : colors.green(`Done in ${time}.`),
    failed: colors.red(`Failed after ${time}.`),
    interrupted: colors.yellow(`Stopped after ${time}.`),
  }[end.status];
  const kept = end.status === 'done' ? [] : ['What was finished is kept: run again to go on from there.'];
  return [`${head} ${counts}`, ...expectationLines(end), ...kept, ...reports.map((path) => `Report: ${path}`)];
}

/** Below this many seconds nobody plans their day by an expectation. */
const worthTelling = 5;

function expectationLines({ seconds, expectedSeconds: expected }: NonNullable<RunState['finished']>): string[] {
  if (expected === undefined || Math.max(seconds, expected) < worthTelling) return [];
  const percent = Math.round((100 * (seconds - expected)) / expected);
  const off = percent === 0 ? 'as expected' : `${Math.abs(percent)} % ${percent > 0 ? 'longer' : 'shorter'}`;
  return [`Expected ${duration(expected)}: it took ${off}${percent === 0 ? '' : ' than that'}.`];
}
