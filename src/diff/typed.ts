import type { Artifact } from '../artifact/reader.ts';
import type { ComparedTables } from './table-diff.ts';

/** What a change of an artifact means, in the words of its type. Lines for people, facts for programs. */
export interface Meaning {
  readonly lines: readonly string[];
  readonly facts: Readonly<Record<string, unknown>>;
}

/** Two versions of one artifact and how their rows go together. */
export interface Versions {
  readonly before: Artifact;
  readonly after: Artifact;
  readonly compared: ComparedTables;
}

const plural = (count: number, one: string): string => `${count.toLocaleString('en')} ${one}${count === 1 ? '' : 's'}`;

/** What is said of a change beyond its rows and columns; undefined for types that need no other words. */
export function meaningOf(versions: Versions): Meaning | undefined {
  switch (versions.before.type) {
    case 'samples':
      return samplesMeaning(versions);
    case 'split':
      return splitMeaning(versions);
    case 'selection':
    case 'cv-results':
      return searchMeaning(versions);
    case 'weights':
      return weightsMeaning(versions);
    case 'confusion':
      return confusionMeaning(versions);
    default:
      return undefined;
  }
}

/** Whether pixels are another multiple, and which samples changed most. */
function samplesMeaning({ before, after, compared }: Versions): Meaning {
  const [one, other] = [before.tensor('image'), after.tensor('image')];
  const scales = [before, after].map(({ metadata }) => Number(metadata['scale'] ?? 1));
  const lines: string[] = [];
  const facts: Record<string, unknown> = {};
  if (scales[0] !== scales[1]) {
    lines.push(`pixels are divided by ${scales[1]} instead of ${scales[0]} before training`);
    facts['scale'] = scales;
  }
  const { pairs } = compared.aligned;
  const factor = one.size === other.size ? commonFactor(versionsOf(one, other, pairs)) : undefined;
  if (factor !== undefined && factor !== 1) {
    lines.push(`each pixel of the second is ${Number(factor.toPrecision(6))} times that of the first`);
    facts['factor'] = factor;
  }
  const worst: { id: number; difference: number }[] = [];
  if (one.size === other.size)
    for (let pair = 0; pair < pairs.count; pair++) {
      if (compared.changedPairs[pair] !== 1) continue;
      const [a, b] = [one.row(pairs.before[pair] as number), other.row(pairs.after[pair] as number)];
      let sum = 0;
      for (let at = 0; at < a.length; at++) sum += Math.abs((a[at] as number) - (b[at] as number));
      if (sum > 0)
        worst.push({ id: before.numbers('id')[pairs.before[pair] as number] as number, difference: sum / a.length });
    }
  if (worst.length > 0 && factor === undefined) {
    worst.sort((left, right) => right.difference - left.difference);
    const top = worst.slice(0, 5);
    lines.push(
      `${plural(worst.length, 'image')} changed, most: ${top.map(({ id, difference }) => `id ${id} (by ${difference.toPrecision(3)} a pixel)`).join(', ')}`,
    );
    facts['images'] = { changed: worst.length, worst: top };
  }
  return { lines, facts };
}

interface Rows {
  row(index: number): ArrayLike<number>;
}

function versionsOf(one: Rows, other: Rows, pairs: { count: number; before: Int32Array; after: Int32Array }) {
  return { one, other, pairs };
}

/** The number that all values of the first are multiplied by in the second; undefined where there is none. */
function commonFactor({ one, other, pairs }: ReturnType<typeof versionsOf>): number | undefined {
  let factor: number | undefined;
  for (let pair = 0; pair < pairs.count; pair++) {
    const [a, b] = [one.row(pairs.before[pair] as number), other.row(pairs.after[pair] as number)];
    for (let at = 0; at < a.length; at++) {
      const [x, y] = [a[at] as number, b[at] as number];
      if (x === 0 && y === 0) continue;
      if (x === 0) return undefined;
      factor ??= y / x;
      if (Math.abs(y - factor * x) > 1e-5 * Math.abs(factor * x)) return undefined;
    }
  }
  return factor;
}

/** Rows that moved between roles and folds, and what was trained on before and is scored now. */
function splitMeaning({ before, after, compared }: Versions): Meaning {
  const [roles, now] = [before.texts('role'), after.texts('role')];
  const [folds, foldsNow] = [before.numbers('fold'), after.numbers('fold')];
  const moves = new Map<string, number>();
  let betweenFolds = 0;
  const { pairs } = compared.aligned;
  for (let pair = 0; pair < pairs.count; pair++) {
    const [row, other] = [pairs.before[pair] as number, pairs.after[pair] as number];
    if (roles[row] !== now[other]) {
      const move = `${roles[row]} → ${now[other]}`;
      moves.set(move, (moves.get(move) ?? 0) + 1);
    } else if (folds[row] !== foldsNow[other]) betweenFolds++;
  }
  const lines = [...moves]
    .sort(([, one], [, other]) => other - one)
    .map(([move, count]) => `${plural(count, 'row')} ${move}`);
  if (betweenFolds > 0) lines.push(`${plural(betweenFolds, 'row')} in another fold`);
  const leaked = (moves.get('train → test') ?? 0) + (moves.get('validation → test') ?? 0);
  if (leaked > 0)
    lines.push(
      `a model of the first run has seen ${plural(leaked, 'test row')} of the second: its score there would be too good`,
    );
  return { lines, facts: { moves: Object.fromEntries(moves), betweenFolds, leaked } };
}

/** Whether the order of the combinations held, and what was chosen. */
function searchMeaning({ before, after, compared }: Versions): Meaning {
  const { pairs } = compared.aligned;
  const [means, meansNow] = [before.numbers('mean_test_score'), after.numbers('mean_test_score')];
  const both = Array.from({ length: pairs.count }, (_, pair): [number, number] => [
    means[pairs.before[pair] as number] as number,
    meansNow[pairs.after[pair] as number] as number,
  ]).filter(([one, other]) => !Number.isNaN(one) && !Number.isNaN(other));
  const correlation = rankCorrelation(both);
  const lines: string[] = [];
  if (correlation !== undefined)
    lines.push(
      `the order of the ${both.length} combinations in both has a rank correlation of ${correlation.toFixed(2)}`,
    );
  const facts: Record<string, unknown> = { rankCorrelation: correlation ?? null };
  if (before.has('selected') && after.has('selected')) {
    const [chosen, chosenNow] = [before, after].map((artifact) => {
      const row = Array.from(artifact.numbers('selected')).indexOf(1);
      return row < 0 ? '' : (artifact.texts('params')[row] ?? '');
    });
    lines.push(chosen === chosenNow ? `both chose ${chosen}` : `chose ${chosenNow} instead of ${chosen}`);
    facts['chosen'] = [chosen, chosenNow];
  }
  return { lines, facts };
}

/** Spearman's rank correlation; undefined of fewer than three pairs or where all are equal. */
export function rankCorrelation(pairs: readonly (readonly [number, number])[]): number | undefined {
  if (pairs.length < 3) return undefined;
  const ranked = ([0, 1] as const).map((side) => {
    const values = pairs.map((pair) => pair[side]);
    // Equal values share the mean of their places.
    return values.map((value) => {
      const below = values.filter((other) => other < value).length;
      const equal = values.filter((other) => other === value).length;
      return below + (equal - 1) / 2;
    });
  });
  const [x, y] = ranked as [number[], number[]];
  const mean = (pairs.length - 1) / 2;
  let [xy, xx, yy] = [0, 0, 0];
  x.forEach((value, at) => {
    const [dx, dy] = [value - mean, (y[at] as number) - mean];
    xy += dx * dy;
    xx += dx * dx;
    yy += dy * dy;
  });
  return xx === 0 || yy === 0 ? undefined : xy / Math.sqrt(xx * yy);
}

/** How far weights moved, tensor by tensor, and whether only the order of hidden units differs. */
function weightsMeaning({ before, after, compared }: Versions): Meaning {
  const [one, other] = [before.lists('values'), after.lists('values')];
  const [names, shapes] = [before.texts('name'), before.lists('shape')];
  const { pairs } = compared.aligned;
  const tensors: { name: string; norm: number; normAfter: number; cosine: number; largest: number }[] = [];
  let permuted = false;
  for (let pair = 0; pair < pairs.count; pair++) {
    if (compared.changedPairs[pair] !== 1) continue;
    const [a, b] = [one[pairs.before[pair] as number], other[pairs.after[pair] as number]];
    if (a === undefined || b === undefined || a.length !== b.length) continue;
    let [aa, bb, ab, largest] = [0, 0, 0, 0];
    for (let at = 0; at < a.length; at++) {
      const [x, y] = [a[at] as number, b[at] as number];
      aa += x * x;
      bb += y * y;
      ab += x * y;
      largest = Math.max(largest, Math.abs(x - y));
    }
    const shape = shapes[pairs.before[pair] as number];
    const units = shape?.[shape.length - 1] ?? 0;
    if ((shape?.length ?? 0) === 2 && sameColumns(a, b, units)) permuted = true;
    tensors.push({
      name: names[pairs.before[pair] as number] ?? '',
      norm: Math.sqrt(aa),
      normAfter: Math.sqrt(bb),
      cosine: ab / Math.sqrt(aa * bb),
      largest,
    });
  }
  tensors.sort((left, right) => left.cosine - right.cosine);
  const lines = tensors
    .slice(0, 4)
    .map(
      ({ name, norm, normAfter, cosine, largest }) =>
        `${name}: norm ${norm.toPrecision(4)} → ${normAfter.toPrecision(4)}, cosine ${cosine.toFixed(3)}, largest change ${largest.toPrecision(3)}`,
    );
  if (tensors.length > 4) lines.push(`${tensors.length - 4} other tensors moved less`);
  if (permuted) lines.push('hidden units are the same in another order');
  return { lines, facts: { tensors, permuted } };
}

/** Whether the columns of two matrices [inputs, units] are the same ones in another order. */
function sameColumns(a: ArrayLike<number>, b: ArrayLike<number>, units: number): boolean {
  if (units < 2 || a.length === 0) return false;
  const key = (values: ArrayLike<number>, unit: number): string => {
    let text = '';
    for (let at = unit; at < values.length; at += units) text += `${values[at]},`;
    return text;
  };
  const columns = (values: ArrayLike<number>): string[] =>
    Array.from({ length: units }, (_, unit) => key(values, unit));
  const [first, second] = [columns(a), columns(b)];
  return (
    first.some((text, unit) => text !== second[unit]) && first.toSorted().join('|') === second.toSorted().join('|')
  );
}

/** The cells of the matrix that changed most, by the names of the classes, in whatever order both have them. */
function confusionMeaning({ before, after, compared }: Versions): Meaning {
  const [classes, classesNow] = [before.texts('class'), after.texts('class')];
  const [one, other] = [before.tensor('counts'), after.tensor('counts')];
  if (one.size !== other.size) return { lines: [], facts: {} };
  const places = classes.map((name) => classesNow.indexOf(name));
  const cells: { truth: string; guess: string; before: number; after: number }[] = [];
  const { pairs } = compared.aligned;
  for (let pair = 0; pair < pairs.count; pair++) {
    const row = pairs.before[pair] as number;
    const [a, b] = [one.row(row), other.row(pairs.after[pair] as number)];
    for (let guess = 0; guess < a.length; guess++) {
      const [was, is] = [a[guess] ?? 0, b[places[guess] ?? -1] ?? 0];
      if (was !== is) cells.push({ truth: classes[row] ?? '', guess: classes[guess] ?? '', before: was, after: is });
    }
  }
  const mistakes = cells
    .filter(({ truth, guess }) => truth !== guess)
    .sort((left, right) => Math.abs(right.after - right.before) - Math.abs(left.after - left.before));
  const top = mistakes.slice(0, 5);
  const lines = top.map(({ truth, guess, before: was, after: is }) => `${truth} taken for ${guess}: ${was} → ${is}`);
  return { lines, facts: { cells: mistakes.length, largest: top } };
}
