import { type Meaning, plural, type Versions } from './meaning.ts';
import { samplesMeaning } from './samples-meaning.ts';
import { searchMeaning } from './search-meaning.ts';
import { weightsMeaning } from './weights-meaning.ts';

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
