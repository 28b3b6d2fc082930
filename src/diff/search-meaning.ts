import { type Meaning, plural, type Versions } from './meaning.ts';
import { type PairedCombination, pairedCombinations } from './paired-combinations.ts';

/** Combinations that are shown of those that score otherwise. */
const mostShown = 3;

/** Whether the order of the combinations held, and what was chosen. */
export function searchMeaning({ before, after, compared }: Versions): Meaning {
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
  const combinations = pairedCombinations(before, after, pairs);
  if (combinations.length > 0) {
    lines.push(...combinationLines(combinations, pairs.count));
    facts['combinations'] = combinations;
  }
  return { lines, facts };
}

function combinationLines(combinations: readonly PairedCombination[], all: number): string[] {
  const count = (verdict: PairedCombination['verdict']): number =>
    combinations.filter((one) => one.verdict === verdict).length;
  const verdicts = (['better', 'worse', 'noise'] as const).filter((verdict) => count(verdict) > 0);
  const counts = verdicts.map((verdict) => `${count(verdict)} ${verdict}`).join(', ');
  const judged = counts === '' ? '' : `: ${counts} (corrected t-test over the folds, Holm)`;
  return [
    `${combinations.length} of ${plural(all, 'combination')} score otherwise${judged}`,
    ...combinations
      .slice(0, mostShown)
      .map(
        ({ params, before, after, verdict }) => `  ${params}: ${before.toFixed(4)} → ${after.toFixed(4)}, ${verdict}`,
      ),
  ];
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
