import type { Change } from '../plan/changes.ts';
import type { Json } from '../util/json.ts';
import { harmless } from './format.ts';

const longest = 60;

/** A value as it stands in YAML, shortened. */
function shown(value: Json | undefined): string {
  if (value === undefined) return 'nothing';
  const text = typeof value === 'string' && value !== '' ? value : JSON.stringify(value);
  return text.length > longest ? `${text.slice(0, longest - 1)}…` : text;
}

function digest(value: Json | undefined): string {
  return typeof value === 'string' ? value.slice(0, 12) : '';
}

/** What became of something of which only a digest is known. */
function fate({ before, after }: Change): string {
  if (before === undefined && after !== undefined) return 'is new';
  return after === undefined && before !== undefined ? 'is gone' : 'changed';
}

/** One change as a line: the leaf, the old value and the new one. */
export function changeLine(change: Change): string {
  const { kind, leaf, before, after } = change;
  const line = (() => {
    switch (kind) {
      case 'code':
        return `${leaf} ${fate(change)}`;
      case 'package':
        return `package ${leaf} ${shown(before)} → ${shown(after)}`;
      case 'data':
        if (leaf.startsWith('source')) return `${leaf} ${shown(before)} → ${shown(after)}`;
        return before !== undefined && after !== undefined
          ? `file ${leaf} changed (${digest(before)} → ${digest(after)})`
          : `file ${leaf} ${fate(change)}`;
      case 'seed':
        return "the pipeline's seed changed";
      case 'input':
        return `input ${leaf}${change.from === undefined ? '' : ` from ${change.from}`} ${fate(change)}`;
      default:
        return `${leaf} ${shown(before)} → ${shown(after)}`;
    }
  })();
  return harmless(line).replaceAll('\n', ' ');
}

const fewFiles = 3;

/** A data set of many files that became another one is one line, not one a file. */
function fileLines(files: readonly Change[]): string[] {
  if (files.length <= fewFiles) return files.map(changeLine);
  const count = (word: string): number => files.filter((file) => fate(file) === word).length;
  const counts = [
    [count('changed'), 'changed'],
    [count('is new'), 'new'],
    [count('is gone'), 'gone'],
  ] as const;
  const said = counts.filter(([number]) => number > 0).map(([number, word]) => `${number} ${word}`);
  return [`data files: ${said.join(', ')} (${harmless(files[0]?.leaf ?? '')} …)`];
}

/** The first changes as lines, and how many more there are. */
export function changeLines(changes: readonly Change[], most = 8): string[] {
  const isFile = ({ kind, leaf }: Change): boolean => kind === 'data' && !leaf.startsWith('source');
  const lines = [...changes.filter((one) => !isFile(one)).map(changeLine), ...fileLines(changes.filter(isFile))];
  return lines.length > most ? [...lines.slice(0, most), `and ${lines.length - most} more`] : lines;
}
