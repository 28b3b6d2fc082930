import { plural } from './format.ts';
import { type Part, partsOf } from './parts.ts';
import { isWaiting, stageParts } from './stage-parts.ts';
import type { RunState, StageState, StageStatus } from './state.ts';

/** A line of the tree before it is laid out. */
export interface TreeRow {
  /** The matrix stage that it belongs to, as its own line or as one of its instances. */
  readonly group: string;
  readonly name: string;
  readonly status: StageStatus;
  readonly depth: 0 | 1;
  /** Stage instances that it stands for; none where its instances have lines of their own. */
  readonly stages: number;
  /** Made only for rows that are shown. `now` in milliseconds since the epoch; `barWidth` in columns. */
  readonly parts: (now: number, barWidth: number) => Part[];
}

/** One row a stage, in the order of the pipeline; instances of a matrix stage stand below a row of their own. */
export function treeRows(state: RunState): TreeRow[] {
  const groups = new Map<string, StageState[]>();
  for (const stage of state.stages.values()) {
    const name = stage.id.split('[')[0] ?? stage.id;
    const members = groups.get(name);
    if (members === undefined) groups.set(name, [stage]);
    else members.push(stage);
  }
  return [...groups].flatMap(([name, members]) => groupRows(name, members));
}

function groupRows(group: string, members: readonly StageState[]): TreeRow[] {
  const [first] = members as [StageState];
  if (members.length === 1) return [stageRow(group, first, first.id, 0)];
  const whole = { group, name: group, status: statusOf(members), depth: 0 } as const;
  // Instances that wait, or did not run, have nothing to tell of their own.
  if (members.every(({ status }) => status === 'waiting') || members.every(({ status }) => status === 'skipped')) {
    return [{ ...whole, stages: members.length, parts: (now) => idleParts(members, now) }];
  }
  return [
    { ...whole, stages: 0, parts: () => groupParts(members) },
    ...members.map((stage) => stageRow(group, stage, insideOf(stage.id), 1)),
  ];
}

function stageRow(group: string, stage: StageState, name: string, depth: 0 | 1): TreeRow {
  const status = isWaiting(stage) ? 'waiting' : stage.status;
  return { group, name, status, depth, stages: 1, parts: (now, barWidth) => stageParts(stage, now, barWidth) };
}

/** "cnn" of "search[cnn]". */
function insideOf(id: string): string {
  return id.slice(id.indexOf('[') + 1, -1);
}

const namesShown = 20;

function idleParts(members: readonly StageState[], now: number): Part[] {
  const [first] = members as [StageState];
  const names = members.slice(0, namesShown).map(({ id }) => insideOf(id));
  const more = members.length > namesShown ? ` and ${plural(members.length - namesShown, 'other')}` : '';
  const inside = `${names.join(', ')}${more}`;
  if (first.status !== 'skipped') return partsOf([inside, 1]);
  return [...stageParts(first, now), ...partsOf([`(${inside})`, 0])];
}

/** What the instances of a matrix stage come to together. */
function statusOf(members: readonly StageState[]): StageStatus {
  const has = (status: StageStatus): boolean => members.some((stage) => stage.status === status);
  if (has('failed')) return 'failed';
  if (members.some((stage) => stage.status === 'running' && !isWaiting(stage))) return 'running';
  if (has('waiting') || has('running')) return has('done') ? 'running' : 'waiting';
  if (has('skipped')) return 'skipped';
  return has('done') ? 'done' : 'cached';
}

function groupParts(members: readonly StageState[]): Part[] {
  const started = members.filter(({ status }) => status !== 'waiting' && status !== 'skipped');
  const scoreOf = (stage: StageState | undefined): number => stage?.bestScore ?? Number.NEGATIVE_INFINITY;
  const best = started.reduce<StageState | undefined>(
    (top, stage) => (scoreOf(stage) > scoreOf(top) ? stage : top),
    undefined,
  );
  const done = members.filter(({ status }) => status === 'done' || status === 'cached').length;
  const jobs = started.reduce((sum, stage) => sum + stage.jobs, 0);
  const finished = started.reduce((sum, stage) => sum + Math.min(stage.finishedJobs, stage.jobs), 0);
  return partsOf(
    [`${done} of ${members.length} done`, 3],
    [jobs > started.length && done < members.length ? `${finished}/${jobs} jobs` : '', 1],
    [best === undefined ? '' : `best ${insideOf(best.id)} ${scoreOf(best).toFixed(4)}`, 2],
  );
}
