import type pc from 'picocolors';
import type { ArtifactDiff } from '../diff/artifact-diff.ts';
import type { GateOutcome } from '../diff/gate.ts';
import type { DiffSide, OutputDiff, RunDiff, StageDiff } from '../diff/run-diff.ts';
import type { TableDiff } from '../diff/table-diff.ts';
import type { ScoreDiff } from '../diff/verdict.ts';
import { changeLines } from './change-lines.ts';
import { columns } from './columns.ts';
import { duration, grouped, harmless, harmlessLine, plural } from './format.ts';

type Colors = ReturnType<typeof pc.createColors>;

const widthOf = (text: string): number => [...text].length;

function signed(value: number, digits = 4): string {
  return `${value >= 0 ? '+' : '−'}${Math.abs(value).toFixed(digits)}`;
}

function pText(value: number | undefined): string {
  return value === undefined ? '' : value < 0.001 ? 'p < 0.001' : `p = ${value.toFixed(3)}`;
}

function painted({ verdict }: ScoreDiff, text: string, colors: Colors): string {
  if (verdict === 'better') return colors.green(text);
  return verdict === 'worse' ? colors.red(text) : text;
}

function scoreLines(scores: readonly ScoreDiff[], colors: Colors): string[] {
  const rows = scores.map((score) => [
    harmless(score.name),
    `${score.before.toFixed(4)} → ${score.after.toFixed(4)}`,
    signed(score.difference),
    score.interval === undefined ? '' : `[${signed(score.interval[0])}, ${signed(score.interval[1])}]`,
    score.verdict,
    score.by === undefined ? '' : `${score.by === 'intervals' ? '' : `${score.by}, `}${pText(score.pValue)}`,
  ]);
  return columns(rows, new Set([2]), widthOf).map((line, row) => painted(scores[row] as ScoreDiff, line, colors));
}

/** A number short enough for a line. */
function short(value: number): string {
  return String(Number(value.toPrecision(4)));
}

const longestText = 40;

/** A text of the metadata, which may be a whole model. */
function briefly(text: string | undefined): string {
  if (text === undefined) return 'nothing';
  const line = harmlessLine(text);
  return line.length > longestText ? `${line.slice(0, longestText - 1)}…` : line;
}

function tableLines(table: TableDiff): string[] {
  const { rowsBefore, rowsAfter, added, removed, changed, moved, alignment, keys } = table;
  const parts = [
    ...(added > 0 ? [`${grouped(added)} added`] : []),
    ...(removed > 0 ? [`${grouped(removed)} removed`] : []),
    ...(changed > 0 ? [`${grouped(changed)} changed`] : []),
    ...(moved > 0 ? [`${grouped(moved)} moved`] : []),
  ];
  const by = alignment === 'key' ? keys.join(', ') : alignment;
  const size =
    rowsBefore === rowsAfter ? plural(rowsBefore, 'row') : `${grouped(rowsBefore)} → ${plural(rowsAfter, 'row')}`;
  const lines = [`${size}${parts.length === 0 ? '' : `: ${parts.join(', ')}`} (rows paired by ${by})`];
  for (const { name, type } of table.columnsAdded) lines.push(`+ column ${harmless(name)} (${type})`);
  for (const { name, type } of table.columnsRemoved) lines.push(`− column ${harmless(name)} (${type})`);
  for (const { name, type, typeAfter, changed: cells, largest, mean } of table.columns) {
    const was = typeAfter === undefined ? '' : ` ${type} → ${typeAfter};`;
    const size_ = largest === undefined ? '' : `, by at most ${short(largest)}, ${short(mean ?? 0)} on average`;
    lines.push(
      `  ${harmless(name)}:${was} ${cells === 0 ? 'no value changed' : `${plural(cells, 'row')} changed${size_}`}`,
    );
  }
  for (const { name, before, after } of table.metadata)
    lines.push(`  ${harmlessLine(name)} (metadata): ${briefly(before)} → ${briefly(after)}`);
  const { examples } = table;
  const some = (word: string, labels: readonly string[], count: number): string[] =>
    labels.length === 0
      ? []
      : [`  ${word}: ${labels.map((label) => harmless(label)).join(', ')}${count > labels.length ? ', …' : ''}`];
  return [
    ...lines,
    ...some('added', examples.added, added),
    ...some('removed', examples.removed, removed),
    ...some('changed', examples.changed, changed),
  ];
}

function flipLines({ flips, classes = [] }: ArtifactDiff): string[] {
  if (flips === undefined) return [];
  const { gained, lost, otherwise, pValue, byClass, rows } = flips;
  const name = (label: number): string => harmless(classes[label] ?? String(label));
  const most = byClass
    .filter((one) => one.gained !== one.lost)
    .slice(0, 5)
    .map((one) => `${name(one.label)} ${signed(one.gained - one.lost, 0)}`);
  return [
    `of ${plural(rows, 'row')} ${grouped(gained)} turned right and ${grouped(lost)} turned wrong (McNemar, ${pText(pValue)}); ${grouped(otherwise)} are wrong in another way`,
    ...(most.length === 0 ? [] : [`most by class: ${most.join(', ')}`]),
  ];
}

function timingLines({ timings = [] }: ArtifactDiff): string[] {
  const rows = timings.map(({ phase, samples, before, after, verdict }) => [
    samples === 0 || phase.startsWith('latency') ? `${phase} (${samples})` : phase,
    `${duration(before)} → ${duration(after)}`,
    verdict,
  ]);
  return columns(rows, new Set(), widthOf);
}

function outputLines(
  stage: string,
  output: OutputDiff,
  colors: Colors,
  pictures: (output: OutputDiff) => string[],
): string[] {
  const name = colors.bold(harmless(output.slot === '' ? stage : `${stage}.${output.slot}`));
  const { problem, diff } = output;
  if (problem !== undefined)
    return [name, `  ${colors.red(problem.message)}`, ...(problem.hint === undefined ? [] : [`    ${problem.hint}`])];
  if (diff === undefined) {
    if (output.digests[0] === undefined) return [name, '  only in the second run'];
    return output.digests[1] === undefined ? [name, '  only in the first run'] : [];
  }
  const body =
    diff.scores !== undefined
      ? scoreLines(diff.scores, colors)
      : diff.flips !== undefined
        ? flipLines(diff)
        : diff.timings !== undefined
          ? timingLines(diff)
          : [...(diff.meaning?.lines ?? []).map(harmless), ...pictures(output), ...tableLines(diff.table)];
  return body.length === 0 ? [] : [name, ...body.map((line) => `  ${line}`)];
}

const marks = { same: '=', again: '=', changed: '≠', added: '+', removed: '−', unknown: '?' } as const;
const words = {
  same: 'the same',
  again: 'made again, with the same results',
  changed: 'changed',
  added: 'only in the second run',
  removed: 'only in the first run',
  unknown: 'not known any more',
} as const;

/** `fit[mlp cnn]` for several instances of one stage. */
function instancesText(names: readonly string[]): string {
  const stages = new Map<string, string[]>();
  for (const name of names) {
    const [, stage = name, inside] = /^(.*?)(?:\[(.*)\])?$/.exec(name) ?? [];
    stages.set(stage, [...(stages.get(stage) ?? []), ...(inside === undefined ? [] : [inside])]);
  }
  return [...stages]
    .map(([stage, inside]) => (inside.length === 0 ? stage : `${stage}[${inside.join(' ')}]`))
    .join(' ');
}

function stageLines(stages: readonly StageDiff[], colors: Colors): string[] {
  const groups = new Map<StageDiff['status'], string[]>();
  for (const { stage, status } of stages) groups.set(status, [...(groups.get(status) ?? []), stage]);
  const rows = [...groups].map(([status, names]) => [marks[status], harmless(instancesText(names)), words[status]]);
  const isChange = [...groups.keys()].map((status) => status !== 'same' && status !== 'again');
  return columns(rows, new Set(), widthOf).map((line, row) => (isChange[row] ? line : colors.dim(line)));
}

/** A diff for people: the cause, the stages, then each artifact that changed. */
export function diffLines(
  diff: RunDiff,
  sides: readonly [DiffSide, DiffSide] | undefined,
  gates: readonly GateOutcome[],
  colors: Colors,
  pictures: (output: OutputDiff) => string[] = () => [],
): string[] {
  const head =
    sides === undefined
      ? []
      : [
          ...columns(
            sides.map(({ name, pipeline, started }, side) => [
              side === 0 ? 'A' : 'B',
              name,
              harmless(pipeline),
              started,
            ]),
            new Set(),
            widthOf,
          ),
          '',
        ];
  const causes = diff.causes.flatMap(({ stage, changes }) =>
    changeLines(changes).map((line) => `  ${colors.cyan('▸')} ${harmless(stage)}: ${harmless(line)}`),
  );
  const shown = causes.slice(0, 12);
  const isSame = diff.stages.every(({ status }) => status === 'same' || status === 'again');
  const details = diff.stages
    .flatMap(({ stage, outputs }) => outputs.map((output) => outputLines(stage, output, colors, pictures)))
    .filter((lines) => lines.length > 0);
  return [
    ...head,
    ...(causes.length === 0
      ? []
      : [
          'What changed first',
          ...shown,
          ...(causes.length > shown.length ? [`  … and ${causes.length - shown.length} more`] : []),
          '',
        ]),
    ...stageLines(diff.stages, colors),
    ...(isSame ? ['', 'The results are the same.'] : []),
    ...details.flatMap((lines) => ['', ...lines]),
    ...(gates.length === 0
      ? []
      : [
          '',
          ...gates.map(
            ({ gate, stage, metric, difference, passed }) =>
              `${passed ? colors.green('passed') : colors.red('FAILED')}  ${harmless(gate)}: ${harmless(stage)} ${harmless(metric)} ${signed(difference)}`,
          ),
        ]),
  ];
}
