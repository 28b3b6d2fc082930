import type pc from 'picocolors';
import { bar, duration, grouped, harmless, plural } from './format.ts';
import type { RunState, StageState, StageStatus } from './state.ts';

type Colors = ReturnType<typeof pc.createColors>;

const marks: Readonly<Record<StageStatus, string>> = {
  waiting: '·',
  running: '▸',
  done: '✔',
  cached: '=',
  failed: '✖',
  skipped: '-',
};

function paint(colors: Colors, status: StageStatus, text: string): string {
  switch (status) {
    case 'done':
      return colors.green(text);
    case 'failed':
      return colors.red(text);
    case 'running':
      return colors.cyan(text);
    default:
      return colors.dim(text);
  }
}

function score(value: number | undefined): string {
  return value === undefined ? '' : `score ${value.toFixed(4)}`;
}

/** What stands behind a stage's name. */
export function stageDetail(stage: StageState, now: number): string {
  const parts: string[] = [];
  const fanned = stage.jobs > 1;
  switch (stage.status) {
    case 'waiting':
      break;
    case 'skipped':
      parts.push(`not run: ${stage.reason ?? ''}`);
      break;
    case 'failed':
      parts.push('failed');
      break;
    case 'cached':
      parts.push(
        'cached',
        ...(fanned ? [plural(stage.jobs, 'job')] : []),
        score(stage.bestScore),
        `${duration(stage.seconds)} saved`,
      );
      break;
    case 'done':
      parts.push(
        duration(((stage.endedAt ?? now) - (stage.startedAt ?? now)) / 1000),
        ...(fanned
          ? [`${plural(stage.jobs, 'job')}${stage.cachedJobs > 0 ? `, ${stage.cachedJobs} cached` : ''}`]
          : []),
        score(stage.bestScore),
      );
      break;
    case 'running':
      // Its jobs are known, but others have the machine.
      if (stage.startedAt === undefined)
        parts.push(
          `${plural(stage.jobs - stage.cachedJobs, 'job')} waiting${stage.cachedJobs > 0 ? `, ${stage.cachedJobs} cached` : ''}`,
        );
      else parts.push(...runningParts(stage, now));
      break;
  }
  return parts.filter((part) => part !== '').join('  ');
}

function runningParts(stage: StageState, now: number): string[] {
  const inside = [...stage.running.values()].reduce((sum, progress) => sum + (progress?.fraction ?? 0), 0);
  const fraction = (Math.min(stage.finishedJobs, stage.jobs) + inside) / stage.jobs;
  const rate = [...stage.running.values()].reduce((sum, progress) => sum + (progress?.samplesPerSecond ?? 0), 0);
  const elapsed = (now - (stage.startedAt ?? now)) / 1000;
  const fresh = fraction - stage.cachedJobs / stage.jobs;
  const left = fresh > 0.02 && elapsed > 2 ? (elapsed * (1 - fraction)) / fresh : undefined;
  const [note] = [...stage.running.values()].map((progress) => progress?.note).filter((text) => text !== undefined);
  return [
    bar(fraction, 16),
    stage.jobs > 1 ? `${Math.min(stage.finishedJobs, stage.jobs)}/${stage.jobs} jobs` : (note ?? ''),
    score(stage.bestScore),
    rate > 0 ? `${grouped(rate)} samples/s` : '',
    left === undefined ? '' : `ETA ${duration(left)}`,
  ];
}

/** One line a stage. */
export function stageLines(state: RunState, colors: Colors, now: number): string[] {
  const width = Math.max(12, ...[...state.stages.keys()].map((id) => id.length));
  return [...state.stages.values()].map((stage) => {
    const shown = stage.status === 'running' && stage.startedAt === undefined ? 'waiting' : stage.status;
    const name = paint(colors, shown, `${marks[shown]} ${stage.id.padEnd(width)}`);
    return harmlessDetail(`  ${name}  `, stageDetail(stage, now));
  });
}

function harmlessDetail(head: string, detail: string): string {
  return `${head}${harmless(detail)}`.trimEnd();
}

/** The last lines: what ran, what was cached, where the results are. */
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
  return [`${head} ${counts}`, ...kept, ...reports.map((path) => `Report: ${path}`)];
}
