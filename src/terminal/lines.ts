import type pc from 'picocolors';
import { bar, duration, grouped, harmless, plural } from './format.ts';
import type { RunState, StageState, StageStatus } from './state.ts';
import { stageFraction, stageSecondsLeft } from './time-left.ts';

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
      parts.push('failed', stage.retries > 0 ? `after ${plural(stage.retries, 'retry', 'retries')}` : '');
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
        duration(((stage.endedAt ?? now) - (stage.startedAt ?? stage.endedAt ?? now)) / 1000),
        ...(fanned
          ? [`${plural(stage.jobs, 'job')}${stage.cachedJobs > 0 ? `, ${stage.cachedJobs} cached` : ''}`]
          : []),
        score(stage.bestScore),
        stage.retries > 0 ? plural(stage.retries, 'retry', 'retries') : '',
      );
      break;
    case 'running':
      if (isWaiting(stage)) parts.push(...waitingParts(stage));
      else parts.push(...runningParts(stage, now));
      break;
  }
  return parts.filter((part) => part !== '').join('  ');
}

/** Its jobs are known, but others have the machine. */
function isWaiting(stage: StageState): boolean {
  return stage.status === 'running' && stage.startedAt === undefined;
}

function waitingParts(stage: StageState): string[] {
  const left = stage.jobs - stage.cachedJobs - stage.elsewhere.size;
  return [
    left > 0 && stage.jobs === 1 ? 'waiting' : '',
    left > 0 && stage.jobs > 1
      ? `${plural(left, 'job')} waiting${stage.cachedJobs > 0 ? `, ${stage.cachedJobs} cached` : ''}`
      : '',
    elsewhereText(stage),
  ];
}

function elsewhereText({ elsewhere }: StageState): string {
  const [first] = elsewhere.values();
  return first === undefined ? '' : `${plural(elsewhere.size, 'job')} in another run (process ${first.pid})`;
}

function runningParts(stage: StageState, now: number): string[] {
  const running = [...stage.running.values()].flatMap(({ progress }) => (progress === undefined ? [] : [progress]));
  const rate = running.reduce((sum, progress) => sum + (progress.samplesPerSecond ?? 0), 0);
  const left = stageSecondsLeft(stage, now);
  const done = Math.min(stage.finishedJobs, stage.jobs);
  const [note] = running.flatMap((progress) => progress.note ?? []);
  return [
    bar(stageFraction(stage), 16),
    stage.jobs > 1 ? `${done}/${stage.jobs} jobs` : (note ?? ''),
    score(stage.bestScore),
    rate > 0 ? `${grouped(rate)} samples/s` : '',
    left === undefined ? '' : `ETA ${duration(left)}`,
    stage.retries > 0 ? plural(stage.retries, 'retry', 'retries') : '',
    elsewhereText(stage),
  ];
}

/** A line of the tree, and what it tells of: so that lines can be left out where there is no room for all. */
export interface TreeLine {
  readonly text: string;
  readonly status: StageStatus;
  /** Stage instances that it stands for. */
  readonly stages: number;
}

/** One line a stage; instances of a matrix stage stand below a line of their own. */
export function treeLines(state: RunState, colors: Colors, now: number): TreeLine[] {
  const groups = new Map<string, StageState[]>();
  for (const stage of state.stages.values()) {
    const name = stage.id.split('[')[0] ?? stage.id;
    groups.set(name, [...(groups.get(name) ?? []), stage]);
  }
  const width = Math.max(
    12,
    ...[...groups].flatMap(([name, members]) => [
      name.length,
      ...(members.length > 1 ? members.map(({ id }) => insideOf(id).length + 2) : members.map(({ id }) => id.length)),
    ]),
  );
  return [...groups].flatMap(([name, members]): TreeLine[] => {
    const [first] = members as [StageState];
    if (members.length === 1) return [lineOf(colors, first, first.id, '', width, now)];
    const whole = statusOf(members);
    // Instances that wait, or did not run, have nothing to tell of their own.
    if (members.every(({ status }) => status === 'waiting') || members.every(({ status }) => status === 'skipped')) {
      const inside = members.map(({ id }) => insideOf(id)).join(', ');
      const names = whole === 'skipped' ? `${stageDetail(first, now)}  (${inside})` : inside;
      return [{ text: nameAndDetail(colors, whole, name, '', width, names), status: whole, stages: members.length }];
    }
    return [
      { text: nameAndDetail(colors, whole, name, '', width, groupDetail(members)), status: whole, stages: 0 },
      ...members.map((stage) => lineOf(colors, stage, insideOf(stage.id), '  ', width, now)),
    ];
  });
}

/** "cnn" of "search[cnn]". */
function insideOf(id: string): string {
  return id.slice(id.indexOf('[') + 1, -1);
}

function lineOf(colors: Colors, stage: StageState, name: string, indent: string, width: number, now: number): TreeLine {
  const status = isWaiting(stage) ? 'waiting' : stage.status;
  return { text: nameAndDetail(colors, status, name, indent, width, stageDetail(stage, now)), status, stages: 1 };
}

function nameAndDetail(
  colors: Colors,
  status: StageStatus,
  name: string,
  indent: string,
  width: number,
  detail: string,
): string {
  const head = `${marks[status]} ${harmless(name).padEnd(width - indent.length)}`;
  return `  ${indent}${paint(colors, status, head)}  ${harmless(detail)}`.trimEnd();
}

/** What the instances of a matrix stage come to together. */
function statusOf(members: readonly StageState[]): StageStatus {
  const has = (status: StageStatus): boolean => members.some((stage) => stage.status === status);
  if (has('failed')) return 'failed';
  if (members.some((stage) => stage.status === 'running' && !isWaiting(stage))) return 'running';
  if (has('waiting') || has('running')) return members.some((stage) => stage.status === 'done') ? 'running' : 'waiting';
  if (has('skipped')) return 'skipped';
  return has('done') ? 'done' : 'cached';
}

function groupDetail(members: readonly StageState[]): string {
  const started = members.filter(({ status }) => status !== 'waiting' && status !== 'skipped');
  const best = started.reduce<StageState | undefined>(
    (top, stage) =>
      (stage.bestScore ?? Number.NEGATIVE_INFINITY) > (top?.bestScore ?? Number.NEGATIVE_INFINITY) ? stage : top,
    undefined,
  );
  const done = members.filter(({ status }) => status === 'done' || status === 'cached').length;
  const jobs = started.reduce((sum, stage) => sum + stage.jobs, 0);
  const finished = started.reduce((sum, stage) => sum + Math.min(stage.finishedJobs, stage.jobs), 0);
  return [
    `${done} of ${members.length} done`,
    jobs > started.length && done < members.length ? `${finished}/${jobs} jobs` : '',
    best === undefined ? '' : `best ${insideOf(best.id)} ${(best.bestScore ?? 0).toFixed(4)}`,
  ]
    .filter((part) => part !== '')
    .join('  ');
}

/**
 * As many lines as there is room for: finished stages are counted instead of shown first, then those that wait; those that
 * run or failed stay.
 */
export function foldLines(lines: readonly TreeLine[], room: number, colors: Colors): string[] {
  const finished = new Set<StageStatus>(['done', 'cached', 'skipped']);
  let shown = [...lines];
  const fold = (which: (line: TreeLine) => boolean, words: (count: number) => string, at: 'start' | 'end'): void => {
    if (shown.length <= room) return;
    const folded = shown.filter(which);
    const count = folded.reduce((sum, { stages }) => sum + stages, 0);
    if (count === 0) return;
    const line: TreeLine = { text: `  ${colors.dim(words(count))}`, status: 'waiting', stages: 0 };
    const rest = shown.filter((one) => !which(one));
    shown = at === 'start' ? [line, ...rest] : [...rest, line];
  };
  fold(
    ({ status }) => finished.has(status),
    (count) => `✔ ${plural(count, 'stage')} done`,
    'start',
  );
  fold(
    ({ status, stages }) => status === 'waiting' && stages > 0,
    (count) => `· ${plural(count, 'stage')} waiting`,
    'end',
  );
  const texts = shown.map(({ text }) => text);
  if (texts.length <= room) return texts;
  const left = texts.length - Math.max(1, room - 1);
  return [...texts.slice(0, Math.max(1, room - 1)), `  ${colors.dim(`… ${left} more lines`)}`];
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
