import type pc from 'picocolors';
import type { RunJob } from '../history/run-jobs.ts';
import type { ListedRun } from '../history/run-list.ts';
import { duration, grouped, harmless } from './format.ts';

type Colors = ReturnType<typeof pc.createColors>;

/** Rows of cells as lines, each column as wide as its widest cell; numbers stand right. */
function columns(rows: readonly (readonly string[])[], right: ReadonlySet<number>): string[] {
  const widths = rows.reduce<number[]>((most, row) => row.map((cell, at) => Math.max(most[at] ?? 0, cell.length)), []);
  return rows.map((row) =>
    row
      .map((cell, at) => (right.has(at) ? cell.padStart(widths[at] ?? 0) : cell.padEnd(widths[at] ?? 0)))
      .join('  ')
      .trimEnd(),
  );
}

/** "2026-11-23 15:37", in the reader's time zone. */
function localTime(milliseconds: number): string {
  const two = (value: number): string => String(value).padStart(2, '0');
  const at = new Date(milliseconds);
  const day = `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
  return `${day} ${two(at.getHours())}:${two(at.getMinutes())}`;
}

function painted(colors: Colors, status: string, line: string): string {
  if (status === 'failed' || status === 'killed') return colors.red(line);
  if (status === 'running') return colors.cyan(line);
  return status === 'interrupted' ? colors.yellow(line) : line;
}

/** A line a run, newest first, below a head. */
export function runLines(runs: readonly ListedRun[], colors: Colors): string[] {
  const head = ['', 'run', 'when', 'pipeline', 'status', 'took', 'jobs run', 'cached', 'saved', 'pinned as'];
  const count = (value: number | undefined): string => (value === undefined ? '' : grouped(value));
  const time = (seconds: number | undefined): string =>
    seconds === undefined || seconds === 0 ? '' : duration(seconds);
  const rows = runs.map((run) => [
    `@${run.number}`,
    run.id.slice(-8),
    localTime(run.started),
    harmless(run.profile === 'default' ? run.pipeline : `${run.pipeline} (${run.profile})`),
    run.status === 'running' ? `running, process ${run.pid}` : run.status,
    time(run.seconds),
    count(run.jobsRun),
    count(run.jobsCached),
    time(run.secondsSaved),
    run.pins.join(' '),
  ]);
  const [first = '', ...lines] = columns([head, ...rows], new Set([0, 5, 6, 7, 8]));
  return [colors.dim(first), ...lines.map((line, index) => painted(colors, runs[index]?.status ?? '', line))];
}

/** A line a job of a run, in the order in which they started. */
export function jobLines(jobs: readonly RunJob[], colors: Colors): string[] {
  const rows = jobs.map((job) => [
    job.status,
    job.seconds === undefined ? '' : duration(job.seconds),
    job.score === undefined ? '' : job.score.toFixed(4),
    job.attempts > 1 ? `${job.attempts} attempts` : '',
    `${harmless(job.job)}${job.log === undefined ? '  (printed nothing)' : ''}`,
  ]);
  return columns(rows, new Set([1, 2])).map((line, index) => painted(colors, jobs[index]?.status ?? '', line));
}
