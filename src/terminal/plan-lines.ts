import type pc from 'picocolors';
import type { Plan, PlannedStage } from '../plan/plan.ts';
import { changeLines } from './change-lines.ts';
import { duration, plural } from './format.ts';

type Colors = ReturnType<typeof pc.createColors>;

/** How long a run takes on this machine, in seconds; `unknownJobs` of its jobs have no past timing and count as nothing. */
export interface ExpectedTime {
  readonly seconds: number;
  readonly lowerBound: number;
  readonly jobs: number;
  readonly unknownJobs: number;
}

/** Instances of one matrix stage that share a fate stand in one line. */
interface Group {
  readonly label: string;
  readonly stages: readonly PlannedStage[];
}

function reasonText({ status, reason, changes, after }: PlannedStage, all: readonly string[] = after): string {
  if (status === 'cached') return 'cached';
  switch (reason) {
    case 'changed':
      return changeLines(changes)[0] ?? '';
    case 'new':
      return 'has not run yet';
    case 'lost':
      return 'what it made is not there any more';
    case 'evicted':
      return 'what it made was removed to save space, and is needed';
    case 'forced':
      return 'asked for';
    default:
      return `follows ${label(all)}`;
  }
}

/** `search[*]` for several instances of one stage, else the names. */
function label(ids: readonly string[]): string {
  const stages = new Map<string, string[]>();
  for (const id of ids) {
    const stage = id.split('[')[0] ?? id;
    stages.set(stage, [...(stages.get(stage) ?? []), id]);
  }
  return [...stages].map(([stage, members]) => (members.length === 1 ? members[0] : `${stage}[*]`)).join(', ');
}

function groups(stages: readonly PlannedStage[]): Group[] {
  const found = new Map<string, PlannedStage[]>();
  for (const stage of stages) {
    const key = JSON.stringify([stage.stage, stage.status, stage.reason, stage.changes]);
    found.set(key, [...(found.get(key) ?? []), stage]);
  }
  const sizes = new Map<string, number>();
  for (const { stage } of stages) sizes.set(stage, (sizes.get(stage) ?? 0) + 1);
  return [...found.values()].map((members) => {
    const [first] = members as [PlannedStage];
    if (members.length === 1) return { label: first.id, stages: members };
    const all = members.length === sizes.get(first.stage);
    const inside = members.map(({ id }) => id.slice(first.stage.length + 1, -1));
    const named = inside.length <= 3 ? inside.join(' ') : `${inside.slice(0, 2).join(' ')} +${inside.length - 2}`;
    return { label: `${first.stage}[${all ? '*' : named}]`, stages: members };
  });
}

function sum(stages: readonly PlannedStage[], of: (stage: PlannedStage) => number | undefined): number | undefined {
  return stages.reduce<number | undefined>((total, stage) => {
    const value = of(stage);
    return total === undefined || value === undefined ? undefined : total + value;
  }, 0);
}

function effort(stages: readonly PlannedStage[]): string {
  const known = stages.flatMap(({ jobs }) => (jobs === undefined ? [] : [jobs]));
  const run = known.reduce((total, jobs) => total + jobs.run, 0);
  const cached = known.reduce((total, jobs) => total + jobs.cached, 0);
  const seconds = sum(stages, (stage) => stage.seconds);
  const jobs =
    known.length === stages.length && (run + cached > stages.length || run > 1)
      ? `${run} of ${plural(run + cached, 'job')}`
      : '';
  return [jobs, seconds === undefined ? '' : `about ${duration(seconds)}`].filter((part) => part !== '').join(', ');
}

/** The plan as it is printed: a line a stage (or group of instances), then the first cause and what follows from it. */
export function planLines(
  { stages }: Pick<Plan, 'stages'>,
  colors: Colors,
  context: { readonly head: string; readonly expected?: ExpectedTime },
): string[] {
  const running = stages.filter(({ status }) => status === 'run');
  const shown = groups(stages);
  const width = Math.max(...shown.map((group) => group.label.length));
  const lines = shown.flatMap((group) => {
    const [first] = group.stages as [PlannedStage];
    const name = group.label.padEnd(width);
    if (first.status === 'cached') return [colors.dim(`  = ${name}  cached`)];
    const more = first.reason === 'changed' ? changeLines(first.changes).slice(1) : [];
    const after = [...new Set(group.stages.flatMap((stage) => stage.after))];
    const detail = [reasonText(first, after), effort(group.stages)].filter((part) => part !== '').join('  ');
    const mark = first.reason === 'follows' ? '·' : '▸';
    return [
      `  ${colors.cyan(`${mark} ${name}`)}  ${detail}`,
      ...more.map((line) => `    ${' '.repeat(width)}  ${line}`),
    ];
  });
  return [colors.bold(context.head), ...lines, '', ...summary(stages, running, colors, context.expected)];
}

function summary(
  stages: readonly PlannedStage[],
  running: readonly PlannedStage[],
  colors: Colors,
  expected: ExpectedTime | undefined,
): string[] {
  if (running.length === 0) return [colors.green(`Nothing to do: all ${plural(stages.length, 'stage')} are cached.`)];
  const known = running.filter(({ seconds }) => seconds !== undefined);
  const jobs = running.reduce((total, stage) => total + (stage.jobs?.run ?? 1), 0);
  const atLeast = running.some((stage) => stage.jobs === undefined) ? 'at least ' : '';
  const seconds = known.reduce((total, stage) => total + (stage.seconds ?? 0), 0);
  const without = running.length - known.length;
  const time =
    known.length === 0
      ? 'no past timings'
      : `about ${duration(seconds)} of computing${without === 0 ? '' : `, ${plural(without, 'stage')} without past timings`}`;
  const follows = running.filter(({ reason }) => reason === 'follows').length;
  const first = running.find(({ reason }) => reason !== 'follows');
  const cause =
    first === undefined
      ? []
      : [
          `First cause: ${first.id}: ${reasonText(first)}.${follows === 0 ? '' : ` ${plural(follows, 'stage')} follow${follows === 1 ? 's' : ''}; one whose inputs come out the same stays cached.`}`,
        ];
  return [
    `${running.length} of ${plural(stages.length, 'stage')} would run: ${atLeast}${plural(jobs, 'job')}, ${time}.`,
    ...(expected === undefined ? [] : expectedLines(expected)),
    ...cause,
  ];
}

function expectedLines({ seconds, lowerBound, jobs, unknownJobs }: ExpectedTime): string[] {
  if (unknownJobs === jobs || seconds === 0) return [];
  const least = unknownJobs === 0 ? '' : ' at least';
  return [
    `Expected to take${least} ${duration(seconds)} here; no order of the jobs could take less than ${duration(lowerBound)}.`,
  ];
}
