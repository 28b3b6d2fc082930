import type pc from 'picocolors';
import type { RunJob } from '../history/run-jobs.ts';
import type { ListedRun } from '../history/run-list.ts';
import { clip, type WidthOf } from './clip.ts';
import { columns, widthsOf } from './columns.ts';
import { duration, grouped, harmless } from './format.ts';

type Colors = ReturnType<typeof pc.createColors>;

/** How much room there is for a table, and how many columns a text takes. */
export interface TableSpace {
  readonly columns: number;
  readonly widthOf: WidthOf;
}

/** Leaves out whole columns, in the order given, until the rows fit; the last of them are cut where even that is too much. */
function fitted(
  rows: readonly (readonly string[])[],
  right: ReadonlySet<number>,
  dispensable: readonly number[],
  { columns: most, widthOf }: TableSpace,
): string[] {
  const widths = widthsOf(rows, widthOf);
  const left = new Set(widths.keys());
  const total = (): number => [...left].reduce((sum, at) => sum + (widths[at] ?? 0) + 2, -2);
  for (const at of dispensable) if (total() > most) left.delete(at);
  const kept = [...left];
  const numbers = new Set([...kept.entries()].flatMap(([at, before]) => (right.has(before) ? [at] : [])));
  const rest = rows.map((row) => row.filter((_, at) => left.has(at)));
  return columns(rest, numbers, widthOf).map((line) => clip(line, most, widthOf));
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

/** A line a run, newest first, below a head. What a narrow terminal has no room for is left out, the least needed first. */
export function runLines(runs: readonly ListedRun[], space: TableSpace, now: number, colors: Colors): string[] {
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
    time(run.status === 'running' ? (now - run.started) / 1000 : run.seconds),
    count(run.jobsRun),
    count(run.jobsCached),
    time(run.secondsSaved),
    run.pins.join(' '),
  ]);
  const [first = '', ...lines] = fitted([head, ...rows], new Set([0, 5, 6, 7, 8]), [8, 7, 6, 5, 9, 2], space);
  return [colors.dim(first), ...lines.map((line, index) => painted(colors, runs[index]?.status ?? '', line))];
}

/** A line a job of a run, in the order in which they started. */
export function jobLines(jobs: readonly RunJob[], widthOf: WidthOf, colors: Colors): string[] {
  const rows = jobs.map((job) => [
    job.status,
    job.seconds === undefined ? '' : duration(job.seconds),
    job.score === undefined ? '' : job.score.toFixed(4),
    job.attempts > 1 ? `${job.attempts} attempts` : '',
    `${harmless(job.job)}${job.log === undefined ? '  (printed nothing)' : ''}`,
  ]);
  return columns(rows, new Set([1, 2]), widthOf).map((line, index) => painted(colors, jobs[index]?.status ?? '', line));
}
