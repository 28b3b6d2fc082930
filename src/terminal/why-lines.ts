import type pc from 'picocolors';
import type { ChangedInput, Explanation, RootCause } from '../plan/why.ts';
import { changeLines } from './change-lines.ts';
import { duration, grouped, harmless, plural } from './format.ts';

type Colors = ReturnType<typeof pc.createColors>;

function when(iso: string): string {
  return iso.slice(0, 16).replace('T', ' ');
}

/** "samples (1,500 → 1,400 rows)": rows where their number is another. */
function inputText({ slot, rowsBefore, rows }: ChangedInput): string {
  if (rowsBefore === undefined || rows === undefined || rowsBefore === rows) return slot;
  return `${slot} (${grouped(rowsBefore)} → ${plural(rows, 'row')})`;
}

function inputLine(inputs: readonly ChangedInput[]): string[] {
  const texts = [...new Set(inputs.map(inputText))];
  // A slot that takes many is named once, with rows where one of its artifacts has others.
  const kept = texts.filter((text) => text.includes('(') || !texts.some((other) => other.startsWith(`${text} (`)));
  return kept.length === 0 ? [] : [`  so its ${kept.length === 1 ? 'input' : 'inputs'} changed: ${kept.join(', ')}`];
}

function causeLines(cause: RootCause, own: string): string[] {
  const name = cause.stage === own ? '' : `${cause.stage}: `;
  switch (cause.reason) {
    case 'new':
      return [`${name}it had not run before`];
    case 'again':
      return [`${name}nothing changed: it was asked for (--force, --from), or what it had made was gone`];
    default:
      return changeLines(cause.changes).map((line) => `${name}${line}`);
  }
}

function bodyLines(why: Explanation, colors: Colors): string[] {
  const causes = why.causes
    .flatMap((cause) => causeLines(cause, why.stage))
    .map((line) => `  ${colors.cyan('▸')} ${line}`);
  const compared = why.comparedWith === undefined ? [] : [colors.dim(`  compared with run ${why.comparedWith}`)];
  const others =
    why.consequences === 0
      ? []
      : [colors.dim(`  ${plural(why.consequences, 'other stage')} ran in that run as a consequence`)];
  return [...causes, ...inputLine(why.inputs), ...compared, ...others].map(lineOf);
}

function headLine(group: readonly Explanation[], colors: Colors): string {
  const [why] = group as [Explanation];
  const names = colors.bold(harmless(group.map(({ stage }) => stage).join(', ')));
  const seconds = group.reduce((sum, one) => sum + one.seconds, 0);
  const ran = `${when(why.finished)} UTC, ${duration(seconds)}`;
  if (why.status === 'done') return `${names} ran in run ${why.run} (${ran}), because`;
  const was = group.length === 1 ? 'was' : 'were';
  return `${names} ${was} cached in run ${why.run}, made in ${why.ranIn === why.run ? 'an earlier run' : `run ${why.ranIn}`} (${ran}), because`;
}

/** Why stages ran: the causes first, then what they saw of them, then what else followed. Instances with one story stand together. */
export function whyLines(explained: readonly Explanation[], colors: Colors): string[] {
  const groups = new Map<string, Explanation[]>();
  for (const why of explained) {
    const key = JSON.stringify([why.run, why.ranIn, bodyLines(why, colors)]);
    groups.set(key, [...(groups.get(key) ?? []), why]);
  }
  return [...groups.values()].flatMap((group, index) => [
    ...(index === 0 ? [] : ['']),
    headLine(group, colors),
    ...bodyLines(group[0] as Explanation, colors),
  ]);
}

/** Colours are ours; what stands between them was made harmless where the line was made. */
function lineOf(line: string): string {
  return line.includes('\u001b') ? line : harmless(line);
}
