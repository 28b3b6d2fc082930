import { mean } from '../search/statistics.ts';
import { count, listed, percent, score } from './format.ts';
import type { RankedFamily } from './ranking.ts';
import type { RefitFacts } from './study.ts';

/** Sample standard deviation (ddof 1). */
function deviation(values: readonly number[]): number {
  const centre = mean(values);
  return Math.sqrt(values.reduce((sum, value) => sum + (value - centre) ** 2, 0) / (values.length - 1));
}

/**
 * What trainings with other seeds say of the lead of the best family over the next: the difference of two trainings of one model has
 * the root of twice their variance.
 */
export function seedText(refits: RefitFacts, best: RankedFamily, second: RankedFamily | undefined): string {
  const { accuracy, title } = refits;
  const finite = accuracy.filter(Number.isFinite);
  const diverged = accuracy.length - finite.length;
  const lost = diverged === 0 ? '' : ` ${count(diverged)} of ${accuracy.length} trainings diverged.`;
  if (finite.length < 2) return `${title} was trained again with other seeds.${lost}`;
  const sd = deviation(finite);
  const scores = listed(finite.map((value) => score(value)));
  const first = `${title} trained ${finite.length} times with other seeds reaches ${scores}: one training differs from the next by ${(100 * sd).toFixed(2)} percentage points (standard deviation${finite.length < 5 ? `, of ${finite.length} only` : ''}).`;
  if (second === undefined) return first + lost;
  const lead = best.accuracy - second.accuracy;
  const chance = 2 * Math.SQRT2 * sd;
  const verdict =
    lead > chance
      ? `The lead of ${percent(lead)} over ${second.title} is more than that explains.`
      : `The lead of ${percent(lead)} over ${second.title} could be the luck of a seed: two trainings of one model may differ by ${percent(chance)}.`;
  return `${first} ${verdict}${lost}`;
}
